"""One question to its passages: embedded, found, ranked, judged, within a deadline."""

from __future__ import annotations

import asyncio
import json
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from rag.cache import HitRate, Recent, Shared
from rag.embedding import Embedder
from rag.evidence import Evidence, Found, Reason
from rag.index import Hit, Index
from rag.misheard import mended
from rag.ranking import Question, Ranked, Rarity, answers, gist, rank, understand
from rag.terms import query_sparse, told_and_asked
from rag.vocabulary import glossed, written_out
from rag.words import stem
from storage.faults import Busy, Unavailable
from storage.keyvalue import KeyValue
from storage.records import Document, Passage

CANDIDATES = 24
"""How many fused passages are ranked anew."""

MOST_QUESTION_CHARS = 2000
"""Of what was said, the end, where the question is."""

SUPERSEDED_PENALTY = 0.85
DENSE_SHARE = 0.6
"""Of the deadline, the part that may go into embedding the question; after it words must do."""


class Search:
    """Searches one index. What it found is remembered until the library's generation changes."""

    def __init__(self, index: Index, embedder: Embedder, keyvalue: KeyValue | None) -> None:
        self._index = index
        self._embedder = embedder
        self._shared = Shared(keyvalue)
        self._results: Recent[Evidence] = Recent(512)
        self._vectors: Recent[NDArray[np.float32]] = Recent(2048)
        self._shelf: Mapping[UUID, Document] = {}
        self._reads_all: dict[tuple[str, ...], bool] = {}

    async def find(
        self,
        query: str,
        *,
        readers: Sequence[str],
        limit: int,
        deadline_s: float,
        generation: int,
        shelf: Mapping[UUID, Document],
        rarity: Rarity,
    ) -> Evidence:
        """Evidence for `query`. Raises nothing but cancellation: what goes wrong is its reason."""
        started = time.perf_counter()
        said = " ".join(query[-MOST_QUESTION_CHARS:].split())
        question = mended(written_out(said), lambda word: rarity.seen(stem(word)))
        key = (generation, tuple(readers), limit, question.casefold())
        reason: Reason
        try:
            async with asyncio.timeout(deadline_s):
                if (known := await self._known(key)) is not None:
                    return replace(known, query=query, took_ms=_ms_since(started))
                told, asked = told_and_asked(question)
                told = gist(told, rarity)
                whole = glossed(f"{told}. {asked}" if told else asked)
                dense = await self._dense(whole, deadline_s * DENSE_SHARE)
                hits = await self._index.find(
                    query_sparse(asked, told),
                    dense,
                    readers=None if self._may_read_all(readers, shelf) else readers,
                    limit=CANDIDATES,
                )
        except TimeoutError:
            reason = "deadline"
        except (Unavailable, Busy):
            reason = "unavailable"
        else:
            found, weak = _judge(understand(asked, rarity, told), hits, shelf, limit)
            evidence = Evidence(
                query, found, weak, "below_threshold" if weak else "", _ms_since(started)
            )
            if dense is not None or not self._embedder.dimensions:
                self._results.put(key, evidence)
                await self._shared.put("found", *key, value=_packed(evidence))
            return evidence
        return Evidence(query, (), True, reason, _ms_since(started))

    def rates(self) -> dict[str, HitRate]:
        """How well the caches serve: `results`, `embeddings`, `shared`."""
        return {
            "results": self._results.rate,
            "embeddings": self._vectors.rate,
            "shared": self._shared.rate,
        }

    def _may_read_all(self, readers: Sequence[str], shelf: Mapping[UUID, Document]) -> bool:
        """Whether every document on the shelf is for them: then the index need not look. What
        stands on no shelf is never shown, whoever may read it."""
        if self._shelf is not shelf:
            self._shelf, self._reads_all = shelf, {}
        who = tuple(readers)
        if who not in self._reads_all:
            all_for_them = all(not set(who).isdisjoint(one.readers) for one in shelf.values())
            self._reads_all[who] = all_for_them
        return self._reads_all[who]

    async def _known(self, key: tuple[Any, ...]) -> Evidence | None:
        known = self._results.get(key)
        if known is None and (packed := await self._shared.get("found", *key)):
            known = _unpacked(packed)
            self._results.put(key, known)
        return known

    async def _dense(self, question: str, deadline_s: float) -> NDArray[np.float32] | None:
        """The question's vector; None without an embedder, or when it does not answer in time."""
        if not self._embedder.dimensions or not question:
            return None
        key = question.casefold()
        vector = self._vectors.get(key)
        if vector is None:
            try:
                async with asyncio.timeout(deadline_s):
                    vector = await self._embedder.query(question)
            except (TimeoutError, Unavailable, Busy):
                return None
            self._vectors.put(key, vector)
        return vector


def _judge(
    question: Question,
    hits: Sequence[Hit],
    shelf: Mapping[UUID, Document],
    limit: int,
) -> tuple[tuple[Found, ...], bool]:
    """The best `limit` passages of documents that are in the library, and whether all are weak."""
    kept = [hit for hit in hits if hit.passage.document_id in shelf]

    def heading(hit: Hit) -> str:
        return heading_of(shelf[hit.passage.document_id], hit.passage)

    def penalty(hit: Hit) -> float:
        document = shelf[hit.passage.document_id]
        return SUPERSEDED_PENALTY if document.superseded_by else 1.0

    ranked = rank(question, kept, heading, penalty=penalty)
    found = tuple(_found(one, shelf[one.hit.passage.document_id]) for one in ranked[:limit])
    return found, not answers(ranked)


def heading_of(document: Document, passage: Passage) -> str:
    """What a passage stands under: the title, then the sections."""
    return ". ".join(part for part in (document.title, *passage.section) if part)


def _found(ranked: Ranked, document: Document) -> Found:
    return Found(
        passage=ranked.hit.passage,
        title=document.title,
        source=document.source,
        edition=document.edition,
        year=document.year,
        superseded=document.superseded_by is not None,
        sample=document.sample,
        score=ranked.score,
        cosine=ranked.hit.cosine,
    )


def _ms_since(started: float) -> float:
    return (time.perf_counter() - started) * 1000


def _packed(evidence: Evidence) -> bytes:
    """Evidence without the question: what a clinician asked is not kept."""
    return json.dumps(asdict(replace(evidence, query="")), default=str).encode()


def _unpacked(packed: bytes) -> Evidence:
    said = json.loads(packed)
    found = []
    for one in said["found"]:
        passage = one.pop("passage")
        passage |= {
            "id": UUID(passage["id"]),
            "document_id": UUID(passage["document_id"]),
            "section": tuple(passage["section"]),
        }
        cosine = one.pop("cosine")
        found.append(
            Found(**one, passage=Passage(**passage), cosine=math.nan if cosine is None else cosine)
        )
    return Evidence("", tuple(found), said["weak"], said["reason"], said["took_ms"])
