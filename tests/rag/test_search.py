"""A search goes on without what fails, and says what stopped it."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from qdrant_client import AsyncQdrantClient

from rag.embedding import Embedder, NoEmbedder, open_embedder
from rag.evidence import Evidence
from rag.index import Index
from rag.index_embedded import open_embedded
from rag.index_server import ServerIndex
from rag.indexing import entries
from rag.ranking import Rarity
from rag.search import Search
from storage.records import Document, Passage
from tests.rag.endpoint import DIMENSIONS, embedding_endpoint

DOCUMENT = Document(
    uuid4(),
    "Teicoplanin",
    "",
    "",
    2024,
    "text/plain",
    "0",
    1,
    None,
    None,
    False,
    None,
    datetime.now(UTC),
)
PASSAGE = Passage(uuid4(), DOCUMENT.id, 0, ("Loading",), None, "Give teicoplanin 12 mg/kg.")


async def find(search: Search, question: str = "teicoplanin loading") -> Evidence:
    return await search.find(
        question,
        readers=["everyone"],
        limit=5,
        deadline_s=5,
        generation=1,
        shelf={DOCUMENT.id: DOCUMENT},
        rarity=Rarity(0, {}),
    )


async def filled(index: Index, embedder: Embedder) -> Search:
    async for batch in entries(DOCUMENT, [PASSAGE], embedder):
        await index.put(batch)
    return Search(index, embedder, None)


async def test_when_the_embedder_dies_the_words_still_find(tmp_path: Path) -> None:
    async with AsyncExitStack() as endpoint, AsyncExitStack() as stack:
        url = await endpoint.enter_async_context(embedding_endpoint())
        embedder = await stack.enter_async_context(open_embedder(url, data=tmp_path))
        index = await stack.enter_async_context(
            open_embedded(tmp_path / "passages-v1-x", DIMENSIONS)
        )
        search = await filled(index, embedder)
        await endpoint.aclose()
        evidence = await find(search)
        assert not evidence.weak
        assert evidence.found[0].passage == PASSAGE
        await find(search)
        assert search.rates()["results"].hits == 0  # a makeshift answer is not kept


async def test_an_index_that_does_not_answer_is_said_and_nothing_raised(tmp_path: Path) -> None:
    client = await asyncio.to_thread(
        lambda: AsyncQdrantClient(url="http://127.0.0.1:9", check_compatibility=False)
    )
    evidence = await find(Search(ServerIndex(client, "passages", 0), NoEmbedder(), None))
    await client.close()
    assert (evidence.weak, evidence.reason, evidence.found) == (True, "unavailable", ())


async def test_what_is_no_longer_on_the_shelf_is_not_found(tmp_path: Path) -> None:
    async with open_embedded(tmp_path / "passages-v1-x", 0) as index:
        search = await filled(index, NoEmbedder())
        assert not (await find(search)).weak
        evidence = await search.find(
            "teicoplanin loading",
            readers=["everyone"],
            limit=5,
            deadline_s=5,
            generation=2,
            shelf={},
            rarity=Rarity(0, {}),
        )
        assert (evidence.weak, evidence.found) == (True, ())


async def test_the_end_of_a_long_account_is_searched(tmp_path: Path) -> None:
    account = "she lives with her daughter and was found on the floor this morning and " * 40
    async with open_embedded(tmp_path / "passages-v1-x", 0) as index:
        search = await filled(index, NoEmbedder())
        evidence = await find(search, f"{account} what is the teicoplanin loading dose")
        assert not evidence.weak
        assert evidence.found[0].passage == PASSAGE
        assert evidence.query.endswith("loading dose")


async def test_a_question_of_any_length_or_script_is_answered(tmp_path: Path) -> None:
    async with open_embedded(tmp_path / "passages-v1-x", 0) as index:
        search = await filled(index, NoEmbedder())
        for question in ("", "   ", "?", "teicoplanin " * 5000, "Тейкопланин", "\x00\u200b"):
            evidence = await find(search, question)
            assert evidence.reason in ("", "below_threshold")
