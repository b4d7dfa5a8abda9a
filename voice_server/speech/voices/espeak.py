"""eSpeak NG (`espeak://en-gb`): robotic, tiny, there wherever pip installs.

Audio streams from the first milliseconds on; word times come from eSpeak's word events.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from itertools import accumulate

from storage.faults import EngineDown
from voice_server.speech.engine_url import EngineUrl
from voice_server.speech.engines import SpokenAudio, SpokenWord
from voice_server.speech.voices.espeak_library import EspeakLibrary, WordBegin
from voice_server.speech.voices.loudness import CALIBRATION, gain_for, louder
from voice_server.speech.voices.threads import Emit, VoiceThreads

SILENT_MARKS = "-\u2013\u2014.\u2026,;:!?\"'()[]{}/|*"


@asynccontextmanager
async def open_espeak(url: EngineUrl) -> AsyncIterator[EspeakVoice]:
    """An eSpeak NG voice, warm. Raises EngineDown when the language or the library is missing."""
    language = url.only(("wpm",)).place or "en-gb"
    words_per_minute = int(url.number("wpm", 165, least=80))
    threads = VoiceThreads("espeak", count=1)
    try:
        try:
            library = await asyncio.to_thread(
                EspeakLibrary, language, words_per_minute=words_per_minute
            )
        except OSError:
            raise EngineDown(
                "voice.missing",
                "eSpeak NG does not start with that language.",
                remedy=f"Set {url.setting}=espeak://en-gb, or install the package espeakng-loader.",
            ) from None
        voice = EspeakVoice(language, library, threads)
        calibration = [piece.pcm async for piece in voice.say(CALIBRATION)]
        voice.gain = gain_for(b"".join(calibration))
        yield voice
    finally:
        await threads.close()


class EspeakVoice:
    """Says one text at a time; calls take turns text by text."""

    fallback = True
    remedy = (
        "For a clearer voice: `apt-get install libflite1`; for a natural one: "
        "`.venv/bin/pip install piper-tts`, then set VOICE_VOICE__URL=piper:///path/to/voice.onnx."
    )

    def __init__(self, language: str, library: EspeakLibrary, threads: VoiceThreads) -> None:
        self.label = f"basic voice (eSpeak NG {language})"
        self.rate_hz = library.rate_hz
        self.gain = 1.0
        self._library = library
        self._threads = threads

    async def say(self, text: str) -> AsyncGenerator[SpokenAudio, None]:
        """Speak `text`, the first piece after a few milliseconds. Raises EngineDown."""
        words = [word.replace("\0", "") for word in text.split()]
        if not words:
            return
        stream = self._threads.stream(lambda emit: self._synthesize(words, emit))
        try:
            async for piece in stream:
                yield piece
        finally:
            await stream.aclose()

    def _synthesize(self, words: list[str], emit: Emit) -> None:
        # A word's end is the beginning of the next one, so a word goes out one word late at most.
        # Marks without a sound are left out: eSpeak's word events are off by one around them.
        said = ["" if word.strip(SILENT_MARKS) == "" else f"{word} " for word in words]
        starts = list(accumulate(map(len, said), initial=0))[:-1]
        begun: list[float] = []
        given = done = 0

        def settled(until: int, end_s: float) -> tuple[SpokenWord, ...]:
            nonlocal given
            bounds = [*begun, end_s]
            first, given = given, max(given, until)
            return tuple(
                SpokenWord(words[i], bounds[i], bounds[min(i + 1, len(bounds) - 1)])
                for i in range(first, given)
            )

        def on_piece(pcm: bytes, begins: list[WordBegin]) -> bool:
            nonlocal done
            for position, at_s in begins:
                index = max(0, bisect_right(starts, position) - 1)
                at_s = max(at_s, begun[-1] if begun else 0.0)
                begun.extend([at_s] * (index + 1 - len(begun)))
            done += len(pcm) // 2
            return emit(
                SpokenAudio(louder(pcm, self.gain), settled(len(begun) - 1, done / self.rate_hz))
            )

        self._library.synthesize("".join(said), on_piece)
        end_s = done / self.rate_hz
        begun = [min(at_s, end_s) for at_s in begun]
        begun.extend([end_s] * (len(words) - len(begun)))
        emit(SpokenAudio(b"", settled(len(words), end_s)))
