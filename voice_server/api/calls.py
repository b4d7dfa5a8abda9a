"""Conversations that were held, as they were said and heard."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from storage.records import Call, Citation, Person, Speaker, Turn
from voice_server.api.dependencies import StoresOf
from voice_server.auth.permissions import may

router = APIRouter(prefix="/api/calls", tags=["calls"])
Reader = Annotated[Person, Depends(may("transcripts:read"))]


class Caller(BaseModel):
    """Whose call it was."""

    id: UUID
    name: str


class CallRow(BaseModel):
    """One conversation. `ending` is empty while it lasts."""

    id: UUID
    person: Caller
    started_at: datetime
    ended_at: datetime | None
    ending: str
    turns: int


class CallList(BaseModel):
    """Conversations, newest first; `next` continues."""

    calls: list[CallRow]
    next: str | None


class CitationOut(BaseModel):
    """A passage as it was cited."""

    passage_id: UUID
    document_id: UUID
    title: str
    section: str
    page: int | None
    claim: str
    quote: str


class TurnOut(BaseModel):
    """What was said, and what of it was heard."""

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
    citations: list[CitationOut]


class CallOut(BaseModel):
    """A conversation with its turns."""

    id: UUID
    person: Caller
    started_at: datetime
    ended_at: datetime | None
    ending: str
    engines: dict[str, str]
    turns: list[TurnOut]


@router.get("")
async def list_calls(
    stores: StoresOf,
    reader: Reader,
    person: UUID | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> CallList:
    """One's own conversations; everyone's for reviewers and admins."""
    page = await stores.calls.list(
        reader, person=person, since=since, until=until, cursor=cursor, limit=limit
    )
    return CallList(
        calls=[CallRow(**_row(one), turns=one.turns) for one in page.calls], next=page.next
    )


@router.get("/{call_id}")
async def read_call(call_id: UUID, stores: StoresOf, reader: Reader) -> CallOut:
    """A conversation to read again. Reading someone else's is written to the audit trail."""
    call, turns = await stores.calls.open(reader, call_id)
    return CallOut(**_row(call), engines=call.engines, turns=[_turn(one) for one in turns])


def _row(call: Call) -> dict[str, Any]:
    return {
        "id": call.id,
        "person": Caller(id=call.person_id, name=call.person_name),
        "started_at": call.started_at,
        "ended_at": call.ended_at,
        "ending": call.ending,
    }


def _turn(turn: Turn) -> TurnOut:
    return TurnOut(
        id=turn.id,
        ordinal=turn.ordinal,
        speaker=turn.speaker,
        text_spoken=turn.text_spoken,
        text_heard=turn.text_heard,
        interrupted=turn.interrupted,
        typed=turn.typed,
        started_at=turn.started_at,
        ended_at=turn.ended_at,
        timings_ms=turn.timings_ms,
        citations=[_citation(one) for one in turn.citations],
    )


def _citation(citation: Citation) -> CitationOut:
    return CitationOut(
        passage_id=citation.passage_id,
        document_id=citation.document_id,
        title=citation.title,
        section=citation.section,
        page=citation.page,
        claim=citation.claim,
        quote=citation.quote,
    )
