"""One WebRTC peer connection: ICE, DTLS and data channel from aiortc, sound on our own path.

This is the only file that knows aiortc 1.16's insides. It replaces the two halves of the first
audio transceiver: RTP of a validated pair is decrypted and decoded in the socket callback, and one
timer a call sends a packet every 20 ms, lets the jitter buffer's time pass and watches liveness.
No thread, no task and no queue per stream.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import pylibsrtp
from aiortc import (
    RTCBundlePolicy,
    RTCConfiguration,
    RTCDataChannel,
    RTCIceServer,
    RTCPeerConnection,
    RTCRtpReceiver,
    RTCRtpSender,
    RTCRtpTransceiver,
    clock,
    rtcsctptransport,
)
from aiortc import rtp as rtcp
from aiortc.rtcdtlstransport import RTCDtlsTransport
from aiortc.rtcdtlstransport import State as DtlsState
from aiortc.rtcicetransport import RTCIceTransport
from aiortc.rtcrtpparameters import RTCRtpReceiveParameters, RTCRtpSendParameters
from OpenSSL import SSL

from signaling.media import rtp
from signaling.media.allowance import Allowance
from signaling.media.guarded_ice import GuardedConnection, GuardedGatherer
from signaling.media.inbound import InboundAudio, OnAudio
from signaling.media.liveness import Liveness
from signaling.media.opus import OpusEncoder
from signaling.media.outbound import OutboundAudio, Pacer, Speak
from signaling.media.wire import Wire

MOST_SCTP_CHUNK = 1100
"""Bytes of data in one SCTP chunk: the datagram then fits a path of MTU 1280, IPv6's smallest."""

MOST_PACKETS_PER_S, MOST_PACKETS_AT_ONCE = 150.0, 600.0
"""Audio packets taken from one caller: 100 a second are packets of 10 ms, 600 an outage of 6 s."""

REPORT_EVERY_S = 1.0
MID_EXTENSION = "urn:ietf:params:rtp-hdrext:sdes:mid"

rtcsctptransport.USERDATA_MAX_LENGTH = MOST_SCTP_CHUNK

_PC = "_RTCPeerConnection__"


