"""Tables with drawn lines in a PDF, found by pdfplumber; within a budget, for it is slow."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import pdfplumber
from pdfminer.pdfexceptions import PDFException
from pdfplumber.pdf import PDF
from pdfplumber.utils.exceptions import PdfminerException

from rag.formats.pdf_lines import Line

BUDGET_S = 60.0
"""Longest time spent on the tables of one file; after that its text is read line by line."""


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

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: PDF | None = None
        self._spent_s = 0.0

    def find(self, number: int) -> list[Table]:
        """The tables of the page with index `number`: at least two rows and two columns."""
        if self._spent_s > BUDGET_S:
            return []
        started = time.monotonic()
        try:
            self._file = self._file or pdfplumber.open(self._path)
            page = self._file.pages[number]
            found = []
            for table in page.find_tables():
                rows = [[cell or "" for cell in row] for row in table.extract()]
                left, top, right, bottom = table.bbox
                if len(rows) > 1 and len(rows[0]) > 1:
                    found.append(Table(number + 1, left, top, right, bottom, rows))
            page.close()
        except (PDFException, PdfminerException, ValueError, KeyError, IndexError, TypeError):
            found = []  # What pdfminer cannot read, its lines still tell.
        self._spent_s += time.monotonic() - started
        return found

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
