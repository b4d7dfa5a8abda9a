"""What a caller's microphone is given: speech, recordings and noises, ready to be played."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from signaling.caller import SPEAK_HZ
from storage.faults import EngineDown
from voice_server.rehearsing.noises import NOISES, RATE_HZ
from voice_server.rehearsing.prompted import loud_frames
from voice_server.rehearsing.script import Step
from voice_server.speech.audio import load_audio
from voice_server.speech.engines import HEARING_RATE_HZ, Voice
from voice_server.speech.opening import open_voice

AUDIBLE_PEAK = 300
_PAUSE = re.compile(r"\s*\[(\d+(?:\.\d+)?)\]\s*")
Pcm = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Sound:
    """A piece for the microphone: mono int16 at `SPEAK_HZ`, what the simulated recogniser
    understands of it, how much of it is sound, and the silence before it."""

    pcm: Pcm
    text: str
    sound_ms: float
    before_s: float

    @property
    def length_s(self) -> float:
        """How long it lasts."""
        return len(self.pcm) / SPEAK_HZ


class Sounds:
    """Makes the sounds of steps, the same speech once. Made by `open_sounds`."""

    def __init__(self, stack: AsyncExitStack) -> None:
        self._stack = stack
        self._voices: dict[str, Voice] = {}
        self._spoken: dict[tuple[str, str], Pcm] = {}
        self._one_at_a_time = asyncio.Lock()

    async def of(self, step: Step) -> list[Sound]:
        """The pieces of a step that sounds. Raises Invalid for a recording that is none."""
        if step.play is not None:
            return [_sound(await asyncio.to_thread(load_audio, step.play), step, "", 0.0)]
        if step.noise is not None:
            noise = NOISES[step.noise](step.seed)
            if step.for_s is not None:
                noise = np.resize(noise, int(step.for_s * RATE_HZ))
            return [_sound(noise, step, "", 0.0)]
        parts = _PAUSE.split(step.say or "")
        sounds = []
        for index in range(0, len(parts), 2):
            if parts[index].strip():
                pause_s = float(parts[index - 1]) if index else 0.0
                speech = await self._speech(step.voice, parts[index].strip())
                sounds.append(_sound(speech, step, parts[index].strip(), pause_s))
        return sounds

    async def _speech(self, name: str, text: str) -> Pcm:
        async with self._one_at_a_time:
            if (name, text) not in self._spoken:
                voice = await self._voice(name)
                pcm = b"".join([piece.pcm async for piece in voice.say(text)])
                speech = np.frombuffer(pcm, np.int16)
                if voice.rate_hz != HEARING_RATE_HZ:
                    speech = soxr.resample(speech, voice.rate_hz, HEARING_RATE_HZ)
                [loud] = np.nonzero(np.abs(speech.astype(np.int32)) > AUDIBLE_PEAK)
                self._spoken[name, text] = speech[loud[0] : loud[-1] + 1]
            return self._spoken[name, text]

    async def _voice(self, name: str) -> Voice:
        if name not in self._voices:
            try:
                opening = open_voice(f"flite://{name}", data=Path())
                self._voices[name] = await self._stack.enter_async_context(opening)
            except EngineDown:
                opening = open_voice("espeak://en-gb", data=Path())
                self._voices[name] = await self._stack.enter_async_context(opening)
        return self._voices[name]


@asynccontextmanager
async def open_sounds() -> AsyncIterator[Sounds]:
    """The callers' voices: flite's, or eSpeak NG's where it is not installed."""
    async with AsyncExitStack() as stack:
        yield Sounds(stack)


def _sound(audio: Pcm, step: Step, text: str, before_s: float) -> Sound:
    """`audio` is 16 kHz mono."""
    wave = audio.astype(np.float32) * 10 ** (step.gain_db / 20)
    quieter = np.clip(wave, -32768, 32767).astype(np.int16)
    sound_ms = 10.0 * sum(loud_frames(quieter.tobytes()))
    if step.heard_as is not None:
        text = step.heard_as if not before_s else ""
    louder = soxr.resample(wave, RATE_HZ, SPEAK_HZ)
    pcm = np.clip(louder, -32768, 32767).astype(np.int16)
    return Sound(pcm, text, sound_ms, before_s)
