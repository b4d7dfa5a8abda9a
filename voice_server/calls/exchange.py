"""A question and its answer in a conversation, with the times of its steps, as it is to be kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID, uuid4

from rag.evidence import Evidence
from storage.records import Citation, Speaker, Turn
from voice_server.calls.pipeline import Question
from voice_server.calls.speaking import Heard


@dataclass(slots=True)
class Exchange:
    """A question, the answer on its way to it, and when each step happened.

    `said` are the caller's own words; the question may hold more of what they belong to.
    """

    question: Question
    said: str
    turn: int
    typed: bool
    voice_end_s: float
    began_at: datetime
    committed: bool = False
    kept: bool = False
    evidence: Evidence | None = None
    marks_s: dict[str, float] = field(default_factory=dict)

    def mark(self, name: str, now: float) -> None:
        """Note when something first happened."""
        self.marks_s.setdefault(name, now)

    def marks_ms(self) -> dict[str, float]:
        """Milliseconds from the end of the caller's speech."""
        return {name: round((at - self.voice_end_s) * 1000, 1) for name, at in self.marks_s.items()}


class Transcript:
    """Writes a call's turns, each once, in the order in which they were heard."""

    def __init__(self, call_id: UUID, keep: Callable[[Turn], None], *, first_turn: int = 0) -> None:
        self._call_id = call_id
        self._keep = keep
        self._ordinal = first_turn

    def question(self, exchange: Exchange) -> None:
        """Keep what the caller said, unless it is kept already."""
        if exchange.kept:
            return
        exchange.kept = True
        self._turn(Speaker.CALLER, exchange.said, exchange.said, exchange)

    def answer(self, exchange: Exchange, heard: Heard, citations: tuple[Citation, ...]) -> None:
        """Keep an answer as far as it was heard."""
        self._turn(
            Speaker.ASSISTANT,
            heard.text_spoken,
            heard.text_heard,
            exchange,
            interrupted=heard.interrupted,
            citations=citations,
        )

    def _turn(
        self,
        speaker: Speaker,
        spoken: str,
        heard: str,
        exchange: Exchange,
        *,
        interrupted: bool = False,
        citations: tuple[Citation, ...] = (),
    ) -> None:
        self._ordinal += 1
        self._keep(
            Turn(
                id=uuid4(),
                call_id=self._call_id,
                ordinal=self._ordinal,
                speaker=speaker,
                text_spoken=spoken,
                text_heard=heard,
                interrupted=interrupted,
                typed=exchange.typed,
                started_at=exchange.began_at,
                ended_at=datetime.now(UTC),
                timings_ms=exchange.marks_ms() if speaker is Speaker.ASSISTANT else {},
                citations=citations,
            )
        )


def citations_of(heard: Heard, evidence: Evidence | None) -> tuple[Citation, ...]:
    """The passages that carry what was heard, claim by claim."""
    found = {one.passage.id: one for one in evidence.found} if evidence else {}
    return tuple(
        Citation(
            passage_id=passage_id,
            document_id=found[passage_id].passage.document_id,
            title=found[passage_id].title,
            section=" › ".join(found[passage_id].passage.section),
            page=found[passage_id].passage.page,
            claim=claim.text,
            quote=found[passage_id].passage.text,
        )
        for claim in heard.claims
        for passage_id in claim.citations
        if passage_id in found
    )
