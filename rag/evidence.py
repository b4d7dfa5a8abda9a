"""What a search gives: passages with what they are from, and whether they are worth speaking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from storage.records import Passage

Reason = Literal["", "empty_library", "below_threshold", "deadline", "unavailable"]


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that search returned. `score` is between 0 and 1, comparable within one answer;
    `cosine` is its similarity to the question, nan without an embedder."""

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
    """Passages for one question, best first.

    `weak`: nothing here answers it, and that should be said. `reason` tells why: the library is
    empty, nothing was close enough, the search missed its deadline or could not be made.
    """

    query: str
    found: tuple[Found, ...]
    weak: bool
    reason: Reason
    took_ms: float


@dataclass(frozen=True, slots=True)
class Part:
    """One question of a multi-step question, and its evidence."""

    question: str
    evidence: Evidence
