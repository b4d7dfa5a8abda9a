"""One contract for both key-value stores: in this process, and a real Redis server."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import redis.exceptions

from storage import keyvalue as module
from storage.faults import Fault, Invalid, StoreDown
from storage.keyvalue import KeyValue, open_keyvalue


class Redis:
    """A Redis server of our own, reached by a socket."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.url = f"unix://{folder}/redis.sock"

    def start(self) -> None:
        self._process = subprocess.Popen(
            ["/usr/bin/redis-server", "--port", "0", "--unixsocket", f"{self._folder}/redis.sock"]
            + ["--save", "", "--dir", str(self._folder)],
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if b"eady to accept connections" in line:
                return
        raise AssertionError("redis-server did not start")

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()


@pytest.fixture(scope="session")
def redis_folder() -> Iterator[Path]:
    with TemporaryDirectory(prefix="voice-tests-") as folder:
        yield Path(folder)


@pytest.fixture
def redis_server(redis_folder: Path) -> Iterator[Redis]:
    if not shutil.which("/usr/bin/redis-server"):
        pytest.skip("redis-server is not installed")
    server = Redis(redis_folder)
    server.start()
    yield server
    server.kill()


@pytest.fixture(params=["memory", "redis"])
async def store(request: pytest.FixtureRequest) -> AsyncIterator[KeyValue]:
    if request.param == "memory":
        url = "memory://"
    else:
        url = request.getfixturevalue("redis_server").url
    async with open_keyvalue(url) as store:
        yield store


async def test_a_value_is_kept_for_its_life(store: KeyValue) -> None:
    assert await store.get("k") is None
    await store.set("k", "väl", life_s=60)
    assert await store.get("k") == "väl".encode()
    await store.delete("k", "never there")
    assert await store.get("k") is None


async def test_a_count_starts_its_window_once(store: KeyValue) -> None:
    counted = [await store.count("c", life_s=60) for _ in range(3)]
    assert [count for count, _ in counted] == [1, 2, 3]
    assert all(0 < left_s <= 60 for _, left_s in counted)
    _, left_s = await store.count("c", life_s=6000)
    assert left_s <= 60


async def test_counts_made_at_once_are_all_counted(store: KeyValue) -> None:
    counted = await asyncio.gather(*(store.count("c", life_s=60) for _ in range(20)))
    assert sorted(count for count, _ in counted) == list(range(1, 21))


async def test_it_answers(store: KeyValue) -> None:
    await store.ping()
    assert await store.answering()


async def test_two_stores_in_one_process_share_nothing() -> None:
    async with open_keyvalue("memory://") as one, open_keyvalue("memory://") as two:
        await one.set("k", "1", life_s=60)
        assert await two.get("k") is None


async def test_a_server_that_dies_is_said_to_be_down_and_found_again(redis_server: Redis) -> None:
    async with open_keyvalue(redis_server.url) as store:
        await store.set("k", "1", life_s=60)
        redis_server.kill()
        with pytest.raises(StoreDown):
            await store.count("c", life_s=60)
        assert not await store.answering()
        await asyncio.to_thread(redis_server.start)
        assert (await store.count("c", life_s=60))[0] == 1


async def test_a_server_that_hangs_is_given_up_in_time() -> None:
    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    hanging = await asyncio.start_server(hang, "127.0.0.1", 0)
    port = hanging.sockets[0].getsockname()[1]
    async with hanging, asyncio.timeout(module.WAIT_S + 5):
        with pytest.raises(StoreDown):
            async with open_keyvalue(f"redis://127.0.0.1:{port}"):
                pass


@pytest.mark.parametrize("url", ["", "memory:/", "memcached://h", "redis//h"])
async def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(Invalid):
        async with open_keyvalue(url):
            pass


def test_every_exception_of_redis_becomes_a_fault() -> None:
    kinds = [
        kind
        for kind in vars(redis.exceptions).values()
        if isinstance(kind, type) and issubclass(kind, Exception)
    ]
    assert len(kinds) > 15
    for kind in kinds:
        error = kind.__new__(kind)
        with pytest.raises(Fault), module.mapped_errors():
            raise error
