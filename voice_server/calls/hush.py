"""The moment a voice falls silent, from its level alone: some 70 ms before the voice detector lets
go of it. Between two syllables it can be just as quiet, so it is worth a guess and no more.
"""

from __future__ import annotations

import numpy as np

FALLEN = 0.1
"""-20 dB from the loudest of the last moments."""
FADE = 0.98
"""What is left of a loud moment after each 20 ms: half after 0.7 s."""
FAINTEST = 200.0
"""Level, of 32768, that a voice must have had."""


class Hush:
    """Follows one caller's level, 20 ms at a time."""

    def __init__(self) -> None:
        self._loudest = 0.0
        self._quiet = True

    def begins(self, pcm: bytes) -> bool:
        """Whether a voice fell silent with this frame of s16le."""
        samples = np.frombuffer(pcm, np.int16).astype(np.float32)
        level = float(np.sqrt(np.dot(samples, samples) / len(samples)))
        self._loudest = max(level, self._loudest * FADE)
        was_quiet = self._quiet
        self._quiet = level < self._loudest * FALLEN
        return self._quiet and not was_quiet and self._loudest > FAINTEST
