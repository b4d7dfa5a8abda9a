"""A model's stream cut into what can be cleared: whole sentences, and before the first one the
circumstance that it opens with.

"In acute kidney injury," asserts nothing, so it may be said while the rest is being written; a main
clause may not, for a condition or a negation may follow it.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from agents.reply import Delta, ToolCall

MOST_OPENING_WORDS = 8

_ENDED = re.compile(
    r"(?<=[.!?])(?:(?:\s*\[\d+(?:\s*,\s*\d+)*\])*[.!?]?)(?=\s+[A-Z\"“(])|(?<=\])[.!?](?=\s*$)"
)
_ABBREVIATED = re.compile(r"(?:^|[\s(])(?:Dr|St|vs|max|approx|e\.g|i\.e|cf|ca|Fig)\.$")
_OPENING = re.compile(
    r"\s*((?:in|if|when|where|for|with|during|after|before|at|once|because)\b[^,;:.!?\[\]]+,)\s",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Opening:
    """The circumstance that the first sentence opens with, up to its comma."""

    text: str


async def written(
    stream: AsyncGenerator[Delta, None], calls: list[ToolCall]
) -> AsyncGenerator[str | Opening, None]:
    """Whole sentences, each with the marks that follow it, as soon as they are complete; the first
    one's opening before it. Tool calls are put into `calls`."""
    waiting = ""
    first = True
    async with aclosing(stream) as pieces:
        async for piece in pieces:
            if isinstance(piece, ToolCall):
                calls.append(piece)
                continue
            waiting += piece
            if first and (opening := _OPENING.match(waiting)):
                first = False
                if len(opening[1].split()) <= MOST_OPENING_WORDS:
                    yield Opening(" ".join(opening[1].split()))
            while end := _end(waiting):
                first = False
                yield waiting[:end].strip()
                waiting = waiting[end:].lstrip()
    if waiting.strip():
        yield waiting.strip()


def _end(text: str) -> int:
    """Where the first sentence of `text` ends; 0 if it is not complete. "Max. IV dose" goes on."""
    ends = _ENDED.finditer(text)
    return next((e.end() for e in ends if not _ABBREVIATED.search(text, 0, e.start())), 0)
