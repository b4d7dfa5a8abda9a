"""What a model's reply is made of, and how long it may be waited for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from storage.faults import EngineDown

LONGEST_REPLY_S = 60.0
MOST_TOKENS = 600

Message = dict[str, Any]
"""A message as chat-completions endpoints take it: role, content, tool calls."""
Function = dict[str, Any]
"""A tool as chat-completions endpoints are told of it."""


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A tool that the model wants to have run; `arguments` is JSON as the model wrote it."""

    id: str
    name: str
    arguments: str


Delta = str | ToolCall


async def in_time(
    stream: AsyncGenerator[Delta, None], deadline_s: float
) -> AsyncGenerator[Delta, None]:
    """The reply, each piece within the deadline of the one before; an empty text, which says only
    that the model is still at it, is left out. Raises EngineDown for a slow and an empty one."""
    wrote = False
    async with aclosing(stream) as pieces:
        while True:
            try:
                async with asyncio.timeout(deadline_s):
                    piece = await anext(pieces)
            except StopAsyncIteration:
                break
            except TimeoutError:
                raise model_down(
                    "model.slow", "The language model takes too long to answer."
                ) from None
            if piece:
                wrote = True
                yield piece
    if not wrote:
        raise model_down("model.empty", "The language model gave no answer.")


def model_down(
    code: str = "model.down", sentence: str = "The language model does not answer properly."
) -> EngineDown:
    """The fault of a model, as the caller hears it."""
    return EngineDown(
        code, f"{sentence} Please ask again.", remedy="Check VOICE_MODEL__URL and its key."
    )
