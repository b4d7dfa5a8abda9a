"""Two hundred short calls that come and go, several at a time: does the server give all back?

    python -m perf.many_calls [--calls 200] [--at-once 8] [--minutes 14]

Some callers ask and hear the answer out, some hang up in the middle of it, some say nothing and
some close their connection without ending the call. They come evenly over the minutes given, so
that the slope is measured over ten minutes and not stretched to them. Looked at once a second is
the server's own process, which holds all calls; its slope counts from the first quarter of the
calls on, once for all that time and once for its second half, where a cache that fills has filled.
Open files, threads and child processes are compared with those before the calls.
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
from storage.faults import Fault, Unavailable

SAMPLE_S = 1.0
SETTLE_S = 45.0
"""A lost caller is waited for during 30 s."""
LONGEST_SILENT_S = 4.0
MOST_MB = 1.0
"""In ten minutes."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The server process at a time; memory in bytes."""

    at_s: float
    done: int
    resident: int
    files: int
    threads: int
    children: int


def main() -> None:
    """Run the calls and print what came of them."""
    logger.remove()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the server under test ends too
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--calls", type=int, default=200)
    options.add_argument("--at-once", type=int, default=8)
    options.add_argument("--minutes", type=float, default=14.0)
    chosen = options.parse_args()
    every_s = chosen.minutes * 60 / chosen.calls
    with running("ours") as server:
        samples = asyncio.run(_run(server, questions(), chosen.calls, chosen.at_once, every_s))
    _report(samples, chosen.calls)


async def _run(
    server: Running, asked: list[Spoken], calls: int, at_once: int, every_s: float
) -> list[Sample]:
    """Samples: before the calls, while one comes every `every_s`, and after the last has settled.

    Raises Unavailable when more than one call in fifty fails: what they leave behind says nothing.
    """
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
        await asyncio.sleep(number * every_s)
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
    if failed * 50 > calls:
        raise Unavailable("bench.calls_failed", f"{failed} of {calls} calls failed.")
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
            len(process.children(recursive=True)),
        )


def _report(samples: list[Sample], calls: int) -> None:
    before, *during, after = samples
    warm = [one for one in during if one.done >= calls // 4]
    print("| | resident | open files | threads | children |\n|---|---|---|---|---|")
    for label, one in (
        ("before", before), ("most", max(during, key=lambda one: one.resident)), ("after", after),
    ):  # fmt: skip
        print(
            f"| {label} | {one.resident / 1e6:.1f} MB "
            f"| {one.files} | {one.threads} | {one.children} |"
        )
    whole, half = _slope(warm), _slope(warm[len(warm) // 2 :])
    minutes = (warm[-1].at_s - warm[0].at_s) / 60
    print(
        f"\nMemory slope after the first quarter: {whole:.2f} MB in 10 minutes, measured over "
        f"{minutes:.1f}; in their second half {half:.2f} (bar {MOST_MB:.0f})."
    )
    if minutes < 10:
        print("Too short for the bar: the slope is stretched to ten minutes.")


def _slope(samples: list[Sample]) -> float:
    """Megabytes in ten minutes, by least squares."""
    at_s = np.array([one.at_s for one in samples])
    megabytes = np.array([one.resident / 1e6 for one in samples])
    return float(np.polyfit(at_s - at_s[0], megabytes, 1)[0]) * 600


if __name__ == "__main__":
    main()
