"""The lines of a PDF page as a reader sees them, with size, weight and place."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from itertools import islice

import pypdfium2
import pypdfium2.raw as pdfium

from rag.formats.pdf_seen import MOST_DEPTH, seen_page
from rag.text import tidy

SMALLEST_POINTS = 2.0
MOST_SHAPES = 2000


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `page` counts from 1; `top` and `left` in points from the page's top left."""

    text: str
    page: int
    top: float
    left: float
    size: float
    bold: bool

    def below(self, other: Line) -> float:
        return self.top - other.top

    def large(self, body: float) -> bool:
        return self.size >= 1.12 * body and len(self.text) <= 160

    def heads(self, body: float) -> bool:
        """It reads as a heading beside a body of this size."""
        if not any(c.isalpha() for c in self.text):
            return False
        short = len(self.text) <= 80 and not self.text.endswith((".", ",", ";", ":"))
        return self.large(body) or (self.bold and short and self.size >= 0.95 * body)


@dataclass(frozen=True, slots=True)
class Page:
    """Lines in reading order, how many shapes are drawn, and whether there is a picture."""

    lines: list[Line]
    strokes: int
    has_image: bool


class Sheet:
    """A page as it is shown, turned and cut: places on it are in points from its top left, those
    that pdfium tells of what is on it are in the page's own units."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        self.page = page
        width, height = page.get_size()
        self._view = (0, 0, round(width * _FINE), round(height * _FINE), 0)

    def place(self, x: float, y: float) -> tuple[float, float]:
        """(left, top) of what pdfium says is at (x, y)."""
        left, top = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(self.page, *self._view, x, y, left, top)
        return left.value / _FINE, top.value / _FINE

    def shown(
        self, left: float, bottom: float, right: float, top: float
    ) -> tuple[float, float, float]:
        """(left, top, height) of what pdfium says is in this box."""
        (x0, y0), (x1, y1) = self.place(left, top), self.place(right, bottom)
        return min(x0, x1), min(y0, y1), abs(y1 - y0)

    def box(
        self, left: float, top: float, right: float, bottom: float
    ) -> tuple[float, float, float, float]:
        """What pdfium calls a box on the page: (left, bottom, right, top)."""
        (x0, y0), (x1, y1) = self._units(left, top), self._units(right, bottom)
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)

    def _units(self, left: float, top: float) -> tuple[float, float]:
        x, y = ctypes.c_double(), ctypes.c_double()
        view = (round(left * _FINE), round(top * _FINE))
        pdfium.FPDF_DeviceToPage(self.page, *self._view, *view, x, y)
        return x.value, y.value


_FINE = 100
"""pdfium tells places on a shown page in whole numbers: of hundredths of a point."""


def page_lines(document: pypdfium2.PdfDocument, number: int) -> Page:
    """The page with index `number` (from 0). Raises PdfiumError when it cannot be read."""
    with seen_page(document, number) as (page, text_page):
        sheet = Sheet(page)
        text = text_page.get_text_range(errors="replace")
        # Offsets in the text are characters of the page as long as nothing lies beyond the BMP.
        exact = len(text) == text_page.count_chars()
        lines = []
        start = 0
        for raw in text.split("\r\n"):
            clean = tidy(raw)
            if clean:
                place = start + (len(raw) - len(raw.lstrip())) + len(raw.strip()) // 2
                place = min(place, text_page.count_chars() - 1)
                left, top, size = sheet.shown(*_loose_box(text_page, place))
                if size >= SMALLEST_POINTS or not exact:
                    lines.append(Line(clean, number + 1, top, left, size, _bold(text_page, place)))
            start += len(raw) + 2
        return Page(lines, *_drawn(page))


def _loose_box(text_page: pypdfium2.PdfTextPage, place: int) -> tuple[float, float, float, float]:
    """(left, bottom, right, top) of a character with its line's height."""
    box = pdfium.FS_RECTF()
    pdfium.FPDFText_GetLooseCharBox(text_page, place, box)
    return box.left, box.bottom, box.right, box.top


def _bold(text_page: pypdfium2.PdfTextPage, place: int) -> bool:
    name = ctypes.create_string_buffer(256)
    flags = ctypes.c_int(0)
    pdfium.FPDFText_GetFontInfo(text_page, place, name, 256, flags)
    return b"bold" in name.value.lower() or pdfium.FPDFText_GetFontWeight(text_page, place) >= 600


def _drawn(page: pypdfium2.PdfPage) -> tuple[int, bool]:
    """How many shapes and pictures there are, counted to MOST_SHAPES, and whether one of them is a
    picture."""
    kinds = (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_SHADING)
    drawn = islice(page.get_objects(filter=kinds, max_depth=MOST_DEPTH), MOST_SHAPES)
    found = [thing.type for thing in drawn]
    return len(found), pdfium.FPDF_PAGEOBJ_IMAGE in found
