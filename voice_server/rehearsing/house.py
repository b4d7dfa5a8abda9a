"""The server of a rehearsal, as a process: `python -m voice_server.rehearsing.house FILE`.

FILE holds the engines of each call. One line of JSON on standard output says that it is ready; it
stops when its standard input is closed. Settings are the server's own.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from threading import Thread

import uvicorn

from storage.faults import Fault
from voice_server.app import create_app
from voice_server.assembly import open_assembly
from voice_server.rehearsing.lines import Line, by_line, open_models, openers
from voice_server.rehearsing.script import Engines
from voice_server.settings import load_settings
from voice_server.telemetry.log import open_log


async def serve(plan: Path) -> None:
    """Serve until standard input is closed."""
    settings = load_settings()
    open_log(settings.log_level)
    kept = json.loads(await asyncio.to_thread(plan.read_text))
    lines = {key: Line(Engines(**one) if one else None) for key, one in kept.items()}
    async with open_assembly(settings, lambda *_: None, openers(lines)) as assembly:
        config = uvicorn.Config(
            by_line(create_app(assembly), lines),
            host="127.0.0.1",
            port=0,
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=5,
        )
        config.load()
        listener = config.bind_socket()
        listener.listen()
        server = uvicorn.Server(config)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        ready = {
            "url": url,
            "email": settings.admin_email,
            "password": assembly.first_password,
        }
        async with open_models(lines, url):
            print(json.dumps(ready), flush=True)  # noqa: T201 - the one line that is waited for
            Thread(target=_until_closed, args=(server,), daemon=True).start()
            await server.serve(sockets=[listener])


def _until_closed(server: uvicorn.Server) -> None:
    sys.stdin.buffer.read()
    server.should_exit = True


if __name__ == "__main__":
    try:
        asyncio.run(serve(Path(sys.argv[1])))
    except Fault as fault:
        raise SystemExit(f"{fault.sentence} {fault.remedy}") from None
