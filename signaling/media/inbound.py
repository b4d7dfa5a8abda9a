"""The caller's voice: RTP packets in, 20 ms frames of PCM out, decoded as they come."""

from __future__ import annotations

from collections.abc import Callable
from struct import unpack_from

from signaling.media.jitter import Conceal, JitterBuffer, Play, Recover, Silence, Step
from signaling.media.opus import CLOCK_HZ, FRAME_MS, OpusDecoder, OpusError
from signaling.media.reception import Reception
from signaling.media.rtp import RtpPacket

OnAudio = Callable[[bytes, int, bool], None]
"""(20 ms of mono s16le, its position in the stream in ms, whether it was lost and guessed)."""

QUIET_PEAK = 330
"""-40 dBFS: a frame that never exceeds it may be skipped to repay owed time."""

PATIENT_OWED_TICKS = CLOCK_HZ // 10
IMPATIENCE = 1.01
"""While more than 100 ms are owed, a frame may be this much louder than the one before to be
skipped: who never falls quiet is caught up with at the quietest moments there are."""

PREVIOUS_SOURCE_S = 1.0
FRAME_TICKS = FRAME_MS * CLOCK_HZ // 1000
_MOST_GUESS_TICKS = 2880
_GUESS_STEP_TICKS = 120


class InboundAudio:
    """One stream's receive path, single-threaded. Call `packet` for each, `tick` every 20 ms.

    `on_audio` is called as soon as a frame is whole; its position counts the audio handed out, so
    it never jumps. `rate_hz` is 8, 12, 16, 24 or 48 kHz.
    """

    def __init__(self, on_audio: OnAudio, *, rate_hz: int = 16_000) -> None:
        self.buffer = JitterBuffer()
        self.reception: Reception | None = None
        self._on_audio = on_audio
        self._divisor = CLOCK_HZ // rate_hz
        self._frame_bytes = rate_hz * FRAME_MS // 1000 * 2
        self._decoder = OpusDecoder(rate_hz)
        self._previous_ssrc: int | None = None
        self._heard_at = 0.0
        self._position_ms = 0
        self._pending = bytearray()
        self._pending_concealed = False
        self._guessed_ticks = 0
        self._skipped_peak: float = QUIET_PEAK

    def packet(self, packet: RtpPacket, now: float) -> None:
        """Take a packet that has just arrived; `now` in seconds on a steady clock."""
        if not self._ours(packet.ssrc, now):
            return
        self._heard_at = now
        if self.reception is not None:
            self.reception.count(packet.sequence, packet.timestamp, now * CLOCK_HZ)
        self.buffer.insert(packet.sequence, packet.timestamp, packet.payload, now)
        self.tick(now)

    def tick(self, now: float) -> None:
        """Let time pass: give up on what stays away too long."""
        for step in self.buffer.pop(now):
            self._render(step)

    def _ours(self, ssrc: int, now: float) -> bool:
        """A new source takes over at once; the one before is ignored while the new one speaks."""
        if self.reception is not None:
            if ssrc == self.reception.ssrc:
                return True
            if ssrc == self._previous_ssrc and now - self._heard_at < PREVIOUS_SOURCE_S:
                return False
            self._previous_ssrc = self.reception.ssrc
            counters = self.buffer.counters
            self.buffer = JitterBuffer(counters=counters)
            self._decoder.reset()
        self.reception = Reception(ssrc)
        return True

    def _render(self, step: Step) -> None:
        match step:
            case Play(payload, ticks):
                try:
                    pcm = self._decoder.decode(payload)
                except OpusError:
                    self._guess(ticks)
                    return
                self._guessed_ticks = 0
                self._emit(pcm, concealed=False)
            case Recover(following, ticks):
                if ticks % _GUESS_STEP_TICKS:
                    self._guess(ticks)
                    return
                try:
                    pcm = self._decoder.recover(following, ticks)
                except OpusError:
                    self._guess(ticks)
                    return
                self._emit(pcm, concealed=True)
            case Conceal(ticks):
                self._guess(ticks)
            case Silence(ticks):
                self._emit(bytes(ticks // self._divisor * 2), concealed=False)

    def _guess(self, ticks: int) -> None:
        """Up to 60 ms from the decoder's concealment, then silence."""
        guess = min(ticks, max(0, _MOST_GUESS_TICKS - self._guessed_ticks))
        guess -= guess % _GUESS_STEP_TICKS
        self._guessed_ticks += ticks
        if guess:
            self._emit(self._decoder.conceal(guess), concealed=True)
        if ticks > guess:
            self._emit(bytes((ticks - guess) // self._divisor * 2), concealed=True)

    def _emit(self, pcm: bytes, *, concealed: bool) -> None:
        if not self._pending and len(pcm) == self._frame_bytes:
            self._hand_out(pcm, concealed)
            return
        self._pending += pcm
        self._pending_concealed |= concealed
        while len(self._pending) >= self._frame_bytes:
            frame = bytes(self._pending[: self._frame_bytes])
            del self._pending[: self._frame_bytes]
            self._hand_out(frame, self._pending_concealed)
            self._pending_concealed = concealed
        if not self._pending:
            self._pending_concealed = False

    def _hand_out(self, frame: bytes, concealed: bool) -> None:
        if self.buffer.owed_ticks >= FRAME_TICKS and self._dispensable(frame, concealed):
            self.buffer.owed_ticks -= FRAME_TICKS
            return
        position = self._position_ms
        self._position_ms += FRAME_MS
        self._on_audio(frame, position, concealed)

    def _dispensable(self, frame: bytes, concealed: bool) -> bool:
        if self.buffer.owed_ticks <= PATIENT_OWED_TICKS:
            self._skipped_peak = QUIET_PEAK
        if concealed:
            return True
        samples = unpack_from(f"<{len(frame) // 2}h", frame)
        peak = max(max(samples), -min(samples))
        if peak < self._skipped_peak:
            self._skipped_peak = max(QUIET_PEAK, peak)
            return True
        self._skipped_peak *= IMPATIENCE
        return False
