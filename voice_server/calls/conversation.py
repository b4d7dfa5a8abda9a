"""One conversation: what the caller says, what is answered, and who has the floor.

The ear, the mouth and the answer's route report here; this is where turn-taking, barge-in and
speculation meet. Everything runs on the event loop, synchronously, from audio packet to audio
packet; what takes time is ordered from the pipeline and comes back as an event.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from agents.commands import Command, command_in
from storage.faults import Fault
from storage.records import Turn
from voice_server.calls.answers import Answers, Counts, Route
from voice_server.calls.apologies import NOT_HEARD, SILENT_MICROPHONE, notice_for
from voice_server.calls.barge_in import BargeIn, Move, is_backchannel, only_stops
from voice_server.calls.echo import EchoGuard, is_our_own
from voice_server.calls.exchange import Transcript
from voice_server.calls.hearing import Ear
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
QUIET_AGAIN_S = 0.12
"""Silence after a sound at which an answer that was about to sound may."""
ZEROS_S = 2.0
DIGITAL_SILENCE = 1
"""Peak of the zeros that a dead microphone sends, after the codec; the quietest room is above."""


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
        self._hang_up = hang_up
        self._person_id = person_id
        self._call_id = call_id
        self._checks = 0
        self._first_check = 1
        self._zeros = 0
        self._told: set[str] = set()
        self._last_activity_s = clock()
        self._turn_began_at = datetime.now(UTC)
        self.resume_token = ""
        self.guard = EchoGuard()
        self.turns = TurnTaking()
        self.barge = BargeIn()
        self.ear: Ear
        self.answers = Answers(
            clock=clock,
            wire=wire,
            route=route,
            transcript=Transcript(UUID(call_id), keep, first_turn=first_turn),
            on_started=self._answer_started,
            on_finished=self._answer_finished,
        )
        self.mouth = self.answers.mouth

    # the leg

    def hear(self, pcm: bytes, concealed: bool) -> None:
        """20 ms of the caller, 16 kHz mono s16le."""
        self.ear.hear(pcm)
        silent = (
            not concealed and int(np.abs(np.frombuffer(pcm, np.int16)).max()) <= DIGITAL_SILENCE
        )
        self._zeros = self._zeros + 1 if silent else 0
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
                self._listening()
            case Typed(text):
                self._last_activity_s = self._clock()
                self.answers.stop()
                self.answers.cut = None
                self.turns.reset()
                self.ear.forget()
                self._turn_began_at = datetime.now(UTC)
                self._prepare(text, self._clock(), typed=True)
                self.answers.confirm()
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

    def hush(self) -> None:
        """The caller's level fell: perhaps they have finished."""
        if not self.mouth.speaking:
            self._handle(self.turns.hush())

    def words(self, text: str) -> None:
        """A partial transcript of the present segment."""
        if self.guard_says_ours(text):
            return
        now = self._clock()
        if self.mouth.speaking:
            self.turns.words(text, now)
            self._move(self.barge.words(text))
            return
        so_far = self.turns.text or text
        if self.answers.expects_reply() or not is_backchannel(so_far):
            self._wire.transcript(so_far, final=False)
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
            moves = self.barge.checked(text)
            if text and (moves or self.barge.undecided):
                self.turns.final(text, pause, self._clock())
            self._move(moves)
            return
        if self.answers.exchange and self.answers.speculative:
            self.answers.exchange.mark("final_transcript", self._clock())
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
            self.answers.say(sentence)

    # decisions

    def _tick(self) -> None:
        now = self._clock()
        if self.mouth.speaking:
            self._move(self.barge.tick(now))
            self.answers.watch()
            return
        self._handle(self.turns.tick(now))

    def _handle(self, decisions: list[Decision]) -> None:
        for decision in decisions:
            match decision:
                case Began():
                    self._turn_began_at = datetime.now(UTC)
                    if not self.mouth.waiting:
                        self._wire.caller_started()
                        self._listening()
                case Speculate(text, voice_end_s):
                    if not self.answers.confirmed and not self._wants_silence(text):
                        self.counts.speculations += 1
                        self._prepare(text, voice_end_s)
                case Judge(pause):
                    self.ear.judge(pause)
                case Finish(pause):
                    self.ear.finish(pause)
                case Resumed():
                    if self.answers.speculative:
                        self.counts.speculations_discarded += 1
                        self.answers.forget()
                case Ended(text, voice_end_s):
                    self._turn_ended(text, voice_end_s)
                case Unheard(voiced_s):
                    self._nothing_heard(voiced_s)

    def _turn_ended(self, text: str, voice_end_s: float) -> None:
        self.ear.turn_over()
        answers = self.answers
        if answers.confirmed:
            return  # decided by `_guard_waiting_answer`: a sound while we are thinking
        if is_backchannel(text) and not answers.expects_reply():
            answers.forget()
            answers.cut = None
            self._listening()
            return
        if self._wants_silence(text):
            answers.keep_silence(text, self._turn_began_at)
            return
        exchange = answers.exchange
        if exchange and _same(exchange.said, text):
            self.counts.speculations_used += 1
            exchange.voice_end_s = voice_end_s
        else:
            self.counts.speculations_discarded += exchange is not None
            self._prepare(text, voice_end_s)
        answers.confirm()

    def _prepare(self, text: str, voice_end_s: float, *, typed: bool = False) -> None:
        self.answers.prepare(
            text, typed=typed, voice_end_s=voice_end_s, began_at=self._turn_began_at
        )

    def _wants_silence(self, text: str) -> bool:
        cut_in = self.answers.cut is not None or command_in(text) is Command.STOP
        return cut_in and only_stops(text)

    def _nothing_heard(self, voiced_s: float) -> None:
        self.ear.turn_over()
        if self.answers.confirmed:
            return
        self.answers.forget()
        self.answers.cut = None
        self._listening()
        if voiced_s >= self.turns.rules.unheard_voice_s:
            self._wire.notice(*NOT_HEARD)
            self.answers.say(NOT_HEARD[1])

    def _guard_waiting_answer(self, speech: bool, now: float) -> None:
        """A sound between the question and the answer: a cough is let pass, a caller who goes on
        takes the question back."""
        exchange = self.answers.exchange
        if exchange is None or not exchange.committed or not self.mouth.waiting:
            return
        if speech and self.turns.phase is not Phase.IDLE:
            self.mouth.hold(exchange.question.generation)
            if self.turns.voiced_s >= TAKE_BACK_VOICE_S and not exchange.typed:
                self.counts.taken_back += 1
                self.answers.forget()
                self.turns.reopen(exchange.said, now)
                self._listening()
        elif now - self.turns.last_voice_s > QUIET_AGAIN_S:
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
                    self.answers.cut_off()
                    self._wire.caller_started()
                    self._handle(self.turns.rearm(self._clock()))

    def _answer_started(self) -> None:
        self.barge.reset()
        self._first_check = self._checks + 1
        self.turns.reset()

    def _answer_finished(self) -> None:
        self._last_activity_s = self._clock()
        self.barge.reset()
        self.turns.replying = self.answers.expects_reply()

    # telling

    @property
    def counts(self) -> Counts:
        """What happened so far."""
        return self.answers.counts

    def _listening(self) -> None:
        self._wire.state("listening", self.answers.turn)

    def _tell_once(self, code: str, text: str) -> None:
        if code not in self._told:
            self._told.add(code)
            self._wire.notice(code, text)


def _same(one: str, other: str) -> bool:
    return one.lower().strip(" .?!,").split() == other.lower().strip(" .?!,").split()
