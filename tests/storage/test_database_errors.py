"""Whatever the drivers raise, a person is told something that is true and helps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psycopg
import pytest

from storage.database import Database, open_database, reach
from storage.database_errors import KNOWN, fault_for, mapped_errors
from storage.faults import Conflict, Fault, Invalid, StorageFull, StoreDown


def _all_below(root: type[BaseException]) -> Iterator[type[BaseException]]:
    yield root
    for child in root.__subclasses__():
        yield from _all_below(child)


ASYNCPG = sorted(
    {
        found
        for found in vars(asyncpg.exceptions).values()
        if isinstance(found, type)
        and issubclass(found, Exception)
        # Warnings and log messages are handed to listeners, never raised.
        and not issubclass(found, (Warning, asyncpg.PostgresLogMessage))
    },
    key=lambda found: found.__name__,
)


def _instance(kind: type[BaseException]) -> BaseException:
    try:
        return kind("secret words")
    except TypeError:
        return kind.__new__(kind)


def test_every_exception_of_asyncpg_becomes_a_fault() -> None:
    assert len(ASYNCPG) > 200
    for kind in ASYNCPG:
        state = getattr(kind, "sqlstate", None)
        assert state is None or state[:2] in KNOWN, kind
        with pytest.raises(Fault) as raised, mapped_errors():
            raise _instance(kind)
        assert raised.value.__cause__ is None
        assert raised.value.__suppress_context__
        assert "secret" not in str(vars(raised.value))


def test_every_exception_of_psycopg_becomes_a_fault() -> None:
    for kind in _all_below(psycopg.Error):
        with pytest.raises(Fault), mapped_errors():
            raise _instance(kind)


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (asyncpg.DiskFullError(""), StorageFull),
        (asyncpg.UniqueViolationError(""), Conflict),
        (asyncpg.ForeignKeyViolationError(""), Conflict),
        (asyncpg.DeadlockDetectedError(""), Conflict),
        (asyncpg.TooManyConnectionsError(""), StoreDown),
        (asyncpg.AdminShutdownError(""), StoreDown),
        (asyncpg.CannotConnectNowError(""), StoreDown),
        (asyncpg.InvalidPasswordError(""), StoreDown),
        (asyncpg.ReadOnlySQLTransactionError(""), StoreDown),
        (asyncpg.ConnectionDoesNotExistError(""), StoreDown),
        (asyncpg.InterfaceError("connection is closed"), StoreDown),
        (asyncpg.StringDataRightTruncationError(""), Invalid),
        (asyncpg.DataError("of the client"), Invalid),
        (ConnectionRefusedError(), StoreDown),
        (TimeoutError(), StoreDown),
        (psycopg.errors.DiskFull(), StorageFull),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else "",
)
def test_an_error_becomes_the_most_specific_fault(error: BaseException, fault: type[Fault]) -> None:
    assert type(fault_for(error)) is fault


def test_a_mistake_of_ours_is_not_blamed_on_the_database() -> None:
    fault = fault_for(asyncpg.UndefinedTableError(""))
    assert type(fault) is Fault
    assert fault.code == "database.failed"


@pytest.mark.parametrize("text", ["a\x00b", "\ud800"])
async def test_text_that_cannot_be_kept_is_refused(database: Database, text: str) -> None:
    with pytest.raises(Invalid):
        async with database.connection() as connection:
            await connection.fetchval("SELECT $1::text", text)


async def test_an_address_that_is_no_database_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"database\.url"):
        async with open_database("mysql://localhost/x", tmp_path):
            pass


async def test_a_database_that_is_not_there_is_said_to_be_down() -> None:
    with pytest.raises(StoreDown):
        await reach("postgresql://nobody:x@127.0.0.1:9/none?sslmode=disable")
