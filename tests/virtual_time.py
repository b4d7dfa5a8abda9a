"""An event loop whose clock jumps to the next timer: seconds of conversation in milliseconds.

Work handed to a thread is done at once, on the loop, so every run is identical. Nothing here may
wait for a socket.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class _NoWaiting(selectors.SelectSelector):
    def __init__(self) -> None:
        super().__init__()
        self.advance: Callable[[float | None], None] = lambda _: None

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready:
            self.advance(timeout)
        return ready


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """`loop.time()` starts at 0 and moves only when every task waits."""

    def __init__(self) -> None:
        selector = _NoWaiting()
        selector.advance = self._advance
        self._now = 0.0
        super().__init__(selector)

    def time(self) -> float:
        """Seconds of virtual time."""
        return self._now

    def _advance(self, timeout: float | None) -> None:
        if timeout is None:
            raise RuntimeError("everything waits and no timer is set: the conversation hangs")
        # One microsecond more, so that the timer is due in spite of rounding.
        self._now += max(timeout, 0.0) + 1e-6 if timeout else 0.0

    def run_in_executor(  # type: ignore[override]
        self, executor: Any, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        """Do the work now."""
        future = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:
            future.set_exception(error)
        return future


def run_virtual(main: Coroutine[Any, Any, T]) -> T:
    """Run to the end in virtual time, on a loop of its own."""
    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        return runner.run(main)
