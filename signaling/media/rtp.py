"""RTP packets as the media path needs them (RFC 3550): parse what came, write what goes."""

from __future__ import annotations

from struct import Struct
from typing import NamedTuple

_FIXED = Struct("!BBHLL")
_EXTENSION = Struct("!HH")


class RtpPacket(NamedTuple):
    """One packet: 16-bit sequence number, 32-bit timestamp (48 kHz for Opus), payload bytes."""

    payload_type: int
    sequence: int
    timestamp: int
    ssrc: int
    payload: bytes


def parse(data: bytes) -> RtpPacket | None:
    """The packet in `data`, without padding and header extensions; None when it is malformed."""
    size = len(data)
    if size < 12:
        return None
    first, second, sequence, timestamp, ssrc = _FIXED.unpack_from(data)
    if first >> 6 != 2:
        return None
    start = 12 + 4 * (first & 0x0F)
    if first & 0x10:
        if size < start + 4:
            return None
        start += 4 + 4 * _EXTENSION.unpack_from(data, start)[1]
    if first & 0x20:
        padding = data[-1]
        if padding == 0:
            return None
        size -= padding
    if size < start:
        return None
    return RtpPacket(second & 0x7F, sequence, timestamp, ssrc, data[start:size])


class RtpWriter:
    """Writes the headers of one outgoing stream; sequence and timestamp wrap by themselves.

    `mid_extension` is the negotiated header extension id of the media section's name (RFC 9143),
    None leaves it out.
    """

    def __init__(
        self,
        *,
        payload_type: int,
        ssrc: int,
        sequence: int,
        timestamp: int,
        mid: str = "",
        mid_extension: int | None = None,
    ) -> None:
        self.payload_type = payload_type
        self.ssrc = ssrc
        self.sequence = sequence & 0xFFFF
        self.timestamp = timestamp & 0xFFFFFFFF
        self.packets = 0
        self.octets = 0
        self._extension = _mid_extension(mid, mid_extension)
        self._first = 0x90 if self._extension else 0x80

    def write(self, payload: bytes, ticks: int, *, marker: bool = False) -> bytes:
        """The next packet; the stream's clock then moves on by `ticks`."""
        header = _FIXED.pack(
            self._first,
            self.payload_type | (0x80 if marker else 0),
            self.sequence,
            self.timestamp,
            self.ssrc,
        )
        self.sequence = (self.sequence + 1) & 0xFFFF
        self.advance(ticks)
        self.packets += 1
        self.octets += len(payload)
        return header + self._extension + payload

    def advance(self, ticks: int) -> None:
        """Let time pass without a packet."""
        self.timestamp = (self.timestamp + ticks) & 0xFFFFFFFF


def _mid_extension(mid: str, number: int | None) -> bytes:
    value = mid.encode()
    if number is None or not 1 <= number <= 14 or not 1 <= len(value) <= 16:
        return b""
    body = bytes([(number << 4) | (len(value) - 1)]) + value
    body += bytes(-len(body) % 4)
    return _EXTENSION.pack(0xBEDE, len(body) // 4) + body
