"""A trigram model counted from sentences, smoothed after Witten and Bell (1991)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from voice_server.speech.hearing.language.trigrams import Ints, TrigramModel, sorted_model

Sentence = tuple[str, ...]


def counted(sentences: Iterable[tuple[Sentence, float]]) -> TrigramModel:
    """The model of weighted sentences; `<s>` and `</s>` are put around each."""
    counts: list[dict[tuple[str, ...], float]] = [defaultdict(float) for _ in range(3)]
    for sentence, weight in sentences:
        marked = ("<s>", *sentence, "</s>")
        for at in range(1, len(marked)):
            for order in range(min(3, at + 1)):
                counts[order][marked[at - order : at + 1]] += weight
    words = sorted({word for (word,) in counts[0]} | {"<s>"})
    number = {word: index for index, word in enumerate(words)}

    p1 = np.full(len(words), 1e-9)
    total = sum(counts[0].values())
    for (word,), count in counts[0].items():
        p1[number[word]] = count / total
    rows2, c2 = _rows(counts[1], number)
    rows3, c3 = _rows(counts[2], number)

    sum1 = np.bincount(rows2[:, 0], c2, len(words))
    types1 = np.bincount(rows2[:, 0], minlength=len(words))
    b1 = np.where(types1 > 0, types1 / np.maximum(sum1 + types1, 1e-12), 1.0)
    v, w = rows2.T
    p2 = (c2 + types1[v] * p1[w]) / (sum1[v] + types1[v])

    index2 = {pair: index for index, pair in enumerate(map(tuple, rows2.tolist()))}
    context = np.array([index2[u, v] for u, v, _ in rows3.tolist()], dtype=np.int64)
    suffix = np.array([index2[v, w] for _, v, w in rows3.tolist()], dtype=np.int64)
    sum2 = np.bincount(context, c3, len(rows2))
    types2 = np.bincount(context, minlength=len(rows2))
    b2 = np.where(types2 > 0, types2 / np.maximum(sum2 + types2, 1e-12), 1.0)
    p3 = (c3 + types2[context] * p2[suffix]) / (sum2[context] + types2[context])
    return sorted_model(
        words,
        (np.log10(p1), np.log10(b1)),
        (rows2, np.log10(p2), np.log10(b2)),
        (rows3, np.log10(p3)),
    )


def _rows(
    counts: dict[tuple[str, ...], float], number: dict[str, int]
) -> tuple[Ints, np.ndarray[tuple[int], np.dtype[np.float64]]]:
    rows = np.array([[number[word] for word in gram] for gram in counts], dtype=np.int64)
    return rows, np.array(list(counts.values()))
