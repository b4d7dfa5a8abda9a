"""Real stores for every package's tests: one PostgreSQL for the run, empty at the start of each
test, and people to act in it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

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
    """The run's PostgreSQL."""
    # Not in pytest's own folder: another run that starts closes that to other users.
    with TemporaryDirectory(prefix="voice-tests-") as folder:
        server = EmbeddedPostgres(Path(folder), durable=False)
        try:
            yield server
        finally:
            server.stop()


@pytest.fixture(scope="session")
def _schema_url(postgres_server: EmbeddedPostgres) -> str:
    with psycopg.connect(postgres_server.url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE voice_tests")
    url = postgres_server.url.replace("/postgres?", "/voice_tests?")
    migrate(url)
    return url


@pytest.fixture
def database_url(_schema_url: str) -> Iterator[str]:
    """A database with our schema and nothing in it. A test that changes the schema mends it."""
    yield _schema_url
    with psycopg.connect(_schema_url, autocommit=True) as connection:
        connection.execute(_EMPTY)


_EMPTY = """
DELETE FROM calls;
DELETE FROM refresh_tokens;
DELETE FROM people;
DELETE FROM documents;
DELETE FROM jobs;
DELETE FROM procrastinate_jobs;
DELETE FROM procrastinate_workers;
DELETE FROM audit_events;
UPDATE library_generation SET generation = 0;
UPDATE audit_head SET id = 0, hash = ''
"""


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
