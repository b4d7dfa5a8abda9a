"""The client end of a call: what `voice-server call`, rehearsals, tests and the bench talk with.

It plays recorded audio in real time as a microphone would, hears the answer with the time of every
frame, and sees the data channel's messages with theirs. All times are the event loop's clock,
which is `time.monotonic()`.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import numpy as np
import soxr
from aiortc import RTCDataChannel, RTCIceServer, RTCSessionDescription
from numpy.typing import NDArray

from signaling.events import Events
from signaling.listening import Heard, HeardFrame
from signaling.media.opus import FRAME_MS
from signaling.media.peer import Peer
from signaling.media.wire import Wire
from signaling.offers import with_voice_parameters
from signaling.server_api import client, request
from storage.faults import Conflict, Fault, Unavailable

SPEAK_HZ = 24_000
PING_S = 1.0
RTVI_VERSION = "2.0.0"
Microphone = Callable[[], bytes | None]
"""20 ms of mono s16le at `SPEAK_HZ`, or None for silence, each time a packet is due."""
_FRAME_SAMPLES = SPEAK_HZ * FRAME_MS // 1000


async def sign_in(base_url: str, email: str, password: str) -> str:
    """An access token. Raises NotSignedIn for a wrong password, Unavailable without a server."""
    async with client(base_url, "") as http:
        reply = await request(http, "POST", "/api/session", {"email": email, "password": password})
    return str(reply["access_token"])


@asynccontextmanager
async def open_caller(
    base_url: str,
    token: str,
    *,
    request_data: Mapping[str, object] | None = None,
    interfaces: Sequence[str] = (),
    wire: Wire | None = None,
    low_cpu: bool = False,
    microphone: Microphone | None = None,
    keep_s: float = 900.0,
    deadline_s: float = 10.0,
) -> AsyncIterator[Caller]:
    """A call that is up, media and data channel, hung up at the end of the block.

    `low_cpu` hears at 16 kHz and encodes simply: for many callers on one machine. `wire` makes the
    network bad. `microphone` is heard while nothing is played. Raises the server's own fault when
    it refuses, Unavailable when the call is not up within `deadline_s`.
    """
    async with client(base_url, token) as http:
        caller = Caller(http, interfaces=interfaces, wire=wire, low_cpu=low_cpu, keep_s=keep_s)
        caller.microphone = microphone
        try:
            await caller.connect(dict(request_data or {}), deadline_s=deadline_s)
            yield caller
        finally:
            await caller.hang_up()


@dataclass(frozen=True, slots=True)
class Played:
    """When a piece of audio left, by the packets that carried it: the last one is sent when its
    last sample would have come out of a microphone."""

    first_s: float
    last_s: float


@dataclass(slots=True)
class _Playing:
    pcm: bytes
    done: asyncio.Future[Played]
    position: int = 0
    first_s: float = 0.0


class Caller:
    """One caller. Made by `open_caller`."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        *,
        interfaces: Sequence[str],
        wire: Wire | None,
        low_cpu: bool,
        keep_s: float,
    ) -> None:
        self.pc_id = ""
        self.state = "connecting"
        self.events = Events()
        self.heard = Heard(16_000 if low_cpu else 48_000, keep_s=keep_s)
        self.sent_packets = 0
        self.microphone: Microphone | None = None
        self._http = http
        self._interfaces = interfaces
        self._wire = wire
        self._low_cpu = low_cpu
        self._muted = False
        self._playing: _Playing | None = None
        self._turn = asyncio.Lock()
        self._peer: Peer | None = None
        self._channel: RTCDataChannel | None = None
        self._open = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._pings: asyncio.TimerHandle | None = None

    async def connect(
        self, request_data: Mapping[str, object], *, deadline_s: float, renew: bool = False
    ) -> None:
        """Offer a peer connection and wait until its data channel is open.

        With `renew`, the call goes on over a new one, as after a change of network.
        """
        before = self._peer
        servers = await self._ice_servers()
        self._open = asyncio.Event()
        peer = self._peer = Peer(
            on_audio=self._hear,
            speak=lambda: self._speak() if self._peer is peer else None,
            on_liveness=lambda state: self._liveness(state) if self._peer is peer else None,
            on_channel=lambda channel: None,
            servers=servers,
            interfaces=self._interfaces,
            hear_hz=self.heard.rate_hz,
            speak_hz=SPEAK_HZ,
            complexity=0 if self._low_cpu else 5,
            wire=self._wire,
        )
        peer.addTransceiver("audio", "sendrecv")
        channel = self._channel = peer.createDataChannel("chat")
        channel.on("message", self._message)
        channel.on("open", self._opened)
        offer = await peer.createOffer()
        offer.sdp = with_voice_parameters(offer.sdp)
        await peer.setLocalDescription(offer)
        body: dict[str, object] = {"sdp": peer.localDescription.sdp, "type": "offer"}
        if renew and self.pc_id:
            body |= {"pc_id": self.pc_id, "restart_pc": True}
        if request_data:
            body["request_data"] = dict(request_data)
        try:
            async with asyncio.timeout(deadline_s):
                reply = await request(self._http, "POST", "/api/offer", body)
                self.pc_id = str(reply["pc_id"])
                await peer.setRemoteDescription(
                    RTCSessionDescription(str(reply["sdp"]), str(reply["type"]))
                )
                await self._open.wait()
        except TimeoutError:
            raise Unavailable(
                "call.no_media",
                "The call was answered, and no sound gets through.",
                remedy="Allow UDP between this machine and the server, or set a TURN server.",
            ) from None
        finally:
            if before is not None:
                await before.close()

    async def play(self, audio: NDArray[Any] | bytes, rate_hz: int = 16_000) -> Played:
        """Speak: s16le bytes or an array (int16, or float within ±1), mono or (samples, channels).

        Returns when the last packet was sent. Pieces are spoken one after another. Raises
        Unavailable when the call ends first.
        """
        pcm = _voice(audio, rate_hz)
        async with self._turn:
            if self.state == "closed":
                raise Unavailable("call.ended", "The call has ended.")
            playing = _Playing(pcm, self._loop.create_future())
            self._playing = playing
            try:
                return await playing.done
            finally:
                self._playing = None

    def mute(self) -> None:
        """Send silence; what is being played goes on unheard."""
        self._muted = True

    def unmute(self) -> None:
        """Be heard again."""
        self._muted = False

    def send(self, message: Mapping[str, Any]) -> None:
        """Send JSON on the data channel. Raises Conflict when it is not open."""
        if self._channel is None or self._channel.readyState != "open":
            raise Conflict("call.ended", "The call is not up.")
        self._channel.send(json.dumps(message))

    def message(self, type: str, data: Mapping[str, Any] | None = None) -> None:
        """Send an RTVI message. Raises Conflict when the channel is not open."""
        self.send({"label": "rtvi-ai", "type": type, "id": uuid4().hex[:8], "data": data or {}})

    async def silence(
        self, after_s: float, *, for_s: float = 0.3, deadline_s: float = 10.0
    ) -> float:
        """When the silence of at least `for_s` began that was first heard after `after_s`.

        Raises TimeoutError when there is none within `deadline_s`.
        """
        async with asyncio.timeout(deadline_s):
            # Looked at four times per silence: at every frame it would cost more than the call.
            while (began := self.heard.silent_from(after_s, for_s=for_s)) is None:  # noqa: ASYNC110
                await asyncio.sleep(for_s / 4)
        return began

    async def hang_up(self) -> None:
        """End the call, here and at the server. Idempotent; raises nothing."""
        peer, self._peer = self._peer, None
        if self._pings is not None:
            self._pings.cancel()
        if peer is None:
            return
        if self.pc_id and self.state != "closed":
            try:
                await request(self._http, "DELETE", f"/api/offer/{self.pc_id}")
            except Fault:
                self.state = "closed"
        self.state = "closed"
        await peer.close()
        self._finish()

    @property
    def sent_at_s(self) -> float:
        """When the last audio packet was sent."""
        return self._peer.sent_at if self._peer is not None else 0.0

    # What the peer calls.

    def _hear(self, pcm: bytes, at_ms: int, concealed: bool) -> None:
        self.heard.add(HeardFrame(self._loop.time(), pcm, concealed))

    def _speak(self) -> bytes | None:
        self.sent_packets += 1
        playing = self._playing
        if playing is None or playing.done.done():
            room = self.microphone() if self.microphone else None
            return None if self._muted else room
        now = self._loop.time()
        if playing.position == 0:
            playing.first_s = now
        frame = playing.pcm[playing.position : playing.position + _FRAME_SAMPLES * 2]
        playing.position += len(frame)
        if playing.position >= len(playing.pcm):
            playing.done.set_result(Played(playing.first_s, now))
        return None if self._muted else frame

    def _liveness(self, state: str) -> None:
        self.state = state
        if state == "closed":
            self._finish()

    def _finish(self) -> None:
        self.events.end()
        if self._playing is not None and not self._playing.done.done():
            self._playing.done.set_exception(
                Unavailable("call.ended", "The call ended while the audio was being played.")
            )

    def _opened(self) -> None:
        self._open.set()
        about = {"library": "voice-server-caller", "platform": "python"}
        self.message("client-ready", {"version": RTVI_VERSION, "about": about})
        self._ping()

    def _ping(self) -> None:
        if self._channel is not None and self._channel.readyState == "open":
            self._channel.send(f"ping: {int(time.time() * 1000)}")
            self._pings = self._loop.call_later(PING_S, self._ping)

    def _message(self, text: str | bytes) -> None:
        now = self._loop.time()
        try:
            message = json.loads(text)
        except ValueError:
            return
        if isinstance(message, dict):
            self.events.add(now, message)

    async def _ice_servers(self) -> list[RTCIceServer]:
        """The server's STUN and TURN servers, unless it runs on this machine."""
        host = urlsplit(str(self._http.base_url)).hostname or ""
        if host == "localhost" or _is_loopback(host):
            return []
        reply = await request(self._http, "GET", "/api/ice-servers")
        return [
            RTCIceServer(entry["urls"], entry.get("username"), entry.get("credential"))
            for entry in reply["iceServers"]
        ]


def _voice(audio: NDArray[Any] | bytes, rate_hz: int) -> bytes:
    """Mono s16le at 24 kHz, whole frames."""
    samples = np.frombuffer(audio, np.int16) if isinstance(audio, bytes) else np.asarray(audio)
    if samples.dtype == np.int16:
        wave = samples.astype(np.float32) / 32768
    else:
        wave = samples.astype(np.float32)
    if wave.ndim == 2:
        wave = wave.mean(axis=1)
    if rate_hz != SPEAK_HZ:
        wave = soxr.resample(wave, rate_hz, SPEAK_HZ)
    wave = np.pad(wave, (0, -len(wave) % _FRAME_SAMPLES))
    return bytes((np.clip(wave, -1, 1) * 32767).astype("<i2").tobytes())


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
