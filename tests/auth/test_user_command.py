"""`voice-server user`: a lost password has a way back, whether the server runs or not."""

from __future__ import annotations

import asyncio
import os
import pwd
import re
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from typer.testing import CliRunner, Result

from storage.audit import Audit
from storage.database import Database, open_database, open_pool
from storage.embedded_postgres import EmbeddedPostgres, running_url
from storage.faults import Conflict, Fault, Invalid, NotAllowed, NotFound
from storage.people import Account, People, ensure_admin
from storage.records import AuditEvent, Role
from voice_server.cli import app

ADMIN = "admin@example.org"


@pytest.fixture
def blocking_allowed() -> bool:
    """The command has a loop of its own and nobody else on it."""
    return True


@pytest.fixture(scope="module")
def started_once() -> Iterator[Path]:
    """A data folder as a first start leaves it."""
    with TemporaryDirectory(prefix="voice-tests-") as folder:

        async def first_start() -> None:
            async with open_database("embedded", Path(folder)) as database:
                await ensure_admin(People(database), ADMIN)

        asyncio.run(first_start())
        yield Path(folder)


@pytest.fixture
def data(started_once: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of it, which the settings name."""
    with TemporaryDirectory(prefix="voice-tests-") as folder:
        subprocess.run(["cp", "-a", f"{started_once}/.", folder], check=True)
        monkeypatch.setenv("VOICE_DATA", folder)
        yield Path(folder)


@pytest.fixture(params=["stopped", "running"])
def server(data: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """The folder, with its database stopped, or up as a running server has it."""
    if request.param == "stopped":
        yield data
        return
    running = EmbeddedPostgres(data, durable=False)
    try:
        yield data
    finally:
        running.stop()


def user(*arguments: str) -> str:
    """What the command prints; raises the fault it ends with."""
    done: Result = CliRunner().invoke(app, ["user", *arguments])
    if isinstance(done.exception, Fault):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.output


def password_in(output: str) -> str:
    found = re.search(r"One-time password for \S+: (\S+)", output)
    assert found is not None, output
    return found[1]


@asynccontextmanager
async def database_of(data: Path) -> AsyncIterator[Database]:
    url = running_url(data)
    async with open_pool(url) if url else open_database("embedded", data) as database:
        yield database


def sign_in(data: Path, email: str, password: str) -> Account | None:
    async def ask() -> Account | None:
        async with database_of(data) as database:
            return await People(database).verify(email, password)

    return asyncio.run(ask())


def trail(data: Path) -> tuple[AuditEvent, ...]:
    async def ask() -> tuple[AuditEvent, ...]:
        async with database_of(data) as database:
            assert (await Audit(database).verify()).valid
            return await Audit(database).list(before=None, limit=5)

    return asyncio.run(ask())


def test_a_lost_password_is_replaced_by_one_that_is_good_once(server: Path) -> None:
    password = password_in(user("reset-password", ADMIN.upper()))
    account = sign_in(server, ADMIN, password)
    assert account is not None
    assert account.must_change_password
    newest = trail(server)[0]
    assert newest.action == "person.change"
    assert newest.subject == f"person:{account.person.id}"
    who = pwd.getpwuid(os.getuid()).pw_name
    assert newest.detail == {"password": "new", "by": f"{who} at the server's command line"}
    assert password not in str(newest)


def test_an_account_is_made_listed_disabled_and_let_in_again(data: Path) -> None:
    running = EmbeddedPostgres(data, durable=False)
    try:
        made = user("add", " rea@example.org ", "--name", "Rea Viewer", "--role", "reviewer")
        password = password_in(made)
        account = sign_in(data, "rea@example.org", password)
        assert account is not None
        assert account.person.role is Role.REVIEWER
        assert account.must_change_password
        assert "Rea Viewer" in user("list")
        user("disable", "rea@example.org")
        assert "disabled" in user("list")
        assert sign_in(data, "rea@example.org", password) is None
        with pytest.raises(NotAllowed) as disabled:
            user("reset-password", "rea@example.org")
        assert disabled.value.code == "person.disabled"
        user("enable", "rea@example.org")
        user("role", "rea@example.org", "clinician")
        again = sign_in(data, "rea@example.org", password)
        assert again is not None
        assert again.person.role is Role.CLINICIAN
        assert [event.detail.get("disabled") for event in trail(data)[:3]] == [
            None,
            "False",
            "True",
        ]
        with pytest.raises(Conflict):
            user("add", "REA@example.org", "--name", "Another")
        with pytest.raises(Conflict) as last:
            user("disable", ADMIN)
        assert last.value.code == "person.last_admin"
    finally:
        running.stop()


def test_what_cannot_be_is_refused_with_a_sentence(data: Path) -> None:
    with pytest.raises(Invalid) as no_address:
        user("add", "rea", "--name", "Rea")
    assert no_address.value.field == "email"
    with pytest.raises(NotFound) as nobody:
        user("reset-password", "nobody@example.org")
    assert "user list" in nobody.value.remedy


def test_a_wrong_folder_is_named_and_nothing_is_made_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOICE_DATA", str(tmp_path / "typo"))
    with pytest.raises(NotFound) as wrong:
        user("list")
    assert "typo" in wrong.value.sentence
    assert not (tmp_path / "typo").exists()


def test_a_folder_held_by_a_server_whose_database_is_down_is_left_alone(data: Path) -> None:
    running = EmbeddedPostgres(data, durable=False)
    try:
        assert running._process is not None
        running._process.kill()
        running._process.wait()
        with pytest.raises(Conflict) as held:
            user("reset-password", ADMIN)
        assert held.value.code == "data.in_use"
    finally:
        running.stop()
