"""A document once its file format is gone: blocks in reading order under their headings."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["paragraph", "item", "row"]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a list item, or a table row (each cell with its column's header).

    `section` are the headings above it, outermost first; `page` counts from 1.
    """

    kind: Kind
    text: str
    section: tuple[str, ...] = ()
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """What was read from a file, and what the file says about itself ('' or None: nothing).

    `readers` names who may read it: `everyone`, a role (`role:admin`) or a person (`person:<id>`).
    """

    title: str
    blocks: tuple[Block, ...]
    source: str = ""
    edition: str = ""
    year: int | None = None
    pages: int | None = None
    sample: bool = False
    readers: tuple[str, ...] = ("everyone",)


@dataclass
class Outline:
    """Collects blocks while headings come and go."""

    blocks: list[Block] = field(default_factory=list)
    _headings: list[tuple[int, str]] = field(default_factory=list)

    def heading(self, level: int, text: str) -> None:
        """Everything that follows stands under this heading (level 1 is the outermost)."""
        while self._headings and self._headings[-1][0] >= level:
            self._headings.pop()
        if tidy(text):
            self._headings.append((level, tidy(text)))

    def add(self, kind: Kind, text: str, page: int | None = None) -> None:
        """One block; a block without text is dropped."""
        if clean := tidy(text):
            section = tuple(heading for _, heading in self._headings)
            self.blocks.append(Block(kind, clean, section, page))

    def table(self, rows: list[list[str]], page: int | None = None) -> None:
        """Rows of a table whose first row is the header; each row is kept with its headers."""
        rows = [[tidy(cell) for cell in row] for row in rows]
        rows = [row for row in rows if any(row)]
        if len(rows) == 1:
            self.add("row", "; ".join(cell for cell in rows[0] if cell), page)
        for row in rows[1:]:
            cells = [
                f"{header}: {cell}" if header else cell
                for header, cell in zip(_padded(rows[0], len(row)), row, strict=False)
                if cell
            ]
            self.add("row", "; ".join(cells), page)


def _padded(header: list[str], width: int) -> list[str]:
    return header + [""] * (width - len(header))


_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
    "\U000e0000-\U000e0fff]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def visible(text: str) -> str:
    """`text` without characters that a reader cannot see; ligatures spelled out, NFC."""
    if text.isascii() and text.isprintable():
        return text
    text = _CONTROL.sub(" ", _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    for ligature in "ﬀﬁﬂﬃﬄﬅﬆ":
        if ligature in text:
            text = text.replace(ligature, unicodedata.normalize("NFKC", ligature))
    return unicodedata.normalize("NFC", text)


def tidy(text: str) -> str:
    """One line of visible text, runs of white space as one space."""
    return " ".join(visible(text).split())
