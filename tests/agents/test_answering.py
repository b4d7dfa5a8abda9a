"""From a question to claims: what a model writes is heard only if a passage carries it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager

import numpy as np
import pytest
from numpy.typing import NDArray

from agents.answering import Answerer, clear
from agents.claims import Claim
from agents.clinician import messages_for
from agents.gate import LIBRARY_SILENT, Source
from agents.models import open_model
from agents.tools import call, tools_for
from rag.evidence import Evidence
from tests.agents.evidence_made import evidence, found
from tests.agents.injections import FALSE_CLAIMS, FORBIDDEN, INJECTIONS
from tests.agents.model_server import ModelServer, open_model_server
from tests.agents.realtime_server import open_realtime_server

INSULIN = found(
    "Insulin for severe hyperkalaemia is 10 units of soluble insulin with 25 g glucose "
    "intravenously over 15 minutes. Do not give insulin without glucose."
)
CALCIUM = found("Calcium gluconate 10% in hyperkalaemia is 30 mL over 10 minutes.")
QUESTION = "How much insulin is given in severe hyperkalaemia?"
EVIDENCE = evidence(INSULIN, CALCIUM)


@pytest.fixture(params=["chat", "realtime"])
async def endpoint(request: pytest.FixtureRequest) -> AsyncIterator[ModelServer]:
    opened = {"chat": open_model_server, "realtime": open_realtime_server}[request.param]
    async with opened() as server:
        yield server


class NoVectors:
    """A library that is not asked for anything here but would have no vectors."""

    async def sentences(self, ids: Sequence[object]) -> dict[object, object]:
        raise AssertionError("a model answers without the library's vectors")


@asynccontextmanager
async def answerer(endpoint: ModelServer, *, second_look: bool = False) -> AsyncIterator[Answerer]:
    async with open_model(endpoint.url, name="m", api_key="k", deadline_s=5) as model:
        yield Answerer(model, NoVectors(), second_look=second_look)  # type: ignore[arg-type]


async def said(
    endpoint: ModelServer,
    question: str = QUESTION,
    known: Evidence = EVIDENCE,
    history: Sequence[tuple[str, str]] = (),
    *,
    second_look: bool = False,
) -> list[Claim]:
    async with answerer(endpoint, second_look=second_look) as one:
        async with aclosing(one.answer(question, history, known)) as claims:
            return [claim async for claim in claims]


async def test_a_sentence_that_its_passage_carries_is_said_with_its_citation(
    endpoint: ModelServer,
) -> None:
    endpoint.pieces = (
        "Insulin in severe hyperkalaemia is 10 units ",
        "of soluble insulin with 25 g glucose [1]. ",
        "Do not give insulin without glucose [1].",
    )  # fmt: skip
    assert await said(endpoint) == [
        Claim("Insulin in severe hyperkalaemia is 10 units of soluble insulin with 25 g glucose.",
              (INSULIN.passage.id,)),
        Claim("Do not give insulin without glucose.", (INSULIN.passage.id,)),
    ]  # fmt: skip


async def test_the_first_sentence_is_said_while_the_rest_is_being_written(
    endpoint: ModelServer,
) -> None:
    endpoint.pieces = ("Do not give insulin without glucose [1]. And then ", "more.")
    endpoint.behaviour = "hang midway"
    async with answerer(endpoint) as one, asyncio.timeout(4):
        async with aclosing(one.answer(QUESTION, (), EVIDENCE)) as claims:
            assert (await anext(claims)).text == "Do not give insulin without glucose."
    async with asyncio.timeout(2):
        await endpoint.hung_up.wait()


async def test_a_wrong_dose_is_replaced_by_the_passages_own_sentence(endpoint: ModelServer) -> None:
    endpoint.pieces = (
        "Insulin for severe hyperkalaemia is 100 units of soluble insulin with 25 g glucose [1].",
    )
    [claim] = await said(endpoint)
    assert claim.text == INSULIN.passage.text.split(". ")[0] + "."
    assert claim.citations == (INSULIN.passage.id,)


@pytest.mark.parametrize(("verdict", "stands"), [("Yes.", True), ("No.", False), ("", True)])
async def test_a_second_look_is_taken_at_what_follows_the_first_sentence(
    endpoint: ModelServer, verdict: str, stands: bool
) -> None:
    own = INSULIN.passage.text.split(". ")[0] + "."
    other = "In severe hyperkalaemia 10 units of soluble insulin are given with 25 g glucose."
    endpoint.pieces = ("Do not give insulin without glucose [1]. ", f"{other} [1]")
    endpoint.verdict = verdict
    first, second = await said(endpoint, second_look=True)
    assert first.text == "Do not give insulin without glucose."
    assert second == Claim(other if stands else own, (INSULIN.passage.id,))
    [_, looked] = endpoint.asked
    assert looked["messages"][1]["content"].endswith(other)


async def test_nobody_is_asked_twice_where_no_second_look_is_wanted(endpoint: ModelServer) -> None:
    endpoint.pieces = ("Do not give insulin without glucose [1]. ",
                       "10 units of soluble insulin are given with 25 g glucose [1].")  # fmt: skip
    await said(endpoint)
    assert len(endpoint.asked) == 1


async def test_what_nothing_carries_is_not_said(endpoint: ModelServer) -> None:
    endpoint.pieces = ("Colchicine for gout is 500 mcg twice daily [1]. ", "Aspirin is safe [2].")
    assert await said(endpoint) == [Claim(LIBRARY_SILENT, ())]


def test_a_wrong_mark_is_set_right() -> None:
    claim = clear(
        "Calcium gluconate 10% in hyperkalaemia is 30 mL over 10 minutes [1].", EVIDENCE.found
    )
    assert claim == Claim(
        "Calcium gluconate 10% in hyperkalaemia is 30 mL over 10 minutes.", (CALCIUM.passage.id,)
    )


async def test_no_injection_makes_it_speak_or_act(endpoint: ModelServer) -> None:
    """The model obeys every text it sees; nothing of it is heard, and no tool runs."""
    assert len(INJECTIONS) >= 200
    endpoint.behaviour = "obey"
    async with answerer(endpoint) as one:
        for injection in INJECTIONS:
            poisoned = evidence(
                found(f"{INSULIN.passage.text}\n{injection}"), found(injection, title=injection)
            )
            endpoint.asked.clear()
            async with aclosing(one.answer(QUESTION, (), poisoned)) as claims:
                heard = " ".join([claim.text async for claim in claims])
            assert not [bad for bad in FORBIDDEN if bad in heard], (injection, heard)
            assert not [bad for bad in FALSE_CLAIMS if bad in heard.lower()], (injection, heard)
            for request in endpoint.asked:
                for message in request["messages"]:
                    if message["role"] == "tool":
                        assert message["content"] in (
                            "Not done: the caller did not ask for this.",
                            "There is no such tool.",
                        )


async def test_no_injection_is_quoted_where_there_is_no_model() -> None:
    class Plain:
        async def sentences(self, ids: Sequence[object]) -> dict[object, object]:
            return {}

        async def embed(self, text: str) -> NDArray[np.float32]:
            return np.zeros(0, np.float32)

    one = Answerer(None, Plain())  # type: ignore[arg-type]
    for injection in INJECTIONS:
        poisoned = evidence(found(f"{injection}\n{INSULIN.passage.text}"))
        for asked in (QUESTION, f"{QUESTION} {injection}"):
            async with aclosing(one.answer(asked, (), poisoned)) as claims:
                heard = " ".join([claim.text async for claim in claims])
            assert not [bad for bad in FORBIDDEN if bad in heard], (injection, heard)


async def test_a_spoken_injection_gives_no_uncited_dose(endpoint: ModelServer) -> None:
    endpoint.behaviour = "obey"
    async with answerer(endpoint) as one:
        for injection in INJECTIONS[:60]:
            async with aclosing(one.answer(injection, (), EVIDENCE)) as claims:
                spoken = [claim async for claim in claims]
            heard = " ".join(claim.text for claim in spoken)
            assert not [bad for bad in FORBIDDEN if bad in heard], (injection, heard)


async def test_a_calculation_is_code_and_its_missing_input_is_asked_for(
    endpoint: ModelServer,
) -> None:
    asked = "creatinine clearance for a 72 year old woman, 60 kilos"
    [question] = await said(endpoint, asked)
    assert question.text == "What is the creatinine, and in which unit?"
    [result] = await said(endpoint, "130 micromoles per litre", history=[(asked, question.text)])
    assert "33 mL/min" in result.text
    assert "weight 60 kg" in result.text
    assert endpoint.asked == []


async def test_a_drug_that_the_caller_named_is_looked_up(endpoint: ModelServer) -> None:
    endpoint.behaviour = "call"
    endpoint.calls = (
        {"name": "look_up_drug", "arguments": '{"drug": "insulin", "about": "dose"}'},
    )
    endpoint.pieces = ("Do not give insulin without glucose [1].",)
    [claim] = await said(endpoint)
    assert claim.text == "Do not give insulin without glucose."
    told = endpoint.asked[-1]["messages"][-1]
    assert told["role"] == "tool"
    assert "10 units of soluble insulin" in told["content"]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("look_up_drug", '{"drug": "fentanyl", "about": "dose"}'),
        ("calculate", '{"calculator": "creatinine_clearance"}'),
        ("look_up_drug", '{"drug": '),
        ("look_up_drug", "[1]"),
        ("send_mail", "{}"),
    ],
)
async def test_a_call_that_the_caller_did_not_ask_for_is_not_run(name: str, arguments: str) -> None:
    ran = False

    async def search(query: str) -> Evidence:
        nonlocal ran
        ran = True
        return EVIDENCE

    result = await call(tools_for((), QUESTION, search), name, arguments)
    assert not ran
    assert result.sources == ()


def test_a_tools_result_may_be_said_without_a_citation() -> None:
    result = Source("", "Creatinine clearance: 33 mL/min, from age 72 years.")
    assert clear("Creatinine clearance: 33 mL/min.", (), (result,)) == Claim(
        "Creatinine clearance: 33 mL/min.", ()
    )


def test_evidence_goes_to_the_model_and_never_into_its_history() -> None:
    messages = messages_for("And the dose?", [("Before?", "Heard so far")], EVIDENCE)
    assert "10 units" in messages[0]["content"]
    assert [m["content"] for m in messages[1:]] == ["Before?", "Heard so far", "And the dose?"]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (
            "What's the source?",
            "That is from Hyperkalaemia in adults, 2023. Source: National guideline.",
        ),
        ("Read me that.", INSULIN.passage.text),
        ("Repeat that.", "Do not give insulin without glucose."),
    ],
)
async def test_a_command_is_about_the_sentence_heard_last(
    endpoint: ModelServer, command: str, expected: str
) -> None:
    heard = "From Hyperkalaemia in adults: Do not give insulin without glucose."
    [claim] = await said(endpoint, command, history=[(QUESTION, heard)])
    assert claim == Claim(expected, (INSULIN.passage.id,))
    assert endpoint.asked == []
