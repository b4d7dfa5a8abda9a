"""The audit trail, for admins."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from storage.records import AuditEvent, Person
from voice_server.api.dependencies import MOST_BODY_BYTES, Stores, open_stores
from voice_server.auth.permissions import may

router = APIRouter(prefix="/api/audit", tags=["audit"], max_body_size=MOST_BODY_BYTES)

Admin = Annotated[Person, Depends(may("audit:read"))]
Open = Annotated[Stores, Depends(open_stores)]


class Actor(BaseModel):
    """Who did it; without an id it was the server itself."""

    id: UUID | None
    name: str


class AuditRow(BaseModel):
    """One event."""

    id: int
    at: datetime
    actor: Actor
    action: str
    subject: str
    detail: dict[str, str]


class AuditPage(BaseModel):
    """Events, newest first; `next` is the cursor of the page after it."""

    events: list[AuditRow]
    next: str | None


class AuditCheck(BaseModel):
    """Whether the chain holds; `first_bad` is the id of the first event that does not fit."""

    valid: bool
    events: int
    first_bad: int | None


@router.get("")
async def events(
    stores: Open,
    _: Admin,
    cursor: Annotated[int | None, Query(ge=1, lt=2**63)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> AuditPage:
    """Who did what to which thing."""
    found = await stores.audit.list(before=cursor, limit=limit + 1)
    shown = found[:limit]
    more = len(found) > limit
    return AuditPage(
        events=[_row(event) for event in shown], next=str(shown[-1].id) if more else None
    )


@router.get("/verify")
async def verify(stores: Open, _: Admin) -> AuditCheck:
    """Walk the whole chain of hashes."""
    verdict = await stores.audit.verify()
    return AuditCheck(valid=verdict.valid, events=verdict.events, first_bad=verdict.first_bad)


def _row(event: AuditEvent) -> AuditRow:
    return AuditRow(
        id=event.id,
        at=event.at,
        actor=Actor(id=event.actor_id, name=event.actor_name),
        action=event.action,
        subject=event.subject,
        detail=event.detail,
    )
