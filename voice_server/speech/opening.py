"""Open the transcriber and the voice that the settings name. The URL picks the engine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from loguru import logger

from storage.faults import EngineDown, Invalid
from voice_server.speech.engine_url import parse
from voice_server.speech.engines import Transcriber, Voice
from voice_server.speech.hearing.pocketsphinx import open_pocketsphinx
from voice_server.speech.hearing.whisper import open_whisper
from voice_server.speech.scripted import scripted
from voice_server.speech.tone import ToneVoice, tone
from voice_server.speech.voices.espeak import EspeakVoice, open_espeak
from voice_server.speech.voices.flite import open_flite
from voice_server.speech.voices.piper import open_piper

Progress = Callable[[str, float | None], None]
"""Told what is going on while an engine opens: a short sentence and the share done (0 to 1, or
None where it is unknown). Called on the event loop."""

HEARING_SETTING = "VOICE_HEARING__URL"
VOICE_SETTING = "VOICE_VOICE__URL"


@asynccontextmanager
async def open_transcriber(
    url: str, *, decoders: int, data: Path, progress: Progress
) -> AsyncIterator[Transcriber]:
    """The transcriber behind `url`, warm, with room for `decoders` utterances at a time; for
    `auto` the best one that starts.

    Raises Invalid for a URL that names no engine, EngineDown for one that does not start.
    """
    address = parse(url, setting=HEARING_SETTING)
    match address.scheme:
        case "auto":
            async with _best_transcriber(decoders, data, progress) as ear:
                yield ear
        case "whisper":
            async with open_whisper(
                address, decoders=decoders, data=data, progress=progress
            ) as whisper:
                yield whisper
        case "pocketsphinx":
            progress("Starting the recogniser", None)
            async with open_pocketsphinx(address, decoders=decoders, data=data) as basic_ear:
                yield basic_ear
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
async def _best_transcriber(
    decoders: int, data: Path, progress: Progress
) -> AsyncIterator[Transcriber]:
    async with AsyncExitStack() as stack:
        try:
            better = open_whisper(
                parse("whisper://base.en", setting=HEARING_SETTING),
                decoders=decoders,
                data=data,
                progress=progress,
            )
            ear: Transcriber = await stack.enter_async_context(better)
        except EngineDown as missing:
            logger.info("{} {}", missing.sentence, missing.remedy)
            progress("Starting the basic recogniser", None)
            basic = parse("pocketsphinx://", setting=HEARING_SETTING)
            ear = await stack.enter_async_context(
                open_pocketsphinx(basic, decoders=decoders, data=data)
            )
        yield ear


@asynccontextmanager
async def open_voice(url: str, *, data: Path) -> AsyncIterator[Voice]:
    """The voice behind `url`, warm; for `auto` the best one that starts.

    Raises Invalid for a URL that names no engine, EngineDown for one that does not start.
    """
    address = parse(url, setting=VOICE_SETTING)
    match address.scheme:
        case "auto":
            async with _best_voice(data) as voice:
                yield voice
        case "piper":
            async with open_piper(address) as piper:
                yield piper
        case "flite":
            async with open_flite(address) as flite:
                yield flite
        case "espeak":
            async with open_espeak(address) as espeak:
                yield espeak
        case "tone":
            yield tone(address)
        case _:
            raise Invalid(
                "voice.unknown",
                f"{VOICE_SETTING} names no voice that is known here.",
                field=VOICE_SETTING,
                remedy="Use auto, piper:///path/voice.onnx, flite://slt, espeak://en-gb or tone://",
            )


@asynccontextmanager
async def _best_voice(data: Path) -> AsyncIterator[Voice]:
    """A Piper voice from the folder `voices` in the data folder, else flite, else eSpeak NG."""
    voices = await asyncio.to_thread(lambda: sorted((data / "voices").resolve().glob("*.onnx")))
    urls = [f"piper://{voice}" for voice in voices[:1]]
    async with AsyncExitStack() as stack:
        for url in (*urls, "flite://slt"):
            address = parse(url, setting=VOICE_SETTING)
            opening = open_piper(address) if address.scheme == "piper" else open_flite(address)
            try:
                voice: Voice = await stack.enter_async_context(opening)
                break
            except (EngineDown, Invalid) as missing:
                logger.info("{} {}", missing.sentence, missing.remedy)
        else:
            espeak = open_espeak(parse("espeak://en-gb", setting=VOICE_SETTING))
            voice = await stack.enter_async_context(espeak)
        yield voice


@asynccontextmanager
async def open_spare(voice: Voice) -> AsyncIterator[Voice | None]:
    """A voice to go on with when `voice` fails: eSpeak NG, which needs nothing installed. None
    where that is the voice already, where nothing is really said, or where it does not start."""
    async with AsyncExitStack() as stack:
        spare = None
        if not isinstance(voice, (EspeakVoice, ToneVoice)):
            try:
                opening = open_espeak(parse("espeak://en-gb", setting=VOICE_SETTING))
                spare = await stack.enter_async_context(opening)
            except EngineDown as missing:
                logger.warning("No spare voice. {} {}", missing.sentence, missing.remedy)
        yield spare
