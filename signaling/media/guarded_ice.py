"""ICE that lets only validated pairs through, gathers within a deadline, on allowed interfaces.

The one adapter to aioice's insides (1.16's RTCIceGatherer is built around one Connection): media
goes from the socket callback straight to its handler, everything else to aiortc's own queue.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Sequence
from typing import Any

import aioice
import ifaddr
from aioice.candidate import Candidate
from aioice.ice import CandidatePair, StunProtocol
from aioice.stun import Message
from aiortc import RTCIceServer
from aiortc.rtcicetransport import RTCIceGatherer, connection_kwargs

from signaling.media.wire import Wire, WiredTransport

GATHER_S = 0.5
MOST_QUEUED = 256
"""Datagrams waiting for DTLS; more are dropped, as a network would."""

OnDatagram = Callable[[bytes], bool]
"""Called with each media datagram of a validated pair; False leaves it to aiortc."""


class GuardedGatherer(RTCIceGatherer):
    """aiortc's gatherer around a `GuardedConnection`."""

    def __init__(
        self, servers: Sequence[RTCIceServer], interfaces: Sequence[str], wire: Wire | None
    ) -> None:
        super().__init__(iceServers=list(servers))
        self.guarded = GuardedConnection(interfaces, wire, **connection_kwargs(list(servers)))
        self._connection = self.guarded


class GuardedConnection(aioice.Connection):
    """An ICE agent whose datagrams reach DTLS and SRTP only from pairs that passed a check: ours,
    answered, or the far end's, authenticated, which may speak before our own is answered.

    `on_media(datagram)` is offered RTP and RTCP first; `on_heard()` is called for every datagram of
    a validated pair. `refused` counts what came from anywhere else.
    """

    def __init__(self, interfaces: Sequence[str], wire: Wire | None, **servers: Any) -> None:
        super().__init__(ice_controlling=False, **servers)
        self._wire = wire
        self.on_media: OnDatagram = lambda datagram: False
        self.on_heard: Callable[[], None] = lambda: None
        self.refused = 0
        self._interfaces = tuple(interfaces)
        self._valid: set[tuple[int, str, int]] = set()

    async def get_component_candidates(
        self, component: int, addresses: list[str], timeout: float = GATHER_S
    ) -> list[Candidate]:
        """Candidates found within `timeout` seconds, on the allowed interfaces only."""
        allowed = local_addresses(self._interfaces)
        candidates = await super().get_component_candidates(
            component,
            allowed,
            timeout=timeout,  # type: ignore[arg-type]
        )
        for protocol in self._protocols:
            self._guard(protocol)
        return candidates

    def check_incoming(
        self, message: Message, addr: tuple[str, int], protocol: StunProtocol
    ) -> None:
        """The far end's check has proven that it knows our password."""
        super().check_incoming(message, addr, protocol)
        self._valid.add((protocol.id, addr[0], addr[1]))

    def data_received(self, data: bytes, component: int) -> None:
        """What aioice would queue without knowing its source: refused."""
        self.refused += 1

    def probe(self) -> None:
        """Ask the far end for a sign of life: a STUN check on the pair in use."""
        for pair in self._nominated.values():
            request = self.build_request(pair, nominate=False)
            request.add_message_integrity((self.remote_password or "").encode())
            pair.protocol.send_stun(request, pair.remote_addr)

    @property
    def selected(self) -> CandidatePair | None:
        """The pair in use, once there is one."""
        return self._nominated.get(1)

    def _guard(self, protocol: StunProtocol) -> None:
        stun_received = protocol.datagram_received
        component = protocol.local_candidate.component

        def datagram_received(data: bytes | str, addr: tuple[Any, ...]) -> None:
            if not data or isinstance(data, str):
                return
            first = data[0]
            if first < 4:
                if self._validated(protocol, addr):
                    self.on_heard()
                stun_received(data, addr)
            elif not self._validated(protocol, addr):
                self.refused += 1
            else:
                self.on_heard()
                if 128 <= first < 192 and self.on_media(data):
                    return
                if self._queue.qsize() < MOST_QUEUED:
                    self._queue.put_nowait((data, component))

        received = datagram_received
        if wire := self._wire:
            transport = WiredTransport(protocol.transport, wire)
            protocol.transport = transport  # type: ignore[assignment]

            def received(data: bytes | str, addr: tuple[Any, ...]) -> None:
                wire.carry(wire.receiving, lambda: datagram_received(data, addr))

        protocol.datagram_received = received  # type: ignore[method-assign]

    def _validated(self, protocol: StunProtocol, addr: tuple[Any, ...]) -> bool:
        key = (protocol.id, addr[0], addr[1])
        if key in self._valid:
            return True
        for pair in self._check_list:
            if (
                pair.protocol is protocol
                and pair.remote_addr == (addr[0], addr[1])
                and pair.state is CandidatePair.State.SUCCEEDED
            ):
                self._valid.add(key)
                return True
        return False


def local_addresses(interfaces: Sequence[str]) -> list[str]:
    """Addresses that may carry media: those named, by interface or address, else all but loopback.

    A machine without any network still reaches itself: then, loopback.
    """
    named: list[tuple[str, str]] = []
    for adapter in ifaddr.get_adapters():
        for ip in adapter.ips:
            if isinstance(ip.ip, str):
                named.append((adapter.nice_name, ip.ip))
            elif ip.ip[2] == 0:
                named.append((adapter.nice_name, ip.ip[0]))
    if interfaces:
        return [ip for name, ip in named if name in interfaces or ip in interfaces]
    outward = [ip for _, ip in named if not ipaddress.ip_address(ip).is_loopback]
    return outward or [ip for _, ip in named if ipaddress.ip_address(ip).version == 4]
