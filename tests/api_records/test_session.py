"""Signing in, staying signed in, and being out when it is over."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest
from fastapi import FastAPI

from storage.database import Database
from storage.people import ensure_admin
from storage.records import Person
from storage.sessions import GRACE_S
from tests.api_records.conftest import As
from tests.fixtures_storage import PASSWORD
from voice_server.api.dependencies import Stores
from voice_server.auth.throttle import MOST_BY_ACCOUNT


async def _sign_in(
    client: httpx.AsyncClient, email: str, password: str = PASSWORD
) -> httpx.Response:
    return await client.post("/api/session", json={"email": email, "password": password})


def _bearer(answer: httpx.Response) -> dict[str, str]:
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


async def test_signing_in_gives_a_token_and_a_cookie_that_scripts_cannot_read(
    anyone: httpx.AsyncClient, clinician: Person
) -> None:
    answer = await _sign_in(anyone, clinician.email)
    assert answer.status_code == 200
    body = answer.json()
    assert body["expires_in_s"] == 900
    assert body["must_change_password"] is False
    assert body["person"]["id"] == str(clinician.id)
    assert body["person"]["role"] == "clinician"
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("refresh=")
    for attribute in ("HttpOnly", "SameSite=strict", "Path=/api/session", "Max-Age=604800"):
        assert attribute in cookie
    assert "Secure" not in cookie
    who = await anyone.get("/api/session", headers=_bearer(answer))
    assert who.json() == body["person"]


async def test_behind_tls_the_cookie_is_for_tls_only(
    app: FastAPI, stores: Stores, clinician: Person
) -> None:
    app.state.stores = replace(stores, secure_cookie=True)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="https://server") as client:
        answer = await _sign_in(client, clinician.email)
    assert "Secure" in answer.headers["set-cookie"]


async def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    anyone: httpx.AsyncClient, clinician: Person
) -> None:
    wrong = await _sign_in(anyone, clinician.email, "not the password")
    unknown = await _sign_in(anyone, "nobody@example.org", "not the password")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()
    assert wrong.json()["code"] == "session.refused"
    assert "set-cookie" not in wrong.headers


async def test_too_many_tries_have_to_wait(anyone: httpx.AsyncClient, clinician: Person) -> None:
    for _ in range(MOST_BY_ACCOUNT):
        await _sign_in(anyone, clinician.email, "not the password")
    answer = await _sign_in(anyone, clinician.email)
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    assert answer.json()["code"] == "session.throttled"


async def test_the_cookie_renews_the_session_and_is_replaced(
    anyone: httpx.AsyncClient, clinician: Person
) -> None:
    await _sign_in(anyone, clinician.email)
    first = anyone.cookies["refresh"]
    answer = await anyone.post("/api/session/refresh")
    assert answer.status_code == 200
    assert anyone.cookies["refresh"] != first
    assert (await anyone.get("/api/session", headers=_bearer(answer))).status_code == 200


async def test_a_cookie_used_again_later_ends_the_session_at_once(
    anyone: httpx.AsyncClient, clinician: Person, database: Database
) -> None:
    await _sign_in(anyone, clinician.email)
    stolen = anyone.cookies["refresh"]
    renewed = await anyone.post("/api/session/refresh")
    async with database.transaction() as connection:
        await connection.execute(
            "UPDATE refresh_tokens SET used_at = used_at - make_interval(secs => $1)", GRACE_S + 1
        )
    answer = await anyone.post("/api/session/refresh", headers={"Cookie": f"refresh={stolen}"})
    assert answer.status_code == 401
    assert (await anyone.post("/api/session/refresh")).status_code == 401
    assert (await anyone.get("/api/session", headers=_bearer(renewed))).status_code == 401


async def test_after_signing_out_neither_token_nor_cookie_is_good(
    anyone: httpx.AsyncClient, clinician: Person
) -> None:
    answer = await _sign_in(anyone, clinician.email)
    cookie = anyone.cookies["refresh"]
    out = await anyone.delete("/api/session", headers=_bearer(answer))
    assert out.status_code == 204
    assert "refresh" not in anyone.cookies
    assert (await anyone.get("/api/session", headers=_bearer(answer))).status_code == 401
    again = await anyone.post("/api/session/refresh", headers={"Cookie": f"refresh={cookie}"})
    assert again.status_code == 401


async def test_signing_out_ends_no_other_session(
    anyone: httpx.AsyncClient, signed_in: As, clinician: Person, other_clinician: Person
) -> None:
    elsewhere, other = await signed_in(clinician), await signed_in(other_clinician)
    answer = await _sign_in(anyone, clinician.email)
    await anyone.delete("/api/session", headers=_bearer(answer))
    assert (await elsewhere.get("/api/session")).status_code == 200
    assert (await other.get("/api/session")).status_code == 200


async def test_someone_disabled_loses_access_at_once(
    anyone: httpx.AsyncClient, signed_in: As, admin: Person, clinician: Person
) -> None:
    answer = await _sign_in(anyone, clinician.email)
    changed = await (await signed_in(admin)).patch(
        f"/api/people/{clinician.id}", json={"disabled": True}
    )
    assert changed.json()["disabled"] is True
    for asked in (
        await anyone.get("/api/calls", headers=_bearer(answer)),
        await anyone.post("/api/session/refresh"),
        await _sign_in(anyone, clinician.email),
    ):
        assert asked.status_code == 401


async def test_a_changed_role_counts_at_once(
    signed_in: As, admin: Person, reviewer: Person, stores: Stores
) -> None:
    other_admin = await signed_in(admin)
    made = await other_admin.patch(f"/api/people/{reviewer.id}", json={"role": "admin"})
    assert made.json()["role"] == "admin"
    promoted = await signed_in(reviewer)
    assert (await promoted.get("/api/people")).status_code == 200
    await stores.people.update(reviewer.id, by=admin, name="Rita R.")
    assert (await promoted.get("/api/session")).json()["name"] == "Rita R."


async def test_the_first_admin_can_only_change_the_password_until_it_is_changed(
    anyone: httpx.AsyncClient, stores: Stores
) -> None:
    given = await ensure_admin(stores.people, "admin@example.org")
    assert given is not None
    answer = await _sign_in(anyone, "admin@example.org", given)
    assert answer.json()["must_change_password"] is True
    headers = _bearer(answer)
    refused = await anyone.get("/api/people", headers=headers)
    assert refused.status_code == 403
    assert refused.json()["code"] == "password.change_first"
    assert (await anyone.get("/api/session", headers=headers)).status_code == 200
    changed = await anyone.post(
        "/api/session/password", json={"current": given, "new": PASSWORD}, headers=headers
    )
    assert changed.status_code == 204
    assert (await anyone.get("/api/people", headers=headers)).status_code == 200
    assert (await _sign_in(anyone, "admin@example.org", given)).status_code == 401
    again = await _sign_in(anyone, "admin@example.org")
    assert again.json()["must_change_password"] is False


async def test_a_wrong_current_password_names_its_field(signed_in: As, clinician: Person) -> None:
    client = await signed_in(clinician)
    answer = await client.post(
        "/api/session/password", json={"current": "not it", "new": "another password"}
    )
    assert answer.status_code == 422
    assert answer.json()["field"] == "current"


async def test_the_current_password_cannot_be_guessed_through_a_stolen_token(
    signed_in: As, clinician: Person
) -> None:
    client = await signed_in(clinician)
    for _ in range(MOST_BY_ACCOUNT):
        await client.post("/api/session/password", json={"current": "no", "new": "x" * 12})
    answer = await client.post("/api/session/password", json={"current": PASSWORD, "new": "x" * 12})
    assert answer.status_code == 429


async def test_signing_in_and_out_is_in_the_trail(
    anyone: httpx.AsyncClient, stores: Stores, clinician: Person
) -> None:
    answer = await _sign_in(anyone, clinician.email)
    await anyone.delete("/api/session", headers=_bearer(answer))
    events = await stores.audit.list(before=None, limit=2)
    assert [(event.action, event.actor_id) for event in events] == [
        ("session.end", clinician.id),
        ("session.begin", clinician.id),
    ]


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer x"}, {"Authorization": "Basic YTpi"}, {"Cookie": "refresh=x"}],
)
async def test_without_a_token_nobody_is_signed_in(
    anyone: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    answer = await anyone.get("/api/session", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["code"] == "session.required"
    renewed = await anyone.post("/api/session/refresh", headers=headers)
    assert renewed.status_code == 401
