"""Word documents (.docx): paragraphs by style, lists, tables, and the document's properties."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import docx
from docx.document import Document as WordDocument
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml.etree import LxmlError

from rag.text import Outline, Text, tidy
from storage.faults import Invalid

MOST_UNPACKED_BYTES = 200 * 1024 * 1024
MOST_RATIO = 150
"""A text document packs to a tenth or so; one that unpacks beyond this was made to do harm."""


def load(path: Path, name: str) -> Text:
    """The blocks of a Word document; hidden and deleted text is left out.

    Raises Invalid when it is encrypted, damaged, an older format, unpacks beyond all measure, or
    takes text from elsewhere.
    """
    _inspect(path, name)
    try:
        document = docx.Document(str(path))
        _refuse_entities(document, name)
        outline = Outline()
        title = _walk(document, outline)
        about = document.core_properties
        heading, author, changed = about.title, about.author, about.modified
    except (PackageNotFoundError, LxmlError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise _damaged(name) from error
    return Text(
        title=tidy(heading or "") or title,
        blocks=tuple(outline.blocks),
        source=tidy(author or "") if author != "python-docx" else "",
        edition=tidy(about.version or ""),
        year=changed.year if changed else None,
    )


def _inspect(path: Path, name: str) -> None:
    with path.open("rb") as file:
        head = file.read(8)
    if head == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise Invalid(
            "library.encrypted",
            f"{name} is protected by a password, or in Word's old .doc format.",
            field="file",
            remedy="Save it as an unprotected .docx and add it again.",
        )
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile as error:
        raise _damaged(name) from error
    unpacked = sum(part.file_size for part in parts)
    ratio = max((p.file_size / max(p.compress_size, 1) for p in parts), default=0)
    huge = unpacked > 10_000_000 and ratio > MOST_RATIO
    if unpacked > MOST_UNPACKED_BYTES or huge or len(parts) > 10_000:
        raise Invalid(
            "library.bomb",
            f"{name} unpacks to more than a document can hold.",
            field="file",
            remedy="Save the text as a new document and add that.",
        )


def _refuse_entities(document: WordDocument, name: str) -> None:
    """A document type can declare text that stands elsewhere; ECMA-376 part 2 forbids it."""
    parts = (getattr(part, "element", None) for part in document.part.package.iter_parts())
    trees = (part.getroottree() for part in parts if part is not None)
    if any(tree.docinfo.internalDTD is not None for tree in trees):
        raise Invalid(
            "library.entities",
            f"{name} declares text that stands outside of it, which no word processor writes.",
            field="file",
            remedy="Open it in a word processor, save it again, and add it again.",
        )


def _damaged(name: str) -> Invalid:
    return Invalid(
        "library.corrupt",
        f"{name} is damaged or not a Word document.",
        field="file",
        remedy="Open it in a word processor, save it again, and add it again.",
    )


def _walk(document: WordDocument, outline: Outline) -> str:
    title = ""
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            outline.table([[_cell(cell) for cell in row.cells] for row in block.rows])
            continue
        text = _visible(block)
        style = (block.style.name if block.style and block.style.name else "").lower()
        level = re.match(r"heading (\d)", style)
        if style == "title":
            title = title or tidy(text)
        elif level:
            title = title or tidy(text)
            outline.heading(int(level[1]), text)
        else:
            listed = style.startswith("list") or block._p.find(f".//{qn('w:numPr')}") is not None
            outline.add("item" if listed else "paragraph", text)
    return title


def _cell(cell: object) -> str:
    return " ".join(_visible(paragraph) for paragraph in getattr(cell, "paragraphs", []))


def _visible(paragraph: Paragraph) -> str:
    return "".join(_runs(paragraph))


def _runs(paragraph: Paragraph) -> Iterator[str]:
    for run in paragraph._p.iter(qn("w:r")):
        properties = run.find(qn("w:rPr"))
        if properties is not None and properties.find(qn("w:vanish")) is not None:
            continue
        for piece in run:
            if piece.tag == qn("w:t"):
                yield (piece.text or "") + "".join(child.tail or "" for child in piece)
            elif piece.tag in (qn("w:tab"), qn("w:br"), qn("w:cr")):
                yield " "
            elif piece.tag == qn("w:noBreakHyphen"):
                yield "-"
