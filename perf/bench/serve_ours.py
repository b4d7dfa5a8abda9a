"""Our server with a recogniser that follows the bench's script; everything else is the product's.

    python -m perf.bench.serve_ours SCRIPT serve

Only the sound suites need it: what a cough, a backchannel and an interruption are heard as cannot
be said with a `scripted://` address.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from perf.bench.following import Following
from voice_server import assembly, cli
from voice_server.speech.engines import Transcriber


def main() -> None:
    """The `voice-server` command, hearing by the script."""
    script = Path(sys.argv.pop(1))

    @asynccontextmanager
    async def open_following(*_: object, **__: object) -> AsyncIterator[Transcriber]:
        yield Following(script)

    setattr(assembly, "open_transcriber", open_following)  # noqa: B010 - not a name it exports
    cli.main()


if __name__ == "__main__":
    main()
