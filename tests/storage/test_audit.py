"""The trail notices whatever was done to it afterwards."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.audit import Audit, Verdict, append, check_chain, hash_of
from storage.database import Database
from storage.records import AuditEvent, Person

_property = settings(max_examples=40, deadline=None)
_text = st.text(max_size=20)
_events = st.builds(
    AuditEvent,
    id=st.just(0),
    at=st.datetimes(min_value=datetime(2000, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    actor_id=st.none() | st.uuids(),
    actor_name=_text,
    action=_text,
    subject=_text,
    detail=st.dictionaries(_text, _text, max_size=3),
    previous_hash=st.just(""),
    hash=st.just(""),
)


@st.composite
def chains(draw: st.DrawFn) -> list[AuditEvent]:
    """A chain of one to eight events as `append` would have made it."""
    chain: list[AuditEvent] = []
    for number, event in enumerate(draw(st.lists(_events, min_size=1, max_size=8)), 1):
        linked = replace(event, id=number, previous_hash=chain[-1].hash if chain else "")
        chain.append(replace(linked, hash=hash_of(linked)))
    return chain


def _check(chain: list[AuditEvent], whole: list[AuditEvent]) -> Verdict:
    return check_chain(chain, whole[-1].id, whole[-1].hash)


@_property
@given(chains())
def test_an_untouched_chain_is_valid(chain: list[AuditEvent]) -> None:
    assert _check(chain, chain) == Verdict(True, len(chain), None)


@_property
@given(chains(), st.data())
def test_an_altered_event_is_the_first_bad_one(
    chain: list[AuditEvent], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(chain) - 1))
    event = chain[at]
    altered = data.draw(
        st.sampled_from(
            [
                replace(event, action=event.action + "!"),
                replace(event, subject=event.subject + "!"),
                replace(event, actor_name=event.actor_name + "!"),
                replace(event, actor_id=uuid4()),
                replace(event, at=event.at + timedelta(microseconds=1)),
                replace(event, detail={**event.detail, "added": "x"}),
                replace(event, hash="0" * 64),
            ]
        )
    )
    verdict = _check([*chain[:at], altered, *chain[at + 1 :]], chain)
    assert (verdict.valid, verdict.first_bad) == (False, at + 1)


@_property
@given(chains(), st.data())
def test_an_event_altered_with_a_fitting_hash_breaks_the_next_link(
    chain: list[AuditEvent], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(chain) - 1))
    altered = replace(chain[at], action=chain[at].action + "!")
    altered = replace(altered, hash=hash_of(altered))
    verdict = _check([*chain[:at], altered, *chain[at + 1 :]], chain)
    assert (verdict.valid, verdict.first_bad) == (False, at + 2)


@_property
@given(chains(), st.data())
def test_a_removed_event_is_noticed_where_it_is_missing(
    chain: list[AuditEvent], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(chain) - 1))
    verdict = _check([*chain[:at], *chain[at + 1 :]], chain)
    assert (verdict.valid, verdict.first_bad) == (False, at + 1)


@_property
@given(chains(), st.data())
def test_a_cut_off_tail_is_noticed(chain: list[AuditEvent], data: st.DataObject) -> None:
    left = data.draw(st.integers(0, len(chain) - 1))
    verdict = _check(chain[:left], chain)
    assert (verdict.valid, verdict.first_bad) == (False, left + 1)


@_property
@given(chains().filter(lambda chain: len(chain) > 1), st.data())
def test_two_events_that_changed_places_are_noticed(
    chain: list[AuditEvent], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(chain) - 2))
    swapped = [*chain[:at], chain[at + 1], chain[at], *chain[at + 2 :]]
    verdict = _check(swapped, chain)
    assert (verdict.valid, verdict.first_bad) == (False, at + 1)


async def test_what_the_database_gives_back_still_fits_its_hash(
    database: Database, admin: Person
) -> None:
    audit = Audit(database)
    await audit.record(None, "server.start", "server", {})
    await audit.record(admin, "größe", "⚕", {"b": "1", "a": "ü\n\"'\\", "": "😀"})
    assert (await audit.verify()).valid


async def test_events_written_at_once_still_make_one_chain(
    database: Database, admin: Person
) -> None:
    audit = Audit(database)
    before = (await audit.verify()).events
    await asyncio.gather(
        *(audit.record(admin, "test", f"thing:{number}", {}) for number in range(30))
    )
    assert await audit.verify() == Verdict(True, before + 30, None)


async def test_a_long_trail_is_verified_across_batches(database: Database) -> None:
    audit = Audit(database)
    for number in range(12):
        await audit.record(None, "test", f"thing:{number}", {})
    assert await audit.verify(batch=5) == Verdict(True, 12, None)
    assert await audit.verify(batch=4) == Verdict(True, 12, None)


@pytest.mark.parametrize(
    ("damage", "first_bad"),
    [
        ("UPDATE audit_events SET subject = 'thing:9' WHERE id = 3", 3),
        ('UPDATE audit_events SET detail = \'{"a": "2"}\' WHERE id = 4', 4),
        ("UPDATE audit_events SET at = at + interval '1 hour' WHERE id = 2", 2),
        ("DELETE FROM audit_events WHERE id = 1", 1),
        ("DELETE FROM audit_events WHERE id = 3", 3),
        ("DELETE FROM audit_events WHERE id >= 5", 5),
        ("TRUNCATE audit_events", 1),
    ],
)
async def test_damage_done_in_the_database_is_found(
    database: Database, damage: str, first_bad: int
) -> None:
    audit = Audit(database)
    for number in range(6):
        await audit.record(None, "test", f"thing:{number}", {"a": "1"})
    async with database.transaction() as connection:
        await connection.execute(damage)
    verdict = await audit.verify()
    assert (verdict.valid, verdict.first_bad) == (False, first_bad)


async def test_an_event_stands_or_falls_with_the_change_it_belongs_to(
    database: Database, admin: Person
) -> None:
    audit = Audit(database)
    before = await audit.verify()

    async def change_that_fails() -> None:
        async with database.transaction() as connection:
            await append(connection, admin, "test", "thing", {})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await change_that_fails()
    assert await audit.verify() == before
