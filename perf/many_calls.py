"""Two hundred short calls that come and go, several at a time: does the server give all back?

    python -m perf.many_calls [--calls 200] [--at-once 8]

Some callers ask and hear the answer out, some hang up in the middle of it, some say nothing and
some close their connection without ending the call. Memory is looked at once a second; its slope
counts from the first quarter of the calls on. Open files and threads are compared with those before
the calls.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
import time
from dataclasses import dataclass

import numpy as np
import psutil
from loguru import logger

from perf.bench.servers import Running, running
from perf.bench.talking import ask, calling, hear_out
from perf.suites import Spoken, questions
from storage.faults import Fault

SAMPLE_S = 1.0
SETTLE_S = 45.0
"""A lost caller is waited for during 30 s."""
LONGEST_SILENT_S = 4.0


@dataclass(frozen=True, slots=True)
class Sample:
    """The server process at a time; memory in bytes."""

    at_s: float
    done: int
    resident: int
    files: int
    threads: int


def main() -> None:
    """Run the calls and print what came of them."""
    logger.remove()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the server under test ends too
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--calls", type=int, default=200)
    options.add_argument("--at-once", type=int, default=8)
    chosen = options.parse_args()
    with running("ours") as server:
        asked = questions()
        _report(asyncio.run(_run(server, asked, chosen.calls, chosen.at_once)), chosen.calls)


async def _run(server: Running, asked: list[Spoken], calls: int, at_once: int) -> list[Sample]:
    """Samples: before the calls, while they come and go, and after the last has settled."""
    process = psutil.Process(server.pid)
    async with asyncio.TaskGroup() as group:  # pools and caches are filled
        for number in range(at_once):
            group.create_task(_call(server, asked[number % len(asked)], 0.9))
    await asyncio.sleep(3)
    samples = [_look(process, 0)]
    gate = asyncio.Semaphore(at_once)
    chance = np.random.default_rng(3)
    done = failed = 0

    async def one(number: int, kind: float) -> None:
        nonlocal done, failed
        async with gate:
            try:
                await _call(server, asked[number % len(asked)], kind)
            except (Fault, TimeoutError):
                failed += 1
            done += 1

    async def watch() -> None:
        while True:
            await asyncio.sleep(SAMPLE_S)
            samples.append(_look(process, done))

    watching = asyncio.create_task(watch())
    async with asyncio.TaskGroup() as group:
        for number in range(calls):
            group.create_task(one(number, float(chance.random())))
    watching.cancel()
    await asyncio.sleep(SETTLE_S)
    samples.append(_look(process, done))
    print(f"{done} calls, {failed} failed")
    return samples


async def _call(server: Running, question: Spoken, kind: float) -> None:
    """One call; `kind` (0 to 1) picks how the caller behaves."""
    async with asyncio.timeout(60), calling(server) as line:
        if kind < 0.2:
            await asyncio.sleep(LONGEST_SILENT_S * kind * 5)
            return
        answer = await ask(line, question)
        if kind > 0.5 and answer is not None:
            await hear_out(line, answer)
        if kind > 0.9:
            line.pc_id = ""  # the connection closes, and nobody tells the server why


def _look(process: psutil.Process, done: int) -> Sample:
    with process.oneshot():
        return Sample(
            time.monotonic(),
            done,
            process.memory_info().rss,
            process.num_fds(),
            process.num_threads(),
        )


def _report(samples: list[Sample], calls: int) -> None:
    before, *during, after = samples
    warm = [one for one in during if one.done >= calls // 4]
    at_s = np.array([one.at_s for one in warm])
    megabytes = np.array([one.resident / 1e6 for one in warm])
    slope = float(np.polyfit(at_s, megabytes, 1)[0]) * 600
    print("| | resident | open files | threads |\n|---|---|---|---|")
    for label, one in (
        ("before", before), ("most", max(during, key=lambda one: one.resident)), ("after", after),
    ):  # fmt: skip
        print(f"| {label} | {one.resident / 1e6:.1f} MB | {one.files} | {one.threads} |")
    print(
        f"\nMemory slope after the first quarter: {slope:.2f} MB in 10 minutes "
        f"(over {(at_s[-1] - at_s[0]) / 60:.1f} minutes; "
        f"{(megabytes[-1] - megabytes[0]) / max(1, calls * 3 // 4):.3f} MB per call)."
    )


if __name__ == "__main__":
    main()
