"""Which of the passages found answers the question, and whether any does. Pure.

Fusion by rank knows only order. Here the passages are ordered again by what can be measured of
each: similarity of the passage and of its nearest sentence, the share of the question's
information (in terms weighed by rarity) that the passage and its headings carry, and the drugs.
"""

from __future__ import annotations

import math
import zlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from rag.aspects import Aspect, aspects_asked, aspects_under
from rag.index import RRF_K, Hit
from rag.terms import TOLD_WEIGHT, document_terms
from rag.vocabulary import drugs_named, letters_known, matches
from rag.words import words

CLOSE = 0.60
"""Similarity plus COVERAGE_BONUS × coverage from which a passage answers. Of 1,000 questions about
PubMed abstracts in the library 1.5 % fall below it, of 30 off-topic questions all do."""

COVERAGE_BONUS = 0.2
WHOLE = 0.8
"""From this coverage on, a passage answers unless its vector is far: short questions in the ward's
shorthand are unlike any sentence."""
FAR = 0.3
SECTION_BONUS = 0.15
"""For a section about what is asked ("Immediate management"), on a page about the illness."""
MOST_TOLD = 16
"""Words of an account that are searched for."""
COVERED = 0.5
"""Without vectors: the share of the question's information that a passage must carry."""


@dataclass(frozen=True, slots=True)
class Rarity:
    """Inverse document frequency of terms, from counts over some passages."""

    passages: int
    counts: Mapping[int, int]

    def plus(self, passages: int, counts: Mapping[int, int]) -> Rarity:
        """The same with some more passages counted."""
        together = Counter(self.counts)
        together.update(counts)
        return Rarity(self.passages + passages, together)

    def of(self, term: int) -> float:
        """As BM25 weighs it, ln(1 + (N - n + ½) / (n + ½)); what never occurs counts as once."""
        seen = max(self.counts.get(term, 0), 1)
        passages = max(self.passages, seen)
        return math.log(1 + (passages - seen + 0.5) / (seen + 0.5))

    def seen(self, stem: str) -> bool:
        """Whether a word (its stem) occurs; before anything was counted every word may."""
        return not self.counts or _number(stem) in self.counts


@dataclass(frozen=True, slots=True)
class Idea:
    """Something the question names: the terms of each of its names, and how rare it is."""

    names: tuple[frozenset[int], ...]
    weight: float

    def share_in(self, terms: frozenset[int]) -> float:
        """How much of its best matching name is among `terms`, 0 to 1."""
        share = 0.0
        for name in self.names:
            if name <= terms:
                return 1.0
            if not name.isdisjoint(terms):
                share = max(share, len(name & terms) / len(name))
        return share


@dataclass(frozen=True, slots=True)
class Question:
    """A question, ready to be compared: what it names, the terms of its drugs, what was told before
    it, and, where it is about an illness, the sections that answer it."""

    ideas: tuple[Idea, ...]
    drugs: tuple[frozenset[int], ...]
    told: tuple[Idea, ...] = ()
    aspects: tuple[Aspect, ...] = ()

    def covered_by(self, terms: frozenset[int]) -> float:
        """The share of the information asked and told among `terms`, 0 to 1."""
        return _covered((*self.ideas, *self.told), terms)

    def asked_in(self, terms: frozenset[int]) -> float:
        """The share of the information asked among `terms`, 0 to 1."""
        return _covered(self.ideas, terms)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A hit with its score (0..1), the shares of all that was said and of what was asked that it
    covers (0..1)."""

    hit: Hit
    score: float
    coverage: float
    asked: float
    names_drug: bool


def understand(text: str, rarity: Rarity, told: str = "") -> Question:
    """What the question names; an abbreviation or a brand counts as what it stands for. What was
    `told` before it counts less, and its drugs need not be named."""
    ideas = _ideas(text, rarity)
    background = _ideas(told, rarity, TOLD_WEIGHT)
    drugs = tuple(
        frozenset(_number(word.stem) for word in words(drug)) for drug in sorted(drugs_named(text))
    )
    aspects = () if drugs else aspects_asked(text)
    return Question(tuple(ideas.values()), drugs, tuple(background.values()), aspects)


def gist(told: str, rarity: Rarity) -> str:
    """Of an account the words that the library has, the rarest of them, in their order."""
    found = [word for word in words(told, spelled=letters_known()) if rarity.seen(word.stem)]
    rarest = sorted(found, key=lambda word: -rarity.of(_number(word.stem)))[:MOST_TOLD]
    return " ".join(word.surface for word in found if word in rarest)


def _ideas(text: str, rarity: Rarity, share: float = 1.0) -> dict[frozenset[int], Idea]:
    found = words(text, spelled=letters_known())
    ideas: dict[frozenset[int], Idea] = {}
    place = 0
    named = {match.start: match for match in reversed(list(matches(found)))}
    while place < len(found):
        match = named.get(place)
        end = match.end if match else place + 1
        own = frozenset(_number(word.stem) for word in found[place:end])
        others = [frozenset(map(_number, stems)) for stems in match.means] if match else []
        names = (own, *(name for name in others if name))
        weight = min(sum(rarity.of(term) for term in name) for name in names)
        ideas.setdefault(own, Idea(names, share * weight))
        place = end
    return ideas


def rank(
    question: Question,
    hits: Sequence[Hit],
    heading: Callable[[Hit], str],
    *,
    penalty: Callable[[Hit], float] = lambda _: 1.0,
) -> list[Ranked]:
    """`hits` in order of what they say about the question. `heading` gives a hit's title and
    sections, `penalty` a factor below 1 for what should stand behind (an old edition)."""
    ranked = []
    for hit in hits:
        covered = question.covered_by(hit.terms)
        headed = question.covered_by(heading_terms(heading(hit)))
        names = not question.drugs or any(drug <= hit.terms for drug in question.drugs)
        score = _score(hit, covered, headed)
        about = aspects_under(hit.passage.section) if question.aspects else ()
        if any(aspect in question.aspects for aspect in about):
            score += SECTION_BONUS * headed
        score *= (1.0 if names else 0.8) * penalty(hit)
        asked = question.asked_in(hit.terms) if question.told else covered
        ranked.append(Ranked(hit, min(max(score, 0.0), 1.0), covered, asked, names))
    return sorted(ranked, key=lambda r: r.score, reverse=True)


def _covered(ideas: Sequence[Idea], terms: frozenset[int]) -> float:
    total = sum(idea.weight for idea in ideas)
    return sum(idea.weight * idea.share_in(terms) for idea in ideas) / total if total else 0.0


def _score(hit: Hit, covered: float, headed: float) -> float:
    fused = hit.fused * RRF_K / 2
    if math.isnan(hit.cosine):
        return 0.30 * fused + 0.55 * covered + 0.15 * headed
    nearest = hit.cosine if math.isnan(hit.nearest) else hit.nearest
    return 0.05 * fused + 0.45 * hit.cosine + 0.25 * nearest + 0.15 * covered + 0.10 * headed


def answers(ranked: Sequence[Ranked]) -> bool:
    """Whether the best passages are close enough to be spoken as an answer."""
    return any(_close(r) for r in ranked[:3])


def _close(ranked: Ranked) -> bool:
    if not ranked.names_drug:
        return False
    if math.isnan(ranked.hit.cosine):
        return ranked.asked >= COVERED
    similar = max(ranked.hit.cosine, ranked.hit.nearest)
    if ranked.coverage >= WHOLE and similar >= FAR:
        return True
    return similar + COVERAGE_BONUS * ranked.asked >= CLOSE


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
