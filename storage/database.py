"""PostgreSQL: the server's own, embedded in the data folder, or another by URL."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

import asyncpg
from loguru import logger

from storage.database_errors import mapped_errors, no_room
from storage.embedded_postgres import EmbeddedPostgres
from storage.faults import Fault, Invalid, StoreDown
from storage.migrations import migrate

POOL_SIZE = 10
WAIT_S = 5.0
"""Longest wait for a connection, in seconds."""
STATEMENT_S = 30.0
WATCH_S = 0.5


class Database:
    """A pool of connections. Use `transaction()` to write, `connection()` to read."""

    def __init__(
        self, pool: asyncpg.Pool, url: str, has_room: Callable[[], bool] = lambda: True
    ) -> None:
        self._pool = pool
        self._has_room = has_room
        self.url = url

    @property
    def has_room(self) -> bool:
        """Whether more can be kept; always so for a database whose disk we do not see."""
        return self._has_room()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[asyncpg.pool.PoolConnectionProxy]:
        """A connection of the pool; the block holds queries and nothing else.

        Raises StoreDown, StorageFull, Conflict, or Invalid for a value that cannot be kept.
        """
        with mapped_errors():
            async with self._pool.acquire(timeout=WAIT_S) as connection:
                yield connection

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[asyncpg.pool.PoolConnectionProxy]:
        """A connection in a transaction, committed when the block ends well."""
        if not self.has_room:
            raise no_room()
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

    `embedded` starts PostgreSQL in `data`/postgres, starts it again should it die, and stops it at
    the end. Raises Conflict when another server holds the folder, StoreDown when nothing answers,
    Invalid for a URL that is none.
    """
    async with AsyncExitStack() as stack:
        has_room: Callable[[], bool] = lambda: True  # noqa: E731
        if url == "embedded":
            url, has_room = await stack.enter_async_context(_embedded(data))
        elif not url.startswith(("postgresql://", "postgres://")):
            raise Invalid(
                "database.url",
                "VOICE_DATABASE__URL is not a PostgreSQL address.",
                field="VOICE_DATABASE__URL",
                remedy="Use embedded, or postgresql://user:password@host/name.",
            )
        yield await stack.enter_async_context(connect(url, has_room))


@asynccontextmanager
async def connect(url: str, has_room: Callable[[], bool] = lambda: True) -> AsyncIterator[Database]:
    """Migrate, then open a pool. Raises StoreDown when nothing answers."""
    with mapped_errors():
        await asyncio.to_thread(migrate, url)
    async with open_pool(url, has_room) as database:
        yield database


@asynccontextmanager
async def open_pool(
    url: str, has_room: Callable[[], bool] = lambda: True
) -> AsyncIterator[Database]:
    """A database whose schema is up to date. Raises StoreDown when nothing answers."""
    with mapped_errors():
        pool = await asyncpg.create_pool(
            url,
            min_size=1,
            max_size=POOL_SIZE,
            timeout=WAIT_S,
            command_timeout=STATEMENT_S,
            init=_prepare,
        )
    try:
        yield Database(pool, url, has_room)
    finally:
        try:
            async with asyncio.timeout(WAIT_S):
                await pool.close()
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
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
        "jsonb",
        # In binary, a version number comes first (jsonb_recv); so it may stand inside other types.
        encoder=lambda value: b"\x01" + json.dumps(value).encode(),
        decoder=lambda sent: json.loads(sent[1:]),
        schema="pg_catalog",
        format="binary",
    )


@asynccontextmanager
async def _embedded(data: Path) -> AsyncIterator[tuple[str, Callable[[], bool]]]:
    starting = asyncio.ensure_future(asyncio.to_thread(EmbeddedPostgres, data))
    try:
        server = await asyncio.shield(starting)
    except asyncio.CancelledError:
        with suppress(Fault):
            await asyncio.to_thread((await starting).stop)
        raise
    watch = _Watch(server)
    watching = asyncio.create_task(watch.run(), name="embedded database")
    try:
        yield server.url, lambda: watch.has_room
    finally:
        watching.cancel()
        await asyncio.wait([watching])
        await asyncio.to_thread(server.stop)


class _Watch:
    """Keeps the embedded server up, and knows whether its disk has room."""

    def __init__(self, server: EmbeddedPostgres) -> None:
        self._server = server
        self.has_room = True

    async def run(self) -> None:
        while True:
            # What fails is tried again at the next look; until then every query says StoreDown.
            with suppress(StoreDown, OSError):
                self.has_room = await asyncio.to_thread(lambda: self._server.has_room)
                if not self._server.running:
                    logger.warning("the embedded database stopped by itself and is started again")
                    await asyncio.to_thread(self._server.revive)
            await asyncio.sleep(WATCH_S)
