"""Flite's voices (`flite://slt`, `flite://rms`): clear, fast, the same everywhere.

Audio streams from the first 30 ms on; word times come from the durations that flite itself
speaks with. The silence that flite puts in front of each text is cut to LEAD_S.
"""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

from storage.faults import EngineDown, Invalid
from voice_server.speech.engine_url import EngineUrl
from voice_server.speech.engines import SpokenAudio
from voice_server.speech.voices.flite_library import FliteLibrary, Token
from voice_server.speech.voices.loudness import CALIBRATION, gain_for, louder
from voice_server.speech.voices.threads import Emit, VoiceThreads
from voice_server.speech.voices.word_times import (
    Span,
    WordsByTime,
    later,
    proportional,
    stretches,
    timed,
)

LEAD_S = 0.02
"""Silence kept in front of the first word, in seconds."""

VOICES = ("slt", "rms", "awb", "kal16")
"""The 16 kHz voices of Debian's libflite1."""


@asynccontextmanager
async def open_flite(url: EngineUrl) -> AsyncIterator[FliteVoice]:
    """A flite voice, warm. Raises Invalid for an unknown one, EngineDown where it is missing."""
    name = url.only(()).place or "slt"
    if name not in VOICES:
        raise Invalid(
            "voice.unknown",
            f"{url.setting}: flite has no voice of that name.",
            field=url.setting,
            remedy=f"Use flite://{', flite://'.join(VOICES)}.",
        )
    try:
        library = await asyncio.to_thread(FliteLibrary, name)
    except OSError:
        raise EngineDown(
            "voice.missing",
            "The flite voice is not installed.",
            remedy="Install it with `apt-get install libflite1`, or use espeak://en-gb.",
        ) from None
    threads = VoiceThreads(f"flite-{name}", count=1)
    try:
        voice = FliteVoice(name, library, threads)
        calibration = [piece.pcm async for piece in voice.say(CALIBRATION)]
        voice.gain = gain_for(b"".join(calibration))
        yield voice
    finally:
        await threads.close()


class FliteVoice:
    """Says one text at a time; calls take turns text by text."""

    fallback = True
    remedy = (
        "For a more natural voice: `.venv/bin/pip install piper-tts`, then set "
        "VOICE_VOICE__URL=piper:///path/to/voice.onnx."
    )
    rate_hz = FliteLibrary.rate_hz

    def __init__(self, name: str, library: FliteLibrary, threads: VoiceThreads) -> None:
        self.label = f"basic voice (flite {name})"
        self.gain = 1.0
        self._library = library
        self._threads = threads

    async def say(self, text: str) -> AsyncGenerator[SpokenAudio, None]:
        """Speak `text`, the first piece after about 30 ms. Raises EngineDown."""
        words = text.split()
        if not words:
            return
        stream = self._threads.stream(lambda emit: self._synthesize(words, emit))
        try:
            async for piece in stream:
                yield piece
        finally:
            await stream.aclose()

    def _synthesize(self, words: list[str], emit: Emit) -> None:
        done = 0
        for stretch in stretches(words):
            samples = self._say_stretch(stretch, done / self.rate_hz, emit)
            if samples is None:
                return
            done += samples

    def _say_stretch(self, words: list[str], from_s: float, emit: Emit) -> int | None:
        """Say `words`, timed from `from_s`. The samples emitted, or None when nobody listens."""
        by_time = WordsByTime(timed(words, [None] * len(words), 0.0))
        skip = done = 0
        heard = True

        def on_piece(pcm: bytes, tokens: list[Token] | None) -> bool:
            nonlocal by_time, skip, done, heard
            if tokens is not None:
                lead_s, spans, length_s = _spans(words, tokens)
                skip = 2 * int(lead_s * self.rate_hz)
                by_time = WordsByTime(timed(words, spans, length_s))
            cut = min(skip, len(pcm))
            skip -= cut
            pcm = pcm[cut:]
            if pcm:
                done += len(pcm) // 2
                begun = later(by_time.until(done / self.rate_hz), from_s)
                heard = emit(SpokenAudio(louder(pcm, self.gain), begun))
            return heard

        plain = " ".join(_speakable(word) for word in words)
        if any(character.isalnum() for character in plain):
            self._library.synthesize(plain, on_piece)
        if rest := by_time.rest():
            heard = emit(SpokenAudio(b"", later(rest, from_s)))
        return done if heard else None


def _spans(words: list[str], tokens: list[Token]) -> tuple[float, list[Span | None], float]:
    """(leading silence to cut, spans of the words after the cut, time of the last sound)."""
    sounding = [(start_s, end_s) for _, start_s, end_s in tokens if end_s > start_s]
    if not sounding:
        return 0.0, [None] * len(words), 0.0
    lead_s = max(0.0, sounding[0][0] - LEAD_S)
    length_s = sounding[-1][1] - lead_s
    if len(tokens) != len(words):
        return lead_s, [*proportional(words, length_s)], length_s
    spans = [
        (start_s - lead_s, end_s - lead_s) if end_s > start_s else None
        for _, start_s, end_s in tokens
    ]
    return lead_s, spans, length_s


def _speakable(word: str) -> str:
    """The word in the letters flite knows; it stays one token."""
    plain = unicodedata.normalize("NFKD", word.replace("µ", "micro"))
    return "".join(c for c in plain if c.isascii() and c.isprintable()) or "-"
