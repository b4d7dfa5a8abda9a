"""What the model is told, and what it is not even asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from hashlib import sha256
from importlib import resources

import pytest

from agents.clinician import PROMPT, RECENT, messages_for, prompt, summarise
from tests.agents.evidence_made import evidence, found
from tests.agents.model_server import ModelServer, open_model_server
from tests.agents.test_answering import EVIDENCE, QUESTION, answerer, said

PUBLISHED = {
    "clinician-v2": "c89235df95375dd96eeaa1633bd01bcba4145b859ee9eeb9b81046896c2bbeba",
}
"""Each prompt that was published, by its digest: one that is reworded gets a new number."""


@pytest.fixture
async def endpoint() -> AsyncIterator[ModelServer]:
    async with open_model_server() as server:
        yield server


def test_the_prompt_is_a_published_version() -> None:
    text = resources.files("agents.prompts").joinpath(f"{PROMPT}.md").read_bytes()
    assert sha256(text).hexdigest() == PUBLISHED[PROMPT]
    assert messages_for("Dose?", (), EVIDENCE)[0]["content"].startswith(prompt())


@pytest.mark.parametrize(
    "rule",
    ["bottom line, at most twelve words", "If you assume something about the patient, say so",
     "depends on something that was not said, name it", 'say: "The library does not say."'],
)  # fmt: skip
def test_the_prompt_asks_for_what_an_answer_has(rule: str) -> None:
    assert rule in prompt()


@pytest.mark.parametrize("exchanges", [8, 40, 120])
def test_a_long_conversation_keeps_its_doses(exchanges: int) -> None:
    history = [
        (f"Question {n}?", f"Well then. The dose is {n} mg. That is all.")
        for n in range(1, exchanges + 1)
    ]
    told = " ".join(str(m["content"]) for m in messages_for("And now?", history, EVIDENCE))
    for n in range(1, exchanges + 1):
        assert f"The dose is {n} mg." in told
    assert "That is all" not in summarise(history[:-RECENT])


def test_what_was_said_again_and_again_is_kept_once() -> None:
    history = [("And again?", "The dose is 5 mg. Well then.")] * 50
    assert summarise(history).count("The dose is 5 mg.") == 1


async def test_the_model_is_not_asked_what_the_library_does_not_carry(
    endpoint: ModelServer,
) -> None:
    claims = await said(endpoint, "What is the dose of colchicine in gout?", evidence())
    assert [claim.text for claim in claims] == ["I found nothing about that in the library."]
    assert endpoint.asked == []


async def test_what_the_passages_do_not_carry_is_refused(endpoint: ModelServer) -> None:
    endpoint.pieces = ("The library does not say.",)
    only = evidence(found("Insulin is kept in the fridge at 2 to 8 °C."))
    [claim] = await said(endpoint, QUESTION, only)
    assert claim.text == "The library does not say."
    assert claim.citations == ()


async def test_barge_in_during_a_tools_arguments_asks_the_model_nothing_more(
    endpoint: ModelServer,
) -> None:
    endpoint.behaviour = "call"
    endpoint.calls = (
        {"name": "look_up_drug", "arguments": '{"drug": "insulin", "about": "dose"}'},
    )
    endpoint.stop_at_token = 5
    heard: list[str] = []

    async def listen() -> None:
        async with answerer(endpoint) as one:
            async with aclosing(one.answer(QUESTION, (), EVIDENCE)) as claims:
                async for claim in claims:
                    heard.append(claim.text)

    listening = asyncio.ensure_future(listen())
    async with asyncio.timeout(5):
        await endpoint.stopped.wait()
        listening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await listening
        await endpoint.hung_up.wait()
    assert heard == []
    assert len(endpoint.asked) == 1
