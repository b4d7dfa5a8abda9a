"""The route of an answer, as a pipecat pipeline: question → evidence → claims → speech.

Raw audio does not travel here. The ear hangs on the leg and sends in words; the mouth hangs on the
leg and is written to by the last processor. An interruption frame cancels whatever a processor is
at; what slips through carries a stale generation and is dropped by the mouth.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, field

import numpy as np
import soxr
from pipecat.frames.frames import DataFrame, Frame
from pipecat.pipeline.pipeline import Pipeline
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor

from agents.claims import Claim
from agents.wording import word
from rag.evidence import Evidence
from storage.faults import EngineDown, Fault
from voice_server.calls.apologies import ANOTHER_VOICE
from voice_server.calls.heard import SpokenClaim
from voice_server.calls.speaking import MOUTH_RATE_HZ, Mouth
from voice_server.speech.engines import SpokenAudio, Voice

FIRST_AUDIO_S = 1.2
"""A voice that has said nothing for so long has failed, if another can take its place."""
SPARE_FOR_S = 30.0
"""How long the spare voice speaks before the usual one is tried again."""


@dataclass(frozen=True, slots=True)
class Question:
    """What the caller asked, and which answer (generation) is to answer it."""

    text: str
    generation: int


@dataclass
class QuestionFrame(DataFrame):
    """A question goes in."""

    question: Question = field(kw_only=True)


@dataclass
class EvidenceFrame(DataFrame):
    """The question with what the library says about it. Never kept in any history."""

    question: Question = field(kw_only=True)
    evidence: Evidence = field(kw_only=True)


@dataclass
class ClaimFrame(DataFrame):
    """One sentence, cleared to be spoken."""

    generation: int = field(kw_only=True)
    claim: Claim = field(kw_only=True)


@dataclass
class AnswerEndFrame(DataFrame):
    """The answer has no more claims; `fault` says why when it was cut short."""

    generation: int = field(kw_only=True)
    fault: Fault | None = field(default=None, kw_only=True)


Search = Callable[[str], Awaitable[Evidence]]
Answerer = Callable[[str, Evidence], AsyncGenerator[Claim, None]]


@dataclass(frozen=True, slots=True)
class Observed:
    """What the call is told as an answer takes shape, for its timeline and the page."""

    evidence: Callable[[int, Evidence], None]
    claim: Callable[[int, Claim], None]
    audio: Callable[[int], None]
    fault: Callable[[int, Fault], None]


def answer_route(
    search: Search,
    answerer: Answerer,
    voice: Voice,
    spare: Voice | None,
    mouth: Mouth,
    observed: Observed,
) -> Pipeline:
    """The processors in the order an answer takes shape."""
    return Pipeline(
        [
            Grounding(search, mouth, observed),
            Answering(answerer, mouth, observed),
            Speaking(voice, spare, mouth, observed),
        ]
    )


class Grounding(FrameProcessor):
    """Finds the passages for a question. `search` keeps its own deadline and never raises."""

    def __init__(self, search: Search, mouth: Mouth, observed: Observed) -> None:
        super().__init__()
        self._search = search
        self._mouth = mouth
        self._observed = observed

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Question in, evidence out; everything else passes."""
        await super().process_frame(frame, direction)
        if not isinstance(frame, QuestionFrame):
            await self.push_frame(frame, direction)
            return
        if frame.question.generation != self._mouth.generation:
            return  # an interruption may overtake the question that it was to cancel
        evidence = await self._search(frame.question.text)
        self._observed.evidence(frame.question.generation, evidence)
        await self.push_frame(EvidenceFrame(question=frame.question, evidence=evidence))


