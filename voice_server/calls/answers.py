"""The answers of one conversation: prepared and held, sounded, cut off or thrown away, and kept.

Whose turn it is, is decided in `conversation.py`; here its answer is ordered from the route, told
to the page as it sounds, and kept as it was heard.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from agents.claims import Claim
from rag.evidence import Evidence
from storage.faults import Fault
from voice_server.calls.apologies import SLOW, notice_for
from voice_server.calls.endings import goes_on
from voice_server.calls.exchange import Exchange, Transcript, citations_of
from voice_server.calls.pipeline import Question
from voice_server.calls.speaking import Heard, Mouth
from voice_server.calls.wire import Wire

EARLY_S = 1.5
"""An answer cut off within this time may have come too early: the caller had not finished."""
STARVED_S = 0.5
GIVE_UP_S = 8.0


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


class Answers:
    """One answer at a time; each has a generation, and what comes of an older one is ignored."""

    def __init__(
        self,
        *,
        clock: Callable[[], float],
        wire: Wire,
        route: Route,
        transcript: Transcript,
        on_started: Callable[[], None],
        on_finished: Callable[[], None],
    ) -> None:
        self._clock = clock
        self._wire = wire
        self._route = route
        self._transcript = transcript
        self._on_started, self._on_finished = on_started, on_finished
        self._generation = 0
        self._cited: Claim | None = None
        self._starving = False
        self.turn = 0
        """Number of the last confirmed turn."""
        self.exchange: Exchange | None = None
        """The question being answered, confirmed or not."""
        self.cut: Cut | None = None
        self.history: list[tuple[str, str]] = []
        self.counts = Counts()
        self.mouth = Mouth(
            clock=clock, on_started=self._started, on_words=self._words, on_finished=self._finished
        )

    @property
    def confirmed(self) -> bool:
        """Whether a confirmed answer is on its way or sounding."""
        return self.exchange is not None and self.exchange.committed

    @property
    def speculative(self) -> bool:
        """Whether an answer is being prepared for a turn that is not confirmed."""
        return self.exchange is not None and not self.exchange.committed

    def expects_reply(self) -> bool:
        """Whether the last answer was a question to the caller."""
        return bool(self.history) and self.history[-1][1].rstrip().endswith("?")

    # what the conversation decides

    def prepare(self, said: str, *, typed: bool, voice_end_s: float, began_at: datetime) -> None:
        """Begin an answer, and hold it until the turn is confirmed."""
        if self.exchange is not None:
            self._route.interrupt()
        self._generation += 1
        question = Question(self._whole(said), self._generation)
        self.exchange = Exchange(question, said, self.turn + 1, typed, voice_end_s, began_at)
        self.exchange.mark("asked", self._clock())
        self.mouth.begin(self._generation, held=True)
        self._route.ask(question)

    def _whole(self, said: str) -> str:
        """What is asked: words that go on with a question that was answered too early are part of
        it."""
        if self.cut and self.cut.sounded_s < EARLY_S and goes_on(said):
            return f"{self.cut.question.rstrip(' ?.')} {said}"
        return said

    def confirm(self) -> None:
        """The turn is over: the answer may be heard."""
        exchange = self.exchange
        if exchange is None:
            return
        self.turn = exchange.turn
        self.cut = None
        exchange.committed = True
        exchange.mark("turn_end", self._clock())
        self._wire.transcript(exchange.said, final=True)
        self._wire.caller_stopped()
        self._wire.state("thinking", self.turn)
        if exchange.evidence is not None:
            self._wire.evidence(exchange.turn, exchange.evidence.found)
        self.mouth.release(exchange.question.generation)

    def say(self, sentence: str) -> None:
        """Say something of our own, outside any question."""
        self._generation += 1
        self.mouth.begin(self._generation, held=False)
        self._route.say(self._generation, sentence)

    def forget(self) -> None:
        """Throw away an answer that nobody heard."""
        if self.exchange is not None:
            self._route.interrupt()
            self.exchange = None
        self.mouth.drop()

    def stop(self) -> None:
        """End whatever is being answered; what was heard is kept."""
        self._route.interrupt()
        if self.mouth.speaking:
            self.mouth.stop()
        elif self.exchange is not None:
            if self.exchange.committed:
                self._transcript.question(self.exchange)
            self.exchange = None
            self.mouth.drop()

    def cut_off(self) -> None:
        """The caller has cut in."""
        self.cut = None
        if exchange := self.exchange:
            now = self._clock()
            sounded_s = now - exchange.marks_s.get("first_audio", now)
            self.cut = Cut(exchange.question.text, sounded_s)
        self.stop()

    def keep_silence(self, said: str, began_at: datetime) -> None:
        """The caller only wanted silence, and has it."""
        self.forget()
        self.cut = None
        self.turn += 1
        question = Question(said, self._generation)
        now = self._clock()
        self._transcript.question(Exchange(question, said, self.turn, False, now, began_at))
        self._wire.transcript(said, final=True)
        self._wire.caller_stopped()
        self._wire.state("listening", self.turn)

    def watch(self) -> None:
        """While an answer has nothing to say the page does not claim that it speaks; in the end it
        is given up."""
        starved_s = self.mouth.starved_s()
        if self._starving and starved_s == 0.0:
            self._starving = False
            self._wire.state("speaking", self.turn)
        if self.exchange is None or starved_s <= STARVED_S:
            return
        if not self._starving:
            self._starving = True
            self.exchange.mark("starved", self._clock())
            self.counts.starved += 1
            self._wire.state("thinking", self.turn)
        if starved_s > GIVE_UP_S:
            self._wire.notice(*SLOW)
            self.stop()

    # what the route reports

    def _mine(self, generation: int) -> Exchange | None:
        exchange = self.exchange
        return exchange if exchange and exchange.question.generation == generation else None

    def evidence(self, generation: int, evidence: Evidence) -> None:
        """The passages for an answer are known."""
        if (exchange := self._mine(generation)) is None:
            return
        exchange.evidence = evidence
        exchange.mark("evidence", self._clock())
        if exchange.committed:
            self._wire.evidence(exchange.turn, evidence.found)

    def composed(self, generation: int, claim: Claim) -> None:
        """A claim was cleared to be spoken."""
        if exchange := self._mine(generation):
            exchange.mark("first_text", self._clock())

    def voiced(self, generation: int) -> None:
        """The voice has made audio."""
        if exchange := self._mine(generation):
            exchange.mark("first_voice", self._clock())

    def fault(self, generation: int, fault: Fault) -> None:
        """An answer was cut short by a failure: the page shows it, once."""
        exchange = self._mine(generation)
        if exchange and "fault" not in exchange.marks_s:
            exchange.mark("fault", self._clock())
            self._wire.notice(*notice_for(fault))

    # what the mouth reports

    def _started(self, generation: int) -> None:
        self._cited = None
        self._starving = False
        if exchange := self._mine(generation):
            exchange.mark("first_audio", self._clock())
            self._transcript.question(exchange)
        self._on_started()
        self._wire.answer_started()
        self._wire.state("speaking", self.turn)

    def _words(self, generation: int, text_heard: str, claim: Claim | None) -> None:
        self._wire.words(self.turn, text_heard)
        if claim is not self._cited:
            self._cited = claim
            if claim is not None:
                self._wire.claim_spoken(claim.text)
                self._wire.cite(self.turn, claim.citations, claim.text)

    def _finished(self, heard: Heard) -> None:
        exchange = self._mine(heard.generation)
        if self._cited is not None:
            self._wire.cite_end(self.turn)
            self._cited = None
        self._wire.answer_stopped()
        if exchange is not None:
            self.exchange = None
            exchange.mark("answer_end", self._clock())
            self._transcript.question(exchange)
            citations = citations_of(heard, exchange.evidence)
            self._transcript.answer(exchange, heard, citations)
            self.history.append((exchange.question.text, heard.text_heard))
            self._wire.answer(
                exchange.turn,
                text_spoken=heard.text_spoken,
                text_heard=heard.text_heard,
                interrupted=heard.interrupted,
                citations=citations,
            )
            self._wire.timeline(exchange.turn, exchange.marks_ms())
        self._on_finished()
        self._wire.state("listening", self.turn)
