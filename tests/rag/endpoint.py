"""An OpenAI-compatible embedding endpoint on loopback: each word adds to a place of the vector."""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

DIMENSIONS = 64


def words_vector(text: str) -> list[float]:
    vector = [0.01] * DIMENSIONS
    for word in text.lower().split():
        vector[zlib.crc32(word.encode()) % DIMENSIONS] += 1.0
    return vector


@asynccontextmanager
async def embedding_endpoint(*, fail_with: int = 0, garbage: bool = False) -> AsyncIterator[str]:
    """Its base URL. `fail_with` answers with that status, `garbage` with another body."""

    open_ones: set[asyncio.StreamWriter] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_ones.add(writer)
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = next(
                    int(line.split(b":")[1])
                    for line in head.splitlines()
                    if line.lower().startswith(b"content-length")
                )
                asked = json.loads(await reader.readexactly(length))
                rows = [
                    {"index": i, "embedding": words_vector(text)}
                    for i, text in enumerate(asked["input"])
                ]
                body = b"[1, 2]" if garbage else json.dumps({"data": rows[::-1]}).encode()
                status = fail_with or 200
                writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\n\r\n".encode())
                writer.write(body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            open_ones.discard(writer)
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
        for writer in open_ones:
            writer.close()
