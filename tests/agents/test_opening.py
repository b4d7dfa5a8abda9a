"""The first words of a streamed answer: what may be said before its sentence is whole."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from agents.claims import Claim
from agents.gate import LIBRARY_SILENT
from tests.agents.evidence_made import evidence, found
from tests.agents.model_server import ModelServer, open_model_server
from tests.agents.test_answering import answerer, said

PASSAGE = found(
    "In acute kidney injury, stop metformin and review the dose of gentamicin. "
    "In pregnancy, avoid gentamicin where another antibiotic will do.",
    title="Drugs in acute kidney injury",
)
EVIDENCE = evidence(PASSAGE)
QUESTION = "What about metformin and gentamicin in acute kidney injury?"
CITED = (PASSAGE.passage.id,)


@pytest.fixture
async def endpoint() -> AsyncIterator[ModelServer]:
    async with open_model_server() as server:
        yield server


async def first_claim(endpoint: ModelServer, *pieces: str) -> Claim | None:
    """What is said while the model has written the first piece and no more."""
    endpoint.pieces, endpoint.behaviour = pieces, "hang midway"
    async with answerer(endpoint) as one:
        async with aclosing(one.answer(QUESTION, (), EVIDENCE)) as claims:
            try:
                async with asyncio.timeout(0.3):
                    return await anext(claims)
            except TimeoutError:
                return None


async def test_the_circumstance_is_said_while_the_rest_is_being_written(
    endpoint: ModelServer,
) -> None:
    claim = await first_claim(endpoint, "In acute kidney injury, stop ", "metformin [1].")
    assert claim == Claim("In acute kidney injury,", CITED)


@pytest.mark.parametrize(
    "begun",
    [
        "Stop metformin, ",
        "Stop metformin and review the dose of gentamicin; ",
        "In diabetic ketoacidosis, stop ",
        "In acute kidney injury on a ward with many other people in it, stop ",
    ],
)
async def test_a_clause_that_could_be_turned_or_is_not_carried_waits(
    endpoint: ModelServer, begun: str
) -> None:
    assert await first_claim(endpoint, begun, "more.") is None


async def test_the_rest_follows_and_both_make_the_sentence(endpoint: ModelServer) -> None:
    endpoint.pieces = (
        "In acute kidney injury, stop metformin ", "and review the dose of gentamicin [1].",
    )  # fmt: skip
    claims = await said(endpoint, QUESTION, EVIDENCE)
    assert claims == [
        Claim("In acute kidney injury,", CITED),
        Claim("stop metformin and review the dose of gentamicin.", CITED),
    ]


async def test_nothing_of_another_circumstance_is_put_behind_an_opening(
    endpoint: ModelServer,
) -> None:
    """The wrong rest would be mended with the sentence on kidney injury."""
    endpoint.pieces = ("In pregnancy, stop metformin and double the dose of gentamicin [1].",)
    assert await said(endpoint, QUESTION, EVIDENCE) == [
        Claim("In pregnancy,", CITED),
        Claim(LIBRARY_SILENT, ()),
    ]


async def test_a_wrong_rest_is_mended_from_the_same_circumstance(endpoint: ModelServer) -> None:
    endpoint.pieces = ("In acute kidney injury, start metformin and review gentamicin [1].",)
    assert await said(endpoint, QUESTION, EVIDENCE) == [
        Claim("In acute kidney injury,", CITED),
        Claim("stop metformin and review the dose of gentamicin.", CITED),
    ]


async def test_an_opening_whose_sentence_never_comes_is_completed_from_its_passage(
    endpoint: ModelServer,
) -> None:
    endpoint.pieces = ("In acute kidney injury, ",)
    assert await said(endpoint, QUESTION, EVIDENCE) == [
        Claim("In acute kidney injury,", CITED),
        Claim("stop metformin and review the dose of gentamicin.", CITED),
    ]
