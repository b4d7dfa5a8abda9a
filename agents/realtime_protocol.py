"""Chat messages and tools as the Realtime protocol has them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import openai

from agents.reply import MOST_TOKENS, Function, Message


def response_for(messages: Sequence[Message], tools: Sequence[Function]) -> dict[str, Any]:
    """Chat messages and tools as one response is asked for. The first message is the prompt."""
    rest = list(messages)
    prompt = rest.pop(0)["content"] if rest and rest[0]["role"] == "system" else ""
    return {
        "conversation": "none",
        "output_modalities": ["text"],
        "instructions": prompt,
        "max_output_tokens": MOST_TOKENS,
        "input": [item for message in rest for item in _items(message)],
        "tools": [{"type": "function", **tool["function"]} for tool in tools],
    }


def _items(message: Message) -> Iterator[dict[str, Any]]:
    role = message["role"]
    if role == "tool":
        yield {
            "type": "function_call_output",
            "call_id": message["tool_call_id"],
            "output": message["content"],
        }
        return
    if message.get("content"):
        kind = "output_text" if role == "assistant" else "input_text"
        yield {
            "type": "message",
            "role": role,
            "content": [{"type": kind, "text": message["content"]}],
        }
    for call in message.get("tool_calls", ()):
        yield {"type": "function_call", "call_id": call["id"], **call["function"]}


def warm(client: openai.AsyncOpenAI) -> None:
    """Import and build what the first reply would else while a caller waits. Blocks."""
    from openai.resources.realtime.realtime import AsyncRealtimeConnection

    client.platform_headers()
    create: Any = {"type": "response.create", "response": response_for(_REHEARSED, _TOOLS)}
    client.realtime.connect(model="").send(create)
    nowhere: Any = None
    parse = AsyncRealtimeConnection(nowhere).parse_event
    for event in _EVENTS:
        parse(json.dumps(event))


_REHEARSED: Sequence[Message] = (
    {"role": "system", "content": "…"},
    {"role": "user", "content": "…"},
    {"role": "assistant", "content": "…", "tool_calls": [{"id": "c", "function": {"name": "f"}}]},
    {"role": "tool", "tool_call_id": "c", "content": "…"},
)
_TOOLS: Sequence[Function] = ({"function": {"name": "f", "parameters": {"type": "object"}}},)
_EVENTS: Sequence[dict[str, Any]] = (
    {"type": "session.created", "session": {"type": "realtime"}},
    {"type": "response.created", "response": {"id": "r"}},
    {"type": "response.output_text.delta", "delta": "…"},
    {"type": "response.done", "response": {"output": [{"type": "function_call", "name": "f"}]}},
    {"type": "error", "error": {"message": "…"}},
)
