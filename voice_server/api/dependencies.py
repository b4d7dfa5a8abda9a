"""What the routers work with: the open stores, and the signed-in session of a request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from storage.audit import Audit
from storage.calls import Calls
from storage.database import Database
from storage.documents import Documents
from storage.jobs import Jobs
from storage.keyvalue import KeyValue
from storage.people import People
from storage.records import Person
from storage.sessions import Sessions
from voice_server.auth.throttle import Throttle
from voice_server.auth.tokens import Tokens, not_signed_in

MOST_BODY_BYTES = 64 * 1024
"""Largest body of a request that carries a form; more is refused as it comes in."""


@dataclass(frozen=True, slots=True)
class Stores:
    """Everything that is kept; the application carries it as `app.state.stores`.

    `secure_cookie` sends the refresh cookie over TLS only.
    """

    database: Database
    keyvalue: KeyValue
    people: People
    sessions: Sessions
    calls: Calls
    audit: Audit
    documents: Documents
    jobs: Jobs
    tokens: Tokens
    throttle: Throttle
    secure_cookie: bool = False

    async def answering(self) -> bool:
        """Whether database and key-value store both answer at the moment."""
        return await self.database.answering() and await self.keyvalue.answering()


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The session a request belongs to."""

    person: Person
    session_id: UUID
    must_change_password: bool


async def open_stores(request: Request) -> Stores:
    """The stores of the application that serves this request."""
    stores: Stores = request.app.state.stores
    return stores


async def signed_in(
    stores: Annotated[Stores, Depends(open_stores)],
    credentials: Annotated[
        HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False))
    ],
) -> SignedIn:
    """Who is asking, as the account is now: someone disabled or signed out is refused at once.

    Raises NotSignedIn.
    """
    if credentials is None:
        raise not_signed_in()
    claims = stores.tokens.read(credentials.credentials)
    account = await stores.people.account(claims.person_id, session_id=claims.session_id)
    if account is None or account.person.disabled:
        raise not_signed_in()
    return SignedIn(account.person, claims.session_id, account.must_change_password)
