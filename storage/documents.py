"""The library's documents and passages, as text; what is searched lives in the vector index."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

from storage.database import Database
from storage.faults import NotFound
from storage.records import Document, Passage

_DOCUMENT = (
    "id, title, source, edition, year, media_type, sha256, size_bytes, pages, superseded_by, "
    "sample, added_by, added_at, readers"
)
_PASSAGE = "id, document_id, ordinal, section, page, text"
BATCH = 500


class Documents:
    """Queries on documents and their passages. Each change raises the library's generation."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, document: Document, passages: Sequence[Passage]) -> None:
        """Keep a document with all its passages, or nothing. Raises Conflict for the same bytes."""
        async with self._database.transaction() as connection:
            await connection.execute(
                f"INSERT INTO documents ({_DOCUMENT}) "
                "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
                *(getattr(document, name) for name in _DOCUMENT.split(", ")),
            )
            await connection.executemany(
                f"INSERT INTO passages ({_PASSAGE}) VALUES ($1, $2, $3, $4, $5, $6)",
                [
                    (one.id, one.document_id, one.ordinal, list(one.section), one.page, one.text)
                    for one in passages
                ],
            )
            await _changed(connection)

    async def get(self, document_id: UUID) -> Document:
        """Raises NotFound."""
        found = await self._one("WHERE id = $1", document_id)
        if found is None:
            raise NotFound("document.unknown", "There is no such document.")
        return found

    async def by_sha256(self, sha256: str) -> Document | None:
        """The document with exactly these bytes."""
        return await self._one("WHERE sha256 = $1", sha256)

    async def list(self) -> tuple[Document, ...]:
        """All documents, by title."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                f"SELECT {_DOCUMENT} FROM documents ORDER BY lower(title), year DESC, id"
            )
        return tuple(_document(row) for row in rows)

    async def passage_counts(self) -> dict[UUID, int]:
        """How many passages each document has."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                "SELECT document_id, count(*) AS passages FROM passages GROUP BY document_id"
            )
        return {row["document_id"]: row["passages"] for row in rows}

    async def passages(self, document_id: UUID) -> tuple[Passage, ...]:
        """A document's passages in reading order."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                f"SELECT {_PASSAGE} FROM passages WHERE document_id = $1 ORDER BY ordinal",
                document_id,
            )
        return tuple(_passage(row) for row in rows)

    async def passage(self, passage_id: UUID) -> Passage:
        """Raises NotFound."""
        async with self._database.connection() as connection:
            row = await connection.fetchrow(
                f"SELECT {_PASSAGE} FROM passages WHERE id = $1",
                passage_id,
            )
        if row is None:
            raise NotFound("passage.unknown", "There is no such passage.")
        return _passage(row)

    async def all_passages(self) -> AsyncIterator[Passage]:
        """Every passage, for indexing anew; a batch is read at a time."""
        last: tuple[UUID, int] = (UUID(int=0), -1)
        while True:
            async with self._database.connection() as connection:
                rows = await connection.fetch(
                    f"SELECT {_PASSAGE} FROM passages "
                    "WHERE (document_id, ordinal) > ($1, $2) "
                    "ORDER BY document_id, ordinal LIMIT $3",
                    *last,
                    BATCH,
                )
            for row in rows:
                yield _passage(row)
            if len(rows) < BATCH:
                return
            last = (rows[-1]["document_id"], rows[-1]["ordinal"])

    async def remove(self, document_id: UUID) -> None:
        """Raises NotFound."""
        async with self._database.transaction() as connection:
            done = await connection.execute("DELETE FROM documents WHERE id = $1", document_id)
            if done == "DELETE 0":
                raise NotFound("document.unknown", "There is no such document.")
            await _changed(connection)

    async def supersede(self, old_id: UUID, new_id: UUID) -> None:
        """A newer edition stands for an older one, which stays citable."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE documents SET superseded_by = $2 WHERE id = $1", old_id, new_id
            )
            await _changed(connection)

    async def counts(self) -> tuple[int, int]:
        """(documents, passages)."""
        async with self._database.connection() as connection:
            documents = await connection.fetchval("SELECT count(*) FROM documents")
            passages = await connection.fetchval("SELECT count(*) FROM passages")
        return documents, passages

    async def generation(self) -> int:
        """A number that grows with each change of the library, across restarts."""
        async with self._database.connection() as connection:
            return int(await connection.fetchval("SELECT generation FROM library_generation"))

    async def _one(self, where: str, *values: object) -> Document | None:
        async with self._database.connection() as connection:
            row = await connection.fetchrow(
                f"SELECT {_DOCUMENT} FROM documents {where}",
                *values,
            )
        return None if row is None else _document(row)


async def _changed(connection: Any) -> None:
    await connection.execute("UPDATE library_generation SET generation = generation + 1")


def _document(row: Any) -> Document:
    values = {name: row[name] for name in _DOCUMENT.split(", ")}
    return Document(**{**values, "readers": tuple(row["readers"])})


def _passage(row: Any) -> Passage:
    return Passage(**{**dict(row), "section": tuple(row["section"])})
