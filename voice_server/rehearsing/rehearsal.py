"""Plays the calls of a rehearsal, a few at a time, and judges each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from voice_server.rehearsing.judging import Verdict, judge
from voice_server.rehearsing.lateness import open_lateness
from voice_server.rehearsing.playing import play
from voice_server.rehearsing.script import Call
from voice_server.rehearsing.servers import Server
from voice_server.rehearsing.sounds import open_sounds

LATE_S = 0.03
"""Audio is due every 20 ms: a machine that serves us this late may lose some, here and there."""


async def rehearse(
    calls: Sequence[Call], server: Server, *, at_once: int, told: Callable[[Verdict], None]
) -> list[Verdict]:
    """The verdicts in the order of the calls; `told` hears each as it comes.

    A call that failed while this machine was late is played once more, by itself, and that counts.
    Raises NotSignedIn or Unavailable when the server cannot be used at all.
    """
    places = asyncio.Semaphore(at_once)
    await server.token()
    async with open_sounds() as sounds, open_lateness() as lateness:

        async def one(number: int, *, again: bool = False) -> Verdict:
            async with places:
                since_s = asyncio.get_running_loop().time()
                token = await server.token()
                address = server.address(number + len(calls) if again else number)
                performance = await play(calls[number], address, token, sounds)
                performance.late_s, performance.again = lateness.worst_s(since_s), again
            verdict = await asyncio.to_thread(judge, performance)
            told(verdict)
            return verdict

        async with asyncio.TaskGroup() as tasks:
            playing = [tasks.create_task(one(number)) for number in range(len(calls))]
        verdicts = [task.result() for task in playing]
        for number, verdict in enumerate(verdicts):
            if not verdict.passed and verdict.performance.late_s >= LATE_S:
                verdicts[number] = await one(number, again=True)
        return verdicts
