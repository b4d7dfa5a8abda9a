"""Signing in and out: a short-lived access token, and a cookie that renews it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Cookie, Depends, Request, Response
from pydantic import BaseModel, Field

from storage.faults import NotSignedIn
from storage.people import LONGEST_PASSWORD, Account
from storage.records import Person, Role
from storage.sessions import Session
from voice_server.api.dependencies import MOST_BODY_BYTES, SignedIn, Stores, open_stores, signed_in
from voice_server.api.people import LONGEST_EMAIL
from voice_server.auth.permissions import may

router = APIRouter(prefix="/api/session", tags=["session"], max_body_size=MOST_BODY_BYTES)

COOKIE = "refresh"
_PATH = "/api/session"

Own = Annotated[Person, Depends(may("session:own"))]
Open = Annotated[Stores, Depends(open_stores)]


class Credentials(BaseModel):
    """What someone signs in with."""

    email: str = Field(min_length=1, max_length=LONGEST_EMAIL)
    password: str = Field(min_length=1, max_length=LONGEST_PASSWORD)


class PersonView(BaseModel):
    """The signed-in person."""

    id: str
    email: str
    name: str
    role: Role
    must_change_password: bool = False


class SessionView(BaseModel):
    """An access token for the Authorization header, and how long it is good, in seconds.

    While `must_change_password` is true, only the password can be changed, or the session ended.
    """

    access_token: str
    expires_in_s: int
    must_change_password: bool
    person: PersonView


class PasswordChange(BaseModel):
    """The password as it is, and as it shall be."""

    current: str = Field(min_length=1, max_length=LONGEST_PASSWORD)
    new: str = Field(max_length=LONGEST_PASSWORD)


@router.post("")
async def sign_in(
    body: Credentials, request: Request, response: Response, stores: Open
) -> SessionView:
    """Sign in with e-mail address and password."""
    await stores.throttle.admit(body.email, _address(request))
    account = await stores.people.verify(body.email, body.password)
    if account is None:
        raise NotSignedIn(
            "session.refused",
            "The e-mail address or the password is not right.",
            remedy="Please check both and try again.",
            field="password",
        )
    await stores.throttle.succeeded(body.email, _address(request))
    session = await stores.sessions.begin(account.person.id)
    await stores.audit.record(account.person, "session.begin", f"person:{account.person.id}", {})
    return _view(session, account, response, stores)


@router.post("/refresh")
async def refresh(
    response: Response, stores: Open, refresh: Annotated[str | None, Cookie(max_length=200)] = None
) -> SessionView:
    """A new access token by the cookie, which is replaced."""
    if refresh is None:
        raise NotSignedIn(
            "session.required", "You are not signed in.", remedy="Please sign in and try again."
        )
    session = await stores.sessions.renew(refresh)
    account = await stores.people.account(session.person_id, session_id=session.id)
    if account is None:
        raise NotSignedIn(
            "session.ended", "You have been signed out.", remedy="Please sign in again."
        )
    return _view(session, account, response, stores)


@router.delete("", status_code=204, response_class=Response)
async def sign_out(
    response: Response,
    stores: Open,
    person: Own,
    session: Annotated[SignedIn, Depends(signed_in)],
) -> None:
    """End this session: neither its cookie nor its access tokens are good any more."""
    await stores.sessions.end(session.session_id)
    await stores.audit.record(person, "session.end", f"person:{person.id}", {})
    response.delete_cookie(COOKIE, path=_PATH, httponly=True, samesite="strict")


@router.get("")
async def who(person: Own, session: Annotated[SignedIn, Depends(signed_in)]) -> PersonView:
    """Who is signed in."""
    return _person(Account(person, session.must_change_password))


@router.post("/password", status_code=204, response_class=Response)
async def password(
    body: PasswordChange,
    request: Request,
    stores: Open,
    person: Own,
    session: Annotated[SignedIn, Depends(signed_in)],
) -> None:
    """Choose another password; the person's other sessions end."""
    await stores.throttle.admit(person.email, _address(request))
    await stores.people.change_password(
        person, body.current, body.new, session_id=session.session_id
    )
    await stores.throttle.succeeded(person.email, _address(request))


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _view(session: Session, account: Account, response: Response, stores: Stores) -> SessionView:
    response.set_cookie(
        COOKIE,
        session.refresh_token,
        max_age=int(stores.sessions.life.total_seconds()),
        path=_PATH,
        httponly=True,
        samesite="strict",
        secure=stores.secure_cookie,
    )
    return SessionView(
        access_token=stores.tokens.issue(session.person_id, session.id),
        expires_in_s=stores.tokens.life_s,
        must_change_password=account.must_change_password,
        person=_person(account),
    )


def _person(account: Account) -> PersonView:
    person = account.person
    return PersonView(
        id=str(person.id),
        email=person.email,
        name=person.name,
        role=person.role,
        must_change_password=account.must_change_password,
    )
