"""One caller's media and messages: what the conversation above holds of a WebRTC client.

The leg outlives its peer connection: a new offer (reload, change of network) brings a new `Peer`
under the same leg, and the old one is closed once the new one is up.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from aiortc import RTCDataChannel, RTCIceServer, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError

from signaling.ice import IceServer
from signaling.media.allowance import Allowance
from signaling.media.inbound import OnAudio
from signaling.media.jitter import Counters
from signaling.media.opus import CLOCK_HZ, FRAME_MS
from signaling.media.outbound import Speak
from signaling.media.peer import Peer
from signaling.offers import (
    Answer,
    Candidate,
    Offer,
    ice_ufrag,
    read_candidate,
    read_offer,
    sdp_errors,
    with_voice_parameters,
    without_mdns,
)
from signaling.outbox import Outbox
from storage.faults import Conflict, Invalid

LegState = Literal["connecting", "connected", "reconnecting", "closed"]

CONNECT_S = 15.0
"""A caller who was answered and whose media is not up by then is gone."""

GOODBYE_S = 0.03
"""For the last message to leave before the channel is torn down."""

MOST_BUFFERED_BYTES = 4_000_000
"""A caller who takes no messages while we hold this many bytes for it is hung up."""

MOST_MESSAGES_PER_S, MOST_MESSAGES_AT_ONCE = 100.0, 300.0
MOST_MESSAGE_CHARACTERS = 64_000


@dataclass(frozen=True, slots=True)
class Quality:
    """A connection's round trip and jitter in ms, and the shares (0 to 1) of audio that were lost:
    from the caller since the start, to the caller as last reported."""

    round_trip_ms: float
    jitter_ms: float
    lost_from_caller: float
    lost_to_caller: float


class BrowserLeg:
    """A WebRTC caller. All calls on the event loop; the callbacks come on it too and must be quick.

    `on_audio(pcm, stream_ms, concealed)`: 20 ms of 16 kHz mono s16le (640 bytes), in order, without
    holes. `speak()`: pulled when a packet is due, 20 ms of 24 kHz mono s16le (960 bytes) or None.
    `on_message`: JSON objects from the data channel. `on_state`: each change of `state`; "closed"
    is the last and comes once.

    A leg that takes over a call is given the `outbox` of the one before, so that messages keep
    their numbers and those that were lost on the way are sent again.
    """

    def __init__(
        self,
        *,
        on_audio: OnAudio,
        speak: Speak,
        on_message: Callable[[dict[str, Any]], None],
        on_state: Callable[[LegState], None],
        ice_servers: Sequence[IceServer] = (),
        interfaces: Sequence[str] = (),
        outbox: Outbox | None = None,
    ) -> None:
        self.pc_id = f"call-{secrets.token_hex(16)}"
        self.state: LegState = "connecting"
        self._on_audio = on_audio
        self._speak = speak
        self._on_message = on_message
        self._on_state = on_state
        self._servers = tuple(ice_servers)
        self._interfaces = tuple(interfaces)
        self.outbox = outbox or Outbox()
        self._line: _Line | None = None
        self._next_line: _Line | None = None
        self._closing: set[asyncio.Task[None]] = set()
        self._stream_ms = 0

    async def answer(self, offer_sdp: str, type: str = "offer") -> tuple[str, str]:
        """Take an offer; returns (sdp, "answer"). A second offer renews the peer connection.

        Within 0.5 s of gathering even when STUN and TURN servers are dead. Raises
        Invalid("offer.sdp") for an offer that cannot be used, Conflict once the leg is closed.
        """
        answer = await self.connect(Offer(offer_sdp, type))
        return answer.sdp, answer.type

    async def connect(self, offer: Offer, *, seen: int | None = None) -> Answer:
        """As `answer`; an offer of the peer connection that is up only changes its terms.

        `seen` is the last message number that a resuming caller has received: what came after is
        sent again when the new channel opens.
        """
        if self.state == "closed":
            raise Conflict("call.ended", "This call has ended.", remedy="Start a new call.")
        ufrag = ice_ufrag(read_offer(offer))
        current = self._next_line or self._line
        if current is not None and current.ufrag == ufrag and not offer.restart_pc:
            return Answer(await current.answer(offer.sdp), "answer", self.pc_id)
        line = _Line(self, seen, ufrag)
        try:
            sdp = await line.answer(offer.sdp)
        except BaseException:
            await line.close()
            raise
        if self._line is None:
            self._line = line
        else:
            if self._next_line is not None:
                self._retire(self._next_line)
            self._next_line = line
        return Answer(sdp, "answer", self.pc_id)

    async def add_candidate(self, candidate: Candidate) -> None:
        """Take a trickled candidate. Raises Invalid("offer.candidate") when it is malformed."""
        line = self._next_line or self._line
        parsed = read_candidate(candidate)
        if line is not None and parsed is not None and self.state != "closed":
            try:
                await line.peer.addIceCandidate(parsed)
            except ValueError:
                raise Invalid(
                    "offer.candidate", "The network address names no media.", field="candidates"
                ) from None

    def send(self, message: Mapping[str, Any]) -> None:
        """Send JSON on the data channel; numbered, in order, kept until the channel is open."""
        channel = self._line.channel if self._line is not None else None
        open_now = channel is not None and channel.readyState == "open"
        text = self.outbox.push(message, open_now=open_now)
        if text is not None and channel is not None and self._line is not None:
            channel.send(text)
            if channel.bufferedAmount > MOST_BUFFERED_BYTES:
                self._line_changed(self._line, "closed")

    async def close(self) -> None:
        """Hang up and free everything. Idempotent."""
        lines = [line for line in (self._line, self._next_line) if line is not None]
        if self._line is not None:
            await self._line.say_goodbye()
        self._line = self._next_line = None
        for line in lines:
            await line.close()
        self._change("closed")
        if pending := [task for task in self._closing if task is not asyncio.current_task()]:
            await asyncio.wait(pending)

    @property
    def counters(self) -> Counters:
        """What became of the caller's packets so far."""
        return self._line.peer.inbound.buffer.counters if self._line is not None else Counters()

    @property
    def quality(self) -> Quality:
        """How good the connection is now."""
        if self._line is None:
            return Quality(0.0, 0.0, 0.0, 0.0)
        peer = self._line.peer
        reception = peer.inbound.reception
        counters = peer.inbound.buffer.counters
        missing = counters.recovered_ticks + counters.concealed_ticks
        whole = missing + counters.played_ticks
        return Quality(
            round_trip_ms=peer.round_trip_s * 1000,
            jitter_ms=reception.jitter * 1000 / CLOCK_HZ if reception is not None else 0.0,
            lost_from_caller=missing / whole if whole else 0.0,
            lost_to_caller=peer.reported_loss,
        )

    @property
    def refused(self) -> int:
        """Datagrams dropped because they came from no validated address."""
        return self._line.peer.refused if self._line is not None else 0

    # What a line tells us.

    def _line_changed(self, line: _Line, state: str) -> None:
        if line is self._next_line:
            if state == "connected":
                old, self._line, self._next_line = self._line, line, None
                if old is not None:
                    self._retire(old)
                self._change("connected")
            elif state == "closed":
                self._next_line = None
                self._retire(line)
        elif line is self._line:
            if state == "closed":
                self._line, self._next_line = self._next_line, None
                self._retire(line)
                self._change("closed" if self._line is None else "reconnecting")
            elif state in ("connected", "reconnecting"):
                self._change("connected" if state == "connected" else "reconnecting")

    def _channel_opened(self, line: _Line, seen: int | None) -> None:
        texts = self.outbox.opened() if seen is None else self.outbox.replay(seen)
        for text in texts:
            if line.channel is not None:
                line.channel.send(text)

    def _received(self, line: _Line, message: dict[str, Any]) -> None:
        if line is self._line:
            self._on_message(message)

    def _audio(self, line: _Line, pcm: bytes, concealed: bool) -> None:
        if line is self._line:
            position = self._stream_ms
            self._stream_ms += FRAME_MS
            self._on_audio(pcm, position, concealed)

    def _change(self, state: LegState) -> None:
        if state != self.state and self.state != "closed":
            self.state = state
            self._on_state(state)

    def _retire(self, line: _Line) -> None:
        task = asyncio.get_running_loop().create_task(line.close())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)


