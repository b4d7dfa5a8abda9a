"""Evidence for tests, made from plain text."""

from __future__ import annotations

import math
from uuid import uuid4

from rag.evidence import Evidence, Found
from storage.records import Passage


def found(
    text: str,
    title: str = "Hyperkalaemia in adults",
    section: str = "",
    *,
    score: float = 0.9,
    page: int | None = None,
    edition: str = "",
    year: int | None = 2023,
    superseded: bool = False,
) -> Found:
    """A found passage."""
    return Found(
        Passage(uuid4(), uuid4(), 0, (section,) if section else (), page, text),
        title=title,
        source="National guideline",
        edition=edition,
        year=year,
        superseded=superseded,
        sample=True,
        score=score,
        cosine=math.nan,
    )


def evidence(*passages: Found, question: str = "q") -> Evidence:
    """Evidence of these passages; none is weak evidence."""
    return Evidence(question, passages, not passages, "" if passages else "below_threshold", 1.0)
