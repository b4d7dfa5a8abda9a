"""The library's texts are kept whole, and every change is counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from storage import documents as module
from storage.database import Database
from storage.documents import Documents
from storage.faults import Conflict, Fault, Invalid, NotFound
from storage.records import Document, Passage


def _document(title: str = "Potassium", *, year: int | None = 2024) -> Document:
    return Document(
        id=uuid4(),
        title=title,
        source="A hospital",
        edition="2nd",
        year=year,
        media_type="text/markdown",
        sha256=uuid4().hex,
        size_bytes=1234,
        pages=None,
        superseded_by=None,
        sample=False,
        added_by=None,
        added_at=datetime(2026, 3, 1, tzinfo=UTC),
    )


def _passages(document: Document, count: int) -> list[Passage]:
    return [
        Passage(uuid4(), document.id, ordinal, ("Dose", "Adults"), 2, f"Passage {ordinal}: ½ mg")
        for ordinal in range(count)
    ]


@pytest.fixture
def documents(database: Database) -> Documents:
    return Documents(database)


async def test_a_document_reads_as_it_was_added(documents: Documents) -> None:
    document = _document()
    passages = _passages(document, 3)
    await documents.add(document, passages[::-1])
    assert await documents.get(document.id) == document
    assert await documents.by_sha256(document.sha256) == document
    assert await documents.list() == (document,)
    assert await documents.passages(document.id) == tuple(passages)
    assert await documents.passage(passages[1].id) == passages[1]
    assert await documents.counts() == (1, 3)
    assert await documents.passage_counts() == {document.id: 3}


async def test_a_document_is_added_whole_or_not_at_all(documents: Documents) -> None:
    document = _document()
    passages = _passages(document, 3)
    broken = [*passages[:2], replace(passages[2], text="\x00")]
    with pytest.raises(Invalid):
        await documents.add(document, broken)
    assert await documents.counts() == (0, 0)
    assert await documents.generation() == 0


async def test_the_same_bytes_are_kept_once(documents: Documents) -> None:
    document = _document()
    await documents.add(document, [])
    with pytest.raises(Conflict):
        await documents.add(replace(document, id=uuid4()), [])
    assert await documents.by_sha256("none") is None


async def test_a_removed_document_takes_its_passages_along(documents: Documents) -> None:
    gone, kept = _document("Gone"), _document("Kept")
    await documents.add(gone, _passages(gone, 2))
    await documents.add(kept, _passages(kept, 1))
    await documents.remove(gone.id)
    assert await documents.counts() == (1, 1)
    with pytest.raises(NotFound):
        await documents.get(gone.id)
    with pytest.raises(NotFound):
        await documents.remove(gone.id)
    with pytest.raises(NotFound):
        await documents.passage(uuid4())


async def test_an_older_edition_names_the_newer_until_that_is_removed(
    documents: Documents,
) -> None:
    old, new = _document(year=2019), _document(year=2024)
    await documents.add(old, [])
    await documents.add(new, [])
    await documents.supersede(old.id, new.id)
    assert (await documents.get(old.id)).superseded_by == new.id
    assert [one.id for one in await documents.list()] == [new.id, old.id]
    await documents.remove(new.id)
    assert (await documents.get(old.id)).superseded_by is None


async def test_every_change_and_nothing_else_raises_the_generation(documents: Documents) -> None:
    seen = [await documents.generation()]
    old, new = _document("Old"), _document("New")
    await documents.add(old, _passages(old, 1))
    seen.append(await documents.generation())
    await documents.add(new, [])
    seen.append(await documents.generation())
    await documents.supersede(old.id, new.id)
    seen.append(await documents.generation())
    await documents.remove(old.id)
    seen.append(await documents.generation())
    assert seen == sorted(set(seen))
    with pytest.raises(Fault):
        await documents.remove(old.id)
    await documents.list()
    assert await documents.generation() == seen[-1]


async def test_all_passages_come_once_however_many_there_are(documents: Documents) -> None:
    added = []
    for count in (module.BATCH, 3, module.BATCH + 1):
        document = _document(f"{count}")
        passages = _passages(document, count)
        await documents.add(document, passages)
        added += passages
    read = [passage async for passage in documents.all_passages()]
    assert len(read) == len(added)
    assert {passage.id for passage in read} == {passage.id for passage in added}
