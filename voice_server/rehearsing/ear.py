"""What the caller's ear noticed of an answer: how loud it was when, and which words sounded.

Times are seconds since the call was up; levels are RMS of 20 ms frames, of 32768.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from signaling.listening import AUDIBLE_PEAK, FRAME_S, Heard
from voice_server.speech.tone import SOUNDING_SHARE, pitch_hz

SCALE = 8
"""Pitches of the voice that hums: a word lost or repeated is told by its pitch."""
LOWEST_HZ = 300.0
LOOK_BACK_S = 1.0
"""The level before a sound is that of the answer within this time."""
STILL_S = 0.3
"""An answer that was heard within this time is still being said."""
WORD_GAP_S = 0.1
"""Longer than the quiet between two words, and between two frames of the network."""
SOFTER = 0.6
"""A share of the level before; below it the answer has given way."""
FULL = 0.75
SILENCE_S = 0.3
HEARD_OF_WORD = 0.6
"""A word of which less sounded was cut off, and is not heard."""


@dataclass(frozen=True, slots=True)
class Ear:
    """Levels over a call: `at_s` and `rms` have shape (frames,)."""

    at_s: NDArray[np.float64]
    rms: NDArray[np.float64]
    peak: NDArray[np.int32]
    pcm: Sequence[bytes]
    rate_hz: int

    def level_before(self, at_s: float) -> float | None:
        """The answer's level just before `at_s`; None when none sounded."""
        here = (self.at_s > at_s - LOOK_BACK_S) & (self.at_s <= at_s) & (self.peak >= AUDIBLE_PEAK)
        if np.count_nonzero(here) < 5 or not self.sounds_between(at_s - STILL_S, at_s):
            return None
        return float(np.median(self.rms[here]))

    def gave_way_ms(self, onset_s: float, within_s: float) -> float | None:
        """How long after `onset_s` the answer was softer for a while; None within `within_s`."""
        before = self.level_before(onset_s)
        if before is None:
            return None
        for at_s in self.at_s[(self.at_s >= onset_s) & (self.at_s <= onset_s + within_s)]:
            if self._loudest(at_s, at_s + WORD_GAP_S) < SOFTER * before:
                return round((float(at_s) - onset_s) * 1000, 1)
        return None

    def silent_ms(self, onset_s: float, within_s: float) -> float | None:
        """How long after `onset_s` a silence of 300 ms began; None when none within `within_s`."""
        loud = self.at_s[(self.peak >= AUDIBLE_PEAK) & (self.at_s >= onset_s)]
        began = onset_s
        for at_s in (*loud, float(self.at_s[-1]) + FRAME_S if len(self.at_s) else onset_s):
            if at_s - began >= SILENCE_S:
                break
            began = float(at_s) + FRAME_S
        else:
            return None
        return round((began - onset_s) * 1000, 1) if began - onset_s <= within_s else None

    def is_full(self, onset_s: float, at_s: float) -> bool:
        """Whether the answer sounds at `at_s` as it did before `onset_s`."""
        before = self.level_before(onset_s)
        return before is not None and self._loudest(at_s - 0.3, at_s) >= FULL * before

    def _loudest(self, from_s: float, to_s: float) -> float:
        here = self.rms[(self.at_s >= from_s) & (self.at_s < to_s)]
        return float(here.max()) if len(here) else 0.0

    def sounds_between(self, from_s: float, to_s: float) -> bool:
        """Whether anything audible came in this time."""
        here = (self.at_s >= from_s) & (self.at_s < to_s)
        return bool((self.peak[here] >= AUDIBLE_PEAK).any())

    def sounding(self) -> list[tuple[float, float, bool]]:
        """(from, to, softer): the stretches in which something is heard, for the picture."""
        loud = self.peak >= AUDIBLE_PEAK
        if not loud.any():
            return []
        usual = float(np.percentile(self.rms[loud], 75))
        near = np.lib.stride_tricks.sliding_window_view(np.pad(self.rms, 3), 7).max(axis=1)
        stretches: list[tuple[float, float, bool]] = []
        for at_s, level, is_loud in zip(self.at_s, near, loud, strict=True):
            if not is_loud:
                continue
            softer = bool(level < 0.4 * usual)
            if stretches and at_s - stretches[-1][1] < WORD_GAP_S and stretches[-1][2] == softer:
                stretches[-1] = (stretches[-1][0], float(at_s) + FRAME_S, softer)
            else:
                stretches.append((float(at_s), float(at_s) + FRAME_S, softer))
        return [one for one in stretches if one[1] - one[0] > 1.5 * FRAME_S]

    def words(self, from_s: float, to_s: float, word_ms: float) -> list[int]:
        """The pitches of the humming voice, step by step, that sounded long enough for a word."""
        runs: list[list[float]] = []  # pitch, from, to, frames
        for at_s, peak, pcm in zip(self.at_s, self.peak, self.pcm, strict=True):
            if not from_s <= at_s <= to_s or peak < AUDIBLE_PEAK / 2:
                continue
            pitch = _step_of(pcm, self.rate_hz)
            if pitch is None:
                continue
            sounded_s = SOUNDING_SHARE * word_ms / 1000
            last = runs[-1] if runs else None
            if (
                last is not None
                and last[0] == pitch
                and at_s - last[2] < WORD_GAP_S / 2
                and at_s - last[1] < 1.4 * sounded_s
            ):
                last[2], last[3] = at_s, last[3] + 1
            else:
                runs.append([pitch, at_s, at_s, 1])
        least = HEARD_OF_WORD * SOUNDING_SHARE * word_ms / 20
        return [int(pitch) for pitch, _, _, frames in runs if frames >= least]


def ear_of(heard: Heard, up_s: float) -> Ear:
    """What was received, measured."""
    frames = list(heard)
    samples = [np.frombuffer(one.pcm, np.int16).astype(np.float64) for one in frames]
    return Ear(
        at_s=np.array([one.at_s - up_s for one in frames]),
        rms=np.array([np.sqrt(np.mean(one**2)) for one in samples]),
        peak=np.array([int(np.abs(one).max(initial=0)) for one in samples], np.int32),
        pcm=[one.pcm for one in frames],
        rate_hz=heard.rate_hz,
    )


def repeated_and_lost(steps: Sequence[int]) -> tuple[int, int]:
    """How many words sounded again, and how many are missing, in steps that should climb by one.

    A jump of up to half the scale is taken for missing words, a longer one for going back.
    """
    repeated = lost = 0
    for one, other in zip(steps, steps[1:], strict=False):
        jump = (other - one) % SCALE
        if 1 < jump <= SCALE // 2:
            lost += jump - 1
        elif jump != 1:
            repeated += (SCALE - jump) % SCALE + 1
    return repeated, lost


def _step_of(pcm: bytes, rate_hz: int) -> int | None:
    samples = np.frombuffer(pcm, np.int16).astype(np.float64)
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), 8192))
    hz = float(np.argmax(spectrum)) * rate_hz / 8192
    steps = [abs(hz - pitch_hz(LOWEST_HZ, step)) for step in range(SCALE)]
    nearest = int(np.argmin(steps))
    return nearest if steps[nearest] < LOWEST_HZ / 8 else None
