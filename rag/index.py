"""The seam of the vector index: Qdrant, in the data folder or as a server, with one schema.

    embedded            Qdrant's engine in this process, in the data folder
    http(s)://…         a Qdrant server

The index holds nothing that the database does not: it can be thrown away and built again. Its name
carries the schema's version and the embedder's identity, so vectors of two kinds never mix: with
another embedder, another index is opened, empty, and filled.
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from rag.terms import Sparse
from storage.records import Passage

SCHEMA_VERSION = 2
DENSE, SENTENCES, TERMS = "dense", "sentences", "terms"
RRF_K = 60
"""Reciprocal rank fusion (Cormack et al., 2009) with its customary constant."""

HNSW_M, HNSW_BUILD, HNSW_SEARCH = 16, 128, 256
PREFETCH = 40
"""How many passages the words and the vectors each put forward to be fused."""

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Entry:
    """A passage as it is indexed. `readers` as in `Text`. The vectors are of length 1:
    `dense` [dimensions], `sentences` [sentences, dimensions]; None without an embedder."""

    passage: Passage
    readers: tuple[str, ...]
    terms: Sparse
    dense: Vectors | None = None
    sentences: Vectors | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found. `fused` is the RRF score, `cosine` the passage's similarity to
    the question, `nearest` that of its nearest sentence; both nan without an embedder. `terms` are
    the numbers of the terms it was indexed under."""

    passage: Passage
    fused: float
    cosine: float
    nearest: float
    terms: frozenset[int]


class Index(Protocol):
    """Passages by their words and vectors. Every method raises StoreDown when it cannot answer."""

    async def put(self, entries: Sequence[Entry]) -> None:
        """Add or replace passages; on return they are kept and found."""

    async def remove(self, document_id: UUID) -> None:
        """Forget a document's passages."""

    async def counts(self) -> Mapping[UUID, int]:
        """How many passages of each document are held."""

    async def count(self, document_id: UUID) -> int:
        """How many passages of a document are held."""

    async def find(
        self, terms: Sparse, dense: Vectors | None, *, readers: Sequence[str] | None, limit: int
    ) -> list[Hit]:
        """The best passages that one of `readers` may read (None: any), best first."""

    async def sentences(self, passage_ids: Sequence[UUID]) -> Mapping[UUID, Vectors]:
        """Sentence vectors of passages, in the sentences' order; absent ones are left out."""

    async def term_counts(self, sample: int) -> tuple[int, Mapping[int, int]]:
        """Of at most `sample` passages: how many there are, and in how many each term occurs."""

    async def settle(self) -> None:
        """Arrange what was added for fast search. Takes seconds; searches go on meanwhile."""


@asynccontextmanager
async def open_index(
    url: str, *, data: Path, dimensions: int, embedder: str, api_key: str = ""
) -> AsyncIterator[Index]:
    """The index for this embedder, made if absent. Raises StoreDown, Invalid."""
    from rag.index_embedded import open_embedded
    from rag.index_server import open_server

    name = index_name(embedder)
    if url == "embedded":
        async with open_embedded(data / "library" / name, dimensions) as embedded:
            yield embedded
    else:
        async with open_server(url, name, dimensions, api_key=api_key) as server:
            yield server


def index_name(embedder: str) -> str:
    """The name that keeps indexes of different schemas and embedders apart."""
    return f"passages-v{SCHEMA_VERSION}-{zlib.crc32(embedder.encode()):08x}"


def payload_of(entry: Entry) -> dict[str, Any]:
    """What is kept beside the vectors: enough to show the passage without the database, and to
    know its terms without its sparse vector, which the engine reads from disk."""
    passage = entry.passage
    return {
        "document_id": str(passage.document_id),
        "ordinal": passage.ordinal,
        "section": list(passage.section),
        "page": passage.page,
        "text": passage.text,
        "readers": list(entry.readers),
        TERMS: entry.terms.indices,
    }


def passage_of(point_id: object, payload: Mapping[str, Any]) -> Passage:
    """The passage that `payload_of` wrote."""
    return Passage(
        id=UUID(str(point_id)),
        document_id=UUID(payload["document_id"]),
        ordinal=payload["ordinal"],
        section=tuple(payload["section"]),
        page=payload["page"],
        text=payload["text"],
    )


def terms_of(payload: Mapping[str, Any]) -> frozenset[int]:
    """The numbers of the terms that `payload_of` wrote."""
    return frozenset(payload[TERMS])


def cosine(question: Vectors, vector: object) -> float:
    """Similarity of two vectors of length 1."""
    return float(np.dot(question, np.asarray(vector, np.float32)))