class _Line:
    """One peer connection of a leg."""

    def __init__(self, leg: BrowserLeg, seen: int | None, ufrag: str) -> None:
        self.ufrag = ufrag
        self.channel: RTCDataChannel | None = None
        self._leg = leg
        self._seen = seen
        self._messages = Allowance(MOST_MESSAGES_PER_S, MOST_MESSAGES_AT_ONCE)
        self._closed = False
        self.peer = Peer(
            on_audio=lambda pcm, at, concealed: leg._audio(self, pcm, concealed),
            speak=self._speak,
            on_liveness=self._changed,
            on_channel=self._opened,
            servers=[
                RTCIceServer(list(s.urls), s.username or None, s.credential or None)
                for s in leg._servers
            ],
            interfaces=leg._interfaces,
        )
        self._deadline = asyncio.get_running_loop().call_later(CONNECT_S, self._changed, "closed")

    async def answer(self, sdp: str) -> str:
        peer = self.peer
        with sdp_errors():
            await peer.setRemoteDescription(RTCSessionDescription(without_mdns(sdp), "offer"))
            voice = True
            for transceiver in peer.getTransceivers():
                is_voice = voice and transceiver.kind == "audio"
                transceiver.direction = "sendrecv" if is_voice else "inactive"
                voice = voice and not is_voice
            local = await peer.createAnswer()
            local.sdp = with_voice_parameters(local.sdp)
            await peer.setLocalDescription(local)
        return str(peer.localDescription.sdp)

    async def say_goodbye(self) -> None:
        """pipecat clients leave at once when told so."""
        if self.channel is not None and self.channel.readyState == "open":
            self.channel.send('{"type":"signalling","message":{"type":"peerLeft"}}')
            await asyncio.sleep(GOODBYE_S)

    async def close(self) -> None:
        self._closed = True
        self._deadline.cancel()
        try:
            await self.peer.close()
        except (ConnectionError, MediaStreamError):
            return

    def _speak(self) -> bytes | None:
        return self._leg._speak() if self._leg._line is self else None

    def _changed(self, state: str) -> None:
        self._deadline.cancel()
        if not self._closed:
            self._leg._line_changed(self, state)

    def _opened(self, channel: RTCDataChannel) -> None:
        self.channel = channel
        channel.on("message", self._message)
        self._leg._channel_opened(self, self._seen)

    def _message(self, text: str | bytes) -> None:
        if not isinstance(text, str) or text.startswith("ping"):
            return
        if not self._messages.take(asyncio.get_running_loop().time()):
            return
        if len(text) > MOST_MESSAGE_CHARACTERS:
            return
        try:
            message = json.loads(text)
        except ValueError:
            return
        if isinstance(message, dict) and message.get("type") != "signalling":
            self._leg._received(self, message)
