"""Which of the passages found answers the question, and whether any does. Pure.

Fusion by rank knows only order. Here the passages are ordered again by what can be measured of
each: similarity of the passage and of its nearest sentence, the share of the question's
information (in terms weighed by rarity) that the passage and its headings carry, and the drugs.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from rag.index import RRF_K, Hit
from rag.terms import document_terms, query_terms
from rag.vocabulary import drugs_named
from rag.words import words

CLOSE = 0.60
"""Similarity plus COVERAGE_BONUS × coverage from which a passage answers. Of 1,000 questions about
PubMed abstracts in the library 1.5 % fall below it, of 30 off-topic questions all do."""

COVERAGE_BONUS = 0.2
COVERED = 0.5
"""Without vectors: the share of the question's information that a passage must carry."""


@dataclass(frozen=True, slots=True)
class Rarity:
    """Inverse document frequency of terms, from counts over some passages."""

    passages: int
    counts: Mapping[int, int]

    def of(self, term: int) -> float:
        """As BM25 weighs it: ln(1 + (N - n + ½) / (n + ½))."""
        seen = self.counts.get(term, 0)
        return math.log(1 + (self.passages - seen + 0.5) / (seen + 0.5))


@dataclass(frozen=True, slots=True)
class Question:
    """A question, ready to be compared: weights of its terms, and its drugs' terms."""

    weights: Mapping[int, float]
    drugs: tuple[frozenset[int], ...]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A hit with its score (0..1), and the share of the question that it covers (0..1)."""

    hit: Hit
    score: float
    coverage: float
    names_drug: bool


def understand(text: str, rarity: Rarity) -> Question:
    """The question's terms, each weighed by how rare it is in the library."""
    weights = {
        number: weight * rarity.of(number)
        for term, weight in query_terms(text).items()
        for number in [_number(term)]
    }
    drugs = tuple(
        frozenset(_number(word.stem) for word in words(drug)) for drug in sorted(drugs_named(text))
    )
    return Question(weights, drugs)


def rank(
    question: Question,
    hits: Sequence[Hit],
    heading: Callable[[Hit], str],
    *,
    penalty: Callable[[Hit], float] = lambda _: 1.0,
) -> list[Ranked]:
    """`hits` in order of what they say about the question. `heading` gives a hit's title and
    sections, `penalty` a factor below 1 for what should stand behind (an old edition)."""
    total = sum(question.weights.values()) or 1.0
    ranked = []
    for hit in hits:
        above = heading_terms(heading(hit))
        covered = sum(w for term, w in question.weights.items() if term in hit.terms) / total
        headed = sum(w for term, w in question.weights.items() if term in above) / total
        names = not question.drugs or any(drug <= hit.terms for drug in question.drugs)
        score = _score(hit, covered, headed)
        score *= (1.0 if names else 0.8) * penalty(hit)
        ranked.append(Ranked(hit, min(max(score, 0.0), 1.0), covered, names))
    return sorted(ranked, key=lambda r: r.score, reverse=True)


def _score(hit: Hit, covered: float, headed: float) -> float:
    fused = hit.fused * RRF_K / 2
    if math.isnan(hit.cosine):
        return 0.30 * fused + 0.55 * covered + 0.15 * headed
    nearest = hit.cosine if math.isnan(hit.nearest) else hit.nearest
    return 0.10 * fused + 0.45 * hit.cosine + 0.15 * nearest + 0.20 * covered + 0.10 * headed


def answers(ranked: Sequence[Ranked]) -> bool:
    """Whether the best passages are close enough to be spoken as an answer."""
    return any(_close(r) for r in ranked[:3])


def _close(ranked: Ranked) -> bool:
    if not ranked.names_drug:
        return False
    if math.isnan(ranked.hit.cosine):
        return ranked.coverage >= COVERED
    similar = max(ranked.hit.cosine, ranked.hit.nearest)
    return similar + COVERAGE_BONUS * ranked.coverage >= CLOSE


def heading_terms(heading: str) -> frozenset[int]:
    """Numbers of the terms of a heading; remembered, for headings recur."""
    if heading not in _headings:
        if len(_headings) >= 20_000:
            _headings.clear()
        _headings[heading] = frozenset(_number(term) for term in document_terms(heading))
    return _headings[heading]


_headings: dict[str, frozenset[int]] = {}


def _number(term: str) -> int:
    return zlib.crc32(term.encode())
