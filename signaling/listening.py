"""What a caller heard, with the time of each frame: answers are timed at the caller's own ear."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

AUDIBLE_PEAK = 330
"""-40 dBFS: a sample beyond it is heard."""

FRAME_S = 0.02
_TRIM = 500


@dataclass(frozen=True, slots=True)
class HeardFrame:
    """20 ms of mono s16le. `at_s` is when its packet came, on the event loop's clock."""

    at_s: float
    pcm: bytes
    concealed: bool

    def loud(self) -> NDArray[np.intp]:
        """Positions of the audible samples."""
        samples = np.frombuffer(self.pcm, np.int16).astype(np.int32)
        return np.flatnonzero(np.abs(samples) >= AUDIBLE_PEAK)


class Heard:
    """Everything received, the last `keep_s` seconds of it, at `rate_hz`."""

    def __init__(self, rate_hz: int, *, keep_s: float) -> None:
        self.rate_hz = rate_hz
        self._most = int(keep_s / FRAME_S)
        self._frames: list[HeardFrame] = []

    def add(self, frame: HeardFrame) -> None:
        """Take the next frame."""
        self._frames.append(frame)
        if len(self._frames) > self._most + _TRIM:
            del self._frames[:_TRIM]

    def __len__(self) -> int:
        return len(self._frames)

    def __iter__(self) -> Iterator[HeardFrame]:
        return iter(tuple(self._frames))

    def since_frame(self, index: int) -> list[HeardFrame]:
        """The frames from this one on, counted from the first that is kept."""
        return self._frames[index:]

    def samples(self) -> NDArray[np.int16]:
        """All of it as one mono array."""
        return np.frombuffer(b"".join(frame.pcm for frame in self._frames), np.int16)

    def first_audible(self, after_s: float) -> float | None:
        """When the first audible sample since `after_s` could sound, played at once; else None."""
        for frame in self._since(after_s):
            if not frame.concealed and (loud := frame.loud()).size:
                return frame.at_s + float(loud[0]) / self.rate_hz
        return None

    def silent_from(self, after_s: float, *, for_s: float = 0.3) -> float | None:
        """When a silence of at least `for_s` begins that is not over at `after_s`; None so far."""
        began: float | None = after_s
        last = after_s
        for frame in self._since(after_s):
            last = frame.at_s
            loud = frame.loud()
            if loud.size:
                began = frame.at_s + float(loud[-1] + 1) / self.rate_hz
            elif began is not None and frame.at_s + FRAME_S - began >= for_s:
                return began
        return began if began is not None and last - began >= for_s else None

    def _since(self, at_s: float) -> Iterator[HeardFrame]:
        start = bisect_left(self._frames, at_s, key=lambda frame: frame.at_s)
        return iter(self._frames[start:])
