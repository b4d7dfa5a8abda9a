"""Noise is never made into words."""

from __future__ import annotations

import pytest

from perf.noises import as_pcm, ward_noises
from voice_server.speech.hearing.recogniser import Recogniser

NOISES = ward_noises(seconds=12)


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return Recogniser(None)


@pytest.mark.parametrize("noise", NOISES)
@pytest.mark.parametrize("level", [100, 1500])
def test_noise_gives_no_words(recogniser: Recogniser, noise: str, level: int) -> None:
    pcm = as_pcm(NOISES[noise], level)
    for begin in range(0, len(pcm), 3 * 32_000):
        recogniser.start()
        for at in range(begin, begin + 3 * 32_000, 3200):
            assert recogniser.feed(pcm[at : at + 3200]) is None
        assert recogniser.finish() == ""
