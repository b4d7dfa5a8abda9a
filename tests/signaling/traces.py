"""Packet traces (faults are data), and a run of the jitter buffer over them in simulated time."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from signaling.media.jitter import Conceal, JitterBuffer, Play, Recover, Silence, Step
from signaling.media.opus import OpusDecoder, OpusEncoder

TICKS = 960
FRAME_S = 0.02
PAYLOAD = b"\x48" + bytes(20)
"""20 ms by its first byte; the jitter buffer looks no further."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A packet as it arrives: `sent_s` and `at_s` on one clock, RTP numbers unwrapped."""

    at_s: float
    sent_s: float
    number: int
    timestamp: int
    payload: bytes = PAYLOAD


def trace(
    seconds: float,
    *,
    loss: float = 0.0,
    jitter_s: float = 0.0,
    reorder: bool = True,
    delay_s: float = 0.03,
    lose: Iterable[int] = (),
    payloads: list[bytes] | None = None,
    seed: int = 1,
) -> list[Arrival]:
    """20 ms packets in the order of their arrival. `jitter_s` is the width of a uniform delay."""
    chance = random.Random(seed)  # noqa: S311 - a simulation
    dropped = set(lose)
    arrivals: list[Arrival] = []
    latest = 0.0
    for number in range(round(seconds / FRAME_S)):
        sent = number * FRAME_S
        lost = chance.random() < loss or number in dropped
        at = sent + delay_s + chance.uniform(0, jitter_s)
        if not reorder:
            at = latest = max(at, latest)
        if not lost:
            payload = payloads[number] if payloads else PAYLOAD
            arrivals.append(Arrival(at, sent, number, number * TICKS, payload))
    return sorted(arrivals, key=lambda arrival: arrival.at_s)


class Handed(NamedTuple):
    """A step when it was handed on; `number` is that of the packet played, else -1."""

    at_s: float
    step: Step
    number: int


@dataclass(slots=True)
class Outcome:
    """What came out: per 20 ms of the sender's time, when it was handed on, and how."""

    handed_s: dict[int, float] = field(default_factory=dict)
    kinds: dict[int, type] = field(default_factory=dict)
    played_numbers: list[int] = field(default_factory=list)
    ticks: int = 0
    most_held: int = 0

    def delays_s(self, base_s: float) -> NDArray[np.float64]:
        """Time from each frame's earliest possible arrival to its being handed on."""
        return np.array([at - n * FRAME_S - base_s for n, at in sorted(self.handed_s.items())])


def run_buffer(arrivals: list[Arrival], *, offset: int = 0, tail_s: float = 0.2) -> Outcome:
    """Feed a jitter buffer and tick it every 20 ms. `offset` shifts the RTP numbers, to wrap."""
    buffer = JitterBuffer()
    outcome = Outcome()
    end = arrivals[-1].at_s + tail_s
    ticks = [FRAME_S * i + 0.007 for i in range(int(end / FRAME_S))]
    events: list[tuple[float, Arrival | None]] = [(a.at_s, a) for a in arrivals]
    events += [(at, None) for at in ticks]
    position: int | None = None
    for at, arrival in sorted(events, key=lambda event: event[0]):
        if arrival is not None:
            if position is None:
                position = arrival.timestamp
            buffer.insert(
                (arrival.number + offset) & 0xFFFF,
                (arrival.timestamp + offset * TICKS) & 0xFFFFFFFF,
                arrival.payload,
                at,
            )
        for step in buffer.pop(at):
            assert position is not None
            match step:
                case Play(_, ticks_) | Recover(_, ticks_) | Conceal(ticks_) | Silence(ticks_):
                    for _ in range(0, ticks_, TICKS):
                        outcome.handed_s.setdefault(position // TICKS, at)
                        outcome.kinds.setdefault(position // TICKS, type(step))
                        position += TICKS
                    outcome.ticks += ticks_
        outcome.most_held = max(outcome.most_held, buffer.held)
    return outcome


def held_back(arrivals: list[Arrival], first: int, seconds: float) -> list[Arrival]:
    """As from a sender that makes no packet for `seconds` before number `first` and then goes on
    with the next numbers, as one does that was muted or whose event loop stood still."""
    return [
        a if a.number < first else replace(a, at_s=a.at_s + seconds, sent_s=a.sent_s + seconds)
        for a in arrivals
    ]


def held_up(arrivals: list[Arrival], first: int, last: int) -> list[Arrival]:
    """As over a network that delivers what was sent from `first` on only together with `last`."""
    until = next(a.at_s for a in arrivals if a.number == last)
    return [
        replace(a, at_s=until) if first <= a.number < last else a
        for a in sorted(arrivals, key=lambda a: a.number)
    ]


def steps_of(arrivals: list[Arrival], *, tail_s: float = 0.1) -> tuple[JitterBuffer, list[Handed]]:
    """Everything that a jitter buffer hands on, ticked every 20 ms; the payload tells the number
    of a packet that is played."""
    buffer = JitterBuffer()
    handed: list[Handed] = []
    ticks = int((arrivals[-1].at_s + tail_s) / FRAME_S)
    events: list[tuple[float, Arrival | None]] = [(a.at_s, a) for a in arrivals]
    events += [(FRAME_S * i + 0.007, None) for i in range(ticks)]
    for at, arrival in sorted(events, key=lambda event: event[0]):
        if arrival is not None:
            payload = PAYLOAD + arrival.number.to_bytes(4, "big")
            buffer.insert(arrival.number & 0xFFFF, arrival.timestamp & 0xFFFFFFFF, payload, at)
        for step in buffer.pop(at):
            number = int.from_bytes(step.payload[-4:], "big") if isinstance(step, Play) else -1
            handed.append(Handed(at, step, number))
    return buffer, handed


def speech(seconds: float, rate_hz: int, *, seed: int = 3) -> NDArray[np.int16]:
    """A voiced sound with syllables: harmonics of 140 Hz, four bursts a second."""
    t = np.arange(round(seconds * rate_hz)) / rate_hz
    wave = sum(np.sin(2 * np.pi * 140 * k * t + k) / k for k in range(1, 12))
    wave = wave * (0.55 + 0.45 * np.sin(2 * np.pi * 4 * t))
    noise = np.random.default_rng(seed).normal(0, 0.02, len(t))
    return (np.clip((wave * 0.2 + noise), -1, 1) * 20000).astype(np.int16)


def encode(pcm: NDArray[np.int16], rate_hz: int = 24_000, *, loss: int = 0) -> list[bytes]:
    """Opus packets of 20 ms with in-band FEC."""
    encoder = OpusEncoder(rate_hz, loss=loss)
    data = pcm.tobytes()
    size = encoder.frame_bytes
    return [encoder.encode(data[i : i + size]) for i in range(0, len(data) - size + 1, size)]


def decode(packets: list[bytes], rate_hz: int = 16_000) -> NDArray[np.int16]:
    """The clean decoding of a whole stream."""
    decoder = OpusDecoder(rate_hz)
    return np.frombuffer(b"".join(decoder.decode(packet) for packet in packets), np.int16)
