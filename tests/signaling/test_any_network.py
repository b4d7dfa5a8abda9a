"""The receive path under any sender and any network: everything that comes is heard or counted,
time goes on at 50 frames a second, and as soon as the line is good again nothing waits."""

from __future__ import annotations

import random
import tracemalloc
from dataclasses import dataclass

from hypothesis import example, given, settings
from hypothesis import strategies as st

from signaling.media.arrival import TARGET_CEILING_S
from signaling.media.inbound import InboundAudio
from signaling.media.jitter import DROUGHT_EXTRA_S, MOST_HELD, MOST_OWED_TICKS, JitterBuffer, Play
from signaling.media.opus import CLOCK_HZ
from signaling.media.rtp import RtpPacket
from tests.signaling.traces import FRAME_S, PAYLOAD, TICKS, encode, speech

VOICE = encode(speech(4, 24_000))
GOOD_S = 4.0
"""At the end of every call: a line without fault."""
PATIENCE_S = TARGET_CEILING_S + DROUGHT_EXTRA_S + 3 * FRAME_S


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a call. The sender talks for `packets`; then, for `gap_s`, it makes no packet
    and its clock stands still ("paused") or goes on ("silent"), the network holds packets up and
    delivers them together ("stalled"), or it loses them ("lost")."""

    packets: int
    gap: str
    gap_s: float


@dataclass(frozen=True, slots=True)
class Line:
    """A call over a network. `drift_ppm` is how much faster the sender's clock runs."""

    passages: list[Passage]
    loss: float
    duplication: float
    jitter_s: float
    reorder: bool
    drift_ppm: int
    first_sequence: int
    first_timestamp: int
    seed: int


@dataclass(frozen=True, slots=True)
class Packet:
    at_s: float
    number: int
    timestamp: int


lines = st.builds(
    Line,
    passages=st.lists(
        st.builds(
            Passage,
            st.integers(5, 120),
            st.sampled_from(["paused", "silent", "stalled", "lost"]),
            st.floats(0.02, 1.5),
        ),
        max_size=6,
    ),
    loss=st.sampled_from([0.0, 0.01, 0.1]),
    duplication=st.sampled_from([0.0, 0.05]),
    jitter_s=st.sampled_from([0.0, 0.02, 0.08]),
    reorder=st.booleans(),
    drift_ppm=st.integers(-200, 200),
    first_sequence=st.integers(0, 0xFFFF) | st.integers(0xFF00, 0xFFFF),
    first_timestamp=st.integers(0, 2**32 - 1) | st.integers(2**32 - 200_000, 2**32 - 1),
    seed=st.integers(0, 2**16),
)


def arrivals(line: Line) -> tuple[list[Packet], float]:
    """(packets as they come, how many seconds the sender's clock went on)."""
    chance = random.Random(line.seed)  # noqa: S311 - a simulation
    packets: list[Packet] = []
    now, number, counted, latest, held_up_until = 0.1, 0, 0, 0.0, 0.0
    frame_s = FRAME_S / (1 + line.drift_ppm / 1e6)

    def send(*, lost: bool = False, good: bool = False) -> None:
        nonlocal now, number, counted, latest
        at = max(held_up_until, now + (0 if good else chance.uniform(0, line.jitter_s)))
        if not line.reorder or good:
            at = latest = max(at, latest)
        if not lost and (good or chance.random() >= line.loss):
            packets.append(Packet(at, number, counted))
            if not good and chance.random() < line.duplication:
                packets.append(Packet(at + chance.uniform(0, 0.05), number, counted))
        now, number, counted = now + frame_s, number + 1, counted + TICKS

    for passage in line.passages:
        for _ in range(passage.packets):
            send()
        frames = round(passage.gap_s / FRAME_S)
        match passage.gap:
            case "paused":
                now += passage.gap_s
            case "silent":
                now, counted = now + frames * frame_s, counted + frames * TICKS
            case stalled_or_lost:
                held_up_until = now + passage.gap_s
                for _ in range(frames):
                    send(lost=stalled_or_lost == "lost")
    latest = max([latest, *(packet.at_s for packet in packets)])
    now = max(now, latest)
    for _ in range(round(GOOD_S / FRAME_S)):
        send(good=True)
    packets.sort(key=lambda packet: packet.at_s)
    packets = [packet for packet in packets if packet.number >= packets[0].number]
    return packets, (counted - packets[0].timestamp) / CLOCK_HZ


def events(packets: list[Packet]) -> list[tuple[float, Packet | None]]:
    """The packets and, every 20 ms, the call's timer (None), in the order of time."""
    timer = [(FRAME_S * step, None) for step in range(round(packets[-1].at_s / FRAME_S))]
    return sorted([*((p.at_s, p) for p in packets), *timer], key=lambda event: event[0])


