"""PDF: lines with their size and place, made into headings, paragraphs, items and tables."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from statistics import median

import pypdfium2

from rag.formats import pdf_ocr
from rag.formats.pdf_lines import Line, page_lines
from rag.formats.pdf_ocr import can_recognise, recognised_lines
from rag.formats.pdf_tables import Table, Tables
from rag.formats.plain import ITEM
from rag.text import Outline, Text, tidy
from storage.faults import Invalid

MOST_PAGES = 10_000
HEADING_SIZE = 1.12
"""Text this much larger than the body's is a heading."""

PARAGRAPH_GAP = 1.35
"""A distance between lines this much larger than usual begins a paragraph."""


def load(path: Path, name: str) -> Text:
    """The blocks of a PDF, each on its page, and the title, author and year of its properties.

    A scanned PDF is recognised where Tesseract is installed. Raises Invalid when it is encrypted,
    damaged, empty, longer than MOST_PAGES, or scanned and cannot be recognised.
    """
    try:
        document = pypdfium2.PdfDocument(str(path))
    except pypdfium2.PdfiumError as error:
        raise _unopened(str(error), name) from error
    finder = Tables(document)
    try:
        count = len(document)
        if count > MOST_PAGES:
            raise Invalid(
                "library.too_long",
                f"{name} has {count:,} pages; {MOST_PAGES:,} are the most we take.",
                field="file",
                remedy="Split it and add the parts.",
            )
        about = document.get_metadata_dict(skip_empty=True)
        lines: list[Line] = []
        tables: list[Table] = []
        images = 0
        for number in range(count):
            page = page_lines(document, number)
            images += page.has_image
            drawn = finder.find(number) if page.strokes >= 4 else []
            tables += drawn
            lines += [line for line in page.lines if not any(t.holds(line) for t in drawn)]
        letters = sum(len(line.text) for line in lines)
        scanned = not tables and images >= count / 2 and letters < 20 * count
        if scanned and can_recognise() and count <= pdf_ocr.MOST_PAGES:
            lines = [line for n in range(count) for line in recognised_lines(document, n)]
            scanned = not lines
    except pypdfium2.PdfiumError as error:
        raise _unopened(str(error), name) from error
    finally:
        document.close()
    if scanned or not (lines or tables):
        raise _without_text(name, scanned=scanned)
    title = _title(about.get("Title", ""))
    outline = Outline()
    running = _running(lines, count)
    found = _fill(outline, [line for line in lines if line not in running], tables)
    year = re.search(r"(19|20)\d\d", about.get("CreationDate", ""))
    return Text(
        title=title or found,
        blocks=tuple(outline.blocks),
        source=tidy(about.get("Author", "")),
        year=int(year[0]) if year else None,
        pages=count,
    )


def _unopened(reason: str, name: str) -> Invalid:
    if "password" in reason.lower():
        return Invalid(
            "library.encrypted",
            f"{name} is protected by a password.",
            field="file",
            remedy="Save it without the password and add it again.",
        )
    return Invalid(
        "library.corrupt",
        f"{name} is damaged or not a PDF.",
        field="file",
        remedy="Print it to a new PDF and add that.",
    )


def _without_text(name: str, *, scanned: bool) -> Invalid:
    if scanned:
        return Invalid(
            "library.scanned",
            f"{name} holds pictures of pages and no text.",
            field="file",
            remedy="Run text recognition (OCR) on it and add the result, or install Tesseract.",
        )
    return Invalid(
        "library.empty",
        f"{name} holds no text.",
        field="file",
        remedy="Check that it is the right file.",
    )


def _title(text: str) -> str:
    title = tidy(text)
    unsaid = re.search(
        r"\.(docx?|pdf|indd|qxd|tmp)$|^microsoft |^\(?untitled|^\(?anonymous", title, re.I
    )
    return "" if unsaid else title


def _running(lines: list[Line], pages: int) -> frozenset[Line]:
    """Headers and footers: the outermost lines of a page that recur on most pages."""
    if pages < 3:
        return frozenset()
    by_page: dict[int, list[Line]] = {}
    for line in lines:
        by_page.setdefault(line.page, []).append(line)
    outer = [line for page in by_page.values() for line in {*page[:2], *page[-2:]}]
    shape = {line: re.sub(r"\d+", "#", line.text) for line in outer}
    often = Counter(shape.values())
    return frozenset(line for line in outer if often[shape[line]] >= max(3, 0.6 * pages))


def _fill(outline: Outline, lines: list[Line], tables: list[Table]) -> str:
    """Put lines and tables into `outline` in reading order; returns the largest first heading."""
    body = median(line.size for line in lines) if lines else 10.0
    gaps = [b.below(a) for a, b in pairwise(lines) if b.page == a.page and b.below(a) > 0]
    usual = median(gaps) if gaps else 12.0
    sizes = sorted({round(line.size, 1) for line in lines if line.large(body)}, reverse=True)
    title = ""
    parts = _Parts(outline)
    waiting = sorted(tables, key=lambda table: (table.page, table.top))
    previous: Line | None = None
    for line in lines:
        while waiting and (waiting[0].page, waiting[0].top) < (line.page, line.top):
            parts.flush()
            table = waiting.pop(0)
            outline.table(table.rows, table.page)
        far = previous is None or (
            line.below(previous) > PARAGRAPH_GAP * usual
            if line.page == previous.page
            else previous.text.endswith((".", "!", "?", ":"))
        )
        if line.heads(body):
            level = 1 + (sizes.index(round(line.size, 1)) if line.large(body) else len(sizes))
            if level == 1 and not title and line.page <= 2:
                title = line.text
            wrapped = previous is not None and 0 < line.below(previous) <= 1.3 * line.size
            parts.heading(level, line, apart=not wrapped)
        else:
            if far or ITEM.match(line.text) or (previous is not None and previous.heads(body)):
                parts.flush()
            parts.add(line)
        previous = line
    parts.flush()
    for table in waiting:
        outline.table(table.rows, table.page)
    return title


class _Parts:
    """Lines that will be one paragraph, item or heading."""

    def __init__(self, outline: Outline) -> None:
        self._outline = outline
        self._lines: list[Line] = []
        self._level = 0

    def heading(self, level: int, line: Line, *, apart: bool) -> None:
        if level != self._level or apart:
            self.flush()
        self._level = level
        self._lines.append(line)

    def add(self, line: Line) -> None:
        if self._level:
            self.flush()
        self._lines.append(line)

    def flush(self) -> None:
        if self._lines:
            text = "".join(_joined(self._lines))
            if self._level:
                self._outline.heading(self._level, text)
            elif match := ITEM.match(text):
                self._outline.add("item", text[match.end() :], self._lines[0].page)
            else:
                self._outline.add("paragraph", text, self._lines[0].page)
        self._lines, self._level = [], 0


def _joined(lines: list[Line]) -> Iterator[str]:
    """Lines as one text. A hyphen that ends a line stays: it may belong to the word."""
    for line, following in pairwise([*lines, None]):
        assert line is not None  # noqa: S101 - only the last place is None
        broken = line.text.endswith("-") and following is not None and following.text[:1].islower()
        yield line.text + ("" if broken or following is None else " ")
