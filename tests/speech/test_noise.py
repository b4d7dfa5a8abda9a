"""Noise is never made into words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from voice_server.speech.hearing.recogniser import Recogniser

SECONDS = 12
COUNT = 16_000 * SECONDS
RNG = np.random.default_rng(1)
WHITE = RNG.normal(0, 1, COUNT)


def coloured(shape: Callable[[Any], Any]) -> Any:
    return np.fft.irfft(np.fft.rfft(WHITE) * shape(np.fft.rfftfreq(COUNT, 1 / 16_000)))


AT_S = np.arange(COUNT) / 16_000
NOISES = {
    "white": WHITE,
    "ventilation": coloured(lambda f: 1 / np.maximum(f, 20)),
    "mains hum": np.sin(2 * np.pi * 50 * AT_S) + 0.3 * WHITE,
    "monitor beep": np.sin(2 * np.pi * 960 * AT_S) * (AT_S % 1 < 0.25),
    "keyboard": WHITE * (RNG.random(COUNT) < 0.0005) * 20,
    "breath": coloured(lambda f: np.exp(-(((f - 1500) / 800) ** 2))) * np.abs(np.sin(2 * AT_S)),
    "cough": WHITE * np.exp(-(AT_S % 2) * 10),
}


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return Recogniser(None)


@pytest.mark.parametrize("noise", NOISES)
@pytest.mark.parametrize("level", [100, 1500])
def test_noise_gives_no_words(recogniser: Recogniser, noise: str, level: int) -> None:
    wave = NOISES[noise] / np.sqrt(np.mean(NOISES[noise] ** 2)) * level
    pcm = np.clip(wave, -32768, 32767).astype("<i2").tobytes()
    for begin in range(0, len(pcm), 3 * 32_000):
        recogniser.start()
        for at in range(begin, begin + 3 * 32_000, 3200):
            assert recogniser.feed(pcm[at : at + 3200]) is None
        assert recogniser.finish() == ""
