"""Whether the server is up, and what it runs on."""

from __future__ import annotations

import asyncio
from typing import Annotated, Literal

import psutil
from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from storage.records import Person
from voice_server.auth.permissions import may

router = APIRouter(prefix="/api", tags=["health"])


class Health(BaseModel):
    """`degraded`: up, and something it needs does not answer."""

    status: Literal["ok", "degraded"]


class Engine(BaseModel):
    """What one seam runs on; `remedy` says how to get the real thing when it is a fallback."""

    seam: str
    engine: str
    fallback: bool
    remedy: str


class LibrarySize(BaseModel):
    """How much there is to find, and whether more is being read."""

    documents: int
    passages: int
    indexing: bool


class Notice(BaseModel):
    """A sentence people should see before they talk."""

    code: str
    text: str


class Status(BaseModel):
    """What the page shows about the server."""

    engines: list[Engine]
    library: LibrarySize
    notices: list[Notice]
    calls: int


class Hits(BaseModel):
    """How often something asked for was kept already."""

    hits: int
    misses: int


class Process(BaseModel):
    """What the server's process holds; after a call it is what it was before."""

    calls: int
    tasks: int = Field(description="asyncio tasks")
    threads: int
    open_files: int
    memory_mb: float = Field(description="resident memory")
    caches: dict[str, Hits] = Field(description="how often what was looked for was kept already")


@router.get("/health")
async def health(request: Request) -> Health:
    """Open to all: for load balancers and health checks."""
    up = await request.app.state.stores.answering()
    return Health(status="ok" if up else "degraded")


@router.get("/status")
async def status(request: Request, person: Annotated[Person, Depends(may("calls:make"))]) -> Status:
    """What is running on what."""
    assembly = request.app.state.assembly
    documents, passages = await assembly.stores.documents.counts()
    notices = []
    if documents == 0:
        notices.append(
            Notice(
                code="library.empty",
                text="The library is empty. Ask an administrator to add documents.",
            )
        )
    for engine in assembly.status:
        if engine.fallback and engine.seam == "hearing":
            notices.append(
                Notice(
                    code="hearing.basic",
                    text="A basic recogniser is listening. Please check what was heard.",
                )
            )
    return Status(
        engines=[
            Engine(seam=one.seam, engine=one.engine, fallback=one.fallback, remedy=one.remedy)
            for one in assembly.status
        ],
        library=LibrarySize(
            documents=documents, passages=passages, indexing=assembly.library.indexing
        ),
        notices=notices,
        calls=len(assembly.switchboard),
    )


@router.get("/status/process")
async def process(
    request: Request, person: Annotated[Person, Depends(may("server:watch"))]
) -> Process:
    """What the server's process holds at the moment, for whoever looks after it."""
    assembly = request.app.state.assembly
    caches = {
        name: Hits(hits=rate.hits, misses=rate.misses)
        for name, rate in assembly.library.cache_rates().items()
    }
    tasks = len(asyncio.all_tasks())
    return await asyncio.to_thread(_process, len(assembly.switchboard), tasks, caches)


def _process(calls: int, tasks: int, caches: dict[str, Hits]) -> Process:
    own = psutil.Process()
    with own.oneshot():
        return Process(
            calls=calls,
            tasks=tasks,
            threads=own.num_threads(),
            open_files=own.num_fds(),
            memory_mb=round(own.memory_info().rss / 1e6, 1),
            caches=caches,
        )
