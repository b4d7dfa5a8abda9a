"""A voice that hums: a quiet tone for each word, for rehearsals and benchmarks.

`tone://?first_ms=…&hz=…&word_ms=…&scale=…`: the first audio comes after `first_ms`, every word
lasts `word_ms`, of which the last fifth is silent. With a `scale` of n, successive words climb n
pitches and begin again, so that a word lost or repeated can be told by ear. Pure asyncio, so it
also runs on a loop with virtual time.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import numpy as np

from storage.faults import EngineDown
from voice_server.speech.engine_url import EngineUrl
from voice_server.speech.engines import SpokenAudio, SpokenWord

AMPLITUDE = 0.1
FADE_MS = 10
SOUNDING_SHARE = 0.8


def pitch_hz(hz: float, step: int) -> float:
    """The pitch of a step of the scale; steps are a quarter of the lowest pitch apart."""
    return hz * (1 + step / 4)


def tone(url: EngineUrl) -> ToneVoice:
    """The voice that a `tone://` address describes."""
    url.only(("first_ms", "hz", "word_ms", "scale", "down_after"))
    down_after = url.number("down_after", -1, least=-1)
    return ToneVoice(
        hz=url.number("hz", 440, least=1),
        first_ms=url.number("first_ms", 0),
        word_ms=url.number("word_ms", 300, least=20),
        scale=int(url.number("scale", 1, least=1)),
        down_after=None if down_after < 0 else int(down_after),
    )


class ToneVoice:
    """Says each word as a tone. After `down_after` texts the engine is down."""

    label = "tone"
    fallback = True
    remedy = "Unset VOICE_VOICE__URL to hear spoken answers."
    rate_hz = 24_000

    def __init__(
        self,
        *,
        hz: float = 440.0,
        first_ms: float = 0.0,
        word_ms: float = 300.0,
        scale: int = 1,
        down_after: int | None = None,
    ) -> None:
        self.first_ms = first_ms
        self._words = [self._hum(pitch_hz(hz, step), word_ms) for step in range(scale)]
        self._said = 0
        self._left = down_after

    async def say(self, text: str) -> AsyncGenerator[SpokenAudio, None]:
        """A piece per word. Raises EngineDown after `down_after` texts."""
        if self._left == 0:
            raise EngineDown("voice.down", "I cannot speak at the moment.")
        if self._left:
            self._left -= 1
        await asyncio.sleep(self.first_ms / 1000)
        length_s = len(self._words[0]) / 2 / self.rate_hz
        for index, word in enumerate(text.split()):
            start_s = index * length_s
            spoken = SpokenWord(word, start_s, start_s + SOUNDING_SHARE * length_s)
            hum = self._words[self._said % len(self._words)]
            self._said += 1
            yield SpokenAudio(hum, (spoken,))
            await asyncio.sleep(0)

    def _hum(self, hz: float, word_ms: float) -> bytes:
        samples = int(self.rate_hz * word_ms / 1000)
        sounding = int(samples * SOUNDING_SHARE)
        at_s = np.arange(sounding) / self.rate_hz
        fade = np.minimum(1.0, np.minimum(at_s, at_s[::-1]) * 1000 / FADE_MS)
        wave = np.zeros(samples)
        wave[:sounding] = AMPLITUDE * fade * np.sin(2 * np.pi * hz * at_s)
        return (wave * 32767).astype("<i2").tobytes()
