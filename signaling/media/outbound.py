"""Our voice: pulled 20 ms at a time when a packet is due, encoded and written as RTP; no queue."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

from signaling.media.opus import CLOCK_HZ, FRAME_MS, OpusEncoder
from signaling.media.rtp import RtpWriter

FRAME_S = FRAME_MS / 1000
FRAME_TICKS = CLOCK_HZ * FRAME_MS // 1000
MOST_CATCH_UP_S = 0.06
GRID_S = 0.005
QUIET_FRAMES = 10
"""Silence that is still encoded, so that the decoder at the far end settles before the pause."""

SILENT_PACKET = b"\x48"
"""A SILK wideband 20 ms packet without a frame: the far end plays comfort noise or silence
(RFC 6716 section 3.1, table 2, configuration 9)."""

Speak = Callable[[], bytes | None]
"""20 ms of mono s16le at the encoder's rate, or None when there is nothing to say."""


class Pacer:
    """When packets are due: every 20 ms by the clock, without drift or a burst after a stall.

    It begins on a grid of 5 ms, so that the timers of many calls fire together.
    """

    def __init__(self, start: float) -> None:
        self.due = ceil(start / GRID_S) * GRID_S

    def take(self, now: float) -> int:
        """Frames that passed unsent, when one is due now (0 normally); the next is then due."""
        behind = now - self.due
        missed = int(behind / FRAME_S) if behind > MOST_CATCH_UP_S else 0
        self.due += (missed + 1) * FRAME_S
        return missed


class OutboundAudio:
    """Makes the packets of one outgoing stream."""

    def __init__(self, speak: Speak, encoder: OpusEncoder, writer: RtpWriter) -> None:
        self._speak = speak
        self._encoder = encoder
        self.writer = writer
        self._quiet = QUIET_FRAMES
        self._silence = bytes(encoder.frame_bytes)

    def next(self, missed: int = 0) -> bytes:
        """The packet due now; `missed` frames of time passed before it without one."""
        if missed:
            self.writer.advance(missed * FRAME_TICKS)
        pcm = self._speak()
        if pcm is None:
            self._quiet += 1
            if self._quiet > QUIET_FRAMES:
                return self.writer.write(SILENT_PACKET, FRAME_TICKS)
            return self.writer.write(self._encoder.encode(self._silence), FRAME_TICKS)
        begins = self._quiet > QUIET_FRAMES
        self._quiet = 0
        return self.writer.write(self._encoder.encode(pcm), FRAME_TICKS, marker=begins)

    def expect_loss(self, percent: int) -> None:
        """Spend bits on FEC for the loss that the far end reports, in percent."""
        self._encoder.expect_loss(percent)
