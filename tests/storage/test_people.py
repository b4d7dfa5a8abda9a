"""Accounts: who gets in, and what an admin may change."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Literal
from uuid import uuid4

import pytest
from argon2 import PasswordHasher

from storage.audit import Audit
from storage.database import Database
from storage.faults import Conflict, Invalid, NotFound, NotSignedIn
from storage.people import ARGON2ID, People, ensure_admin
from storage.records import Person, Role
from storage.sessions import Sessions
from tests.fixtures_storage import PASSWORD, QUICK


@pytest.fixture
def people(database: Database) -> People:
    return People(database, QUICK)


async def _hash(database: Database, person: Person) -> str:
    async with database.connection() as connection:
        return str(
            await connection.fetchval("SELECT password_hash FROM people WHERE id = $1", person.id)
        )


async def test_the_right_password_gets_in_whatever_the_case_of_the_address(
    people: People, clinician: Person
) -> None:
    account = await people.verify(" CLARA@example.ORG ", PASSWORD)
    assert account is not None
    assert account.person == clinician


@pytest.mark.parametrize("email", ["clara@example.org", "nobody@example.org", ""])
async def test_a_wrong_password_and_an_unknown_address_are_refused_alike(
    people: People, clinician: Person, email: str
) -> None:
    assert await people.verify(email, "not the password") is None


async def test_an_unknown_address_costs_a_hash_too(database: Database) -> None:
    class Counting(PasswordHasher):
        verified = 0

        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
            Counting.verified += 1
            return super().verify(hash, password)

    people = People(database, Counting(time_cost=1, memory_cost=8, parallelism=1))
    await people.verify("nobody@example.org", "x" * 12)
    assert Counting.verified == 1


async def test_a_password_is_kept_as_argon2id_of_the_recommended_cost(
    database: Database,
) -> None:
    person = await People(database).create(
        email="p@example.org", name="P", role=Role.CLINICIAN, password=PASSWORD
    )
    kept = await _hash(database, person)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert PASSWORD not in kept


async def test_a_hash_of_older_cost_is_renewed_at_sign_in(
    database: Database, people: People, clinician: Person
) -> None:
    before = await _hash(database, clinician)
    assert ARGON2ID.check_needs_rehash(before)
    assert await People(database).verify(clinician.email, PASSWORD) is not None
    after = await _hash(database, clinician)
    assert not ARGON2ID.check_needs_rehash(after)
    assert await people.verify(clinician.email, PASSWORD) is not None


@pytest.mark.parametrize("password", ["short", "x" * 11, "x" * 201])
async def test_a_password_too_short_or_too_long_is_refused(people: People, password: str) -> None:
    with pytest.raises(Invalid) as raised:
        await people.create(email="p@example.org", name="P", role=Role.CLINICIAN, password=password)
    assert raised.value.field == "password"
    assert password not in raised.value.sentence


async def test_an_address_belongs_to_one_account(people: People, clinician: Person) -> None:
    with pytest.raises(Conflict) as raised:
        await people.create(
            email="Clara@Example.org", name="C2", role=Role.CLINICIAN, password=PASSWORD
        )
    assert raised.value.field == "email"


async def test_someone_disabled_gets_in_no_more_and_loses_their_sessions(
    database: Database, people: People, admin: Person, clinician: Person
) -> None:
    sessions = Sessions(database, timedelta(days=1))
    session = await sessions.begin(clinician.id)
    await people.update(clinician.id, by=admin, disabled=True)
    assert await people.verify(clinician.email, PASSWORD) is None
    assert await people.account(clinician.id, session_id=session.id) is None
    with pytest.raises(NotSignedIn):
        await sessions.renew(session.refresh_token)


async def test_a_password_given_by_an_admin_must_be_changed(
    database: Database, people: People, admin: Person, clinician: Person
) -> None:
    await people.update(clinician.id, by=admin, password="given by an admin")
    account = await people.verify(clinician.email, "given by an admin")
    assert account is not None
    assert account.must_change_password
    session = await Sessions(database, timedelta(days=1)).begin(clinician.id)
    await people.change_password(
        clinician, "given by an admin", "my own password", session_id=session.id
    )
    account = await people.verify(clinician.email, "my own password")
    assert account is not None
    assert not account.must_change_password


async def test_changing_the_password_ends_the_other_sessions_alone(
    database: Database, people: People, clinician: Person
) -> None:
    sessions = Sessions(database, timedelta(days=1))
    mine, other = await sessions.begin(clinician.id), await sessions.begin(clinician.id)
    await people.change_password(clinician, PASSWORD, "my own password", session_id=mine.id)
    assert await people.account(clinician.id, session_id=mine.id) is not None
    assert await people.account(clinician.id, session_id=other.id) is None


@pytest.mark.parametrize(
    ("current", "new", "field"),
    [
        ("not my password", "another password", "current"),
        (PASSWORD, PASSWORD, "new"),
        (PASSWORD, "short", "new"),
    ],
)
async def test_a_password_that_cannot_be_changed_says_which_field(
    people: People, clinician: Person, current: str, new: str, field: str
) -> None:
    with pytest.raises(Invalid) as raised:
        await people.change_password(clinician, current, new, session_id=uuid4())
    assert raised.value.field == field


async def test_the_last_admin_stays(people: People, admin: Person) -> None:
    with pytest.raises(Conflict):
        await people.update(admin.id, by=admin, disabled=True)
    with pytest.raises(Conflict):
        await people.update(admin.id, by=admin, role=Role.REVIEWER)
    assert (await people.list())[0].role is Role.ADMIN


async def test_two_admins_who_demote_each_other_at_once_leave_one(
    people: People, admin: Person
) -> None:
    other = await people.create(
        email="two@example.org", name="Two", role=Role.ADMIN, password=PASSWORD
    )
    outcomes = await asyncio.gather(
        people.update(other.id, by=admin, role=Role.CLINICIAN),
        people.update(admin.id, by=other, role=Role.CLINICIAN),
        return_exceptions=True,
    )
    assert sum(isinstance(one, Conflict) for one in outcomes) == 1
    assert sum(person.role is Role.ADMIN for person in await people.list()) == 1


async def test_changing_nobody_is_not_found(people: People, admin: Person) -> None:
    with pytest.raises(NotFound):
        await people.update(uuid4(), by=admin, name="X")


async def test_changes_of_accounts_are_in_the_trail_without_passwords(
    database: Database, people: People, admin: Person, clinician: Person
) -> None:
    await people.update(clinician.id, by=admin, password="given by an admin", role=Role.REVIEWER)
    event = (await Audit(database).list(before=None, limit=1))[0]
    assert (event.actor_id, event.action) == (admin.id, "person.change")
    assert event.subject == f"person:{clinician.id}"
    assert event.detail == {"password": "new", "role": "reviewer"}


async def test_the_first_admin_is_made_once(people: People) -> None:
    password = await ensure_admin(people, "admin@example.org")
    assert password is not None
    assert await ensure_admin(people, "admin@example.org") is None
    account = await people.verify("admin@example.org", password)
    assert account is not None
    assert account.must_change_password
    assert account.person.role is Role.ADMIN
