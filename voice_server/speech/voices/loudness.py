"""One loudness for every voice: a fixed gain per voice, found once on a sentence it says."""

from __future__ import annotations

import numpy as np

TARGET_RMS = 2600.0
"""Level of the sounding parts, of 32768: about -22 dBFS, the usual level of speech on calls."""

CEILING = 29_000.0
"""Samples are held below this (-1 dBFS)."""

CALIBRATION = "Give one gram of paracetamol by mouth every six hours."
"""What a voice says while it is opened, to warm it up and to find its level."""

_FRAME = 160


def gain_for(pcm: bytes) -> float:
    """The factor that brings speech (mono s16le) to TARGET_RMS, judged where it sounds."""
    wave = np.frombuffer(pcm, np.int16).astype(np.float64)
    frames = wave[: len(wave) // _FRAME * _FRAME].reshape(-1, _FRAME)
    levels = np.sqrt(np.mean(frames**2, axis=1))
    if not len(levels) or levels.max() < 1:
        return 1.0
    sounding = levels[levels > 0.1 * levels.max()]
    return float(np.clip(TARGET_RMS / np.sqrt(np.mean(sounding**2)), 0.1, 10.0))


def louder(pcm: bytes, gain: float) -> bytes:
    """`pcm` times `gain`, held below CEILING; as many samples out as in."""
    wave = np.frombuffer(pcm, np.int16) * np.float32(gain)
    return bytes(np.clip(wave, -CEILING, CEILING).astype("<i2"))
