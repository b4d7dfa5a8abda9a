"""Runs the server in this process: shows what takes time, says where to go, stops in order."""

from __future__ import annotations

import asyncio
import signal
import socket
import time
from contextlib import suppress

import uvicorn
from rich.console import Console

from storage.faults import Conflict
from voice_server.app import create_app
from voice_server.assembly import Assembly, open_assembly
from voice_server.calls.leftovers import keep_for_good
from voice_server.settings import Settings
from voice_server.telemetry.log import open_log

SHOW_AFTER_S = 1.0
"""A step is named at once, and its progress shown at most this often, in seconds."""

_BACKLOG = 2048


def serve_forever(settings: Settings) -> None:
    """Serve until interrupted. Raises a Fault that names what cannot be opened."""
    open_log(settings.log_level)
    with (
        _listen(settings.http.host, settings.http.port) as listener,
        suppress(asyncio.CancelledError),  # told to stop while it was starting
    ):
        asyncio.run(_serve(settings, listener))


async def _serve(settings: Settings, listener: socket.socket) -> None:
    console = Console(stderr=True, highlight=False)
    _close_when_told()
    async with open_assembly(settings, _Steps(console)) as assembly:
        server = uvicorn.Server(
            uvicorn.Config(
                create_app(assembly),
                log_config=None,
                access_log=False,
                server_header=False,
                forwarded_allow_ips=settings.http.proxies,
                timeout_graceful_shutdown=5,
            )
        )
        keep_for_good()
        listener.listen(_BACKLOG)  # whoever comes at the word "Ready" is let in
        _welcome(console, assembly, settings.http.host, listener.getsockname()[1])
        _leave_the_end_to_us(server)
        await server.serve(sockets=[listener])


def _close_when_told() -> None:
    """SIGTERM, as a service manager sends it, also closes what was opened so far."""
    serving = asyncio.current_task()
    if serving is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, serving.cancel)


def _leave_the_end_to_us(server: uvicorn.Server) -> None:
    """uvicorn ends the process by the signal it got, while what we opened is still open: until it
    listens to signals, and once it has stopped, SIGTERM only says that it is to stop."""
    asyncio.get_running_loop().remove_signal_handler(signal.SIGTERM)
    signal.signal(signal.SIGTERM, lambda *_: setattr(server, "should_exit", True))


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise Conflict(
            "http.address",
            f"The server cannot listen on {host}:{port} ({error.strerror}).",
            field="VOICE_HTTP__PORT",
            remedy="Stop what uses it, or set VOICE_HTTP__PORT to another port.",
        ) from None
    return listener


class _Steps:
    """Prints each step as it begins and its share now and then."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._step = ""
        self._shown_at = 0.0

    def __call__(self, sentence: str, share: float | None) -> None:
        now = time.monotonic()
        if sentence != self._step or now - self._shown_at >= SHOW_AFTER_S:
            self._step, self._shown_at = sentence, now
            done = "" if share is None else f" {share:.0%}"
            self._console.print(f"  {sentence} …{done}")


def _welcome(console: Console, assembly: Assembly, host: str, port: int) -> None:
    shown = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::", "::1") else host  # noqa: S104
    url = assembly.settings.http.public_url or f"http://{shown}:{port}"
    console.print()
    for one in assembly.status:
        console.print(f"  {one.seam:<12} {one.engine}{' (fallback)' if one.fallback else ''}")
    console.print(f"\n[bold]Ready.[/] Open [bold]{url}[/]")
    if assembly.first_password is not None:
        console.print(
            f"Sign in as [bold]{assembly.settings.admin_email}[/] with the one-time password "
            f"[bold]{assembly.first_password}[/]"
        )
    console.print("Press Ctrl+C to stop.\n")
