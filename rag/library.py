"""The library: documents go in, passages that answer a question come out.

The database keeps the documents and their passages; the index is derived from it. A document can
be found once all of its passages are in both, and is gone from every answer once it is removed.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from rag.adding import Adding, Progress
from rag.background import in_background
from rag.cache import HitRate
from rag.embedding import Embedder, open_embedder
from rag.evidence import Evidence, Part
from rag.index import Index, open_index
from rag.indexing import reconcile
from rag.ingest import Ingest, open_ingest
from rag.questions import decompose
from rag.ranking import Rarity
from rag.readers import may_read, must_manage, readers_of
from rag.search import Search
from rag.sentences import sentences
from rag.vocabulary import warm
from storage.documents import Documents
from storage.faults import Fault, NotFound
from storage.jobs import Jobs
from storage.keyvalue import KeyValue
from storage.records import Document, Passage, Person

RARITY_SAMPLE = 5000
"""Passages whose terms are counted to know which are rare."""

SETTLE_AFTER = 2000
SETTLE_SHARE = 0.05
"""Passages added, in number and as a share of all, before the index is arranged anew: until then
they are compared one by one, which takes a millisecond for a few thousand."""

WORDS_CHARS = 4_000_000
FOLLOW_S = 5.0
"""How often a change made by another server is looked for, in seconds."""


class Library:
    """What the hospital knows. Opened by `open_library`; every search is made for someone."""

    def __init__(
        self,
        documents: Documents,
        index: Index,
        embedder: Embedder,
        *,
        keyvalue: KeyValue | None = None,
        folder: Path,
    ) -> None:
        self.embedder = embedder
        self.generation = 0
        self.indexing_share: float | None = None
        self.ingest: Ingest | None = None
        self._documents = documents
        self._index = index
        self._search = Search(index, embedder, keyvalue)
        self._shelf: dict[UUID, Document] = {}
        self._rarity = Rarity(0, {})
        self._listeners: list[Callable[[], None]] = []
        self._adding = Adding(documents, index, embedder, folder)
        self._loading = asyncio.Lock()
        self._ready = asyncio.Event()
        self._behind = True
        self._unsettled = 0
        self._changes = asyncio.Event()

    async def search(
        self, query: str, *, actor: Person, limit: int = 5, deadline_s: float = 0.15
    ) -> Evidence:
        """The passages that answer `query`, best first, of what `actor` may read.

        Never raises for a slow or dead store: the evidence is then weak and says why.
        """
        if not self._shelf:
            return Evidence(query, (), True, "empty_library", 0.0)
        return await self._search.find(
            query,
            readers=readers_of(actor),
            limit=limit,
            deadline_s=deadline_s,
            generation=self.generation,
            shelf=self._shelf,
            rarity=self._rarity,
        )

    async def search_parts(
        self, question: str, *, actor: Person, limit: int = 3, deadline_s: float = 0.15
    ) -> tuple[Part, ...]:
        """A question's parts, each with its own evidence, searched at the same time."""
        asked = decompose(question)
        found = await asyncio.gather(
            *(self.search(part, actor=actor, limit=limit, deadline_s=deadline_s) for part in asked)
        )
        return tuple(Part(part, evidence) for part, evidence in zip(asked, found, strict=True))

    async def add(
        self,
        content: Path | bytes,
        name: str,
        media_type: str = "",
        *,
        actor: Person | None,
        on_progress: Progress = lambda _: None,
        sample: bool = False,
    ) -> Document:
        """Read a file into the library; the same bytes again give the document that is there.

        `actor` None is the server itself. Raises NotAllowed, Invalid when the file cannot be read,
        StoreDown, EngineDown.
        """
        if actor is not None:
            must_manage(actor)
        added_by = actor.id if actor else None
        return await self._add(content, name, media_type, added_by, on_progress, sample=sample)

    async def _add(
        self,
        content: Path | bytes,
        name: str,
        media_type: str,
        added_by: UUID | None,
        on_progress: Progress,
        *,
        sample: bool = False,
    ) -> Document:
        added = await self._adding.add(
            content, name, media_type, added_by, on_progress, sample=sample
        )
        if not added.passages:
            return added.document
        self._behind = self._behind or not added.whole
        self._unsettled += added.passages
        self._rarity = self._rarity.plus(added.passages, added.terms)
        self._changes.set()
        await self._changed()
        on_progress(1.0)
        return self._shelf[added.document.id]

    async def remove(self, document_id: UUID, *, actor: Person | None) -> None:
        """Take a document out; citations of it in past calls stay. Raises NotAllowed, NotFound."""
        if actor is not None:
            must_manage(actor)
        await self._documents.remove(document_id)
        await self._changed()
        await self._index.remove(document_id)

    async def documents(self, *, actor: Person | None = None) -> tuple[Document, ...]:
        """Every document that `actor` may read, by title; an admin sees all."""
        shelf = sorted(self._shelf.values(), key=lambda d: (d.title.casefold(), -(d.year or 0)))
        return tuple(one for one in shelf if actor is None or may_read(actor, one))

    async def document(self, document_id: UUID, *, actor: Person | None = None) -> Document:
        """Raises NotFound, also for what the actor may not read."""
        document = self._shelf.get(document_id)
        if document is None or not (actor is None or may_read(actor, document)):
            raise NotFound("document.unknown", "There is no such document.")
        return document

    async def passages(
        self, document_id: UUID, *, actor: Person | None = None
    ) -> tuple[Passage, ...]:
        """A document's passages in reading order. Raises NotFound."""
        await self.document(document_id, actor=actor)
        return await self._documents.passages(document_id)

    async def passage_counts(self) -> Mapping[UUID, int]:
        """How many passages each document has."""
        return await self._documents.passage_counts()

    async def sentences(
        self, passage_ids: Sequence[UUID]
    ) -> dict[UUID, tuple[tuple[str, NDArray[np.float32]], ...]]:
        """(sentence, vector of length 1) of each passage, computed when it was added; nothing
        without an embedder. Raises StoreDown."""
        vectors = await self._index.sentences(passage_ids)
        found = {}
        for passage_id, rows in vectors.items():
            text = (await self._documents.passage(passage_id)).text
            found[passage_id] = tuple(zip(sentences(text), rows, strict=False))
        return found

    async def embed(self, text: str) -> NDArray[np.float32]:
        """The vector of a question, comparable with those of `sentences`; empty without one."""
        return await self.embedder.query(text)

    async def counts(self) -> tuple[int, int]:
        """(documents, passages)."""
        return await self._documents.counts()

    async def words(self) -> str:
        """The library's text, for a recogniser to learn its words; at most WORDS_CHARS."""
        parts = [document.title for document in self._shelf.values()]
        size = sum(map(len, parts))
        async for passage in self._documents.all_passages():
            text = "\n".join((*passage.section, passage.text))
            size += len(text)
            if size > WORDS_CHARS:
                break
            parts.append(text)
        return "\n".join(parts)

    def subscribe(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Have `callback` called on the event loop after each change; returns how to stop it."""
        self._listeners.append(callback)
        return lambda: self._listeners.remove(callback)

    @property
    def indexing(self) -> bool:
        """Whether passages are still missing from the index."""
        return self.indexing_share is not None

    async def ready(self) -> None:
        """Return when everything in the database can be found."""
        await self._ready.wait()

    def cache_rates(self) -> dict[str, HitRate]:
        """How well the caches serve."""
        return self._search.rates()

    async def _changed(self) -> None:
        """Show what the database holds by now, and tell of it if it is new."""
        async with self._loading:  # one after the other, so that the newest stays
            generation = await self._documents.generation()
            if generation == self.generation:
                return
            self._shelf = {document.id: document for document in await self._documents.list()}
            self.generation = generation
        self._changes.set()
        for listener in tuple(self._listeners):
            listener()

    async def _count(self) -> None:
        """Count which terms are rare, unless the library changes while that goes on."""
        self._changes.clear()
        rarity = Rarity(*await self._index.term_counts(RARITY_SAMPLE))
        if not self._changes.is_set():
            self._rarity = rarity

    async def _catch_up(self) -> None:
        """Fill what the index lacks; what goes wrong is tried again later."""
        self._behind = False
        self.indexing_share = 0.0

        def progress(done: int, total: int) -> None:
            self.indexing_share = done / max(total, 1)

        try:
            self._unsettled += await reconcile(
                self._documents, self._index, self.embedder, progress, ours=self._adding.ours
            )
            self._changes.set()
        except Fault:
            self._behind = True
            raise
        finally:
            self.indexing_share = None
            self._ready.set()

    async def _keep_house(self) -> None:
        """In the background: mend the index, follow other servers, count terms, settle."""
        while True:
            with suppress(Fault):
                if self._behind:
                    await self._catch_up()
            with suppress(Fault):
                await self._changed()
                if self._changes.is_set():
                    await self._count()
                if self._unsettled >= max(SETTLE_AFTER, SETTLE_SHARE * (await self.counts())[1]):
                    self._unsettled = 0
                    await self._index.settle()
            with suppress(TimeoutError):
                async with asyncio.timeout(FOLLOW_S):
                    await self._changes.wait()


@asynccontextmanager
async def open_library(
    documents: Documents,
    *,
    data: Path,
    jobs: Jobs | None = None,
    vectors_url: str = "embedded",
    vectors_key: str = "",
    embedder_url: str = "auto",
    embedder_model: str = "",
    embedder_key: str = "",
    keyvalue: KeyValue | None = None,
    on_progress: Callable[[str], None] = lambda _: None,
) -> AsyncIterator[Library]:
    """The library over what `documents` keeps. It can be searched at once; what its index lacks is
    filled in the background (`ready()` waits for that). With `jobs`, uploads are worked off too.

    Raises StoreDown or EngineDown when its index or the embedder asked for cannot be opened.
    """
    async with AsyncExitStack() as stack:
        await asyncio.to_thread(warm)
        embedder = await stack.enter_async_context(
            open_embedder(
                embedder_url,
                data=data,
                model=embedder_model,
                api_key=embedder_key,
                on_progress=on_progress,
            )
        )
        index = await stack.enter_async_context(
            open_index(
                vectors_url,
                data=data,
                dimensions=embedder.dimensions,
                embedder=embedder.identity,
                api_key=vectors_key,
            )
        )
        library = Library(
            documents, index, embedder, keyvalue=keyvalue, folder=data / "library" / "incoming"
        )
        await library._changed()
        await library._count()
        await stack.enter_async_context(in_background(library._keep_house(), "library-house"))
        if jobs is not None:
            ingest = open_ingest(jobs, library._add)
            library.ingest = await stack.enter_async_context(ingest)
        yield library
