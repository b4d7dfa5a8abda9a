"""Tables with drawn lines in a PDF: pdfium reads the lines and the text, pdfplumber finds the cells
between the lines; within a budget, for a page may be full of lines that are no table."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
from pdfplumber.table import TableFinder

from rag.formats.pdf_lines import Line, Sheet
from rag.formats.pdf_seen import MOST_DEPTH, onto_page, seen_page

BUDGET_S = 60.0
"""Processor time spent on the tables of one file; after that its text is read line by line."""

STRAIGHT_POINTS = 0.5
"""A line that deviates less than this from straight across or down is a table's."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells. `page` counts from 1; the box is in points from the page's top left."""

    page: int
    left: float
    top: float
    right: float
    bottom: float
    rows: list[list[str]]

    def holds(self, line: Line) -> bool:
        """The line lies inside (its top edge and left end do)."""
        middle = line.top + line.size / 2
        return (
            line.page == self.page
            and self.top - 1 <= middle <= self.bottom + 1
            and self.left - 2 <= line.left <= self.right + 2
        )


class Tables:
    """Finds tables page by page until the budget is spent."""

    def __init__(self, document: pypdfium2.PdfDocument) -> None:
        self._document = document
        self._spent_s = 0.0

    def find(self, number: int) -> list[Table]:
        """The tables of the page with index `number`: at least two rows and two columns."""
        if self._spent_s > BUDGET_S:
            return []
        started = time.process_time()
        with seen_page(self._document, number) as (page, text_page):
            found = list(_tables(Sheet(page), text_page, number + 1))
        self._spent_s += time.process_time() - started
        return found


def _tables(sheet: Sheet, text_page: pypdfium2.PdfTextPage, number: int) -> Iterator[Table]:
    across, down = _ruled(sheet)
    if len(across) < 2 or len(down) < 2:
        return
    settings = {
        "horizontal_strategy": "explicit",
        "explicit_horizontal_lines": across,
        "vertical_strategy": "explicit",
        "explicit_vertical_lines": down,
    }
    for table in TableFinder(None, settings).tables:  # type: ignore[arg-type]  # it asks no page
        rows = [
            [text_page.get_text_bounded(*sheet.box(*cell)) if cell else "" for cell in row.cells]
            for row in table.rows
        ]
        if len(rows) > 1 and len(rows[0]) > 1:
            yield Table(number, *table.bbox, rows)


def _ruled(sheet: Sheet) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The lines drawn across and down the page, as pdfplumber describes them."""
    across, down = [], []
    for (x0, top), (x1, bottom) in _strokes(sheet):
        edge: dict[str, Any] = {
            "object_type": "line_edge",
            "x0": min(x0, x1),
            "x1": max(x0, x1),
            "top": min(top, bottom),
            "bottom": max(top, bottom),
            "width": abs(x1 - x0),
            "height": abs(bottom - top),
        }
        if edge["height"] < STRAIGHT_POINTS < edge["width"]:
            across.append(edge | {"orientation": "h", "bottom": edge["top"], "height": 0.0})
        elif edge["width"] < STRAIGHT_POINTS < edge["height"]:
            down.append(edge | {"orientation": "v", "x1": edge["x0"], "width": 0.0})
    return across, down


Place = tuple[float, float]


def _strokes(sheet: Sheet) -> Iterator[tuple[Place, Place]]:
    """The straight parts of what is drawn, each from its first to its last place."""
    for path in sheet.page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_PATH,), max_depth=MOST_DEPTH):
        matrix = path.get_matrix().multiply(onto_page(path))
        first = last = (0.0, 0.0)
        for at in range(pdfium.FPDFPath_CountSegments(path)):
            part = pdfium.FPDFPath_GetPathSegment(path, at)
            x, y = ctypes.c_float(), ctypes.c_float()
            pdfium.FPDFPathSegment_GetPoint(part, x, y)
            place = sheet.place(*matrix.on_point(x.value, y.value))
            kind = pdfium.FPDFPathSegment_GetType(part)
            if kind == pdfium.FPDF_SEGMENT_MOVETO:
                first = place
            elif kind == pdfium.FPDF_SEGMENT_LINETO:
                yield last, place
            last = place
            if pdfium.FPDFPathSegment_GetClose(part):
                yield last, first
                last = first
