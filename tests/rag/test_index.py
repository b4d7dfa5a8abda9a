"""One contract for the index: the engine in the data folder, and a server's collection."""

from __future__ import annotations

import asyncio
import math
import os
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
import pytest
from qdrant_client import AsyncQdrantClient

from rag.index import Entry, Index, Vectors, index_name, open_index
from rag.index_embedded import open_embedded
from rag.index_server import ServerIndex, make_collection
from rag.sentences import sentences
from rag.terms import document_sparse, query_sparse
from storage.faults import StoreDown
from storage.records import Passage
from tests.rag.endpoint import DIMENSIONS, words_vector

pytestmark = pytest.mark.filterwarnings("ignore:Payload indexes have no effect in the local")

WARD, RENAL = uuid4(), uuid4()
TEXTS = [
    (WARD, "Vancomycin needs a trough level. Aim for 15 to 20 mg/L."),
    (WARD, "Gentamicin is given once daily. Check the level after 18 hours."),
    (RENAL, "Hyperkalaemia is treated with calcium gluconate. Then give insulin."),
    (RENAL, "Apixaban 2.5 mg twice daily in severe renal impairment."),
]


def vectors(*texts: str) -> Vectors:
    rows = np.asarray([words_vector(text) for text in texts], np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))


def entry(document: UUID, text: str, *, readers: tuple[str, ...] = ("everyone",)) -> Entry:
    passage = Passage(uuid4(), document, 0, ("Dose", "Renal"), 3, text)
    return Entry(
        passage, readers, document_sparse(text), vectors(text)[0], vectors(*sentences(text))
    )


@pytest.fixture(params=["embedded", "server"])
async def index(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Index]:
    if request.param == "embedded":
        async with open_embedded(tmp_path / "passages-v1-x", DIMENSIONS) as embedded:
            yield embedded
    else:
        client = await asyncio.to_thread(AsyncQdrantClient, ":memory:")
        await make_collection(client, "passages", DIMENSIONS)
        await make_collection(client, "passages", DIMENSIONS)
        yield ServerIndex(client, "passages", DIMENSIONS)
        await client.close()


async def fill(index: Index) -> list[Entry]:
    entries = [entry(document, text) for document, text in TEXTS]
    await index.put(entries)
    return entries


async def test_a_question_finds_its_passage_by_words_and_by_vectors(index: Index) -> None:
    entries = await fill(index)
    question = "vancomycin needs a trough"
    hits = await index.find(
        query_sparse(question), vectors(question)[0], readers=["everyone"], limit=3
    )
    best = hits[0]
    assert best.passage == entries[0].passage
    assert best.fused == max(hit.fused for hit in hits)
    assert best.cosine == pytest.approx(
        float(vectors(question)[0] @ vectors(TEXTS[0][1])[0]), abs=1e-3
    )
    assert set(query_sparse(question).indices) <= best.terms
    nearest = vectors(question) @ vectors(*sentences(TEXTS[0][1])).T
    assert best.nearest == pytest.approx(float(np.max(nearest)), abs=1e-2)


async def test_words_alone_find_it_too(index: Index) -> None:
    entries = await fill(index)
    hits = await index.find(query_sparse("eliquis dose"), None, readers=["everyone"], limit=3)
    assert hits[0].passage == entries[3].passage
    assert math.isnan(hits[0].cosine)
    assert set(query_sparse("apixaban dose").indices) & hits[0].terms


async def test_a_question_of_stop_words_finds_nothing(index: Index) -> None:
    await fill(index)
    assert await index.find(query_sparse("what is the"), None, readers=["everyone"], limit=3) == []


async def test_a_passage_is_found_only_by_those_who_may_read_it(index: Index) -> None:
    secret = entry(uuid4(), "Vancomycin trough in the trial arm", readers=("role:admin",))
    await index.put([secret])
    terms, dense = query_sparse("vancomycin"), vectors("vancomycin")[0]
    assert await index.find(terms, dense, readers=["everyone", "role:clinician"], limit=3) == []
    assert await index.find(terms, None, readers=["everyone"], limit=3) == []
    found = await index.find(terms, dense, readers=["everyone", "role:admin"], limit=3)
    assert [hit.passage for hit in found] == [secret.passage]


async def test_putting_the_same_passages_again_doubles_nothing(index: Index) -> None:
    entries = await fill(index)
    await index.put(entries)
    assert await index.counts() == {WARD: 2, RENAL: 2}


async def test_a_removed_document_is_gone(index: Index) -> None:
    await fill(index)
    await index.remove(WARD)
    assert await index.counts() == {RENAL: 2}
    assert (await index.count(WARD), await index.count(RENAL)) == (0, 2)
    hits = await index.find(
        query_sparse("vancomycin"), vectors("vancomycin")[0], readers=["everyone"], limit=4
    )
    assert {hit.passage.document_id for hit in hits} == {RENAL}


async def test_sentence_vectors_come_back_in_the_sentences_order(index: Index) -> None:
    entries = await fill(index)
    passage = entries[0].passage
    found = await index.sentences([passage.id, uuid4()])
    assert set(found) == {passage.id}
    assert np.allclose(found[passage.id], vectors(*sentences(passage.text)), atol=1e-2)


