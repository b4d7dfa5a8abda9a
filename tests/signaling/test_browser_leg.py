"""A leg against a stock WebRTC client: sound both ways, messages, hang-up, a new connection."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import threading
import weakref

import numpy as np
import pytest
import uvloop

from signaling.media.wire import Wire
from signaling.offers import Candidate, Offer
from storage.faults import Conflict, Invalid
from tests.signaling.clients import (
    SPEECH_24K,
    LegLog,
    Microphone,
    OwnClient,
    StockClient,
    own_call,
    stock_call,
)


def talker() -> bytes:
    return SPEECH_24K[96_000 // 2 : 96_000 // 2 + 960]


@pytest.mark.parametrize("layout", ["mono", "stereo"])
async def test_a_stock_client_is_heard_and_hears_us(layout: str) -> None:
    async with stock_call(speak=talker, microphone=Microphone(layout)) as (log, far):
        await log.until(lambda: len(log.frames) >= 60)
        async with asyncio.timeout(5):
            while len(far.loudness) < 40:
                far.news.clear()
                await far.news.wait()
    heard = np.frombuffer(b"".join(frame[1] for frame in log.frames[20:60]), np.int16)
    assert np.abs(heard.astype(int)).mean() > 800
    assert [frame[2] for frame in log.frames] == [20 * n for n in range(len(log.frames))]
    assert np.mean(far.loudness[-10:]) > 800


async def test_messages_sent_before_the_channel_opens_arrive_first_and_in_order() -> None:
    log = LegLog()
    for number in range(60):
        log.leg.send({"type": "early", "n": number})
    far = StockClient()
    try:
        await far.call(log.leg)
        log.leg.send({"type": "later"})
        texts = [json.loads(text) for text in await far.text(61)]
    finally:
        await log.leg.close()
        await far.close()
    assert [text.get("n") for text in texts] == [*range(60), None]
    assert [text["seq"] for text in texts] == list(range(1, 62))


async def test_only_json_objects_reach_the_conversation() -> None:
    async with stock_call() as (log, far):
        for text in (
            "ping: 123",
            '{"type":"signalling","message":{"type":"trackStatus","receiver_index":1}}',
            "[1]",
            "not json",
            '{"text":"' + "x" * 70_000 + '"}',
            '{"label":"rtvi-ai","type":"client-ready"}',
        ):
            far.channel.send(text)
        await log.until(lambda: bool(log.messages))
    assert log.messages == [{"label": "rtvi-ai", "type": "client-ready"}]


async def test_hanging_up_tells_the_client_and_frees_everything() -> None:
    async with stock_call() as (log, far):
        await log.leg.close()
        assert json.loads(far.texts[-1])["message"] == {"type": "peerLeft"}
        assert log.leg.state == "closed"
        assert [state for _, state in log.states] == ["connected", "closed"]
        with pytest.raises(Conflict):
            await log.leg.answer("v=0")


async def test_a_client_may_negotiate_again_over_the_connection_that_is_up() -> None:
    async with stock_call(microphone=Microphone(), video=False) as (log, far):
        await log.until(lambda: len(log.frames) >= 10)
        far.pc.addTransceiver("video", direction="sendrecv")
        await far.pc.setLocalDescription(await far.pc.createOffer())
        again = Offer(far.pc.localDescription.sdp, pc_id=log.leg.pc_id)
        answer = await log.leg.connect(again)
        await far.accept(answer.sdp)
        before = len(log.frames)
        await log.until(lambda: len(log.frames) >= before + 25)
        far.channel.send('{"type":"after"}')
        await log.until(lambda: bool(log.messages))
        assert [state for _, state in log.states] == ["connected"]
        assert far.pc.connectionState == "connected"


async def test_a_caller_who_comes_back_is_sent_what_it_missed_within_two_seconds() -> None:
    wire = Wire()
    async with own_call(wire=wire) as (lost, far):
        lost.leg.send({"type": "seen"})
        await far.received(1)
        wire.sending.down = wire.receiving.down = True
        lost.leg.send({"type": "lost on the way"})
        await lost.until(lambda: lost.leg.state == "reconnecting")
        lost.leg.outbox.push({"type": "while away"}, open_now=False)
        back = OwnClient()
        log = LegLog(outbox=lost.leg.outbox)
        loop = asyncio.get_running_loop()
        try:
            returned = loop.time()
            answer = await log.leg.connect(Offer(await back.offer()), seen=1)
            await back.accept(answer.sdp)
            await back.received(2)
            await log.until(lambda: len(log.frames) >= 5)
            assert loop.time() - returned < 2.0
        finally:
            await log.leg.close()
            await back.peer.close()
    assert [text["seq"] for text in back.texts[:2]] == [2, 3]


async def test_a_client_that_takes_no_messages_is_hung_up_before_they_fill_the_memory() -> None:
    async with stock_call() as (log, _):
        for _ in range(100):
            log.leg.send({"text": "x" * 60_000})
        await log.until(lambda: log.leg.state == "closed")


async def test_a_second_offer_goes_on_when_the_first_never_connects() -> None:
    log = LegLog()
    lost, far = StockClient(), OwnClient()
    try:
        await log.leg.answer(await lost.offer())
        sdp, _ = await log.leg.answer(await far.offer())
        await far.accept(sdp)
        await log.until(lambda: len(log.frames) >= 5)
        assert [state for _, state in log.states] == ["connected"]
    finally:
        await log.leg.close()
        await lost.close()
        await far.peer.close()


async def test_calls_that_ended_leave_no_object_and_no_open_file() -> None:
    legs: list[weakref.ref[object]] = []
    async with own_call():
        pass
    files = len(os.listdir("/proc/self/fd"))
    for _ in range(5):
        async with own_call() as (log, far):
            await log.leg.add_candidate(Candidate(""))
            legs += [weakref.ref(log.leg), weakref.ref(far.peer)]
        del log, far
    await asyncio.sleep(0)
    gc.collect()
    assert [leg for leg in legs[:-2] if leg() is not None] == []
    assert len(os.listdir("/proc/self/fd")) <= files


async def test_calls_work_on_uvloop_too() -> None:
    async def scenario() -> int:
        async with stock_call(speak=talker, microphone=Microphone()) as (log, far):
            await log.until(lambda: len(log.frames) >= 30)
            return len(log.frames)

    assert await asyncio.to_thread(uvloop.run, scenario()) >= 30


async def test_a_client_that_leaves_frees_its_place_at_once() -> None:
    async with stock_call() as (log, far):
        loop = asyncio.get_running_loop()
        left = loop.time()
        await far.close()
        await log.until(lambda: log.leg.state == "closed")
        assert log.time_of("closed") - left < 0.5


async def test_offered_video_is_declined_and_needs_no_thread() -> None:
    threads = {thread.name for thread in threading.enumerate()}
    log = LegLog()
    far = StockClient(video=True)
    sdp, _ = await log.leg.answer(await far.offer())
    await far.accept(sdp)
    async with asyncio.timeout(8):
        await far.open.wait()
    sections = sdp.split("m=")
    new = {thread.name for thread in threading.enumerate()} - threads
    await log.leg.close()
    await far.close()
    assert sections[1].startswith("audio")
    assert "a=sendrecv" in sections[1]
    assert "useinbandfec=1" in sections[1]
    assert "opus" in sections[1]
    assert "PCMU" not in sections[1]
    assert sections[2].startswith("video")
    assert "a=inactive" in sections[2]
    assert not [name for name in new if "decoder" in name and "audio" not in name]


async def test_our_voice_is_pulled_when_due_and_never_ahead() -> None:
    async with own_call() as (log, far):
        await log.until(lambda: len(log.frames) >= 100)
    pulls = np.diff(log.pulls)
    assert abs(np.median(pulls) - 0.02) < 0.003
    late = (log.frames[-1][0] - log.pulls[0]) / 0.02
    assert len(log.pulls) <= late + 2


async def test_candidates_come_later_empty_or_unusable_and_the_call_connects() -> None:
    log = LegLog()
    far = StockClient()
    offer = await far.offer()
    lines = offer.splitlines(keepends=True)
    bare = "".join(
        line for line in lines if not line.startswith(("a=candidate", "a=end-of-candidates"))
    )
    candidates = [line[2:].strip() for line in lines if line.startswith("a=candidate")]
    try:
        sdp, _ = await log.leg.answer(bare)
        await far.accept(sdp)
        mdns = "candidate:1 1 udp 2130706431 0f3a.local 50000 typ host"
        tcp = "candidate:1 1 tcp 1518280447 127.0.0.1 9 typ host tcptype active"
        for text in ("", mdns, tcp, *candidates, ""):
            await log.leg.add_candidate(Candidate(text, "0", 0))
        async with asyncio.timeout(8):
            await far.open.wait()
        for malformed in ("candidate:1", "candidate:1 1 udp x 127.0.0.1 5 typ host", "a" * 5000):
            with pytest.raises(Invalid):
                await log.leg.add_candidate(Candidate(malformed, "0", 0))
    finally:
        await log.leg.close()
        await far.close()


async def test_a_new_connection_takes_over_the_call_without_losing_a_message() -> None:
    async with own_call() as (log, old):
        leg = log.leg
        leg.send({"type": "one"})
        await log.until(lambda: len(log.frames) >= 25)
        new = OwnClient()
        try:
            answer = await leg.connect(Offer(await new.offer(), pc_id=leg.pc_id), seen=1)
            assert answer.pc_id == leg.pc_id
            leg.send({"type": "two"})
            await new.accept(answer.sdp)
            async with asyncio.timeout(8):
                await new.open.wait()
            leg.send({"type": "three"})
            before = len(log.frames)
            await log.until(lambda: len(log.frames) >= before + 25 and len(new.texts) >= 2)
        finally:
            await leg.close()
            await new.peer.close()
    assert [text["seq"] for text in new.texts if "seq" in text] == [2, 3]
    assert [state for _, state in log.states] == ["connected", "closed"]
    assert [frame[2] for frame in log.frames] == [20 * n for n in range(len(log.frames))]
