"""The schema comes up to date at every start, however many servers start at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import psycopg
import pytest

from storage.embedded_postgres import EmbeddedPostgres
from storage.migrations import migrate

NOUNS = {
    "people",
    "refresh_tokens",
    "calls",
    "turns",
    "citations",
    "documents",
    "passages",
    "jobs",
    "audit_events",
}


@pytest.fixture
def empty_url(postgres_server: EmbeddedPostgres) -> str:
    name = f"empty_{uuid4().hex}"
    with psycopg.connect(postgres_server.url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return postgres_server.url.replace("/postgres?", f"/{name}?")


def _tables(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return {name for (name,) in rows}


def test_an_empty_database_gets_every_table_and_a_second_start_changes_nothing(
    empty_url: str,
) -> None:
    migrate(empty_url)
    tables = _tables(empty_url)
    assert tables >= NOUNS
    migrate(empty_url)
    assert _tables(empty_url) == tables


def test_servers_that_start_at_once_migrate_once(empty_url: str) -> None:
    with ThreadPoolExecutor(4) as servers:
        list(servers.map(migrate, [empty_url] * 4))
    assert _tables(empty_url) >= NOUNS
    with psycopg.connect(empty_url) as connection:
        row = connection.execute("SELECT count(*) FROM library_generation").fetchone()
    assert row == (1,)
