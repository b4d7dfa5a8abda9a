"""The audit trail: who did what to which thing, as a chain of hashes that can be verified.

Each event's hash covers its content and the hash before it, in one canonical form (JSON, sorted
keys, no spaces, ASCII, UTC to the microsecond). The head is kept apart, so a cut-off tail is
noticed too.
"""

from __future__ import annotations

import asyncio
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

    async def verify(self, *, batch: int = 2000) -> Verdict:
        """Walk the whole chain, `batch` events at a time."""
        walk = _Walk()
        async with self._database.transaction() as connection:
            # Shared: readers of the trail do not wait for each other, writers wait for us.
            head_id, head_hash = await _head(connection, "FOR SHARE")
            last, more = 0, True
            while more and walk.first_bad is None:
                rows = await connection.fetch(
                    f"SELECT {_COLUMNS} FROM audit_events "  # noqa: S608
                    "WHERE id > $1 ORDER BY id LIMIT $2",
                    last,
                    batch,
                )
                await asyncio.to_thread(walk.take, [_event(row) for row in rows])
                more = len(rows) == batch
                last = rows[-1]["id"] if rows else last
        return walk.verdict(head_id, head_hash)


async def append(
    connection: Any, actor: Person | None, action: str, subject: str, detail: Mapping[str, str]
) -> None:
    """Add an event within the transaction of `connection`; it stands or falls with it."""
    head_id, head_hash = await _head(connection, "FOR UPDATE")
    event = AuditEvent(
        id=head_id + 1,
        at=datetime.now(UTC),
        actor_id=actor.id if actor else None,
        actor_name=actor.name if actor else "the server",
        action=action,
        subject=subject,
        detail=dict(detail),
        previous_hash=head_hash,
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


async def _head(connection: Any, lock: str) -> tuple[int, str]:
    row = await connection.fetchrow(f"SELECT id, hash FROM audit_head {lock}")  # noqa: S608
    return row["id"], row["hash"]


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
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def check_chain(events: Iterable[AuditEvent], head_id: int, head_hash: str) -> Verdict:
    """Find the first event that was altered, removed or moved; the head says where it must end."""
    walk = _Walk()
    walk.take(events)
    return walk.verdict(head_id, head_hash)


class _Walk:
    """Follows the chain from its first event."""

    def __init__(self) -> None:
        self.first_bad: int | None = None
        self._count = 0
        self._previous = ""

    def take(self, events: Iterable[AuditEvent]) -> None:
        for event in events:
            if self.first_bad is not None:
                return
            self._count += 1
            linked = event.id == self._count and event.previous_hash == self._previous
            if not linked or hash_of(event) != event.hash:
                self.first_bad = self._count
            self._previous = event.hash

    def verdict(self, head_id: int, head_hash: str) -> Verdict:
        if self.first_bad is None and (self._count, self._previous) != (head_id, head_hash):
            self.first_bad = self._count + 1
        return Verdict(self.first_bad is None, self._count, self.first_bad)


def _event(row: Any) -> AuditEvent:
    return AuditEvent(**dict(row))
