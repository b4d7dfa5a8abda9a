"""Documents waiting to be read into the library: a durable queue in PostgreSQL.

procrastinate keeps the queue: who works on what, whose worker was lost, what is tried when. Our
own table keeps what people see, and the uploaded bytes, which wait with their job and are let go
when it is over. Both change in one transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from procrastinate.jobs import Job as QueuedJob
from procrastinate.jobs import Status
from procrastinate.manager import JobManager

from storage.database import Database
from storage.faults import Fault, NotFound
from storage.queue_connector import ConnectionConnector

LEASE_S = 15.0
"""A worker that does not report for this long is taken for dead, in seconds."""
RETRY_S = 10.0
"""Wait before the second try, in seconds; twice that before the third."""
MOST_ATTEMPTS = 3
_QUEUE = "ingest"
_FORGOTTEN_S = 24 * 3600
_ONE_AT_A_TIME = 7_301_965
"""Advisory lock under which the jobs of lost workers are put back."""


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
_GAVE_UP = Fault(
    "ingest.gave_up",
    "The document could not be read after several tries.",
    remedy="Check the file and add it again.",
)


class Jobs:
    """The queue, for one worker that does one job at a time. A job belongs to whoever claimed it
    last, so a worker that was thought dead and comes back can change nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._worker: int | None = None

    async def enqueue(
        self, name: str, media_type: str, content: bytes, actor_id: UUID | None
    ) -> UUID:
        """Keep a document to be read; returns the job's id once it is durable."""
        job_id = uuid4()
        async with self._database.transaction() as connection:
            queued = await _queue(connection).defer_job_async(
                QueuedJob(
                    queue=_QUEUE,
                    lock=None,
                    queueing_lock=None,
                    task_name=_QUEUE,
                    task_kwargs={"job": str(job_id)},
                )
            )
            await connection.execute(
                "INSERT INTO jobs (id, name, media_type, content, actor_id, queue_id) "
                "VALUES ($1, $2, $3, $4, $5, $6)",
                job_id,
                name,
                media_type,
                content,
                actor_id,
                queued.id,
            )
        return job_id

    async def claim(self) -> Job | None:
        """The oldest job nobody works on, now this worker's; None when there is none.

        The job that this worker had before, if it is not over, was dropped and waits again. A job
        that was dropped, or whose worker was lost, `MOST_ATTEMPTS` times fails instead.
        """
        async with self._database.transaction() as connection:
            queue = _queue(connection)
            await connection.execute("SELECT pg_advisory_xact_lock($1)", _ONE_AT_A_TIME)
            worker = await self._at_work(connection, queue)
            await _put_back(connection, queue, worker)
            queued = await queue.fetch_job([_QUEUE], worker)
            if queued is None:
                return None
            row = await connection.fetchrow(
                "UPDATE jobs SET state = 'running', attempts = attempts + 1 "
                f"WHERE queue_id = $1 RETURNING {_COLUMNS}",
                queued.id,
            )
        return _job(row)

    async def content(self, job_id: UUID) -> bytes:
        """The uploaded bytes. Raises NotFound when the job is over."""
        async with self._database.connection() as connection:
            content = await connection.fetchval("SELECT content FROM jobs WHERE id = $1", job_id)
        if content is None:
            raise NotFound("job.unknown", "There is no such job.")
        return bytes(content)

    async def progress(self, job_id: UUID, share: float) -> bool:
        """Report progress (0 to 1), and that this worker lives; False when the job was cancelled,
        or is another worker's now."""
        async with self._database.transaction() as connection:
            queue = _queue(connection)
            queued = await self._own(connection, queue, job_id)
            if queued is None:
                return False
            await self._at_work(connection, queue)
            if queued.abort_requested:
                await queue.finish_job(queued, Status.ABORTED, delete_job=True)
                return False
            await connection.execute("UPDATE jobs SET progress = $2 WHERE id = $1", job_id, share)
        return True

    async def finish(self, job_id: UUID, document_id: UUID) -> bool:
        """The document is in the library; False when the job was cancelled, or is another's now."""
        async with self._database.transaction() as connection:
            queue = _queue(connection)
            queued = await self._own(connection, queue, job_id)
            if queued is None:
                return False
            await queue.finish_job(queued, Status.SUCCEEDED, delete_job=True)
            done = await connection.execute(
                "UPDATE jobs SET state = 'done', progress = 1, document_id = $2, content = NULL "
                "WHERE id = $1 AND state = 'running'",
                job_id,
                document_id,
            )
        return bool(done == "UPDATE 1")

    async def fail(self, job_id: UUID, fault: Fault) -> None:
        """The document cannot be read, for good."""
        async with self._database.transaction() as connection:
            queue = _queue(connection)
            queued = await self._own(connection, queue, job_id)
            if queued is not None:
                await _fail(connection, queue, queued, fault)

    async def retry(self, job_id: UUID) -> None:
        """Something else was at fault: the job goes back to the queue for a while; after
        `MOST_ATTEMPTS` it fails."""
        async with self._database.transaction() as connection:
            queue = _queue(connection)
            queued = await self._own(connection, queue, job_id)
            if queued is not None:
                wait = timedelta(seconds=RETRY_S * (queued.attempts + 1))
                await _again(connection, queue, queued, wait)

    async def cancel(self, job_id: UUID) -> None:
        """Nobody wants it any more; a worker that is at it sees so at its next report."""
        async with self._database.transaction() as connection:
            queue_id = await connection.fetchval(
                "UPDATE jobs SET state = 'cancelled', content = NULL "
                "WHERE id = $1 AND state IN ('queued', 'running') RETURNING queue_id",
                job_id,
            )
            if queue_id is not None:
                await _queue(connection).cancel_job_by_id_async(
                    queue_id, abort=True, delete_job=True
                )

    async def get(self, job_id: UUID) -> Job:
        """Raises NotFound."""
        async with self._database.connection() as connection:
            row = await connection.fetchrow(
                f"SELECT {_COLUMNS} FROM jobs WHERE id = $1",  # noqa: S608
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

    async def _at_work(self, connection: Any, queue: JobManager) -> int:
        """This worker's number, its sign of life renewed."""
        known = self._worker is not None and await connection.fetchval(
            "SELECT true FROM procrastinate_workers WHERE id = $1 FOR UPDATE", self._worker
        )
        if self._worker is None or not known:
            await queue.prune_stalled_workers(_FORGOTTEN_S)
            self._worker = await queue.register_worker()
        await queue.update_heartbeat(self._worker)
        return self._worker

    async def _own(self, connection: Any, queue: JobManager, job_id: UUID) -> QueuedJob | None:
        """The job in the queue, held for this transaction, if this worker has it."""
        queue_id = await connection.fetchval(
            "SELECT q.id FROM procrastinate_jobs q JOIN jobs j ON j.queue_id = q.id "
            "WHERE j.id = $1 AND q.status = 'doing' AND q.worker_id = $2 FOR UPDATE OF q",
            job_id,
            self._worker,
        )
        if queue_id is None:
            return None
        return next(iter(await queue.list_jobs_async(id=queue_id)))


def _queue(connection: Any) -> JobManager:
    return JobManager(ConnectionConnector(connection))


async def _put_back(connection: Any, queue: JobManager, worker: int) -> None:
    """Jobs of lost workers, and one that this worker dropped, wait again or are given up."""
    lost = await queue.get_stalled_jobs(queue=_QUEUE, seconds_since_heartbeat=LEASE_S)
    dropped = await queue.list_jobs_async(queue=_QUEUE, status="doing", worker_id=worker)
    for queued in (*lost, *dropped):
        if queued.abort_requested:
            await queue.finish_job(queued, Status.ABORTED, delete_job=True)
        else:
            await _again(connection, queue, queued, timedelta(0))


async def _again(connection: Any, queue: JobManager, queued: QueuedJob, wait: timedelta) -> None:
    if queued.attempts + 1 >= MOST_ATTEMPTS:
        await _fail(connection, queue, queued, _GAVE_UP)
        return
    now = await connection.fetchval("SELECT now()")  # of the clock that the queue goes by
    await queue.retry_job(queued, retry_at=now + wait)
    await connection.execute("UPDATE jobs SET state = 'queued' WHERE queue_id = $1", queued.id)


async def _fail(connection: Any, queue: JobManager, queued: QueuedJob, fault: Fault) -> None:
    await queue.finish_job(queued, Status.FAILED, delete_job=True)
    await connection.execute(
        "UPDATE jobs SET state = 'failed', content = NULL, fault_code = $2, fault_sentence = $3, "
        "fault_remedy = $4 WHERE queue_id = $1 AND state = 'running'",
        queued.id,
        fault.code,
        fault.sentence,
        fault.remedy,
    )


def _job(row: Any) -> Job:
    return Job(**dict(row))
