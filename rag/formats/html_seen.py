"""Which parts of an HTML page its reader sees, and their text; every part is looked at once."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, TypeAlias

from lxml import etree

BLOCKS = frozenset(
    """address article aside blockquote body caption dd div dl dt figcaption figure footer form
    h1 h2 h3 h4 h5 h6 header hr html li main ol p pre section table td th tr ul details
    summary""".split()
)
_UNSEEN = frozenset(
    "script style template noscript nav svg iframe object head button select".split()
)
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$)"
    r"|font-size\s*:\s*0|text-indent\s*:\s*-\d{3,}|(?:left|top)\s*:\s*-\d{3,}",
    re.IGNORECASE,
)
_PAINT = re.compile(r"(?<![-\w])(color|background(?:-color)?)\s*:\s*([^;]+)")
_PLAIN_SELECTOR = re.compile(r"([a-z0-9]*)((?:[.#][A-Za-z_][\w-]*)+)")

Tag: TypeAlias = Any
"""An element of lxml, which comes without types."""


class Seen:
    """What a page shows: not what its kind, its own style or a style sheet of the page hides (by
    a plain class or id, whatever the screen)."""

    def __init__(self, page: Tag) -> None:
        self._hiding: dict[str, list[tuple[str, frozenset[str]]]] = defaultdict(list)
        for sheet in page.iter("style"):
            for selector in _hiding_selectors("".join(sheet.itertext())):
                if match := _PLAIN_SELECTOR.fullmatch(selector):
                    marks = re.findall(r"[.#][^.#]+", match[2])
                    self._hiding[marks[0]].append((match[1], frozenset(marks)))

    def __call__(self, tag: Tag) -> bool:
        """Whether the tag is seen where what it stands in is."""
        if tag.tag in _UNSEEN or "hidden" in tag.attrib:
            return False
        return not (_hides(tag.get("style", "")) or self._hidden_by_sheet(tag))

    def text(self, tag: Tag) -> str:
        """What a reader sees of a tag, its blocks apart from each other."""
        if not len(tag):
            return (tag.text or "") if self(tag) else ""
        parts: list[str] = []
        for event, part in (walk := etree.iterwalk(tag, events=("start", "end"))):
            apart = " " if part.tag in BLOCKS or part.tag == "br" else ""
            if event == "end":
                parts += (apart, part.tail or "") if part is not tag else ()
            elif self(part):
                parts += (apart, part.text or "")
            else:
                walk.skip_subtree()
        return "".join(parts)

    def _hidden_by_sheet(self, tag: Tag) -> bool:
        if not self._hiding:
            return False
        marks = {f"#{tag.get('id')}", *(f".{name}" for name in tag.get("class", "").split())}
        return any(
            name in ("", tag.tag) and wanted <= marks
            for mark in marks & self._hiding.keys()
            for name, wanted in self._hiding[mark]
        )


def _hides(style: str) -> bool:
    if not style:
        return False
    if _HIDING.search(style):
        return True
    paint = {name: value.strip().lower() for name, value in _PAINT.findall(style)}
    own = paint.pop("color", "")
    return bool(own) and own in paint.values()


def _hiding_selectors(sheet: str) -> Iterator[str]:
    """Selectors of the rules that hide; rules for some screens only (`@media`) are left out."""
    sheet = "".join(part.partition("/*")[0] for part in sheet.split("*/"))
    depth = start = opened = 0
    for brace in re.finditer("[{}]", sheet):
        depth = depth + 1 if brace[0] == "{" else max(depth - 1, 0)
        if brace[0] == "{" and depth == 1:
            opened = brace.start()
        elif brace[0] == "}" and depth == 0:
            selectors = sheet[start:opened].rpartition(";")[2].strip()
            if not selectors.startswith("@") and _HIDING.search(sheet, opened, brace.start()):
                yield from (selector.strip() for selector in selectors.split(","))
            start = brace.end()
