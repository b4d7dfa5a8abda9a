"""The general English trigram model that PocketSphinx ships, read into arrays.

Its file is PocketSphinx's "Trie Language Model" (lm_trie.c, lm_trie_quant.c): a trie over
reversed n-grams, bit-packed, probabilities in 16-bit bins.
"""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np

from voice_server.speech.hearing.language.trigrams import Ints, TrigramModel, sorted_model

_MAGIC = b"Trie Language Model"
_LOG10 = float(np.log10(1.0001))
"""The file counts logarithms in base 1.0001."""
_BINS = 1 << 16


def read_trie(path: Path) -> TrigramModel:
    """Read the model file. Raises ValueError for another format."""
    data = path.read_bytes()
    if not data.startswith(_MAGIC) or data[len(_MAGIC)] != 3:
        raise ValueError("not a trigram model in the trie format")
    at = len(_MAGIC) + 1
    n1, n2, n3 = struct.unpack_from("<3I", data, at)
    at += 12 + 4
    bins = np.frombuffer(data, "<f4", 3 * _BINS, at).reshape(3, _BINS) * _LOG10
    at += bins.size * 4
    node = np.dtype([("prob", "<f4"), ("backoff", "<f4"), ("next", "<u4")])
    unigrams = np.frombuffer(data, node, n1 + 1, at)
    at += node.itemsize * (n1 + 1)

    word_bits, next_bits = int(n1).bit_length(), int(n3).bit_length()
    middle_bits, longest_bits = word_bits + 32 + next_bits, word_bits + 16
    middle = data[at : (at := at + ((1 + n2) * middle_bits + 7) // 8 + 8)]
    longest = data[at : (at := at + ((1 + n3) * longest_bits + 7) // 8 + 8)]
    (length,) = struct.unpack_from("<i", data, at)
    words = data[at + 4 : at + 4 + length].decode("latin-1").split("\0")[:n1]

    n2 = int(unigrams["next"][-1])  # the counts in the head are upper bounds
    rows2 = np.arange(n2, dtype=np.int64) * middle_bits
    newest2 = np.repeat(np.arange(n1), _steps(unigrams["next"].astype(np.int64)))
    older2 = _field(middle, rows2, word_bits)
    next3 = _field(middle, np.arange(n2 + 1) * middle_bits + word_bits + 32, next_bits)
    n3 = int(next3[-1])
    rows3 = np.arange(n3, dtype=np.int64) * longest_bits
    parent3 = np.repeat(np.arange(n2), _steps(next3))
    return sorted_model(
        words,
        (
            unigrams["prob"][:n1].astype(np.float64) * _LOG10,
            unigrams["backoff"][:n1].astype(np.float64) * _LOG10,
        ),
        (
            np.stack([older2, newest2], axis=1),
            bins[0][_field(middle, rows2 + word_bits + 16, 16)].astype(np.float64),
            bins[1][_field(middle, rows2 + word_bits, 16)].astype(np.float64),
        ),
        (
            np.stack([_field(longest, rows3, word_bits), older2[parent3], newest2[parent3]], 1),
            bins[2][_field(longest, rows3 + word_bits, 16)].astype(np.float64),
        ),
    )


def _field(packed: bytes, bit: Ints, bits: int) -> Ints:
    """The `bits`-wide numbers that begin at bit offsets `bit`."""
    window = np.ndarray(len(packed) - 7, "<u8", packed, strides=(1,))
    shifted = window[bit >> 3] >> (bit & 7).astype(np.uint64)
    return np.asarray(shifted & ((1 << bits) - 1), dtype=np.int64)


def _steps(begins: Ints) -> Ints:
    """How many children each node has, given where its children begin."""
    return begins[1:] - begins[:-1]
