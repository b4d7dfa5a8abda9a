"""Far ends for a leg: a stock aiortc client, and one on our own peer."""

from __future__ import annotations

import asyncio
import fractions
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import av
import numpy as np
from aiortc import (
    MediaStreamTrack,
    RTCDataChannel,
    RTCIceServer,
    RTCPeerConnection,
    RTCSessionDescription,
)
from aiortc.mediastreams import MediaStreamError

from signaling.browser_leg import BrowserLeg
from signaling.media.peer import Peer
from signaling.media.wire import Wire
from tests.signaling.traces import speech

LOOPBACK = ("127.0.0.1",)
SPEECH_24K = speech(2, 24_000).tobytes()


class LegLog:
    """A leg and everything that it told us, with the loop's time."""

    def __init__(self, *, speak: Callable[[], bytes | None] | None = None, **leg: Any) -> None:
        self.frames: list[tuple[float, bytes, int, bool]] = []
        self.messages: list[dict[str, Any]] = []
        self.states: list[tuple[float, str]] = []
        self.pulls: list[float] = []
        self._speak = speak or (lambda: None)
        self._loop = asyncio.get_running_loop()
        self._changed = asyncio.Event()
        self.leg = BrowserLeg(
            on_audio=self._audio,
            speak=self._pull,
            on_message=self._message,
            on_state=self._state,
            **{"interfaces": LOOPBACK, **leg},
        )

    async def until(self, true: Callable[[], bool], deadline_s: float = 8.0) -> None:
        """Wait for anything the leg reports to make it true."""
        async with asyncio.timeout(deadline_s):
            while not true():
                self._changed.clear()
                await self._changed.wait()

    def time_of(self, state: str) -> float:
        return next(at for at, name in self.states if name == state)

    def _audio(self, pcm: bytes, at_ms: int, concealed: bool) -> None:
        self.frames.append((self._loop.time(), pcm, at_ms, concealed))
        self._changed.set()

    def _pull(self) -> bytes | None:
        self.pulls.append(self._loop.time())
        return self._speak()

    def _message(self, message: dict[str, Any]) -> None:
        self.messages.append(message)
        self._changed.set()

    def _state(self, state: str) -> None:
        self.states.append((self._loop.time(), state))
        self._changed.set()


class Microphone(MediaStreamTrack):
    """48 kHz speech in real time, as aiortc's own sender takes it."""

    kind = "audio"

    def __init__(self, layout: str = "mono") -> None:
        super().__init__()
        self._layout = layout
        self._pcm = speech(2, 48_000)
        self._number = 0
        self._start = 0.0

    async def recv(self) -> av.AudioFrame:
        if self.readyState != "live":
            raise MediaStreamError
        loop = asyncio.get_running_loop()
        self._start = self._start or loop.time()
        await asyncio.sleep(max(0.0, self._start + self._number * 0.02 - loop.time()))
        at = self._number * 960 % (len(self._pcm) - 960)
        channels = 2 if self._layout == "stereo" else 1
        block = np.repeat(self._pcm[at : at + 960], channels)[None, :]
        frame = av.AudioFrame.from_ndarray(block, format="s16", layout=self._layout)
        frame.sample_rate = 48_000
        frame.pts = self._number * 960
        frame.time_base = fractions.Fraction(1, 48_000)
        self._number += 1
        return frame


