"""One utterance decoded again and again as it grows: what two decodes agree on is settled.

A window that grows past LONG_S gives up its finished segments, so a minute of speech costs no
more per decode than half of one.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from storage.faults import EngineDown
from voice_server.speech.engines import HEARING_RATE_HZ, Hypothesis
from voice_server.speech.hearing.stability import StablePrefix
from voice_server.speech.hearing.voicing import VoicedTime
from voice_server.speech.hearing.whisper_model import Segment, joined

STEP_MS = 400
"""New audio between two decodes."""

LONG_S = 20.0
"""Windows longer than this are cut at their last segment."""

QUIET_RMS = 100.0
"""Audio below this (about -50 dBFS) adds no words."""

FINISH_DEADLINE_S = 6.0
"""Longest wait for the final text, from `finish` on."""

Audio = npt.NDArray[np.float32]

_FINAL, _PARTIAL = 0, 1
_order = itertools.count()


@dataclass(order=True)
class Job:
    """A window to decode. Smaller is more urgent."""

    urgency: int
    order: int = field(default_factory=lambda: next(_order))
    utterance: WhisperUtterance = field(compare=False, kw_only=True)
    audio: Audio = field(compare=False, kw_only=True)
    until_bytes: int = field(compare=False, kw_only=True)

    def wanted(self) -> bool:
        """Whether anybody still waits for it."""
        return self.utterance.wants(self)

    def done(self, segments: list[Segment]) -> None:
        """It is decoded."""
        self.utterance.decoded(self, segments)

    def failed(self) -> None:
        """It could not be decoded."""
        self.utterance.fail()


class WhisperUtterance:
    """Collects audio; at most one decode of it is under way."""

    def __init__(
        self,
        submit: Callable[[Job], None],
        on_partial: Callable[[Hypothesis], None],
        on_end: Callable[[WhisperUtterance], None],
    ) -> None:
        self._submit = submit
        self._on_partial = on_partial
        self._on_end = on_end
        self._audio = bytearray()
        self._voice = VoicedTime()
        self._stable = StablePrefix(hold_ms=1, least_hypotheses=2)
        self._settled: list[str] = []
        self._tail: list[str] = []
        self._under_way: Job | None = None
        self._looked_bytes = self._asked_bytes = self._decoded_bytes = self._cut_bytes = 0
        self._finishing = False
        self._over = False
        self._final: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def feed(self, pcm: bytes) -> None:
        """Collect audio, and have the window decoded when enough is new."""
        if self._over or self._finishing:
            return
        self._audio += pcm
        end = len(self._audio) // 2 * 2
        self._voice.feed(bytes(self._audio[self._looked_bytes : end]))
        self._looked_bytes = end
        self._ask_if_due()

    async def finish(self) -> str:
        """The final text: one decode of the window, or none when only silence has come since
        the last one. Raises EngineDown when decoding failed or is late."""
        if not self._over and not self._finishing:
            self._finishing = True
            self._close()
        try:
            async with asyncio.timeout(FINISH_DEADLINE_S):
                return await asyncio.shield(self._final)
        except TimeoutError:
            self.fail()
            raise _down() from None
        except asyncio.CancelledError:
            self.cancel()
            raise

    def cancel(self) -> None:
        """Forget it. A decode under way ends unheard; a `finish` under way returns ''."""
        self._end()
        if not self._final.done():
            self._final.set_result("")

    def wants(self, job: Job) -> bool:
        """Whether `job` is still of use."""
        return not self._over and self._under_way is job

    def decoded(self, job: Job, segments: list[Segment]) -> None:
        """A window has been decoded."""
        if not self.wants(job):
            return
        self._under_way = None
        self._decoded_bytes = job.until_bytes
        self._tail = joined(segments)
        if self._finishing:
            self._close()
            return
        stable, changing = self._stable.update(self._tail, job.until_bytes)
        settled = [*self._settled, *stable]
        text = " ".join([*settled, *changing])
        if text:
            self._on_partial(Hypothesis(text, " ".join(settled), final=False))
        if len(job.audio) > LONG_S * HEARING_RATE_HZ:
            self._cut(segments)
        self._ask_if_due()

    def fail(self) -> None:
        """Decoding failed."""
        self._end()
        if not self._final.done():
            self._final.set_exception(_down())
            self._final.exception()  # finish may never be called; that is no error

    def _close(self) -> None:
        """Settle the final text, or have the rest decoded first."""
        if self._under_way is not None and self._quiet_since(self._asked_bytes):
            return
        if self._voice.enough and not self._quiet_since(self._decoded_bytes):
            self._ask(_FINAL)
            return
        text = " ".join([*self._settled, *self._tail]) if self._voice.enough else ""
        self._end()
        if not self._final.done():
            self._final.set_result(text)

    def _ask_if_due(self) -> None:
        new_ms = (len(self._audio) - self._asked_bytes) * 1000 // (2 * HEARING_RATE_HZ)
        if self._voice.enough and new_ms >= STEP_MS and self._under_way is None:
            self._ask(_PARTIAL)

    def _ask(self, urgency: int) -> None:
        end = len(self._audio) // 2 * 2
        window = np.frombuffer(bytes(self._audio[self._cut_bytes : end]), np.int16)
        audio: Audio = window.astype(np.float32) / np.float32(32768)
        self._asked_bytes = end
        self._under_way = Job(urgency, utterance=self, audio=audio, until_bytes=end)
        self._submit(self._under_way)

    def _quiet_since(self, begin: int) -> bool:
        rest = np.frombuffer(bytes(self._audio[begin : len(self._audio) // 2 * 2]), np.int16)
        frames = rest[: len(rest) // 160 * 160].reshape(-1, 160).astype(np.float64)
        levels = np.sqrt(np.mean(frames**2, axis=1))
        return int(np.count_nonzero(levels > QUIET_RMS)) <= 3

    def _cut(self, segments: list[Segment]) -> None:
        """Settle all segments but the last and forget their audio."""
        if len(segments) < 2:
            return
        self._settled += joined(segments[:-1])
        self._tail = joined(segments[-1:])
        self._cut_bytes += int(segments[-1].start_s * HEARING_RATE_HZ) * 2
        self._stable = StablePrefix(hold_ms=1, least_hypotheses=2)

    def _end(self) -> None:
        if not self._over:
            self._over = True
            self._on_end(self)


def _down() -> EngineDown:
    return EngineDown(
        "hearing.down",
        "I could not hear that.",
        remedy="Say it again; `voice-server doctor` says how hearing is set up.",
    )
