"""The tools a language model may call: typed, read-only, and only for what the caller asked.

A call is authorised by the caller's own words alone. Text in documents, in the model's answer or
in a tool's result can cause none.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any

from agents.follow_ups import rewrite_query
from agents.gate import Source
from agents.tools.calculators import CALCULATORS
from agents.tools.calculators.recognise import Recognised, recognise
from agents.tools.dialogue import calculate_by_voice
from agents.tools.look_up import Search, look_up_drug
from agents.tools.tool import Tool, ToolResult
from storage.faults import Fault

History = Sequence[tuple[str, str]]

TOOL_DEADLINE_S = 2.0


def tools_for(history: History, question: str, search: Search | None) -> tuple[Tool, ...]:
    """The tools of one turn; what the caller said decides what each may do. A follow-up ("and in
    renal failure?") is about the drug that the caller named before."""
    calculator = _calculator(history, question)
    if search is None:
        return (calculator,)
    return (calculator, look_up_drug(rewrite_query(history, question), search))


async def call(
    tools: Sequence[Tool], name: str, arguments: str, *, deadline_s: float = TOOL_DEADLINE_S
) -> ToolResult:
    """Run a tool that a model asked for, within its time. A call that the caller did not ask for,
    that would change something, or that cannot be read is refused in words, not run."""
    tool = next((one for one in tools if one.name == name), None)
    if tool is None:
        return ToolResult("There is no such tool.")
    try:
        given = json.loads(arguments or "{}")
    except (json.JSONDecodeError, RecursionError):
        return ToolResult("The arguments could not be read.")
    if not isinstance(given, dict) or not tool.allowed(given):
        return ToolResult("Not done: the caller did not ask for this.")
    if not tool.pure:  # the caller may still be speaking
        return ToolResult("Not done: the caller's turn is not confirmed.")
    try:
        async with asyncio.timeout(deadline_s):
            return await tool.run(given)
    except TimeoutError:
        return ToolResult("That took too long.")
    except Fault:
        return ToolResult("That cannot be done at the moment.")


def _calculator(history: History, question: str) -> Tool:
    """Computes what the caller asked for, from the caller's words: the model's own numbers are
    never used."""

    def allowed(given: Mapping[str, Any]) -> bool:
        asked = recognise(question)
        return isinstance(asked, Recognised) and asked.key == given.get("calculator")

    async def compute(given: Mapping[str, Any]) -> ToolResult:
        said = calculate_by_voice(history, question)
        if said is None:
            return ToolResult("Not done: the caller did not ask for this.")
        return ToolResult(said.text, (Source("", said.text),))

    return Tool(
        name="calculate",
        description="Computes a clinical score or formula from what the caller said. "
        "If something is missing, the result is the question to ask; never fill it in.",
        schema={
            "type": "object",
            "properties": {"calculator": {"type": "string", "enum": sorted(CALCULATORS)}},
            "required": ["calculator"],
            "additionalProperties": False,
        },
        pure=True,
        run=compute,
        allowed=allowed,
    )
