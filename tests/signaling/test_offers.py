"""Offers that cannot be used are refused by name, at once, and leave nothing open."""

from __future__ import annotations

import os
import random
import socket
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from signaling.ice import IceServer
from signaling.offers import Offer, read_offer, with_voice_parameters, without_mdns
from storage.faults import Invalid
from tests.signaling.clients import LegLog, StockClient

CHROME = """v=0
o=- 4611731400430051336 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0 1
a=extmap-allow-mixed
a=msid-semantic: WMS stream
m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126
c=IN IP4 0.0.0.0
a=rtcp:9 IN IP4 0.0.0.0
a=candidate:1 1 udp 2113937151 7a2b.local 51000 typ host generation 0
a=ice-ufrag:abcd
a=ice-pwd:abcdefghijklmnopqrstuvwx
a=ice-options:trickle
a=fingerprint:sha-256 %s
a=setup:actpass
a=mid:0
a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
a=sendrecv
a=msid:stream track
a=rtcp-mux
a=rtpmap:111 opus/48000/2
a=rtcp-fb:111 transport-cc
a=fmtp:111 minptime=10;useinbandfec=1
a=rtpmap:63 red/48000/2
a=fmtp:63 111/111
a=rtpmap:9 G722/8000
a=rtpmap:0 PCMU/8000
a=rtpmap:8 PCMA/8000
a=rtpmap:13 CN/8000
a=rtpmap:110 telephone-event/48000
a=rtpmap:126 telephone-event/8000
a=ssrc:1 cname:x
m=application 9 UDP/DTLS/SCTP webrtc-datachannel
c=IN IP4 0.0.0.0
a=ice-ufrag:abcd
a=ice-pwd:abcdefghijklmnopqrstuvwx
a=fingerprint:sha-256 %s
a=setup:actpass
a=mid:1
a=sctp-port:5000
a=max-message-size:262144
""".replace("%s", ":".join(["AB"] * 32)).replace("\n", "\r\n")


def open_files() -> int:
    return len(os.listdir("/proc/self/fd"))


async def test_a_browsers_offer_is_answered_with_its_payload_type() -> None:
    log = LegLog()
    sdp, kind = await log.leg.answer(CHROME)
    await log.leg.close()
    assert kind == "answer"
    assert "a=rtpmap:111 opus/48000/2" in sdp
    assert "a=fmtp:111 minptime=10;useinbandfec=1" in sdp
    assert "127.0.0.1" in sdp


@pytest.mark.parametrize(
    "sdp",
    [
        "",
        "v=0",
        "garbage",
        "\x00" * 100,
        "m=audio",
        "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111",
        CHROME.replace("opus/48000/2", "opus/16000/2"),
        CHROME.replace("a=ice-pwd", "a=ice-xxx"),
        CHROME.replace("a=fingerprint", "a=finger"),
        CHROME.replace("a=rtcp-mux\r\n", ""),
        CHROME.replace("m=audio", "m=video"),
        CHROME.replace("a=sctp-port:5000", "a=sctp-port:x"),
        CHROME + "a=candidate:1 1 udp\r\n",
        CHROME + "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n" * 20,
        CHROME + "a=x:y\r\n" * 20_000,
    ],
)
async def test_a_corrupt_offer_is_refused_at_once_and_nothing_stays_open(sdp: str) -> None:
    log = LegLog()
    files, start = open_files(), time.monotonic()
    with pytest.raises(Invalid) as refused:
        await log.leg.answer(sdp)
    assert time.monotonic() - start < 0.3
    assert refused.value.code == "offer.sdp"
    assert refused.value.field == "sdp"
    assert open_files() == files
    await log.leg.close()


async def test_an_answer_is_not_an_offer() -> None:
    log = LegLog()
    with pytest.raises(Invalid) as refused:
        await log.leg.answer(CHROME, "answer")
    assert refused.value.code == "offer.type"
    await log.leg.close()


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False))
def test_any_mangled_offer_is_read_or_refused(chance: random.Random) -> None:
    text = mangled(chance)
    try:
        assert read_offer(Offer(text)).media
    except Invalid as refused:
        code = refused.code
    else:
        code = "offer.sdp"
    assert code == "offer.sdp"


async def test_mangled_offers_are_answered_or_refused_and_nothing_stays_open() -> None:
    files = open_files()
    answered = 0
    codes: set[str] = set()
    for seed in range(120):
        log = LegLog()
        try:
            await log.leg.answer(mangled(random.Random(seed)))  # noqa: S311 - a fuzz
            answered += 1
        except Invalid as refused:
            codes.add(refused.code)
        await log.leg.close()
    assert 5 < answered < 115
    assert codes == {"offer.sdp"}
    assert open_files() <= files


async def test_dead_stun_and_turn_servers_do_not_hold_up_the_answer() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as dead:
        dead.bind(("127.0.0.1", 0))
        port = dead.getsockname()[1]
        files = open_files()
        log = LegLog(
            ice_servers=(
                IceServer((f"stun:127.0.0.1:{port}",)),
                IceServer((f"turn:127.0.0.1:{port}",), "1:ada", "secret"),
            )
        )
        far = StockClient()
        offer = await far.offer()
        start = time.monotonic()
        sdp, _ = await log.leg.answer(offer)
        took = time.monotonic() - start
        await far.accept(sdp)
        await log.until(lambda: log.leg.state == "connected")
        await log.leg.close()
        await far.close()
        assert took <= 1.5
        assert open_files() <= files


def test_mdns_candidates_are_left_out_and_others_kept() -> None:
    kept = CHROME + "a=candidate:2 1 udp 2113937151 10.0.0.1 51000 typ host\r\n"
    assert "7a2b.local" not in without_mdns(kept)
    assert "10.0.0.1" in without_mdns(kept)


def test_voice_parameters_follow_the_opus_line_only() -> None:
    sdp = with_voice_parameters(
        "m=audio 9 X 96 0\r\na=rtpmap:96 opus/48000/2\r\na=rtpmap:0 PCMU/8000"
    )
    assert sdp.splitlines()[2] == "a=fmtp:96 minptime=10;useinbandfec=1"
    assert len(sdp.splitlines()) == 4


def mangled(chance: random.Random) -> str:
    lines = CHROME.splitlines(keepends=True)
    for _ in range(chance.randint(1, 4)):
        index = chance.randrange(len(lines))
        match chance.randrange(5):
            case 0:
                del lines[index]
            case 1:
                lines.insert(index, lines[chance.randrange(len(lines))])
            case 2:
                line = lines[index]
                cut = chance.randrange(len(line))
                lines[index] = line[:cut] + chr(chance.randrange(32, 400)) + line[cut + 1 :]
            case 3:
                lines[index] = lines[index][: chance.randrange(len(lines[index]))] + "\r\n"
            case _:
                other = chance.randrange(len(lines))
                lines[index], lines[other] = lines[other], lines[index]
    return "".join(lines)
