"""The tools a language model may call: typed, read-only, and only for what the caller asked.

A call is authorised by the caller's own words alone. Text in documents, in the model's answer or
in a tool's result can cause none.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agents.formulary import mentions
from agents.gate import Source, is_instruction
from agents.tools.calculators import CALCULATORS
from agents.tools.calculators.recognise import Recognised, recognise
from agents.tools.dialogue import calculate_by_voice
from rag.evidence import Evidence
from rag.sentences import sentences

Search = Callable[[str], Awaitable[Evidence]]
History = Sequence[tuple[str, str]]
Schema = dict[str, Any]

ABOUT = ("dose", "renal adjustment", "interactions", "contraindications", "pregnancy", "monitoring")
MOST_LINES = 12


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a tool found. `text` goes back to the model; `sources` carry claims in the gate."""

    text: str
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Tool:
    """`schema` is the JSON schema of the arguments. A `pure` tool changes nothing and may run
    while the caller's turn is not yet confirmed."""

    name: str
    description: str
    schema: Schema
    pure: bool
    run: Callable[[Mapping[str, Any]], Awaitable[ToolResult]]
    allowed: Callable[[Mapping[str, Any]], bool]

    def as_function(self) -> Schema:
        """The tool as a chat-completions endpoint is told of it."""
        return {
            "type": "function",
            "function": {
                "name": self.name, "description": self.description, "parameters": self.schema,
            },
        }  # fmt: skip


def tools_for(history: History, question: str, search: Search | None) -> tuple[Tool, ...]:
    """The tools of one turn; what the caller said decides what each may do."""
    return (_calculator(history, question), *([_look_up(question, search)] if search else []))


async def call(tools: Sequence[Tool], name: str, arguments: str) -> ToolResult:
    """Run a tool that a model asked for. A call that the caller did not ask for, or that cannot be
    read, is refused in words, not run."""
    tool = next((one for one in tools if one.name == name), None)
    if tool is None:
        return ToolResult("There is no such tool.")
    try:
        given = json.loads(arguments or "{}")
    except json.JSONDecodeError:
        return ToolResult("The arguments could not be read.")
    if not isinstance(given, dict) or not tool.allowed(given):
        return ToolResult("Not done: the caller did not ask for this.")
    return await tool.run(given)


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
        return ToolResult(said.text, (Source("", said.text),) if said.result else ())

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


def _look_up(question: str, search: Search) -> Tool:
    """What the library's own pages say about a drug that the caller named."""

    def named(given: Mapping[str, Any]) -> set[str]:
        return {one.name for one in mentions(str(given.get("drug", "")))}

    def allowed(given: Mapping[str, Any]) -> bool:
        drugs = named(given)
        return bool(drugs) and drugs <= {one.name for one in mentions(question)}

    async def look_up(given: Mapping[str, Any]) -> ToolResult:
        about = given.get("about") if given.get("about") in ABOUT else "dose"
        drugs = named(given)
        evidence = await search(f"{' '.join(sorted(drugs))} {about}")
        lines, sources = [], []
        for found in evidence.found:
            headings = " ".join((found.title, *found.passage.section))
            own = {one.name for one in mentions(headings)}
            for sentence in sentences(found.passage.text):
                about_it = own | {one.name for one in mentions(sentence)}
                if drugs & about_it and not is_instruction(sentence):
                    lines.append(f"{found.title}: {sentence}")
                    sources.append(Source(headings, sentence))
        if not lines or evidence.weak:
            return ToolResult("The library says nothing about that.")
        return ToolResult("\n".join(lines[:MOST_LINES]), tuple(sources[:MOST_LINES]))

    return Tool(
        name="look_up_drug",
        description="What the library's own pages say about one drug.",
        schema={
            "type": "object",
            "properties": {
                "drug": {"type": "string", "description": "its generic name"},
                "about": {"type": "string", "enum": list(ABOUT)},
            },
            "required": ["drug", "about"],
            "additionalProperties": False,
        },
        pure=True,
        run=look_up,
        allowed=allowed,
    )
