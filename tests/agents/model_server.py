"""A chat-completions endpoint on loopback that answers, hangs, fails or talks nonsense as told."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from agents.second_look import TASK

Behaviour = Literal[
    "reply", "hang", "hang midway", "fail", "garbage", "empty", "drop", "drop midway", "call",
    "obey", "refuse", "break off",
]  # fmt: skip


@dataclass(slots=True)
class ModelServer:
    """What it does, and what it was asked. Behind the token `stop_at_token` of the calls'
    arguments it says no more."""

    url: str = ""
    behaviour: Behaviour = "reply"
    pieces: Sequence[str] = ("The dose is ", "500 mcg ", "intramuscularly [1].")
    calls: Sequence[dict[str, str]] = ()
    verdict: str = "yes"
    """What it says when it is asked to check a sentence; "" says nothing."""
    stop_at_token: int = 0
    tokens_sent: int = 0
    stopped: asyncio.Event = field(default_factory=asyncio.Event)
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
    if "content-length:" not in head:
        writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        return
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
    chat = state.asked[-1]
    pieces, calls = what_to_say(state, chat["messages"], bool(chat.get("tools")))
    for index, piece in enumerate(pieces):
        if state.behaviour == "hang" or (state.behaviour == "hang midway" and index == 1):
            await _until_gone(state, reader)
            return
        if state.behaviour == "drop midway" and index == 1:
            writer.transport.abort()
            return
        await _write(writer, {"content": piece})
    for at, one in enumerate(calls):
        first: dict[str, Any] = {"id": f"c{at}", "type": "function"}
        name = {"name": one["name"]}
        for token in tokens_of(one["arguments"]):
            function = {**name, "arguments": token}
            await _write(writer, {"tool_calls": [{"index": at, **first, "function": function}]})
            first, name = {}, {}
            state.tokens_sent += 1
            if state.tokens_sent == state.stop_at_token:
                state.stopped.set()
                await _until_gone(state, reader)
                return
    await _write(writer, {}, "stop")
    writer.write(b"data: [DONE]\n\n")
    await writer.drain()


async def _write(
    writer: asyncio.StreamWriter, delta: dict[str, Any], finish: str | None = None
) -> None:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    writer.write(f"data: {json.dumps(chunk | {'choices': [choice]})}\n\n".encode())
    await writer.drain()


def what_to_say(
    state: ModelServer, messages: Sequence[dict[str, Any]], tools: bool
) -> tuple[Sequence[str], Sequence[dict[str, str]]]:
    """The pieces of text and the calls of a reply to these messages; a model that calls tools
    writes its text once it has their results."""
    if messages[0]["content"] == TASK:
        return (state.verdict,), ()
    match state.behaviour:
        case "empty":
            return (), ()
        case "obey":
            text, calls = obey(messages)
            answered = any(message["role"] == "tool" for message in messages)
            return (text,), calls if tools and not answered else ()
        case "call" if tools and not any(message["role"] == "tool" for message in messages):
            return (), state.calls
    return state.pieces, ()


def tokens_of(arguments: str) -> list[str]:
    """A call's arguments in the pieces in which a model writes them."""
    return re.findall(r"\w+|\s+|[^\w\s]", arguments)


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
