"""Which of two documents is the newer edition of the other. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from storage.records import Document

_EDITION = re.compile(
    r"\b(?:19|20)\d\d\b|\b(?:v|version|edition|ed|rev|revision|update|updated|issue)\b[ .]*\d*"
    r"|\b\d+(?:st|nd|rd|th)\b"
)


def related(new: Document, others: Iterable[Document]) -> Document | None:
    """The current edition among `others` of the same work as `new`."""
    return next(
        (
            other
            for other in others
            if other.id != new.id
            and other.superseded_by is None
            and other.sample == new.sample
            and _work(other) == _work(new)
        ),
        None,
    )


def newer(new: Document, old: Document) -> Literal["new", "old"]:
    """Which of the two stands: the later year, then the higher edition; else the one just added."""
    for mine, theirs in ((new.year, old.year), (_number(new.edition), _number(old.edition))):
        if mine is not None and theirs is not None and mine != theirs:
            return "new" if mine > theirs else "old"
    return "new"


def _work(document: Document) -> tuple[str, str]:
    return _plain(document.title), _plain(document.source)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z]+", _EDITION.sub(" ", text.casefold())))


def _number(edition: str) -> float | None:
    found = re.search(r"\d+(?:\.\d+)?", edition)
    return float(found[0]) if found else None
