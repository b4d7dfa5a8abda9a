"""A recogniser that hears what the bench says it plays, each word a moment after it was said.

The bench appends a line to the script when it plays something: `start end word` for each word, in
seconds of the machine's monotonic clock. One caller at a time.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from voice_server.speech.engines import Hypothesis

LAG_S = 0.15
"""From the end of a word to the partial transcript that has it."""
FINAL_S = 0.03
_FORGOTTEN_S = 0.5


def append(script: Path, at_s: float, words: Iterable[tuple[str, float, float]]) -> None:
    """These words, (word, start, end), are being said from `at_s` on."""
    with script.open("a") as out:
        for word, begin, end in words:
            out.write(f"{at_s + begin:.4f} {at_s + end:.4f} {word}\n")


class Following:
    """The recogniser of a server whose only caller is the bench."""

    label, fallback, remedy = "follows the script", True, ""

    def __init__(self, script: Path) -> None:
        self._file = script.open()
        self._rest = ""
        self.words: list[tuple[float, str]] = []
        self.taken = 0

    async def open_utterance(self, on_partial: Callable[[Hypothesis], None]) -> FollowingUtterance:
        """See `Transcriber`. What was said long before was never listened to."""
        self.read()
        now = time.monotonic()
        while self.taken < len(self.words) and self.words[self.taken][0] < now - _FORGOTTEN_S:
            self.taken += 1
        return FollowingUtterance(self, on_partial)

    async def learn(self, text: str) -> None:
        """The script is known."""

    def read(self) -> None:
        """Take in what the bench has written since."""
        lines = (self._rest + self._file.read()).split("\n")
        self._rest = lines.pop()
        for line in lines:
            _, end, word = line.split(" ", 2)
            self.words.append((float(end), word))


class FollowingUtterance:
    """One utterance of `Following`."""

    def __init__(self, script: Following, on_partial: Callable[[Hypothesis], None]) -> None:
        self._script, self._on_partial = script, on_partial
        self._first = script.taken
        self._shown = 0
        self._open = True

    def feed(self, pcm: bytes) -> None:
        """Show the words that are out by now."""
        self._script.read()
        words = self._said(LAG_S)
        if self._open and len(words) > self._shown:
            self._shown = len(words)
            asyncio.get_running_loop().call_soon(
                self._tell, Hypothesis(" ".join(words), "", final=False)
            )

    async def finish(self) -> str:
        """Every word said so far."""
        self._open = False
        self._script.read()
        words = self._said(-0.05)
        self._script.taken = max(self._script.taken, self._first + len(words))
        await asyncio.sleep(FINAL_S)
        return " ".join(words)

    def cancel(self) -> None:
        """Forget it."""
        self._open = False

    def _said(self, lag_s: float) -> list[str]:
        now = time.monotonic()
        return [word for end, word in self._script.words[self._first :] if end + lag_s <= now]

    def _tell(self, hypothesis: Hypothesis) -> None:
        if self._open:
            self._on_partial(hypothesis)
