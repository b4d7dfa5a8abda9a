"""Conversations for tests, as the server would keep them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from storage.records import Call, Citation, Person, Speaker, Turn

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def call_of(person: Person, *, minutes: int = 0) -> Call:
    """A call that began `minutes` after noon."""
    return Call(
        id=uuid4(),
        person_id=person.id,
        person_name=person.name,
        started_at=NOON + timedelta(minutes=minutes),
        ended_at=None,
        ending="",
        engines={"voice": "flite slt"},
    )


def turns_of(call: Call) -> tuple[Turn, Turn]:
    """A question, and an answer that was cut off."""
    question = Turn(
        id=uuid4(),
        call_id=call.id,
        ordinal=0,
        speaker=Speaker.CALLER,
        text_spoken="what is the dose",
        text_heard="what is the dose",
        interrupted=False,
        typed=False,
        started_at=call.started_at,
        ended_at=call.started_at + timedelta(seconds=2),
    )
    answer = Turn(
        id=uuid4(),
        call_id=call.id,
        ordinal=1,
        speaker=Speaker.ASSISTANT,
        text_spoken="K+ < 3.5: give 20 mmol. Check again in 4 hours.",
        text_heard="K+ < 3.5: give",
        interrupted=True,
        typed=False,
        started_at=call.started_at + timedelta(seconds=3),
        ended_at=call.started_at + timedelta(seconds=5),
        timings_ms={"turn_end": 210.5, "first_audio": 340.0},
        citations=tuple(
            Citation(uuid4(), uuid4(), "Potassium", section, page, "give 20 mmol", "20 mmol ÷ 2 h")
            for section, page in (("Dose", 3), ("", None))
        ),
    )
    return question, answer
