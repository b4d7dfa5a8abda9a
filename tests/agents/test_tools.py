"""The tools a model may call: within their time, stopped with the answer, and never before the
caller's turn is confirmed unless they change nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from agents.answering import Answerer, clear
from agents.claims import Claim
from agents.tools import Tool, ToolResult, call, tools_for
from agents.tools.look_up import ABOUT, is_about
from rag.evidence import Evidence
from storage.faults import EngineDown
from tests.agents.evidence_made import evidence, found

APIXABAN = found(
    "Apixaban for atrial fibrillation is 5 mg twice daily. "
    "In severe renal impairment with a creatinine clearance of 15 to 29 mL/min, apixaban is "
    "2.5 mg twice daily. "
    "Apixaban with clarithromycin needs caution, because clarithromycin raises its level. "
    "Apixaban is contraindicated in active bleeding. "
    "Apixaban is not used in pregnancy.",
    title="Apixaban",
)
PAGES = evidence(APIXABAN)
QUESTION = "What about apixaban?"


class Slow:
    """A tool that takes for ever, and knows whether it was stopped."""

    def __init__(self, *, pure: bool = True) -> None:
        self.began, self.stopped = asyncio.Event(), False
        self.tool = Tool("slow", "…", {}, pure, self._run, lambda _: True)

    async def _run(self, given: Mapping[str, Any]) -> ToolResult:
        self.began.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.stopped = True
        raise AssertionError("it never ends")


async def test_a_tool_has_its_time_and_no_more() -> None:
    slow = Slow()
    result = await call([slow.tool], "slow", "{}", deadline_s=0.05)
    assert result == ToolResult("That took too long.")
    assert slow.stopped


async def test_barge_in_stops_a_tool_at_once() -> None:
    slow = Slow()
    running = asyncio.ensure_future(call([slow.tool], "slow", "{}"))
    await slow.began.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert slow.stopped


async def test_a_tool_that_changes_something_is_not_run_for_an_answer_in_preparation() -> None:
    slow = Slow(pure=False)
    result = await call([slow.tool], "slow", "{}", deadline_s=0.05)
    assert result.text == "Not done: the caller's turn is not confirmed."
    assert not slow.began.is_set()


async def test_a_library_that_is_down_is_told_to_the_model() -> None:
    async def search(query: str) -> Evidence:
        raise EngineDown("vectors.down", "The library does not answer.")

    tools = tools_for((), QUESTION, search)
    result = await call(tools, "look_up_drug", '{"drug": "apixaban", "about": "dose"}')
    assert result == ToolResult("That cannot be done at the moment.")


async def test_every_tool_on_offer_changes_nothing() -> None:
    assert all(tool.pure for tool in tools_for((), QUESTION, look))


async def look(query: str) -> Evidence:
    return PAGES


@pytest.mark.parametrize(
    ("about", "says", "not_says"),
    [
        ("dose", "5 mg twice daily", "contraindicated"),
        ("renal adjustment", "2.5 mg twice daily", "atrial fibrillation"),
        ("interactions", "clarithromycin", "2.5 mg"),
        ("contraindications", "active bleeding", "5 mg"),
        ("pregnancy", "not used in pregnancy", "clarithromycin"),
    ],
)
async def test_a_look_up_answers_what_was_asked_about_the_drug(
    about: str, says: str, not_says: str
) -> None:
    tools = tools_for((), QUESTION, look)
    result = await call(tools, "look_up_drug", f'{{"drug": "apixaban", "about": "{about}"}}')
    assert says in result.text
    assert not_says not in result.text
    assert all(is_about(one.text, about, one.headings) for one in result.sources)


@pytest.mark.parametrize("about", ["everything", "", None, ["dose"]])
async def test_a_look_up_of_no_known_kind_is_refused(about: object) -> None:
    assert about not in ABOUT
    [_, tool] = tools_for((), QUESTION, look)
    assert not tool.allowed({"drug": "apixaban", "about": about})


class Plain:
    """A library without vectors."""

    async def sentences(self, ids: Sequence[object]) -> dict[object, object]:
        return {}

    async def embed(self, text: str) -> NDArray[np.float32]:
        return np.zeros(0, np.float32)


@pytest.mark.parametrize(
    ("question", "about", "says"),
    [
        ("What is the dose of apixaban in atrial fibrillation?", "dose", "5 mg twice daily"),
        ("How is apixaban adjusted in renal impairment?", "renal adjustment", "2.5 mg twice daily"),
        ("Does apixaban interact with clarithromycin?", "interactions", "clarithromycin"),
        ("Is apixaban contraindicated in bleeding?", "contraindications", "active bleeding"),
        ("Can I use apixaban in pregnancy?", "pregnancy", "not used in pregnancy"),
    ],
)
async def test_without_a_model_the_same_is_recognised(question: str, about: str, says: str) -> None:
    one = Answerer(None, Plain())  # type: ignore[arg-type]
    async with aclosing(one.answer(question, (), PAGES)) as claims:
        first = await anext(claims)
    assert says in first.text
    assert is_about(first.text, about)


async def test_the_question_for_a_missing_input_may_be_asked() -> None:
    question = "Creatinine clearance for a 72 year old woman, 60 kilos?"
    tools = tools_for((), question, None)
    result = await call(tools, "calculate", '{"calculator": "creatinine_clearance"}')
    assert clear(result.text, (), result.sources) == Claim(result.text, ())
    assert result.text == "What is the creatinine, and in which unit?"


@pytest.mark.parametrize(("drug", "found_any"), [("apixaban", True), ("warfarin", False)])
async def test_a_follow_up_looks_up_the_drug_that_was_named_before(
    drug: str, found_any: bool
) -> None:
    history = [("What is the dose of apixaban in atrial fibrillation?", "Warfarin is another.")]
    tools = tools_for(history, "And in renal impairment?", look)
    arguments = f'{{"drug": "{drug}", "about": "renal adjustment"}}'
    result = await call(tools, "look_up_drug", arguments)
    assert bool(result.sources) is found_any
