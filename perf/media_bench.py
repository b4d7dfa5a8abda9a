"""The media path beside stock aiortc: CPU per call, memory per call, and the jitter buffers.

    python -m perf.media_bench [--calls 10] [--seconds 12] [--runs 3] [--servers own stock]

The servers run in a process of their own, take the same callers, decode every caller to 16 kHz
mono and speak all the time; the callers run in this process. "muted" is our server with callers
whose microphone is off and nothing to say to them. The jitter buffers see the same traces.
"""

from __future__ import annotations

import argparse
import asyncio
import fractions
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import av
import numpy as np
from aiortc import (
    MediaStreamTrack,
    RTCPeerConnection,
    RTCSessionDescription,
    jitterbuffer,
)
from aiortc.mediastreams import MediaStreamError
from aiortc.rtp import RtpPacket as AiortcPacket

from signaling.browser_leg import BrowserLeg
from signaling.media.peer import Peer
from tests.signaling.traces import FRAME_S, TICKS, Arrival, run_buffer, speech, trace

SPEECH = speech(10, 24_000).tobytes()
BASE_S = 0.03
KINDS = ("own", "stock", "muted")


def main() -> None:
    """Run everything and print two tables."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--calls", type=int, default=10)
    arguments.add_argument("--seconds", type=float, default=12.0)
    arguments.add_argument("--runs", type=int, default=3)
    arguments.add_argument("--servers", nargs="+", choices=KINDS, default=["own", "stock"])
    arguments.add_argument("--serve", choices=KINDS, help=argparse.SUPPRESS)
    chosen = arguments.parse_args()
    if chosen.serve:
        own = _OwnServer(talks=chosen.serve == "own")
        asyncio.run(_serve(_StockServer() if chosen.serve == "stock" else own))
        return
    figures: dict[str, list[dict[str, float]]] = {kind: [] for kind in chosen.servers}
    for _ in range(chosen.runs):
        for kind, runs in figures.items():
            runs.append(asyncio.run(_measure(kind, chosen.calls, chosen.seconds)))
    print(f"{chosen.calls} calls at once, {chosen.seconds:.0f} s, median of {chosen.runs} runs")
    print("| | core per call | memory per call | frames/s heard | frames/s sent |")
    print("|---|---|---|---|---|")
    for kind, runs in figures.items():
        median = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
        print(
            f"| {kind} | {median['core']:.4f} | {median['megabytes']:.2f} MB "
            f"| {median['heard']:.1f} | {median['sent']:.1f} |"
        )
    print()
    _compare_buffers()


# CPU per call: a server process on stdin and stdout, callers here.


class _OwnServer:
    """Legs as the product uses them; unless it `talks`, nobody says anything."""

    def __init__(self, *, talks: bool) -> None:
        self.heard = 0
        self._talks = talks
        self._legs: list[BrowserLeg] = []

    async def answer(self, sdp: str) -> str:
        leg = BrowserLeg(
            on_audio=self._hear,
            speak=_talker() if self._talks else lambda: None,
            on_message=lambda message: None,
            on_state=lambda state: None,
        )
        self._legs.append(leg)
        return (await leg.answer(sdp))[0]

    def _hear(self, pcm: bytes, at_ms: int, concealed: bool) -> None:
        self.heard += 1


class _StockServer:
    """aiortc as it comes: tracks in and out, PyAV's resampler to 16 kHz mono."""

    def __init__(self) -> None:
        self.heard = 0
        self._connections: list[RTCPeerConnection] = []
        self._readers: list[asyncio.Task[None]] = []

    async def answer(self, sdp: str) -> str:
        connection = RTCPeerConnection()
        self._connections.append(connection)

        @connection.on("track")
        def track(track: MediaStreamTrack) -> None:
            self._readers.append(asyncio.get_running_loop().create_task(self._read(track)))

        await connection.setRemoteDescription(RTCSessionDescription(sdp, "offer"))
        connection.getTransceivers()[0].direction = "sendrecv"
        connection.getTransceivers()[0].sender.replaceTrack(_StockVoice())
        await connection.setLocalDescription(await connection.createAnswer())
        return str(connection.localDescription.sdp)

    async def _read(self, track: MediaStreamTrack) -> None:
        resampler = av.AudioResampler(format="s16", layout="mono", rate=16_000)
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            assert isinstance(frame, av.AudioFrame)
            for piece in resampler.resample(frame):
                piece.to_ndarray().tobytes()
                self.heard += 1


class _StockVoice(MediaStreamTrack):
    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self._talk = _talker()
        self._start = asyncio.get_running_loop().time()
        self._number = 0

    async def recv(self) -> av.AudioFrame:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(max(0.0, self._start + self._number * FRAME_S - loop.time()))
        samples = np.frombuffer(self._talk() or b"", np.int16)[None, :]
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
        frame.sample_rate = 24_000
        frame.pts = self._number * 480
        frame.time_base = fractions.Fraction(1, 24_000)
        self._number += 1
        return frame


