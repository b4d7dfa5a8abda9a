"""Telling our own voice, come back through the caller's loudspeaker, from the caller.

What was played is known to the sample. A stretch of microphone audio that is a delayed, fainter
copy of it is echo, and tells how loud our voice comes back. What is no clean copy and yet no louder
than that is echo too: a stalling network plays it in pieces, its last traces drown in the room's
noise. So is a partial transcript made of the words we are just saying.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 8_000
STEP = RATE_HZ // 50
LONGEST_DELAY_S = 0.6
LOOK_S = 0.16
ECHO_SHARE = 0.35
"""Share of the microphone's energy that a copy of our voice must explain to be called echo."""
SURE_SHARE = 0.6
"""Share at which the copy's loudness is believed."""
LEARNED = 0.2
"""Weight of one sure copy: a caller's vowel that once resembles ours deafens nobody."""
KEPT = 0.998
"""What 20 ms of our voice leave of the loudness: it halves in 7 s in which no sure copy comes."""


class EchoGuard:
    """Both sides of one call in 20 ms steps, the reference and the microphone."""

    def __init__(self) -> None:
        self._look = int(LOOK_S * RATE_HZ)
        self._reference = np.zeros(self._look + int(LONGEST_DELAY_S * RATE_HZ), np.float32)
        self._microphone = np.zeros(self._look, np.float32)
        self._size = 1 << (len(self._reference) + self._look - 1).bit_length()
        self._sounding = 0
        self._loudness = 0.0
        """Of our voice in the microphone: its energy there for one of what was played."""

    def played(self, frame: NDArray[np.int16] | None) -> None:
        """20 ms that were sent at 24 kHz, or None for silence."""
        self._reference[:-STEP] = self._reference[STEP:]
        if frame is None:
            self._reference[-STEP:] = 0.0
            self._sounding = max(0, self._sounding - 1)
        else:
            self._reference[-STEP:] = frame.reshape(STEP, 3).mean(axis=1)
            self._sounding = len(self._reference) // STEP
            self._loudness *= KEPT

    def heard(self, pcm: bytes) -> None:
        """20 ms from the microphone at 16 kHz."""
        samples = np.frombuffer(pcm, np.int16)
        self._microphone[:-STEP] = self._microphone[STEP:]
        self._microphone[-STEP:] = samples.reshape(STEP, 2).mean(axis=1)

    def is_echo(self) -> bool:
        """Whether nothing but our own voice is in the last moment of the microphone."""
        if self._sounding == 0:
            return False
        microphone = self._microphone - self._microphone.mean()
        energy = float(np.dot(microphone, microphone))
        spectrum = np.fft.rfft(self._reference, self._size)
        product = np.fft.irfft(spectrum * np.conj(np.fft.rfft(microphone, self._size)), self._size)
        squares = np.concatenate(([0.0], np.cumsum(self._reference.astype(np.float64) ** 2)))
        played = np.maximum(squares[self._look :] - squares[: -self._look], 1e4)
        copies = product[: len(played)] ** 2 / played
        best = int(copies.argmax())
        copied, loudest = float(copies[best]), float(played.max())
        if copied >= SURE_SHARE * energy and played[best] >= loudest / 4:
            self._loudness += LEARNED * (min(1.0, copied / played[best]) - self._loudness)
        return copied >= ECHO_SHARE * energy or energy - copied <= self._loudness * loudest


def is_our_own(partial: str, said: str) -> bool:
    """Whether every word of a partial transcript is among the words we are saying, in order.

    A caller who uses one of our words to cut in ("stop", "no", "wait") is never taken for echo.
    """
    heard = _words(partial)
    if not heard or any(word in _COMMANDS for word in heard):
        return False
    ours = _words(said)
    start = 0
    matched = 0
    for word in heard:
        try:
            start = ours.index(word, start) + 1
            matched += 1
        except ValueError:
            continue
    return matched >= max(1, round(0.75 * len(heard)))


_COMMANDS = frozenset(("stop", "wait", "no", "hold", "pause", "sorry", "hang", "excuse"))


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9']+", text.lower())
