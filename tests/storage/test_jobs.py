"""A document waiting to be read survives whatever happens to the server that reads it."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import pytest

from storage.database import Database, open_pool
from storage.faults import Invalid, NotFound
from storage.jobs import MOST_ATTEMPTS, Job, Jobs


@pytest.fixture
def jobs(database: Database) -> Jobs:
    return Jobs(database)


async def _enqueued(jobs: Jobs, content: bytes = b"bytes") -> UUID:
    return await jobs.enqueue("dose.pdf", "application/pdf", content, None)


async def _claimed(jobs: Jobs) -> Job:
    job = await jobs.claim()
    assert job is not None
    return job


async def _time_passes(database: Database) -> None:
    """Nobody has reported for long, and waits are over."""
    async with database.transaction() as connection:
        await connection.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 day'"
        )
        await connection.execute(
            "UPDATE procrastinate_jobs SET scheduled_at = scheduled_at - interval '1 day'"
        )


async def test_a_job_is_done_from_its_bytes(database: Database, jobs: Jobs) -> None:
    content = bytes(range(256)) * 1000
    job_id, document_id = await _enqueued(jobs, content), uuid4()
    assert (await jobs.get(job_id)).state == "queued"
    job = await _claimed(jobs)
    assert (job.id, job.name, job.media_type, job.state) == (
        job_id,
        "dose.pdf",
        "application/pdf",
        "running",
    )
    assert await jobs.content(job_id) == content
    assert await jobs.progress(job_id, 0.5)
    assert (await jobs.get(job_id)).progress == 0.5
    await jobs.finish(job_id, document_id)
    done = await jobs.get(job_id)
    assert (done.state, done.progress, done.document_id) == ("done", 1.0, document_id)
    assert await jobs.waiting() == 0
    with pytest.raises(NotFound):
        await jobs.content(job_id)


async def test_jobs_come_in_order_and_each_to_one_worker(database_url: str) -> None:
    async with open_pool(database_url) as one, open_pool(database_url) as two:
        workers = [Jobs(pool) for pool in (one, two) * 6]
        ids = [await _enqueued(workers[0]) for _ in range(12)]
        claimed = await asyncio.gather(*(worker.claim() for worker in workers))
        assert sorted(job.id for job in claimed if job) == sorted(ids)
        assert await Jobs(one).claim() is None
        first, second = await _enqueued(workers[0]), await _enqueued(workers[0])
        assert [(await _claimed(Jobs(two))).id for _ in range(2)] == [first, second]


async def test_a_job_that_its_worker_dropped_is_taken_up_again(jobs: Jobs) -> None:
    job_id = await _enqueued(jobs)
    await _claimed(jobs)
    again = await _claimed(jobs)
    assert (again.id, again.attempts) == (job_id, 2)


async def test_a_job_whose_server_died_is_taken_up_by_another(
    database: Database, jobs: Jobs
) -> None:
    job_id, other = await _enqueued(jobs), Jobs(database)
    await _claimed(jobs)
    assert await other.claim() is None
    await _time_passes(database)
    assert (await _claimed(other)).id == job_id


async def test_a_server_thought_dead_that_comes_back_changes_nothing(
    database: Database, jobs: Jobs
) -> None:
    job_id, other = await _enqueued(jobs), Jobs(database)
    await _claimed(jobs)
    await _time_passes(database)
    await _claimed(other)
    assert not await jobs.progress(job_id, 0.9)
    await jobs.fail(job_id, Invalid("x", "X."))
    await jobs.retry(job_id)
    await jobs.finish(job_id, uuid4())
    assert (await jobs.get(job_id)).state == "running"
    document_id = uuid4()
    await other.finish(job_id, document_id)
    assert (await jobs.get(job_id)).document_id == document_id


async def test_a_report_renews_the_lease(database: Database, jobs: Jobs) -> None:
    job_id = await _enqueued(jobs)
    await _claimed(jobs)
    await _time_passes(database)
    assert await jobs.progress(job_id, 0.1)
    assert await Jobs(database).claim() is None


async def test_a_job_that_kills_every_server_is_given_up(database: Database, jobs: Jobs) -> None:
    job_id = await _enqueued(jobs)
    for attempt in range(MOST_ATTEMPTS):
        assert (await _claimed(jobs)).attempts == attempt + 1
        await _time_passes(database)
    assert await jobs.claim() is None
    failed = await jobs.get(job_id)
    assert (failed.state, failed.fault_code) == ("failed", "ingest.gave_up")
    assert failed.fault_sentence
    with pytest.raises(NotFound):
        await jobs.content(job_id)


async def test_a_job_put_back_waits_and_is_given_up_in_the_end(
    database: Database, jobs: Jobs
) -> None:
    job_id = await _enqueued(jobs)
    for _ in range(MOST_ATTEMPTS):
        assert (await _claimed(jobs)).id == job_id
        await jobs.retry(job_id)
        assert await jobs.claim() is None
        await _time_passes(database)
    assert (await jobs.get(job_id)).state == "failed"


async def test_a_job_that_cannot_be_done_says_why(jobs: Jobs) -> None:
    job_id = await _enqueued(jobs)
    await _claimed(jobs)
    await jobs.fail(job_id, Invalid("pdf.encrypted", "It is locked.", remedy="Unlock it."))
    job = await jobs.get(job_id)
    assert (job.state, job.fault_code, job.fault_sentence, job.fault_remedy) == (
        "failed",
        "pdf.encrypted",
        "It is locked.",
        "Unlock it.",
    )


@pytest.mark.parametrize("running", [False, True])
async def test_a_cancelled_job_stops_and_is_not_done(jobs: Jobs, running: bool) -> None:
    job_id = await _enqueued(jobs)
    if running:
        await _claimed(jobs)
    await jobs.cancel(job_id)
    assert await jobs.claim() is None
    assert not await jobs.progress(job_id, 0.5)
    await jobs.finish(job_id, uuid4())
    assert (await jobs.get(job_id)).state == "cancelled"
    with pytest.raises(NotFound):
        await jobs.content(job_id)


async def test_a_job_that_is_over_cannot_be_cancelled(jobs: Jobs) -> None:
    job_id = await _enqueued(jobs)
    await _claimed(jobs)
    await jobs.finish(job_id, uuid4())
    await jobs.cancel(job_id)
    assert (await jobs.get(job_id)).state == "done"


async def test_an_unknown_job_is_not_found(jobs: Jobs) -> None:
    with pytest.raises(NotFound):
        await jobs.get(uuid4())
