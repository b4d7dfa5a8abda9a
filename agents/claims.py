"""A sentence that may be spoken, and the passages that carry it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence ready to be spoken.

    `text` is what is shown; `citations` are the ids of the passages that carry it, empty only for
    a sentence without clinical content.
    """

    text: str
    citations: tuple[UUID, ...]
