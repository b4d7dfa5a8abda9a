"""The language model behind a URL: any OpenAI-compatible endpoint, or a simulated one.

One seam, `reply`: messages in; text as it is written, and the tool calls it ends with, out.
Closing the stream stops the model at once, in the middle of a word or of a tool's arguments.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

import httpx2
import openai

from storage.faults import EngineDown, Invalid

LONGEST_REPLY_S = 60.0
MOST_TOKENS = 600

Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A tool that the model wants to have run; `arguments` is JSON as the model wrote it."""

    id: str
    name: str
    arguments: str


Delta = str | ToolCall
Function = dict[str, Any]


class Model(Protocol):
    """Writes an answer. `label` is what the page and the log call it."""

    label: str

    def reply(
        self, messages: Sequence[Message], tools: Sequence[Function] = ()
    ) -> AsyncGenerator[Delta, None]:
        """The answer, piece by piece, then the calls it asks for. Raises EngineDown."""


@asynccontextmanager
async def open_model(
    url: str, *, name: str, api_key: str, deadline_s: float
) -> AsyncIterator[Model | None]:
    """The model behind `url`; None when there is no URL. Raises Invalid for one that is no URL."""
    if not url:
        yield None
        return
    parts = urlsplit(url)
    if parts.scheme == "simulated":
        asked = parse_qs(parts.query)
        yield SimulatedModel(
            asked.get("text", ["The library does not say."])[0],
            first_s=float(asked.get("first_ms", ["200"])[0]) / 1000,
        )
        return
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise Invalid(
            "model.url",
            "VOICE_MODEL__URL is not the address of a model.",
            field="VOICE_MODEL__URL",
            remedy="Use https://host/v1, or leave it empty to have the library quoted.",
        )
    # Making the client reads files: certificates, what platform this is, modules at first use.
    client = await asyncio.to_thread(_client, url, api_key, deadline_s)
    async with client:
        yield OpenAIModel(client, name, deadline_s)


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


class OpenAIModel:
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
        wrote = False
        calls = _Calls()
        try:
            async with asyncio.timeout(self._deadline_s) as patience:
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
                            patience.reschedule(
                                asyncio.get_running_loop().time() + self._deadline_s
                            )
                        if text:
                            wrote = True
                            yield text
        except TimeoutError:
            raise _down("model.slow", "The language model takes too long to answer.") from None
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
            raise _down("model.down", "The language model does not answer properly.") from None
        for call in calls.whole():
            wrote = True
            yield call
        if not wrote:
            raise _down("model.empty", "The language model gave no answer.")


class SimulatedModel:
    """Says a given text after a given time, a word at a time, for rehearsals and benchmarks."""

    label = "simulated model"

    def __init__(self, text: str, *, first_s: float, word_s: float = 0.01) -> None:
        self._text, self._first_s, self._word_s = text, first_s, word_s

    async def reply(
        self, messages: Sequence[Message], tools: Sequence[Function] = ()
    ) -> AsyncGenerator[Delta, None]:
        """See `Model`. It calls no tools."""
        await asyncio.sleep(self._first_s)
        for word in self._text.split():
            yield f"{word} "
            await asyncio.sleep(self._word_s)


@dataclass(slots=True)
class _Calls:
    """Tool calls arriving in pieces. An unfinished one is never given out."""

    names: dict[int, str] = field(default_factory=dict)
    ids: dict[int, str] = field(default_factory=dict)
    arguments: dict[int, str] = field(default_factory=dict)
    finished: bool = False

    def take(self, chunk: Any) -> bool:
        """Whether the chunk held a piece of a call."""
        if not chunk.choices:
            return False
        choice = chunk.choices[0]
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


def _down(code: str, sentence: str) -> EngineDown:
    return EngineDown(
        code, f"{sentence} Please ask again.", remedy="Check VOICE_MODEL__URL and its key."
    )