class StockClient:
    """A client on aiortc as it comes, with the transceivers and the channel of a pipecat client."""

    def __init__(self, *, microphone: MediaStreamTrack | None = None, video: bool = True) -> None:
        self.pc = RTCPeerConnection()
        self.texts: list[str] = []
        self.loudness: list[float] = []
        self._reading: asyncio.Task[None] | None = None
        self.pc.addTransceiver(microphone or "audio", direction="sendrecv")
        if video:
            self.pc.addTransceiver("video", direction="sendrecv")
        self.channel: RTCDataChannel = self.pc.createDataChannel("chat", ordered=True)
        self.open = asyncio.Event()
        self.news = asyncio.Event()
        self.channel.on("open", self.open.set)
        self.channel.on("message", self._text)
        self.pc.on("track", self._track)

    async def offer(self) -> str:
        for ice in getattr(self.pc, "_RTCPeerConnection__iceTransports"):  # noqa: B009
            agent = ice.iceGatherer._connection
            gather = agent.get_component_candidates
            agent.get_component_candidates = lambda component, addresses, gather=gather: gather(
                component, list(LOOPBACK)
            )
        await self.pc.setLocalDescription(await self.pc.createOffer())
        return str(self.pc.localDescription.sdp)

    async def accept(self, sdp: str) -> None:
        await self.pc.setRemoteDescription(RTCSessionDescription(sdp, "answer"))

    async def call(self, leg: BrowserLeg) -> None:
        """Connect to a leg; returns when the data channel is open."""
        sdp, _ = await leg.answer(await self.offer())
        await self.accept(sdp)
        async with asyncio.timeout(8):
            await self.open.wait()

    async def text(self, count: int, deadline_s: float = 5.0) -> list[str]:
        """The first `count` texts received."""
        async with asyncio.timeout(deadline_s):
            while len(self.texts) < count:
                self.news.clear()
                await self.news.wait()
        return self.texts[:count]

    async def close(self) -> None:
        await self.pc.close()
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.wait([self._reading])

    def _text(self, text: str) -> None:
        self.texts.append(text)
        self.news.set()

    def _track(self, track: MediaStreamTrack) -> None:
        if track.kind == "audio":
            self._reading = asyncio.get_running_loop().create_task(self._read(track))

    async def _read(self, track: MediaStreamTrack) -> None:
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            assert isinstance(frame, av.AudioFrame)
            self.loudness.append(float(np.abs(frame.to_ndarray().astype(int)).mean()))
            self.news.set()


class OwnClient:
    """A client on our own peer: speaks a loop of speech, hears, and can be cut off by its wire."""

    def __init__(
        self,
        *,
        wire: Wire | None = None,
        silent: bool = False,
        interfaces: tuple[str, ...] = LOOPBACK,
        servers: Sequence[RTCIceServer] = (),
    ) -> None:
        self.texts: list[dict[str, Any]] = []
        self.heard = 0
        self.open = asyncio.Event()
        self._news = asyncio.Event()
        self._at = 0
        self._silent = silent
        self.peer = Peer(
            on_audio=self._hear,
            speak=self._speak,
            on_liveness=lambda state: None,
            on_channel=lambda channel: None,
            servers=servers,
            interfaces=interfaces,
            wire=wire,
        )
        self.peer.addTransceiver("audio", "sendrecv")
        self.channel = self.peer.createDataChannel("chat")
        self.channel.on("message", self._text)
        self.channel.on("open", self.open.set)

    async def offer(self) -> str:
        await self.peer.setLocalDescription(await self.peer.createOffer())
        return str(self.peer.localDescription.sdp)

    async def accept(self, sdp: str) -> None:
        await self.peer.setRemoteDescription(RTCSessionDescription(sdp, "answer"))

    async def call(self, leg: BrowserLeg) -> None:
        sdp, _ = await leg.answer(await self.offer())
        await self.accept(sdp)
        async with asyncio.timeout(8):
            await self.open.wait()

    async def received(self, count: int, deadline_s: float = 20.0) -> None:
        """Wait for `count` messages."""
        async with asyncio.timeout(deadline_s):
            while len(self.texts) < count:
                self._news.clear()
                await self._news.wait()

    def _text(self, text: str) -> None:
        self.texts.append(json.loads(text))
        self._news.set()

    def _hear(self, pcm: bytes, at_ms: int, concealed: bool) -> None:
        self.heard += 1

    def _speak(self) -> bytes | None:
        if self._silent:
            return None
        self._at = (self._at + 960) % len(SPEECH_24K)
        return SPEECH_24K[self._at : self._at + 960]


@asynccontextmanager
async def stock_call(
    *, speak: Callable[[], bytes | None] | None = None, **client: Any
) -> AsyncIterator[tuple[LegLog, StockClient]]:
    """A leg and a stock client whose call is up."""
    log = LegLog(speak=speak)
    far = StockClient(**client)
    try:
        await far.call(log.leg)
        yield log, far
    finally:
        await log.leg.close()
        await far.close()


@asynccontextmanager
async def own_call(
    *, wire: Wire | None = None, silent: bool = False
) -> AsyncIterator[tuple[LegLog, OwnClient]]:
    """A leg and our own client whose call is up."""
    log = LegLog()
    far = OwnClient(wire=wire, silent=silent)
    try:
        await far.call(log.leg)
        yield log, far
    finally:
        await log.leg.close()
        await far.peer.close()
