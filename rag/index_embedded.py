"""The index in the data folder: Qdrant's engine in this process, on a thread of its own."""

from __future__ import annotations

import asyncio
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, TypeVar, cast
from uuid import UUID

import numpy as np
import qdrant_edge as edge

from rag.engine_thread import EngineThread, open_engine_thread
from rag.index import (
    DENSE,
    HNSW_BUILD,
    HNSW_M,
    HNSW_SEARCH,
    PREFETCH,
    RRF_K,
    SENTENCES,
    TERMS,
    Entry,
    Hit,
    Vectors,
    passage_of,
    payload_of,
    terms_of,
)
from rag.index_settling import arrange, copy_shard, current_shard, make_current
from rag.terms import Sparse
from storage.faults import Fault, StoreDown

Result = TypeVar("Result")
Change = Callable[[], edge.UpdateOperation]
MOST_DOCUMENTS = 1_000_000
SCROLLED = 200

_FUSION = cast(edge.Fusion, edge.Fusion.Rrf(RRF_K))


class EmbeddedIndex:
    """Implements `Index`. Searches have their own thread, so adding never makes them wait."""

    def __init__(
        self,
        shard: edge.EdgeShard,
        path: Path,
        dimensions: int,
        searching: EngineThread,
        changing: EngineThread,
    ) -> None:
        self._shard = shard
        self._path = path
        self._dimensions = dimensions
        self._writing = asyncio.Lock()
        self._missed: list[Change] | None = None
        self._searching = searching
        self._changing = changing

    async def put(self, entries: Sequence[Entry]) -> None:
        await self._change(lambda: edge.UpdateOperation.upsert_points([_point(e) for e in entries]))

    async def remove(self, document_id: UUID) -> None:
        of_document = _matches("document_id", [str(document_id)])
        await self._change(lambda: edge.UpdateOperation.delete_points_by_filter(of_document))

    async def counts(self) -> Mapping[UUID, int]:
        request = edge.FacetRequest("document_id", limit=MOST_DOCUMENTS, exact=True)
        answer = await self._search(lambda: self._shard.facet(request))
        return {UUID(str(hit.value)): hit.count for hit in answer.hits if hit.count}

    async def count(self, document_id: UUID) -> int:
        request = edge.CountRequest(filter=_matches("document_id", [str(document_id)]))
        return await self._search(lambda: self._shard.count(request))

    async def find(
        self, terms: Sparse, dense: Vectors | None, *, readers: Sequence[str] | None, limit: int
    ) -> list[Hit]:
        allowed = None if readers is None else _matches("readers", list(readers))
        if dense is None and not terms.indices:
            return []
        return await self._search(lambda: self._find(terms, dense, allowed, limit))

    async def sentences(self, passage_ids: Sequence[UUID]) -> Mapping[UUID, Vectors]:
        if not self._dimensions:
            return {}
        ids: list[edge.PointId] = list(passage_ids)
        records = await self._search(
            lambda: self._shard.retrieve(ids, with_payload=False, with_vector=[SENTENCES])
        )
        found = {UUID(str(r.id)): _vector(r.vector, SENTENCES) for r in records}
        return {key: np.asarray(v, np.float32) for key, v in found.items() if v is not None}

    async def term_counts(self, sample: int) -> tuple[int, Mapping[int, int]]:
        passages, counts = 0, Counter[int]()
        after: edge.PointId | None = None
        while passages < sample:
            # A few at a time: the engine holds Python's lock while it hands them over.
            request = edge.ScrollRequest(
                offset=after,
                limit=min(SCROLLED, sample - passages),
                with_payload=[TERMS],
                with_vector=False,
            )
            with _mapped():
                async with self._writing:
                    records, after = await self._changing.run(
                        lambda request=request: self._shard.scroll(request)  # type: ignore[misc]
                    )
            passages += len(records)
            counts.update(term for record in records for term in terms_of(record.payload or {}))
            if after is None:
                break
        return passages, counts

    async def settle(self) -> None:
        with _mapped():
            async with self._writing:
                # What changes from here on is done to the copy as well.
                copy = await asyncio.to_thread(copy_shard, self._path)
                self._missed = []
            try:
                await arrange(copy)
                settled = await self._changing.run(lambda: edge.EdgeShard.load(str(copy)))
                async with self._writing:
                    for change in self._missed:
                        await self._changing.run(lambda c=change: settled.update(c()))  # type: ignore[misc]
                    await self._searching.run(lambda: self._replace(settled, copy))
            except BaseException:
                await asyncio.to_thread(shutil.rmtree, copy, ignore_errors=True)
                raise
            finally:
                self._missed = None

    def close(self) -> None:
        """Let go of the files. Blocks."""
        self._shard.close()

    def _replace(self, settled: edge.EdgeShard, path: Path) -> None:
        make_current(path)
        old, self._shard = self._shard, settled
        old.close()
        shutil.rmtree(self._path, ignore_errors=True)
        self._path = path

    def _find(
        self, terms: Sparse, dense: Vectors | None, allowed: edge.Filter | None, limit: int
    ) -> list[Hit]:
        prefetches = []
        if terms.indices:
            words = edge.Query.Nearest(edge.SparseVector(terms.indices, terms.values), using=TERMS)
            prefetches.append(edge.Prefetch(PREFETCH, words, filter=allowed))
        question = None if dense is None else dense.tolist()
        if question is not None:
            prefetches.append(
                edge.Prefetch(
                    PREFETCH,
                    edge.Query.Nearest(question, using=DENSE),
                    params=edge.SearchParams(hnsw_ef=HNSW_SEARCH),
                    filter=allowed,
                )
            )
        fused = self._shard.query(
            edge.QueryRequest(limit, query=_FUSION, prefetches=prefetches, with_payload=True)
        )
        similar: dict[edge.PointId, float] = {}
        nearest: dict[edge.PointId, float] = {}
        if question is not None:
            similar, nearest = self._scores(question, [point.id for point in fused])
        nan = float("nan")
        hits = []
        for point in fused:
            payload = point.payload or {}
            hits.append(
                Hit(
                    passage_of(point.id, payload),
                    point.score,
                    similar.get(point.id, nan),
                    nearest.get(point.id, nan),
                    terms_of(payload),
                )
            )
        return hits

    def _scores(
        self, question: list[float], found: list[edge.PointId]
    ) -> list[dict[edge.PointId, float]]:
        """Similarities of each passage, then of its nearest sentence, computed where they lie."""
        queries = (
            edge.Query.Nearest(question, using=DENSE),
            edge.Query.Nearest([question], using=SENTENCES),
        )
        only = edge.Filter(must=[edge.HasIdCondition(set(found))])
        exact = edge.SearchParams(exact=True)
        requests = [
            edge.QueryRequest(len(found), query=query, filter=only, params=exact)
            for query in queries
        ]
        answers = self._shard.query_batch(edge.QueryBatchRequest(requests))
        return [{point.id: point.score for point in answer} for answer in answers]

    async def _search(self, work: Callable[[], Result]) -> Result:
        with _mapped():
            return await self._searching.run(work)

    async def _change(self, change: Change) -> None:
        with _mapped():
            async with self._writing:
                await self._changing.run(lambda: self._shard.update(change()))
                if self._missed is not None:
                    self._missed.append(change)


