"""A thread of its own for work that would block the event loop, behind a bounded queue."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import TypeVar

from storage.faults import Busy

Result = TypeVar("Result")


class EngineThread:
    """Runs one piece of work at a time, in the order it was asked for.

    `depth` is how many pieces may wait or run; one more raises Busy at once.
    """

    def __init__(self, executor: ThreadPoolExecutor, depth: int) -> None:
        self._executor = executor
        self._depth = depth
        self._held = 0

    async def run(self, work: Callable[[], Result]) -> Result:
        """The result of `work()`. If the waiting is cancelled, work not yet begun is dropped."""
        if self._held >= self._depth:
            raise Busy("library.busy", "The library is busy.", retry_after_s=1)
        self._held += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._executor, work)
        finally:
            self._held -= 1


@asynccontextmanager
async def open_engine_thread(name: str, *, depth: int) -> AsyncIterator[EngineThread]:
    """A running engine thread. All have the server's own priority: one that waited for the
    processor while it holds Python's lock would make every call wait."""
    executor = ThreadPoolExecutor(1, thread_name_prefix=name)
    try:
        yield EngineThread(executor, depth)
    finally:
        await asyncio.to_thread(executor.shutdown, wait=True, cancel_futures=True)
