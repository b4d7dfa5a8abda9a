"""One call: its leg, ear, mouth and answer route, opened together and closed together.

`Call.run` never raises and writes the call's ending once. A lost connection leaves the conversation
waiting for its caller; `attach` gives it a new leg.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Protocol

from loguru import logger
from pipecat.frames.frames import Frame, InterruptionFrame
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.workers.runner import WorkerRunner

from agents.claims import Claim
from rag.evidence import Evidence
from signaling.outbox import Outbox
from storage.records import Person, Turn
from voice_server.calls.answers import Route
from voice_server.calls.conversation import Conversation
from voice_server.calls.hearing import Ear
from voice_server.calls.pipeline import (
    AnswerEndFrame,
    ClaimFrame,
    Observed,
    QuestionFrame,
    answer_route,
)
from voice_server.calls.wire import Wire, read
from voice_server.speech.engines import Transcriber, Voice
from voice_server.speech.turn_judge import TurnJudge, VoiceDetector

LOST_CALLER_S = 30.0
"""How long a conversation waits for a caller whose connection was lost."""
ORDERS = 100

History = list[tuple[str, str]]
Searching = Callable[[Person, str, History], Awaitable[Evidence]]
Answering = Callable[[str, History, Evidence], AsyncGenerator[Claim, None]]


@dataclass(frozen=True, slots=True)
class Engines:
    """What all calls share."""

    transcriber: Transcriber
    voice: Voice
    judge: TurnJudge
    detector: VoiceDetector
    spare: Voice | None = None
    """Speaks when the voice does not."""


class Leg(Protocol):
    """What a call needs of a caller's connection; browser and phone legs have it."""

    def send(self, message: dict[str, Any]) -> None:
        """Send a message on the data channel, now or when it opens."""

    async def close(self) -> None:
        """End the connection."""


class Call:
    """A conversation and what it needs, from the first packet to the last."""

    def __init__(
        self,
        *,
        call_id: str,
        person: Person,
        engines: Engines,
        search: Searching,
        answer: Answering,
        keep: Callable[[Turn], None],
        idle_s: float,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self.id = call_id
        self.person = person
        self.leg: Leg | None = None
        self.outbox = Outbox()
        self._engines = engines
        self._search, self._answer = search, answer
        self._idle_s = idle_s
        self._clock = clock or asyncio.get_running_loop().time
        self._orders: asyncio.Queue[Frame] = asyncio.Queue(ORDERS)
        self._tasks: asyncio.TaskGroup | None = None
        self._spawned: set[asyncio.Task[None]] = set()
        self._over = asyncio.Event()
        self._ending = ""
        self._lost_at: float | None = None
        self.conversation = Conversation(
            clock=self._clock,
            wire=Wire(self._send),
            route=Route(
                ask=lambda question: self._order(QuestionFrame(question=question)),
                say=self._order_sentence,
                interrupt=lambda: self._order(InterruptionFrame()),
            ),
            keep=keep,
            hang_up=lambda: self.end("hung up"),
            person_id=str(person.id),
            call_id=call_id,
        )
        conversation = self.conversation
        conversation.ear = Ear(
            detector=engines.detector.for_call(),
            transcriber=engines.transcriber,
            judge=engines.judge,
            guard=conversation.guard,
            clock=self._clock,
            spawn=self._spawn,
            on_hint=conversation.hint,
            on_hush=conversation.hush,
            on_window=conversation.window,
            on_words=conversation.words,
            on_judged=conversation.judged,
            on_final=conversation.final,
            on_fault=conversation.fault,
        )

    # the leg

    def attach(self, leg: Leg) -> Leg | None:
        """Talk over this leg from now on; the one before is returned, to be closed."""
        before, self.leg = self.leg, leg
        self._lost_at = None
        return before

    def lost(self, leg: Leg) -> None:
        """This leg's connection is gone; the conversation waits a while for another."""
        if leg is self.leg:
            self.leg = None
            self._lost_at = self._clock()

    def on_audio(self, pcm: bytes, stream_ms: int, concealed: bool) -> None:
        """20 ms from the caller, 16 kHz mono s16le."""
        if self._tasks is not None:
            self.conversation.hear(pcm, concealed)

    def speak(self) -> bytes | None:
        """20 ms for the caller, 24 kHz mono s16le, or None for silence."""
        frame = self.conversation.speak() if self._tasks is not None else None
        return None if frame is None else frame.tobytes()

    def on_message(self, message: dict[str, Any]) -> None:
        """A message from the data channel."""
        if self._tasks is not None:
            self.conversation.read(read(message))

    def end(self, ending: str) -> None:
        """End the call. The first reason given stands."""
        self._ending = self._ending or ending
        self._over.set()

    # the life

    async def run(self) -> str:
        """Hold the conversation until it ends; returns how it ended. Never raises but when
        cancelled."""
        answers = self.conversation.answers
        pipeline = answer_route(
            search=lambda text: self._search(self.person, text, answers.history),
            answerer=lambda text, evidence: self._answer(text, answers.history, evidence),
            voice=self._engines.voice,
            spare=self._engines.spare,
            mouth=answers.mouth,
            observed=Observed(
                evidence=answers.evidence,
                claim=answers.composed,
                audio=answers.voiced,
                fault=answers.fault,
            ),
        )
        worker = PipelineWorker(
            pipeline,
            enable_rtvi=False,
            enable_turn_tracking=False,
            idle_timeout_secs=None,
            params=PipelineParams(send_initial_empty_metrics=False),
        )
        runner = WorkerRunner(handle_sigint=False)
        try:
            async with asyncio.TaskGroup() as tasks:
                self._tasks = tasks
                await runner.add_workers(worker)
                running = tasks.create_task(runner.run())
                running.add_done_callback(lambda _: self.end("route ended"))
                orders = tasks.create_task(self._give_orders(worker))
                watch = tasks.create_task(self._watch())
                try:
                    await self._over.wait()
                finally:
                    self.conversation.close()
                    self._tasks = None
                    orders.cancel()
                    watch.cancel()
                    await runner.cancel()
                    for task in tuple(self._spawned):
                        task.cancel()
        except* Exception as group:
            # The call boundary: whatever went wrong ends this call and no other.
            kinds = sorted({type(error).__name__ for error in group.exceptions})
            logger.error("call {} failed: {}", self.id, ", ".join(kinds))
            self._ending = self._ending or "failed"
        if self.leg is not None:
            with contextlib.suppress(Exception):
                await self.leg.close()
        return self._ending

    async def _give_orders(self, worker: PipelineWorker) -> None:
        while True:
            await worker.queue_frame(await self._orders.get())

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(1.0)
            if self._lost_at is not None and self._clock() - self._lost_at > LOST_CALLER_S:
                self.end("connection lost")
            elif self.conversation.idle_s() > self._idle_s:
                self.end("idle")

    def _order(self, frame: Frame) -> None:
        self._orders.put_nowait(frame)

    def _order_sentence(self, generation: int, sentence: str) -> None:
        self._order(ClaimFrame(generation=generation, claim=Claim(sentence, ())))
        self._order(AnswerEndFrame(generation=generation))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> object:
        if self._tasks is None:
            work.close()
            return None
        task = self._tasks.create_task(work)
        self._spawned.add(task)
        task.add_done_callback(self._spawned.discard)
        return task

    def _send(self, message: dict[str, Any]) -> None:
        if self.leg is not None:
            self.leg.send(message)
        else:
            self.outbox.push(message, open_now=False)