async def test_terms_are_counted_by_passage(index: Index) -> None:
    await fill(index)
    assert (await index.term_counts(3))[0] == 3
    passages, counts = await index.term_counts(100)
    assert passages == 4
    assert counts[query_sparse("level").indices[0]] == 2
    assert counts[query_sparse("apixaban").indices[0]] == 1


async def test_settling_changes_no_answer(index: Index) -> None:
    await fill(index)
    terms, dense = query_sparse("calcium"), vectors("calcium")[0]
    before = await index.find(terms, dense, readers=["everyone"], limit=4)
    await index.settle()
    after = await index.find(terms, dense, readers=["everyone"], limit=4)
    assert [hit.passage for hit in after] == [hit.passage for hit in before]


async def test_what_changes_while_an_index_settles_is_in_it_afterwards(tmp_path: Path) -> None:
    folder = tmp_path / "passages-v1-x"
    late = uuid4()
    async with open_embedded(folder, DIMENSIONS) as index:
        await fill(index)
        settling = asyncio.create_task(index.settle())
        added = entry(late, "Teicoplanin is given three times.")
        while (await asyncio.to_thread(os.listdir, folder)) == ["1"]:  # noqa: ASYNC110
            await asyncio.sleep(0)
        await index.put([added])
        await index.remove(WARD)
        assert not settling.done()
        await settling
        assert await index.counts() == {RENAL: 2, late: 1}
        hits = await index.find(query_sparse("teicoplanin"), None, readers=["everyone"], limit=3)
        assert [hit.passage for hit in hits] == [added.passage]
    assert sorted(await asyncio.to_thread(os.listdir, folder)) == ["2", "current"]
    async with open_embedded(folder, DIMENSIONS) as index:
        assert await index.counts() == {RENAL: 2, late: 1}


async def test_the_loop_and_the_searches_go_on_while_a_large_index_settles(tmp_path: Path) -> None:
    rows = np.random.default_rng(0).standard_normal((400, 8, DIMENSIONS)).astype(np.float32)
    async with open_embedded(tmp_path / "passages-v1-x", DIMENSIONS) as index:
        for batch in rows:
            entries = [
                replace(entry(WARD, f"Passage {n}."), dense=row / np.linalg.norm(row))
                for n, row in enumerate(batch)
            ]
            await index.put(entries)
        settling = asyncio.create_task(index.settle())
        searched = 0
        while not settling.done():
            assert await index.find(
                query_sparse("passage"), rows[0][0], readers=["everyone"], limit=3
            )
            searched += 1
        await settling
        assert searched > 20


async def test_an_index_without_vectors_keeps_the_words(tmp_path: Path) -> None:
    async with open_embedded(tmp_path / "passages-v1-none", 0) as index:
        passage = Passage(uuid4(), WARD, 0, (), None, "Vancomycin level")
        await index.put([Entry(passage, ("everyone",), document_sparse(passage.text))])
        hits = await index.find(query_sparse("vancomycin"), None, readers=["everyone"], limit=3)
        assert [hit.passage for hit in hits] == [passage]
        assert await index.sentences([passage.id]) == {}


async def test_what_was_put_is_there_after_a_restart(tmp_path: Path) -> None:
    async with open_index("embedded", data=tmp_path, dimensions=DIMENSIONS, embedder="a") as index:
        await fill(index)
    async with open_index("embedded", data=tmp_path, dimensions=DIMENSIONS, embedder="a") as index:
        assert await index.counts() == {WARD: 2, RENAL: 2}


async def test_another_embedder_never_sees_the_old_vectors(tmp_path: Path) -> None:
    async with open_index("embedded", data=tmp_path, dimensions=DIMENSIONS, embedder="a") as index:
        await fill(index)
    async with open_index("embedded", data=tmp_path, dimensions=32, embedder="b") as index:
        assert await index.counts() == {}
    kept = await asyncio.to_thread(os.listdir, tmp_path / "library")
    assert kept == [index_name("b")]


async def test_a_damaged_index_is_made_anew(tmp_path: Path) -> None:
    folder = tmp_path / "passages-v1-x"
    async with open_embedded(folder, DIMENSIONS) as index:
        await fill(index)
    await asyncio.to_thread((folder / "1" / "edge_config.json").write_text, "garbage")
    async with open_embedded(folder, DIMENSIONS) as index:
        assert await index.counts() == {}


async def test_a_data_folder_in_use_is_refused(tmp_path: Path) -> None:
    async with open_embedded(tmp_path / "passages-v1-x", DIMENSIONS):
        with pytest.raises(StoreDown, match=r"library\.index"):
            async with open_embedded(tmp_path / "passages-v1-x", DIMENSIONS):
                pass


async def test_a_server_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreDown, match=r"library\.index"):
        async with open_index(
            "http://127.0.0.1:9", data=tmp_path, dimensions=DIMENSIONS, embedder="a"
        ):
            pass
