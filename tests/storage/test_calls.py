"""Conversations are kept as they were heard, and read by those who may."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from storage.audit import Audit
from storage.calls import Calls
from storage.database import Database
from storage.faults import Conflict, Invalid, NotFound
from storage.records import Call, Person
from tests.storage.conversations import NOON, call_of, turns_of


@pytest.fixture
def calls(database: Database) -> Calls:
    return Calls(database)


async def _held(calls: Calls, person: Person, minutes: int = 0) -> Call:
    call = call_of(person, minutes=minutes)
    await calls.begin(call)
    return call


async def test_a_conversation_reads_as_it_was_kept(calls: Calls, clinician: Person) -> None:
    call = await _held(calls, clinician)
    turns = turns_of(call)
    for turn in turns:
        await calls.add_turn(turn)
    ended = NOON + timedelta(minutes=1)
    await calls.finish(call.id, ending="hung up", ended_at=ended)
    opened, kept = await calls.open(clinician, call.id)
    assert opened == replace(call, ended_at=ended, ending="hung up", turns=2)
    assert kept == turns


async def test_a_turn_is_kept_whole_or_not_at_all(calls: Calls, clinician: Person) -> None:
    call = await _held(calls, clinician)
    question, answer = turns_of(call)
    broken = replace(answer, citations=(replace(answer.citations[0], page=2**40),))
    with pytest.raises(Invalid):
        await calls.add_turn(broken)
    await calls.add_turn(answer)
    with pytest.raises(Conflict):
        await calls.add_turn(answer)
    with pytest.raises(Conflict):
        await calls.add_turn(replace(question, ordinal=answer.ordinal))
    assert (await calls.open(clinician, call.id))[1] == (answer,)


async def test_whatever_was_typed_or_measured_a_turn_is_not_lost(
    calls: Calls, clinician: Person
) -> None:
    call = await _held(calls, clinician)
    question, answer = turns_of(call)
    await calls.add_turn(replace(question, text_spoken="a\x00b\ud800c½", text_heard="\x00"))
    odd = replace(answer.citations[0], claim="\x00")
    await calls.add_turn(
        replace(answer, timings_ms={"turn_end": math.nan, "first_audio": 1.0}, citations=(odd,))
    )
    kept_question, kept_answer = (await calls.open(clinician, call.id))[1]
    assert (kept_question.text_spoken, kept_question.text_heard) == ("a\ufffdb?c½", "\ufffd")
    assert kept_answer.timings_ms == {"first_audio": 1.0}
    assert kept_answer.citations[0].claim == "\ufffd"


async def test_a_turn_of_no_call_is_refused(calls: Calls, clinician: Person) -> None:
    with pytest.raises(Conflict):
        await calls.add_turn(turns_of(call_of(clinician))[0])


async def test_a_clinician_sees_their_own_calls_alone(
    calls: Calls, clinician: Person, other_clinician: Person
) -> None:
    mine, theirs = await _held(calls, clinician), await _held(calls, other_clinician, 1)
    assert [one.id for one in (await calls.list(clinician)).calls] == [mine.id]
    asked = await calls.list(clinician, person=other_clinician.id)
    assert [one.id for one in asked.calls] == [mine.id]
    with pytest.raises(NotFound) as others:
        await calls.open(clinician, theirs.id)
    with pytest.raises(NotFound) as missing:
        await calls.open(clinician, uuid4())
    assert vars(others.value) == vars(missing.value)


@pytest.mark.parametrize("role", ["reviewer", "admin"])
async def test_reviewers_and_admins_see_everyones(
    calls: Calls,
    clinician: Person,
    other_clinician: Person,
    role: str,
    request: pytest.FixtureRequest,
    reviewer: Person,
    admin: Person,
) -> None:
    actor = {"reviewer": reviewer, "admin": admin}[role]
    one, two = await _held(calls, clinician), await _held(calls, other_clinician, 1)
    assert [call.id for call in (await calls.list(actor)).calls] == [two.id, one.id]
    only = await calls.list(actor, person=clinician.id)
    assert [call.id for call in only.calls] == [one.id]
    assert (await calls.open(actor, two.id))[0].person_name == other_clinician.name


async def test_each_opening_is_in_the_trail_and_a_refused_one_is_not(
    database: Database, calls: Calls, clinician: Person, other_clinician: Person, reviewer: Person
) -> None:
    audit = Audit(database)
    call = await _held(calls, clinician)
    for actor in (reviewer, clinician):
        await calls.open(actor, call.id)
        event = (await audit.list(before=None, limit=1))[0]
        assert (event.actor_id, event.action) == (actor.id, "transcript.open")
        assert (event.subject, event.detail) == (
            f"call:{call.id}",
            {"person": str(clinician.id)},
        )
    with pytest.raises(NotFound):
        await calls.open(other_clinician, call.id)
    assert (await audit.list(before=None, limit=1))[0].id == event.id


async def test_no_transcript_is_read_that_the_trail_cannot_note(
    database: Database, calls: Calls, clinician: Person, reviewer: Person
) -> None:
    call = await _held(calls, clinician)
    async with database.transaction() as connection:
        await connection.execute(
            "INSERT INTO audit_events SELECT max(id) + 1, now(), NULL, '', '', '', '{}', '', '' "
            "FROM audit_events"
        )
    with pytest.raises(Conflict):
        await calls.open(reviewer, call.id)


async def test_pages_hold_every_call_once_even_when_they_began_together(
    calls: Calls, clinician: Person
) -> None:
    held = {(await _held(calls, clinician, minutes // 3)).id for minutes in range(11)}
    seen, cursor = [], None
    while True:
        page = await calls.list(clinician, cursor=cursor, limit=4)
        seen += [call.id for call in page.calls]
        if (cursor := page.next) is None:
            break
        await _held(calls, clinician, 60)  # what arrives meanwhile moves no page
    assert len(seen) == 11
    assert set(seen) == held


@pytest.mark.parametrize(
    "cursor", ["x", "2026-01-01~", "~", "2026-01-01T00:00:00+00:00~5", "a~b~c"]
)
async def test_a_made_up_cursor_is_refused(calls: Calls, clinician: Person, cursor: str) -> None:
    with pytest.raises(Invalid) as raised:
        await calls.list(clinician, cursor=cursor)
    assert raised.value.field == "cursor"


async def test_calls_are_found_by_date(calls: Calls, clinician: Person) -> None:
    held = [await _held(calls, clinician, minutes) for minutes in range(3)]
    found = await calls.list(clinician, since=held[1].started_at, until=held[2].started_at)
    assert [call.id for call in found.calls] == [held[1].id]


async def test_calls_left_open_by_a_lost_server_get_an_ending(
    calls: Calls, clinician: Person
) -> None:
    call = await _held(calls, clinician)
    _, answer = turns_of(call)
    await calls.add_turn(answer)
    assert await calls.finish_abandoned() == 1
    opened, _ = await calls.open(clinician, call.id)
    assert (opened.ending, opened.ended_at) == ("server lost", answer.ended_at)
    assert await calls.finish_abandoned() == 0


async def test_an_ending_is_written_once(calls: Calls, clinician: Person) -> None:
    call = await _held(calls, clinician)
    await calls.finish(call.id, ending="hung up", ended_at=NOON)
    await calls.finish(call.id, ending="lost", ended_at=NOON + timedelta(hours=1))
    assert (await calls.open(clinician, call.id))[0].ending == "hung up"
