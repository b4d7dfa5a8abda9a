"""Refresh tokens: random, kept only as hashes, each good for one renewal.

Using one a second time ends the whole family (RFC 9700 section 4.14.2), but for a few seconds of
grace in which two tabs may renew at once.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from storage.database import Database
from storage.faults import NotSignedIn

GRACE_S = 10


class Sessions:
    """Issues, renews and revokes refresh tokens that live for `life`."""

    def __init__(self, database: Database, life: timedelta) -> None:
        self._database = database
        self.life = life

    async def begin(self, person_id: UUID) -> str:
        """A token of a new family."""
        return await self._issue(person_id, uuid4())

    async def renew(self, token: str) -> tuple[UUID, str]:
        """(person, the next token). Raises NotSignedIn for one that is unknown, expired, revoked,
        or was used before: then its whole family is revoked."""
        now = datetime.now(UTC)
        reused = False
        async with self._database.transaction() as connection:
            row = await connection.fetchrow(
                "SELECT * FROM refresh_tokens WHERE hash = $1 FOR UPDATE", _hash(token)
            )
            if row is None or row["revoked_at"] or row["expires_at"] <= now:
                raise _signed_out()
            grace = timedelta(seconds=GRACE_S)
            if row["used_at"] and now - row["used_at"] > grace:
                reused = True
                await connection.execute(
                    "UPDATE refresh_tokens SET revoked_at = $2 WHERE family = $1",
                    row["family"],
                    now,
                )
            else:
                await connection.execute(
                    "UPDATE refresh_tokens SET used_at = coalesce(used_at, $2) WHERE hash = $1",
                    _hash(token),
                    now,
                )
        if reused:
            raise _signed_out()
        return row["person_id"], await self._issue(row["person_id"], row["family"])

    async def end(self, token: str) -> None:
        """Sign out: the token's whole family is revoked. An unknown token changes nothing."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE refresh_tokens SET revoked_at = now() WHERE family = "
                "(SELECT family FROM refresh_tokens WHERE hash = $1)",
                _hash(token),
            )

    async def _issue(self, person_id: UUID, family: UUID) -> str:
        token = secrets.token_urlsafe(32)
        async with self._database.transaction() as connection:
            await connection.execute(
                "DELETE FROM refresh_tokens WHERE person_id = $1 AND expires_at < now()", person_id
            )
            await connection.execute(
                "INSERT INTO refresh_tokens (hash, family, person_id, expires_at) "
                "VALUES ($1, $2, $3, $4)",
                _hash(token),
                family,
                person_id,
                datetime.now(UTC) + self.life,
            )
        return token


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _signed_out() -> NotSignedIn:
    return NotSignedIn("session.ended", "You have been signed out.", remedy="Please sign in again.")
