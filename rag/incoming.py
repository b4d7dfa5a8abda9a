"""What is to be added, a file or bytes, looked at and laid where it can be read."""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path


def look_at(content: Path | bytes) -> tuple[str, int, bytes]:
    """(SHA-256, size, first bytes) of a file or of bytes. Blocks."""
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest(), len(content), content[:16]
    with content.open("rb") as file:
        head = file.read(16)
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return digest, file.tell(), head


@asynccontextmanager
async def as_file(content: Path | bytes, folder: Path) -> AsyncIterator[Path]:
    """The content as a file; bytes lie in `folder` while the block runs."""
    if isinstance(content, Path):
        yield content
        return

    def write() -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
            file.write(content)
            return Path(file.name)

    path = await asyncio.to_thread(write)
    try:
        yield path
    finally:
        await asyncio.to_thread(path.unlink)
