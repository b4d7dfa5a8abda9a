"""Text of a scanned page, recognised by Tesseract where that is installed."""

from __future__ import annotations

import io
import shutil
import subprocess
from statistics import median

import pypdfium2

from rag.formats.pdf_lines import Line
from rag.text import tidy

DOTS_PER_INCH = 200
PAGE_TIMEOUT_S = 60
MOST_PAGES = 200
"""A longer scan takes hours: it is refused like one that cannot be read."""

LARGER = 1.5
"""A line this much higher than usual is a headline."""


def can_recognise() -> bool:
    """Whether Tesseract is installed."""
    return shutil.which("tesseract") is not None


def recognised_lines(document: pypdfium2.PdfDocument, number: int) -> list[Line]:
    """The lines that stand on the picture of the page with index `number`; none when it fails."""
    page = document[number]
    try:
        picture = page.render(scale=DOTS_PER_INCH / 72).to_pil()
    finally:
        page.close()
    image = io.BytesIO()
    picture.convert("L").save(image, "PNG")
    command = shutil.which("tesseract")
    if command is None:
        return []
    try:
        done = subprocess.run(  # noqa: S603 - our own arguments
            [command, "stdin", "stdout", "--dpi", str(DOTS_PER_INCH), "tsv"],
            input=image.getvalue(),
            capture_output=True,
            timeout=PAGE_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    return _lines(done.stdout.decode("utf-8", "replace"), number + 1)


def _lines(table: str, page: int) -> list[Line]:
    """Tesseract's table of words (level 5) as lines; places in points."""
    words: dict[tuple[str, ...], list[list[str]]] = {}
    for row in table.splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) == 12 and cells[0] == "5" and cells[11].strip():
            words.setdefault(tuple(cells[2:5]), []).append(cells)
    points = 72 / DOTS_PER_INCH
    boxes = [
        (
            tidy(" ".join(cells[11] for cells in line)),
            min(int(cells[6]) for cells in line) * points,
            min(int(cells[7]) for cells in line) * points,
            max(int(cells[9]) for cells in line) * points,
        )
        for line in words.values()
    ]
    usual = median(height for *_, height in boxes) if boxes else 0.0
    # Letters without ascenders make a line look smaller than it is: only a headline is larger.
    return [
        Line(text, page, top, left, height if height > LARGER * usual else usual, bold=False)
        for text, left, top, height in boxes
    ]
