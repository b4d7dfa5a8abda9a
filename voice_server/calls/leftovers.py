"""Gives back the memory of calls that ended, soon and without a long pause.

The parts of a peer connection hold each other in circles, which only Python's collector undoes. It
looks for them the more rarely the more else the process keeps, and then at all of that; so what a
server keeps for good is taken out of its sight once, and it is called when a call has ended.
"""

from __future__ import annotations

import asyncio
import gc

AFTER_S = 2.0
"""Calls that end together are given back together."""


def keep_for_good() -> None:
    """What the process holds now stays: the collector need not look at it again."""
    gc.collect()
    gc.freeze()


class Leftovers:
    """What ended calls leave behind, on the event loop."""

    def __init__(self) -> None:
        self._due: asyncio.TimerHandle | None = None

    def collect_soon(self) -> None:
        """A call has ended."""
        if self._due is None:
            self._due = asyncio.get_running_loop().call_later(AFTER_S, self._collect)

    def _collect(self) -> None:
        self._due = None
        gc.collect()
