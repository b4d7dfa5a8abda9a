"""Speech for the ears: said once per run by the embedded voice, 16 kHz mono s16le."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pytest

from storage.faults import EngineDown
from voice_server.speech.opening import open_voice


@pytest.fixture(scope="session")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], bytes]:
    """What `text` sounds like: 0.2 s of silence, the voice, 0.3 s of silence."""
    folder = tmp_path_factory.mktemp("voice")

    @cache
    def say(text: str) -> bytes:
        with ThreadPoolExecutor(1) as aside:  # a loop of its own, beside the test's
            return aside.submit(lambda: asyncio.run(_said(text, folder))).result()

    return say


async def _said(text: str, folder: Path) -> bytes:
    try:
        async with open_voice("flite://slt", data=folder) as voice:
            pcm = b"".join([piece.pcm async for piece in voice.say(text)])
    except EngineDown as missing:
        pytest.skip(f"needs a clear voice: {missing.remedy}")
    return bytes(6400) + pcm + bytes(9600)
