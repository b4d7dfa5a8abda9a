"""Calls over a real bad network between two hosts; over the in-process wire where those are not
permitted (the test then says so)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext

import numpy as np
import pytest
from numpy.typing import NDArray

from signaling.media.wire import Conditions, Wire
from tests.signaling import wire as namespaces
from tests.signaling.clients import LOOPBACK, LegLog, OwnClient

pytestmark = pytest.mark.network


class Network:
    """Two hosts: namespaces with a TUN wire, or both ends here with the in-process one."""

    def __init__(self, *, mtu: int = 1500) -> None:
        self.reason = namespaces.why_not()
        self._real = None if self.reason else namespaces.NamespaceWire(mtu=mtu)
        self.in_process = Wire(seed=1) if self._real is None else None

    def set(self, **conditions: float) -> None:
        """Conditions of both directions from now on."""
        for line in self._lines():
            for name, value in conditions.items():
                if hasattr(line, name):
                    setattr(line, name, value)

    def server(self) -> AbstractContextManager[None]:
        return nullcontext() if self._real is None else self._real.server()

    def client(self) -> AbstractContextManager[None]:
        return nullcontext() if self._real is None else self._real.client()

    @property
    def interfaces(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """(server's, client's)."""
        if self._real is None:
            return LOOPBACK, LOOPBACK
        return (namespaces.SERVER,), (namespaces.CLIENT,)

    @property
    def packets(self) -> int:
        """Carried or dropped so far."""
        if self._real is not None:
            return sum(line.packets for line in self._real.both())
        return sum(line.passed + line.dropped for line in self._conditions())

    @property
    def longest(self) -> int:
        """Bytes of the longest IP packet; 0 in process."""
        return 0 if self._real is None else max(line.longest for line in self._real.both())

    def close(self) -> None:
        if self._real is not None:
            self._real.close()

    def _lines(self) -> tuple[namespaces.Line, ...] | tuple[Conditions, ...]:
        return self._conditions() if self._real is None else self._real.both()

    def _conditions(self) -> tuple[Conditions, ...]:
        assert self.in_process is not None
        return self.in_process.sending, self.in_process.receiving


@asynccontextmanager
async def call_over(network: Network) -> AsyncIterator[tuple[LegLog, OwnClient]]:
    """A call between the two hosts."""
    servers, clients = network.interfaces
    log = LegLog(interfaces=servers)
    far = OwnClient(wire=network.in_process, interfaces=clients)
    try:
        with network.client():
            offer = await far.offer()
        with network.server():
            sdp, _ = await log.leg.answer(offer)
        await far.accept(sdp)
        async with asyncio.timeout(10):
            await far.open.wait()
        yield log, far
    finally:
        await log.leg.close()
        await far.peer.close()


@pytest.fixture
async def network(
    request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> AsyncIterator[Network]:
    made = Network(mtu=getattr(request, "param", 1500))
    if made.reason:
        with capsys.disabled():
            print(f" [in-process wire: {made.reason}]")  # noqa: T201
    try:
        yield made
    finally:
        made.close()


def added_delay_s(log: LegLog, first: int) -> NDArray[np.float64]:
    """Of each frame, over the earliest that any came."""
    times = np.array([frame[0] - frame[2] / 1000 for frame in log.frames[first:]])
    added: NDArray[np.float64] = times - times.min()
    return added


async def test_loss_and_jitter_lose_no_time_and_add_little_delay(network: Network) -> None:
    async with call_over(network) as (log, _):
        await log.until(lambda: len(log.frames) >= 25)
        network.set(loss=0.05, delay_s=0.02, jitter_s=0.02)
        packets, first, start = network.packets, len(log.frames), log.frames[-1][0]
        await log.until(lambda: log.frames[-1][0] >= start + 4.0)
        accounted = (len(log.frames) - first) / 200
        delay = added_delay_s(log, first + 25)
        assert log.leg.counters.recovered_ticks > 0
        assert network.packets - packets >= 360
    assert 0.97 <= accounted <= 1.03
    assert np.mean(delay) <= 0.08


async def test_reordering_is_undone(network: Network) -> None:
    async with call_over(network) as (log, _):
        network.set(delay_s=0.01, reorder=0.1, jitter_s=0.03)
        await log.until(lambda: len(log.frames) >= 200)
        counters = log.leg.counters
    assert counters.late <= 10
    assert [frame[2] for frame in log.frames] == [20 * n for n in range(len(log.frames))]


@pytest.mark.parametrize("network", [1280], indirect=True)
async def test_long_messages_pass_a_path_of_mtu_1280(network: Network) -> None:
    async with call_over(network) as (log, far):
        log.leg.send({"type": "long", "text": "x" * 30_000})
        await far.received(1)
        far.channel.send('{"type":"long","text":"' + "y" * 30_000 + '"}')
        await log.until(lambda: bool(log.messages))
        assert len(far.texts[0]["text"]) == 30_000
        assert network.longest == 0 or 1100 <= network.longest <= 1280


async def test_a_slow_line_still_carries_a_call(network: Network) -> None:
    network.set(rate_bps=120_000, delay_s=0.05)
    async with call_over(network) as (log, far):
        await log.until(lambda: len(log.frames) >= 100)
        before = far.heard
        await log.until(lambda: far.heard >= before + 50)
        assert log.leg.counters.late == 0


async def test_an_outage_shows_and_ends_and_lag_is_gone_within_a_second(network: Network) -> None:
    async with call_over(network) as (log, _):
        await log.until(lambda: len(log.frames) >= 50)
        network.set(down=True)
        await log.until(lambda: log.leg.state == "reconnecting")
        cut = log.time_of("reconnecting")
        network.set(down=False)
        await log.until(lambda: log.leg.state == "connected")
        back = [at for at, state in log.states if state == "connected"][1]
        received = log.leg.counters.received
        await log.until(lambda: log.leg.counters.received >= received + 75)
        last = log.frames[-25:]
        pace = (last[-1][0] - last[0][0]) / (len(last) - 1)
    assert back - cut < 0.6
    assert 0.015 <= pace <= 0.025
