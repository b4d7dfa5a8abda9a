"""Refresh tokens: random, kept only as hashes, each good for one renewal.

Using one a second time ends the whole session (RFC 9700 section 4.14.2), but for a few seconds of
grace in which two tabs may renew at once.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from storage.database import Database
from storage.faults import NotSignedIn

GRACE_S = 10


@dataclass(frozen=True, slots=True)
class Session:
    """Someone's signed-in session and the token that renews it next."""

    id: UUID
    person_id: UUID
    refresh_token: str


class Sessions:
    """Begins, renews and ends sessions. A refresh token lives for `life`."""

    def __init__(self, database: Database, life: timedelta) -> None:
        self._database = database
        self.life = life

    async def begin(self, person_id: UUID) -> Session:
        """A new session of someone who has just signed in."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "DELETE FROM refresh_tokens WHERE person_id = $1 AND expires_at < now()", person_id
            )
            return await self._issue(connection, person_id, uuid4())

    async def renew(self, token: str) -> Session:
        """The same session with its next token.

        Raises NotSignedIn for a token that is unknown, expired, revoked, or was used before: then
        the whole session is over. Someone disabled renews nothing.
        """
        now = datetime.now(UTC)
        async with self._database.transaction() as connection:
            row = await connection.fetchrow(
                "SELECT t.* FROM refresh_tokens t JOIN people p ON p.id = t.person_id "
                "WHERE t.hash = $1 AND NOT p.disabled FOR UPDATE OF t",
                _hash(token),
            )
            if row is None or row["revoked_at"] or row["expires_at"] <= now:
                raise _signed_out()
            if row["used_at"] is None or now - row["used_at"] <= timedelta(seconds=GRACE_S):
                await connection.execute(
                    "UPDATE refresh_tokens SET used_at = coalesce(used_at, $2) WHERE hash = $1",
                    row["hash"],
                    now,
                )
                return await self._issue(connection, row["person_id"], row["family"])
            await _revoke(connection, row["family"])
        raise _signed_out()

    async def end(self, session_id: UUID) -> None:
        """Sign out: no token of this session is good any more."""
        async with self._database.transaction() as connection:
            await _revoke(connection, session_id)

    async def _issue(self, connection: Any, person_id: UUID, family: UUID) -> Session:
        token = secrets.token_urlsafe(32)
        await connection.execute(
            "INSERT INTO refresh_tokens (hash, family, person_id, expires_at) "
            "VALUES ($1, $2, $3, $4)",
            _hash(token),
            family,
            person_id,
            datetime.now(UTC) + self.life,
        )
        return Session(family, person_id, token)


async def _revoke(connection: Any, family: UUID) -> None:
    await connection.execute(
        "UPDATE refresh_tokens SET revoked_at = now() WHERE family = $1 AND revoked_at IS NULL",
        family,
    )


def _hash(token: str) -> bytes:
    # Tokens are 256 random bits: one round of SHA-256 cannot be reversed by guessing.
    return hashlib.sha256(token.encode()).digest()


def _signed_out() -> NotSignedIn:
    return NotSignedIn("session.ended", "You have been signed out.", remedy="Please sign in again.")
