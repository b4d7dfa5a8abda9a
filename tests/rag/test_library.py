"""Documents go in and come out as evidence; on a real database, index and encoder."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from qdrant_client import AsyncQdrantClient

from rag.background import in_background
from rag.embedding import NoEmbedder
from rag.index_server import ServerIndex, make_collection
from rag.library import Library, open_library
from rag.sentences import sentences
from storage.database import Database, connect
from storage.documents import Documents
from storage.faults import Invalid, NotAllowed, NotFound
from storage.keyvalue import open_keyvalue
from tests.rag import files
from tests.rag.people import ADMIN, CLINICIAN, REVIEWER

Open = Callable[..., AbstractAsyncContextManager[Library]]

HYPERKALAEMIA = b"""# Hyperkalaemia

## Treatment

Give calcium gluconate 10% 30 mL IV over 10 minutes if the ECG has changed.
Then give insulin 10 units with glucose 25 g over 15 minutes.

## Monitoring

Check potassium at one, two, four and six hours.
"""
APIXABAN = b"""# Apixaban

## Renal impairment

Apixaban is 2.5 mg twice daily when creatinine clearance is 15 to 29 mL/min.
"""


@pytest.fixture
def opened(database: Database, models: Path, tmp_path: Path) -> Open:
    """Opens the library of this test; again after closing it is a restart."""
    (tmp_path / "models").symlink_to(models / "models")
    return partial(open_library, Documents(database), data=tmp_path)


@pytest.fixture
async def library(opened: Open) -> AsyncIterator[Library]:
    async with opened() as one:
        await one.add(HYPERKALAEMIA, "hyperkalaemia.md", actor=ADMIN)
        await one.add(APIXABAN, "apixaban.md", actor=ADMIN)
        yield one


async def search(library: Library, query: str) -> str:
    evidence = await library.search(query, actor=CLINICIAN, deadline_s=10)
    return "" if evidence.weak else evidence.found[0].passage.text


async def test_a_question_finds_its_passage_with_what_it_is_from(library: Library) -> None:
    evidence = await library.search(
        "how much calcium gluconate for high potassium", actor=CLINICIAN, deadline_s=10
    )
    best = evidence.found[0]
    assert not evidence.weak
    assert "30 mL IV" in best.passage.text
    assert (best.title, best.passage.section) == ("Hyperkalaemia", ("Treatment",))
    assert 0 < best.score <= 1
    assert best.cosine > 0.4
    assert [found.score for found in evidence.found] == sorted(
        (found.score for found in evidence.found), reverse=True
    )


@pytest.mark.parametrize(
    "question",
    [
        "what is the capital of australia",
        "who won the football yesterday",
        "what is the dose of tocilizumab in giant cell arteritis",
        "how is methotrexate dosed",
    ],
)
async def test_nothing_found_is_said_when_nothing_answers(library: Library, question: str) -> None:
    evidence = await library.search(question, actor=CLINICIAN, deadline_s=10)
    assert evidence.weak
    assert evidence.reason == "below_threshold"


async def test_a_brand_name_and_recognised_speech_find_the_drug(library: Library) -> None:
    assert "2.5 mg" in await search(library, "eliquis in severe renal impairment")
    assert "2.5 mg" in await search(library, "apixaban dose if creatinine clearance is twenty")
    assert "2.5 mg" in await search(library, "a pixaban in renal impairment")
    assert "2.5 mg" in await search(library, "apixoban in renal impairment")


async def test_an_empty_library_says_so(opened: Open) -> None:
    async with opened() as library:
        evidence = await library.search("anything", actor=CLINICIAN)
        assert (evidence.weak, evidence.reason) == (True, "empty_library")


async def test_a_search_past_its_deadline_is_weak_and_raises_nothing(library: Library) -> None:
    evidence = await library.search("potassium", actor=CLINICIAN, deadline_s=0)
    assert (evidence.weak, evidence.reason, evidence.found) == (True, "deadline", ())


async def test_without_an_encoder_the_words_still_find_and_refuse(opened: Open) -> None:
    async with opened(embedder_url="none://") as library:
        await library.add(HYPERKALAEMIA, "h.md", actor=ADMIN)
        await library.add(APIXABAN, "a.md", actor=ADMIN)
        assert "30 mL" in await search(library, "calcium gluconate dose in hyperkalaemia")
        assert await search(library, "who won the football yesterday") == ""


async def test_the_same_bytes_again_cost_nothing_and_change_nothing(library: Library) -> None:
    before = library.generation
    again = await library.add(APIXABAN, "another name.md", actor=ADMIN)
    assert again in await library.documents()
    assert (library.generation, len(await library.documents())) == (before, 2)


async def test_the_same_bytes_added_twice_at_once_are_one_document(opened: Open) -> None:
    async with opened() as library:
        both = await asyncio.gather(*(library.add(APIXABAN, "a.md", actor=ADMIN) for _ in range(2)))
        assert both[0].id == both[1].id
        assert (await library.counts())[0] == 1
        assert await library.search("apixaban", actor=CLINICIAN, deadline_s=10)


async def test_a_removed_document_is_gone_from_every_answer(library: Library) -> None:
    question = "calcium gluconate for hyperkalaemia"
    assert "30 mL" in await search(library, question)
    document = next(d for d in await library.documents() if d.title == "Hyperkalaemia")
    await library.remove(document.id, actor=ADMIN)
    assert await search(library, question) == ""
    with pytest.raises(NotFound):
        await library.passages(document.id)


async def test_a_newer_edition_supersedes_and_the_older_stays_citable(opened: Open) -> None:
    async with opened() as library:
        text = "Give gentamicin {} mg/kg once daily."
        front = "---\ntitle: Gentamicin\nsource: Ward\nyear: {}\n---\n"
        new = await library.add(
            (front.format(2024) + text.format(7)).encode(), "new.md", actor=ADMIN
        )
        old = await library.add(
            (front.format(2019) + text.format(5)).encode(), "old.md", actor=ADMIN
        )
        assert old.superseded_by == new.id
        evidence = await library.search("gentamicin dose", actor=CLINICIAN, deadline_s=10)
        assert [(f.year, f.superseded) for f in evidence.found] == [(2024, False), (2019, True)]


async def test_a_document_is_read_only_by_those_it_is_for(library: Library) -> None:
    body = "---\ntitle: Trial\nreaders: [role:reviewer]\n---\nTeicoplanin trial dose is 12 mg/kg."
    document = await library.add(body.encode(), "trial.md", actor=ADMIN)
    question = "teicoplanin trial dose"
    assert (await library.search(question, actor=CLINICIAN, deadline_s=10)).weak
    assert not (await library.search(question, actor=REVIEWER, deadline_s=10)).weak
    assert document not in await library.documents(actor=CLINICIAN)
    with pytest.raises(NotFound):
        await library.passages(document.id, actor=CLINICIAN)


async def test_only_an_admin_changes_the_library(library: Library) -> None:
    with pytest.raises(NotAllowed):
        await library.add(b"text", "t.txt", actor=CLINICIAN)
    with pytest.raises(NotAllowed):
        await library.remove((await library.documents())[0].id, actor=REVIEWER)


async def test_sentences_come_with_the_vectors_made_when_they_were_added(library: Library) -> None:
    evidence = await library.search("calcium gluconate", actor=CLINICIAN, deadline_s=10)
    passage = evidence.found[0].passage
    pairs = (await library.sentences([passage.id]))[passage.id]
    assert [sentence for sentence, _ in pairs] == sentences(passage.text)
    asked = await library.embed(pairs[0][0])
    assert int(np.argmax([asked @ vector for _, vector in pairs])) == 0


async def test_parts_of_a_question_are_found_or_said_to_be_missing(library: Library) -> None:
    parts = await library.search_parts(
        "compare apixaban and tocilizumab in renal impairment", actor=CLINICIAN, deadline_s=10
    )
    assert [(part.question.split()[0], part.evidence.weak) for part in parts] == [
        ("apixaban", False),
        ("tocilizumab", True),
    ]


async def test_changes_are_told_and_the_words_follow(library: Library) -> None:
    told: list[int] = []
    stop = library.subscribe(lambda: told.append(library.generation))
    await library.add(b"Dapsone needs a normal G6PD level.", "d.txt", actor=ADMIN)
    assert told == [library.generation]
    assert "Dapsone" in await library.words()
    stop()
    await library.add(b"Rifampicin colours tears.", "r.txt", actor=ADMIN)
    assert len(told) == 1


async def test_a_file_that_cannot_be_read_leaves_the_library_as_it_was(
    library: Library, tmp_path: Path
) -> None:
    before = (library.generation, await library.counts())
    path = await asyncio.to_thread(files.encrypted_pdf, tmp_path / "e.pdf")
    with pytest.raises(Invalid, match=r"library\.encrypted"):
        await library.add(path, "e.pdf", actor=ADMIN)
    assert (library.generation, await library.counts()) == before


async def test_asking_again_is_answered_from_memory_until_the_library_changes(
    library: Library,
) -> None:
    for _ in range(2):
        await search(library, "Calcium gluconate?")
    assert library.cache_rates()["results"].hits == 1
    await library.add(b"Calcium gluconate is given slowly.", "c.txt", actor=ADMIN)
    await search(library, "Calcium gluconate?")
    assert library.cache_rates()["results"].hits == 1


async def test_servers_share_what_they_found_and_no_question_stands_in_a_key(
    opened: Open, library: Library, database: Database, tmp_path: Path
) -> None:
    async with open_keyvalue("memory://") as store:
        asked = {}
        for data in ("one", "two"):
            await asyncio.to_thread((tmp_path / data).mkdir)
            await asyncio.to_thread((tmp_path / data / "models").symlink_to, tmp_path / "models")
            async with opened(data=tmp_path / data, keyvalue=store) as other:
                await other.ready()
                evidence = await other.search("calcium gluconate", actor=CLINICIAN, deadline_s=10)
                asked[data] = (evidence.found, other.cache_rates()["shared"].hits)
        assert asked["two"][1] == 1
        assert asked["one"][0] == asked["two"][0]


async def test_another_embedder_fills_its_own_index(
    opened: Open, library: Library, database: Database, tmp_path: Path
) -> None:
    async with opened(data=tmp_path / "other", embedder_url="none://") as other:
        await other.ready()
        assert "30 mL" in await search(other, "calcium gluconate hyperkalaemia")


async def test_what_a_crash_left_half_done_is_mended_at_the_next_start(
    opened: Open, database_url: str
) -> None:
    async with opened() as library:
        document = await library.add(HYPERKALAEMIA, "h.md", actor=ADMIN)
        await library.add(APIXABAN, "a.md", actor=ADMIN)
    async with connect(database_url) as database:
        # Removed from the database and not from the index, as a kill between the two leaves it.
        await Documents(database).remove(document.id)
    async with opened() as library:
        await library.ready()
        assert (await library.search("calcium gluconate", actor=CLINICIAN, deadline_s=10)).weak
        assert await library.sentences([document.id]) == {}
        assert "2.5 mg" in await search(library, "apixaban renal")


@pytest.fixture
async def qdrant() -> AsyncIterator[AsyncQdrantClient]:
    client = await asyncio.to_thread(AsyncQdrantClient, ":memory:")
    yield client
    await client.close()


@pytest.fixture
def another(qdrant: AsyncQdrantClient, database: Database, tmp_path: Path) -> Callable[[], Library]:
    """Makes the library of another server over one database and one index."""
    index = ServerIndex(qdrant, "passages", 0)
    return lambda: Library(Documents(database), index, NoEmbedder(), folder=tmp_path)


@pytest.mark.filterwarnings("ignore:Payload indexes have no effect in the local")
async def test_a_server_that_starts_while_another_adds_to_the_index_they_share_loses_nothing(
    another: Callable[[], Library], qdrant: AsyncQdrantClient, database: Database
) -> None:
    server = another()
    await make_collection(qdrant, "passages", 0)
    left_by_a_crash = await server.add(APIXABAN, "a.md", actor=ADMIN)
    await Documents(database).remove(left_by_a_crash.id)
    begun = asyncio.Event()
    adding = asyncio.create_task(
        server.add(
            b"\n\n".join(b"## Drug %d\n\nGive %d mg." % (n, n) for n in range(400)),
            "formulary.md",
            actor=ADMIN,
            on_progress=lambda share: begun.set() if share > 0.1 else None,
        )
    )
    await begun.wait()
    await another()._catch_up()
    assert not adding.done()
    added = await adding
    assert await server._index.counts() == {added.id: 400}


@pytest.mark.filterwarnings("ignore:Payload indexes have no effect in the local")
async def test_what_could_not_be_indexed_at_the_start_is_indexed_once_the_index_answers(
    another: Callable[[], Library], qdrant: AsyncQdrantClient, opened: Open
) -> None:
    async with opened(embedder_url="none://") as before:
        kept = await before.add(APIXABAN, "a.md", actor=ADMIN)
    server = another()
    async with in_background(server._keep_house(), "house"):
        await server.ready()
        await make_collection(qdrant, "passages", 0)
        added = await server.add(HYPERKALAEMIA, "h.md", actor=ADMIN)
        async with asyncio.timeout(10):
            while await server._index.counts() != {kept.id: 1, added.id: 2}:  # noqa: ASYNC110
                await asyncio.sleep(0)
