"""A transcriber that says what it is told, for rehearsals and benchmarks without a model.

`scripted://?text=…&text=…&partial_ms=…&final_ms=…`: each utterance in which someone speaks gets
the next `text`, the first again after the last. While audio with energy arrives a further word
is heard every `partial_ms` of it; `finish` takes `final_ms`. Pure asyncio, so it also runs on a
loop with virtual time.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

import numpy as np

from storage.faults import EngineDown
from voice_server.speech.engine_url import EngineUrl
from voice_server.speech.engines import HEARING_RATE_HZ, Hypothesis

SPEECH_RMS = 100.0
"""Level (of 32768, about -50 dBFS) above which a 10 ms frame counts as speech."""

_FRAME_BYTES = HEARING_RATE_HZ // 100 * 2


def scripted(url: EngineUrl) -> ScriptedTranscriber:
    """The transcriber that a `scripted://` address describes."""
    url.only(("text", "partial_ms", "final_ms", "least_ms", "down_after"))
    down_after = url.number("down_after", -1, least=-1)
    return ScriptedTranscriber(
        url.texts("text") or ("what is the dose",),
        partial_ms=url.number("partial_ms", 250, least=1),
        final_ms=url.number("final_ms", 0),
        least_ms=url.number("least_ms", 120),
        down_after=None if down_after < 0 else int(down_after),
    )


class ScriptedTranscriber:
    """Hands out `texts` in turn.

    An utterance with less than `least_ms` of speech hears nothing and leaves its text to the
    next one. After `down_after` finished utterances the engine is down.
    """

    label = "scripted recogniser"
    fallback = True
    remedy = "Unset VOICE_HEARING__URL to hear what is really said."

    def __init__(
        self,
        texts: tuple[str, ...],
        *,
        partial_ms: float = 250.0,
        final_ms: float = 0.0,
        least_ms: float = 120.0,
        down_after: int | None = None,
    ) -> None:
        self.partial_ms = partial_ms
        self.final_ms = final_ms
        self.least_ms = least_ms
        self._texts = texts
        self._next = 0
        self._given_back: deque[str] = deque()
        self._left = down_after

    async def open_utterance(self, on_partial: Callable[[Hypothesis], None]) -> ScriptedUtterance:
        """Begin an utterance. Raises EngineDown after `down_after` utterances."""
        if self._left == 0:
            raise EngineDown("hearing.down", "I cannot hear at the moment.")
        return ScriptedUtterance(self, on_partial)

    async def learn(self, text: str) -> None:
        """Nothing to learn: the script stands."""

    def take(self) -> str:
        """The text of the next utterance."""
        if self._given_back:
            return self._given_back.popleft()
        text = self._texts[self._next % len(self._texts)]
        self._next += 1
        return text

    def give_back(self, text: str) -> None:
        """A text whose utterance was cancelled goes to the next one."""
        self._given_back.append(text)

    def finished(self) -> None:
        """Count a finished utterance."""
        if self._left:
            self._left -= 1


class ScriptedUtterance:
    """One utterance: counts speech and lets a word out every `partial_ms` of it."""

    def __init__(
        self, script: ScriptedTranscriber, on_partial: Callable[[Hypothesis], None]
    ) -> None:
        self._script = script
        self._on_partial = on_partial
        self._rest = b""
        self._speech_ms = 0.0
        self._text: str | None = None
        self._shown = 0
        self._open = True

    def feed(self, pcm: bytes) -> None:
        """Count the 10 ms frames that carry speech."""
        if not self._open:
            return
        pcm = self._rest + pcm
        whole = len(pcm) // _FRAME_BYTES * _FRAME_BYTES
        self._rest = pcm[whole:]
        frames = np.frombuffer(pcm[:whole], np.int16).reshape(-1, _FRAME_BYTES // 2)
        levels = np.sqrt(np.mean(np.square(frames, dtype=np.float64), axis=1))
        self._speech_ms += 10.0 * int(np.count_nonzero(levels > SPEECH_RMS))
        if self._speech_ms < max(self._script.least_ms, self._script.partial_ms):
            return
        words = self._words()
        heard = min(len(words), int(self._speech_ms // self._script.partial_ms))
        if heard > self._shown:
            self._shown = heard
            partial = Hypothesis(" ".join(words[:heard]), " ".join(words[: heard - 1]), final=False)
            asyncio.get_running_loop().call_soon(self._tell, partial)

    async def finish(self) -> str:
        """The whole text after `final_ms`, or '' when hardly anything was said."""
        self._open = False
        await asyncio.sleep(self._script.final_ms / 1000)
        if self._speech_ms < self._script.least_ms:
            return ""
        text = " ".join(self._words())
        self._text = None
        self._script.finished()
        return text

    def cancel(self) -> None:
        """Leave the text to the next utterance."""
        self._open = False
        if self._text is not None:
            self._script.give_back(self._text)
            self._text = None

    def _words(self) -> list[str]:
        if self._text is None:
            self._text = self._script.take()
        return self._text.split()

    def _tell(self, partial: Hypothesis) -> None:
        if self._open:
            self._on_partial(partial)
