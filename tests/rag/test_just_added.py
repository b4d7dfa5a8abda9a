"""A question right after an upload is judged by what the library holds by then."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest

from rag.library import Library, open_library
from storage.database import Database
from storage.documents import Documents
from storage.faults import StoreDown
from storage.records import Document
from tests.rag.people import ADMIN, CLINICIAN

DANTROLENE = b"# Dantrolene\n\nDantrolene is 2.5 mg/kg for malignant hyperthermia.\n"
PASTE = b"# Rivaroxabine paste\n\nRivaroxabine paste is applied twice a day.\n"


class LateDatabase(Documents):
    """Takes its time over how many passages there are, asked by a server that has just started,
    and then is gone for whoever wants to put the index right."""

    def __init__(self, database: Database, *, counted_first: bool) -> None:
        super().__init__(database)
        self.go_on = asyncio.Event()
        self._counted_first = counted_first

    async def passage_counts(self) -> dict[UUID, int]:
        if self._counted_first:
            counts = await super().passage_counts()
            await self.go_on.wait()
            return counts
        await self.go_on.wait()
        return await super().passage_counts()

    async def get(self, document_id: UUID) -> Document:
        raise StoreDown("database", "The database does not answer.")


@pytest.mark.parametrize("counted_first", [True, False])
async def test_what_is_added_while_the_server_looks_through_its_library_stays_in_it(
    database: Database, tmp_path: Path, counted_first: bool
) -> None:
    documents = LateDatabase(database, counted_first=counted_first)
    async with open_library(documents, data=tmp_path, embedder_url="none://") as library:
        await library.add(DANTROLENE, "d.md", actor=ADMIN)
        documents.go_on.set()
        await library.ready()
        assert await found(library, "dantrolene in malignant hyperthermia")


async def test_a_word_is_known_as_soon_as_its_document_can_be_found(
    database: Database, tmp_path: Path
) -> None:
    open_again = partial(open_library, Documents(database), data=tmp_path, embedder_url="none://")
    async with open_again() as library:
        await library.add(DANTROLENE, "d.md", actor=ADMIN)
    async with open_again() as library:
        # Not taken for rivaroxaban misheard, of which the library has nothing.
        await library.add(PASTE, "p.md", actor=ADMIN)
        assert await found(library, "how often is rivaroxabine paste applied")


async def found(library: Library, question: str) -> bool:
    evidence = await library.search(question, actor=CLINICIAN, deadline_s=10)
    return not evidence.weak
