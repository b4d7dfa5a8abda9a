"""HTML: what a reader of the page would see, without navigation. A page is read once from its
first tag to its last, so that the time it takes grows with its length alone."""

from __future__ import annotations

import re

from lxml import etree

from rag.formats.html_seen import BLOCKS, Seen, Tag
from rag.formats.plain import decode
from rag.text import Kind, Outline, Text, tidy
from storage.faults import Invalid


def load(content: bytes, name: str) -> Text:
    """The blocks of an HTML page, its title, and the year and publisher its meta tags name.

    Raises Invalid when it is not text, or nested too deeply to be read whole.
    """
    declared = re.search(rb"<meta[^>]+charset=[\"']?([\w-]+)", content[:4096], re.IGNORECASE)
    try:
        page = content.decode(declared[1].decode()) if declared else decode(content, name)
    except (LookupError, UnicodeDecodeError):
        page = decode(content, name)
    root = _parsed(page, name)
    if root is None:
        return Text("", ())
    meta = _meta(root)
    title = next((tidy("".join(tag.itertext())) for tag in root.iter("title")), "")
    names = ("publisher", "dcterms.publisher", "og:site_name", "author")
    dates = ("dcterms.issued", "dcterms.modified", "article:published_time", "date")
    publisher, date = (next((meta[n] for n in of if n in meta), "") for of in (names, dates))
    year = re.search(r"\b(19|20)\d\d\b", date)
    reading = _Reading(Seen(root), title)
    reading.walk(root)
    return Text(
        title=reading.title,
        blocks=tuple(reading.outline.blocks),
        source=publisher,
        year=int(year[0]) if year else None,
    )


def _parsed(page: str, name: str) -> Tag | None:
    """The page's root; None where there is nothing but comments."""
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True
    )
    try:
        root: Tag | None = etree.fromstring(page.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        root = None
    faults = {error.type for error in parser.error_log}
    if etree.ErrorTypes.ERR_NO_MEMORY in faults:
        raise MemoryError
    if etree.ErrorTypes.ERR_RESOURCE_LIMIT in faults:
        raise Invalid(
            "library.nested",
            f"{name} has more parts within parts than we read.",
            field="file",
            remedy="Print it to a PDF, or save its text, and add that.",
        )
    return root


def _meta(root: Tag) -> dict[str, str]:
    """What the first meta tag of each name says; names in lower case."""
    found: dict[str, str] = {}
    for tag in root.iter("meta"):
        for key in (tag.get("name"), tag.get("property")):
            if key and (said := tidy(tag.get("content", ""))):
                found.setdefault(key.lower(), said)
    return found


class _Reading:
    """Blocks in reading order; text between block elements is a paragraph of its own."""

    def __init__(self, seen: Seen, title: str) -> None:
        self.title = title
        self.outline = Outline()
        self._seen = seen
        self._loose: list[str] = []
        self._kinds: list[Kind] = ["paragraph"]

    def walk(self, root: Tag) -> None:
        for event, tag in (walk := etree.iterwalk(root, events=("start", "end"))):
            if event == "start":
                if not self._enter(tag):
                    walk.skip_subtree()
            else:
                if tag.tag in BLOCKS:
                    self._flush()
                    self._kinds.pop()
                self._loose.append(tag.tail or "")
        self._flush()

    def _enter(self, tag: Tag) -> bool:
        """Take in a tag's beginning; returns whether what stands in it is still to be read."""
        if tag.tag in BLOCKS:
            self._flush()
            self._kinds.append("item" if tag.tag in ("li", "dd") else "paragraph")
        if not self._seen(tag):
            return False
        if tag.tag == "table":
            self._table(tag)
        elif re.fullmatch("h[1-6]", tag.tag):
            text = tidy(self._seen.text(tag))
            self.title = self.title or (text if tag.tag == "h1" else "")
            if not (tag.tag == "h1" and text == self.title):
                self.outline.heading(int(tag.tag[1]), text)
        else:
            self._loose.append("\n" if tag.tag == "br" else tag.text or "")
            return True
        return False

    def _flush(self) -> None:
        self.outline.add(self._kinds[-1], "".join(self._loose))
        self._loose.clear()

    def _table(self, table: Tag) -> None:
        """The table's own rows; what else stands in it, such as its caption, comes first."""
        rows: list[Tag] = []
        for part in filter(self._seen, table):
            if part.tag == "tr":
                rows.append(part)
            elif part.tag in ("thead", "tbody", "tfoot"):
                rows += filter(self._seen, part.iterchildren("tr"))
            else:
                self.outline.add("paragraph", self._seen.text(part))
        self.outline.table(self._cells(rows))

    def _cells(self, rows: list[Tag]) -> list[list[str]]:
        """The text of each row's cells; a cell that spans columns or rows stands in each."""
        result: list[list[str]] = []
        carried: dict[int, tuple[int, str]] = {}
        for tr in rows:
            row: list[str] = []
            for cell in tr.iterchildren("td", "th"):
                _carry(row, carried)
                text = self._seen.text(cell)
                for _ in range(_span(cell, "colspan")):
                    if (down := _span(cell, "rowspan")) > 1:
                        carried[len(row)] = (down - 1, text)
                    row.append(text)
            _carry(row, carried)
            result.append(row)
        return result


def _carry(row: list[str], carried: dict[int, tuple[int, str]]) -> None:
    while len(row) in carried:
        left, text = carried.pop(len(row))
        if left > 1:
            carried[len(row)] = (left - 1, text)
        row.append(text)


def _span(cell: Tag, name: str) -> int:
    value = cell.get(name, "1")
    return min(int(value[:3]), 50) if value.isdecimal() and int(value[:3]) else 1
