"""What the API shows of people, calls and the trail, and to whom."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

import httpx
import pytest

from storage.database import Database
from storage.records import Call, Person, Role
from tests.api_records.conftest import As
from tests.fixtures_storage import PASSWORD
from tests.storage.conversations import call_of, turns_of
from voice_server.api.dependencies import Stores


async def _held(stores: Stores, person: Person, minutes: int = 0) -> Call:
    call = call_of(person, minutes=minutes)
    await stores.calls.begin(call)
    for turn in turns_of(call):
        await stores.calls.add_turn(turn)
    return call


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/session"),
        ("DELETE", "/api/session"),
        ("POST", "/api/session/password"),
        ("GET", "/api/people"),
        ("POST", "/api/people"),
        ("PATCH", f"/api/people/{UUID(int=1)}"),
        ("GET", "/api/calls"),
        ("GET", f"/api/calls/{UUID(int=1)}"),
        ("GET", "/api/audit"),
        ("GET", "/api/audit/verify"),
    ],
)
async def test_nothing_is_told_to_someone_who_is_not_signed_in(
    anyone: httpx.AsyncClient, database: Database, method: str, path: str
) -> None:
    answer = await anyone.request(method, path, json={})
    assert answer.status_code == 401
    assert set(answer.json()) == {"code", "sentence", "remedy", "field"}


@pytest.mark.parametrize("role", [Role.CLINICIAN, Role.REVIEWER])
async def test_only_admins_manage_people_and_read_the_trail(
    signed_in: As, clinician: Person, reviewer: Person, role: Role, stores: Stores
) -> None:
    me, other = (clinician, reviewer) if role is Role.CLINICIAN else (reviewer, clinician)
    client = await signed_in(me)
    new = {"email": "n@example.org", "name": "N", "role": "admin", "password": PASSWORD}
    for answer in (
        await client.get("/api/people"),
        await client.post("/api/people", json=new),
        await client.patch(f"/api/people/{other.id}", json={"disabled": True}),
        await client.patch(f"/api/people/{me.id}", json={"role": "admin"}),
        await client.get("/api/audit"),
        await client.get("/api/audit/verify"),
    ):
        assert answer.status_code == 403
        assert answer.json()["code"] == "permission.missing"
    assert {person.role for person in await stores.people.list()} == {
        Role.CLINICIAN,
        Role.REVIEWER,
    }


async def test_an_admin_makes_and_changes_accounts(
    signed_in: As, anyone: httpx.AsyncClient, admin: Person
) -> None:
    client = await signed_in(admin)
    new = {"email": "n@example.org", "name": " N ", "role": "clinician", "password": PASSWORD}
    made = await client.post("/api/people", json=new)
    assert made.status_code == 201
    assert made.json()["name"] == "N"
    assert "password" not in made.text
    signed = await anyone.post("/api/session", json={"email": new["email"], "password": PASSWORD})
    assert signed.json()["must_change_password"] is True
    changed = await client.patch(
        f"/api/people/{made.json()['id']}", json={"name": "M", "role": "reviewer"}
    )
    assert (changed.json()["name"], changed.json()["role"]) == ("M", "reviewer")
    listed = (await client.get("/api/people")).json()["people"]
    assert [person["email"] for person in listed] == [admin.email, "n@example.org"]
    again = await client.post("/api/people", json=new)
    assert (again.status_code, again.json()["field"]) == (409, "email")
    missing = await client.patch(f"/api/people/{uuid4()}", json={"name": "X"})
    assert missing.status_code == 404
    last = await client.patch(f"/api/people/{admin.id}", json={"disabled": True})
    assert (last.status_code, last.json()["code"]) == (409, "person.last_admin")


async def test_an_answer_is_read_again_with_the_tall_man_letters_it_was_shown_in(
    signed_in: As, stores: Stores, clinician: Person
) -> None:
    call = call_of(clinician)
    await stores.calls.begin(call)
    for turn in turns_of(call):
        named = replace(turn, text_spoken="hydralazine 25 mg", text_heard="hydralazine")
        await stores.calls.add_turn(named)
    read = (await (await signed_in(clinician)).get(f"/api/calls/{call.id}")).json()
    question, answer = read["turns"]
    assert question["text_spoken"] == "hydralazine 25 mg"
    assert (answer["text_spoken"], answer["text_heard"]) == ("hydrALAZINE 25 mg", "hydrALAZINE")


async def test_a_clinician_reads_their_own_conversation(
    signed_in: As, stores: Stores, clinician: Person
) -> None:
    call = await _held(stores, clinician)
    client = await signed_in(clinician)
    listed = (await client.get("/api/calls")).json()
    assert [(one["id"], one["turns"]) for one in listed["calls"]] == [(str(call.id), 2)]
    assert listed["calls"][0]["person"] == {"id": str(clinician.id), "name": clinician.name}
    assert listed["next"] is None
    read = (await client.get(f"/api/calls/{call.id}")).json()
    question, answer = read["turns"]
    assert question["speaker"] == "caller"
    assert answer["text_spoken"] == "K+ < 3.5: give 20 mmol. Check again in 4 hours."
    assert answer["text_heard"] == "K+ < 3.5: give"
    assert answer["interrupted"] is True
    assert answer["timings_ms"] == {"turn_end": 210.5, "first_audio": 340.0}
    assert [one["page"] for one in answer["citations"]] == [3, None]
    assert set(answer["citations"][0]) == {
        "passage_id",
        "document_id",
        "title",
        "section",
        "page",
        "claim",
        "quote",
    }


async def test_anothers_conversation_does_not_exist_for_a_clinician(
    signed_in: As, stores: Stores, clinician: Person, other_clinician: Person
) -> None:
    call = await _held(stores, other_clinician)
    client = await signed_in(clinician)
    theirs = await client.get(f"/api/calls/{call.id}")
    missing = await client.get(f"/api/calls/{uuid4()}")
    assert theirs.status_code == missing.status_code == 404
    assert theirs.json() == missing.json()
    assert (await client.get("/api/calls")).json()["calls"] == []
    asked = await client.get("/api/calls", params={"person": str(other_clinician.id)})
    assert asked.json()["calls"] == []


async def test_reviewers_and_admins_read_everyones_and_it_is_noted(
    signed_in: As, stores: Stores, clinician: Person, reviewer: Person, admin: Person
) -> None:
    call = await _held(stores, clinician)
    for reader in (reviewer, admin):
        client = await signed_in(reader)
        listed = await client.get("/api/calls", params={"person": str(clinician.id)})
        assert len(listed.json()["calls"]) == 1
        assert (await client.get(f"/api/calls/{call.id}")).status_code == 200
    events = (await (await signed_in(admin)).get("/api/audit")).json()["events"]
    assert [
        (event["actor"]["id"], event["subject"])
        for event in events
        if event["action"] == "transcript.open"
    ] == [(str(admin.id), f"call:{call.id}"), (str(reviewer.id), f"call:{call.id}")]


async def test_history_comes_in_pages(signed_in: As, stores: Stores, clinician: Person) -> None:
    held = [await _held(stores, clinician, minutes) for minutes in range(5)]
    client, seen, cursor = await signed_in(clinician), [], ""
    while cursor is not None:
        page = (await client.get("/api/calls", params={"limit": 2, "cursor": cursor})).json()
        seen += [call["id"] for call in page["calls"]]
        cursor = page["next"]
    assert seen == [str(call.id) for call in reversed(held)]


async def test_the_trail_comes_in_pages_and_can_be_verified(
    signed_in: As, stores: Stores, database: Database, admin: Person
) -> None:
    for number in range(4):
        await stores.audit.record(admin, "test", f"thing:{number}", {"n": str(number)})
    client, seen, cursor = await signed_in(admin), [], None
    while True:
        params = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = (await client.get("/api/audit", params=params)).json()
        seen += [event["id"] for event in page["events"]]
        if (cursor := page["next"]) is None:
            break
    assert seen == list(range(len(seen), 0, -1))
    check = (await client.get("/api/audit/verify")).json()
    assert check == {"valid": True, "events": len(seen), "first_bad": None}
    async with database.transaction() as connection:
        await connection.execute("UPDATE audit_events SET action = 'other' WHERE id = 3")
    check = (await client.get("/api/audit/verify")).json()
    assert (check["valid"], check["first_bad"]) == (False, 3)
