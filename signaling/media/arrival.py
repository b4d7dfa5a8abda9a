"""When packets come: how late each is, and when the next ought to be there.

Pure: times are seconds on any steady clock, timestamps are in 48 kHz ticks.
"""

from __future__ import annotations

from collections import deque
from math import ceil

from signaling.media.opus import CLOCK_HZ

TARGET_FLOOR_S = 0.02
TARGET_CEILING_S = 0.2
_JUDGED_TOGETHER = 10


class ArrivalClock:
    """When a packet would arrive had it travelled as fast as the fastest did lately.

    `target_s` is the lateness that 97 % of the last packets kept to.
    """

    WINDOW_S = 2.0

    def __init__(self) -> None:
        self._fastest = self._before = self._window_ends = float("inf")
        self._lateness: deque[float] = deque(maxlen=250)
        self._first: list[float] = []
        self._unsorted = 0
        self.target_s = TARGET_FLOOR_S

    @property
    def offset_s(self) -> float:
        """What this clock adds to a timestamp: it rises with the network's delay and with every
        pause that the sender's timestamps do not count."""
        return min(self._fastest, self._before)

    def observe(self, timestamp: int, now: float) -> None:
        """Take a packet's arrival into account."""
        offset = now - timestamp / CLOCK_HZ
        if now >= self._window_ends or self._window_ends == float("inf"):
            self._before, self._fastest = self._fastest, offset
            self._window_ends = now + self.WINDOW_S
        elif offset < self._fastest:
            self._fastest = offset
        if len(self._first) < _JUDGED_TOGETHER:
            self._first.append(offset)
            if len(self._first) == _JUDGED_TOGETHER:
                for one in self._first:
                    self._was_late(one - self.offset_s)
        else:
            self._was_late(offset - self.offset_s)

    def restart(self) -> None:
        """Packets come again after none did. Whether they are late or their sender had paused,
        their own timing tells: the first of them are judged together."""
        self._fastest = self._before = self._window_ends = float("inf")
        self._first = []

    def expected(self, timestamp: int) -> float:
        """When the audio beginning at `timestamp` should have come."""
        return self.offset_s + timestamp / CLOCK_HZ

    def _was_late(self, lateness: float) -> None:
        self._lateness.append(lateness)
        self._unsorted += 9 if lateness > self.target_s else 1
        if self._unsorted >= 25:
            self._unsorted = 0
            ordered = sorted(self._lateness)
            wanted = ordered[ceil(0.97 * len(ordered)) - 1]
            self.target_s = min(TARGET_CEILING_S, max(TARGET_FLOOR_S, wanted))
