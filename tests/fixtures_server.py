"""The product as its users have it: a server process on its embedded defaults."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.browser.accounts import Accounts

READY_S = 240


@dataclass(frozen=True, slots=True)
class Server:
    """A running server with the sample library."""

    url: str
    admin_email: str
    admin_password: str
    data: Path
    log: Path
    pid: int


def start(data: Path, log: Path, **settings: str) -> tuple[subprocess.Popen[bytes], str, str]:
    """(process, address, one-time password or '') of a server that is ready."""
    environment = {name: value for name, value in os.environ.items() if name[:6] != "VOICE_"}
    environment |= {"VOICE_DATA": str(data), "VOICE_HTTP__PORT": "0", "COLUMNS": "200", **settings}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "voice_server.cli", "serve"],
            env=environment,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    deadline = time.monotonic() + READY_S
    while time.monotonic() < deadline:
        said = log.read_text(errors="replace")
        found = re.search(r"Ready\. Open (http://\S+)", said)
        if found and "Press Ctrl+C" in said:  # the last line: all that is to be said is there
            password = re.search(r"one-time password\s+(\S+)", said)
            return process, found[1], password[1] if password else ""
        if process.poll() is not None:
            break
        time.sleep(0.1)
    stop(process)
    raise RuntimeError(f"the server did not start:\n{log.read_text(errors='replace')}")


def stop(process: subprocess.Popen[bytes]) -> None:
    """End the server as Ctrl+C does, and wait."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """One server for the run, everything embedded, nothing configured."""
    # Not in pytest's own folder: a run beside this one closes that to PostgreSQL's user.
    with TemporaryDirectory(prefix="voice-test-") as name:
        folder = Path(name)
        log = folder / "log"
        process, url, password = start(folder / "data", log, VOICE_CALLS__MOST="8")
        try:
            yield Server(url, "admin@example.org", password, folder / "data", log, process.pid)
        finally:
            stop(process)


@pytest.fixture(scope="session")
def accounts(server: Server) -> Iterator[Accounts]:
    """The server's admin, who has chosen a password, and people made on demand."""
    made = Accounts(server)
    yield made
    made.close()