class Answering(FrameProcessor):
    """Streams claims from the model, each already checked against its passages."""

    def __init__(self, answerer: Answerer, mouth: Mouth, observed: Observed) -> None:
        super().__init__()
        self._answerer = answerer
        self._mouth = mouth
        self._observed = observed

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Evidence in, claims out as they are ready, then the end."""
        await super().process_frame(frame, direction)
        if not isinstance(frame, EvidenceFrame):
            await self.push_frame(frame, direction)
            return
        generation, fault = frame.question.generation, None
        if generation != self._mouth.generation:
            return
        try:
            async with aclosing(self._answerer(frame.question.text, frame.evidence)) as claims:
                async for claim in claims:
                    self._observed.claim(generation, claim)
                    await self.push_frame(ClaimFrame(generation=generation, claim=claim))
        except Fault as raised:
            fault = raised
        await self.push_frame(AnswerEndFrame(generation=generation, fault=fault))


class Speaking(FrameProcessor):
    """Words each claim for the ear and writes its speech into the mouth.

    A `spare` voice says what the usual one cannot begin, and speaks on for a while.
    """

    def __init__(self, voice: Voice, spare: Voice | None, mouth: Mouth, observed: Observed) -> None:
        super().__init__()
        self._voice, self._spare = voice, spare
        self._spare_until_s = 0.0
        self._mouth = mouth
        self._observed = observed

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Claims in; nothing but passing frames out, for the mouth is the leg's."""
        await super().process_frame(frame, direction)
        if isinstance(frame, ClaimFrame):
            try:
                await self._say(frame.generation, frame.claim)
            except Fault as fault:
                self._observed.fault(frame.generation, fault)
        elif isinstance(frame, AnswerEndFrame):
            if frame.fault is not None:
                self._observed.fault(frame.generation, frame.fault)
            self._mouth.complete(frame.generation)
        else:
            await self.push_frame(frame, direction)

    async def _say(self, generation: int, claim: Claim) -> None:
        wording = word(claim.text)
        if not wording.spoken.strip():
            return
        self._mouth.claim(generation, SpokenClaim(claim, wording))
        if self._spare is None:
            await self._speak(self._voice, generation, wording.spoken)
            return
        now_s = asyncio.get_running_loop().time
        if now_s() >= self._spare_until_s:
            start = self._mouth.written(generation)
            try:
                await self._speak(self._voice, generation, wording.spoken, FIRST_AUDIO_S)
                return
            except EngineDown:
                if self._mouth.written(generation) > start:
                    raise
            self._spare_until_s = now_s() + SPARE_FOR_S
            self._observed.fault(generation, EngineDown(*ANOTHER_VOICE))
        await self._speak(self._spare, generation, wording.spoken)

    async def _speak(
        self, voice: Voice, generation: int, text: str, begun_within_s: float | None = None
    ) -> None:
        start = self._mouth.written(generation)
        resampler = soxr.ResampleStream(voice.rate_hz, MOUTH_RATE_HZ, 1, dtype="int16")
        async with aclosing(_saying(voice, text, begun_within_s)) as speech:
            async for piece in speech:
                samples = np.frombuffer(piece.pcm, np.int16)
                words = [
                    (
                        start + int(spoken.start_s * MOUTH_RATE_HZ),
                        start + int(spoken.end_s * MOUTH_RATE_HZ),
                    )
                    for spoken in piece.words
                ]
                self._mouth.write(generation, resampler.resample_chunk(samples), words)
                self._observed.audio(generation)
                await self._mouth.room()
        self._mouth.write(
            generation, resampler.resample_chunk(np.zeros(0, np.int16), last=True), []
        )


async def _saying(
    voice: Voice, text: str, begun_within_s: float | None
) -> AsyncGenerator[SpokenAudio, None]:
    """What the voice says. Raises EngineDown if it does not begin in time."""
    async with aclosing(voice.say(text)) as speech:
        try:
            async with asyncio.timeout(begun_within_s):
                first = await anext(speech, None)
        except TimeoutError:
            raise EngineDown(*ANOTHER_VOICE) from None
        if first is not None:
            yield first
        async for piece in speech:
            yield piece
