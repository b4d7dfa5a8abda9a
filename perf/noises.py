"""Sounds of a ward in which nobody speaks, made anew from a fixed seed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

RATE_HZ = 16_000


def ward_noises(seconds: int) -> dict[str, Any]:
    """Each noise by name: float samples at 16 kHz with an RMS of 1, shape (seconds * 16000,)."""
    count = RATE_HZ * seconds
    chance = np.random.default_rng(1)
    white = chance.normal(0, 1, count)
    at_s = np.arange(count) / RATE_HZ

    def coloured(shape: Callable[[Any], Any]) -> Any:
        return np.fft.irfft(np.fft.rfft(white) * shape(np.fft.rfftfreq(count, 1 / RATE_HZ)), count)

    noises = {
        "white": white,
        "ventilation": coloured(lambda f: 1 / np.maximum(f, 20)),
        "mains hum": np.sin(2 * np.pi * 50 * at_s) + 0.3 * white,
        "monitor beep": np.sin(2 * np.pi * 960 * at_s) * (at_s % 1 < 0.25),
        "keyboard": white * (chance.random(count) < 0.0005) * 20,
        "breath": coloured(lambda f: np.exp(-(((f - 1500) / 800) ** 2))) * np.abs(np.sin(2 * at_s)),
        "cough": white * np.exp(-(at_s % 2) * 10),
    }
    return {name: wave / np.sqrt(np.mean(wave**2)) for name, wave in noises.items()}


def as_pcm(wave: Any, rms: float) -> bytes:
    """Mono s16le at a level of `rms` (of 32768)."""
    return bytes(np.clip(wave * rms, -32768, 32767).astype("<i2"))
