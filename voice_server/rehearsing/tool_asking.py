"""A chat-completions endpoint whose model asks for a tool, its arguments in pieces, and
answers once it has the result."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Sequence
from typing import Any

from voice_server.rehearsing.script import ToolAsked


class ToolAsking:
    """An ASGI application: `POST …/chat/completions`, streamed."""

    def __init__(self, tool: ToolAsked, answer: str, *, first_s: float) -> None:
        self._tool, self._answer, self._first_s = tool, answer, first_s

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """One reply. It ends when the server closes the request."""
        messages = json.loads(await _body(receive))["messages"]
        head = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        async with asyncio.TaskGroup() as tasks:
            writing = tasks.create_task(self._write(messages, send))
            leaving = tasks.create_task(_until_left(receive, writing))
            await asyncio.wait((writing,))
            leaving.cancel()

    async def _write(self, messages: Sequence[dict[str, Any]], send: Any) -> None:
        async for choice in self._choices(messages):
            chunk = {
                "id": "1", "object": "chat.completion.chunk", "created": 1, "model": "simulated",
                "choices": [{"index": 0, "delta": {}, "finish_reason": None} | choice],
            }  # fmt: skip
            await _send(send, f"data: {json.dumps(chunk)}\n\n", more=True)
        await _send(send, "data: [DONE]\n\n", more=False)

    async def _choices(self, messages: Sequence[dict[str, Any]]) -> AsyncIterator[dict[str, Any]]:
        await asyncio.sleep(self._first_s)
        if messages[-1]["role"] == "tool":
            for piece in self._answer.split():
                yield {"delta": {"content": f"{piece} "}}
            yield {"finish_reason": "stop"}
            return
        call: dict[str, Any] = {"index": 0, "id": "call-1", "type": "function"}
        function = {"name": self._tool.name, "arguments": ""}
        yield {"delta": {"tool_calls": [{**call, "function": function}]}}
        for piece in re.findall(r"\w+|\s+|[^\w\s]", json.dumps(self._tool.arguments)):
            await asyncio.sleep(self._tool.piece_ms / 1000)
            yield {"delta": {"tool_calls": [{"index": 0, "function": {"arguments": piece}}]}}
        yield {"finish_reason": "tool_calls"}


async def _body(receive: Any) -> bytes:
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


async def _until_left(receive: Any, writing: asyncio.Task[None]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    writing.cancel()


async def _send(send: Any, text: str, *, more: bool) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": more})
