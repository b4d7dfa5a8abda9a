"""How many conversations one core carries, and what each costs in processor time and memory."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

import numpy as np

from perf.bench.servers import Running
from perf.bench.talking import ask, calling, hear_out, on_time
from perf.suites import Spoken
from signaling.caller import Caller
from storage.faults import Unavailable

ROUNDS, ROUNDS_ALONE = 4, 8
COUNTS = {
    "ours": (1, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 48),
    "pipecat": (1, 2, 3, 4, 5, 6, 7, 8, 10, 12),
    "fastrtc": (1, 2, 3, 4, 5, 6),
}
LEAST_FRAMES = 49.0
STEADY, BROKEN = 1.25, 2.0
"""Of the 95th percentile of one call."""
SLOWEST_START_S = 0.25


@dataclass(frozen=True, slots=True)
class Step:
    """So many calls in conversation at once. `cores` is the server's use, `callers` the bench's
    own, `frames` the frames per second of the caller that got the fewest."""

    calls: int
    p50_s: float
    p95_s: float
    frames: float
    unanswered: int
    cores: float
    callers: float
    resident: float

    @property
    def whole(self) -> bool:
        """Whether every caller was answered with every frame in time."""
        return self.frames >= LEAST_FRAMES and not self.unanswered


async def climb(server: Running, question: Spoken, counts: Sequence[int]) -> list[Step]:
    """More and more calls, until voice to voice has doubled or frames are late."""
    steps: list[Step] = []
    async with AsyncExitStack() as stack:
        lines: list[Caller] = []
        for count in counts:
            while len(lines) < count:
                lines.append(await stack.enter_async_context(calling(server)))
                await asyncio.sleep(SLOWEST_START_S)
            steps.append(await _hold(server, lines, question))
            last = steps[-1]
            print(
                f"  {server.name}: {count} calls, p50 {last.p50_s * 1000:.0f}, "
                f"p95 {last.p95_s * 1000:.0f} ms, {last.frames:.1f} frames/s, "
                f"{last.cores:.2f} cores (callers {last.callers:.2f}), "
                f"{last.resident / 1e6:.0f} MB",
                flush=True,
            )
            if not last.whole or last.p95_s > BROKEN * steps[0].p95_s:
                break
    return steps


async def _hold(server: Running, lines: Sequence[Caller], question: Spoken) -> Step:
    rounds = ROUNDS_ALONE if len(lines) == 1 else ROUNDS
    cpu_s, own_s, began_s = server.cpu_s(), time.process_time(), time.monotonic()
    async with asyncio.TaskGroup() as group:
        talks = [
            group.create_task(_talk(line, question, rounds, seed))
            for seed, line in enumerate(lines)
        ]
    elapsed_s = time.monotonic() - began_s
    said = [talk.result() for talk in talks]
    waits = [wait for waits, _, _ in said for wait in waits] or [float("inf")]
    p50, p95 = np.percentile(waits, [50, 95])
    return Step(
        len(lines),
        float(p50),
        float(p95),
        min(frames for _, frames, _ in said),
        sum(missing for _, _, missing in said),
        (server.cpu_s() - cpu_s) / elapsed_s,
        (time.process_time() - own_s) / elapsed_s,
        server.resident(),
    )


async def _talk(
    line: Caller, question: Spoken, rounds: int, seed: int
) -> tuple[list[float], float, int]:
    """(waits, mean frames per second, questions without an answer) of one caller."""
    chance = np.random.default_rng(seed)
    waits: list[float] = []
    rates: list[float] = []
    unanswered = 0
    await asyncio.sleep(float(chance.uniform(0, 6)))
    for _ in range(rounds):
        try:
            answer = await ask(line, question)
        except Unavailable:  # the server has ended the call
            answer = None
        if answer is None:
            unanswered += 1
            continue
        waits.append(answer.wait_s)
        rates.append(on_time(line, answer.from_s, await hear_out(line, answer)))
        await asyncio.sleep(float(chance.uniform(0.2, 1.0)))
    return waits, float(np.mean(rates)) if rates else 0.0, unanswered
