"""Speech for the stage, made once by the embedded voice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import soxr
from numpy.typing import NDArray

from voice_server.speech.opening import open_voice

Say = Callable[[str], NDArray[np.int16]]


@pytest.fixture(scope="session")
def say(tmp_path_factory: pytest.TempPathFactory) -> Say:
    """A sentence as 16 kHz speech without the silence around it."""
    return _speaker("flite://slt", tmp_path_factory.mktemp("voice"))


@pytest.fixture(scope="session")
def say_otherwise(tmp_path_factory: pytest.TempPathFactory) -> Say:
    """The same in a voice that the server does not have: its own it takes for its echo."""
    return _speaker("flite://rms", tmp_path_factory.mktemp("voice"))


def _speaker(url: str, folder: Path) -> Say:
    async def speak(text: str) -> NDArray[np.int16]:
        async with open_voice(url, data=folder) as voice:
            pcm = b"".join([piece.pcm async for piece in voice.say(text)])
            speech: NDArray[np.int16] = soxr.resample(
                np.frombuffer(pcm, np.int16), voice.rate_hz, 16_000
            )
            return speech

    @cache
    def spoken(text: str) -> NDArray[np.int16]:
        # On a loop of its own, for a test may be running on one.
        with ThreadPoolExecutor(1) as aside:
            speech = aside.submit(lambda: asyncio.run(speak(text))).result()
        [loud] = np.nonzero(np.abs(speech.astype(np.int32)) > 300)
        return speech[loud[0] : loud[-1] + 1]

    return spoken
