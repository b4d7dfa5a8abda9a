"""From RTP packets to PCM: rates, channels, loss, pauses, a change of source, garbage."""

from __future__ import annotations

import fractions

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from signaling.media import rtp
from signaling.media.inbound import InboundAudio
from signaling.media.opus import OpusDecoder, OpusEncoder, packet_ticks
from signaling.media.rtp import RtpPacket, RtpWriter
from tests.signaling.traces import TICKS, decode, encode, speech


class Ear:
    """Collects what the receive path hands out."""

    def __init__(self) -> None:
        self.frames: list[tuple[bytes, int, bool]] = []
        self.path = InboundAudio(lambda pcm, at, lost: self.frames.append((pcm, at, lost)))

    def receive(self, number: int, payload: bytes, now: float, *, ssrc: int = 7) -> None:
        self.path.packet(
            RtpPacket(96, number & 0xFFFF, number * TICKS & 0xFFFFFFFF, ssrc, payload), now
        )

    def samples(self) -> NDArray[np.int16]:
        return np.frombuffer(b"".join(frame[0] for frame in self.frames), np.int16)


def pyav_packets(rate_hz: int, layout: str, seconds: float) -> list[bytes]:
    """As other senders encode: libopus through FFmpeg at their rate, mono or stereo."""
    codec = av.CodecContext.create("libopus", "w")
    codec.sample_rate = rate_hz
    codec.layout = layout
    codec.format = "s16"
    codec.bit_rate = 48_000
    codec.time_base = fractions.Fraction(1, rate_hz)
    pcm = speech(seconds, rate_hz)
    channels = 2 if layout == "stereo" else 1
    interleaved = np.repeat(pcm, channels)[None, :]
    size = rate_hz // 50
    packets: list[bytes] = []
    for start in range(0, len(pcm) - size + 1, size):
        block = interleaved[:, start * channels : (start + size) * channels]
        frame = av.AudioFrame.from_ndarray(block, format="s16", layout=layout)
        frame.sample_rate = rate_hz
        frame.pts = start
        packets += [bytes(packet) for packet in codec.encode(frame)]
    return packets


def pitch_hz(samples: NDArray[np.int16]) -> float:
    spectrum = np.abs(np.fft.rfft(samples.astype(float) * np.hanning(len(samples))))
    peak = int(np.argmax(spectrum[20:])) + 20
    return peak * 16_000 / len(samples)


@pytest.mark.parametrize("layout", ["mono", "stereo"])
@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 24_000, 48_000])
def test_any_sender_is_heard_at_16_khz_at_its_own_pitch_and_speed(
    rate_hz: int, layout: str
) -> None:
    ear = Ear()
    packets = pyav_packets(rate_hz, layout, 2.0)
    for number, payload in enumerate(packets):
        ear.receive(number, payload, number * 0.02)
    samples = ear.samples()
    assert len(samples) == len(packets) * 320
    assert 120 <= pitch_hz(samples[8000:24000]) <= 160
    assert np.abs(samples[8000:]).max() > 3000


def test_positions_count_on_without_a_jump_and_frames_are_640_bytes() -> None:
    ear = Ear()
    for number, payload in enumerate(encode(speech(2, 24_000))):
        if number not in (20, 40, 41, 42, 60):
            ear.receive(number, payload, number * 0.02)
    assert [frame[1] for frame in ear.frames] == [20 * n for n in range(len(ear.frames))]
    assert {len(frame[0]) for frame in ear.frames} == {640}
    assert len(ear.frames) == 100
    assert [n for n, frame in enumerate(ear.frames) if frame[2]] == [20, 40, 41, 42, 60]


def test_a_single_lost_packet_is_recovered_from_fec_close_to_the_original() -> None:
    payloads = encode(speech(3, 24_000))
    original = decode(payloads).astype(float)
    lost = list(range(20, 140, 10))
    ear = Ear()
    for number, payload in enumerate(payloads):
        if number not in lost:
            ear.receive(number, payload, number * 0.02)
    heard = ear.samples().astype(float)
    shapes = []
    for number in lost:
        a, b = (x[number * 320 : number * 320 + 320] for x in (original, heard))
        shapes.append(float(np.corrcoef(a, b)[0, 1]))
    assert np.median(shapes) > 0.8


