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

LEASE_S = 15.0
"""A worker that does not report for this long is taken for dead, in seconds."""
RETRY_S = 10.0
"""Wait before the second try, in seconds; twice that before the third."""
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
_GAVE_UP = (
    "state = 'failed', content = NULL, fault_code = 'ingest.gave_up', "
    "fault_sentence = 'The document could not be read after several tries.', "
    "fault_remedy = 'Check the file and add it again.'"
)


class Jobs:
    """The queue, for one worker: a job belongs to whoever claimed it last, so a worker that was
    thought dead and comes back can change nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._worker = uuid4()

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
        """The oldest job nobody works on, now leased to this worker; None when there is none.

        A job whose worker was lost `MOST_ATTEMPTS` times fails instead.
        """
        async with self._database.transaction() as connection:
            await connection.execute(
                f"UPDATE jobs SET {_GAVE_UP} "  # noqa: S608
                "WHERE state = 'running' AND leased_until < now() AND attempts >= $1",
                MOST_ATTEMPTS,
            )
            row = await connection.fetchrow(
                "UPDATE jobs SET state = 'running', attempts = attempts + 1, worker = $1, "
                "leased_until = now() + make_interval(secs => $2) WHERE id = ("
                "SELECT id FROM jobs WHERE (state = 'queued' "
                "AND (not_before IS NULL OR not_before <= now())) "
                "OR (state = 'running' AND leased_until < now()) "
                "ORDER BY created_at, id LIMIT 1 FOR UPDATE SKIP LOCKED) "
                f"RETURNING {_COLUMNS}",
                self._worker,
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
        """Report progress (0 to 1) and renew the lease; False when the job was cancelled, or is
        another worker's now."""
        return await self._own(
            job_id,
            "progress = $3, leased_until = now() + make_interval(secs => $4)",
            share,
            LEASE_S,
        )

    async def finish(self, job_id: UUID, document_id: UUID) -> None:
        """The document is in the library."""
        await self._own(
            job_id, "state = 'done', progress = 1, document_id = $3, content = NULL", document_id
        )

    async def fail(self, job_id: UUID, fault: Fault) -> None:
        """The document cannot be read, for good."""
        await self._own(
            job_id,
            "state = 'failed', content = NULL, fault_code = $3, fault_sentence = $4, "
            "fault_remedy = $5",
            fault.code,
            fault.sentence,
            fault.remedy,
        )

    async def retry(self, job_id: UUID) -> None:
        """Something else was at fault: the job goes back to the queue for a while; after
        `MOST_ATTEMPTS` it fails."""
        if not await self._own(job_id, _GAVE_UP, MOST_ATTEMPTS, only="AND attempts >= $3"):
            await self._own(
                job_id,
                "state = 'queued', not_before = now() + make_interval(secs => $3 * attempts)",
                RETRY_S,
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

    async def _own(
        self,
        job_id: UUID,
        change: str,
        *values: object,
        only: str = "",
    ) -> bool:
        """Change a job that is this worker's; False when it is not."""
        async with self._database.transaction() as connection:
            done = await connection.execute(
                f"UPDATE jobs SET {change} "  # noqa: S608
                f"WHERE id = $1 AND worker = $2 AND state = 'running' {only}",
                job_id,
                self._worker,
                *values,
            )
        return bool(done == "UPDATE 1")

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
