"""Conversations that were held, for reading again."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel

from agents.lookalike import tall_man
from storage.records import Call, Citation, Person, Speaker, Turn
from voice_server.api.dependencies import MOST_BODY_BYTES, Stores, open_stores
from voice_server.auth.permissions import may

router = APIRouter(prefix="/api/calls", tags=["calls"], max_body_size=MOST_BODY_BYTES)

Reader = Annotated[Person, Depends(may("calls:read"))]
Open = Annotated[Stores, Depends(open_stores)]


class Who(BaseModel):
    """Whose call it was."""

    id: UUID
    name: str


class CallHead(BaseModel):
    """A conversation; `ending` is empty while it lasts."""

    id: UUID
    person: Who
    started_at: datetime
    ended_at: datetime | None
    ending: str


class CallRow(CallHead):
    """A line of the history; `turns` counts what was said."""

    turns: int


class Calls(BaseModel):
    """A page of the history, newest first; `next` is the cursor of the page after it."""

    calls: list[CallRow]
    next: str | None


class CitationView(BaseModel):
    """A passage as it was cited."""

    passage_id: UUID
    document_id: UUID
    title: str
    section: str
    page: int | None
    claim: str
    quote: str


class TurnView(BaseModel):
    """What one side said; `text_heard` is the part that was played before an interruption."""

    id: UUID
    ordinal: int
    speaker: Speaker
    text_spoken: str
    text_heard: str
    interrupted: bool
    typed: bool
    started_at: datetime
    ended_at: datetime
    timings_ms: dict[str, float]
    citations: list[CitationView]


class CallView(CallHead):
    """A whole conversation."""

    engines: dict[str, str]
    turns: list[TurnView]


@router.get("")
async def calls(
    stores: Open,
    actor: Reader,
    person: UUID | None = None,
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
    cursor: Annotated[str | None, Query(max_length=100)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Calls:
    """The history: a clinician's own, everyone's for reviewers and admins."""
    page = await stores.calls.list(
        actor, person=person, since=since, until=until, cursor=cursor, limit=limit
    )
    return Calls(
        calls=[CallRow(**_head(call), turns=call.turns) for call in page.calls], next=page.next
    )


@router.get("/{call_id}")
async def call(call_id: UUID, stores: Open, actor: Reader) -> CallView:
    """A conversation with all that was said. Each opening is written to the audit trail."""
    opened, turns = await stores.calls.open(actor, call_id)
    return CallView(**_head(opened), engines=opened.engines, turns=[_turn(turn) for turn in turns])


def _head(call: Call) -> dict[str, object]:
    return {
        "id": call.id,
        "person": Who(id=call.person_id, name=call.person_name),
        "started_at": call.started_at,
        "ended_at": call.ended_at,
        "ending": call.ending,
    }


def _turn(turn: Turn) -> TurnView:
    return TurnView(
        id=turn.id,
        ordinal=turn.ordinal,
        speaker=turn.speaker,
        text_spoken=_shown(turn, turn.text_spoken),
        text_heard=_shown(turn, turn.text_heard),
        interrupted=turn.interrupted,
        typed=turn.typed,
        started_at=turn.started_at,
        ended_at=turn.ended_at,
        timings_ms=turn.timings_ms,
        citations=[_citation(one) for one in turn.citations],
    )


def _shown(turn: Turn, text: str) -> str:
    """As the page shows it during the call, which is how it is read again."""
    return tall_man(text) if turn.speaker is Speaker.ASSISTANT else text


def _citation(citation: Citation) -> CitationView:
    return CitationView(
        passage_id=citation.passage_id,
        document_id=citation.document_id,
        title=citation.title,
        section=citation.section,
        page=citation.page,
        claim=tall_man(citation.claim),
        quote=citation.quote,
    )