def test_a_lost_packet_never_leaves_a_hole_of_more_than_40_ms() -> None:
    payloads = encode(speech(4, 24_000))
    ear = Ear()
    for number, payload in enumerate(payloads):
        if number % 20 != 19:
            ear.receive(number, payload, number * 0.02)
    heard = np.abs(ear.samples().astype(int))
    quiet = np.convolve(heard < 20, np.ones(640), "valid")
    assert quiet[16000:].max() < 640


def test_owed_time_is_repaid_from_quiet_frames() -> None:
    ear = Ear()
    silence = encode(np.zeros(24_000 * 4, np.int16))
    loud = encode(speech(1, 24_000))
    for number in range(50):
        ear.receive(number, loud[number], number * 0.02)
    for step in range(20):
        ear.path.tick(0.98 + 0.02 * step)
    for number in range(50, 70):
        ear.receive(number, loud[number - 50], 1.4)
    assert len(ear.frames) > 80
    for number in range(70, 200):
        ear.receive(number, silence[number], number * 0.02)
    assert ear.path.buffer.owed_ticks == 0
    assert len(ear.frames) == 200


def test_a_new_source_takes_over_at_once_and_the_old_one_cannot_interleave() -> None:
    ear = Ear()
    payloads = encode(speech(2, 24_000))
    for number in range(20):
        ear.receive(number, payloads[number], number * 0.02, ssrc=1)
    for number in range(20, 40):
        ear.receive(number + 9000, payloads[number], number * 0.02, ssrc=2)
        ear.receive(number, payloads[number], number * 0.02, ssrc=1)
    assert len(ear.frames) == 40
    assert ear.path.reception is not None
    assert ear.path.reception.ssrc == 2


def test_packets_of_ten_and_sixty_milliseconds_come_out_as_frames_of_twenty() -> None:
    ear = Ear()
    sixty = b"\x58" + bytes(30)
    ten = b"\x40" + bytes(10)
    assert (packet_ticks(sixty), packet_ticks(ten)) == (2880, 480)
    at = 0
    for number, payload in enumerate([sixty, ten, ten, sixty, ten]):
        ear.path.packet(RtpPacket(96, number, at, 7, payload), at / 48000)
        at += packet_ticks(payload)
    assert len(ear.frames) == 7


def test_a_sender_that_stops_is_followed_by_concealment_that_ends() -> None:
    ear = Ear()
    for number, payload in enumerate(encode(speech(1, 24_000))):
        ear.receive(number, payload, number * 0.02)
    for step in range(500):
        ear.path.tick(1.0 + 0.02 * step)
    assert len(ear.frames) == 150
    assert set(ear.samples()[-16_000:]) == {0}


@settings(deadline=None, max_examples=60)
@given(st.lists(st.binary(max_size=200), max_size=40))
def test_no_payload_breaks_the_receive_path(payloads: list[bytes]) -> None:
    ear = Ear()
    for number, payload in enumerate(payloads):
        ear.receive(number, payload, number * 0.02)
    good = encode(speech(0.1, 24_000))
    for number, payload in enumerate(good, start=len(payloads)):
        ear.receive(number, payload, number * 0.02)
    assert len(ear.frames) >= len(good)


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=80))
def test_no_datagram_breaks_the_rtp_parser(data: bytes) -> None:
    packet = rtp.parse(data)
    assert packet is None or len(packet.payload) <= len(data)


def test_what_is_written_is_read_back_and_wraps() -> None:
    writer = RtpWriter(
        payload_type=111,
        ssrc=0xDEADBEEF,
        sequence=0xFFFF,
        timestamp=0xFFFFFFFF - 100,
        mid="0",
        mid_extension=4,
    )
    first = rtp.parse(writer.write(b"one", 960, marker=True))
    second = rtp.parse(writer.write(b"two", 960))
    assert first == RtpPacket(111, 0xFFFF, 0xFFFFFFFF - 100, 0xDEADBEEF, b"one")
    assert second == RtpPacket(111, 0, 859, 0xDEADBEEF, b"two")


def test_opus_is_kept_as_it_was_across_encoder_and_decoder() -> None:
    pcm = speech(2, 24_000)
    decoded = decode(encode(pcm), rate_hz=24_000)
    assert len(decoded) == len(pcm)
    alike = []
    for delay in range(140, 170):  # libopus looks 6.5 ms ahead
        a, b = pcm[12000:36000], decoded[12000 + delay : 36000 + delay]
        alike.append(float(np.corrcoef(a.astype(float), b.astype(float))[0, 1]))
    assert max(alike) > 0.8
    assert OpusEncoder(24_000).frame_bytes == 960
    assert len(OpusDecoder(48_000).conceal(960)) == 1920
