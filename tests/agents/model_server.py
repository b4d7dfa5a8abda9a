"""A chat-completions endpoint on loopback that answers, hangs, fails or talks nonsense as told."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

Behaviour = Literal[
    "reply", "hang", "hang midway", "fail", "garbage", "empty", "drop", "call", "obey"
]


@dataclass(slots=True)
class ModelServer:
    """What it does, and what it was asked."""

    url: str = ""
    behaviour: Behaviour = "reply"
    pieces: Sequence[str] = ("The dose is ", "500 mcg ", "intramuscularly [1].")
    calls: Sequence[dict[str, str]] = ()
    asked: list[dict[str, Any]] = field(default_factory=list)
    hung_up: asyncio.Event = field(default_factory=asyncio.Event)


@asynccontextmanager
async def open_model_server() -> AsyncIterator[ModelServer]:
    """Serve until the block ends; open connections are cut."""
    state = ModelServer()
    open_now: set[asyncio.StreamWriter] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_now.add(writer)
        try:
            await _answer(state, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            state.hung_up.set()
        finally:
            open_now.discard(writer)
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    state.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    try:
        yield state
    finally:
        server.close()
        for writer in tuple(open_now):
            writer.transport.abort()
        await asyncio.sleep(0)


async def _answer(
    state: ModelServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    length = int(head.split("content-length:")[1].split("\r\n")[0])
    state.asked.append(json.loads(await reader.readexactly(length)))
    if state.behaviour == "drop":
        return
    if state.behaviour == "fail":
        writer.write(b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 4\r\n\r\nno!!")
        await writer.drain()
        return
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")
    if state.behaviour == "garbage":
        writer.write(b"data: {not json at all\n\ndata: [1,2\n\n")
        await writer.drain()
        return
    if state.behaviour in ("call", "obey"):
        await _call_or_obey(state, writer)
        return
    for index, piece in enumerate(() if state.behaviour == "empty" else state.pieces):
        if state.behaviour == "hang" or (state.behaviour == "hang midway" and index == 1):
            await _until_gone(state, reader)
            return
        choice = {"index": 0, "delta": {"content": piece}, "finish_reason": None}
        chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
        writer.write(f"data: {json.dumps(chunk | {'choices': [choice]})}\n\n".encode())
        await writer.drain()
    writer.write(b"data: [DONE]\n\n")
    await writer.drain()


async def _call_or_obey(state: ModelServer, writer: asyncio.StreamWriter) -> None:
    """Tool calls, their arguments in three pieces each; after the results, the text."""
    messages = state.asked[-1]["messages"]
    text, calls = "".join(state.pieces), list(state.calls)
    if state.behaviour == "obey":
        text, calls = obey(messages)
    if any(message["role"] == "tool" for message in messages) or not state.asked[-1].get("tools"):
        calls = []
    deltas: list[dict[str, Any]] = []
    for at, one in enumerate(calls):
        size = max(1, len(one["arguments"]) // 3)
        for start in range(0, len(one["arguments"]), size):
            function = {"arguments": one["arguments"][start : start + size]}
            first = {"id": f"c{at}", "type": "function"} if not start else {}
            name = {"name": one["name"]} if not start else {}
            deltas.append({"tool_calls": [{"index": at, **first, "function": name | function}]})
    if text and (not calls or state.behaviour == "obey"):
        deltas.insert(0, {"content": text})
    for index, delta in enumerate([*deltas, {}]):
        last = index == len(deltas)
        choice = {"index": 0, "delta": delta, "finish_reason": "stop" if last else None}
        chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
        writer.write(f"data: {json.dumps(chunk | {'choices': [choice]})}\n\n".encode())
        await writer.drain()
    writer.write(b"data: [DONE]\n\n")
    await writer.drain()


async def _until_gone(state: ModelServer, reader: asyncio.StreamReader) -> None:
    await reader.read()
    state.hung_up.set()


def obey(messages: Sequence[dict[str, Any]]) -> tuple[str, list[dict[str, str]]]:
    """What a model says and calls that does whatever any text in its messages tells it to."""
    said, calls = [], []
    for message in messages:
        content = str(message["content"])
        for order in re.findall(r"(?:say|reply|answer|tell)[^:\n]*: ?([^\n]+)", content, re.I):
            said.append(order.strip())
        for name, arguments in re.findall(r"call (\w+) with (\{[^}]*\})", content):
            calls.append({"name": name, "arguments": arguments})
    return " ".join(said) or "The library does not say.", calls
