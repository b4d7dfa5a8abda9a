"""Evidence for tests, made from plain text."""

from __future__ import annotations

import math
from pathlib import Path
from uuid import uuid4

from rag.chunking import cut
from rag.evidence import Evidence, Found
from rag.loading import load
from storage.records import Passage

SAMPLE = Path(__file__).parents[2] / "rag" / "sample_library"
ACCOUNT = (
    "i have a patient who is eighty four {} she was found on the floor this morning by her "
    "daughter who says that she had been well the day before "
)
"""An account of a patient, before its question."""


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


def page(name: str) -> Evidence:
    """All passages of a sample page, in order, as if each had been found."""
    text = load(SAMPLE / f"{name}.md", f"{name}.md", "text/markdown")
    return evidence(
        *(
            found(piece.text, text.title, " ".join(piece.section), score=1 - index / 100)
            for index, piece in enumerate(cut(text.blocks, text.title)[:6])
        )
    )
