"""What a reader of a PDF's page sees: text without colour of its own is taken out before anything
is read, so that it gets into no line and into no table."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2
import pypdfium2.raw as pdfium

WHITE = 250
TRANSPARENT = 10
FILLED = (0, 4)  # ISO 32000-1, table 106: filled and not stroked
INVISIBLE = 3
MOST_DEPTH = 3
"""Forms within forms that are looked into."""


@contextmanager
def seen_page(
    document: pypdfium2.PdfDocument, number: int
) -> Iterator[tuple[pypdfium2.PdfPage, pypdfium2.PdfTextPage]]:
    """The page with index `number` and its text, as far as it is seen. Raises PdfiumError."""
    page = document[number]
    try:
        for text in _unseen(page):
            page.remove_obj(text)
        text_page = page.get_textpage()
        try:
            yield page, text_page
        finally:
            text_page.close()
    finally:
        page.close()


def onto_page(thing: pypdfium2.PdfObject) -> pypdfium2.PdfMatrix:
    """From where a thing stands in the forms that hold it to where it stands on the page."""
    matrix, form = pypdfium2.PdfMatrix(), thing.container
    while form is not None:
        matrix, form = matrix.multiply(form.get_matrix()), form.container
    return matrix


def _unseen(page: pypdfium2.PdfPage) -> list[pypdfium2.PdfObject]:
    """The texts that nobody sees. Where they are all there is, those that text recognition laid
    invisibly over the picture of a page count as seen."""
    texts = list(page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_TEXT,), max_depth=MOST_DEPTH))
    modes = [pdfium.FPDFTextObj_GetTextRenderMode(text) for text in texts]
    pale = [text for text, mode in zip(texts, modes, strict=True) if mode in FILLED and _pale(text)]
    invisible = [text for text, mode in zip(texts, modes, strict=True) if mode == INVISIBLE]
    if not pale and not invisible:
        return []
    boxes, pictured = _coloured(page)
    hidden = [text for text in pale if not _within(text, boxes)]
    if pictured and len(hidden) + len(invisible) == len(texts):
        return hidden
    return hidden + invisible


def _pale(thing: pypdfium2.PdfObject) -> bool:
    """Filled with white or with next to nothing."""
    red, green, blue, alpha = (ctypes.c_uint(0) for _ in range(4))
    filled = pdfium.FPDFPageObj_GetFillColor(thing, red, green, blue, alpha)
    return bool(filled) and (
        min(red.value, green.value, blue.value) >= WHITE or alpha.value < TRANSPARENT
    )


Box = tuple[float, float, float, float]


def _coloured(page: pypdfium2.PdfPage) -> tuple[list[Box], bool]:
    """Boxes (left, bottom, right, top) of what white text can be seen on, and whether there is a
    picture among them."""
    boxes, pictured = [], False
    kinds = (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_SHADING)
    for thing in page.get_objects(filter=kinds, max_depth=MOST_DEPTH):
        pictured = pictured or thing.type == pdfium.FPDF_PAGEOBJ_IMAGE
        if thing.type != pdfium.FPDF_PAGEOBJ_PATH or (_filled(thing) and not _pale(thing)):
            boxes.append(_box(thing))
    return boxes, pictured


def _filled(path: pypdfium2.PdfObject) -> bool:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, fill, stroke)
    return bool(fill.value != pdfium.FPDF_FILLMODE_NONE)


def _box(thing: pypdfium2.PdfObject) -> Box:
    left, bottom, right, top = onto_page(thing).on_rect(*thing.get_bounds())
    return left, bottom, right, top


def _within(text: pypdfium2.PdfObject, boxes: list[Box]) -> bool:
    """Its first letter stands on one of the boxes."""
    start, bottom, _, top = _box(text)
    middle = (bottom + top) / 2
    return any(left <= start <= right and low <= middle <= high for left, low, right, high in boxes)
