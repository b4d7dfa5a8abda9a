"""A stage for conversations in virtual time: recorded speech in, spoken frames and messages out.

The call is the real one, with its ear, turn-taking, pipeline and mouth; the leg is played by the
stage, 20 ms at a time.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from agents.claims import Claim
from rag.evidence import Evidence, Found
from storage.records import Passage, Person, Role, Turn
from voice_server.calls.call import Call, Engines, History
from voice_server.speech.engines import Transcriber, Voice
from voice_server.speech.scripted import ScriptedTranscriber
from voice_server.speech.tone import ToneVoice
from voice_server.speech.turn_judge import TurnJudge, VoiceDetector

STEP_S = 0.02
ANSWER = (
    "Give ten units of insulin with glucose over fifteen minutes.",
    "Check the potassium again after one hour.",
)
CLINICIAN = Person(uuid4(), "c@example.org", "Clara", Role.CLINICIAN, False, datetime.now(UTC))
PASSAGE = Passage(uuid4(), uuid4(), 0, ("Treatment",), None, " ".join(ANSWER))
FOUND = Found(PASSAGE, "Hyperkalaemia", "UKKA", "", 2023, False, True, 1.0, 0.9)


@dataclass(frozen=True, slots=True)
class SoundsComplete:
    """An end-of-turn model with one opinion."""

    probability: float = 0.95

    async def completeness(self, pcm: bytes) -> float:
        """See `TurnJudge`."""
        await asyncio.sleep(0.06)
        return self.probability


@dataclass(slots=True)
class Stage:
    """What happened on it. Times in seconds from the first packet."""

    messages: list[tuple[float, dict[str, Any]]] = field(default_factory=list)
    sounded: list[tuple[float, int]] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    ending: str = ""
    call: Call | None = None

    def kinds(self, kind: str) -> list[tuple[float, dict[str, Any]]]:
        """Server messages of a kind, with their time."""
        return [
            (at, message["data"])
            for at, message in self.messages
            if message["type"] == "server-message" and message["data"]["kind"] == kind
        ]

    def audible(self, level: int = 400) -> list[float]:
        """When packets with sound were sent."""
        return [at for at, peak in self.sounded if peak > level]

    def quiet_from(self, after: float, for_s: float = 0.3) -> float:
        """When a silence of `for_s` began after `after`."""
        began = after
        for at, peak in self.sounded:
            if at < after:
                continue
            if peak > 0:
                began = at + STEP_S
            elif at - began >= for_s:
                return began
        return began


class _Leg:
    def __init__(self, stage: Stage, clock: Callable[[], float]) -> None:
        self._stage, self._clock = stage, clock

    def send(self, message: dict[str, Any]) -> None:
        self._stage.messages.append((self._clock(), message))

    async def close(self) -> None:
        return


async def perform(
    script: Sequence[tuple[float, NDArray[np.int16]]],
    *,
    until: float,
    texts: Sequence[str] = ("what is the dose of insulin",),
    partial_ms: float = 150.0,
    answer: Sequence[str] = ANSWER,
    first_s: float = 0.2,
    voice: Voice | None = None,
    spare: Voice | None = None,
    transcriber: Transcriber | None = None,
    judge: float | TurnJudge = 0.95,
    messages: Mapping[float, dict[str, Any]] | None = None,
    echo: tuple[float, float] | None = None,
    evidence: Evidence | None = None,
    room_level: float = 3.0,
) -> Stage:
    """Play `script`, (start, 16 kHz speech), to a call and return what came of it.

    `echo` is (gain, delay in seconds) at which our own voice reaches the microphone.
    """
    loop = asyncio.get_running_loop()
    stage = Stage()

    async def search(person: Person, question: str, history: History) -> Evidence:
        await asyncio.sleep(0.01)
        return evidence or Evidence(question, (FOUND,), False, "", 10.0)

    async def answering(
        question: str, history: History, evidence: Evidence
    ) -> AsyncGenerator[Claim, None]:
        stage.asked.append(question)
        await asyncio.sleep(first_s)
        for sentence in answer:
            yield Claim(sentence, (PASSAGE.id,))
            await asyncio.sleep(0.05)

    call = Call(
        call_id=str(uuid4()),
        person=CLINICIAN,
        engines=Engines(
            transcriber or ScriptedTranscriber(tuple(texts), partial_ms=partial_ms),
            voice or ToneVoice(first_ms=50, word_ms=260),
            SoundsComplete(judge) if isinstance(judge, float) else judge,
            VoiceDetector(),
            spare,
        ),
        search=search,
        answer=answering,
        keep=stage.turns.append,
        idle_s=600,
    )
    stage.call = call
    call.attach(_Leg(stage, loop.time))
    microphone = np.zeros(int(until * 16_000) + 320, np.int16)
    for start, speech in script:
        at = int(start * 16_000)
        microphone[at : at + len(speech)] += speech[: len(microphone) - at]
    rng = np.random.default_rng(5)
    microphone = (microphone + rng.normal(0, room_level, len(microphone))).astype(np.int16)
    running = loop.create_task(call.run())
    await asyncio.sleep(0)
    await asyncio.sleep(0.1)
    began = loop.time()
    call.on_message(
        {"label": "rtvi-ai", "type": "client-ready", "id": "1", "data": {"version": "2.0.0"}}
    )
    waiting = sorted((messages or {}).items())
    ours = np.zeros(len(microphone) + 16_000, np.float32)
    for index in range(int(until / STEP_S)):
        while waiting and loop.time() - began >= waiting[0][0]:
            call.on_message(waiting.pop(0)[1])
        frame = microphone[index * 320 : (index + 1) * 320]
        if echo is not None:
            heard = frame + ours[index * 320 : (index + 1) * 320]
            frame = np.clip(heard, -32768, 32767).astype(np.int16)
        call.on_audio(frame.tobytes(), index * 20, False)
        out = call.speak()
        pcm = np.frombuffer(out, np.int16) if out else np.zeros(480, np.int16)
        stage.sounded.append((loop.time() - began, int(np.abs(pcm.astype(np.int32)).max())))
        if echo is not None and out:
            at = index * 320 + int(echo[1] * 16_000)
            ours[at : at + 320] = pcm.reshape(160, 3).mean(axis=1).repeat(2) * echo[0]
        await asyncio.sleep(STEP_S)
    call.end("done")
    stage.ending = await running
    stage.messages = [(at - began, message) for at, message in stage.messages]
    return stage
