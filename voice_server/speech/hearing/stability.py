"""Which words of a changing hypothesis will stay: those that several in a row agreed on."""

from __future__ import annotations

from collections import deque


class StablePrefix:
    """A word is stable when every hypothesis of the last `hold_ms` of audio, at least
    `least_hypotheses` of them, began with it and with all words before it, and `loose_words` more
    follow. What was stable stays stable: the prefix never shrinks or changes."""

    def __init__(self, *, hold_ms: int, least_hypotheses: int = 3, loose_words: int = 1) -> None:
        self._hold_ms = hold_ms
        self._least = least_hypotheses
        self._loose = loose_words
        self._recent: deque[tuple[int, list[str]]] = deque()
        self._stable: list[str] = []

    def update(self, words: list[str], at_ms: int) -> tuple[list[str], list[str]]:
        """(stable words, the words after them that may change), `at_ms` into the utterance."""
        self._recent.append((at_ms, words))
        while len(self._recent) > self._least and self._recent[1][0] <= at_ms - self._hold_ms:
            self._recent.popleft()
        if len(self._recent) >= self._least and self._recent[0][0] <= at_ms - self._hold_ms:
            agreed = self._agreed()
            if len(agreed) > len(self._stable) and agreed[: len(self._stable)] == self._stable:
                self._stable = agreed
        return self._stable, words[len(self._stable) :]

    def _agreed(self) -> list[str]:
        prefix = self._recent[-1][1][: -self._loose]
        for _, words in self._recent:
            for index, (mine, theirs) in enumerate(zip(prefix, words, strict=False)):
                if mine != theirs:
                    prefix = prefix[:index]
                    break
            prefix = prefix[: len(words)]
        return prefix
