"""The embedded database has one owner, comes back by itself, and is never half there."""

from __future__ import annotations

import asyncio
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from uuid import uuid4

import psutil
import psycopg
import pytest

from storage.calls import Calls
from storage.database import Database, open_database
from storage.embedded_postgres import ROOM_BYTES, EmbeddedPostgres
from storage.faults import Conflict, Invalid, StorageFull, StoreDown
from storage.people import People
from storage.records import Person, Role
from tests.fixtures_storage import PASSWORD, QUICK
from tests.storage.conversations import call_of, turns_of


@pytest.fixture
def empty() -> Iterator[Path]:
    """A folder that the database's own user can reach."""
    with TemporaryDirectory(prefix="voice-tests-") as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def started_once() -> Iterator[Path]:
    with TemporaryDirectory(prefix="voice-tests-") as folder:
        EmbeddedPostgres(Path(folder)).stop()
        yield Path(folder)


@pytest.fixture
def data(started_once: Path, empty: Path) -> Path:
    """A data folder in which the database has been started before."""
    subprocess.run(["cp", "-a", f"{started_once}/.", str(empty)], check=True)
    return empty


async def _someone(database: Database) -> Person:
    return await People(database, QUICK).create(
        email=f"{uuid4().hex}@example.org", name="S", role=Role.CLINICIAN, password=PASSWORD
    )


async def _until(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(60):
        while not await holds():  # noqa: ASYNC110 - another process is waited for
            await asyncio.sleep(0.05)


async def _until_room(database: Database, room: bool) -> None:
    async def holds() -> bool:
        return database.has_room == room

    await _until(holds)


async def _fill_with_people(database: Database) -> None:
    for _ in range(1000):
        await _someone(database)


def _alive(process: psutil.Process) -> bool:
    return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)


def _server_of(data: Path) -> psutil.Process:
    return psutil.Process(int((data / "postgres" / "postmaster.pid").read_text().split()[0]))


async def test_what_was_kept_is_there_at_the_next_start(data: Path) -> None:
    async with open_database("embedded", data) as database:
        kept = await _someone(database)
        server = _server_of(data)
    assert not _alive(server)
    async with open_database("embedded", data) as database:
        assert await People(database).list() == (kept,)


async def test_a_second_server_on_the_same_folder_is_refused(data: Path) -> None:
    async with open_database("embedded", data) as database:
        with pytest.raises(Conflict) as raised:
            async with open_database("embedded", data):
                pass
        assert str(data) in raised.value.sentence
        assert await database.answering()


async def test_it_is_reached_by_its_own_socket_alone(data: Path) -> None:
    async with open_database("embedded", data):
        server = _server_of(data)
        assert server.net_connections("inet") == []
        assert server.net_connections("unix") != []
        assert stat.S_IMODE((data / "postgres").stat().st_mode) == 0o700


_HOLDER = """
import asyncio, sys
from pathlib import Path
from storage.database import open_database
from storage.people import People
from storage.records import Role

async def hold():
    async with open_database("embedded", Path(sys.argv[1])) as database:
        await People(database).create(
            email="kept@example.org", name="K", role=Role.ADMIN, password="x" * 12
        )
        print("ready", flush=True)
        await asyncio.sleep(600)

asyncio.run(hold())
"""


async def test_after_the_server_was_killed_the_next_one_takes_over(data: Path) -> None:
    holder = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _HOLDER, str(data), stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    assert await holder.stdout.readline() == b"ready\n"
    left_over = _server_of(data)
    holder.kill()
    await holder.wait()
    assert _alive(left_over)
    async with open_database("embedded", data) as database:
        assert not _alive(left_over)
        assert [person.email for person in await People(database).list()] == ["kept@example.org"]


async def test_a_first_start_that_was_stopped_halfway_is_made_anew(empty: Path) -> None:
    (empty / "postgres.new").mkdir()
    (empty / "postgres.new" / "PG_VERSION").write_text("18")
    async with open_database("embedded", empty) as database:
        assert await database.answering()


