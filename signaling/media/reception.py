"""What a receiver reports about a stream to its sender (RFC 3550 section 6.4.1, appendix A)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Reception:
    """Counts one source's packets. `arrival` and `timestamp` are in ticks of the stream's clock."""

    ssrc: int
    received: int = 0
    highest: int = 0
    _base: int | None = None
    _transit: float | None = None
    _jitter: float = 0.0
    _expected_before: int = 0
    _received_before: int = 0

    def count(self, sequence: int, timestamp: int, arrival: float) -> None:
        """Take one packet into account: 16-bit sequence number, 32-bit timestamp."""
        self.received += 1
        if self._base is None:
            self._base = self.highest = sequence
        ahead = (sequence - self.highest) & 0xFFFF
        if 0 < ahead < 0x8000:
            self.highest += ahead
        transit = arrival - timestamp
        if self._transit is not None and abs(transit - self._transit) < 0x40000000:
            self._jitter += (abs(transit - self._transit) - self._jitter) / 16
        self._transit = transit

    @property
    def jitter(self) -> int:
        """Interarrival jitter in ticks (appendix A.8)."""
        return int(self._jitter)

    @property
    def lost(self) -> int:
        """Packets lost since the beginning, within the signed 24 bits of a report."""
        expected = 0 if self._base is None else self.highest - self._base + 1
        return max(-0x800000, min(0x7FFFFF, expected - self.received))

    def fraction_lost(self) -> int:
        """Share lost since the last call, in 1/256 (appendix A.3)."""
        expected_all = 0 if self._base is None else self.highest - self._base + 1
        expected = expected_all - self._expected_before
        arrived = self.received - self._received_before
        self._expected_before, self._received_before = expected_all, self.received
        missing = expected - arrived
        return 0 if expected <= 0 or missing <= 0 else min(255, (missing << 8) // expected)
