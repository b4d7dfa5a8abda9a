"""The jitter buffer: packets in with their arrival time, steps for the decoder out.

The listener is a machine, so there is no playout clock to fill ahead of: a packet that is next in
line is handed on at once, and time is spent only on what is missing. A hole is waited for just as
long as this network has lately reordered packets, then recovered from the following packet's FEC
or concealed. When nothing comes at all the stream's clock is kept going with concealment. What
comes then is handed on from where the sender stopped, and its timing tells what happened: packets
that catch up with the clock were late, and the time given out twice is `owed_ticks`, repaid by the
caller from quiet moments; packets that keep their distance follow a pause that the sender did not
count, and the concealment was that pause. So neither a loss nor a pause leaves a lasting lag.

Pure: no clock, no I/O. Times are seconds on any steady clock, audio time is in 48 kHz ticks.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import NamedTuple

from signaling.media.arrival import ArrivalClock
from signaling.media.opus import CLOCK_HZ, packet_ticks

DROUGHT_EXTRA_S = 0.08
"""On top of the target: how much longer to wait when nothing newer has come either."""

MOST_HELD = 100
MOST_GAP_TICKS = CLOCK_HZ
"""A longer jump of the sender's clock is a pause: it is not filled."""

MOST_DROUGHT_TICKS = 2 * CLOCK_HZ
MOST_OWED_TICKS = 2 * CLOCK_HZ
SETTLE_S = 1.0
"""After a drought: how long the packets that follow it may take to show that they were late."""

MOST_SEQUENCE_JUMP = 300
REORDER_MEMORY_S = 5.0
_FRAME_TICKS = 960


class Play(NamedTuple):
    """Decode this packet."""

    payload: bytes
    ticks: int


class Recover(NamedTuple):
    """Decode the FEC copy of the lost packet before `following`."""

    following: bytes
    ticks: int


class Conceal(NamedTuple):
    """This much audio is missing."""

    ticks: int


class Silence(NamedTuple):
    """The sender sent nothing for this long, as it does when nobody speaks."""

    ticks: int


Step = Play | Recover | Conceal | Silence


@dataclass(slots=True)
class Counters:
    """What became of the packets and of the audio time (ticks), since the stream began."""

    received: int = 0
    duplicate: int = 0
    late: int = 0
    discarded: int = 0
    played_ticks: int = 0
    recovered_ticks: int = 0
    concealed_ticks: int = 0
    silent_ticks: int = 0


class _Held(NamedTuple):
    timestamp: int
    ticks: int
    payload: bytes


