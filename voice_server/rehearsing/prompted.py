"""A recogniser that is told what is being said, for rehearsals without a model.

The caller gives it a cue as each phrase begins to leave the microphone; the words come out as the
sound of the phrase arrives. What the server's voice detection does not let through is not heard.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from storage.faults import EngineDown
from voice_server.speech.engines import HEARING_RATE_HZ, Hypothesis
from voice_server.speech.scripted import SPEECH_RMS

GAP_MS = 150
"""Quiet between two phrases, at least."""
HEARD_SHARE = 0.7
"""A phrase of which this share arrived is understood whole."""
ARRIVES = 0.93
"""The share of a phrase's sound that is still loud enough behind the codec."""
OVER_S = 0.05
"""Of a phrase's end nothing is heard any more: it fades."""
LATE_S = 0.3
"""How long after its end the sound of a phrase may still arrive."""
_FRAME_BYTES = HEARING_RATE_HZ // 100 * 2
_FRAME_MS = 10


def loud_frames(pcm: bytes) -> list[bool]:
    """Whether each whole 10 ms of 16 kHz mono s16le carries sound."""
    whole = len(pcm) // _FRAME_BYTES * _FRAME_BYTES
    frames = np.frombuffer(pcm[:whole], np.int16).reshape(-1, _FRAME_BYTES // 2)
    levels = np.sqrt(np.mean(np.square(frames, dtype=np.float64), axis=1))
    return [bool(level > SPEECH_RMS) for level in levels]


@dataclass(slots=True)
class Cue:
    """A phrase that is being said: its words, how much of it is sound, when it is over."""

    words: tuple[str, ...]
    sound_ms: float
    over_s: float
    heard_ms: float = 0.0
    given: int = 0

    @property
    def understood(self) -> bool:
        """Whether enough of it arrived."""
        return self.heard_ms >= HEARD_SHARE * self.sound_ms

    @property
    def over(self) -> bool:
        """Whether it is said to its end: a dip within it ends an utterance, and not the phrase."""
        return asyncio.get_running_loop().time() >= self.over_s - OVER_S

    def words_by(self, heard_ms: float) -> int:
        """How many of its words are over after so much of its sound."""
        share = heard_ms / max(ARRIVES * self.sound_ms, 1.0)
        return max(0, min(len(self.words), int(len(self.words) * share)))


class PromptedHearing:
    """The recogniser of one call."""

    def __init__(
        self, *, partial_ms: float, final_ms: float, fails_after: int | None = None
    ) -> None:
        self.partial_ms, self.final_ms = partial_ms, final_ms
        self._cues: deque[Cue] = deque()
        self.quiet_ms = 0.0
        self._left = fails_after

    def cue(self, text: str, *, sound_ms: float, length_s: float) -> None:
        """From now on this is being said, for `length_s`."""
        over_s = asyncio.get_running_loop().time() + length_s
        self._cues.append(Cue(tuple(text.split()), sound_ms, over_s))

    def open(self, on_partial: Callable[[Hypothesis], None]) -> PromptedUtterance:
        """Begin an utterance. Raises EngineDown once it has failed."""
        if self._left == 0:
            raise EngineDown("hearing.down", "I cannot hear at the moment.")
        if self._left is not None:
            self._left -= 1
        return PromptedUtterance(self, on_partial)

    def heard(self, loud: bool) -> Cue | None:
        """10 ms arrived; the phrase that its sound belongs to."""
        if not loud:
            self.quiet_ms += _FRAME_MS
            return None
        now = asyncio.get_running_loop().time()
        while self._cues:
            first = self._cues[0]
            after_gap = self.quiet_ms >= GAP_MS and first.understood
            if len(self._cues) > 1 and (after_gap or now > first.over_s + LATE_S):
                self._cues.popleft()
            elif now > first.over_s + LATE_S and first.understood:
                self._cues.popleft()
            else:
                break
        self.quiet_ms = 0.0
        if not self._cues:
            return None
        self._cues[0].heard_ms += _FRAME_MS
        return self._cues[0]


class PromptedUtterance:
    """One utterance: the words of the phrases whose sound it was fed."""

    def __init__(self, hearing: PromptedHearing, on_partial: Callable[[Hypothesis], None]) -> None:
        self._hearing = hearing
        self._on_partial = on_partial
        self._rest = b""
        self._parts: list[tuple[Cue, int]] = []  # a phrase, and its first word that is ours
        self._fed_ms = 0.0
        self._behind: deque[tuple[float, list[str]]] = deque()
        self._shown = 0
        self._open = True

    def feed(self, pcm: bytes) -> None:
        """Follow the phrases by their sound."""
        if not self._open:
            return
        pcm = self._rest + pcm
        self._rest = pcm[len(pcm) // _FRAME_BYTES * _FRAME_BYTES :]
        for loud in loud_frames(pcm):
            self._fed_ms += _FRAME_MS
            cue = self._hearing.heard(loud)
            if cue is not None and all(cue is not known for known, _ in self._parts):
                self._parts.append((cue, cue.given))
        self._behind.append((self._fed_ms + self._hearing.partial_ms, self._words()))
        while self._behind and self._behind[0][0] <= self._fed_ms:
            words = self._behind.popleft()[1]
            if len(words) > self._shown:
                self._shown = len(words)
                partial = Hypothesis(" ".join(words), " ".join(words[:-1]), final=False)
                asyncio.get_running_loop().call_soon(self._tell, partial)

    async def finish(self) -> str:
        """The words, after `final_ms`."""
        self._close()
        await asyncio.sleep(self._hearing.final_ms / 1000)
        return " ".join(self._final)

    def cancel(self) -> None:
        """What was heard of the phrases is gone."""
        if self._open:
            self._close()

    def _close(self) -> None:
        self._open = False
        self._final = self._words(over=True)
        for cue, _ in self._parts:
            cue.given = self._end(cue, over=True)

    def _words(self, *, over: bool = False) -> list[str]:
        return [
            word
            for cue, first in self._parts
            for word in cue.words[first : self._end(cue, over=over)]
        ]

    def _end(self, cue: Cue, *, over: bool) -> int:
        if cue.understood and cue.over and (over or self._hearing.quiet_ms >= GAP_MS / 2):
            return len(cue.words)
        return cue.words_by(cue.heard_ms)

    def _tell(self, partial: Hypothesis) -> None:
        if self._open:
            self._on_partial(partial)
