"""Sentences of medical prose: "0.5 mg", "e.g. apixaban" and "q.d.s." end none."""

from __future__ import annotations

import re

_END = re.compile(r"[.!?][\"'”’)\]]*(?=\s+[\"'“‘(\[]?[A-Z0-9])|\n+")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.?g|i\.?e|etc|vs|cf|approx|incl|ca|dr|mr|mrs|prof|fig|no|vol|ed|eds|al|st|max"
    r"|b\.?d|t\.?d\.?s|q\.?d\.?s|o\.?d|p\.?o|i\.?v|i\.?m|s\.?c|p\.?r\.?n|resp)"
    r"|(?<![/\d])(?<!\d )\bmin|\b[A-Za-z](?:\.[A-Za-z])+"
    r"|(?:^|(?<!\d)\s)(?-i:[A-Z])|^\s*\d{1,2})\.$",
    re.IGNORECASE,
)


def sentences(text: str) -> list[str]:
    """The sentences of `text` in order; joined by white space they are the text."""
    found = []
    start = 0
    for end in _END.finditer(text):
        piece = text[start : end.end()]
        if "\n" not in end.group() and _ABBREVIATION.search(piece):
            continue
        if piece.strip():
            found.append(piece.strip())
        start = end.end()
    if text[start:].strip():
        found.append(text[start:].strip())
    return found
