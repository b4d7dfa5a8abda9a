"""A sentence of the library that may be quoted, and how much of a question it names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from agents.asked import Asked, Name, circumstances, stems_of
from agents.facts import Facts, facts
from rag.aspects import Aspect, aspects_under

COVERED = 0.55
"""The least share of what a question names that a sentence and its headings must name."""


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence as it can be said alone, and what stands above it."""

    text: str
    stems: frozenset[str]
    facts: Facts
    title: str
    section: str
    aspects: tuple[Aspect, ...] = ()

    @property
    def is_row(self) -> bool:
        """Whether it is a row of a table, cell by cell."""
        return bool(re.match(r"[^:;.]{1,80}: [^;]+; [^:;]{1,80}: ", self.text))


def line(text: str, title: str, sections: Sequence[str]) -> Line:
    """A sentence under its title and the headings above it, the outermost first."""
    return Line(
        text, stems_of(text), facts(text), title, " ".join(sections), aspects_under(sections)
    )


def is_headed(asked: Asked, one: Line) -> bool:
    """Whether something asked about is named above a sentence."""
    return _names_any(asked, stems_of(f"{one.section} {one.title}"))


def is_titled(asked: Asked, one: Line) -> bool:
    """Whether the title of a sentence's page names something asked about."""
    return _names_any(asked, stems_of(one.title))


def _names_any(asked: Asked, stems: frozenset[str]) -> bool:
    return any(name <= stems for name in names_of(asked))


def is_under(asked: Asked, one: Line) -> bool:
    """Whether a sentence stands in a section about what is asked, on a page about the illness."""
    return is_headed(asked, one) and any(aspect in asked.aspects for aspect in one.aspects)


def coverage(asked: Asked, one: Line) -> float:
    """The share of what the question names that is named: in the sentence in full, in its
    headings a little less."""
    if not asked.ideas:
        return COVERED
    return sum(share_of(idea, one) for idea in asked.ideas) / len(asked.ideas)


@lru_cache(maxsize=8192)
def absent(text: str) -> frozenset[str]:
    """What a text says is not there: "no bleeding", "without bleeding"."""
    return stems_of(what_is_absent(text))


def what_is_absent(text: str) -> str:
    """The words behind each "no" and "without"."""
    return " ".join(_ABSENT.findall(text))


def names_of(asked: Asked) -> list[Name]:
    """All names of all that is asked about."""
    return [name for idea in asked.ideas for name in idea]


def meant_for(one: Line) -> frozenset[str]:
    """The circumstances that the headings above a sentence name."""
    return circumstances(one.section) | circumstances(one.title)


def share_of(idea: tuple[Name, ...], one: Line) -> float:
    """How much of a thing's best matching name a sentence and its headings have, 0 to 1."""
    return max(_share(name, one) for name in idea)


def _share(name: Name, one: Line) -> float:
    section, title = stems_of(one.section), stems_of(one.title)
    said, headed = name & one.stems, (name & section) - one.stems
    titled = (name & title) - one.stems - section
    found = len(said) + len(headed) + len(titled)
    points = len(said) + 0.75 * len(headed) + 0.7 * len(titled)
    return points * found / len(name) ** 2


_ABSENT = re.compile(r"\b(?:no|without|non-?) ?(?:an? |any |the )?(\w+)", re.IGNORECASE)