class Peer(RTCPeerConnection):
    """A peer connection that carries one voice each way and one data channel.

    `on_audio` gets the far end's voice at `hear_hz`; `speak` is pulled for ours at `speak_hz`,
    encoded at Opus `complexity` (0 to 10).
    `on_liveness` hears "connected", "reconnecting" and "closed" as they change; `on_channel` gets
    the data channel once it is open. `sent_at` and `heard_at` are the loop's time of the last
    packets.
    """

    def __init__(
        self,
        *,
        on_audio: OnAudio,
        speak: Speak,
        on_liveness: Callable[[str], None],
        on_channel: Callable[[RTCDataChannel], None],
        servers: Sequence[RTCIceServer] = (),
        interfaces: Sequence[str] = (),
        hear_hz: int = 16_000,
        speak_hz: int = 24_000,
        complexity: int = 1,
        wire: Wire | None = None,
    ) -> None:
        self._event_loop = asyncio.get_running_loop()
        self._servers = list(servers)
        self._interfaces = tuple(interfaces)
        self._on_liveness = on_liveness
        self._wire = wire
        self._complexity = complexity
        self._speak = speak
        self._speak_hz = speak_hz
        self.inbound = InboundAudio(on_audio, rate_hz=hear_hz)
        self.outbound: OutboundAudio | None = None
        self.sent_at = self.heard_at = 0.0
        self._ice: GuardedConnection | None = None
        self._dtls: RTCDtlsTransport | None = None
        self._payload_types: frozenset[int] = frozenset()
        self._packets = Allowance(MOST_PACKETS_PER_S, MOST_PACKETS_AT_ONCE)
        self.round_trip_s = 0.0
        self.reported_loss = 0.0
        self._sender: _AudioSender | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._pacer: Pacer | None = None
        self._liveness: Liveness | None = None
        self._next_report = 0.0
        self._last_sr: tuple[int, float] = (0, 0.0)
        super().__init__(
            RTCConfiguration(iceServers=list(servers), bundlePolicy=RTCBundlePolicy.MAX_BUNDLE)
        )
        self.on("datachannel", on_channel)
        self.on("connectionstatechange", self._connection_changed)

    @property
    def refused(self) -> int:
        """Datagrams dropped because their source is not a validated pair."""
        return self._ice.refused if self._ice is not None else 0

    @property
    def round_trip_address(self) -> str:
        """The far end's address of the pair in use, '' before there is one."""
        pair = self._ice.selected if self._ice is not None else None
        return "" if pair is None else f"{pair.remote_addr[0]}:{pair.remote_addr[1]}"

    async def close(self) -> None:
        """End it: tell the far end, free the sockets. Idempotent."""
        self._stop_timer()
        await super().close()

    # The timer: one per call.

    def _connection_changed(self) -> None:
        state = self.connectionState
        if state == "connected" and self._liveness is None:
            now = self._event_loop.time()
            self._liveness = Liveness(now)
            self._pacer = Pacer(now)
            self._next_report = now + REPORT_EVERY_S
            self._on_liveness("connected")
            self._timer = self._event_loop.call_at(self._pacer.due, self._tick)
        elif state in ("failed", "closed"):
            self._stop_timer()
            self._on_liveness("closed")

    def _tick(self) -> None:
        if self._pacer is None or self._liveness is None:
            return
        now = self._event_loop.time()
        missed = self._pacer.take(now)
        self._timer = self._event_loop.call_at(self._pacer.due, self._tick)
        if self.outbound is not None and self._liveness.state != "closed":
            packet = self.outbound.next(missed)
            self.sent_at = now
            self._send_rtp(packet)
        if self._payload_types:
            self.inbound.tick(now)
        before = self._liveness.state
        state, probe = self._liveness.check(now)
        if probe and self._ice is not None:
            self._ice.probe()
        if state != before:
            self._on_liveness(state)
        if now >= self._next_report:
            self._next_report = now + REPORT_EVERY_S
            self._report(now)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    # The wire.

    def _heard(self) -> None:
        if self._liveness is not None:
            self._liveness.heard(self._event_loop.time())

    def _media_received(self, datagram: bytes) -> bool:
        """RTP for our audio stream; False leaves RTCP and everything early to aiortc."""
        dtls = self._dtls
        if dtls is None or dtls._rx_srtp is None or not self._payload_types:
            return False
        if 192 <= datagram[1] <= 223 if len(datagram) > 1 else True:
            return False
        now = self._event_loop.time()
        if not self._packets.take(now):
            return True
        try:
            plain = dtls._rx_srtp.unprotect(datagram)
        except pylibsrtp.Error:
            return True
        packet = rtp.parse(plain)
        if packet is not None and packet.payload_type in self._payload_types:
            self.heard_at = now
            self.inbound.packet(packet, now)
        return True

    def _send_rtp(self, packet: bytes) -> None:
        pair = self._ice.selected if self._ice is not None else None
        if pair is None or self._dtls is None or self._dtls._state is not DtlsState.CONNECTED:
            return
        protected = self._dtls._tx_srtp.protect(packet)
        pair.protocol.transport.sendto(protected, pair.remote_addr)

    def _report(self, now: float) -> None:
        """A sender report with what we receive, once a second (RFC 3550 section 6.4)."""
        if self.outbound is None or self._dtls is None:
            return
        if self._dtls._state is not DtlsState.CONNECTED:
            return
        writer = self.outbound.writer
        reports = []
        if reception := self.inbound.reception:
            lsr, at = self._last_sr
            reports.append(
                rtcp.RtcpReceiverInfo(
                    ssrc=reception.ssrc,
                    fraction_lost=reception.fraction_lost(),
                    packets_lost=reception.lost,
                    highest_sequence=reception.highest & 0xFFFFFFFF,
                    jitter=reception.jitter,
                    lsr=lsr,
                    dlsr=min(0xFFFFFFFF, int((now - at) * 65536)) if lsr else 0,
                )
            )
        report = rtcp.RtcpSrPacket(
            ssrc=writer.ssrc,
            sender_info=rtcp.RtcpSenderInfo(
                ntp_timestamp=clock.current_ntp_time(),
                rtp_timestamp=writer.timestamp,
                packet_count=writer.packets & 0xFFFFFFFF,
                octet_count=writer.octets & 0xFFFFFFFF,
            ),
            reports=reports,
        )
        source = rtcp.RtcpSourceInfo(ssrc=writer.ssrc, items=[(1, b"voice")])
        pair = self._ice.selected if self._ice is not None else None
        if pair is not None:
            data = bytes(report) + bytes(rtcp.RtcpSdesPacket(chunks=[source]))
            protected = self._dtls._tx_srtp.protect_rtcp(data)
            pair.protocol.transport.sendto(protected, pair.remote_addr)

    def _sender_report(self, packet: rtcp.RtcpSrPacket) -> None:
        middle = (packet.sender_info.ntp_timestamp >> 16) & 0xFFFFFFFF
        self._last_sr = (middle, self._event_loop.time())

    def _receiver_report(self, report: rtcp.RtcpReceiverInfo) -> None:
        if self.outbound is None or report.ssrc != self.outbound.writer.ssrc:
            return
        self.reported_loss = report.fraction_lost / 256
        self.outbound.expect_loss(report.fraction_lost * 100 // 256)
        if report.lsr:
            # RFC 3550 section 6.4.1: arrival, less their last report and its delay, in 1/65536 s.
            middle = (clock.current_ntp_time() >> 16) & 0xFFFFFFFF
            ticks = (middle - report.lsr - report.dlsr) & 0xFFFFFFFF
            self.round_trip_s = ticks / 65536 if ticks < 0x80000000 else 0.0

    # What aiortc calls by these names.

    def _start_sending(self, ssrc: int, parameters: RTCRtpSendParameters) -> None:
        mids = [x.id for x in parameters.headerExtensions if x.uri == MID_EXTENSION]
        writer = rtp.RtpWriter(
            payload_type=parameters.codecs[0].payloadType or 0,
            ssrc=ssrc,
            # The lower half, so that SRTP's rollover counter starts unambiguous.
            sequence=secrets.randbelow(0x8000),
            timestamp=secrets.randbits(32),
            mid=parameters.muxId,
            mid_extension=mids[0] if mids else None,
        )
        self.outbound = OutboundAudio(
            self._speak, OpusEncoder(self._speak_hz, complexity=self._complexity), writer
        )

    def _start_receiving(self, parameters: RTCRtpReceiveParameters) -> None:
        self._payload_types = frozenset(
            codec.payloadType
            for codec in parameters.codecs
            if codec.payloadType is not None and codec.mimeType.lower() == "audio/opus"
        )

    def _RTCPeerConnection__createDtlsTransport(self) -> RTCDtlsTransport:  # noqa: N802
        gatherer = GuardedGatherer(self._servers, self._interfaces, self._wire)
        self._ice = gatherer.guarded
        self._ice.on_heard = self._heard
        self._ice.on_media = self._media_received
        gatherer.on("statechange", getattr(self, _PC + "updateIceGatheringState"))
        ice = RTCIceTransport(gatherer)
        ice.on("statechange", getattr(self, _PC + "updateIceConnectionState"))
        ice.on("statechange", getattr(self, _PC + "updateConnectionState"))
        getattr(self, _PC + "iceTransports").add(ice)
        dtls = _DtlsTransport(ice, getattr(self, _PC + "certificates"))
        dtls.on("statechange", getattr(self, _PC + "updateConnectionState"))
        getattr(self, _PC + "dtlsTransports").add(dtls)
        self._dtls = dtls
        for name in ("IceGatheringState", "IceConnectionState", "ConnectionState"):
            getattr(self, f"{_PC}update{name}")()
        return dtls

    def _RTCPeerConnection__createTransceiver(  # noqa: N802
        self, direction: str, kind: str, sender_track: Any = None
    ) -> RTCRtpTransceiver:
        create = getattr(super(), _PC + "createTransceiver")
        transceiver: RTCRtpTransceiver = create(
            direction=direction, kind=kind, sender_track=sender_track
        )
        if kind == "audio" and self._sender is None:
            stream = transceiver.sender._stream_id
            transport = transceiver.sender.transport
            self._sender = _AudioSender(self, transport)
            self._sender._stream_id = stream
            setattr(transceiver, "_RTCRtpTransceiver__sender", self._sender)  # noqa: B010
            receiver = _AudioReceiver(self, transport)
            setattr(transceiver, "_RTCRtpTransceiver__receiver", receiver)  # noqa: B010
            capabilities = RTCRtpReceiver.getCapabilities("audio")
            codecs = capabilities.codecs if capabilities is not None else []
            transceiver.setCodecPreferences(
                [codec for codec in codecs if codec.mimeType.lower() == "audio/opus"]
            )
        return transceiver


class _DtlsTransport(RTCDtlsTransport):
    """What SCTP still wants to send while the connection closes is lost, as on any network."""

    async def _send_data(self, data: bytes) -> None:
        with suppress(SSL.Error, ConnectionError):
            await super()._send_data(data)


class _AudioSender(RTCRtpSender):
    """The sending half of the transceiver: packets come from the peer's timer."""

    def __init__(self, peer: Peer, transport: RTCDtlsTransport) -> None:
        super().__init__("audio", transport)
        self._peer = peer
        self._sending = False

    async def send(self, parameters: RTCRtpSendParameters) -> None:
        if not self._sending:
            self._sending = True
            self.transport._register_rtp_sender(self, parameters)
            self._peer._start_sending(self._ssrc, parameters)

    async def stop(self) -> None:
        if self._sending:
            self.transport._unregister_rtp_sender(self)

    async def _handle_rtcp_packet(self, packet: rtcp.AnyRtcpPacket) -> None:
        if isinstance(packet, rtcp.RtcpRrPacket | rtcp.RtcpSrPacket):
            for report in packet.reports:
                self._peer._receiver_report(report)


class _AudioReceiver(RTCRtpReceiver):
    """The receiving half: RTP never comes this way, only sender reports do."""

    def __init__(self, peer: Peer, transport: RTCDtlsTransport) -> None:
        super().__init__("audio", transport)
        self._peer = peer
        self._receiving = False

    async def receive(self, parameters: RTCRtpReceiveParameters) -> None:
        if not self._receiving:
            self._receiving = True
            self.transport._register_rtp_receiver(self, parameters)
            self._peer._start_receiving(parameters)

    async def stop(self) -> None:
        if self._receiving:
            self.transport._unregister_rtp_receiver(self)

    def _handle_disconnect(self) -> None:
        return

    async def _handle_rtcp_packet(self, packet: rtcp.AnyRtcpPacket) -> None:
        if isinstance(packet, rtcp.RtcpSrPacket):
            self._peer._sender_report(packet)

    async def _handle_rtp_packet(self, packet: rtcp.RtpPacket, arrival_time_ms: int) -> None:
        return
