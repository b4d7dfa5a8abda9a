"""Passages to index entries, and keeping the index true to the database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Container, Sequence
from contextlib import suppress
from uuid import UUID

from rag.embedding import Embedder
from rag.index import Entry, Index
from rag.search import heading_of
from rag.sentences import sentences
from rag.terms import document_sparse
from storage.documents import Documents
from storage.faults import NotFound
from storage.records import Document, Passage

BATCH = 8
"""Passages indexed at a time: small, so that a call in progress is never held up for long."""


async def entries(
    document: Document, passages: Sequence[Passage], embedder: Embedder
) -> AsyncIterator[list[Entry]]:
    """The passages as index entries, a batch at a time. Raises EngineDown."""
    for start in range(0, len(passages), BATCH):
        yield await _batch(document, passages[start : start + BATCH], embedder)


async def _batch(
    document: Document, passages: Sequence[Passage], embedder: Embedder
) -> list[Entry]:
    texts = [indexed_text(document, passage) for passage in passages]
    terms = [await asyncio.to_thread(document_sparse, text) for text in texts]
    if not embedder.dimensions:
        return [
            Entry(passage, document.readers, sparse)
            for passage, sparse in zip(passages, terms, strict=True)
        ]
    split = [sentences(passage.text) for passage in passages]
    flat = [sentence for one in split for sentence in one]
    vectors = await embedder.passages([*texts, *flat])
    result = []
    at = len(texts)
    for place, passage in enumerate(passages):
        own = vectors[at : at + len(split[place])]
        at += len(split[place])
        result.append(Entry(passage, document.readers, terms[place], vectors[place], own))
    return result


def indexed_text(document: Document, passage: Passage) -> str:
    """A passage with what it stands under, as it is searched."""
    heading = heading_of(document, passage)
    return f"{heading}. {passage.text}" if heading else passage.text


async def complete(
    document: Document, passages: Sequence[Passage], index: Index, embedder: Embedder
) -> None:
    """Put a document's passages into the index again unless it holds them all.

    Raises StoreDown, EngineDown.
    """
    if await index.count(document.id) != len(passages):
        async for batch in entries(document, passages, embedder):
            await index.put(batch)


async def reconcile(
    documents: Documents,
    index: Index,
    embedder: Embedder,
    on_progress: Callable[[int, int], None],
    *,
    ours: Container[UUID],
) -> int:
    """Make the index hold exactly the database's passages; returns how many were indexed.

    After a crash it mends what was left half done; after a change of embedder it fills the new
    index. `on_progress` is told (passages done, passages to do). Documents in `ours` are left to
    those who add them: they come at any moment. Raises StoreDown, EngineDown.

    What another server is adding looks like what a crash left, and is removed. So the database is
    asked again afterwards, as that server asks the index (`complete`) once the document is kept:
    whichever comes second puts back what is missing.
    """
    held = await index.counts()
    kept = await documents.passage_counts()
    for stray in held.keys() - kept.keys():
        if stray not in ours:
            await index.remove(stray)
    wanted = await documents.passage_counts()
    held = await index.counts()
    amiss = [one for one, count in wanted.items() if held.get(one, 0) != count and one not in ours]
    total = sum(wanted[one] for one in amiss)
    done = 0
    for document_id in amiss:
        with suppress(NotFound):  # It may be taken out meanwhile.
            document = await documents.get(document_id)
            async for batch in entries(document, await documents.passages(document_id), embedder):
                await index.put(batch)
                done += len(batch)
                on_progress(done, total)
    return done
