"""Signing in, staying signed in, signing out."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Cookie, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from storage.faults import NotSignedIn
from storage.people import Account
from storage.records import Person, Role
from voice_server.api.dependencies import Stores, StoresOf
from voice_server.auth.permissions import may, signed_in

router = APIRouter(prefix="/api/session", tags=["session"])
Refresh = Annotated[str | None, Cookie(alias="refresh")]
COOKIE = "refresh"


class SignIn(BaseModel):
    """Who, and the password."""

    model_config = ConfigDict(extra="forbid")
    email: str = Field(min_length=3, max_length=254)
    password: str = Field(min_length=1, max_length=200)


class NewPassword(BaseModel):
    """The password as it is, and as it is to be."""

    model_config = ConfigDict(extra="forbid")
    current: str = Field(max_length=200)
    new: str = Field(max_length=200)


class PersonOut(BaseModel):
    """Someone with an account."""

    id: UUID
    email: str
    name: str
    role: Role


class Session(BaseModel):
    """An access token and whose it is. With `must_change_password` it is good for that alone."""

    access_token: str
    expires_in_s: int
    person: PersonOut
    must_change_password: bool


class Me(PersonOut):
    """Who is signed in."""

    must_change_password: bool


@router.post("")
async def sign_in(
    credentials: SignIn, request: Request, response: Response, stores: StoresOf
) -> Session:
    """Sign in with e-mail address and password."""
    address = request.client.host if request.client else "unknown"
    await stores.throttle.attempt(credentials.email, address)
    account = await stores.people.verify(credentials.email, credentials.password)
    if account is None:
        await stores.audit.record(None, "session.refused", "session", {"address": address})
        raise NotSignedIn(
            "session.wrong",
            "The e-mail address or the password is not right.",
            remedy="Check both, or ask an administrator for a new password.",
            field="password",
        )
    await stores.throttle.succeeded(credentials.email)
    await stores.audit.record(account.person, "session.begin", "session", {"address": address})
    _set_cookie(response, stores, await stores.sessions.begin(account.person.id))
    return _session(stores, account)


@router.post("/refresh")
async def refresh(response: Response, stores: StoresOf, refresh: Refresh = None) -> Session:
    """A new access token for the refresh cookie, which is exchanged for the next."""
    if not refresh:
        raise NotSignedIn("session.none", "You are not signed in.", remedy="Please sign in.")
    person_id, token = await stores.sessions.renew(refresh)
    account = await stores.people.account(person_id)
    if account is None or account.person.disabled:
        raise NotSignedIn("session.none", "You are not signed in.", remedy="Please sign in.")
    _set_cookie(response, stores, token)
    return _session(stores, account)


@router.delete("", status_code=204)
async def sign_out(response: Response, stores: StoresOf, refresh: Refresh = None) -> None:
    """End the session; its refresh tokens are worth nothing from now on."""
    if refresh:
        await stores.sessions.end(refresh)
    response.delete_cookie(COOKIE, path="/api/session")


@router.get("")
async def who_am_i(
    request: Request,
    person: Annotated[Person, Depends(may("self:read", before_password_change=True))],
) -> Me:
    """Who is signed in."""
    account = await signed_in(request)
    return Me(**_person(person).model_dump(), must_change_password=account.must_change_password)


@router.post("/password", status_code=204)
async def change_password(
    passwords: NewPassword,
    stores: StoresOf,
    person: Annotated[Person, Depends(may("self:read", before_password_change=True))],
) -> None:
    """Choose a new password. Every other session of this person ends."""
    await stores.throttle.attempt(person.email, f"change:{person.id}")
    await stores.people.change_password(person, passwords.current, passwords.new)
    await stores.throttle.succeeded(person.email)


def _session(stores: Stores, account: Account) -> Session:
    return Session(
        access_token=stores.tokens.issue(account.person.id),
        expires_in_s=int(stores.tokens.life.total_seconds()),
        person=_person(account.person),
        must_change_password=account.must_change_password,
    )


def _person(person: Person) -> PersonOut:
    return PersonOut(id=person.id, email=person.email, name=person.name, role=person.role)


def _set_cookie(response: Response, stores: Stores, token: str) -> None:
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(timedelta.total_seconds(stores.sessions.life)),
        path="/api/session",
        httponly=True,
        samesite="strict",
        secure=stores.secure_cookie,
    )
