"""Threads for voices that compute: a few at a time, in the order asked, and none on the loop."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor

from loguru import logger

from storage.faults import EngineDown, Fault
from voice_server.speech.engines import SpokenAudio

MOST_WAITING = 64
"""Texts that may wait for a thread; beyond that the voice says that it is overloaded."""

NICENESS = 5
"""Engine threads yield to the loop, whose audio is due every 20 ms."""

Emit = Callable[[SpokenAudio], bool]
"""Hands a piece to the listener; False means that nobody listens any more: stop."""


class VoiceThreads:
    """Runs a blocking synthesis and streams what it emits.

    Each text is one turn of a thread, taken in the order asked, so calls that feed clause by
    clause share the threads evenly. `deadline_s` bounds the wait for each piece.
    """

    def __init__(self, name: str, *, count: int, deadline_s: float = 5.0) -> None:
        self._deadline_s = deadline_s
        self._waiting = 0
        self._closing = threading.Event()
        self._pool = ThreadPoolExecutor(count, thread_name_prefix=name, initializer=be_nice)

    async def stream(self, synthesize: Callable[[Emit], None]) -> AsyncGenerator[SpokenAudio, None]:
        """What `synthesize` emits, as it comes. Closing the iterator makes `emit` answer False.

        Raises EngineDown when the voice fails, misses its deadline or is overloaded.
        """
        if self._waiting >= MOST_WAITING:
            raise EngineDown("voice.overloaded", "I have too much to say at the moment.")
        loop = asyncio.get_running_loop()
        pieces: asyncio.Queue[SpokenAudio | Fault | None] = asyncio.Queue()
        unheard = threading.Event()

        def emit(piece: SpokenAudio) -> bool:
            if unheard.is_set() or self._closing.is_set():
                return False
            loop.call_soon_threadsafe(pieces.put_nowait, piece)
            return True

        def work() -> None:
            end: Fault | None = None
            try:
                if not unheard.is_set():
                    synthesize(emit)
            except Exception as failure:  # the engine-thread boundary
                logger.error("A voice failed: {}", type(failure).__name__)
                end = _down()
            if not self._closing.is_set():
                loop.call_soon_threadsafe(self._ended, pieces, end)

        self._waiting += 1
        self._pool.submit(work)
        try:
            while True:
                try:
                    async with asyncio.timeout(self._deadline_s):
                        piece = await pieces.get()
                except TimeoutError:
                    raise _down() from None
                if piece is None:
                    return
                if isinstance(piece, Fault):
                    raise piece
                yield piece
        finally:
            unheard.set()

    async def close(self) -> None:
        """Stop what is being said and end the threads."""
        self._closing.set()
        await asyncio.to_thread(self._pool.shutdown, cancel_futures=True)

    def _ended(self, pieces: asyncio.Queue[SpokenAudio | Fault | None], end: Fault | None) -> None:
        self._waiting -= 1
        pieces.put_nowait(end)


def be_nice() -> None:
    """Lower the priority of the calling thread."""
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)


def _down() -> EngineDown:
    return EngineDown(
        "voice.down",
        "I cannot speak at the moment.",
        remedy="Try again; `voice-server doctor` says how the voice is set up.",
    )
