"""Uploads become documents through durable jobs, whatever happens to the server."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest

from rag.ingest import Ingest
from rag.library import Library, open_library
from storage.database import Database
from storage.documents import Documents
from storage.jobs import Job, Jobs
from tests.rag import files
from tests.rag.people import ADMIN, CLINICIAN

Open = Callable[..., AbstractAsyncContextManager[Library]]
PARTS = 400
LONG = "\n\n".join(
    f"## Drug {n}\n\nGive {n} mg of drug number {n} each morning; check the level after {n} days."
    for n in range(1, PARTS + 1)
).encode()


@pytest.fixture
def opened(database: Database, models: Path, tmp_path: Path) -> Open:
    (tmp_path / "models").symlink_to(models / "models")
    return partial(open_library, Documents(database), jobs=Jobs(database), data=tmp_path)


async def until(ingest: Ingest, job_id: UUID, done: Callable[[Job], bool]) -> Job:
    async with asyncio.timeout(60):
        while not done(job := await ingest.job(job_id)):  # noqa: ASYNC110
            await asyncio.sleep(0.05)  # its end may come in another process
    return job


def over(job: Job) -> bool:
    return job.state not in ("queued", "running")


def queue(library: Library) -> Ingest:
    assert library.ingest is not None
    return library.ingest


async def test_an_upload_is_answered_at_once_and_found_when_its_job_is_done(opened: Open) -> None:
    async with opened() as library:
        job_id = await queue(library).submit(
            b"Dantrolene is 2.5 mg/kg.", "d.txt", "text/plain", actor_id=ADMIN.id
        )
        job = await until(queue(library), job_id, over)
        assert (job.state, job.progress) == ("done", 1)
        assert job.document_id is not None
        assert (await library.document(job.document_id)).added_by == ADMIN.id
        assert not (await library.search("dantrolene", actor=CLINICIAN, deadline_s=10)).weak


async def test_a_file_that_cannot_be_read_fails_its_job_and_the_queue_goes_on(
    opened: Open, tmp_path: Path
) -> None:
    path = await asyncio.to_thread(files.encrypted_pdf, tmp_path / "e.pdf")
    content = await asyncio.to_thread(path.read_bytes)
    async with opened() as library:
        bad = await queue(library).submit(content, "e.pdf", "application/pdf", actor_id=None)
        good = await queue(library).submit(b"Good text.", "g.txt", "text/plain", actor_id=None)
        failed = await until(queue(library), bad, over)
        assert (failed.state, failed.fault_code) == ("failed", "library.encrypted")
        assert "e.pdf" in failed.fault_sentence
        assert failed.fault_remedy
        assert (await until(queue(library), good, over)).state == "done"


async def test_a_cancelled_job_leaves_nothing_behind(opened: Open) -> None:
    async with opened() as library:
        job_id = await queue(library).submit(LONG, "l.md", "text/markdown", actor_id=None)
        await until(queue(library), job_id, lambda job: job.progress > 0)
        await queue(library).cancel(job_id)
        after = await queue(library).submit(b"Next.", "n.txt", "text/plain", actor_id=None)
        await until(queue(library), after, over)
        assert (await queue(library).job(job_id)).state == "cancelled"
        assert await library.counts() == (1, 1)
        assert (await library.search("drug number 7", actor=CLINICIAN, deadline_s=10)).weak


async def test_questions_are_answered_while_a_long_document_is_taken_in(opened: Open) -> None:
    async with opened() as library:
        await library.add(b"Dantrolene is 2.5 mg/kg.", "d.txt", actor=ADMIN)
        job_id = await queue(library).submit(LONG, "l.md", "text/markdown", actor_id=None)
        await until(queue(library), job_id, lambda job: job.state == "running")
        answered = 0
        while not over(await queue(library).job(job_id)) and answered < 20:
            question = f"dantrolene dose, question {answered}"
            evidence = await library.search(question, actor=CLINICIAN, deadline_s=2)
            assert evidence.reason in ("", "below_threshold")
            answered += 1
        assert answered == 20
        await queue(library).cancel(job_id)


async def test_a_server_killed_midway_loses_and_doubles_nothing(
    opened: Open, database: Database, database_url: str, tmp_path: Path
) -> None:
    job_id = await Jobs(database).enqueue("l.md", "text/markdown", LONG, None)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.rag.ingesting_server", database_url, str(tmp_path))
    )
    jobs = Ingest(Jobs(database))
    try:
        await until(jobs, job_id, lambda job: 0 < job.progress < 1)
    finally:
        process.kill()
        await process.wait()
    assert (await jobs.job(job_id)).state == "running"
    assert await Documents(database).counts() == (0, 0)
    async with database.connection() as connection:
        # As if the worker had not reported for long.
        await connection.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'"
        )
    async with opened() as library:
        await library.ready()
        job = await until(queue(library), job_id, over)
        assert job.state == "done"
        documents, passages = await library.counts()
        assert documents == 1
        evidence = await library.search(
            "level of drug number 350", actor=CLINICIAN, limit=20, deadline_s=10
        )
        texts = [found.passage.text for found in evidence.found]
        assert len(texts) == len(set(texts)) == 20
        assert passages == PARTS
        assert dict(await library._index.counts()) == {job.document_id: PARTS}
