"""Speech at one level: a gain found on the first sounds of an utterance, then kept."""

from __future__ import annotations

import numpy as np

TARGET_RMS = 2600.0
"""Level of speech that the recogniser's first cepstral means belong to, of 32768."""

LOOK_MS = 200
"""Sound that is collected before the gain is set."""

FLOOR_RMS = 60.0
"""Frames below this are no speech (about -55 dBFS)."""

MOST_HELD_BYTES = 32_000
"""One second; older sound goes through as it is."""

MOST_GAIN, LEAST_GAIN = 16.0, 0.25

_FRAME = 160


class EvenLevel:
    """Holds audio back until LOOK_MS of it sounds, then lets all of it through with one gain."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._gain: float | None = None

    def feed(self, pcm: bytes) -> bytes:
        """The audio (mono s16le) that is ready; b'' while it is held back."""
        if self._gain is not None:
            return self._scaled(pcm)
        self._held += pcm
        levels = self._levels()
        sounding = levels[levels > max(FLOOR_RMS, 0.25 * float(levels.max(initial=0.0)))]
        if len(sounding) * 10 < LOOK_MS:
            return self._older() if len(self._held) > MOST_HELD_BYTES else b""
        rms = float(np.sqrt(np.mean(sounding**2)))
        self._gain = min(MOST_GAIN, max(LEAST_GAIN, TARGET_RMS / rms))
        return self.flush()

    def flush(self) -> bytes:
        """What is held back."""
        held, self._held = bytes(self._held), bytearray()
        return self._scaled(held)

    def _older(self) -> bytes:
        """The older half of what is held back: nobody has spoken in it."""
        half = len(self._held) // 4 * 2
        older = bytes(self._held[:half])
        del self._held[:half]
        return older

    def _scaled(self, pcm: bytes) -> bytes:
        if self._gain is None:
            return pcm
        wave = np.frombuffer(pcm, np.int16) * np.float32(self._gain)
        return bytes(np.clip(wave, -32768, 32767).astype("<i2"))

    def _levels(self) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        wave = np.frombuffer(bytes(self._held), np.int16)
        frames = wave[: len(wave) // _FRAME * _FRAME].reshape(-1, _FRAME).astype(np.float64)
        return np.asarray(np.sqrt(np.mean(frames**2, axis=1)))