async def _serve(server: _OwnServer | _StockServer) -> None:
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        request = json.loads(line)
        if "sdp" in request:
            reply: dict[str, Any] = {"sdp": await server.answer(request["sdp"])}
        else:
            times = os.times()
            reply = {"cpu": times.user + times.system, "rss": _resident(), "heard": server.heard}
        print(json.dumps(reply), flush=True)
    os._exit(0)


async def _measure(kind: str, calls: int, seconds: float) -> dict[str, float]:
    server = subprocess.Popen(  # noqa: ASYNC220 - a bench
        [sys.executable, "-m", "perf.media_bench", "--serve", kind],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    loop = asyncio.get_running_loop()

    def exchange(request: dict[str, Any]) -> dict[str, Any]:
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdin.write(json.dumps(request) + "\n")
        server.stdin.flush()
        reply: dict[str, Any] = json.loads(server.stdout.readline())
        return reply

    heard = 0

    def hear(pcm: bytes, at_ms: int, concealed: bool) -> None:
        nonlocal heard
        heard += not concealed

    peers: list[Peer] = []
    memory: list[float] = []
    try:
        for _ in range(calls):
            peer = Peer(
                on_audio=hear,
                speak=_talker(),
                on_liveness=lambda state: None,
                on_channel=lambda channel: None,
                complexity=0,
            )
            peers.append(peer)
            peer.addTransceiver("audio", "sendrecv")
            up = asyncio.Event()
            peer.createDataChannel("chat").on("open", up.set)
            await peer.setLocalDescription(await peer.createOffer())
            offer = {"sdp": peer.localDescription.sdp}
            answer = await loop.run_in_executor(None, exchange, offer)
            await peer.setRemoteDescription(RTCSessionDescription(answer["sdp"], "answer"))
            await up.wait()
            if kind == "muted":
                peer.outbound = None
            memory.append((await loop.run_in_executor(None, exchange, {}))["rss"])
        await asyncio.sleep(2)
        before, heard_before = await loop.run_in_executor(None, exchange, {}), heard
        await asyncio.sleep(seconds)
        after, heard_after = await loop.run_in_executor(None, exchange, {}), heard
    finally:
        for peer in peers:
            await peer.close()
        server.terminate()
        server.wait()
    return {
        "core": (after["cpu"] - before["cpu"]) / seconds / calls,
        "megabytes": (after["rss"] - memory[0]) / 1e6 / max(1, calls - 1),
        "heard": (after["heard"] - before["heard"]) / seconds / calls,
        "sent": (heard_after - heard_before) / seconds / calls,
    }


def _talker() -> Callable[[], bytes | None]:
    at = 0

    def talk() -> bytes:
        nonlocal at
        at = (at + 960) % len(SPEECH)
        return SPEECH[at : at + 960]

    return talk


def _resident() -> float:
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * float(os.sysconf("SC_PAGE_SIZE"))


# The jitter buffers on the same traces.


def _compare_buffers() -> None:
    traces = {
        "clean": trace(120),
        "one packet lost": trace(120, lose=[500]),
        "1 % loss": trace(120, loss=0.01),
        "5 % loss": trace(120, loss=0.05),
        "5 % loss, 20 ms jitter": trace(120, loss=0.05, jitter_s=0.02),
        "10 % loss, 40 ms jitter": trace(120, loss=0.10, jitter_s=0.04),
    }
    print("| trace | ours: time accounted for | delay mean / p95 | aiortc: delivered | delay |")
    print("|---|---|---|---|---|")
    for name, arrivals in traces.items():
        ours = run_buffer(arrivals)
        delays = ours.delays_s(BASE_S)[:6000] * 1000
        stock = np.array(list(_aiortc_buffer(arrivals).values())) * 1000
        print(
            f"| {name} | {min(1, len(ours.handed_s) / 6000):.1%} "
            f"| {np.mean(delays):.0f} / {np.percentile(delays, 95):.0f} ms "
            f"| {len(stock) / 6000:.1%} "
            f"| {np.mean(stock):.0f} / {np.percentile(stock, 95):.0f} ms |"
        )


def _aiortc_buffer(arrivals: list[Arrival]) -> dict[int, float]:
    """Delay of each frame through aiortc's own class with its audio settings, in seconds."""
    buffer = jitterbuffer.JitterBuffer(capacity=16, prefetch=4)
    delays: dict[int, float] = {}
    for arrival in arrivals:
        packet = AiortcPacket(
            sequence_number=arrival.number & 0xFFFF, timestamp=arrival.timestamp & 0xFFFFFFFF
        )
        packet._data = arrival.payload  # type: ignore[attr-defined]
        _, frame = buffer.add(packet)
        if frame is not None:
            number = frame.timestamp // TICKS
            delays[number] = arrival.at_s - number * FRAME_S - BASE_S
    return delays


if __name__ == "__main__":
    main()
