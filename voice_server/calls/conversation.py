"""One conversation: what the caller says, what is answered, and who has the floor.

The ear, the mouth and the answer's route report here; this is where turn-taking, barge-in and
speculation meet. Everything runs on the event loop, synchronously, from audio packet to audio
packet; what takes time is ordered from the pipeline and comes back as an event.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from agents.claims import Claim
from agents.commands import Command, command_in
from rag.evidence import Evidence
from storage.faults import Fault
from storage.records import Turn
from voice_server.calls.apologies import NOT_HEARD, SILENT_MICROPHONE, SLOW, notice_for
from voice_server.calls.barge_in import BargeIn, Move, is_backchannel, only_stops
from voice_server.calls.echo import EchoGuard, is_our_own
from voice_server.calls.endings import goes_on
from voice_server.calls.exchange import Exchange, Transcript, citations_of
from voice_server.calls.hearing import Ear
from voice_server.calls.pipeline import Question
from voice_server.calls.speaking import Heard, Mouth
from voice_server.calls.turns import (
    Began,
    Decision,
    Ended,
    Finish,
    Judge,
    Phase,
    Resumed,
    Speculate,
    TurnTaking,
    Unheard,
)
from voice_server.calls.wire import HangUp, Inbound, Playout, Ready, Refused, Typed, Wire

TAKE_BACK_VOICE_S = 0.2
"""Speech before the answer sounds that means the caller was only pausing."""
EARLY_S = 1.5
"""An answer cut off within this time may have come too early: the caller had not finished."""
STARVED_S = 0.5
GIVE_UP_S = 8.0
ZEROS_S = 2.0


@dataclass(slots=True)
class Counts:
    """What happened in a conversation, for its timeline and the bench."""

    speculations: int = 0
    speculations_used: int = 0
    speculations_discarded: int = 0
    ducks: int = 0
    false_alarms: int = 0
    interruptions: int = 0
    taken_back: int = 0
    starved: int = 0


@dataclass(frozen=True, slots=True)
class Cut:
    """The answer that the caller has just cut off: to what question, after how long."""

    question: str
    sounded_s: float


@dataclass(frozen=True, slots=True)
class Route:
    """How the conversation gives orders to the answer's pipeline."""

    ask: Callable[[Question], None]
    say: Callable[[int, str], None]
    interrupt: Callable[[], None]


