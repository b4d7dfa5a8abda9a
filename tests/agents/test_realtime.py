"""The Realtime protocol: what is asked, what becomes of the connection, what a server may do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from agents.models import open_model
from agents.reply import Message
from storage.faults import EngineDown
from tests.agents.model_server import Behaviour
from tests.agents.realtime_server import RealtimeServer, open_realtime_server
from tests.agents.test_models import MESSAGES, TOOL, text_of


@pytest.fixture
async def server() -> AsyncIterator[RealtimeServer]:
    async with open_realtime_server() as one:
        yield one


async def test_text_is_asked_for_outside_the_servers_own_conversation(
    server: RealtimeServer,
) -> None:
    call = {"id": "c0", "type": "function",
            "function": {"name": "look_up_drug", "arguments": "{}"}}  # fmt: skip
    messages: list[Message] = [
        *MESSAGES,
        {"role": "assistant", "content": "Heard so far"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c0", "content": "500 mcg"},
    ]
    async with open_model(server.url, name="m", api_key="k", deadline_s=5) as model:
        assert model is not None
        assert "".join([str(p) async for p in model.reply(messages, [TOOL])])
    [event] = server.events
    asked = event["response"]
    assert asked["conversation"] == "none"
    assert asked["output_modalities"] == ["text"]
    assert asked["instructions"] == MESSAGES[0]["content"]
    assert asked["tools"] == [{"type": "function", **TOOL["function"]}]  # type: ignore[dict-item]
    assert [item["type"] for item in asked["input"]] == [
        "message", "message", "function_call", "function_call_output",
    ]  # fmt: skip
    assert asked["input"][2] == {
        "type": "function_call", "call_id": "c0", "name": "look_up_drug", "arguments": "{}",
    }  # fmt: skip
    [connection] = server.connections
    assert connection.request is not None
    assert connection.request.path == "/v1/realtime?model=m"
    assert connection.request.headers["Authorization"] == "Bearer k"


async def test_replies_share_a_connection_and_a_closed_one_is_replaced(
    server: RealtimeServer,
) -> None:
    async with open_model(server.url, name="m", api_key="k", deadline_s=5) as model:
        assert model is not None
        await text_of(model)
        await text_of(model)
        assert len(server.connections) == 1
        await server.connections[0].close()
        assert await text_of(model) == "The dose is 500 mcg intramuscularly [1]."
        assert len(server.connections) == 2


async def test_two_calls_do_not_hear_each_others_answer(server: RealtimeServer) -> None:
    async with open_model(server.url, name="m", api_key="k", deadline_s=5) as model:
        assert model is not None
        async with aclosing(model.reply(MESSAGES)) as one, aclosing(model.reply(MESSAGES)) as two:
            first = [str(await anext(one)), str(await anext(two))]
            assert first == ["The dose is ", "The dose is "]
            assert [str(p) async for p in one] == ["500 mcg ", "intramuscularly [1]."]
            assert [str(p) async for p in two] == ["500 mcg ", "intramuscularly [1]."]
        assert len(server.connections) == 2


async def test_a_reply_that_is_given_up_is_cancelled_and_nothing_of_it_is_heard_later(
    server: RealtimeServer,
) -> None:
    async with open_model(server.url, name="m", api_key="k", deadline_s=5) as model:
        assert model is not None
        async with aclosing(model.reply(MESSAGES)) as pieces:
            await anext(pieces)
        server.pieces = ("Something else.",)
        assert await text_of(model) == "Something else."
    cancelled = [one for one in server.events if one["type"] == "response.cancel"]
    assert [one["response_id"] for one in cancelled] == ["r1"]
    assert len(server.connections) == 1


@pytest.mark.parametrize("behaviour", ["refuse", "break off"])
async def test_what_the_server_will_not_do_is_a_sentence(
    server: RealtimeServer, behaviour: Behaviour
) -> None:
    server.behaviour = behaviour
    async with open_model(server.url, name="m", api_key="k", deadline_s=5) as model:
        assert model is not None
        with pytest.raises(EngineDown) as raised:
            await text_of(model)
        assert raised.value.code == "model.down"


async def test_a_connection_that_talked_nonsense_is_not_taken_again(
    server: RealtimeServer,
) -> None:
    async with open_model(server.url, name="m", api_key="k", deadline_s=5) as model:
        assert model is not None
        server.behaviour = "garbage"
        with pytest.raises(EngineDown):
            await text_of(model)
        server.behaviour = "reply"
        assert await text_of(model) == "The dose is 500 mcg intramuscularly [1]."
    assert len(server.connections) == 2