@asynccontextmanager
async def open_embedded(folder: Path, dimensions: int) -> AsyncIterator[EmbeddedIndex]:
    """The index in `folder`; folders of other embedders or schemas beside it are deleted.

    Raises StoreDown when the folder is in use by another process. A damaged index is made anew.
    """
    async with (
        open_engine_thread("index-search", depth=64) as searching,
        open_engine_thread("index-change", depth=64) as changing,
    ):
        with _mapped():
            shard, path = await changing.run(lambda: _open(folder, dimensions))
        index = EmbeddedIndex(shard, path, dimensions, searching, changing)
        try:
            yield index
        finally:
            await changing.run(index.close)


def _open(folder: Path, dimensions: int) -> tuple[edge.EdgeShard, Path]:
    folder.mkdir(parents=True, exist_ok=True)
    for other in folder.parent.glob("passages-v*"):
        if other != folder:
            shutil.rmtree(other)
    path = current_shard(folder)
    if path.exists():
        try:
            return edge.EdgeShard.load(str(path)), path
        except Exception as error:  # The engine raises nothing more specific.
            if "WouldBlock" in str(error):
                raise
            shutil.rmtree(path)  # The index is derived: it is filled again from the database.
    path.mkdir()
    shard = edge.EdgeShard.create(str(path), _config(dimensions))
    for field in ("document_id", "readers"):
        index = edge.UpdateOperation.create_field_index(field, edge.PayloadSchemaType.Keyword)
        shard.update(index)
    return shard, path


def _config(dimensions: int) -> edge.EdgeConfig:
    vectors = {
        DENSE: edge.EdgeVectorParams(
            dimensions,
            edge.Distance.Cosine,
            hnsw_config=edge.HnswIndexConfig(HNSW_M, HNSW_BUILD, 1000),
        ),
        SENTENCES: edge.EdgeVectorParams(
            dimensions,
            edge.Distance.Cosine,
            memory=edge.Memory.Cold,
            datatype=edge.VectorStorageDatatype.Float16,
            multivector_config=edge.MultiVectorConfig(edge.MultiVectorComparator.MaxSim),
            hnsw_config=edge.HnswIndexConfig(0, HNSW_BUILD, 1000),  # only scored, never searched
        ),
    }
    return edge.EdgeConfig(
        vectors=vectors if dimensions else None,
        sparse_vectors={TERMS: edge.EdgeSparseVectorParams(modifier=edge.Modifier.Idf)},
        hnsw_config=edge.HnswIndexConfig(HNSW_M, HNSW_BUILD, 1000, max_indexing_threads=1),
        max_search_threads=1,
        payload_memory=edge.Memory.Cached,
    )


def _point(entry: Entry) -> edge.Point:
    vector: dict[str, Any] = {TERMS: edge.SparseVector(entry.terms.indices, entry.terms.values)}
    if entry.dense is not None and entry.sentences is not None:
        vector[DENSE] = entry.dense.tolist()
        vector[SENTENCES] = entry.sentences.tolist()
    return edge.Point(entry.passage.id, vector, payload_of(entry))


def _vector(vectors: object, name: str) -> object:
    return vectors.get(name) if isinstance(vectors, dict) else None


def _matches(field: str, values: list[str]) -> edge.Filter:
    return edge.Filter(must=[edge.FieldCondition(field, match=edge.MatchAny(values))])


@contextmanager
def _mapped() -> Iterator[None]:
    """The engine raises plain `Exception`: each means that the index does not answer."""
    try:
        yield
    except Fault:
        raise
    except Exception as error:
        raise StoreDown(
            "library.index",
            "The library's index does not answer.",
            remedy="Only one server may use a data folder: stop the other one, then start again.",
        ) from error
