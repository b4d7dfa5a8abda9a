"""Two trigram models become one: linear interpolation, then back-off weights anew."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from voice_server.speech.hearing.language.trigrams import (
    LEAST_LOG10,
    Floats,
    Ints,
    Lookup,
    TrigramModel,
    keys_of,
    sorted_model,
)


def mixed(
    general: TrigramModel,
    library: TrigramModel,
    *,
    share: float,
    words: Collection[str],
    least_gain: float,
) -> TrigramModel:
    """P = share · P_library + (1 - share) · P_general over `words`.

    The library's n-grams all stay. Of the general model's, those stay whose loss would cost more
    than `least_gain` of relative entropy (Stolcke 1998), which keeps it small enough to load fast.
    """
    names = sorted(words)
    lookup, narrow = Lookup(general), _Renumbered(general, names)
    gain2, gain3 = _gains(general, lookup)
    kept2 = narrow.bigrams[narrow.ok2 & (gain2 > least_gain)]
    kept3 = narrow.trigrams[narrow.ok3 & (gain3 > least_gain)]

    mine = _Renumbered(library, names)
    rows3 = _union(len(names), kept3, mine.trigrams[mine.ok3])
    rows2 = _union(len(names), kept2, mine.bigrams[mine.ok2], rows3[:, :2], rows3[:, 1:])
    parts = ((lookup, narrow.back, 1.0 - share), (Lookup(library), mine.back, share))
    rows1 = np.arange(len(names), dtype=np.int64)[:, None]
    p1 = _blend(parts, rows1)
    p1 /= p1.sum()
    p2, p3 = _blend(parts, rows2), _blend(parts, rows3)
    b1 = _backoff(rows2[:, 0], p2, p1[rows2[:, 1]], len(names))
    keys2 = keys_of(rows2, len(names))
    context = np.searchsorted(keys2, keys_of(rows3[:, :2], len(names)))
    suffix = np.searchsorted(keys2, keys_of(rows3[:, 1:], len(names)))
    b2 = _backoff(context, p3, p2[suffix], len(rows2))
    return sorted_model(names, (_log(p1), _log(b1)), (rows2, _log(p2), _log(b2)), (rows3, _log(p3)))


class _Renumbered:
    """A model's n-grams in new word numbers: `ok` where all words exist, `back` the old number
    of each new word (-1 where the model lacks it)."""

    def __init__(self, model: TrigramModel, names: list[str]) -> None:
        number = {name: index for index, name in enumerate(names)}
        forth = np.array([number.get(word, -1) for word in model.words], dtype=np.int64)
        self.back = np.full(len(names), -1, dtype=np.int64)
        self.back[forth[forth >= 0]] = np.flatnonzero(forth >= 0)
        self.bigrams, self.trigrams = forth[model.bigrams], forth[model.trigrams]
        self.ok2 = np.all(self.bigrams >= 0, axis=1)
        self.ok3 = np.all(self.trigrams >= 0, axis=1)


def _gains(model: TrigramModel, lookup: Lookup) -> tuple[Floats, Floats]:
    """What each bigram and trigram adds, as weighted difference of log probabilities."""
    p1 = 10**model.unigram
    p2, p3 = 10**model.bigram, 10**model.trigram
    joint2 = p1[model.bigrams[:, 0]] * p2
    gain2 = joint2 * (model.bigram - np.log10(np.maximum(lookup.lower(model.bigrams), 1e-30)))
    contexts = model.trigrams[:, :2]
    joint3 = p1[contexts[:, 0]] * lookup.bigram(contexts) * p3
    gain3 = joint3 * (model.trigram - np.log10(np.maximum(lookup.lower(model.trigrams), 1e-30)))
    return gain2, gain3


def _union(words: int, *parts: Ints) -> Ints:
    """Every n-gram once, in ascending order."""
    rows = np.concatenate(parts)
    _, first = np.unique(keys_of(rows, words), return_index=True)
    return rows[first]


def _blend(parts: tuple[tuple[Lookup, Ints, float], ...], rows: Ints) -> Floats:
    """The weighted probabilities of `rows`. Where a model lacks the predicted word it gives
    nothing; where it lacks a word of the context it is asked without it."""
    total = np.zeros(len(rows))
    order = rows.shape[1]
    for lookup, back, weight in parts:
        old = back[rows]
        for used in range(1, order + 1):
            known = np.all(old[:, order - used :] >= 0, axis=1)
            if used < order:
                known &= old[:, order - used - 1] < 0
            some = old[known][:, order - used :]
            if len(some):
                ask = (lookup.unigram, lookup.bigram, lookup.trigram)[used - 1]
                total[known] += weight * ask(some)
    return np.clip(total, 1e-12, 1.0)


def _backoff(context: Ints, higher: Floats, lower: Floats, contexts: int) -> Floats:
    """The weight that makes each context's probabilities sum to one."""
    left = 1.0 - np.bincount(context, higher, contexts)
    free = 1.0 - np.bincount(context, lower, contexts)
    return np.asarray(np.maximum(left, 1e-6) / np.maximum(free, 1e-6), dtype=np.float64)


def _log(probability: Floats) -> Floats:
    return np.maximum(np.log10(np.maximum(probability, 1e-30)), LEAST_LOG10)
