"""The encoder is built once for all tests of this folder."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from subprocess import run
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
import pytest
from fakeredis import FakeRedis
from psycopg import sql

from rag.minilm import MiniLm, verified_weights
from rag.vocabulary import warm
from storage.database import Database, connect
from storage.embedded_postgres import EmbeddedPostgres
from storage.migrations import migrate


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that already holds the int8 model."""
    data = tmp_path_factory.getbasetemp().parent / "rag-models"
    model = data / "models" / f"{MiniLm.identity.replace(':', '-')}.onnx"
    if not model.exists():
        model.parent.mkdir(parents=True, exist_ok=True)
        weights = verified_weights() / "model.safetensors"
        run([sys.executable, "-m", "rag.minilm_graph", weights, model], check=True)
    return data


@pytest.fixture(scope="session", autouse=True)
def tables() -> None:
    """The tables are read before any loop runs, as the server does; so are fakeredis's."""
    warm()
    FakeRedis().ping()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL of the tests' own; its default database holds the schema."""
    server = EmbeddedPostgres(tmp_path_factory.mktemp("rag-postgres"), durable=False)
    try:
        migrate(server.url)
        yield server.url
    finally:
        server.stop()


@pytest.fixture
def database_url(postgres: str) -> str:
    """A database with the schema that only this test uses."""
    name = f"rag_{uuid4().hex}"
    with psycopg.connect(postgres, dbname="template1", autocommit=True) as connection:
        template = psycopg.conninfo.conninfo_to_dict(postgres)["dbname"]
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(str(template))
            )
        )
    address = urlsplit(postgres)
    # With a password in the address nobody looks for a password file on the loop.
    return urlunsplit(address._replace(path=f"/{name}", netloc="postgres:none@"))


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    async with connect(database_url) as opened:
        yield opened
