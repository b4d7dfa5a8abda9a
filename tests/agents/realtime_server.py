"""A Realtime endpoint on loopback that answers, hangs, fails or talks nonsense as told.

It keeps what it was asked as chat messages, like `model_server`, so that one contract suite reads
both.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from tests.agents.model_server import ModelServer, tokens_of, what_to_say


@dataclass(slots=True)
class RealtimeServer(ModelServer):
    """What it does, and what it was asked: `events` as they came, on which `connections`."""

    events: list[dict[str, Any]] = field(default_factory=list)
    connections: list[ServerConnection] = field(default_factory=list)


@asynccontextmanager
async def open_realtime_server() -> AsyncIterator[RealtimeServer]:
    """Serve until the block ends; open connections are cut."""
    state = RealtimeServer()

    def admit(connection: ServerConnection, request: Request) -> Response | None:
        if state.behaviour == "fail":
            return connection.respond(500, "no!!")
        return None

    async def talk(connection: ServerConnection) -> None:
        state.connections.append(connection)
        await _talk(state, connection)
        state.hung_up.set()

    async with serve(talk, "127.0.0.1", 0, process_request=admit, close_timeout=0.1) as server:
        state.url = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1/realtime"
        try:
            yield state
        finally:
            for connection in state.connections:
                connection.transport.abort()


async def _talk(state: RealtimeServer, connection: ServerConnection) -> None:
    numbers = count(1)
    await _send(connection, "session.created", session={"type": "realtime", "id": "s"})
    replying: asyncio.Task[None] | None = None
    async with asyncio.TaskGroup() as replies:
        try:
            async for message in _messages(connection):
                event = json.loads(message)
                state.events.append(event)
                match event["type"]:
                    case "response.create":
                        state.asked.append(_as_chat(event["response"]))
                        replying = replies.create_task(
                            _reply(state, connection, event, f"r{next(numbers)}")
                        )
                    case "response.cancel":
                        state.hung_up.set()
                        if replying and not replying.done():
                            replying.cancel()
                            await _done(connection, event["response_id"], "cancelled")
        finally:
            if replying:
                replying.cancel()


async def _reply(
    state: RealtimeServer, connection: ServerConnection, asked: dict[str, Any], own: str
) -> None:
    if state.behaviour == "drop":
        connection.transport.abort()
        return
    if state.behaviour == "refuse":
        error = {"type": "invalid_request_error", "message": "no", "event_id": asked["event_id"]}
        await _send(connection, "error", error=error)
        return
    await _send(connection, "response.created", response={"id": own, "status": "in_progress"})
    match state.behaviour:
        case "garbage":
            await connection.send("{not json at all")
        case "break off":
            await _done(connection, own, "failed")
        case _:
            await _write(state, connection, own)


async def _messages(connection: ServerConnection) -> AsyncIterator[str | bytes]:
    """What the client sends, until it is gone."""
    with suppress(ConnectionClosed):
        async for message in connection:
            yield message


async def _write(state: RealtimeServer, connection: ServerConnection, own: str) -> None:
    chat = state.asked[-1]
    pieces, calls = what_to_say(state, chat["messages"], bool(chat.get("tools")))
    for index, piece in enumerate(pieces):
        if state.behaviour == "hang" or (state.behaviour == "hang midway" and index == 1):
            await asyncio.Event().wait()
        if state.behaviour == "drop midway" and index == 1:
            connection.transport.abort()
            return
        await _send(connection, "response.output_text.delta", response_id=own, delta=piece)
    for at, one in enumerate(calls):
        for token in tokens_of(one["arguments"]):
            await _send(
                connection, "response.function_call_arguments.delta",
                response_id=own, item_id=f"i{at}", call_id=f"c{at}", delta=token,
            )  # fmt: skip
            state.tokens_sent += 1
            if state.tokens_sent == state.stop_at_token:
                state.stopped.set()
                await asyncio.Event().wait()
    output = [
        {"type": "function_call", "call_id": f"c{at}", "status": "completed", **one}
        for at, one in enumerate(calls)
    ]
    await _done(connection, own, "completed", output)


async def _done(
    connection: ServerConnection, own: str, status: str, output: list[dict[str, Any]] | None = None
) -> None:
    response = {"id": own, "object": "realtime.response", "status": status, "output": output or []}
    await _send(connection, "response.done", response=response)


async def _send(connection: ServerConnection, kind: str, **content: Any) -> None:
    with suppress(ConnectionClosed):
        await connection.send(json.dumps({"type": kind, "event_id": "e", **content}))


def _as_chat(response: dict[str, Any]) -> dict[str, Any]:
    """What was asked, as a chat-completions endpoint would have been asked it."""
    messages: list[dict[str, Any]] = []
    if response["instructions"]:
        messages.append({"role": "system", "content": response["instructions"]})
    for item in response["input"]:
        match item["type"]:
            case "message":
                [content] = item["content"]
                assert content["type"] == (
                    "output_text" if item["role"] == "assistant" else "input_text"
                )
                messages.append({"role": item["role"], "content": content["text"]})
            case "function_call":
                messages.append({"role": "assistant", "content": item["arguments"]})
            case "function_call_output":
                messages.append(
                    {"role": "tool", "tool_call_id": item["call_id"], "content": item["output"]}
                )
    return {"messages": messages, "stream": True, "tools": response["tools"]}
