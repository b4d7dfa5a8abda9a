"""Real stores for every package's tests: one PostgreSQL for the run, a database of its own and
empty for each test, and people to act in it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import psycopg
import pytest
from argon2 import PasswordHasher

from storage.audit import Audit
from storage.calls import Calls
from storage.database import Database, open_pool
from storage.documents import Documents
from storage.embedded_postgres import EmbeddedPostgres
from storage.jobs import Jobs
from storage.keyvalue import KeyValue, open_keyvalue
from storage.migrations import migrate
from storage.people import People
from storage.records import Person, Role
from storage.sessions import Sessions
from voice_server.api.dependencies import Stores
from voice_server.auth.throttle import Throttle
from voice_server.auth.tokens import Tokens

PASSWORD = "a long enough password"
"""Of everyone that the fixtures make."""

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Hashes that protect nothing and take no time."""


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[EmbeddedPostgres]:
    """The run's PostgreSQL, holding a template with our schema."""
    # Not in pytest's own folder: another run that starts closes that to other users.
    with TemporaryDirectory(prefix="voice-tests-") as folder:
        server = EmbeddedPostgres(Path(folder), durable=False)
        try:
            _administer(server, "CREATE DATABASE voice_template")
            migrate(_url(server, "voice_template"))
            yield server
        finally:
            server.stop()


@pytest.fixture
def database_url(postgres_server: EmbeddedPostgres) -> Iterator[str]:
    """A database with our schema and nothing in it."""
    name = f"test_{uuid4().hex}"
    _administer(postgres_server, f"CREATE DATABASE {name} TEMPLATE voice_template")
    yield _url(postgres_server, name)
    _administer(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A pool on an empty database."""
    async with open_pool(database_url) as database:
        yield database


@pytest.fixture
async def keyvalue() -> AsyncIterator[KeyValue]:
    """An empty key-value store in this process."""
    async with open_keyvalue("memory://") as keyvalue:
        yield keyvalue


@pytest.fixture
async def admin(database: Database) -> Person:
    """Ada, an admin."""
    return await make_person(database, "Ada Admin", Role.ADMIN)


@pytest.fixture
async def clinician(database: Database) -> Person:
    """Clara, a clinician."""
    return await make_person(database, "Clara Clinician", Role.CLINICIAN)


@pytest.fixture
async def other_clinician(database: Database) -> Person:
    """Otto, another clinician, whose things are none of Clara's business."""
    return await make_person(database, "Otto Other", Role.CLINICIAN)


@pytest.fixture
async def reviewer(database: Database) -> Person:
    """Rita, a reviewer."""
    return await make_person(database, "Rita Reviewer", Role.REVIEWER)


@pytest.fixture
def stores(database: Database, keyvalue: KeyValue) -> Stores:
    """All stores over the test's own database."""
    return Stores(
        database=database,
        keyvalue=keyvalue,
        people=People(database, QUICK),
        sessions=Sessions(database, timedelta(days=7)),
        calls=Calls(database),
        audit=Audit(database),
        documents=Documents(database),
        jobs=Jobs(database),
        tokens=Tokens("a secret that only the tests sign with", timedelta(minutes=15)),
        throttle=Throttle(keyvalue),
    )


async def make_person(database: Database, name: str, role: Role) -> Person:
    """Someone with an account and PASSWORD."""
    email = f"{name.split()[0].lower()}@example.org"
    return await People(database, QUICK).create(
        email=email, name=name, role=role, password=PASSWORD
    )


async def token_for(stores: Stores, person: Person) -> str:
    """An access token of a new session of this person."""
    session = await stores.sessions.begin(person.id)
    return stores.tokens.issue(person.id, session.id)


def _url(server: EmbeddedPostgres, name: str) -> str:
    return server.url.replace("/postgres?", f"/{name}?")


def _administer(server: EmbeddedPostgres, statement: str) -> None:
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(statement)
