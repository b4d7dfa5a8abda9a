"""Documents waiting to be read into the library: a durable queue in PostgreSQL.

A worker leases a job and renews the lease as it goes; when its server dies the lease runs out and
the job is taken up again. The uploaded bytes wait with their job and are let go when it is over.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from storage.database import Database
from storage.faults import Fault, NotFound

LEASE_S = 60
MOST_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Job:
    """One document on its way in. `state`: queued, running, done, failed or cancelled."""

    id: UUID
    name: str
    media_type: str
    actor_id: UUID | None
    state: str
    progress: float
    attempts: int
    document_id: UUID | None
    fault_code: str
    fault_sentence: str
    fault_remedy: str


_COLUMNS = ", ".join(Job.__slots__)


class Jobs:
    """The queue. Whoever claims a job must report before its lease runs out."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def enqueue(
        self, name: str, media_type: str, content: bytes, actor_id: UUID | None
    ) -> UUID:
        """Keep a document to be read; returns the job's id once it is durable."""
        job_id = uuid4()
        async with self._database.transaction() as connection:
            await connection.execute(
                "INSERT INTO jobs (id, name, media_type, content, actor_id) "
                "VALUES ($1, $2, $3, $4, $5)",
                job_id,
                name,
                media_type,
                content,
                actor_id,
            )
        return job_id

    async def claim(self) -> Job | None:
        """The oldest job nobody works on, now leased to the caller; None when there is none.

        A job that was given up `MOST_ATTEMPTS` times fails instead.
        """
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE jobs SET state = 'failed', content = NULL, "
                "fault_code = 'ingest.gave_up', "
                "fault_sentence = 'The document could not be read after several tries.', "
                "fault_remedy = 'Check the file and add it again.' "
                "WHERE state = 'running' AND leased_until < now() AND attempts >= $1",
                MOST_ATTEMPTS,
            )
            row = await connection.fetchrow(
                f"UPDATE jobs SET state = 'running', attempts = attempts + 1, "
                "leased_until = now() + make_interval(secs => $1) WHERE id = ("
                "SELECT id FROM jobs WHERE state = 'queued' "
                "OR (state = 'running' AND leased_until < now()) "
                "ORDER BY created_at, id LIMIT 1 FOR UPDATE SKIP LOCKED) "
                f"RETURNING {_COLUMNS}",
                LEASE_S,
            )
        return None if row is None else _job(row)

    async def content(self, job_id: UUID) -> bytes:
        """The uploaded bytes. Raises NotFound when the job is over."""
        async with self._database.connection() as connection:
            content = await connection.fetchval("SELECT content FROM jobs WHERE id = $1", job_id)
        if content is None:
            raise NotFound("job.unknown", "There is no such job.")
        return bytes(content)

    async def progress(self, job_id: UUID, share: float) -> bool:
        """Report progress (0 to 1) and renew the lease; False when the job was cancelled."""
        async with self._database.transaction() as connection:
            done = await connection.execute(
                "UPDATE jobs SET progress = $2, leased_until = now() + make_interval(secs => $3) "
                "WHERE id = $1 AND state = 'running'",
                job_id,
                share,
                LEASE_S,
            )
        return bool(done == "UPDATE 1")

    async def finish(self, job_id: UUID, document_id: UUID) -> None:
        """The document is in the library."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE jobs SET state = 'done', progress = 1, document_id = $2, content = NULL "
                "WHERE id = $1",
                job_id,
                document_id,
            )

    async def fail(self, job_id: UUID, fault: Fault) -> None:
        """The document cannot be read, for good."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE jobs SET state = 'failed', content = NULL, fault_code = $2, "
                "fault_sentence = $3, fault_remedy = $4 WHERE id = $1 AND state = 'running'",
                job_id,
                fault.code,
                fault.sentence,
                fault.remedy,
            )

    async def retry(self, job_id: UUID) -> None:
        """Something else was at fault: the job goes back to the queue."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE jobs SET state = CASE WHEN attempts >= $2 THEN 'failed' ELSE 'queued' END, "
                "fault_sentence = 'The document could not be read after several tries.' "
                "WHERE id = $1 AND state = 'running'",
                job_id,
                MOST_ATTEMPTS,
            )

    async def cancel(self, job_id: UUID) -> None:
        """Nobody wants it any more; a worker that is at it sees so at its next report."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE jobs SET state = 'cancelled', content = NULL "
                "WHERE id = $1 AND state IN ('queued', 'running')",
                job_id,
            )

    async def get(self, job_id: UUID) -> Job:
        """Raises NotFound."""
        async with self._database.connection() as connection:
            row = await connection.fetchrow(
                f"SELECT {_COLUMNS} FROM jobs WHERE id = $1",
                job_id,
            )
        if row is None:
            raise NotFound("job.unknown", "There is no such job.")
        return _job(row)

    async def waiting(self) -> int:
        """How many jobs are queued or running."""
        async with self._database.connection() as connection:
            return int(
                await connection.fetchval(
                    "SELECT count(*) FROM jobs WHERE state IN ('queued', 'running')"
                )
            )


def _job(row: Any) -> Job:
    return Job(**dict(row))
