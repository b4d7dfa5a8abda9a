"""Words to sparse vectors for BM25: the terms of a passage, the weighted terms of a question.

The engine multiplies each matching term by its inverse document frequency; here are the term
frequency, saturated and normalised by length (Robertson and Zaragoza, 2009), and the question's
weights.
"""

from __future__ import annotations

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


def query_sparse(text: str) -> Sparse:
    """The weighted terms of a question; no terms give an empty vector."""
    return _sparse(query_terms(text))


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
