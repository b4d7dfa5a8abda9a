"""An engine's process is ended without a trace."""

from __future__ import annotations

import asyncio
from asyncio.subprocess import PIPE

import pytest

from voice_server.speech.worker_process import WorkerProcess

ROUNDS = 300
"""One in 30 met the moment between the end of a process and asyncio's knowing of it."""


async def test_a_process_that_is_ended_twice_is_no_unknown_child(
    caplog: pytest.LogCaptureFixture,
) -> None:
    for _ in range(ROUNDS):
        process = await asyncio.create_subprocess_exec("sleep", "60", stdin=PIPE, stdout=PIPE)
        worker = WorkerProcess(process)
        worker.kill()
        async for _ in worker.frames():  # until it has closed its output, as it does when it ends
            pass
        await worker.stop()
        assert process.returncode == -9
    assert caplog.records == []
