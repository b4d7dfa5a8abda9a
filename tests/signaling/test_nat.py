"""Behind a router that rewrites addresses: a call connects by what a STUN server tells."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aioice import stun
from aiortc import RTCIceServer

from signaling.ice import IceServer
from tests.signaling.clients import LegLog, OwnClient

Address = tuple[str, int]


class Port(asyncio.DatagramProtocol):
    """A socket of the router or of the STUN server."""

    def __init__(self, received: Callable[[bytes, Address], None]) -> None:
        self._received = received
        self.transport: asyncio.DatagramTransport

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: Any) -> None:
        self._received(data, addr[:2])

    @property
    def address(self) -> Address:
        host, port = self.transport.get_extra_info("sockname")[:2]
        return host, port


class Router:
    """Between one host `inside` and one `outside`: each sees the other at the router's ports only.

    `stun_url` is a STUN server that sees the host inside as the world does.
    """

    def __init__(self) -> None:
        self.outside: Address | None = None
        self.carried = 0
        self._inside: Address | None = None
        self.inner = Port(self._from_inside)
        self.outer = Port(self._from_outside)
        self._stun = Port(self._asked)

    @property
    def stun_url(self) -> str:
        return f"stun:127.0.0.1:{self._stun.address[1]}"

    @property
    def ports(self) -> tuple[Port, Port, Port]:
        return self.inner, self.outer, self._stun

    def _from_inside(self, data: bytes, source: Address) -> None:
        self._inside = source
        if self.outside is not None:
            self.carried += 1
            self.outer.transport.sendto(data, self.outside)

    def _from_outside(self, data: bytes, source: Address) -> None:
        if self._inside is not None and source == self.outside:
            self.carried += 1
            self.inner.transport.sendto(data, self._inside)

    def _asked(self, data: bytes, source: Address) -> None:
        request = stun.parse_message(data)
        reply = stun.Message(
            message_method=request.message_method,
            message_class=stun.Class.RESPONSE,
            transaction_id=request.transaction_id,
        )
        reply.attributes["XOR-MAPPED-ADDRESS"] = self.outer.address
        self._stun.transport.sendto(bytes(reply), source)


@asynccontextmanager
async def open_router() -> AsyncIterator[Router]:
    made = Router()
    loop = asyncio.get_running_loop()
    for port in made.ports:
        await loop.create_datagram_endpoint(lambda port=port: port, local_addr=("127.0.0.1", 0))  # type: ignore[misc]
    try:
        yield made
    finally:
        for port in made.ports:
            port.transport.close()


@pytest.fixture
async def router() -> AsyncIterator[Router]:
    async with open_router() as made:
        yield made


def candidates(sdp: str, kind: str) -> list[Address]:
    found = [line.split(" ") for line in sdp.splitlines() if f"typ {kind}" in line]
    return [(words[4], int(words[5])) for words in found]


def seen_through(sdp: str, router: Router) -> str:
    """The candidates of a host inside: what the STUN server told, and nothing else."""
    assert set(candidates(sdp, "srflx")) == {router.outer.address}
    return "".join(line for line in sdp.splitlines(keepends=True) if "typ host" not in line)


def seen_from_inside(sdp: str, router: Router) -> str:
    """The candidates of a host outside, at the router's address."""
    (router.outside,) = set(candidates(sdp, "host"))
    return sdp.replace(f" {router.outside[1]} typ", f" {router.inner.address[1]} typ")


async def test_a_caller_behind_a_router_is_connected(router: Router) -> None:
    log = LegLog()
    far = OwnClient(servers=[RTCIceServer([router.stun_url])])
    try:
        sdp, _ = await log.leg.answer(seen_through(await far.offer(), router))
        await far.accept(seen_from_inside(sdp, router))
        await log.until(lambda: len(log.frames) >= 25)
        assert log.leg.state == "connected"
        assert router.carried >= 50
    finally:
        await log.leg.close()
        await far.peer.close()


async def test_a_leg_behind_a_router_is_connected(router: Router) -> None:
    log = LegLog(ice_servers=(IceServer((router.stun_url,)),))
    far = OwnClient()
    try:
        sdp, _ = await log.leg.answer(seen_from_inside(await far.offer(), router))
        await far.accept(seen_through(sdp, router))
        await log.until(lambda: len(log.frames) >= 25)
        assert log.leg.state == "connected"
        assert router.carried >= 50
    finally:
        await log.leg.close()
        await far.peer.close()
