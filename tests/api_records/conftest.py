"""The API over real stores, asked by real people."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import httpx
import pytest
from fastapi import FastAPI

from storage.records import Person
from tests.fixtures_storage import token_for
from voice_server.api import audit, calls, people, session
from voice_server.api.dependencies import Stores
from voice_server.api.errors import install_errors

As = Callable[[Person], Awaitable[httpx.AsyncClient]]


@pytest.fixture
def app(stores: Stores) -> FastAPI:
    """The routers of what is kept."""
    app = FastAPI()
    app.state.stores = stores
    install_errors(app)
    for router in (session.router, people.router, calls.router, audit.router):
        app.include_router(router)
    return app


@pytest.fixture
async def anyone(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who is not signed in."""
    async with _client(app) as client:
        yield client


@pytest.fixture
async def signed_in(app: FastAPI, stores: Stores) -> AsyncIterator[As]:
    """A client for someone who is signed in."""
    async with AsyncExitStack() as stack:

        async def client_of(person: Person) -> httpx.AsyncClient:
            client = await stack.enter_async_context(_client(app))
            client.headers["Authorization"] = f"Bearer {await token_for(stores, person)}"
            return client

        yield client_of


def _client(app: FastAPI) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, client=("192.0.2.7", 5000))
    return httpx.AsyncClient(transport=transport, base_url="http://server")
