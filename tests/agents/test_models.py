"""The language model's endpoint, whichever protocol it speaks: what it says, and each way in
which it can fail."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from agents.models import Model, open_model
from agents.reply import ToolCall
from storage.faults import EngineDown, Invalid
from tests.agents.model_server import Behaviour, ModelServer, open_model_server, tokens_of
from tests.agents.realtime_server import open_realtime_server

MESSAGES = [
    {"role": "system", "content": "Answer from the passages."},
    {"role": "user", "content": "What is the dose of adrenaline in anaphylaxis?"},
]
TOOL = {
    "type": "function",
    "function": {"name": "look_up_drug", "description": "…", "parameters": {"type": "object"}},
}
ARGUMENTS = '{"drug": "adrenaline", "about": "dose"}'


@pytest.fixture(params=["chat", "realtime"])
async def endpoint(request: pytest.FixtureRequest) -> AsyncIterator[ModelServer]:
    opened = {"chat": open_model_server, "realtime": open_realtime_server}[request.param]
    async with opened() as server:
        yield server


async def reply(endpoint: ModelServer, deadline_s: float = 0.5) -> str:
    async with open_model(endpoint.url, name="m", api_key="k", deadline_s=deadline_s) as model:
        assert model is not None
        return await text_of(model)


async def text_of(model: Model) -> str:
    return "".join([str(piece) async for piece in model.reply(MESSAGES)])


async def test_an_answer_comes_as_it_is_written(endpoint: ModelServer) -> None:
    assert await reply(endpoint, deadline_s=10) == "The dose is 500 mcg intramuscularly [1]."
    [asked] = endpoint.asked
    assert asked["stream"] is True
    assert asked["messages"] == MESSAGES


@pytest.mark.parametrize(
    ("behaviour", "code"),
    [
        ("hang", "model.slow"),
        ("hang midway", "model.slow"),
        ("fail", "model.down"),
        ("garbage", "model.down"),
        ("drop", "model.down"),
        ("drop midway", "model.down"),
        ("empty", "model.empty"),
    ],
)
async def test_an_endpoint_that_fails_is_a_sentence_and_not_a_silence(
    endpoint: ModelServer, behaviour: Behaviour, code: str
) -> None:
    endpoint.behaviour = behaviour
    with pytest.raises(EngineDown) as raised:
        await reply(endpoint, deadline_s=0.5 if code == "model.slow" else 10)
    assert raised.value.code == code
    assert raised.value.sentence.startswith("The language model")
    assert "VOICE_MODEL__URL" in raised.value.remedy


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/v1", "ws://127.0.0.1:9/v1/realtime"])
async def test_an_endpoint_that_is_not_there_is_a_sentence(url: str) -> None:
    with pytest.raises(EngineDown):
        await reply(ModelServer(url=url))


async def test_after_a_failure_the_next_question_is_answered(endpoint: ModelServer) -> None:
    async with open_model(endpoint.url, name="m", api_key="k", deadline_s=0.5) as model:
        assert model is not None
        for behaviour in ("hang", "garbage", "drop midway"):
            endpoint.behaviour = behaviour
            with pytest.raises(EngineDown):
                await text_of(model)
            endpoint.behaviour = "reply"
            assert await text_of(model) == "The dose is 500 mcg intramuscularly [1]."


async def test_closing_the_stream_stops_the_model(endpoint: ModelServer) -> None:
    endpoint.behaviour = "hang midway"
    async with open_model(endpoint.url, name="m", api_key="k", deadline_s=5) as model:
        assert model is not None
        async with aclosing(model.reply(MESSAGES)) as pieces:
            assert await anext(pieces) == "The dose is "
        async with asyncio.timeout(2):
            await endpoint.hung_up.wait()


async def test_a_slow_listener_is_not_held_against_the_model(endpoint: ModelServer) -> None:
    async with open_model(endpoint.url, name="m", api_key="k", deadline_s=0.3) as model:
        assert model is not None
        async with aclosing(model.reply(MESSAGES)) as pieces:
            said = str(await anext(pieces))
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.6):  # twice the deadline
                    await asyncio.Event().wait()
            said += "".join([str(piece) async for piece in pieces])
    assert said == "The dose is 500 mcg intramuscularly [1]."


async def test_a_call_comes_whole_behind_the_text(endpoint: ModelServer) -> None:
    endpoint.behaviour = "call"
    endpoint.calls = ({"name": "look_up_drug", "arguments": ARGUMENTS},)
    async with open_model(endpoint.url, name="m", api_key="k", deadline_s=5) as model:
        assert model is not None
        pieces = [piece async for piece in model.reply(MESSAGES, [TOOL])]
    assert pieces == [ToolCall("c0", "look_up_drug", ARGUMENTS)]


@pytest.mark.parametrize("token", range(1, len(tokens_of(ARGUMENTS)) + 1))
async def test_arguments_cut_at_any_token_are_no_call(endpoint: ModelServer, token: int) -> None:
    """Barge-in in the middle of a tool's arguments: nothing is handed out, the model is stopped."""
    endpoint.behaviour = "call"
    endpoint.calls = ({"name": "look_up_drug", "arguments": ARGUMENTS},)
    endpoint.stop_at_token = token
    got: list[object] = []
    async with open_model(endpoint.url, name="m", api_key="k", deadline_s=5) as model:
        assert model is not None

        async def listen(model: Model) -> None:
            async with aclosing(model.reply(MESSAGES, [TOOL])) as pieces:
                async for piece in pieces:
                    got.append(piece)

        async with asyncio.TaskGroup() as call, asyncio.timeout(3):
            listening = call.create_task(listen(model))
            await endpoint.stopped.wait()
            listening.cancel()
        async with asyncio.timeout(2):
            await endpoint.hung_up.wait()
        assert got == []
        endpoint.behaviour, endpoint.stop_at_token = "reply", 0
        assert await text_of(model) == "The dose is 500 mcg intramuscularly [1]."


async def test_no_address_means_no_model_and_a_wrong_one_is_named() -> None:
    async with open_model("", name="", api_key="", deadline_s=1) as model:
        assert model is None
    with pytest.raises(Invalid) as raised:
        async with open_model("ftp://x", name="", api_key="", deadline_s=1):
            pass
    assert raised.value.field == "VOICE_MODEL__URL"


async def test_the_simulated_model_says_its_text() -> None:
    async with open_model(
        "simulated://?first_ms=1&text=The+library+does+not+say.", name="", api_key="", deadline_s=1
    ) as model:
        assert model is not None
        assert (await text_of(model)).strip() == "The library does not say."
