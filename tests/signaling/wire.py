"""A real bad network: two network namespaces, joined by a wire that this process carries.

Each namespace has a TUN device; every IP packet that one sends comes to us, is counted, and is
dropped, delayed, reordered or rationed before it goes to the other. There is no other way across,
so the wire's count is proof that the traffic took it. Needs root and /dev/net/tun.
"""

from __future__ import annotations

import asyncio
import ctypes
import fcntl
import os
import random
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

SERVER, CLIENT = "10.99.0.1", "10.99.0.2"

_CLONE_NEWNET = 0x40000000
_TUNSETIFF = 0x400454CA
_IFF_TUN_NO_PI = 0x0001 | 0x1000
_SIOCSIFADDR, _SIOCSIFNETMASK, _SIOCSIFMTU = 0x8916, 0x891C, 0x8922
_SIOCGIFFLAGS, _SIOCSIFFLAGS = 0x8913, 0x8914
_IFF_UP = 1
_NAME = b"wire0"

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(slots=True)
class Line:
    """One direction. `loss` and `reorder` are shares of packets; a reordered one is held 40 ms
    longer; `rate_bps` 0 is unlimited; `down` lets nothing through."""

    loss: float = 0.0
    delay_s: float = 0.0
    jitter_s: float = 0.0
    reorder: float = 0.0
    rate_bps: float = 0.0
    down: bool = False
    packets: int = 0
    dropped: int = 0
    longest: int = 0
    _free_at: float = 0.0


class NamespaceWire:
    """Two hosts and what lies between. Make sockets inside `server()` or `client()`."""

    def __init__(self, *, mtu: int = 1500, seed: int = 1) -> None:
        self.to_server = Line()
        self.to_client = Line()
        self._random = random.Random(seed)  # noqa: S311 - a simulation
        self._home = os.open("/proc/self/ns/net", os.O_RDONLY)
        self._spaces: list[int] = []
        self._tuns: list[int] = []
        self._loop = asyncio.get_running_loop()
        try:
            for address in (SERVER, CLIENT):
                self._add_host(address, mtu)
        except OSError:
            self.close()
            raise
        server, client = self._tuns
        self._loop.add_reader(server, self._carry, server, client, self.to_client)
        self._loop.add_reader(client, self._carry, client, server, self.to_server)

    @contextmanager
    def server(self) -> Iterator[None]:
        """Sockets made by this thread belong to the server's host."""
        with self._inside(self._spaces[0]):
            yield

    @contextmanager
    def client(self) -> Iterator[None]:
        """Sockets made by this thread belong to the client's host."""
        with self._inside(self._spaces[1]):
            yield

    def both(self) -> tuple[Line, Line]:
        """(to the server, to the client)."""
        return self.to_server, self.to_client

    def close(self) -> None:
        """Take the network away."""
        for tun in self._tuns:
            self._loop.remove_reader(tun)
        descriptors = [*self._tuns, *self._spaces, self._home]
        self._tuns.clear()
        for descriptor in descriptors:
            os.close(descriptor)

    def _add_host(self, address: str, mtu: int) -> None:
        try:
            if _libc.unshare(_CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), "namespaces are not permitted")
            self._spaces.append(os.open("/proc/self/ns/net", os.O_RDONLY))
            tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
            self._tuns.append(tun)
            fcntl.ioctl(tun, _TUNSETIFF, struct.pack("16sH22x", _NAME, _IFF_TUN_NO_PI))
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
                for request, value in ((_SIOCSIFADDR, address), (_SIOCSIFNETMASK, "255.255.255.0")):
                    packed = struct.pack("=HH4s8x", socket.AF_INET, 0, socket.inet_aton(value))
                    fcntl.ioctl(control, request, struct.pack("16s16s8x", _NAME, packed))
                fcntl.ioctl(control, _SIOCSIFMTU, struct.pack("16si20x", _NAME, mtu))
                flags = struct.unpack(
                    "16sH22x", fcntl.ioctl(control, _SIOCGIFFLAGS, struct.pack("16s24x", _NAME))
                )[1]
                up = struct.pack("16sH22x", _NAME, flags | _IFF_UP)
                fcntl.ioctl(control, _SIOCSIFFLAGS, up)
        finally:
            _libc.setns(self._home, _CLONE_NEWNET)

    @contextmanager
    def _inside(self, space: int) -> Iterator[None]:
        _libc.setns(space, _CLONE_NEWNET)
        try:
            yield
        finally:
            _libc.setns(self._home, _CLONE_NEWNET)

    def _carry(self, source: int, target: int, line: Line) -> None:
        while True:
            try:
                packet = os.read(source, 65536)
            except BlockingIOError:
                return
            if packet[0] >> 4 != 4:
                continue
            line.packets += 1
            line.longest = max(line.longest, len(packet))
            if line.down or self._random.random() < line.loss:
                line.dropped += 1
                continue
            now = self._loop.time()
            wait = line.delay_s + self._random.uniform(0, line.jitter_s)
            if self._random.random() < line.reorder:
                wait += 0.04
            if line.rate_bps:
                line._free_at = max(line._free_at, now) + len(packet) * 8 / line.rate_bps
                wait += line._free_at - now
            if wait:
                self._loop.call_later(wait, self._deliver, target, packet)
            else:
                self._deliver(target, packet)

    def _deliver(self, target: int, packet: bytes) -> None:
        if target in self._tuns:
            try:
                os.write(target, packet)
            except BlockingIOError:
                return


def why_not() -> str:
    """'' when this process may make namespaces, else the reason."""
    home = os.open("/proc/self/ns/net", os.O_RDONLY)
    try:
        if not os.path.exists("/dev/net/tun"):
            return "there is no /dev/net/tun"
        if _libc.unshare(_CLONE_NEWNET):
            return os.strerror(ctypes.get_errno())
        _libc.setns(home, _CLONE_NEWNET)
        return ""
    finally:
        os.close(home)