@dataclass(slots=True)
class JitterBuffer:
    """Reorders one stream. `insert` each packet as it comes; `pop` then, and every 20 ms."""

    counters: Counters = field(default_factory=Counters)
    owed_ticks: int = 0
    _clock: ArrivalClock = field(default_factory=ArrivalClock)
    _held: dict[int, _Held] = field(default_factory=dict)
    _given_up: deque[int] = field(default_factory=lambda: deque(maxlen=64))
    _next: int | None = None
    _next_timestamp: int = 0
    _highest: int = 0
    _last_timestamp: int = 0
    _probation: int | None = None
    _reordered_until: float = 0.0
    _last_arrival: float = 0.0
    _last_ticks: int = _FRAME_TICKS
    _drought_ticks: int = 0
    _offset_before_s: float = 0.0
    _settled_at: float = 0.0
    _twice_ticks: int = 0

    @property
    def target_s(self) -> float:
        """How long a missing packet is waited for while this network reorders, in seconds."""
        return self._clock.target_s

    @property
    def held(self) -> int:
        """Packets waiting for an earlier one."""
        return len(self._held)

    def insert(self, sequence: int, timestamp: int, payload: bytes, now: float) -> None:
        """Take a packet: 16-bit sequence number, 32-bit timestamp, Opus payload."""
        ticks = packet_ticks(payload)
        if not ticks:
            self.counters.discarded += 1
            return
        if self._next is None:
            self._begin(sequence, timestamp)
        jump = _signed(sequence - self._highest, 16)
        if abs(jump) > MOST_SEQUENCE_JUMP:
            # RFC 3550 appendix A.1: a far jump counts once its successor follows.
            if self._probation != sequence:
                self._probation = (sequence + 1) & 0xFFFF
                self.counters.discarded += 1
                return
            self._begin(sequence, timestamp)
            jump = 0
        self._probation = None
        number = self._highest + jump
        extended = self._last_timestamp + _signed(timestamp - self._last_timestamp, 32)
        assert self._next is not None  # noqa: S101 - set by _begin
        if number in self._held or (number < self._next and number not in self._given_up):
            self.counters.duplicate += 1
            return
        self.counters.received += 1
        self._last_arrival = now
        if self._drought_ticks and number > self._highest and not self._held:
            self._offset_before_s = self._clock.offset_s
            self._settled_at = now + SETTLE_S
            self._twice_ticks = 0
            self._clock.restart()
        self._clock.observe(extended, now)
        self._settle(now)
        if number < self._highest:
            self._reordered_until = now + REORDER_MEMORY_S
        else:
            self._highest = number
            self._last_timestamp = extended
        if number < self._next:
            self._given_up.remove(number)
            self.counters.late += 1
            return
        self._held[number] = _Held(extended, ticks, payload)

    def pop(self, now: float) -> list[Step]:
        """Everything that can be handed on by now, in order."""
        steps: list[Step] = []
        if self._next is None:
            return steps
        while True:
            if held := self._held.pop(self._next, None):
                self._play(held, now, steps)
            elif not self._held:
                self._bridge_drought(now, steps)
                return steps
            elif self._waiting(now):
                return steps
            else:
                self._give_up(steps)

    def _begin(self, sequence: int, timestamp: int) -> None:
        self._next = self._highest = sequence
        self._next_timestamp = self._last_timestamp = timestamp
        self._held.clear()
        self._given_up.clear()
        self._clock = ArrivalClock()
        self._drought_ticks = self._twice_ticks = 0

    def _waiting(self, now: float) -> bool:
        if len(self._held) >= MOST_HELD or now >= self._reordered_until:
            return False
        # After a drought the first packet held may lie before what has been given out.
        begins = min(self._next_timestamp, self._held[min(self._held)].timestamp)
        return now < self._clock.expected(begins) + self._clock.target_s

    def _play(self, held: _Held, now: float, steps: list[Step]) -> None:
        assert self._next is not None  # noqa: S101 - pop checked
        self._next += 1
        gap = held.timestamp - self._next_timestamp
        if abs(gap) > MOST_GAP_TICKS + MOST_DROUGHT_TICKS:
            self._clock = ArrivalClock()
            self._clock.observe(held.timestamp, now)
            self._twice_ticks = 0
        elif 0 < gap <= MOST_GAP_TICKS:
            self._emit_silence(gap, steps)
        elif gap < 0:
            self._twice_ticks = min(-gap, self._drought_ticks)
        self._drought_ticks = 0
        steps.append(Play(held.payload, held.ticks))
        self.counters.played_ticks += held.ticks
        self._next_timestamp = held.timestamp + held.ticks
        self._last_ticks = held.ticks

    def _settle(self, now: float) -> None:
        """Owed is what was given out twice, less the time by which the packets after the drought
        stay behind the clock before it."""
        if not self._twice_ticks:
            return
        if now > self._settled_at:
            self._twice_ticks = 0
            return
        behind = round((self._clock.offset_s - self._offset_before_s) * CLOCK_HZ)
        late = max(0, self._twice_ticks - max(0, behind))
        self._twice_ticks -= late
        self.owed_ticks = min(MOST_OWED_TICKS, self.owed_ticks + late)

    def _give_up(self, steps: list[Step]) -> None:
        """The packets before the first held one are lost: fill their time."""
        assert self._next is not None  # noqa: S101 - pop checked
        number = min(self._held)
        following = self._held[number]
        self._given_up.extend(range(self._next, number))
        missing = number - self._next
        self._next = number
        gap = following.timestamp - self._next_timestamp
        if not 0 < gap <= MOST_GAP_TICKS:
            return
        lost = min(gap, missing * following.ticks)
        if gap > lost:
            self._emit_silence(gap - lost, steps)
        if lost > following.ticks:
            steps.append(Conceal(lost - following.ticks))
            self.counters.concealed_ticks += lost - following.ticks
            lost = following.ticks
        steps.append(Recover(following.payload, lost))
        self.counters.recovered_ticks += lost
        self._next_timestamp = following.timestamp

    def _bridge_drought(self, now: float, steps: list[Step]) -> None:
        silent_s = now - self._last_arrival - self._clock.target_s - DROUGHT_EXTRA_S
        due = min(MOST_DROUGHT_TICKS, silent_s * CLOCK_HZ - self._last_ticks)
        while self._drought_ticks < due:
            steps.append(Conceal(_FRAME_TICKS))
            self.counters.concealed_ticks += _FRAME_TICKS
            self._drought_ticks += _FRAME_TICKS
            self._next_timestamp += _FRAME_TICKS

    def _emit_silence(self, ticks: int, steps: list[Step]) -> None:
        steps.append(Silence(ticks))
        self.counters.silent_ticks += ticks


def _signed(value: int, bits: int) -> int:
    """`value` modulo 2**bits, as the nearest signed number: serial arithmetic (RFC 1982)."""
    half = 1 << (bits - 1)
    return ((value + half) & ((1 << bits) - 1)) - half
