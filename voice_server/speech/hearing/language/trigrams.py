"""Back-off trigram models as arrays: looked up, mixed, pruned and written as ARPA."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

LEAST_LOG10 = -9.0
"""Stands for a probability of nothing."""


@dataclass(frozen=True, slots=True)
class TrigramModel:
    """Back-off trigrams. Probabilities and back-off weights are log10.

    Columns of `bigrams` (n, 2) and `trigrams` (n, 3) are word numbers, oldest word first.
    """

    words: list[str]
    unigram: Floats
    unigram_backoff: Floats
    bigrams: Ints
    bigram: Floats
    bigram_backoff: Floats
    trigrams: Ints
    trigram: Floats

    def __post_init__(self) -> None:
        """The rows of `bigrams` and `trigrams` must be in ascending order."""
        for rows in (self.bigrams, self.trigrams):
            keys = keys_of(rows, len(self.words))
            if np.any(np.diff(keys) <= 0):
                raise ValueError("n-grams must be sorted and unique")


def sorted_model(
    words: list[str],
    unigrams: tuple[Floats, Floats],
    bigrams: tuple[Ints, Floats, Floats],
    trigrams: tuple[Ints, Floats],
) -> TrigramModel:
    """A model from n-grams in any order: (log10 probability, back-off) per word, and
    (rows, log10 probability, back-off) per order."""
    order2 = np.argsort(keys_of(bigrams[0], len(words)))
    order3 = np.argsort(keys_of(trigrams[0], len(words)))
    rows2, probability2, backoff2 = bigrams
    rows3, probability3 = trigrams
    return TrigramModel(
        words,
        *unigrams,
        rows2[order2],
        probability2[order2],
        backoff2[order2],
        rows3[order3],
        probability3[order3],
    )


def keys_of(rows: Ints, words: int) -> Ints:
    """One number per n-gram; ascending numbers are ascending n-grams."""
    keys = rows[:, 0].astype(np.int64)
    for column in range(1, rows.shape[1]):
        keys = keys * words + rows[:, column]
    return keys


class Lookup:
    """Probabilities (not logarithms) of a model, for whole columns of n-grams at once."""

    def __init__(self, model: TrigramModel) -> None:
        self._size = len(model.words)
        self._p1 = 10**model.unigram
        self._b1 = 10**model.unigram_backoff
        self._p2, self._b2 = 10**model.bigram, 10**model.bigram_backoff
        self._p3 = 10**model.trigram
        self._keys2 = keys_of(model.bigrams, self._size)
        self._keys3 = keys_of(model.trigrams, self._size)

    def unigram(self, rows: Ints) -> Floats:
        """P(w), shape (n,), of rows (n, 1)."""
        return self._p1[rows[:, -1]]

    def bigram(self, rows: Ints) -> Floats:
        """P(w | v) of rows (n, 2)."""
        at, found = _find(self._keys2, keys_of(rows, self._size))
        return np.where(found, self._p2[at], self.lower(rows))

    def trigram(self, rows: Ints) -> Floats:
        """P(w | u v) of rows (n, 3)."""
        at, found = _find(self._keys3, keys_of(rows, self._size))
        return np.where(found, self._p3[at], self.lower(rows))

    def lower(self, rows: Ints) -> Floats:
        """What P of rows (n, 2) or (n, 3) would be by backing off."""
        if rows.shape[1] == 2:
            return self._b1[rows[:, 0]] * self._p1[rows[:, 1]]
        return self.backoff(rows[:, :2]) * self.bigram(rows[:, 1:])

    def backoff(self, rows: Ints) -> Floats:
        """Back-off weight of the context (u, v), 1 where it is unknown."""
        at, found = _find(self._keys2, keys_of(rows, self._size))
        return np.where(found, self._b2[at], 1.0)


def _find(keys: Ints, wanted: Ints) -> tuple[Ints, Bools]:
    if not len(keys):
        raise ValueError("the model has no n-grams of that order")
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return at, keys[at] == wanted


def write_arpa(model: TrigramModel, path: Path) -> None:
    """Write the model in the ARPA format, which PocketSphinx loads."""
    words = np.array(model.words, dtype=object)
    with path.open("w", encoding="utf-8") as file:
        file.write("\\data\\\n")
        for order, count in enumerate((len(words), len(model.bigrams), len(model.trigrams)), 1):
            file.write(f"ngram {order}={count}\n")
        file.write("\n\\1-grams:\n")
        file.writelines(
            f"{p:.4f}\t{w}\t{b:.4f}\n"
            for p, w, b in zip(model.unigram, words, model.unigram_backoff, strict=True)
        )
        file.write("\n\\2-grams:\n")
        v, w = words[model.bigrams].T
        file.writelines(
            f"{p:.4f}\t{v} {w}\t{b:.4f}\n"
            for p, v, w, b in zip(model.bigram, v, w, model.bigram_backoff, strict=True)
        )
        file.write("\n\\3-grams:\n")
        u, v, w = words[model.trigrams].T
        file.writelines(
            f"{p:.4f}\t{u} {v} {w}\n" for p, u, v, w in zip(model.trigram, u, v, w, strict=True)
        )
        file.write("\n\\end\\\n")
