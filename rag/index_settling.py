"""Arranging an embedded index for fast search, in a process of its own.

The engine holds Python's lock while it works, for seconds to minutes: in the server's process that
would silence every call. So a copy is arranged elsewhere and takes the place of the original.
Run as a module it arranges one shard: `python -m rag.index_settling FOLDER`.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from pathlib import Path

import qdrant_edge as edge

from storage.faults import StoreDown

NICENESS = 15
CURRENT = "current"


async def arrange(folder: Path) -> None:
    """Arrange the shard in `folder`, which nobody has open. Raises StoreDown when it fails."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "rag.index_settling", str(folder)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        code = await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if code != 0:
        raise StoreDown("library.settle", "The library's index could not be arranged.")


def current_shard(folder: Path) -> Path:
    """The shard in use in an index's folder; whatever else lies there is left over and deleted."""
    mark = folder / CURRENT
    number = mark.read_text().strip() if mark.exists() else "1"
    for other in folder.iterdir():
        if other.name not in (number, CURRENT):
            shutil.rmtree(other) if other.is_dir() else other.unlink()
    return folder / number


def copy_shard(shard: Path) -> Path:
    """A copy beside `shard`, under the next number. Nothing may change meanwhile."""
    target = shard.with_name(str(int(shard.name) + 1))
    shutil.rmtree(target, ignore_errors=True)
    try:
        return Path(shutil.copytree(shard, target))
    except OSError:
        shutil.rmtree(target, ignore_errors=True)
        raise


def make_current(shard: Path) -> None:
    """From now on, and after a crash, `shard` is the one in use."""
    mark = shard.with_name(f"{CURRENT}.new")
    mark.write_text(shard.name)
    os.replace(mark, shard.with_name(CURRENT))


def main(folder: str) -> None:
    os.nice(NICENESS)
    shard = edge.EdgeShard.load(folder)
    shard.optimize()
    shard.flush()
    shard.close()


if __name__ == "__main__":
    main(sys.argv[1])
