"""How late this process is served by its machine: what a busy machine does to a call in real time
is not the server's doing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

LOOK_S = 0.02


class Lateness:
    """What was due on the event loop, and how much later it came."""

    def __init__(self) -> None:
        self._late: list[tuple[float, float]] = []

    async def watch(self) -> None:
        """Look until cancelled."""
        now = asyncio.get_running_loop().time
        while True:
            due_s = now() + LOOK_S
            await asyncio.sleep(LOOK_S)
            self._late.append((now(), now() - due_s))

    def worst_s(self, since_s: float) -> float:
        """The greatest delay since then (the loop's time)."""
        return max((late_s for at_s, late_s in self._late if at_s >= since_s), default=0.0)


@asynccontextmanager
async def open_lateness() -> AsyncIterator[Lateness]:
    """Watched while it is open."""
    lateness = Lateness()
    async with asyncio.TaskGroup() as tasks:
        watching = tasks.create_task(lateness.watch())
        try:
            yield lateness
        finally:
            watching.cancel()
