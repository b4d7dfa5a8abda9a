"""Every route says what it takes, and a route that forgot is found."""

from __future__ import annotations

from typing import Annotated

import pytest
from fastapi import APIRouter, Depends, FastAPI, WebSocket
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from storage.faults import NotAllowed
from storage.records import Person, Role
from voice_server.api import audit, calls, people, session
from voice_server.api.dependencies import SignedIn
from voice_server.auth.permissions import PERMISSIONS, may, unguarded_routes


def _session(person: Person, *, must_change: bool = False) -> SignedIn:
    return SignedIn(person, person.id, must_change)


@pytest.mark.parametrize("permission", PERMISSIONS)
async def test_each_role_may_do_what_the_table_says(
    permission: str, clinician: Person, reviewer: Person, admin: Person
) -> None:
    allowed = set()
    for person in (clinician, reviewer, admin):
        try:
            assert await may(permission)(_session(person)) is person
            allowed.add(person.role)
        except NotAllowed:
            pass
    only_admins = permission in ("library:write", "people:manage", "audit:read", "server:watch")
    assert allowed == ({Role.ADMIN} if only_admins else set(Role))


@pytest.mark.parametrize("permission", PERMISSIONS)
async def test_with_a_given_password_only_the_own_session_is_open(
    permission: str, admin: Person
) -> None:
    asked = may(permission)(_session(admin, must_change=True))
    if permission == "session:own":
        assert await asked is admin
        return
    with pytest.raises(NotAllowed) as raised:
        await asked
    assert raised.value.code == "password.change_first"


def test_a_permission_that_does_not_exist_cannot_be_asked_for() -> None:
    with pytest.raises(KeyError):
        may("calls:raed")


def test_every_route_of_ours_is_guarded() -> None:
    app = FastAPI()
    for router in (session.router, people.router, calls.router, audit.router):
        app.include_router(router)
    assert unguarded_routes(app) == []


def test_a_route_without_a_guard_is_found_wherever_it_is() -> None:
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    inner, outer = APIRouter(prefix="/inner"), APIRouter(prefix="/api/outer")

    @inner.get("/bare")
    async def bare() -> None: ...

    @inner.get("/guarded")
    async def guarded(_: Annotated[Person, Depends(may("calls:read"))]) -> None: ...

    @inner.delete("/by-router", dependencies=[Depends(may("people:manage"))])
    async def by_router() -> None: ...

    @inner.websocket("/socket")
    async def socket(websocket: WebSocket) -> None: ...

    outer.include_router(inner)
    app.include_router(outer)

    @app.get("/{page:path}")
    async def page(page: str) -> None: ...

    @app.post("/form")
    async def form() -> None: ...

    @app.post("/api/session")
    async def sign_in() -> None: ...

    @app.put("/api/session")
    async def not_sign_in() -> None: ...

    app.mount("/api/mounted", Starlette(routes=[Route("/x", lambda request: None)]))
    app.mount("/nested", Starlette(routes=[Mount("/api", routes=[])]))
    assert unguarded_routes(app) == [
        "ANY /api/outer/inner/socket",
        "GET /api/mounted/x",
        "GET /api/outer/inner/bare",
        "HEAD /api/mounted/x",
        "POST /form",
        "PUT /api/session",
    ]
