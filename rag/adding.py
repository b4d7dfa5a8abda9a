"""Takes a file into the library: read, indexed, then kept, so that it appears at once and whole."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

from rag.editions import newer, related
from rag.embedding import Embedder
from rag.incoming import as_file, look_at
from rag.index import Index
from rag.indexing import complete, entries
from rag.loading import media_type_of
from rag.parsing import parse
from storage.documents import Documents
from storage.faults import Conflict, Fault
from storage.records import Document, Passage

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Added:
    """A document of the library. `passages` counts those that came with it, with their `terms`:
    none where it was there. It is not `whole` where the index lacks some of them."""

    document: Document
    passages: int = 0
    terms: Mapping[int, int] = field(default_factory=dict)
    whole: bool = True


class Adding:
    """Adds files, several at a time. `ours` are the documents that come from here."""

    def __init__(
        self, documents: Documents, index: Index, embedder: Embedder, folder: Path
    ) -> None:
        self.ours: set[UUID] = set()
        self._documents = documents
        self._index = index
        self._embedder = embedder
        self._folder = folder
        self._keeping = asyncio.Lock()

    async def add(
        self,
        content: Path | bytes,
        name: str,
        media_type: str,
        added_by: UUID | None,
        on_progress: Progress,
        *,
        sample: bool,
    ) -> Added:
        """The same bytes again give the document that is there. `on_progress` hears shares, 1.0
        not for a new one. Raises Invalid when the file cannot be read, StoreDown, EngineDown."""
        digest, size, head = await asyncio.to_thread(look_at, content)
        if known := await self._documents.by_sha256(digest):
            on_progress(1.0)
            return Added(known)
        media_type = media_type_of(name, head)
        async with as_file(content, self._folder) as path:
            text, pieces = await parse(path, name, media_type)
        on_progress(0.1)
        document = Document(
            id=uuid4(),
            title=text.title or Path(name).stem,
            source=text.source,
            edition=text.edition,
            year=text.year,
            media_type=media_type,
            sha256=digest,
            size_bytes=size,
            pages=text.pages,
            superseded_by=None,
            sample=sample or text.sample,
            added_by=added_by,
            added_at=datetime.now(UTC),
            readers=text.readers,
        )
        passages = [
            Passage(uuid4(), document.id, ordinal, piece.section, piece.page, piece.text)
            for ordinal, piece in enumerate(pieces)
        ]
        return await self._take_in(document, passages, on_progress)

    async def _take_in(
        self, document: Document, passages: Sequence[Passage], on_progress: Progress
    ) -> Added:
        self.ours.add(document.id)
        terms = Counter[int]()
        try:
            done = 0
            async for batch in entries(document, passages, self._embedder):
                await self._index.put(batch)
                done += len(batch)
                terms.update(term for entry in batch for term in entry.terms.indices)
                on_progress(0.1 + 0.85 * done / len(passages))
            async with self._keeping:
                if known := await self._documents.by_sha256(document.sha256):
                    raise Conflict("document.known", "The document is there.", field=str(known.id))
                await self._documents.add(document, passages)
                await self._supersede(document)
        except BaseException as error:
            with suppress(Fault):
                await self._index.remove(document.id)
            if isinstance(error, Conflict):
                return Added(await self._documents.get(UUID(error.field)))
            raise
        try:
            await complete(document, passages, self._index, self._embedder)
        except Fault:
            self.ours.discard(document.id)  # It is kept: housekeeping tries until it is whole.
            return Added(document, len(passages), terms, whole=False)
        return Added(document, len(passages), terms)

    async def _supersede(self, document: Document) -> None:
        current = related(document, await self._documents.list())
        if current is not None:
            stands = newer(document, current)
            old, new = (current, document) if stands == "new" else (document, current)
            await self._documents.supersede(old.id, new.id)
