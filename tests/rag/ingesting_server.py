"""A server that only takes documents in, to be killed: `python -m … DATABASE_URL DATA`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from rag.library import open_library
from storage.database import connect
from storage.documents import Documents
from storage.jobs import Jobs


async def serve(url: str, data: Path) -> None:
    async with (
        connect(url) as database,
        open_library(Documents(database), jobs=Jobs(database), data=data),
    ):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], Path(sys.argv[2])))
