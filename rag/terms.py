"""Words to sparse vectors for BM25: the terms of a passage, the weighted terms of a question.

The engine multiplies each matching term by its inverse document frequency; here are the term
frequency, saturated and normalised by length (Robertson and Zaragoza, 2009), and the question's
weights.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from rag.vocabulary import letters_known, matches
from rag.words import words

K1, B = 1.2, 0.75
AVERAGE_TERMS = 100
"""Expected terms of a passage; a constant, so that adding one passage changes no other."""

EXPANSION_WEIGHT = 0.6
"""A question's own words count 1, the words its abbreviations stand for count this."""

TOLD_WEIGHT = 0.3
"""What an account told before its question counts beside what is asked."""

ACCOUNT_WORDS = 12
"""From so many words on, what stands before a question is an account."""
JOINED_WORDS = 8
"""Two questions that begin within so many words are one: "what do I give and how fast"."""
SHORTEST_QUESTION = 3


@dataclass(frozen=True, slots=True)
class Sparse:
    """A sparse vector: parallel term numbers and weights."""

    indices: list[int]
    values: list[float]


def document_sparse(text: str) -> Sparse:
    """The BM25 vector of a passage, as it is indexed."""
    terms = document_terms(text)
    scale = K1 * (1 - B + B * sum(terms.values()) / AVERAGE_TERMS)
    return _sparse({term: n * (K1 + 1) / (n + scale) for term, n in terms.items()})


def query_sparse(text: str, told: str = "") -> Sparse:
    """The weighted terms of a question, and of what was told before it; no terms give an empty
    vector."""
    weights = {term: TOLD_WEIGHT * weight for term, weight in query_terms(told).items()}
    return _sparse(weights | query_terms(text))


def told_and_asked(text: str) -> tuple[str, str]:
    """A long account that ends in a question, as ("a woman of 84 was found …", "what do I give
    first"); ("", text) for what is no account. No punctuation is needed."""
    starts = [match.start() for match in _ASKS.finditer(text)]
    if not starts:
        return "", text
    at = starts.pop()
    while starts and len(text[starts[-1] : at].split()) <= JOINED_WORDS:
        at = starts.pop()
    told, asked = text[:at], text[at:]
    if len(told.split()) < ACCOUNT_WORDS or len(asked.split()) < SHORTEST_QUESTION:
        return "", text
    return told.rstrip(" ,.;:-"), asked


def document_terms(text: str) -> Counter[str]:
    """Terms of a passage and how often each occurs, other names of the same thing included.

    An abbreviation counts as its meaning only where it is written with capitals: "MAP", not "map".
    """
    found = words(text)
    terms = Counter(word.stem for word in found)
    for match in matches(found):
        surface = found[match.start].surface
        if match.abbreviation and not (sum(c.isupper() for c in surface) > 1):
            continue
        for other in match.means:
            terms.update(stem for stem in other if match.drug or terms[stem] == 0)
    return terms


def query_terms(text: str) -> dict[str, float]:
    """Terms of a question, written or recognised, and their weights."""
    found = words(text, spelled=letters_known())
    weights = {word.stem: 1.0 for word in found}
    for match in matches(found):
        weight = 1.0 if match.drug else EXPANSION_WEIGHT
        for other in match.means:
            for stem in other:
                weights.setdefault(stem, weight)
    return weights


def _sparse(weights: Mapping[str, float]) -> Sparse:
    numbers: dict[int, float] = {}
    for term, weight in weights.items():
        number = zlib.crc32(term.encode())
        numbers[number] = numbers.get(number, 0.0) + weight
    order = sorted(numbers)
    return Sparse(order, [numbers[number] for number in order])


_ASKS = re.compile(
    r"\b(?:(?:what|which)(?:'s)?(?= (?!(?:he|she|they|it|his|her|looks?|sounds?|seems?|appears?|"
    r"was|were|had|has|means?|happened)\b)\w)|"
    r"how(?= (?!(?:he|she|they|it|his|her|the)\b)\w)|"
    r"(?:when|where|why|who)(?= (?:do|does|did|should|can|could|is|are|to|would|needs?)\b)|"
    r"(?:should|can|could|shall|do|does|would) (?:i|we|you|he|she|they|it|the|this|that)\b|"
    r"(?:is|are) (?:it|there|they)\b|tell me\b|(?:want|need|like) to know\b|wondering\b)",
    re.IGNORECASE,
)
