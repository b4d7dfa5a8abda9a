"""Reading and cutting a file in a process of its own: a hostile or endless one can take neither
the server's memory nor its time. Short plain text is read in a thread."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import resource
import sys
from dataclasses import asdict, replace
from pathlib import Path

from rag.chunking import Piece, cut
from rag.loading import MEDIA_TYPES, load
from rag.text import Text
from storage.faults import Fault, Invalid

MEMORY_BYTES = 3 * 1024 * 1024 * 1024
DEADLINE_S = 300.0
IN_THREAD_BYTES = 256 * 1024
NICENESS = 10


async def parse(
    path: Path,
    name: str,
    media_type: str,
    *,
    deadline_s: float = DEADLINE_S,
    memory_bytes: int = MEMORY_BYTES,
) -> tuple[Text, list[Piece]]:
    """A file's text and its passages. Raises Invalid when it cannot be read within its limits."""
    size = (await asyncio.to_thread(path.stat)).st_size
    simple = media_type in (MEDIA_TYPES[".md"], MEDIA_TYPES[".txt"])
    if simple and size <= IN_THREAD_BYTES:
        return await asyncio.to_thread(_read, path, name, media_type)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "rag.parsing", str(path), name, media_type),
        *(str(memory_bytes), str(int(deadline_s) + 1)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(deadline_s):
            answer, _ = await process.communicate()
    except TimeoutError:
        answer = b""
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        raise Invalid(
            "library.unreadable",
            f"{name} could not be read within the limits of time and memory.",
            field="file",
            remedy="Print it to a new PDF, or split it, and add that.",
        )
    return await asyncio.to_thread(_understood, answer)


def _read(path: Path, name: str, media_type: str) -> tuple[Text, list[Piece]]:
    text = load(path, name, media_type)
    return replace(text, blocks=()), cut(text.blocks, text.title)


def _understood(answer: bytes) -> tuple[Text, list[Piece]]:
    said = json.loads(answer)
    if fault := said.get("fault"):
        raise Invalid(fault["code"], fault["sentence"], field="file", remedy=fault["remedy"])
    about = said["text"] | {"blocks": (), "readers": tuple(said["text"]["readers"])}
    pieces = [Piece(tuple(p["section"]), p["page"], p["text"]) for p in said["pieces"]]
    return Text(**about), pieces


def main(path: str, name: str, media_type: str, memory_bytes: str, cpu_s: str) -> None:
    """In the process: read the file, write its passages or the fault to standard output as JSON."""
    os.nice(NICENESS)
    gc.disable()  # It would look again and again through what is kept to the end.
    resource.setrlimit(resource.RLIMIT_AS, (int(memory_bytes), int(memory_bytes)))
    resource.setrlimit(resource.RLIMIT_CPU, (int(cpu_s), int(cpu_s)))
    try:
        text, pieces = _read(Path(path), name, media_type)
        said: dict[str, object] = {"text": asdict(text), "pieces": [asdict(p) for p in pieces]}
    except Fault as fault:
        said = {"fault": {"code": fault.code, "sentence": fault.sentence, "remedy": fault.remedy}}
    sys.stdout.buffer.write(json.dumps(said).encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
