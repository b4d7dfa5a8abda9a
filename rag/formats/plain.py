"""Plain text: paragraphs between empty lines, bullet and numbered lines as items, and short lines
in capitals or underlined as headings."""

from __future__ import annotations

import re

from rag.text import Outline, Text, tidy, visible
from storage.faults import Invalid

ITEM = re.compile(r"^\s*(?:[-*•·▪◦‣–]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s+(?=\S)")
_UNDERLINE = re.compile(r"^\s*([=\-~])\1{2,}\s*$")


def decode(content: bytes, name: str) -> str:
    """The text of a file in UTF-8, UTF-16 (with its mark) or Windows-1252.

    Raises Invalid when it is not text, or in an encoding that would garble it.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\x00" in content:
        encodings = []
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _readable(text):
            return visible(text)
    raise Invalid(
        "library.encoding",
        f"{name} is not text in an encoding we can read.",
        field="file",
        remedy="Save it as UTF-8 and add it again.",
    )


def _readable(text: str) -> bool:
    """Prose in a Latin script: a wrongly decoded file is full of symbols and accented letters."""
    letters = sum(map(len, text.split()))
    strange = sum(not (c.isspace() or c.isdigit()) for c in filter("~".__lt__, text))
    return strange <= 0.3 * letters + 3


def load(content: bytes, name: str) -> Text:
    """The blocks of a plain text file."""
    outline = Outline()
    title = ""
    lines = decode(content, name).split("\n")
    paragraph: list[str] = []
    listed = False

    def flush() -> None:
        nonlocal listed
        outline.add("item" if listed else "paragraph", " ".join(paragraph))
        paragraph.clear()
        listed = False

    for place, line in enumerate(lines):
        following = lines[place + 1] if place + 1 < len(lines) else ""
        if not line.strip():
            flush()
        elif _UNDERLINE.match(line) and not paragraph:
            continue
        elif not paragraph and (_UNDERLINE.match(following) or _capitals(line)):
            level = 1 if following.strip().startswith("=") else 2
            title = title or tidy(line)
            outline.heading(level, line)
        elif ITEM.match(line):
            flush()
            listed = True
            paragraph.append(ITEM.sub("", line))
        else:
            if listed and not line.startswith((" ", "\t")):
                flush()  # A wrapped item goes on in indented lines only.
            paragraph.append(line)
    flush()
    return Text(title, tuple(outline.blocks))


def _capitals(line: str) -> bool:
    letters = [c for c in line if c.isalpha()]
    return 4 <= len(letters) and len(line.strip()) <= 80 and all(c.isupper() for c in letters)
