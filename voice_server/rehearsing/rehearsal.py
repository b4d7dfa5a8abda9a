"""Plays the calls of a rehearsal, a few at a time, and judges each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from voice_server.rehearsing.judging import Verdict, judge
from voice_server.rehearsing.playing import play
from voice_server.rehearsing.script import Call
from voice_server.rehearsing.servers import Server
from voice_server.rehearsing.sounds import open_sounds


async def rehearse(
    calls: Sequence[Call], server: Server, *, at_once: int, told: Callable[[Verdict], None]
) -> list[Verdict]:
    """The verdicts in the order of the calls; `told` hears each as it comes.

    Raises NotSignedIn or Unavailable when the server cannot be used at all.
    """
    places = asyncio.Semaphore(at_once)
    await server.token()

    async def one(number: int, call: Call) -> Verdict:
        async with places:
            performance = await play(call, server.address(number), await server.token(), sounds)
        verdict = await asyncio.to_thread(judge, performance)
        told(verdict)
        return verdict

    async with open_sounds() as sounds, asyncio.TaskGroup() as tasks:
        playing = [tasks.create_task(one(number, call)) for number, call in enumerate(calls)]
    return [task.result() for task in playing]