async def test_a_pid_file_that_names_a_stranger_is_no_obstacle(data: Path) -> None:
    async with open_database("embedded", data) as database:
        kept = await _someone(database)
    (data / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{data}/postgres\n")
    async with open_database("embedded", data) as database:
        assert await People(database).list() == (kept,)


async def test_a_database_killed_during_a_call_says_so_and_comes_back(data: Path) -> None:
    async with open_database("embedded", data) as database:
        calls, person = Calls(database), await _someone(database)
        call = call_of(person)
        question, answer = turns_of(call)
        await calls.begin(call)
        await calls.add_turn(question)
        for process in (server := _server_of(data), *server.children(recursive=True)):
            process.send_signal(signal.SIGKILL)
        with pytest.raises(StoreDown) as raised:
            await calls.add_turn(answer)
        assert raised.value.retryable
        await _until(database.answering)
        await calls.add_turn(answer)
        assert (await calls.open(person, call.id))[1] == (question, answer)


async def test_what_is_said_stays_out_of_the_databases_log(data: Path) -> None:
    async with open_database("embedded", data) as database:
        person = await _someone(database)
        with pytest.raises(Conflict):
            await People(database, QUICK).create(
                email=person.email, name="S", role=Role.CLINICIAN, password=PASSWORD
            )
        with pytest.raises(Invalid):
            async with database.connection() as connection:
                await connection.execute("SELECT 'secret words'::integer")
    log = (data / "postgres.log").read_text()
    assert "ready to accept connections" in log
    assert person.email not in log
    assert "secret words" not in log


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of 200 MB."""
    disk = Path(mkdtemp(prefix="voice-tests-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=200m", "tmpfs", str(disk)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        disk.rmdir()
        pytest.skip("mounting a small disk needs root")
    try:
        yield disk
    finally:
        subprocess.run(["umount", str(disk)], check=True)
        disk.rmdir()


def _fill(disk: Path, leave: int) -> Path:
    filler = disk / "filler"
    with filler.open("wb") as file:
        free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
        os.posix_fallocate(file.fileno(), 0, free - leave)
    return filler


async def test_a_full_disk_is_said_nothing_is_lost_and_it_goes_on_when_there_is_room(
    small_disk: Path,
) -> None:
    async with open_database("embedded", small_disk) as database:
        calls, person = Calls(database), await _someone(database)
        call = call_of(person)
        question, answer = turns_of(call)
        await calls.begin(call)
        await calls.add_turn(question)
        filler = await asyncio.to_thread(_fill, small_disk, ROOM_BYTES // 2)
        await _until_room(database, False)
        with pytest.raises(StorageFull) as raised:
            await calls.add_turn(answer)
        assert "no room" in raised.value.sentence
        assert [one.id for one in (await calls.list(person)).calls] == [call.id]
        await asyncio.to_thread(filler.unlink)
        await _until_room(database, True)
        await calls.add_turn(answer)
        assert (await calls.open(person, call.id))[1] == (question, answer)


async def test_a_disk_filled_to_the_last_byte_is_survived(small_disk: Path) -> None:
    async with open_database("embedded", small_disk) as database:
        kept = await _someone(database)
        filler = await asyncio.to_thread(_fill, small_disk, 0)
        with pytest.raises((StorageFull, StoreDown)):
            await _fill_with_people(database)
        await asyncio.to_thread(filler.unlink)
        await _until_room(database, True)
        await _until(database.answering)
        await _someone(database)
        assert kept in await People(database).list()


async def test_postgresqls_own_disk_full_is_storage_full(data: Path, small_disk: Path) -> None:
    """The tables on a full disk, the rest on another: PostgreSQL itself answers 53100."""
    tables = small_disk / "tables"
    tables.mkdir()
    async with open_database("embedded", data) as database:
        os.chown(tables, (data / "postgres").stat().st_uid, -1)
        async with database.connection() as connection:
            await connection.execute(f"CREATE TABLESPACE small LOCATION '{tables}'")
            await connection.execute("ALTER TABLE people SET TABLESPACE small")
        kept = await _someone(database)
        await asyncio.to_thread(_fill, small_disk, 0)
        with pytest.raises(StorageFull):
            await _fill_with_people(database)
        assert kept in await People(database).list()


def test_a_folder_with_a_long_name_works(empty: Path) -> None:
    server = EmbeddedPostgres(empty / ("long" * 30), durable=False)
    try:
        with psycopg.connect(server.url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        server.stop()
