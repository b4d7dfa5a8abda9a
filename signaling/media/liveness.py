"""Is the far end still there? Judged by any packet from it, asked for when none comes by itself.

A muted caller sends no sound but still answers a STUN check, so silence alone never ends a call.
Pure: time is passed in, in seconds on a steady clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["connected", "reconnecting", "closed"]

PROBE_AFTER_S = 0.6
PROBE_EVERY_S = 0.2
RECONNECTING_AFTER_S = 1.8
CLOSED_AFTER_S = 4.6


@dataclass(slots=True)
class Liveness:
    """Tell it of every packet (`heard`) and ask it now and then (`check`)."""

    last_heard: float
    state: State = "connected"
    _last_probe: float = 0.0

    def heard(self, now: float) -> None:
        """Any packet of the validated pair came: RTP, RTCP, DTLS or STUN."""
        self.last_heard = now

    def check(self, now: float) -> tuple[State, bool]:
        """(state now, whether to send a probe now)."""
        quiet = now - self.last_heard
        if self.state == "closed" or quiet >= CLOSED_AFTER_S:
            self.state = "closed"
            return self.state, False
        self.state = "reconnecting" if quiet >= RECONNECTING_AFTER_S else "connected"
        probe = quiet >= PROBE_AFTER_S and now - self._last_probe >= PROBE_EVERY_S
        if probe:
            self._last_probe = now
        return self.state, probe
