"""Blocks to passages: pieces small enough to be cited and spoken, that still say what they are
about.

A passage never crosses a heading, never cuts a sentence, an item or a table row, and never starts
with the items of a list whose introduction stayed behind. Where a passage goes on from another,
the drug and the introduction it depends on become part of its section.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from rag.sentences import sentences
from rag.text import Block
from rag.vocabulary import drugs_named

TARGET_CHARS = 700
"""A passage is closed once it is this long: about 45 seconds of speech."""

MOST_CHARS = 1000
"""No passage is longer, so that the encoder reads all of it (256 word pieces)."""

_DOSE = re.compile(
    r"\d\s*(?:(?:mg|mcg|micrograms?|µg|g|kg|ml|l|units?|iu|mmol|meq)\b(?!\s*/\s*d?l\b)|%)",
    re.IGNORECASE,
)
"""A level in the blood ("3.0 mmol/L") is none."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage before it has an identity. `text` holds its blocks, one a line."""

    section: tuple[str, ...]
    page: int | None
    text: str


def cut(blocks: Sequence[Block], title: str = "") -> list[Piece]:
    """The passages of a document in reading order. All of the blocks' text, nothing twice."""
    pieces = []
    for section, members in groupby(blocks, key=lambda block: block.section):
        groups = list(_pack([unit for block in members for unit in _units(block)]))
        context = _Context(title, section)
        for group in groups:
            page = next((unit.page for unit in group if unit.page is not None), None)
            text = "".join(
                unit.text if first else ("\n" if unit.starts_line else " ") + unit.text
                for first, unit in ((place == 0, unit) for place, unit in enumerate(group))
            )
            pieces.append(Piece(context.section_of(text, group), page, text))
    return pieces


@dataclass(frozen=True, slots=True)
class _Unit:
    """What is never cut: an item, a row, a sentence of a paragraph."""

    text: str
    page: int | None
    kind: str
    starts_line: bool
    introduces: bool


def _units(block: Block) -> Iterator[_Unit]:
    whole = block.kind != "paragraph" and len(block.text) <= MOST_CHARS
    parts = [block.text] if whole else sentences(block.text)
    fitting = [piece for part in parts for piece in _fit(part)]
    for place, text in enumerate(fitting):
        last = place == len(fitting) - 1
        introduces = last and block.kind == "paragraph" and text.endswith(":")
        yield _Unit(text, block.page, block.kind, place == 0, introduces)


def _fit(text: str) -> Iterator[str]:
    """Pieces of at most MOST_CHARS: at a semicolon or comma, else between words, else anywhere."""
    while len(text) > MOST_CHARS:
        window = text[:MOST_CHARS]
        at = max(window.rfind("; "), window.rfind(", "))
        at = at + 1 if at > MOST_CHARS // 2 else window.rfind(" ")
        at = at if at > 0 else MOST_CHARS
        yield text[:at].strip()
        text = text[at:].strip()
    if text:
        yield text


def _pack(units: Sequence[_Unit]) -> Iterator[list[_Unit]]:
    """Groups of units, each a passage. An introduction goes with what it introduces."""
    group: list[_Unit] = []
    size = 0
    for unit in units:
        fits = size + 1 + len(unit.text) <= MOST_CHARS
        full = size >= TARGET_CHARS and not group[-1].introduces
        if group and (full or not fits):
            held = group.pop() if len(group) > 1 and group[-1].introduces else None
            yield group
            group = [held] if held and len(held.text) + 1 + len(unit.text) <= MOST_CHARS else []
            if held and not group:
                yield [held]
            size = sum(len(member.text) + 1 for member in group)
        group.append(unit)
        size += len(unit.text) + 1
    if group:
        yield group


class _Context:
    """What the passages of one section have said so far that later ones depend on."""

    def __init__(self, title: str, section: tuple[str, ...]) -> None:
        self._section = section
        self._known = drugs_named(" . ".join((title, *section)))
        self._drugs: tuple[str, ...] = ()
        self._introduction = ""

    def section_of(self, text: str, group: Sequence[_Unit]) -> tuple[str, ...]:
        """The section of the next passage: its headings, then what it must not lose."""
        carried = []
        if self._introduction and group[0].kind != "paragraph":
            carried.append(self._introduction)
        if self._drugs and _dose_before_drug(text):
            carried.append(", ".join(self._drugs))
        for unit in group:
            if unit.introduces:
                self._introduction = unit.text.rstrip(": ")[-120:]
            elif unit.kind == "paragraph":
                self._introduction = ""
        if not self._known:
            named = (drugs_named(unit.text) for unit in reversed(group))
            self._drugs = next((tuple(sorted(drugs)) for drugs in named if drugs), self._drugs)
        return (*self._section, *carried)


def _dose_before_drug(text: str) -> bool:
    """A dose is given before any drug is named: it belongs to a drug named earlier."""
    for sentence in sentences(text):
        if drugs_named(sentence):
            return False
        if _DOSE.search(sentence):
            return True
    return False