PAUSE = Passage(60, "paused", 1.5)
STALL = Passage(60, "stalled", 1.5)
PAUSES = Line([PAUSE, PAUSE, PAUSE], 0.0, 0.0, 0.0, False, 200, 65500, 2**32 - 5000, 1)
STALLS = Line([STALL, PAUSE, STALL], 0.1, 0.05, 0.08, True, -200, 65500, 2**32 - 5000, 2)


@settings(deadline=None, max_examples=80)
@given(lines)
@example(PAUSES)
@example(STALLS)
def test_what_comes_is_played_once_in_order_and_waits_for_others_only_briefly(line: Line) -> None:
    packets, _ = arrivals(line)
    buffer = JitterBuffer()
    came: dict[int, float] = {}
    played: list[int] = []
    waits: list[tuple[float, float]] = []
    for now, packet in events(packets):
        if packet is not None:
            came.setdefault(packet.number, now)
            sequence = (packet.number + line.first_sequence) & 0xFFFF
            timestamp = (packet.timestamp + line.first_timestamp) & 0xFFFFFFFF
            buffer.insert(sequence, timestamp, PAYLOAD + packet.number.to_bytes(4, "big"), now)
        for step in buffer.pop(now):
            if isinstance(step, Play):
                played.append(int.from_bytes(step.payload[-4:], "big"))
                waits.append((now, now - came[played[-1]]))
        assert buffer.held <= MOST_HELD
        assert 0 <= buffer.owed_ticks <= MOST_OWED_TICKS
    counters = buffer.counters
    assert played == sorted(set(played))
    assert len(played) + counters.late == len(came) == counters.received
    assert counters.late + counters.duplicate <= len(packets) - len(played)
    if not line.reorder:
        assert counters.late == 0
    assert max(wait for _, wait in waits) <= TARGET_CEILING_S + 2 * FRAME_S
    assert max(wait for at, wait in waits if at > packets[-1].at_s - GOOD_S / 2) == 0


@settings(deadline=None, max_examples=60)
@given(lines)
@example(PAUSES)
@example(STALLS)
def test_fifty_frames_are_heard_a_second_and_no_time_is_lost_or_made_up(line: Line) -> None:
    packets, counted_s = arrivals(line)
    handed: list[float] = []
    positions: list[int] = []
    sizes: set[int] = set()
    now = 0.0

    def hear(pcm: bytes, at_ms: int, guessed: bool) -> None:
        handed.append(now)
        positions.append(at_ms)
        sizes.add(len(pcm))

    path = InboundAudio(hear)
    longest_quiet = 0.0
    repaying = False
    for now, packet in events(packets):
        frames, heard_before = len(handed), handed[-1] if handed else now
        if packet is not None:
            sequence = (packet.number + line.first_sequence) & 0xFFFF
            timestamp = (packet.timestamp + line.first_timestamp) & 0xFFFFFFFF
            payload = VOICE[packet.number % len(VOICE)]
            path.packet(RtpPacket(96, sequence, timestamp, 7, payload), now)
        path.tick(now)
        if len(handed) > frames:
            if not repaying:
                longest_quiet = max(longest_quiet, now - heard_before)
            repaying = False
        repaying |= path.buffer.owed_ticks > 0
    assert sizes == {640}
    assert positions == [20 * n for n in range(len(positions))]
    assert longest_quiet <= PATIENCE_S
    given_s, owed_s = len(handed) * FRAME_S, path.buffer.owed_ticks / CLOCK_HZ
    assert given_s + owed_s >= 0.97 * counted_s
    assert given_s - owed_s <= 1.03 * (now - packets[0].at_s) + PATIENCE_S
    last = [at for at in handed if at > now - 1.0]
    assert len(last) + round(owed_s / FRAME_S) >= 49


def test_ten_minutes_of_a_bad_network_take_no_memory() -> None:
    chance = random.Random(4)  # noqa: S311 - a simulation
    buffer = JitterBuffer()

    def minutes(first: int, last: int) -> None:
        for number in range(first * 3000, last * 3000):
            now = number * FRAME_S
            if chance.random() > 0.1:
                swapped = number ^ 1 if chance.random() < 0.1 else number
                timestamp = swapped * TICKS & 0xFFFFFFFF
                buffer.insert(swapped & 0xFFFF, timestamp, PAYLOAD, now)
            buffer.pop(now)

    minutes(0, 1)
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        minutes(1, 10)
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert buffer.counters.received > 20_000
    assert grown < 20_000
