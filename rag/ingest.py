"""Uploaded documents on their way into the library: durable jobs, one at a time, in the background.

A job outlives the server: what was interrupted is taken up again, and because a document appears
whole or not at all, nothing is lost and nothing doubled.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from uuid import UUID

from rag.background import in_background
from storage.faults import Fault, Invalid, NotFound, Unavailable
from storage.jobs import Job, Jobs
from storage.records import Document

POLL_S = 5.0
"""How often jobs of other servers, or given up by them, are looked for, in seconds."""

REPORT_S = 1.0
"""How often a running job reports and asks whether it is still wanted, in seconds."""

Add = Callable[[bytes, str, str, UUID | None, Callable[[float], None]], Awaitable[Document]]
"""(content, name, media type, who added it, progress) → the document in the library."""


class Ingest:
    """Takes documents in. `submit` returns at once; the work is done in the background."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self._wake = asyncio.Event()
        self._working: dict[UUID, asyncio.Task[Document | Fault]] = {}

    async def submit(
        self, content: bytes, name: str, media_type: str, *, actor_id: UUID | None
    ) -> UUID:
        """The id of the job, once it is durable."""
        job_id = await self._jobs.enqueue(name, media_type, content, actor_id)
        self._wake.set()
        return job_id

    async def job(self, job_id: UUID) -> Job:
        """How a job stands. Raises NotFound."""
        return await self._jobs.get(job_id)

    async def cancel(self, job_id: UUID) -> None:
        """Give a job up; what it has done is undone. Over already: nothing happens."""
        await self._jobs.cancel(job_id)
        if work := self._working.get(job_id):
            work.cancel()  # Another server's worker sees it at its next report.

    async def work(self, add: Add) -> None:
        """Do job after job until cancelled."""
        while True:
            self._wake.clear()
            try:
                job = await self._jobs.claim()
            except Unavailable:
                job = None
            if job is not None:
                with suppress(Fault):
                    await self._do(job, add)
                continue
            with suppress(TimeoutError):
                async with asyncio.timeout(POLL_S):
                    await self._wake.wait()

    async def _do(self, job: Job, add: Add) -> None:
        share = 0.0

        def on_progress(now: float) -> None:
            nonlocal share
            share = now

        try:
            content = await self._jobs.content(job.id)
        except NotFound:
            return  # It was cancelled in between.
        async with asyncio.TaskGroup() as group:
            work = group.create_task(
                self._outcome(add(content, job.name, job.media_type, job.actor_id, on_progress))
            )
            self._working[job.id] = work
            watch = group.create_task(self._watch(job.id, work, lambda: share))
            await asyncio.wait([work])
            del self._working[job.id]
            watch.cancel()
        if work.cancelled():
            await self._jobs.progress(job.id, share)  # The queue learns that it was let go.
            return
        outcome = work.result()
        if isinstance(outcome, Document):
            await self._jobs.finish(job.id, outcome.id)
        elif isinstance(outcome, Unavailable):
            await self._jobs.retry(job.id)
        else:
            await self._jobs.fail(job.id, outcome)

    async def _outcome(self, adding: Awaitable[Document]) -> Document | Fault:
        try:
            return await adding
        except Fault as fault:
            return fault
        except Exception:  # A file may break its reader in ways nobody foresaw: the queue goes on.
            return Invalid(
                "library.unreadable",
                "The document could not be read.",
                remedy="Save it in another format and add it again.",
            )

    async def _watch(
        self, job_id: UUID, work: asyncio.Task[Document | Fault], share: Callable[[], float]
    ) -> None:
        """Report progress and keep the lease; stop the work when nobody wants it any more."""
        while True:
            await asyncio.sleep(REPORT_S)
            with suppress(Unavailable):
                if not await self._jobs.progress(job_id, share()):
                    work.cancel()
                    return


@asynccontextmanager
async def open_ingest(jobs: Jobs, add: Add) -> AsyncIterator[Ingest]:
    """The queue with its worker running; a job unfinished at the end is left for the next start."""
    ingest = Ingest(jobs)
    async with in_background(ingest.work(add), "library-ingest"):
        yield ingest
