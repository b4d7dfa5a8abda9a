"""Accounts. A password is kept as an Argon2id hash, which never leaves this file."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from storage.audit import append
from storage.database import Database
from storage.faults import Conflict, Invalid, NotFound
from storage.records import Person, Role

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
_NO_NOTE: Mapping[str, str] = {}
_COLUMNS = "id, email, name, role, disabled, created_at"
ARGON2ID = PasswordHasher()
"""The library's parameters, RFC 9106's second recommendation: 64 MiB, 3 passes, 4 lanes."""


@dataclass(frozen=True, slots=True)
class Account:
    """A person, and whether they must choose a password of their own before anything else."""

    person: Person
    must_change_password: bool


class People:
    """Queries on accounts. Passwords are hashed with `hasher`; a hash made with other parameters is
    renewed when its owner signs in."""

    def __init__(self, database: Database, hasher: PasswordHasher = ARGON2ID) -> None:
        self._database = database
        self._hasher = hasher
        self._nobodys_hash = ""

    async def create(
        self,
        *,
        email: str,
        name: str,
        role: Role,
        password: str,
        must_change: bool = False,
        by: Person | None = None,
        note: Mapping[str, str] = _NO_NOTE,
    ) -> Person:
        """Make an account; `note` goes into the audit trail with it.

        Raises Invalid for a weak password, Conflict for a taken address.
        """
        check_password(password)
        hashed = await asyncio.to_thread(self._hasher.hash, password)
        try:
            async with self._database.transaction() as connection:
                row = await connection.fetchrow(
                    "INSERT INTO people (id, email, name, role, password_hash, "
                    "must_change_password) VALUES ($1, $2, $3, $4, $5, $6) "
                    f"RETURNING {_COLUMNS}",
                    uuid4(),
                    email.strip(),
                    name.strip(),
                    role.value,
                    hashed,
                    must_change,
                )
                person = _person(row)
                await append(
                    connection,
                    by,
                    "person.create",
                    f"person:{person.id}",
                    {"role": role.value, **note},
                )
        except Conflict:
            raise Conflict(
                "person.exists",
                "Someone has this e-mail address already.",
                field="email",
                remedy="Use another address, or change the account that has it.",
            ) from None
        return person

    async def verify(self, email: str, password: str) -> Account | None:
        """The account, when the password is right and the account is not disabled."""
        async with self._database.connection() as connection:
            row = await connection.fetchrow(
                f"SELECT {_COLUMNS}, password_hash, must_change_password FROM people "
                "WHERE lower(email) = lower($1)",
                email.strip(),
            )
        hashed = row["password_hash"] if row else await self._hash_of_nobody()
        right = await asyncio.to_thread(_matches, self._hasher, hashed, password)
        if row is None or not right or row["disabled"]:
            return None
        if self._hasher.check_needs_rehash(hashed):
            again = await asyncio.to_thread(self._hasher.hash, password)
            async with self._database.transaction() as connection:
                await connection.execute(
                    "UPDATE people SET password_hash = $2 WHERE id = $1", row["id"], again
                )
        return Account(_person(row), row["must_change_password"])

    async def account(self, person_id: UUID, *, session_id: UUID) -> Account | None:
        """The account as it is now; None when there is none, or the session is over."""
        async with self._database.connection() as connection:
            row = await connection.fetchrow(
                f"SELECT {_COLUMNS}, must_change_password FROM people WHERE id = $1 "  # noqa: S608
                "AND EXISTS (SELECT FROM refresh_tokens WHERE family = $2 AND person_id = $1 "
                "AND revoked_at IS NULL)",
                person_id,
                session_id,
            )
        return Account(_person(row), row["must_change_password"]) if row else None

    async def list(self) -> tuple[Person, ...]:
        """Everyone, by name."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(f"SELECT {_COLUMNS} FROM people ORDER BY lower(name), id")
        return tuple(_person(row) for row in rows)

    async def update(
        self,
        person_id: UUID,
        *,
        by: Person | None,
        name: str | None = None,
        role: Role | None = None,
        disabled: bool | None = None,
        password: str | None = None,
        note: Mapping[str, str] = _NO_NOTE,
    ) -> Person:
        """Change an account; what is None stays. A password given this way is for one use. Without
        `by` it is the server's own doing. `note` goes into the audit trail with it.

        Raises NotFound, Invalid for a weak password, Conflict when no admin would be left.
        """
        hashed = None
        if password is not None:
            check_password(password)
            hashed = await asyncio.to_thread(self._hasher.hash, password)
        async with self._database.transaction() as connection:
            row = await connection.fetchrow(
                "UPDATE people SET name = coalesce($2, name), role = coalesce($3, role), "
                "disabled = coalesce($4, disabled), password_hash = coalesce($5, password_hash), "
                "must_change_password = must_change_password OR $5 IS NOT NULL "
                f"WHERE id = $1 RETURNING {_COLUMNS}",
                person_id,
                name,
                role.value if role else None,
                disabled,
                hashed,
            )
            if row is None:
                raise NotFound("person.unknown", "There is no such person.")
            if disabled or hashed or role:
                await connection.execute(
                    "DELETE FROM refresh_tokens WHERE person_id = $1", person_id
                )
            changed = {
                "name": name,
                "role": role,
                "disabled": disabled,
                "password": "new" if hashed else None,
            }
            detail = {
                key: str(value)
                for key, value in changed.items()
                if value is not None and key != "name"
            }
            # The trail admits one change at a time, so two admins cannot demote each other.
            await append(connection, by, "person.change", f"person:{person_id}", {**detail, **note})
            admins = await connection.fetchval(
                "SELECT count(*) FROM people WHERE role = 'admin' AND NOT disabled"
            )
            if not admins:
                raise Conflict(
                    "person.last_admin",
                    "At least one administrator must remain.",
                    remedy="Make someone else an administrator first.",
                )
        return _person(row)

    async def change_password(
        self, person: Person, current: str, new: str, *, session_id: UUID
    ) -> None:
        """Someone chooses their own password; their other sessions end.

        Raises Invalid naming the field.
        """
        check_password(new, field="new")
        if current == new:
            raise Invalid(
                "password.same",
                "The new password is the old one.",
                field="new",
                remedy="Choose another.",
            )
        if await self.verify(person.email, current) is None:
            raise Invalid(
                "password.wrong",
                "The current password is not right.",
                field="current",
                remedy="Type it again.",
            )
        hashed = await asyncio.to_thread(self._hasher.hash, new)
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE people SET password_hash = $2, must_change_password = false WHERE id = $1",
                person.id,
                hashed,
            )
            await connection.execute(
                "DELETE FROM refresh_tokens WHERE person_id = $1 AND family <> $2",
                person.id,
                session_id,
            )
            await append(connection, person, "password.change", f"person:{person.id}", {})

    async def _hash_of_nobody(self) -> str:
        """Verified when nobody has the address, so that the answer takes as long."""
        if not self._nobodys_hash:
            self._nobodys_hash = await asyncio.to_thread(
                self._hasher.hash, secrets.token_urlsafe(16)
            )
        return self._nobodys_hash

    async def count(self) -> int:
        """How many accounts there are."""
        async with self._database.connection() as connection:
            return int(await connection.fetchval("SELECT count(*) FROM people"))


async def ensure_admin(people: People, email: str) -> str | None:
    """The one-time password of the first admin, when there was no account at all."""
    if await people.count():
        return None
    password = one_time_password()
    try:
        await people.create(
            email=email, name="Administrator", role=Role.ADMIN, password=password, must_change=True
        )
    except Conflict:
        return None  # another server of the same database was first
    return password


def one_time_password() -> str:
    """64 random bits in four groups, to be read out and typed once."""
    return "-".join(secrets.token_hex(2) for _ in range(4))


def check_password(password: str, field: str = "password") -> None:
    """Raises Invalid for a password that is too short or too long (NIST SP 800-63B: length, no
    rules of composition)."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise Invalid(
            "password.length",
            f"A password needs {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters.",
            field=field,
            remedy="A few words in a row are easy to remember.",
        )


def _matches(hasher: PasswordHasher, hashed: str, password: str) -> bool:
    try:
        return hasher.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


def _person(row: Any) -> Person:
    return Person(
        id=row["id"],
        email=row["email"],
        name=row["name"],
        role=Role(row["role"]),
        disabled=row["disabled"],
        created_at=row["created_at"],
    )
