"""An engine's process as the server sees it: frames in, frames out, and whether it lives."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import suppress

from storage.faults import EngineDown
from voice_server.speech.frames import Frame, FrameReader, Kind

START_DEADLINE_S = 30.0
"""Longest time a process may take to load its model."""

MOST_UNSENT_BYTES = 1 << 20
"""Audio that may wait for the process (33 s); beyond that it is not keeping up."""


class WorkerProcess:
    """Start with `started`, then read `frames` until it ends. `greeting` is what it said when it
    was ready."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._reader = FrameReader()
        self.greeting = ""

    @classmethod
    async def started(cls, module: str, *arguments: str) -> WorkerProcess:
        """A process running `module` that has loaded its model. Raises EngineDown when it does
        not."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            module,
            *arguments,
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            start_new_session=True,
        )
        worker = cls(process)
        try:
            async with asyncio.timeout(START_DEADLINE_S):
                async for frame in worker.frames():
                    if frame.kind is Kind.READY:
                        worker.greeting = frame.payload.decode()
                        return worker
        except TimeoutError:
            pass
        except BaseException:
            await worker.stop()
            raise
        await worker.stop()
        raise EngineDown(
            "speech.start",
            "A speech engine does not start.",
            remedy="`voice-server doctor` says how it is set up; see whether memory is short.",
        )

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def send(self, frame: Frame) -> bool:
        """Hand over a frame; returns at once. False when the process is gone or far behind."""
        pipe = self._process.stdin
        if pipe is None or pipe.is_closing() or self._process.returncode is not None:
            return False
        if pipe.transport.get_write_buffer_size() > MOST_UNSENT_BYTES:
            return False
        pipe.write(frame.packed())
        return True

    async def frames(self) -> AsyncIterator[Frame]:
        """What the process says, until it ends."""
        output = self._process.stdout
        while output is not None and (chunk := await output.read(1 << 16)):
            for frame in self._reader.feed(chunk):
                yield frame

    def kill(self) -> None:
        """End it now."""
        if self._process.returncode is None:
            # Not `Process.kill`: it reaps a process that has just ended before asyncio does, which
            # then reports an unknown child.
            with suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGKILL)

    async def stop(self) -> None:
        """End it and wait until it is gone."""
        self.kill()
        if self._process.stdin is not None:
            self._process.stdin.close()
        if self._process.stdout is not None:
            await self._process.stdout.read()
        await self._process.wait()
