"""The audit trail, for administrators."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from storage.records import AuditEvent, Person
from voice_server.api.dependencies import StoresOf
from voice_server.auth.permissions import may

router = APIRouter(prefix="/api/audit", tags=["audit"])
Auditor = Annotated[Person, Depends(may("audit:read"))]


class Actor(BaseModel):
    """Who did it; no id when it was the server."""

    id: UUID | None
    name: str


class EventOut(BaseModel):
    """Who did what to which thing, when."""

    id: int
    at: datetime
    actor: Actor
    action: str
    subject: str
    detail: dict[str, str]


class Events(BaseModel):
    """Events, newest first; `next` continues."""

    events: list[EventOut]
    next: int | None


class Verdict(BaseModel):
    """Whether the chain holds, and the first event that does not fit."""

    valid: bool
    events: int
    first_bad: int | None


@router.get("")
async def list_events(
    stores: StoresOf,
    auditor: Auditor,
    cursor: int | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Events:
    """What was done, newest first."""
    events = await stores.audit.list(before=cursor, limit=limit)
    more = len(events) == limit
    return Events(events=[_event(one) for one in events], next=events[-1].id if more else None)


@router.get("/verify")
async def verify(stores: StoresOf, auditor: Auditor) -> Verdict:
    """Walk the whole chain of hashes."""
    verdict = await stores.audit.verify()
    return Verdict(valid=verdict.valid, events=verdict.events, first_bad=verdict.first_bad)


def _event(event: AuditEvent) -> EventOut:
    return EventOut(
        id=event.id,
        at=event.at,
        actor=Actor(id=event.actor_id, name=event.actor_name),
        action=event.action,
        subject=event.subject,
        detail=event.detail,
    )
