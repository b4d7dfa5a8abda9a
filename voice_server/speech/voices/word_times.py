"""Words and their times: every word of the text once, in order, whatever the engine counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from voice_server.speech.engines import SpokenWord

Span = tuple[float, float]

MOST_WORDS = 24
"""Words that a voice plans and says at once."""


def timed(words: Sequence[str], spans: Sequence[Span | None], length_s: float) -> list[SpokenWord]:
    """`words` with `spans` (start, end in seconds; None where the engine gave none) made
    monotonic and kept inside `length_s`. A word without a span has no length and stands where
    the word before it ended."""
    spoken: list[SpokenWord] = []
    at_s = 0.0
    for word, span in zip(words, spans, strict=True):
        start_s, end_s = span if span is not None else (at_s, at_s)
        start_s = min(max(start_s, at_s), length_s)
        end_s = min(max(end_s, start_s), length_s)
        spoken.append(SpokenWord(word, start_s, end_s))
        at_s = end_s
    return spoken


def proportional(words: Sequence[str], length_s: float) -> list[Span]:
    """Spans that share `length_s` by the words' lengths, for an engine that gives no times."""
    weights = [len(word) + 1 for word in words]
    scale = length_s / max(1, sum(weights))
    spans: list[Span] = []
    at_s = 0.0
    for weight in weights:
        spans.append((at_s, at_s + weight * scale))
        at_s += weight * scale
    return spans


class WordsByTime:
    """Hands out each word with the piece of audio in which it begins."""

    def __init__(self, words: Sequence[SpokenWord]) -> None:
        self._words = list(words)
        self._given = 0

    def until(self, end_s: float) -> tuple[SpokenWord, ...]:
        """The words not given yet that begin before `end_s`."""
        first = self._given
        while self._given < len(self._words) and self._words[self._given].start_s < end_s:
            self._given += 1
        return tuple(self._words[first : self._given])

    def rest(self) -> tuple[SpokenWord, ...]:
        """The words not given yet."""
        return self.until(float("inf"))


def stretches(words: list[str]) -> Iterator[list[str]]:
    """Cut at the ends of sentences, and long ones at a comma: voices plan a stretch as a whole
    before its first sound."""
    stretch: list[str] = []
    for word in words:
        stretch.append(word)
        end = word.rstrip("\"')]}")[-1:]
        if (end in {".", "!", "?", ";", ":"} and len(stretch) >= 3) or (
            len(stretch) >= MOST_WORDS // 2 and (end == "," or len(stretch) >= MOST_WORDS)
        ):
            yield stretch
            stretch = []
    if stretch:
        yield stretch


def later(words: tuple[SpokenWord, ...], by_s: float) -> tuple[SpokenWord, ...]:
    """`words`, each `by_s` seconds later."""
    return tuple(SpokenWord(w.text, w.start_s + by_s, w.end_s + by_s) for w in words)
