"""The client end over a real call: plays in real time, hears with times, is refused politely."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import numpy as np
import pytest

from signaling.caller import open_caller, sign_in
from signaling.listening import Heard, HeardFrame
from storage.faults import Busy, NotSignedIn, Unavailable
from tests.signaling.clients import LOOPBACK
from tests.signaling.echo_server import EchoServer, echo_server
from tests.signaling.traces import speech


@pytest.fixture
async def server() -> AsyncIterator[EchoServer]:
    async with echo_server() as running:
        yield running


@pytest.mark.parametrize("low_cpu", [False, True])
async def test_what_is_played_is_heard_back_with_exact_times(
    server: EchoServer, low_cpu: bool
) -> None:
    token = await sign_in(server.url, "ada@example.org", "right")
    async with open_caller(server.url, token, interfaces=LOOPBACK, low_cpu=low_cpu) as caller:
        at_s, _ = await caller.events.wait_for("bot-ready")
        assert abs(at_s - time.monotonic()) < 5
        played = await caller.play(speech(1.0, 16_000), 16_000)
        assert abs((played.last_s - played.first_s) - 0.98) < 0.06
        await caller.silence(played.last_s)
        began = caller.heard.first_audible(played.first_s)
        ended = caller.heard.silent_from(played.first_s + 0.3)
        assert began is not None
        assert ended is not None
        assert 0.08 <= began - played.first_s <= 0.25
        assert 0.05 <= ended - played.last_s <= 0.25
        assert caller.heard.rate_hz == (16_000 if low_cpu else 48_000)
        assert np.abs(caller.heard.samples().astype(int)).max() > 2000
    assert server.states == ["connected", "closed"]
    assert server.messages[0]["type"] == "client-ready"


async def test_a_muted_caller_is_not_heard(server: EchoServer) -> None:
    async with open_caller(server.url, "token", interfaces=LOOPBACK) as caller:
        caller.mute()
        played = await caller.play(speech(0.4, 48_000).repeat(2).reshape(-1, 2), 48_000)
        caller.unmute()
        await caller.play(np.zeros(8000, np.int16))
        assert caller.heard.first_audible(played.first_s) is None


async def test_the_call_goes_on_over_a_new_connection(server: EchoServer) -> None:
    async with open_caller(server.url, "token", interfaces=LOOPBACK) as caller:
        before = caller.pc_id
        await caller.connect({}, deadline_s=5, renew=True)
        played = await caller.play(speech(0.5, 24_000), 24_000)
        assert caller.pc_id == before
        assert caller.heard.first_audible(played.first_s) is not None
    assert server.states == ["connected", "closed"]


async def test_refusals_come_as_the_servers_own_faults(server: EchoServer) -> None:
    with pytest.raises(NotSignedIn) as wrong:
        await sign_in(server.url, "ada@example.org", "wrong")
    assert wrong.value.code == "session.wrong"
    with pytest.raises(NotSignedIn):
        async with open_caller(server.url, "other", interfaces=LOOPBACK):
            pass
    with pytest.raises(Busy) as busy:
        async with open_caller(
            server.url, "token", interfaces=LOOPBACK, request_data={"busy": True}
        ):
            pass
    assert busy.value.retry_after_s == 7
    with pytest.raises(Unavailable) as none:
        await sign_in("http://127.0.0.1:9", "a", "b")
    assert none.value.code == "server.unreachable"


async def test_playing_into_a_call_that_ends_says_so(server: EchoServer) -> None:
    async with open_caller(server.url, "token", interfaces=LOOPBACK) as caller:
        playing = asyncio.get_running_loop().create_task(caller.play(speech(5, 16_000)))
        await caller.events.wait_for("bot-ready")
        await server.legs.pop(caller.pc_id).close()
        with pytest.raises(Unavailable):
            await playing
        with pytest.raises(TimeoutError):
            await caller.events.wait_for("bot-stopped-speaking")


def test_audible_and_silent_moments_are_found_to_the_sample() -> None:
    heard = Heard(16_000, keep_s=10)
    quiet, loud = np.zeros(320, np.int16), np.full(320, 5000, np.int16)
    half = np.concatenate([quiet[:160], loud[:160]])
    for number in range(50):
        frame = loud if 10 < number < 20 else half if number == 10 else quiet
        heard.add(HeardFrame(1 + number * 0.02, frame.tobytes(), False))
    assert heard.first_audible(1.0) == pytest.approx(1.21)
    assert heard.silent_from(1.25) == pytest.approx(1.40)
    assert heard.silent_from(1.25, for_s=0.7) is None
