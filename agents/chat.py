"""A language model at a chat-completions endpoint, streamed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2
import openai

from agents.reply import (
    LONGEST_REPLY_S,
    MOST_TOKENS,
    Delta,
    Function,
    Message,
    ToolCall,
    in_time,
    model_down,
)


class ChatModel:
    """A chat completion, streamed."""

    def __init__(self, client: openai.AsyncOpenAI, name: str, deadline_s: float) -> None:
        self.label = name
        self._client = client
        self._name = name
        self._deadline_s = deadline_s

    async def reply(
        self, messages: Sequence[Message], tools: Sequence[Function] = ()
    ) -> AsyncGenerator[Delta, None]:
        """See `Model`. The first words must come within the deadline."""
        async with aclosing(in_time(self._written(messages, tools), self._deadline_s)) as pieces:
            async for piece in pieces:
                yield piece

    async def _written(
        self, messages: Sequence[Message], tools: Sequence[Function]
    ) -> AsyncGenerator[Delta, None]:
        calls = _Calls()
        with _faults():
            create: Any = self._client.chat.completions.create
            stream = await create(
                model=self._name,
                messages=list(messages),
                stream=True,
                temperature=0,
                max_tokens=MOST_TOKENS,
                **({"tools": list(tools)} if tools else {}),
            )
            async with stream:
                async for chunk in stream:
                    text, called = _text_of(chunk), calls.take(chunk)
                    if text or called:
                        yield text
            if not calls.ended:  # the endpoint went away in the middle
                raise model_down()
        for call in calls.whole():
            yield call


@asynccontextmanager
async def open_chat(
    url: str, *, name: str, api_key: str, deadline_s: float
) -> AsyncIterator[ChatModel]:
    """The model at an OpenAI-compatible endpoint, `https://host/v1`."""
    # Making the client reads files: certificates, what platform this is, modules at first use.
    client = await asyncio.to_thread(_client, url, api_key, deadline_s)
    async with client:
        yield ChatModel(client, name, deadline_s)


def _client(url: str, api_key: str, deadline_s: float) -> openai.AsyncOpenAI:
    client = openai.AsyncOpenAI(
        base_url=url,
        api_key=api_key or "none",
        max_retries=0,
        timeout=httpx2.Timeout(LONGEST_REPLY_S, connect=deadline_s),
    )
    client.platform_headers()
    client.chat.completions.with_streaming_response  # noqa: B018 - imports what a request needs
    return client


@contextmanager
def _faults() -> Iterator[None]:
    """What can go wrong on the way to an endpoint and in what it sends, as EngineDown."""
    try:
        yield
    except (
        openai.OpenAIError,
        httpx2.HTTPError,
        json.JSONDecodeError,
        UnicodeDecodeError,
        ValueError,
        AttributeError,
        TypeError,
        KeyError,
        IndexError,
    ):
        raise model_down() from None


@dataclass(slots=True)
class _Calls:
    """Tool calls arriving in pieces. An unfinished one is never given out. `ended`: the endpoint
    has said that the reply is over."""

    names: dict[int, str] = field(default_factory=dict)
    ids: dict[int, str] = field(default_factory=dict)
    arguments: dict[int, str] = field(default_factory=dict)
    ended: bool = False
    finished: bool = False

    def take(self, chunk: Any) -> bool:
        """Whether the chunk held a piece of a call."""
        if not chunk.choices:
            return False
        choice = chunk.choices[0]
        self.ended = self.ended or choice.finish_reason is not None
        self.finished = self.finished or choice.finish_reason in ("tool_calls", "stop")
        pieces = choice.delta.tool_calls or ()
        for piece in pieces:
            at = piece.index
            if piece.id:
                self.ids[at] = piece.id
            if piece.function and piece.function.name:
                self.names[at] = piece.function.name
            if piece.function and piece.function.arguments:
                self.arguments[at] = self.arguments.get(at, "") + piece.function.arguments
        return bool(pieces)

    def whole(self) -> list[ToolCall]:
        """The calls, once the model said that it is done with them."""
        if not self.finished:
            return []
        return [
            ToolCall(self.ids.get(at, f"call-{at}"), name, self.arguments.get(at, ""))
            for at, name in sorted(self.names.items())
        ]


def _text_of(chunk: Any) -> str:
    choices = chunk.choices
    if not choices:
        return ""
    content = choices[0].delta.content
    return content if isinstance(content, str) else ""
