"""Conversations as they were held. A call belongs to its owner; reviewers and admins may read
everyone's, and each opening is written to the audit trail."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from storage.audit import append
from storage.database import Database
from storage.faults import Invalid, NotFound
from storage.records import Call, Citation, Person, Role, Speaker, Turn

_CALL = (
    "SELECT c.id, c.person_id, p.name AS person_name, c.started_at, c.ended_at, c.ending, "
    "c.engines, (SELECT count(*) FROM turns t WHERE t.call_id = c.id) AS turns "
    "FROM calls c JOIN people p ON p.id = c.person_id"
)
_TURN = (
    "id, call_id, ordinal, speaker, text_spoken, text_heard, interrupted, typed, started_at, "
    "ended_at, timings_ms"
)
_CITATION = "passage_id, document_id, title, section, page, claim, quote"


@dataclass(frozen=True, slots=True)
class CallPage:
    """Some calls, newest first; `next` continues, and is None at the end."""

    calls: tuple[Call, ...]
    next: str | None


class Calls:
    """Queries on calls and their turns."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, call: Call) -> None:
        """A call was answered. Raises Conflict when it is kept already."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "INSERT INTO calls (id, person_id, started_at, engines) VALUES ($1, $2, $3, $4)",
                call.id,
                call.person_id,
                call.started_at,
                call.engines,
            )

    async def add_turn(self, turn: Turn) -> None:
        """Keep a turn with its citations. Raises Conflict when it is kept already.

        A character that PostgreSQL cannot keep is replaced, rather than the turn being lost.
        """
        async with self._database.transaction() as connection:
            await connection.execute(
                f"INSERT INTO turns ({_TURN}) "
                "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
                turn.id,
                turn.call_id,
                turn.ordinal,
                turn.speaker.value,
                _storable(turn.text_spoken),
                _storable(turn.text_heard),
                turn.interrupted,
                turn.typed,
                turn.started_at,
                turn.ended_at,
                {name: ms for name, ms in turn.timings_ms.items() if math.isfinite(ms)},
            )
            await connection.executemany(
                f"INSERT INTO citations (turn_id, ordinal, {_CITATION}) "
                "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                [
                    (turn.id, index, *(_value(one, name) for name in _CITATION.split(", ")))
                    for index, one in enumerate(turn.citations)
                ],
            )

    async def finish(self, call_id: UUID, *, ending: str, ended_at: datetime) -> None:
        """The call is over."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE calls SET ending = $2, ended_at = $3 WHERE id = $1 AND ended_at IS NULL",
                call_id,
                ending,
                ended_at,
            )

    async def finish_abandoned(self) -> int:
        """Calls that a server which died left open are marked so; returns how many."""
        async with self._database.transaction() as connection:
            done = await connection.execute(
                "UPDATE calls SET ending = 'server lost', ended_at = coalesce("
                "(SELECT max(ended_at) FROM turns WHERE call_id = calls.id), started_at) "
                "WHERE ended_at IS NULL"
            )
        return int(done.split()[-1])

    async def list(
        self,
        actor: Person,
        *,
        person: UUID | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> CallPage:
        """Calls the actor may see, newest first. A clinician sees their own."""
        if actor.role is Role.CLINICIAN:
            person = actor.id
        before_at, before_id = _read_cursor(cursor)
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                f"{_CALL} WHERE ($1::uuid IS NULL OR c.person_id = $1) "
                "AND ($2::timestamptz IS NULL OR c.started_at >= $2) "
                "AND ($3::timestamptz IS NULL OR c.started_at < $3) "
                "AND ($4::timestamptz IS NULL OR (c.started_at, c.id) < ($4, $5)) "
                "ORDER BY c.started_at DESC, c.id DESC LIMIT $6",
                person,
                since,
                until,
                before_at,
                before_id,
                limit + 1,
            )
        calls = tuple(_call(row) for row in rows[:limit])
        more = len(rows) > limit
        return CallPage(calls, _cursor(calls[-1]) if more else None)

    async def open(self, actor: Person, call_id: UUID) -> tuple[Call, tuple[Turn, ...]]:
        """A call with its turns. The trail says that it was opened, or it is not opened.

        Raises NotFound when the actor may not see it.
        """
        async with self._database.transaction() as connection:
            row = await connection.fetchrow(f"{_CALL} WHERE c.id = $1", call_id)
            own = row is not None and row["person_id"] == actor.id
            if row is None or not (own or actor.role in (Role.REVIEWER, Role.ADMIN)):
                raise NotFound("call.unknown", "There is no such conversation.")
            turns = await connection.fetch(
                f"SELECT {_TURN} FROM turns WHERE call_id = $1 ORDER BY ordinal",
                call_id,
            )
            citations = await connection.fetch(
                f"SELECT c.turn_id, {_CITATION} FROM citations c JOIN turns t ON t.id = c.turn_id "
                "WHERE t.call_id = $1 ORDER BY c.turn_id, c.ordinal",
                call_id,
            )
            await append(
                connection,
                actor,
                "transcript.open",
                f"call:{call_id}",
                {"person": str(row["person_id"])},
            )
        return _call(row), tuple(_turn(one, citations) for one in turns)


def _storable(text: str) -> str:
    return text.replace("\x00", "\ufffd").encode(errors="replace").decode()


def _value(citation: Citation, name: str) -> object:
    value: object = getattr(citation, name)
    return _storable(value) if isinstance(value, str) else value


def _cursor(call: Call) -> str:
    return f"{call.started_at.isoformat()}~{call.id}"


def _read_cursor(cursor: str | None) -> tuple[datetime | None, UUID | None]:
    if not cursor:
        return None, None
    try:
        at, call_id = cursor.split("~")
        return datetime.fromisoformat(at), UUID(call_id)
    except ValueError:
        raise Invalid(
            "cursor.invalid",
            "This page of the list is unknown.",
            field="cursor",
            remedy="Start at the first page.",
        ) from None


def _call(row: Any) -> Call:
    return Call(**dict(row))


def _turn(row: Any, citations: Any) -> Turn:
    values = dict(row)
    mine = [dict(one) for one in citations if one["turn_id"] == values["id"]]
    for one in mine:
        del one["turn_id"]
    values["speaker"] = Speaker(values["speaker"])
    return Turn(**values, citations=tuple(Citation(**one) for one in mine))
