"""From a passage that was found to a citation that can be shown, said and kept. Pure."""

from __future__ import annotations

from rag.evidence import Found
from rag.sentences import sentences
from rag.words import words
from storage.records import Citation, Passage

SECTION_SEPARATOR = " › "


def cite(found: Found, claim: str) -> Citation:
    """The citation of `claim`: its quote is the passage's sentence that says most of it."""
    return Citation(
        passage_id=found.passage.id,
        document_id=found.passage.document_id,
        title=found.title,
        section=section_path(found.passage),
        page=found.passage.page,
        claim=claim,
        quote=quote(found.passage, claim),
    )


def quote(passage: Passage, claim: str) -> str:
    """The sentence of the passage that shares most words with `claim`; the first among equals."""
    said = {word.stem for word in words(claim)}
    candidates = sentences(passage.text)

    def shared(sentence: str) -> float:
        own = {word.stem for word in words(sentence)}
        return len(own & said) / (len(own | said) or 1)

    return max(candidates, key=shared, default=passage.text)


def section_path(passage: Passage) -> str:
    """The headings above a passage, as one line."""
    return SECTION_SEPARATOR.join(passage.section)


def spoken_source(found: Found) -> str:
    """What a passage is from, to be said: "Vancomycin, 2019 edition, superseded"."""
    edition = found.edition or (str(found.year) if found.year else "")
    if edition and "edition" not in edition.lower() and "version" not in edition.lower():
        edition = f"{edition} edition"
    parts = [found.title, edition, "superseded" if found.superseded else ""]
    return ", ".join(part for part in parts if part)
