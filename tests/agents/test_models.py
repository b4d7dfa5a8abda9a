"""The language model's endpoint: what it says, and each way in which it can fail."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from agents.models import open_model
from storage.faults import EngineDown, Invalid
from tests.agents.model_server import Behaviour, ModelServer, open_model_server

MESSAGES = [{"role": "user", "content": "What is the dose of adrenaline in anaphylaxis?"}]


@pytest.fixture
async def endpoint() -> AsyncIterator[ModelServer]:
    async with open_model_server() as server:
        yield server


async def reply(endpoint: ModelServer, deadline_s: float = 0.5) -> str:
    async with open_model(endpoint.url, name="m", api_key="k", deadline_s=deadline_s) as model:
        assert model is not None
        return "".join([str(piece) async for piece in model.reply(MESSAGES)])


async def test_an_answer_comes_as_it_is_written(endpoint: ModelServer) -> None:
    assert await reply(endpoint, deadline_s=10) == "The dose is 500 mcg intramuscularly [1]."
    [asked] = endpoint.asked
    assert asked["stream"] is True
    assert asked["messages"] == MESSAGES
    assert asked["temperature"] == 0


@pytest.mark.parametrize(
    ("behaviour", "code"),
    [
        ("hang", "model.slow"),
        ("hang midway", "model.slow"),
        ("fail", "model.down"),
        ("garbage", "model.down"),
        ("drop", "model.down"),
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


async def test_an_endpoint_that_is_not_there_is_a_sentence() -> None:
    with pytest.raises(EngineDown):
        await reply(ModelServer(url="http://127.0.0.1:9/v1"))


async def test_closing_the_stream_stops_the_model(endpoint: ModelServer) -> None:
    endpoint.behaviour = "hang midway"
    async with open_model(endpoint.url, name="m", api_key="k", deadline_s=5) as model:
        assert model is not None
        async with aclosing(model.reply(MESSAGES)) as pieces:
            assert await anext(pieces) == "The dose is "
    async with asyncio.timeout(2):
        await endpoint.hung_up.wait()


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
        assert "".join([str(piece) async for piece in model.reply(MESSAGES)]).strip() == (
            "The library does not say."
        )
