"""The index in a Qdrant server, through its asynchronous client."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any
from uuid import UUID

import httpx
import numpy as np
from qdrant_client import AsyncQdrantClient, models
from qdrant_client.common.client_exceptions import QdrantException
from qdrant_client.http.exceptions import ApiException

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
    cosine,
    passage_of,
    payload_of,
    terms_of,
)
from rag.terms import Sparse
from storage.faults import StoreDown

MOST_DOCUMENTS = 1_000_000
TIMEOUT_S = 10


class ServerIndex:
    """Implements `Index` on one collection."""

    def __init__(self, client: AsyncQdrantClient, collection: str, dimensions: int) -> None:
        self._client = client
        self._collection = collection
        self._dimensions = dimensions

    async def put(self, entries: Sequence[Entry]) -> None:
        with _mapped():
            await self._client.upsert(self._collection, [_point(e) for e in entries], wait=True)

    async def remove(self, document_id: UUID) -> None:
        selector = models.FilterSelector(filter=_matches("document_id", [str(document_id)]))
        with _mapped():
            await self._client.delete(self._collection, selector, wait=True)

    async def counts(self) -> Mapping[UUID, int]:
        with _mapped():
            answer = await self._client.facet(
                self._collection, "document_id", limit=MOST_DOCUMENTS, exact=True
            )
        return {UUID(str(hit.value)): hit.count for hit in answer.hits if hit.count}

    async def count(self, document_id: UUID) -> int:
        of_document = _matches("document_id", [str(document_id)])
        with _mapped():
            return (await self._client.count(self._collection, of_document)).count

    async def find(
        self, terms: Sparse, dense: Vectors | None, *, readers: Sequence[str] | None, limit: int
    ) -> list[Hit]:
        allowed = None if readers is None else _matches("readers", list(readers))
        prefetches = []
        if terms.indices:
            words = models.SparseVector(indices=terms.indices, values=terms.values)
            prefetches.append(
                models.Prefetch(query=words, using=TERMS, limit=PREFETCH, filter=allowed)
            )
        if dense is not None:
            prefetches.append(
                models.Prefetch(
                    query=dense.tolist(),
                    using=DENSE,
                    limit=PREFETCH,
                    filter=allowed,
                    params=models.SearchParams(hnsw_ef=HNSW_SEARCH),
                )
            )
        if not prefetches:
            return []
        fusion = models.RrfQuery(rrf=models.Rrf(k=RRF_K))
        requests = [
            models.QueryRequest(
                query=fusion,
                prefetch=prefetches,
                limit=limit,
                with_payload=True,
                with_vector=False if dense is None else [DENSE],
            )
        ]
        if dense is not None:
            fused = models.Prefetch(query=fusion, prefetch=prefetches, limit=limit)
            requests.append(
                models.QueryRequest(
                    query=[dense.tolist()], using=SENTENCES, prefetch=fused, limit=limit
                )
            )
        with _mapped():
            answers = await self._client.query_batch_points(self._collection, requests)
        nearest = (
            {point.id: point.score for point in answers[1].points} if dense is not None else {}
        )
        nan = float("nan")
        return [
            Hit(
                passage_of(point.id, point.payload or {}),
                point.score,
                nan if dense is None else cosine(dense, _vector(point.vector, DENSE)),
                nearest.get(point.id, nan),
                terms_of(point.payload or {}),
            )
            for point in answers[0].points
        ]

    async def sentences(self, passage_ids: Sequence[UUID]) -> Mapping[UUID, Vectors]:
        if not self._dimensions:
            return {}
        with _mapped():
            records = await self._client.retrieve(
                self._collection,
                [str(passage_id) for passage_id in passage_ids],
                with_payload=False,
                with_vectors=[SENTENCES],
            )
        found = {UUID(str(record.id)): _vector(record.vector, SENTENCES) for record in records}
        return {key: np.asarray(v, np.float32) for key, v in found.items() if v is not None}

    async def term_counts(self, sample: int) -> tuple[int, Mapping[int, int]]:
        with _mapped():
            records, _ = await self._client.scroll(
                self._collection, limit=sample, with_payload=[TERMS], with_vectors=False
            )
        return len(records), Counter(term for r in records for term in terms_of(r.payload or {}))

    async def settle(self) -> None:
        """A server arranges its segments by itself."""


@asynccontextmanager
async def open_server(
    url: str, collection: str, dimensions: int, *, api_key: str = ""
) -> AsyncIterator[ServerIndex]:
    """The index on the server at `url`, its collection made if absent. Raises StoreDown."""
    client = await asyncio.to_thread(  # it reads certificates
        lambda: AsyncQdrantClient(
            url=url, api_key=api_key or None, timeout=TIMEOUT_S, check_compatibility=False
        )
    )
    try:
        with _mapped():
            await make_collection(client, collection, dimensions)
        yield ServerIndex(client, collection, dimensions)
    finally:
        await client.close()


async def make_collection(client: AsyncQdrantClient, collection: str, dimensions: int) -> None:
    """Create the collection with the schema, unless it exists."""
    if await client.collection_exists(collection):
        return
    vectors = {
        DENSE: models.VectorParams(
            size=dimensions,
            distance=models.Distance.COSINE,
            hnsw_config=models.HnswConfigDiff(m=HNSW_M, ef_construct=HNSW_BUILD),
        ),
        SENTENCES: models.VectorParams(
            size=dimensions,
            distance=models.Distance.COSINE,
            on_disk=True,
            datatype=models.Datatype.FLOAT16,
            multivector_config=models.MultiVectorConfig(
                comparator=models.MultiVectorComparator.MAX_SIM
            ),
            hnsw_config=models.HnswConfigDiff(m=0),  # only scored, never searched
        ),
    }
    await client.create_collection(
        collection,
        vectors_config=vectors if dimensions else {},
        sparse_vectors_config={TERMS: models.SparseVectorParams(modifier=models.Modifier.IDF)},
    )
    for field in ("document_id", "readers"):
        await client.create_payload_index(
            collection, field, models.PayloadSchemaType.KEYWORD, wait=True
        )


def _point(entry: Entry) -> models.PointStruct:
    vector: dict[str, Any] = {
        TERMS: models.SparseVector(indices=entry.terms.indices, values=entry.terms.values)
    }
    if entry.dense is not None and entry.sentences is not None:
        vector[DENSE] = entry.dense.tolist()
        vector[SENTENCES] = entry.sentences.tolist()
    return models.PointStruct(id=str(entry.passage.id), vector=vector, payload=payload_of(entry))


def _matches(field: str, values: list[str]) -> models.Filter:
    return models.Filter(must=[models.FieldCondition(key=field, match=models.MatchAny(any=values))])


def _vector(vectors: object, name: str) -> object:
    return vectors.get(name) if isinstance(vectors, dict) else None


@contextmanager
def _mapped() -> Iterator[None]:
    try:
        yield
    except (ApiException, QdrantException, httpx.HTTPError, ValueError, OSError) as error:
        raise StoreDown(
            "library.index",
            "The library's index does not answer.",
            remedy="Check VOICE_VECTORS__URL, its key, and that the Qdrant server runs.",
        ) from error
