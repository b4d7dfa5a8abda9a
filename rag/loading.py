"""A file to its text: by format, whole, or refused with a clear reason."""

from __future__ import annotations

from pathlib import Path, PurePath

from rag.formats import html, markdown, plain
from rag.text import Text
from storage.faults import Invalid

MEDIA_TYPES = {
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".txt": "text/plain",
    ".html": "text/html",
    ".htm": "text/html",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
MOST_TEXT_BYTES = 50 * 1024 * 1024


def media_type_of(name: str, head: bytes = b"") -> str:
    """The media type of a file by its name, or by its first bytes where they are unmistakable.

    Raises Invalid for a file we cannot read.
    """
    known = MEDIA_TYPES.get(PurePath(name).suffix.lower(), "")
    if head.startswith(b"%PDF-"):
        known = MEDIA_TYPES[".pdf"]
    if not known:
        raise Invalid(
            "library.format",
            f"{PurePath(name).name} is not a kind of file we read.",
            field="file",
            remedy="Add Markdown, text, HTML, PDF or DOCX.",
        )
    return known


def load(path: Path, name: str, media_type: str) -> Text:
    """The text of a file. Blocks; takes seconds for long files.

    Raises Invalid naming the file and the remedy when it cannot be read or holds nothing.
    """
    if path.stat().st_size == 0:
        raise _empty(name)
    if media_type == MEDIA_TYPES[".pdf"]:
        # Read in a process of its own; the server's need not hold what only that one uses.
        from rag.formats import pdf

        text = pdf.load(path, name)
    elif media_type == MEDIA_TYPES[".docx"]:
        from rag.formats import docx

        text = docx.load(path, name)
    else:
        if path.stat().st_size > MOST_TEXT_BYTES:
            raise Invalid(
                "library.too_long",
                f"{name} is longer than {MOST_TEXT_BYTES // 1024 // 1024} MB of text.",
                field="file",
                remedy="Split it and add the parts.",
            )
        reader = {"text/markdown": markdown.load, "text/html": html.load}
        text = reader.get(media_type, plain.load)(path.read_bytes(), name)
    if not text.blocks:
        raise _empty(name)
    return text


def _empty(name: str) -> Invalid:
    return Invalid(
        "library.empty",
        f"{name} holds no text.",
        field="file",
        remedy="Check that it is the right file.",
    )
