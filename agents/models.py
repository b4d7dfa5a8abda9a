"""The language model behind a URL: an OpenAI-compatible endpoint, by chat completions or by the
Realtime protocol, or a simulated one.

One seam, `reply`: messages in; text as it is written, and the tool calls it ends with, out.
Closing the stream stops the model at once, in the middle of a word or of a tool's arguments.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

from agents.chat import open_chat
from agents.realtime import open_realtime
from agents.reply import Delta, Function, Message
from agents.simulated import SimulatedModel
from storage.faults import Invalid


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
    if parts.scheme not in ("http", "https", "ws", "wss") or not parts.netloc:
        raise Invalid(
            "model.url",
            "VOICE_MODEL__URL is not the address of a model.",
            field="VOICE_MODEL__URL",
            remedy="Use https://host/v1 or wss://host/v1/realtime, or leave it empty to have the "
            "library quoted.",
        )
    if parts.scheme in ("ws", "wss"):
        async with open_realtime(
            url, name=name, api_key=api_key, deadline_s=deadline_s
        ) as realtime:
            yield realtime
    else:
        async with open_chat(url, name=name, api_key=api_key, deadline_s=deadline_s) as chat:
            yield chat
