"""The audit trail: who did what to which thing, as a chain of hashes that can be verified.

Each event's hash covers its content and the hash before it, in one canonical form (JSON, sorted
keys, no spaces, UTC to the microsecond). The head is kept apart, so a cut-off tail is noticed too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from storage.database import Database
from storage.records import AuditEvent, Person

_COLUMNS = "id, at, actor_id, actor_name, action, subject, detail, previous_hash, hash"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the chain holds; `first_bad` is the id of the first event that does not fit."""

    valid: bool
    events: int
    first_bad: int | None


class Audit:
    """Reads the trail. Writing goes through `append`, inside the transaction it belongs to."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def record(
        self, actor: Person | None, action: str, subject: str, detail: Mapping[str, str]
    ) -> None:
        """Append an event that belongs to no other change."""
        async with self._database.transaction() as connection:
            await append(connection, actor, action, subject, detail)

    async def list(self, *, before: int | None, limit: int) -> tuple[AuditEvent, ...]:
        """The newest events first, older than the id `before`."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                f"SELECT {_COLUMNS} FROM audit_events "
                "WHERE $1::bigint IS NULL OR id < $1 ORDER BY id DESC LIMIT $2",
                before,
                limit,
            )
        return tuple(_event(row) for row in rows)

    async def verify(self) -> Verdict:
        """Walk the whole chain."""
        async with self._database.transaction() as connection:
            [head] = await connection.fetch("SELECT id, hash FROM audit_head")
            rows = [
                row
                async for row in connection.cursor(
                    f"SELECT {_COLUMNS} FROM audit_events ORDER BY id"
                )
            ]
        return check_chain((_event(row) for row in rows), head["id"], head["hash"])


async def append(
    connection: Any, actor: Person | None, action: str, subject: str, detail: Mapping[str, str]
) -> None:
    """Add an event within the transaction of `connection`; it stands or falls with it."""
    head = await connection.fetchrow("SELECT id, hash FROM audit_head FOR UPDATE")
    event = AuditEvent(
        id=head["id"] + 1,
        at=datetime.now(UTC),
        actor_id=actor.id if actor else None,
        actor_name=actor.name if actor else "the server",
        action=action,
        subject=subject,
        detail=dict(detail),
        previous_hash=head["hash"],
        hash="",
    )
    digest = hash_of(event)
    await connection.execute(
        f"INSERT INTO audit_events ({_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        event.id,
        event.at,
        event.actor_id,
        event.actor_name,
        event.action,
        event.subject,
        event.detail,
        event.previous_hash,
        digest,
    )
    await connection.execute("UPDATE audit_head SET id = $1, hash = $2", event.id, digest)


def hash_of(event: AuditEvent) -> str:
    """SHA-256 of the event's canonical form and the hash before it, as hex."""
    content = {
        "id": event.id,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": str(event.actor_id) if event.actor_id else None,
        "name": event.actor_name,
        "action": event.action,
        "subject": event.subject,
        "detail": event.detail,
        "previous": event.previous_hash,
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def check_chain(events: Iterable[AuditEvent], head_id: int, head_hash: str) -> Verdict:
    """Find the first event that was altered, removed or moved; the head says where it must end."""
    previous, count = "", 0
    for event in events:
        count += 1
        fits = event.id == count and event.previous_hash == previous
        if not fits or hash_of(event) != event.hash:
            return Verdict(False, count, count)
        previous = event.hash
    if (count, previous) != (head_id, head_hash):
        return Verdict(False, count, count + 1)
    return Verdict(True, count, None)


def _event(row: Any) -> AuditEvent:
    return AuditEvent(**dict(row))
