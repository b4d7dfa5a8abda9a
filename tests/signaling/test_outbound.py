"""Our packets: paced by the clock, pulled when due, silent without cost."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from signaling.media import rtp
from signaling.media.opus import OpusDecoder, OpusEncoder
from signaling.media.outbound import SILENT_PACKET, OutboundAudio, Pacer
from signaling.media.reception import Reception
from signaling.media.rtp import RtpPacket, RtpWriter
from tests.signaling.traces import speech


def outbound(frames: list[bytes | None]) -> OutboundAudio:
    waiting = iter(frames)
    writer = RtpWriter(payload_type=96, ssrc=1, sequence=0, timestamp=0)
    return OutboundAudio(lambda: next(waiting), OpusEncoder(), writer)


def parsed(packet: bytes) -> RtpPacket:
    result = rtp.parse(packet)
    assert result is not None
    return result


def test_an_hour_of_packets_does_not_drift() -> None:
    pacer = Pacer(100.0)
    for number in range(180_000):
        assert pacer.take(pacer.due + 0.0003 * (number % 7)) == 0
    assert abs(pacer.due - 3700.0) < 1e-6


def test_after_a_stall_the_missed_packets_are_skipped_not_sent_in_a_burst() -> None:
    pacer = Pacer(0.0)
    assert pacer.take(0.0) == 0
    assert pacer.take(0.52) == 25
    assert pacer.due == 0.54


@settings(deadline=None, max_examples=60)
@given(st.lists(st.floats(0, 0.3), max_size=100))
def test_never_more_than_sixty_milliseconds_behind_the_clock(stalls: list[float]) -> None:
    pacer = Pacer(0.0)
    now = 0.0
    for stall in stalls:
        now = max(now, pacer.due) + stall
        pacer.take(now)
        assert now - pacer.due <= 0.06


def test_time_that_passed_in_a_stall_shows_in_the_timestamp_and_no_audio_is_lost() -> None:
    sound = speech(0.08, 24_000).tobytes()
    out = outbound([sound[:960], sound[960:1920]])
    first, second = parsed(out.next()), parsed(out.next(missed=10))
    assert second.sequence - first.sequence == 1
    assert second.timestamp - first.timestamp == 11 * 960


def test_silence_costs_one_byte_and_the_decoder_at_the_far_end_stays_silent() -> None:
    sound = speech(0.4, 24_000).tobytes()
    frames: list[bytes | None] = [sound[i : i + 960] for i in range(0, len(sound), 960)]
    out = outbound(frames + [None] * 60 + frames)
    packets = [parsed(out.next()) for _ in range(100)]
    assert [len(p.payload) for p in packets[-60:-20]] == [1] * 40
    decoder = OpusDecoder(48_000)
    heard = [np.frombuffer(decoder.decode(p.payload), np.int16) for p in packets]
    assert {len(pcm) for pcm in heard} == {960}
    assert np.abs(np.concatenate(heard[25:80]).astype(int)).max() < 300
    assert np.abs(np.concatenate(heard[82:]).astype(int)).max() > 3000


def test_nothing_to_say_from_the_start_is_the_silent_packet() -> None:
    assert parsed(outbound([None]).next()).payload == SILENT_PACKET


def test_packets_carry_a_copy_of_the_one_before_whatever_loss_is_reported() -> None:
    def likeness(percent: int) -> float:
        """Of lost packets, as their successors tell them, to the originals."""
        sound = speech(3, 24_000).tobytes()
        out = outbound([sound[i : i + 960] for i in range(0, len(sound), 960)])
        out.expect_loss(percent)
        packets = [parsed(out.next()).payload for _ in range(150)]
        clean, lossy = OpusDecoder(24_000), OpusDecoder(24_000)
        alike = []
        for number, packet in enumerate(packets):
            original = np.frombuffer(clean.decode(packet), np.int16).astype(float)
            if number % 5 or number < 20:
                lossy.decode(packet)
            else:
                recovered = np.frombuffer(lossy.recover(packets[number + 1], 960), np.int16)
                alike.append(float(np.corrcoef(original, recovered.astype(float))[0, 1]))
        return float(np.median(alike))

    assert min(likeness(0), likeness(3), likeness(30)) > 0.9


def test_reception_reports_what_was_lost_since_the_last_report() -> None:
    reception = Reception(ssrc=1)
    for number in range(65_500, 65_600):
        if number % 10:
            reception.count(number & 0xFFFF, number * 960, number * 960.0)
    assert reception.lost == 9 or reception.lost == 10
    assert 20 <= reception.fraction_lost() <= 28
    assert reception.fraction_lost() == 0
    assert reception.jitter == 0
    assert reception.highest == 65_599
