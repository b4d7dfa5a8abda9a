"""What `voice-server doctor` says of the language model."""

from __future__ import annotations

import pytest

from storage.faults import Invalid
from tests.agents.model_server import open_model_server
from tests.agents.realtime_server import open_realtime_server
from voice_server.cli_doctor import Finding, _model
from voice_server.settings import Model, Settings


async def found(url: str) -> Finding:
    return await _model(Settings(model=Model(url=url, name="m")))


@pytest.mark.parametrize("opened", [open_model_server, open_realtime_server])
async def test_an_endpoint_that_answers_is_well(opened: object) -> None:
    async with opened() as server:  # type: ignore[operator]
        assert await found(server.url) == Finding("model", f"m at {server.url}", "ok")


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/v1", "ws://127.0.0.1:9/v1/realtime"])
async def test_an_endpoint_that_is_not_there_is_down(url: str) -> None:
    finding = await found(url)
    assert (finding.state, finding.engine) == ("down", "the endpoint does not answer")


async def test_no_model_and_a_simulated_one_are_fallbacks() -> None:
    assert (await found("")).state == "fallback"
    assert (await found("simulated://?text=Hello")).state == "fallback"


async def test_what_is_no_address_is_named() -> None:
    with pytest.raises(Invalid):
        await found("ftp://host")
