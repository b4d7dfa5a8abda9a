"""Writes conversations to storage without ever holding one up.

Records go through one queue in order. While storage does not answer they wait, the callers are
told, and they are written when it is back; a record is never dropped while the process lives.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from loguru import logger

from storage.faults import Conflict, Fault, Unavailable

RETRY_S = 2.0
DRAIN_S = 5.0

Write = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class _Record:
    call_id: str
    write: Write


class Keeper:
    """The one writer of all calls. `on_trouble(call_id, waiting)` is told when a call's record
    has to wait, and when it no longer has to."""

    def __init__(self, on_trouble: Callable[[str, bool], None]) -> None:
        self._records: asyncio.Queue[_Record] = asyncio.Queue()
        self._on_trouble = on_trouble
        self._waiting: set[str] = set()

    def keep(self, call_id: str, write: Write) -> None:
        """Queue a record; returns at once."""
        self._records.put_nowait(_Record(call_id, write))
        if self._waiting:
            self._wait(call_id)

    async def run(self) -> None:
        """Write until cancelled."""
        while True:
            record = await self._records.get()
            while not await self._written(record):
                self._wait(record.call_id)
                await asyncio.sleep(RETRY_S)
            self._records.task_done()
            if self._records.empty():
                for call_id in self._waiting:
                    self._on_trouble(call_id, False)
                self._waiting.clear()

    async def drain(self) -> None:
        """Wait a little for what is queued to be written."""
        try:
            async with asyncio.timeout(DRAIN_S):
                await self._records.join()
        except TimeoutError:
            logger.error("{} records could not be saved before the stop", self._records.qsize() + 1)

    async def _written(self, record: _Record) -> bool:
        try:
            await record.write()
        except Unavailable:
            return False
        except Conflict:
            # It was written before the connection broke; writing it again changes nothing.
            return True
        except Fault as fault:
            # It can never be written; holding up everyone else's would not help it.
            logger.error("a record of call {} cannot be saved: {}", record.call_id, fault.code)
            return True
        return True

    def _wait(self, call_id: str) -> None:
        if call_id not in self._waiting:
            self._waiting.add(call_id)
            self._on_trouble(call_id, True)
