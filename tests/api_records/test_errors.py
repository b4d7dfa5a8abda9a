"""Whatever is sent, and whatever breaks, the answer is one clear error and the server goes on."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import psycopg
import pytest
from fastapi import FastAPI

from storage.faults import StorageFull
from storage.records import Person
from tests.api_records.conftest import As
from tests.conftest import ErrorRecords
from tests.fixtures_storage import PASSWORD
from voice_server.api.dependencies import Stores


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"", "application/json"),
        (b"{", "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"[]", "application/json"),
        (b"null", "application/json"),
        (b'"text"', "application/json"),
        (b"a=b", "application/x-www-form-urlencoded"),
        (b'{"email": 5, "password": {}}', "application/json"),
        (b'{"email": "a@b"}', "application/json"),
        (b"RIFF....WAVE", "audio/wav"),
    ],
)
async def test_a_body_of_the_wrong_type_gets_a_clear_error(
    anyone: httpx.AsyncClient, content: bytes, media_type: str, database: object
) -> None:
    answer = await anyone.post(
        "/api/session", content=content, headers={"Content-Type": media_type}
    )
    assert answer.status_code == 422
    assert answer.json()["code"] == "request.invalid"
    assert answer.json()["sentence"]


async def test_a_body_nested_too_deep_gets_a_clear_error(
    anyone: httpx.AsyncClient, database: object
) -> None:
    answer = await anyone.post(
        "/api/session", content=b'{"a":' * 5000, headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "http.400")


@pytest.mark.parametrize("told", [True, False], ids=["told beforehand", "streamed"])
async def test_a_body_without_end_is_cut_short(
    anyone: httpx.AsyncClient, database: object, told: bool
) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 100_000_000:
            sent += 100_000
            yield b'"' + b"x" * 99_999

    headers = {"Content-Type": "application/json"}
    if told:
        headers["Content-Length"] = "100000000"
    answer = await anyone.post("/api/session", content=endless(), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "http.413")
    assert answer.json()["sentence"] == "That is too large."
    assert sent <= 1_000_000


async def test_an_error_names_the_field_and_repeats_nothing_that_was_sent(
    signed_in: As, admin: Person
) -> None:
    client = await signed_in(admin)
    secret = "patient john smith " * 20
    for body, field in (
        ({"email": secret, "name": "N", "role": "clinician", "password": PASSWORD}, "email"),
        ({"email": "a@b", "name": "N", "role": secret, "password": PASSWORD}, "role"),
        ({"email": "a@b", "name": "N", "role": "clinician", "password": secret}, "password"),
        ({"email": "a@b", "name": "", "role": "clinician", "password": PASSWORD}, "name"),
        ({"email": "a@b", "name": "N\x00", "role": "clinician", "password": PASSWORD}, ""),
    ):
        answer = await client.post("/api/people", json=body)
        assert answer.status_code == 422
        assert answer.json()["field"] == field
        assert "john" not in answer.text


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/api/calls/not-an-id", "call_id"),
        ("/api/calls?person=x", "person"),
        ("/api/calls?since=yesterday", "since"),
        ("/api/calls?since=2026-01-01T00:00:00", "since"),
        ("/api/calls?limit=0", "limit"),
        ("/api/calls?limit=100000", "limit"),
        ("/api/calls?cursor=x", "cursor"),
        ("/api/audit?cursor=-1", "cursor"),
        ("/api/audit?cursor=99999999999999999999", "cursor"),
    ],
)
async def test_an_address_with_a_bad_part_names_it(
    signed_in: As, admin: Person, path: str, field: str
) -> None:
    answer = await (await signed_in(admin)).get(path)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


async def test_what_is_not_there_and_what_cannot_be_done_have_our_shape(
    anyone: httpx.AsyncClient, database: object
) -> None:
    missing = await anyone.get("/api/nothing")
    assert (missing.status_code, missing.json()["code"]) == (404, "route.unknown")
    wrong = await anyone.put("/api/calls")
    assert (wrong.status_code, wrong.json()["code"]) == (405, "http.405")
    assert wrong.headers["allow"] == "GET"


async def test_an_unforeseen_failure_is_logged_without_its_words(
    app: FastAPI, anyone: httpx.AsyncClient, errors_logged: ErrorRecords
) -> None:
    @app.get("/api/broken")
    async def broken() -> None:
        raise RuntimeError("patient john smith")

    answer = await anyone.get("/api/broken")
    assert (answer.status_code, answer.json()["code"]) == (500, "server.error")
    assert "john" not in answer.text
    assert len(errors_logged) == 1
    assert "RuntimeError" in errors_logged[0]
    assert "/api/broken" in errors_logged[0]
    assert "john" not in errors_logged[0]
    errors_logged.clear()


async def test_a_full_disk_is_507_and_reading_goes_on(
    app: FastAPI, signed_in: As, clinician: Person
) -> None:
    client = await signed_in(clinician)

    @app.post("/api/keep")
    async def keep() -> None:
        raise StorageFull("database.full", "There is no room left to save this.")

    full = await client.post("/api/keep")
    assert (full.status_code, full.json()["code"]) == (507, "database.full")
    assert (await client.get("/api/calls")).status_code == 200


async def test_a_database_that_went_away_is_503_and_says_what_to_do(
    app: FastAPI, stores: Stores, signed_in: As, clinician: Person, database_url: str
) -> None:
    client = await signed_in(clinician)
    assert await stores.answering()
    name = database_url.split("/")[3].split("?")[0]
    admin_url = database_url.replace(f"/{name}?", "/postgres?")
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,)
        )
    answer = await client.get("/api/calls")
    assert (answer.status_code, answer.json()["code"]) == (503, "database.down")
    assert answer.json()["remedy"]
    assert not await stores.answering()
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    assert (await client.get("/api/calls")).status_code == 200
