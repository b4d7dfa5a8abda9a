"""A session lives by refresh tokens that are each used once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from storage.database import Database
from storage.faults import NotSignedIn
from storage.people import People
from storage.records import Person
from storage.sessions import GRACE_S, Session, Sessions


@pytest.fixture
def sessions(database: Database) -> Sessions:
    return Sessions(database, timedelta(days=7))


async def _age(database: Database, **columns: str) -> None:
    for column, interval in columns.items():
        async with database.transaction() as connection:
            await connection.execute(
                f"UPDATE refresh_tokens SET {column} = {column} - interval '{interval}'"  # noqa: S608
            )


async def _live(database: Database, person: Person, session: Session) -> bool:
    return await People(database).account(person.id, session_id=session.id) is not None


async def test_a_token_renews_its_session(
    database: Database, sessions: Sessions, clinician: Person
) -> None:
    first = await sessions.begin(clinician.id)
    second = await sessions.renew(first.refresh_token)
    third = await sessions.renew(second.refresh_token)
    assert first.id == second.id == third.id
    assert len({first.refresh_token, second.refresh_token, third.refresh_token}) == 3
    assert third.person_id == clinician.id
    assert await _live(database, clinician, third)


async def test_no_token_is_kept_as_it_is(
    database: Database, sessions: Sessions, clinician: Person
) -> None:
    session = await sessions.begin(clinician.id)
    async with database.connection() as connection:
        kept = str(await connection.fetch("SELECT * FROM refresh_tokens"))
    assert session.refresh_token not in kept


async def test_two_tabs_that_renew_at_once_both_go_on(
    sessions: Sessions, clinician: Person
) -> None:
    session = await sessions.begin(clinician.id)
    one, two = await asyncio.gather(
        sessions.renew(session.refresh_token), sessions.renew(session.refresh_token)
    )
    assert one.refresh_token != two.refresh_token
    await sessions.renew(one.refresh_token)
    await sessions.renew(two.refresh_token)


async def test_a_token_used_again_later_ends_the_whole_session(
    database: Database, sessions: Sessions, clinician: Person
) -> None:
    stolen = await sessions.begin(clinician.id)
    other = await sessions.begin(clinician.id)
    renewed = await sessions.renew(stolen.refresh_token)
    await _age(database, used_at=f"{GRACE_S + 1} seconds")
    with pytest.raises(NotSignedIn):
        await sessions.renew(stolen.refresh_token)
    with pytest.raises(NotSignedIn):
        await sessions.renew(renewed.refresh_token)
    assert not await _live(database, clinician, renewed)
    assert await _live(database, clinician, other)


async def test_a_session_that_was_ended_is_over(
    database: Database, sessions: Sessions, clinician: Person
) -> None:
    session = await sessions.begin(clinician.id)
    await sessions.end(session.id)
    assert not await _live(database, clinician, session)
    with pytest.raises(NotSignedIn):
        await sessions.renew(session.refresh_token)


async def test_an_expired_or_unknown_token_renews_nothing(
    database: Database, sessions: Sessions, clinician: Person
) -> None:
    session = await sessions.begin(clinician.id)
    await _age(database, expires_at="8 days")
    with pytest.raises(NotSignedIn):
        await sessions.renew(session.refresh_token)
    with pytest.raises(NotSignedIn):
        await sessions.renew("made up")


async def test_one_persons_session_is_not_anothers(
    database: Database, sessions: Sessions, clinician: Person, other_clinician: Person
) -> None:
    session = await sessions.begin(clinician.id)
    assert await People(database).account(other_clinician.id, session_id=session.id) is None


async def test_expired_tokens_are_swept_at_the_next_sign_in(
    database: Database, sessions: Sessions, clinician: Person
) -> None:
    await sessions.begin(clinician.id)
    await _age(database, expires_at="8 days")
    await sessions.begin(clinician.id)
    async with database.connection() as connection:
        assert await connection.fetchval("SELECT count(*) FROM refresh_tokens") == 1
