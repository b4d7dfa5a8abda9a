"""What a hostile or failing network does to a call."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from contextlib import suppress

import pytest

from signaling.browser_leg import MOST_MESSAGES_AT_ONCE, MOST_MESSAGES_PER_S
from signaling.media.guarded_ice import MOST_QUEUED, GuardedConnection
from signaling.media.wire import Conditions, Wire
from tests.signaling.clients import (
    LOOPBACK,
    LegLog,
    Microphone,
    OwnClient,
    StockClient,
    own_call,
    stock_call,
)

CLIENT_HELLO = bytes.fromhex("16feff0000000000000000002a010000") + bytes(42)
FATAL_ALERT = bytes.fromhex("15feff000000000000000000020228")
RTP = b"\x80\x60" + bytes(30)
GARBAGE = bytes(range(64, 128))


async def test_forged_datagrams_during_set_up_and_in_the_call_never_reach_it() -> None:
    log = LegLog()
    far = StockClient()
    offer = await far.offer()
    sdp, _ = await log.leg.answer(offer)
    port = int(next(x for x in sdp.splitlines() if x.startswith("a=candidate")).split(" ")[5])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as attacker:
        attacker.setblocking(False)

        def attack() -> None:
            for datagram in (CLIENT_HELLO, FATAL_ALERT, RTP, GARBAGE, b""):
                attacker.sendto(datagram, ("127.0.0.1", port))

        attack()
        accepting = asyncio.get_running_loop().create_task(far.accept(sdp))
        async with asyncio.timeout(8):
            while not far.open.is_set():
                attack()
                await asyncio.sleep(0.005)
            await accepting
        for _ in range(20):
            attack()
        far.channel.send('{"type":"still-here"}')
        await log.until(lambda: bool(log.messages))
    assert log.leg.refused >= 80
    assert log.leg.state == "connected"
    await log.leg.close()
    await far.close()


async def test_a_vanished_caller_is_reconnecting_within_two_seconds_and_gone_within_five() -> None:
    wire = Wire()
    async with own_call(wire=wire) as (log, _):
        await log.until(lambda: len(log.frames) >= 10)
        wire.sending.down = wire.receiving.down = True
        cut = log.frames[-1][0]
        await log.until(lambda: log.leg.state == "closed")
    assert log.time_of("reconnecting") - cut <= 2.0
    assert log.time_of("closed") - cut <= 5.0


async def test_a_muted_caller_who_sends_nothing_by_itself_is_not_dead() -> None:
    async with stock_call(video=False) as (log, far):
        far.pc.getSenders()[0].replaceTrack(None)
        await asyncio.sleep(3.0)
        assert [state for _, state in log.states] == ["connected"]
        assert log.leg.counters.received == 0


async def test_a_caller_whose_machine_only_answers_when_asked_is_not_dead() -> None:
    async with own_call() as (log, far):
        await log.until(lambda: len(log.frames) >= 10)
        far.peer.outbound = None  # no sound and no reports
        await asyncio.sleep(3.0)
        assert [state for _, state in log.states] == ["connected"]


async def test_what_the_caller_loses_is_known_from_its_reports() -> None:
    wire = Wire(seed=3)
    async with own_call(wire=wire) as (log, _):
        wire.receiving.loss = 0.3
        await log.until(lambda: log.leg.quality.lost_to_caller > 0.1)


@pytest.mark.parametrize("ends", [False, True])
async def test_a_microphone_that_is_off_or_ends_leaves_a_call_that_goes_on_and_nothing_spins(
    ends: bool,
) -> None:
    async with stock_call(video=False, microphone=Microphone() if ends else None) as (log, far):
        if ends:
            await log.until(lambda: len(log.frames) >= 25)
            track = far.pc.getSenders()[0].track
            assert track is not None
            track.stop()
            await log.until(lambda: sum(pcm[3] for pcm in log.frames) >= 90)
        frames, pulls, used_s = len(log.frames), len(log.pulls), time.process_time()
        await asyncio.sleep(2.0)
        used_s = time.process_time() - used_s
        assert len(log.frames) - frames <= 15
        assert 95 <= len(log.pulls) - pulls <= 105
        assert [state for _, state in log.states] == ["connected"]
    assert used_s < 1.0, "something spins: the two ends of a quiet call take a tenth of a core"


async def test_a_flood_of_sound_is_cut_down() -> None:
    async with own_call() as (log, far):
        await log.until(lambda: len(log.frames) >= 10)
        outbound = far.peer.outbound
        assert outbound is not None
        before = log.leg.counters.received
        for _ in range(3000):
            far.peer._send_rtp(outbound.next())
            await asyncio.sleep(0)  # the leg's socket is read
        far.channel.send('{"type":"still-here"}')
        await log.until(lambda: bool(log.messages))
        assert 500 <= log.leg.counters.received - before < 1500


async def test_what_comes_faster_than_it_is_taken_waits_in_a_bounded_queue() -> None:
    ours, far = GuardedConnection(LOOPBACK, None), GuardedConnection(LOOPBACK, None)
    far.ice_controlling = True
    try:
        for one, other in ((ours, far), (far, ours)):
            await one.gather_candidates()
            for candidate in one.local_candidates:
                await other.add_remote_candidate(candidate)
            await other.add_remote_candidate(None)
            other.remote_username, other.remote_password = one.local_username, one.local_password
        await asyncio.gather(ours.connect(), far.connect())
        for _ in range(1000):
            await far.send(b"\x16" + bytes(100))
            await asyncio.sleep(0)
        taken = 0
        with suppress(TimeoutError):
            while True:
                async with asyncio.timeout(0.2):
                    await ours.recv()
                taken += 1
        assert MOST_QUEUED <= taken < MOST_QUEUED + 10
    finally:
        await ours.close()
        await far.close()


async def test_calls_add_no_thread() -> None:
    async with own_call() as (log, _):
        await log.until(lambda: len(log.frames) >= 5)
    threads = threading.active_count()
    async with own_call() as (first, _), own_call() as (second, _):
        await second.until(lambda: len(second.frames) >= 5 and len(first.frames) >= 5)
        assert threading.active_count() <= threads


async def test_five_percent_loss_and_jitter_account_for_the_audio() -> None:
    wire = Wire(sending=Conditions(loss=0.05, jitter_s=0.02), seed=5)
    async with own_call(wire=wire) as (log, far):
        await log.until(lambda: len(log.frames) >= 20)
        first, start = len(log.frames), log.frames[-1][0]
        await log.until(lambda: log.frames[-1][0] >= start + 3.0)
        accounted = (len(log.frames) - first) / 150
        assert wire.sending.dropped >= 2
        assert log.leg.quality.lost_from_caller > 0
        assert 0 < log.leg.quality.jitter_ms < 30
        assert 0 < log.leg.quality.round_trip_ms < 500
        assert log.leg.counters.recovered_ticks > 0
        assert 0.97 <= accounted <= 1.03
        assert far.peer.outbound is not None


async def test_a_flood_of_messages_is_cut_down() -> None:
    async with stock_call() as (log, far):
        low = asyncio.Event()
        far.channel.bufferedAmountLowThreshold = 500
        far.channel.on("bufferedamountlow", low.set)
        start = time.monotonic()
        for number in range(1200):
            far.channel.send(f'{{"n":{number}}}')
            if far.channel.bufferedAmount > 1000:
                low.clear()
                await low.wait()
        async with asyncio.timeout(8):
            while {"last": True} not in log.messages:
                far.channel.send('{"last":true}')
                await asyncio.sleep(0.02)
        allowed = MOST_MESSAGES_AT_ONCE + MOST_MESSAGES_PER_S * (time.monotonic() - start)
        assert 300 <= len(log.messages) <= allowed


async def test_messages_survive_a_lossy_network() -> None:
    wire = Wire(
        sending=Conditions(loss=0.1, delay_s=0.01),
        receiving=Conditions(loss=0.1, delay_s=0.01),
        seed=2,
    )
    log = LegLog()
    far = OwnClient(wire=wire, silent=True)
    try:
        await far.call(log.leg)
        for number in range(30):
            log.leg.send({"n": number})
        await far.received(30)
    finally:
        await log.leg.close()
        await far.peer.close()
    assert [text["n"] for text in far.texts if "n" in text] == list(range(30))
