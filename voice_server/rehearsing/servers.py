"""The server that a rehearsal talks to: one of its own, on a folder that is thrown away, or one
that runs already."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from signaling.caller import sign_in
from signaling.server_api import client, request
from storage.faults import Unavailable
from voice_server.rehearsing.script import Call, Engines

READY_S = 240.0
STOP_S = 20.0
RENEW_S = 300.0
"""A token is used for this long; servers give them for longer."""


@dataclass(slots=True)
class Server:
    """Where calls are placed, and as whom. `own`: every call has an address and engines there."""

    url: str
    email: str
    password: str
    own: bool
    _token: str = ""
    _signed_in_s: float = -RENEW_S
    _signing_in: asyncio.Lock = field(default_factory=asyncio.Lock)

    def address(self, number: int) -> str:
        """Where the call of this number is placed."""
        return f"{self.url}/line/{number}" if self.own else self.url

    async def token(self) -> str:
        """A token that is good for a call. Raises NotSignedIn, Unavailable."""
        async with self._signing_in:
            now = asyncio.get_running_loop().time()
            if now - self._signed_in_s >= RENEW_S:
                self._token = await sign_in(self.url, self.email, self.password)
                self._signed_in_s = now
            return self._token


@asynccontextmanager
async def own_server(calls: Sequence[Call], at_once: int) -> AsyncIterator[Server]:
    """A server with the sample library and each call's engines. Raises Unavailable when it does
    not start."""
    # Not below a folder of the user's own: PostgreSQL runs as another user where we are root.
    with TemporaryDirectory(prefix="voice-rehearsal-") as name:
        folder = Path(name)
        plan, log = folder / "calls.json", folder / "log"
        # Twice, so that a call that is played again finds its engines as they were.
        lines = {str(n): _engines(one) for n, one in enumerate([*calls, *calls])}
        plan.write_text(json.dumps(lines))
        process = await asyncio.to_thread(_start, plan, log, _settings(folder, at_once))
        try:
            ready = await _ready(process, log)
            server = Server(str(ready["url"]), str(ready["email"]), str(ready["password"]), True)
            await _choose_password(server)
            yield server
        finally:
            await asyncio.to_thread(_stop, process)


def _engines(call: Call) -> dict[str, object] | None:
    return call.engines.model_dump() if isinstance(call.engines, Engines) else None


def _settings(folder: Path, at_once: int) -> dict[str, str]:
    # The user's engines and rules, but nothing of the user's data.
    return dict(os.environ) | {
        "VOICE_DATA": str(folder / "data"),
        "VOICE_ENVIRONMENT": "development",
        "VOICE_SAMPLE_LIBRARY": "true",
        "VOICE_DATABASE__URL": "embedded",
        "VOICE_VECTORS__URL": "embedded",
        "VOICE_KEYVALUE__URL": "memory://",
        "VOICE_CALLS__MOST": str(at_once + 2),
        "VOICE_LOG_LEVEL": "WARNING",
    }


def _start(plan: Path, log: Path, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    with log.open("wb") as out:
        return subprocess.Popen(  # noqa: S603 - ourselves
            [sys.executable, "-m", "voice_server.rehearsing.house", str(plan)],
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=out,
            start_new_session=True,
        )


async def _ready(process: subprocess.Popen[bytes], log: Path) -> dict[str, object]:
    if process.stdout is None:
        raise RuntimeError("the server's output is not read")
    line = b""
    with suppress(TimeoutError):
        async with asyncio.timeout(READY_S):
            line = await asyncio.to_thread(process.stdout.readline)
    if not line:
        said = (await asyncio.to_thread(log.read_text, errors="replace")).strip().splitlines()
        raise Unavailable(
            "rehearsal.server",
            "The server for the rehearsal did not start.",
            remedy=said[-1] if said else "Run: voice-server doctor",
        )
    ready: dict[str, object] = json.loads(line)
    return ready


async def _choose_password(server: Server) -> None:
    """The first admin's password is good for one thing: choosing another."""
    own = f"own-{secrets.token_hex(12)}"
    token = await sign_in(server.url, server.email, server.password)
    async with client(server.url, token) as http:
        await request(
            http, "POST", "/api/session/password", {"current": server.password, "new": own}
        )
    server.password = own


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        process.stdin.close()
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()
