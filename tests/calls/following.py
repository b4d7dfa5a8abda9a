"""Engines for conversations in virtual time that follow a script's own words and sounds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from agents.wording import word
from voice_server.speech.engines import Hypothesis, SpokenAudio
from voice_server.speech.opening import open_voice
from voice_server.speech.tone import ToneVoice
from voice_server.speech.turn_judge import SmartTurn

LAG_S = 0.15
"""From the end of a word to the partial transcript that has it."""
FINAL_S = 0.03


class Judge:
    """smart-turn, with the time it takes put on the virtual clock."""

    _model: SmartTurn | None = None

    async def completeness(self, pcm: bytes) -> float:
        """See `TurnJudge`."""
        await asyncio.sleep(0.06)
        Judge._model = Judge._model or SmartTurn()
        return await Judge._model.completeness(pcm)


class Hum(ToneVoice):
    """A voice without gaps, so that the moment of a duck can be seen."""

    def __init__(self) -> None:
        super().__init__(first_ms=50, word_ms=260)

    def _hum(self, hz: float, word_ms: float) -> bytes:
        at_s = np.arange(int(self.rate_hz * word_ms / 1000)) / self.rate_hz
        return (3276 * np.sin(2 * np.pi * 50 * at_s)).astype("<i2").tobytes()


class Recorded:
    """A voice that plays speech made before, so that it also runs in virtual time."""

    label, fallback, remedy = "recorded", True, ""

    def __init__(self, name: str, rate_hz: int, pieces: dict[str, list[SpokenAudio]]) -> None:
        self.name, self.rate_hz, self._pieces = name, rate_hz, pieces

    @staticmethod
    def of(url: str, sentences: Sequence[str]) -> Recorded:
        """The sentences in the voice that `url` names."""

        async def record() -> Recorded:
            with TemporaryDirectory() as folder:
                async with open_voice(url, data=Path(folder)) as voice:
                    pieces = {
                        text: [piece async for piece in voice.say(text)]
                        for text in (word(sentence).spoken for sentence in sentences)
                    }
                    return Recorded(url, voice.rate_hz, pieces)

        return asyncio.run(record())

    async def say(self, text: str) -> AsyncGenerator[SpokenAudio, None]:
        """See `Voice`."""
        await asyncio.sleep(0.05)
        for piece in self._pieces[text]:
            yield piece


class Following:
    """A recogniser that hears the script's words, each `LAG_S` after its end."""

    label, fallback, remedy = "follows the script", True, ""

    def __init__(self, words: Sequence[tuple[float, float, str]], began_s: float) -> None:
        self.words = list(words)
        self.began_s = began_s
        self.taken = 0

    async def open_utterance(self, on_partial: Callable[[Hypothesis], None]) -> FollowingUtterance:
        """See `Transcriber`."""
        return FollowingUtterance(self, on_partial)

    async def learn(self, text: str) -> None:
        """The script is known."""


class FollowingUtterance:
    """One utterance of `Following`."""

    def __init__(self, script: Following, on_partial: Callable[[Hypothesis], None]) -> None:
        self._script, self._on_partial = script, on_partial
        self._loop = asyncio.get_running_loop()
        now = self._loop.time() - script.began_s
        # What was said long before this utterance was never listened to.
        while script.taken < len(script.words) and script.words[script.taken][1] < now - 0.5:
            script.taken += 1
        self._first = script.taken
        self._shown = 0
        self._open = True

    def feed(self, pcm: bytes) -> None:
        """A word is heard `LAG_S` after it was said."""
        words = self._words(LAG_S)
        if self._open and len(words) > self._shown:
            self._shown = len(words)
            self._loop.call_soon(self._tell, Hypothesis(" ".join(words), "", final=False))

    async def finish(self) -> str:
        """Every word said so far."""
        self._open = False
        words = self._words(-0.05)
        self._script.taken = max(self._script.taken, self._first + len(words))
        await asyncio.sleep(FINAL_S)
        return " ".join(words)

    def cancel(self) -> None:
        """Forget it."""
        self._open = False

    def _words(self, lag_s: float) -> list[str]:
        now = self._loop.time() - self._script.began_s
        return [word for _, end, word in self._script.words[self._first :] if end + lag_s <= now]

    def _tell(self, hypothesis: Hypothesis) -> None:
        if self._open:
            self._on_partial(hypothesis)
