"""A simulated language model, for rehearsals and benchmarks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence

from agents.reply import Delta, Function, Message


class SimulatedModel:
    """Says a given text after a given time, a word at a time."""

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
