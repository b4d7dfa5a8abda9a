"""What the library has to say about a question: passages, best first, and whether to trust them."""

from __future__ import annotations

from dataclasses import dataclass

from storage.records import Passage


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that search returned.

    `score` is the fused rank score, 0 to 1; `cosine` the dense similarity, nan without embedder.
    """

    passage: Passage
    title: str
    source: str
    edition: str
    year: int | None
    superseded: bool
    sample: bool
    score: float
    cosine: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """The passages for one query, best first.

    `weak` means that "nothing found" is meant; `reason` says why: '' (it is not weak),
    'empty_library', 'below_threshold', 'deadline' or 'unavailable'. `took_ms` is the search time.
    """

    query: str
    found: tuple[Found, ...]
    weak: bool
    reason: str
    took_ms: float
