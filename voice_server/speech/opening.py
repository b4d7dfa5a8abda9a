"""Open the transcriber and the voice that the settings name. The URL picks the engine."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from storage.faults import Invalid
from voice_server.speech.engine_url import parse
from voice_server.speech.engines import Transcriber, Voice
from voice_server.speech.scripted import scripted
from voice_server.speech.tone import tone

Progress = Callable[[str, float | None], None]
"""Told what is going on while an engine opens: a short sentence and the share done (0 to 1, or
None where it is unknown). Called on the event loop."""

HEARING_SETTING = "VOICE_HEARING__URL"
VOICE_SETTING = "VOICE_VOICE__URL"


@asynccontextmanager
async def open_transcriber(
    url: str, *, decoders: int, data: Path, progress: Progress
) -> AsyncIterator[Transcriber]:
    """The transcriber behind `url`, warm, with room for `decoders` utterances at a time.

    Raises Invalid for a URL that names no engine, EngineDown for one that does not start.
    """
    address = parse(url, setting=HEARING_SETTING)
    match address.scheme:
        case "scripted":
            yield scripted(address)
        case _:
            raise Invalid(
                "hearing.unknown",
                f"{HEARING_SETTING} names no recogniser that is known here.",
                field=HEARING_SETTING,
                remedy="Use auto, whisper://base.en, pocketsphinx:// or scripted://?text=…",
            )


@asynccontextmanager
async def open_voice(url: str, *, data: Path) -> AsyncIterator[Voice]:
    """The voice behind `url`, warm.

    Raises Invalid for a URL that names no engine, EngineDown for one that does not start.
    """
    address = parse(url, setting=VOICE_SETTING)
    match address.scheme:
        case "tone":
            yield tone(address)
        case _:
            raise Invalid(
                "voice.unknown",
                f"{VOICE_SETTING} names no voice that is known here.",
                field=VOICE_SETTING,
                remedy="Use auto, piper:///path/voice.onnx, flite://slt, espeak://en-gb or tone://",
            )
