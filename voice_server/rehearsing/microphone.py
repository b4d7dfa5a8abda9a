"""A caller's microphone: mixes what is said, the room, and our own answer coming back."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from signaling.caller import SPEAK_HZ
from signaling.listening import Heard

FRAME = SPEAK_HZ // 50
ROOM = 6
"""Peak of the room's own noise, of 32768: an open microphone is never all zeros."""
MOST_BEHIND = 3
"""Frames of echo that may wait; older ones are skipped, as the sound card would."""


@dataclass(slots=True, eq=False)
class Playing:
    """A sound in the microphone. `began` and `over` give the loop's time of its first packet and
    of the packet with its last sample."""

    pcm: NDArray[np.int16]
    began: asyncio.Future[float]
    over: asyncio.Future[float]
    position: int = 0


@dataclass(slots=True)
class Microphone:
    """Gives 20 ms each time a packet is due. `echo` is (gain, delay in seconds) or None."""

    echo: tuple[float, float] | None = None
    muted: bool = False
    _playing: list[Playing] = field(default_factory=list)
    _heard: Heard | None = None
    _taken: int = 0
    _chance: np.random.Generator = field(default_factory=lambda: np.random.default_rng(0))
    _coming_back: deque[tuple[float, NDArray[np.float32]]] = field(default_factory=deque)

    def listens_to(self, heard: Heard) -> None:
        """The loudspeaker beside it."""
        self._heard = heard

    def play(self, pcm: NDArray[np.int16]) -> Playing:
        """Sound from the next packet on; mono int16 at `SPEAK_HZ`."""
        loop = asyncio.get_running_loop()
        playing = Playing(pcm, loop.create_future(), loop.create_future())
        self._playing.append(playing)
        return playing

    def pull(self) -> bytes | None:
        """The next 20 ms, or None for silence."""
        now = asyncio.get_running_loop().time()
        mixed = self._echoed(now)
        for one in tuple(self._playing):
            if one.position == 0 and not one.began.done():
                one.began.set_result(now)
            piece = one.pcm[one.position : one.position + FRAME].astype(np.float32)
            one.position += FRAME
            if mixed is None:
                mixed = np.zeros(FRAME, np.float32)
            mixed[: len(piece)] += piece
            if one.position >= len(one.pcm):
                self._playing.remove(one)
                if not one.over.done():
                    one.over.set_result(now)
        if self.muted:
            return None
        if mixed is None:
            mixed = np.zeros(FRAME, np.float32)
        mixed += self._chance.integers(-ROOM, ROOM + 1, FRAME)
        return bytes(np.clip(mixed, -32768, 32767).astype("<i2").tobytes())

    def _echoed(self, now: float) -> NDArray[np.float32] | None:
        if self._heard is None:
            return None
        if self.echo is None:
            self._taken = len(self._heard)
            self._coming_back.clear()
            return None
        gain, delay_s = self.echo
        fresh = self._heard.since_frame(self._taken)
        self._taken += len(fresh)
        for frame in fresh:
            samples = np.frombuffer(frame.pcm, np.int16)
            at = np.arange(FRAME) * (len(samples) / FRAME)
            wave = np.interp(at, np.arange(len(samples)), samples) * gain
            self._coming_back.append((frame.at_s + delay_s, wave.astype(np.float32)))
        due = [wave for at_s, wave in self._coming_back if at_s <= now]
        for _ in range(max(0, len(due) - MOST_BEHIND)):
            self._coming_back.popleft()
        if not due:
            return None
        return self._coming_back.popleft()[1]
