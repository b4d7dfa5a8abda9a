"""The key-value store: Redis, or one inside the process for a single server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import redis.asyncio as redis
from fakeredis import FakeAsyncRedis, FakeServer
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.driver_info import DriverInfo
from redis.exceptions import (
    ChildDeadlockedError,
    IncorrectPolicyType,
    RedisClusterException,
    RedisError,
)

from storage.faults import Invalid, StoreDown

WAIT_S = 2.0


class KeyValue:
    """What is needed of Redis. Every method raises StoreDown when it does not answer."""

    def __init__(self, client: redis.Redis) -> None:
        self._client = client

    async def ping(self) -> None:
        """Return when the store answers."""
        with mapped_errors():
            await self._client.ping()

    async def answering(self) -> bool:
        """Whether the store answers at the moment."""
        try:
            await self.ping()
        except StoreDown:
            return False
        return True

    async def get(self, key: str) -> bytes | None:
        """The value, or None."""
        with mapped_errors():
            value = await self._client.get(key)
        return value.encode() if isinstance(value, str) else value

    async def set(self, key: str, value: bytes | str, *, life_s: int) -> None:
        """Keep a value for `life_s` seconds."""
        with mapped_errors():
            await self._client.set(key, value, ex=life_s)

    async def count(self, key: str, *, life_s: int) -> tuple[int, int]:
        """Count one more; returns (count, seconds until the count starts over)."""
        with mapped_errors():
            async with self._client.pipeline(transaction=True) as pipe:
                pipe.incr(key)
                pipe.expire(key, life_s, nx=True)
                pipe.ttl(key)
                count, _, left_s = await pipe.execute()
            return int(count), max(1, int(left_s))

    async def take_back(self, key: str) -> None:
        """Count one less, where there is a count."""
        with mapped_errors():
            if await self._client.decr(key) < 0:
                await self._client.delete(key)

    async def delete(self, *keys: str) -> None:
        """Forget these."""
        with mapped_errors():
            await self._client.delete(*keys)


@asynccontextmanager
async def open_keyvalue(url: str) -> AsyncIterator[KeyValue]:
    """The store behind `url`. Raises StoreDown when it does not answer, Invalid for a bad URL."""
    # What is made in threads reads files, once.
    if url == "memory://":
        client = await asyncio.to_thread(_in_this_process)
    elif url.startswith(("redis://", "rediss://", "unix://")):
        driver = await asyncio.to_thread(DriverInfo)
        client = redis.from_url(
            url,
            socket_timeout=WAIT_S,
            socket_connect_timeout=WAIT_S,
            retry=Retry(ExponentialBackoff(cap=0.2, base=0.05), 1),
            driver_info=driver,
        )
    else:
        raise Invalid(
            "keyvalue.url",
            "VOICE_KEYVALUE__URL is not an address that is known here.",
            field="VOICE_KEYVALUE__URL",
            remedy="Use memory://, redis://…, rediss://… or unix://…",
        )
    try:
        store = KeyValue(client)
        await store.ping()
        yield store
    finally:
        await client.aclose()


def _in_this_process() -> redis.Redis:
    client = FakeAsyncRedis(server=FakeServer())
    client.connection_pool.make_connection()  # type: ignore[no-untyped-call]
    return client


@contextmanager
def mapped_errors() -> Iterator[None]:
    """The one edge at which exceptions of the key-value store become Faults."""
    try:
        yield
    except (
        RedisError,
        ChildDeadlockedError,
        RedisClusterException,
        IncorrectPolicyType,
        OSError,
    ) as error:
        raise StoreDown(
            "keyvalue.down",
            "A part of the server does not answer. Please try again in a moment.",
            remedy=f"Check VOICE_KEYVALUE__URL and that Redis is up ({type(error).__name__}).",
        ) from None