class Conversation:
    """Turn-taking between one caller and the assistant."""

    def __init__(
        self,
        *,
        clock: Callable[[], float],
        wire: Wire,
        route: Route,
        keep: Callable[[Turn], None],
        hang_up: Callable[[], None],
        person_id: str,
        call_id: str,
        first_turn: int = 0,
    ) -> None:
        self._clock = clock
        self._wire = wire
        self._route = route
        self._transcript = Transcript(UUID(call_id), keep, first_turn=first_turn)
        self._hang_up = hang_up
        self._person_id = person_id
        self._call_id = call_id
        self._turn = 0
        self._generation = 0
        self._exchange: Exchange | None = None
        self._cut: Cut | None = None
        self._cited: Claim | None = None
        self._checks = 0
        self._first_check = 1
        self._zeros = 0
        self._told: set[str] = set()
        self._last_activity_s = clock()
        self._turn_began_at = datetime.now(UTC)
        self.resume_token = ""
        self.history: list[tuple[str, str]] = []
        self.counts = Counts()
        self.guard = EchoGuard()
        self.turns = TurnTaking()
        self.barge = BargeIn()
        self.ear: Ear
        self.mouth = Mouth(
            clock=clock,
            on_started=self._answer_started,
            on_words=self._answer_words,
            on_finished=self._answer_finished,
        )

    # the leg

    def hear(self, pcm: bytes, concealed: bool) -> None:
        """20 ms of the caller, 16 kHz mono s16le."""
        self.ear.hear(pcm)
        self._zeros = self._zeros + 1 if not concealed and not any(pcm) else 0
        if self._zeros == int(ZEROS_S * 50):
            self._tell_once(*SILENT_MICROPHONE)

    def speak(self) -> NDArray[np.int16] | None:
        """The next 20 ms for the caller at the mouth's rate, or None for silence."""
        frame = self.mouth.pull()
        self.guard.played(frame)
        self._tick()
        return frame

    def read(self, message: Inbound) -> None:
        """Something came over the data channel."""
        match message:
            case Ready():
                self._wire.ready(message, self._person_id)
                self._wire.call(self._call_id, self.resume_token)
                self._state("listening")
            case Typed(text):
                self._last_activity_s = self._clock()
                self._stop_answer()
                self._cut = None
                self.turns.reset()
                self.ear.forget()
                self._turn_began_at = datetime.now(UTC)
                self._ask(text, typed=True, voice_end_s=self._clock())
                self._commit()
            case Playout(delay_s):
                self.mouth.playout_delay_s = delay_s
            case HangUp():
                self._hang_up()
            case Refused():
                self._wire.refused(message)

    def notice(self, code: str, text: str) -> None:
        """A sentence the clinician should see."""
        self._wire.notice(code, text)

    def idle_s(self) -> float:
        """Seconds since anyone said or typed anything."""
        return self._clock() - self._last_activity_s

    def close(self) -> None:
        """The call is over: what was being said is kept as far as it was heard."""
        self.mouth.stop()
        self.ear.forget()

    # the ear

    def window(self, speech: bool, window_s: float) -> None:
        """The voice detector looked at a window."""
        now = self._clock()
        if speech:
            self._last_activity_s = now
        if self.mouth.speaking:
            if speech:
                self._move(self.barge.voice(now, window_s))
            self.turns.window(speech, now)
            return
        self._handle(self.turns.window(speech, now))
        self._guard_waiting_answer(speech, now)

    def hint(self) -> None:
        """A window that may hold a voice: our own gives way a little."""
        if self.mouth.speaking:
            self._move(self.barge.hint(self._clock()))

    def words(self, text: str) -> None:
        """A partial transcript of the present segment."""
        if self.guard_says_ours(text):
            return
        now = self._clock()
        if self.mouth.speaking:
            self.turns.words(text, now)
            self._move(self.barge.words(text))
            return
        self._wire.transcript(self.turns.text or text, final=False)
        self._handle(self.turns.words(text, now))

    def judged(self, completeness: float, pause: int) -> None:
        """The end-of-turn model's verdict."""
        self._handle(self.turns.judged(completeness, pause, self._clock()))

    def final(self, text: str, pause: int) -> None:
        """The transcriber's last word on a segment."""
        if text and self.guard_says_ours(text):
            text = ""
        if pause < 0:  # asked for, to judge a sound over our voice
            if -pause < self._first_check:
                return  # over an answer that is no more
            if text:
                self.turns.final(text, pause, self._clock())
            self._move(self.barge.checked(text))
            return
        if self._exchange and not self._exchange.committed:
            self._exchange.mark("final_transcript", self._clock())
        self._handle(self.turns.final(text, pause, self._clock()))

    def guard_says_ours(self, text: str) -> bool:
        """Whether these words are our own voice, heard back."""
        return self.mouth.speaking and is_our_own(text, self.mouth.said_lately())

    def fault(self, fault: Fault) -> None:
        """Hearing failed: it is seen, and said."""
        code, sentence = notice_for(fault)
        first = code not in self._told
        self._tell_once(code, sentence)
        if first and not self.mouth.speaking:
            self._say(sentence)

    # the route

    def evidence(self, generation: int, evidence: Evidence) -> None:
        """The passages for an answer are known."""
        exchange = self._mine(generation)
        if exchange is None:
            return
        exchange.evidence = evidence
        exchange.mark("evidence", self._clock())
        if exchange.committed:
            self._show_evidence(exchange)

    def composed(self, generation: int, claim: Claim) -> None:
        """A claim was cleared to be spoken."""
        if exchange := self._mine(generation):
            exchange.mark("first_text", self._clock())

    def voiced(self, generation: int) -> None:
        """The voice has made audio."""
        if exchange := self._mine(generation):
            exchange.mark("first_voice", self._clock())

    def answer_fault(self, generation: int, fault: Fault) -> None:
        """An answer was cut short by a failure; its route says the sentence, the page shows it."""
        if self._mine(generation):
            self._wire.notice(*notice_for(fault))

    # decisions

    def _tick(self) -> None:
        now = self._clock()
        if self.mouth.speaking:
            self._move(self.barge.tick(now))
            if self.mouth.starved_s() > STARVED_S and self._exchange:
                if "starved" not in self._exchange.marks_s:
                    self._exchange.mark("starved", now)
                    self.counts.starved += 1
                if self.mouth.starved_s() > GIVE_UP_S:
                    self._wire.notice(*SLOW)
                    self._stop_answer()
            return
        self._handle(self.turns.tick(now))

    def _handle(self, decisions: list[Decision]) -> None:
        for decision in decisions:
            match decision:
                case Began():
                    self._turn_began_at = datetime.now(UTC)
                    if not self.mouth.waiting:
                        self._wire.caller_started()
                        self._state("listening")
                case Speculate(text):
                    if not self._answering() and not self._wants_silence(text):
                        self.counts.speculations += 1
                        self._ask(text, typed=False, voice_end_s=self.turns.last_voice_s)
                case Judge(pause):
                    self.ear.judge(pause)
                case Finish(pause):
                    self.ear.finish(pause)
                case Resumed():
                    if self._exchange and not self._exchange.committed:
                        self.counts.speculations_discarded += 1
                        self._forget_answer()
                case Ended(text):
                    self._turn_ended(text)
                case Unheard(voiced_s):
                    self._nothing_heard(voiced_s)

    def _turn_ended(self, text: str) -> None:
        self.ear.turn_over()
        if self._answering():
            return  # decided by `_guard_waiting_answer`: a sound while we are thinking
        exchange = self._exchange
        if is_backchannel(text) and not self._expects_reply():
            self._forget_answer()
            self._wire.transcript(text, final=True)
            self._state("listening")
            return
        if self._wants_silence(text):
            self._stopped_by(text)
            return
        if exchange and not exchange.committed and _same(exchange.said, text):
            self.counts.speculations_used += 1
        else:
            voice_end_s = exchange.voice_end_s if exchange else self.turns.last_voice_s
            if exchange and not exchange.committed:
                self.counts.speculations_discarded += 1
            self._ask(text, typed=False, voice_end_s=voice_end_s or self._clock())
        self._commit()

    def _wants_silence(self, text: str) -> bool:
        cut_in = self._cut is not None or command_in(text) is Command.STOP
        return cut_in and only_stops(text)

    def _stopped_by(self, text: str) -> None:
        """The caller only wanted silence, and has it."""
        self._forget_answer()
        self._cut = None
        now = self._clock()
        said = Question(text, self._generation)
        self._turn += 1
        self._transcript.question(
            Exchange(said, text, self._turn, False, now, self._turn_began_at, committed=True)
        )
        self._wire.transcript(text, final=True)
        self._wire.caller_stopped()
        self._state("listening")

    def _cut_now(self) -> Cut | None:
        exchange = self._exchange
        if exchange is None:
            return None
        now = self._clock()
        return Cut(exchange.question.text, now - exchange.marks_s.get("first_audio", now))

    def _expects_reply(self) -> bool:
        return bool(self.history) and self.history[-1][1].rstrip().endswith("?")

    def _nothing_heard(self, voiced_s: float) -> None:
        self.ear.turn_over()
        if self._answering():
            return
        self._forget_answer()
        self._state("listening")
        if voiced_s >= self.turns.rules.unheard_voice_s:
            self._wire.notice(*NOT_HEARD)
            self._say(NOT_HEARD[1])

    def _guard_waiting_answer(self, speech: bool, now: float) -> None:
        """A sound between the question and the answer: a cough is let pass, a caller who goes on
        takes the question back."""
        exchange = self._exchange
        if exchange is None or not exchange.committed or not self.mouth.waiting:
            return
        if speech and self.turns.phase is not Phase.IDLE:
            self.mouth.hold(exchange.question.generation)
            if self.turns.voiced_s >= TAKE_BACK_VOICE_S and not exchange.typed:
                self.counts.taken_back += 1
                self._forget_answer()
                self.turns.reopen(exchange.said, now)
                self._state("listening")
        elif now - self.turns.last_voice_s > 0.12:
            self.mouth.release(exchange.question.generation)

    def _move(self, moves: list[Move]) -> None:
        for move in moves:
            match move:
                case Move.DUCK:
                    self.counts.ducks += 1
                    self.mouth.duck()
                case Move.PAUSE:
                    self.mouth.pause()
                case Move.CHECK:
                    self._checks += 1
                    self.ear.finish(-self._checks)
                case Move.RESUME:
                    self.counts.false_alarms += 1
                    self.turns.reset()
                    self.ear.forget()
                    self.ear.turn_over()
                    self.mouth.resume()
                case Move.STOP:
                    self.counts.interruptions += 1
                    self._cut = self._cut_now()
                    self._stop_answer()
                    self._wire.caller_started()
                    self._handle(self.turns.rearm(self._clock()))

    # answers

    def _answering(self) -> bool:
        """Whether a confirmed answer is on its way or sounding."""
        return self._exchange is not None and self._exchange.committed

    def _mine(self, generation: int) -> Exchange | None:
        exchange = self._exchange
        return exchange if exchange and exchange.question.generation == generation else None

    def _ask(self, text: str, *, typed: bool, voice_end_s: float) -> None:
        if self._exchange is not None:
            self._route.interrupt()
        self._generation += 1
        question = Question(self._whole(text), self._generation)
        self._exchange = Exchange(
            question, text, self._turn + 1, typed, voice_end_s, self._turn_began_at
        )
        self._exchange.mark("asked", self._clock())
        self.mouth.begin(self._generation, held=True)
        self._route.ask(question)

    def _whole(self, text: str) -> str:
        """What is asked: words that go on with a question that was answered too early are part of
        it."""
        if self._cut and self._cut.sounded_s < EARLY_S and goes_on(text):
            return f"{self._cut.question.rstrip(' ?.')} {text}"
        return text

    def _commit(self) -> None:
        """The turn is confirmed: the answer may be heard."""
        exchange = self._exchange
        if exchange is None:
            return
        self._turn = exchange.turn
        self._cut = None
        exchange.committed = True
        exchange.mark("turn_end", self._clock())
        self._wire.transcript(exchange.said, final=True)
        self._wire.caller_stopped()
        self._state("thinking")
        if exchange.evidence is not None:
            self._show_evidence(exchange)
        self.mouth.release(exchange.question.generation)

    def _show_evidence(self, exchange: Exchange) -> None:
        if exchange.evidence is not None:
            self._wire.evidence(exchange.turn, exchange.evidence.found)

    def _say(self, sentence: str) -> None:
        """Say something of our own, outside any question."""
        self._generation += 1
        self.mouth.begin(self._generation, held=False)
        self._route.say(self._generation, sentence)

    def _forget_answer(self) -> None:
        """Throw away an answer that nobody heard."""
        if self._exchange is not None:
            self._route.interrupt()
            self._exchange = None
        self.mouth.drop()

    def _stop_answer(self) -> None:
        """End whatever is being answered; what was heard is kept."""
        self._route.interrupt()
        if self.mouth.speaking:
            self.mouth.stop()
        elif self._exchange is not None:
            if self._exchange.committed:
                self._transcript.question(self._exchange)
            self._exchange = None
            self.mouth.drop()

    def _answer_started(self, generation: int) -> None:
        self.barge.reset()
        self._first_check = self._checks + 1
        self.turns.reset()
        self._cited = None
        if exchange := self._mine(generation):
            exchange.mark("first_audio", self._clock())
            self._transcript.question(exchange)
        self._wire.answer_started()
        self._state("speaking")

    def _answer_words(self, generation: int, text_heard: str, claim: Claim | None) -> None:
        self._wire.words(self._turn, text_heard)
        if claim is not self._cited:
            self._cited = claim
            if claim is not None:
                self._wire.claim_spoken(claim.text)
                self._wire.cite(self._turn, claim.citations, claim.text)

    def _answer_finished(self, heard: Heard) -> None:
        self._last_activity_s = self._clock()
        self.barge.reset()
        exchange = self._mine(heard.generation)
        if self._cited is not None:
            self._wire.cite_end(self._turn)
            self._cited = None
        self._wire.answer_stopped()
        if exchange is not None:
            self._exchange = None
            exchange.mark("answer_end", self._clock())
            self._transcript.question(exchange)
            citations = citations_of(heard, exchange.evidence)
            self._transcript.answer(exchange, heard, citations)
            self.history.append((exchange.question.text, heard.text_heard))
            self.turns.replying = self._expects_reply()
            self._wire.answer(
                exchange.turn,
                text_spoken=heard.text_spoken,
                text_heard=heard.text_heard,
                interrupted=heard.interrupted,
                citations=citations,
            )
            self._wire.timeline(exchange.turn, exchange.marks_ms())
        self._state("listening")

    # telling

    def _state(self, state: Literal["listening", "thinking", "speaking"]) -> None:
        self._wire.state(state, self._turn)

    def _tell_once(self, code: str, text: str) -> None:
        if code not in self._told:
            self._told.add(code)
            self._wire.notice(code, text)


def _same(one: str, other: str) -> bool:
    return one.lower().strip(" .?!,").split() == other.lower().strip(" .?!,").split()
