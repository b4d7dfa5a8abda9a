"""A bad network inside the process, for rehearsals and tests: loss, delay, jitter, outage."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Deliver = Callable[[], None]


@dataclass(slots=True)
class Conditions:
    """One direction of a wire. `loss` is a share of datagrams; each of the others is held for
    `delay_s` and up to `jitter_s` more, which reorders them; `down` lets nothing through."""

    loss: float = 0.0
    delay_s: float = 0.0
    jitter_s: float = 0.0
    down: bool = False
    passed: int = 0
    dropped: int = 0


class Wire:
    """Sits between a peer and its sockets, both ways. The same seed drops the same datagrams."""

    def __init__(
        self,
        *,
        sending: Conditions | None = None,
        receiving: Conditions | None = None,
        seed: int = 0,
    ) -> None:
        self.sending = sending or Conditions()
        self.receiving = receiving or Conditions()
        self._random = random.Random(seed)  # noqa: S311 - a simulation

    def carry(self, conditions: Conditions, deliver: Deliver) -> None:
        """Deliver now, later or never."""
        if conditions.down or self._random.random() < conditions.loss:
            conditions.dropped += 1
            return
        conditions.passed += 1
        delay_s = conditions.delay_s
        if conditions.jitter_s:
            delay_s += self._random.uniform(0, conditions.jitter_s)
        if delay_s:
            asyncio.get_running_loop().call_later(delay_s, deliver)
        else:
            deliver()


class WiredTransport:
    """A datagram transport whose `sendto` goes over the wire."""

    def __init__(self, transport: asyncio.DatagramTransport, wire: Wire) -> None:
        self._transport = transport
        self._wire = wire

    def sendto(self, data: bytes, addr: Any = None) -> None:
        """As asyncio's."""
        self._wire.carry(self._wire.sending, lambda: self._send(data, addr))

    def _send(self, data: bytes, addr: Any) -> None:
        if not self._transport.is_closing():
            self._transport.sendto(data, addr)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)
