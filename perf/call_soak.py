"""Calls in sequence against a server of our own: does a call give back what it took?

    python -m perf.call_soak [--calls 20]

Each call asks one typed and one spoken question and hangs up after the first words of the second
answer. After each, once the call is kept as ended, the server process is looked at from outside:
resident memory, open files, threads; and asked how many asyncio tasks it holds.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import httpx
import numpy as np
import psutil
import soxr
from numpy.typing import NDArray

from signaling.caller import open_caller, sign_in
from tests.browser.accounts import Account, Accounts
from tests.fixtures_server import Server, start, stop
from voice_server.speech.opening import open_voice

TYPED = "What is the dose of adrenaline in anaphylaxis?"
SPOKEN = "How is hyperkalaemia treated?"
WARM_UP = 5
"""Calls after which caches and pools are filled."""
SETTLE_S = 1.0


@dataclass(frozen=True, slots=True)
class Sample:
    """The server process after a call; memory in bytes."""

    resident: int
    files: int
    threads: int
    tasks: int
    call_s: float


def main() -> None:
    """Run the calls and print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--calls", type=int, default=20)
    calls = options.parse_args().calls
    with tempfile.TemporaryDirectory(prefix="call-soak-") as folder:
        speech = asyncio.run(_speech(Path(folder) / "voice"))
        data, log = Path(folder) / "data", Path(folder) / "log"
        process, url, password = start(
            data,
            log,
            VOICE_HEARING__URL="scripted://?text=how+is+hyperkalaemia+treated",
            VOICE_VOICE__URL="tone://",
        )
        try:
            server = Server(url, "admin@example.org", password, data, log, process.pid)
            people = Accounts(server)
            caller = people.add("Sam Soak", "clinician")
            people.close()
            samples = asyncio.run(_run(server, caller, people.admin, speech, calls))
        finally:
            stop(process)
    _report(samples)


async def _speech(folder: Path) -> NDArray[np.int16]:
    """The spoken question, 16 kHz."""
    async with open_voice("auto", data=folder) as voice:
        pcm = b"".join([piece.pcm async for piece in voice.say(SPOKEN)])
        return np.asarray(
            soxr.resample(np.frombuffer(pcm, np.int16), voice.rate_hz, 16_000), np.int16
        )


async def _run(
    server: Server, who: Account, admin: Account, speech: NDArray[np.int16], calls: int
) -> list[Sample]:
    process = psutil.Process(server.pid)
    token = await sign_in(server.url, who.email, who.password)
    admins = await sign_in(server.url, admin.email, admin.password)
    async with (
        httpx.AsyncClient(
            base_url=server.url, headers={"Authorization": f"Bearer {token}"}
        ) as http,
        httpx.AsyncClient(
            base_url=server.url, headers={"Authorization": f"Bearer {admins}"}
        ) as watch,
    ):
        samples = [await _look(process, watch, 0.0)]
        for number in range(1, calls + 1):
            began = time.monotonic()
            await _call(server.url, token, speech)
            await _ended(http)
            await asyncio.sleep(SETTLE_S)
            samples.append(await _look(process, watch, time.monotonic() - began))
            last = samples[-1]
            print(
                f"{number}: {last.resident / 1e6:.1f} MB, {last.files} files, {last.tasks} tasks",
                flush=True,
            )
    return samples


async def _call(url: str, token: str, speech: NDArray[np.int16]) -> None:
    async with asyncio.timeout(90), open_caller(url, token, low_cpu=True) as line:
        await line.events.wait_for("call")
        line.message("send-text", {"content": TYPED})
        await line.events.wait_for("words", deadline_s=30)
        played = await line.play(speech)
        found_s, _ = await line.events.wait_for("evidence", after_s=played.first_s, deadline_s=30)
        await line.events.wait_for("words", after_s=found_s, deadline_s=30)


async def _ended(http: httpx.AsyncClient) -> None:
    """Wait until the newest call is kept as ended."""
    while True:
        reply = await http.get("/api/calls", params={"limit": 1})
        if reply.raise_for_status().json()["calls"][0]["ended_at"]:
            return
        await asyncio.sleep(0.1)


async def _look(process: psutil.Process, watch: httpx.AsyncClient, call_s: float) -> Sample:
    held = (await watch.get("/api/status/process")).raise_for_status().json()
    with process.oneshot():
        return Sample(
            process.memory_info().rss,
            process.num_fds(),
            process.num_threads(),
            held["tasks"],
            call_s,
        )


def _report(samples: list[Sample]) -> None:
    print("\n| after call | resident | open files | threads | tasks | the call took |")
    print("|---|---|---|---|---|---|")
    for number, one in enumerate(samples):
        if number in (0, 1, 2) or number % 5 == 0 or number == len(samples) - 1:
            print(
                f"| {number} | {one.resident / 1e6:.1f} MB | {one.files} | {one.threads} "
                f"| {one.tasks} | {one.call_s:.1f} s |"
            )
    if len(samples) > WARM_UP + 2:
        warm = np.array([one.resident / 1e6 for one in samples[WARM_UP:]])
        slope = np.polyfit(np.arange(len(warm)), warm, 1)[0]
        mean = (warm[-1] - warm[0]) / (len(warm) - 1)
        print(
            f"\nGrowth per call after the {WARM_UP}th: {mean:.2f} MB (fitted line {slope:.2f} MB)."
        )


if __name__ == "__main__":
    main()
