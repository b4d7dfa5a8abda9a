"""Who may do what. A route says what it takes: `Annotated[Person, Depends(may("calls:read"))]`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Annotated, Any

from fastapi import Depends, FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute, Mount

from storage.faults import NotAllowed
from storage.records import Person, Role
from voice_server.api.dependencies import SignedIn, signed_in

_EVERYONE = frozenset(Role)
_ADMINS = frozenset({Role.ADMIN})

PERMISSIONS: dict[str, frozenset[Role]] = {
    "session:own": _EVERYONE,
    "calls:make": _EVERYONE,
    "calls:read": _EVERYONE,  # whose calls, storage.calls decides by the actor
    "library:read": _EVERYONE,
    "library:write": _ADMINS,
    "people:manage": _ADMINS,
    "audit:read": _ADMINS,
    "server:watch": _ADMINS,
}

_BEFORE_OWN_PASSWORD = frozenset({"session:own"})
"""All that is open to someone who still has the password they were given."""

_OPEN = frozenset(
    {("POST", "/api/session"), ("POST", "/api/session/refresh"), ("GET", "/api/health")}
)


def may(permission: str) -> Callable[..., Awaitable[Person]]:
    """A dependency that gives the signed-in person who may do this.

    It raises NotSignedIn or NotAllowed. An unknown permission is a KeyError where it is written.
    """
    roles = PERMISSIONS[permission]

    async def permitted(session: Annotated[SignedIn, Depends(signed_in)]) -> Person:
        if session.must_change_password and permission not in _BEFORE_OWN_PASSWORD:
            raise NotAllowed(
                "password.change_first",
                "Please choose a password of your own first.",
                remedy="Change your password, then go on.",
            )
        if session.person.role not in roles:
            raise NotAllowed(
                "permission.missing",
                "You may not do this.",
                remedy="Ask an administrator if you need to.",
            )
        return session.person

    permitted.permission = permission  # type: ignore[attr-defined]
    return permitted


def unguarded_routes(app: FastAPI) -> list[str]:
    """Each route ('METHOD /path') that anyone may use and that is not meant to be open.

    Meant to be open: sign-in, refresh, health, and reading pages outside /api.
    """
    return sorted(set(_unguarded(app.routes, "")))


def _unguarded(routes: Sequence[BaseRoute], prefix: str) -> Iterator[str]:
    for route in iter_route_contexts(routes):
        path = prefix + (route.path or "")
        if isinstance(route.original_route, Mount):
            yield from _unguarded(route.original_route.routes, path)
            if not route.original_route.routes and _is_api(path):
                yield f"MOUNT {path}"
        elif not _guarded(getattr(route, "dependant", None)):
            yield from _not_open(route.methods or {"ANY"}, path)


def _not_open(methods: set[str], path: str) -> Iterator[str]:
    for method in methods:
        reads = method in ("GET", "HEAD", "OPTIONS")
        if (method, path) not in _OPEN and (_is_api(path) or not reads):
            yield f"{method} {path}"


def _is_api(path: str) -> bool:
    return path == "/api" or path.startswith("/api/")


def _guarded(dependant: Any) -> bool:
    return dependant is not None and (
        getattr(dependant.call, "permission", None) in PERMISSIONS
        or any(_guarded(one) for one in dependant.dependencies)
    )
