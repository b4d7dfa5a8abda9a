"""The data channel's messages as a caller received them, with their times."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

MOST_EVENTS = 50_000


class Events:
    """The data channel's messages, (time, message), from the first on. Each iteration starts over
    at the first and waits for the next until the call ends."""

    def __init__(self) -> None:
        self.seen: list[tuple[float, dict[str, Any]]] = []
        self._ended = False
        self._news = asyncio.Event()

    def add(self, at_s: float, message: dict[str, Any]) -> None:
        """Take the next message."""
        if len(self.seen) < MOST_EVENTS:
            self.seen.append((at_s, message))
            self._wake()

    def end(self) -> None:
        """No more will come."""
        self._ended = True
        self._wake()

    async def __aiter__(self) -> AsyncIterator[tuple[float, dict[str, Any]]]:
        index = 0
        while True:
            while index < len(self.seen):
                yield self.seen[index]
                index += 1
            if self._ended:
                return
            await self._news.wait()

    async def wait_for(
        self, kind: str, *, after_s: float = 0.0, deadline_s: float = 10.0
    ) -> tuple[float, dict[str, Any]]:
        """The first message since `after_s` of this type, or server-message of this kind.

        Raises TimeoutError after `deadline_s` or when the call ends without it.
        """
        async with asyncio.timeout(deadline_s):
            async for at_s, message in self:
                data = message.get("data")
                inner = data.get("kind") if isinstance(data, dict) else None
                if at_s >= after_s and kind in (message.get("type"), inner):
                    return at_s, message
        raise TimeoutError(kind)

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()
