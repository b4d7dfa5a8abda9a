"""The library's documents: read by everyone, changed by admins; only translates."""

from __future__ import annotations

from datetime import datetime
from pathlib import PurePath
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel
from starlette.datastructures import UploadFile
from starlette.types import Message

from rag.evidence import Reason
from rag.library import Library
from rag.loading import media_type_of
from storage.faults import Invalid, NotFound, Unavailable
from storage.jobs import Job
from storage.records import Document, Passage, Person
from voice_server.api.dependencies import Stores, open_stores
from voice_server.auth.permissions import may

router = APIRouter(prefix="/api/library", tags=["library"])

SEARCH_DEADLINE_S = 2.0
UPLOAD_LIMIT_BYTES = 100 * 1024 * 1024
"""Unless `app.state.upload_limit_bytes` says otherwise."""

MULTIPART_ROOM_BYTES = 64 * 1024
"""What a form needs around its file."""


async def open_shelf(request: Request) -> Library:
    """The library of the application that serves this request."""
    library: Library = request.app.state.library
    return library


Reader = Annotated[Person, Depends(may("library:read"))]
Admin = Annotated[Person, Depends(may("library:write"))]
Shelf = Annotated[Library, Depends(open_shelf)]
Open = Annotated[Stores, Depends(open_stores)]


class AboutDocument(BaseModel):
    """What is known of a document."""

    id: UUID
    title: str
    source: str
    edition: str
    year: int | None
    media_type: str
    size_bytes: int
    pages: int | None
    superseded_by: UUID | None
    sample: bool
    added_at: datetime


class DocumentRow(AboutDocument):
    """A document; `passages` is how many it has."""

    passages: int


class Documents(BaseModel):
    """Every document that the caller may read, by title."""

    documents: list[DocumentRow]


class PassageRow(BaseModel):
    """A passage; `section` are the headings above it, `page` counts from 1."""

    id: UUID
    ordinal: int
    section: list[str]
    page: int | None
    text: str


class DocumentText(AboutDocument):
    """A document with its whole text."""

    passages: list[PassageRow]


class FoundRow(BaseModel):
    """A passage that was found; `score` is comparable within one answer."""

    passage_id: UUID
    document_id: UUID
    title: str
    section: list[str]
    page: int | None
    text: str
    score: float


class Results(BaseModel):
    """What was found, best first. `weak`: nothing here answers the question; `reason` says why."""

    query: str
    weak: bool
    reason: Reason
    took_ms: float
    found: list[FoundRow]


class Accepted(BaseModel):
    """The job that reads the upload."""

    job_id: UUID


class JobFault(BaseModel):
    """Why a job failed and what to do."""

    code: str
    sentence: str
    remedy: str


class JobRow(BaseModel):
    """How a job stands; `progress` is between 0 and 1."""

    id: UUID
    state: str
    progress: float
    document_id: UUID | None
    fault: JobFault | None


@router.get("/documents")
async def documents(library: Shelf, reader: Reader) -> Documents:
    """The library's documents."""
    counts = await library.passage_counts()
    return Documents(
        documents=[
            DocumentRow(**_about(one), passages=counts.get(one.id, 0))
            for one in await library.documents(actor=reader)
        ]
    )


@router.post(
    "/documents",
    status_code=202,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "multipart/form-data": {
                    "schema": {
                        "type": "object",
                        "required": ["file"],
                        "properties": {"file": {"type": "string", "format": "binary"}},
                    }
                }
            },
        }
    },
)
async def upload(request: Request, library: Shelf, stores: Open, admin: Admin) -> Accepted:
    """Take a document in; it is read in the background."""
    limit = int(getattr(request.app.state, "upload_limit_bytes", UPLOAD_LIMIT_BYTES))
    async with _within(request, limit).form(max_files=1) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            raise Invalid(
                "upload.no_file",
                "No file came with the request.",
                field="file",
                remedy="Send the document as the form's part `file`.",
            )
        name = PurePath(file.filename).name
        content = await file.read()
    if len(content) > limit:
        raise _too_large(limit)
    media_type = media_type_of(name, content[:16])
    if library.ingest is None:
        raise Unavailable("library.no_ingest", "This server takes no documents in.")
    job_id = await library.ingest.submit(content, name, media_type, actor_id=admin.id)
    await stores.audit.record(admin, "library.add", name, {"job": str(job_id)})
    return Accepted(job_id=job_id)


@router.get("/documents/{document_id}")
async def document(document_id: UUID, library: Shelf, reader: Reader) -> DocumentText:
    """One document with its text."""
    one = await library.document(document_id, actor=reader)
    passages = await library.passages(document_id, actor=reader)
    return DocumentText(**_about(one), passages=[_passage(passage) for passage in passages])


@router.delete("/documents/{document_id}", status_code=204)
async def remove(document_id: UUID, library: Shelf, stores: Open, admin: Admin) -> None:
    """Take a document out of the library; citations in past calls stay."""
    one = await library.document(document_id, actor=admin)
    await library.remove(document_id, actor=admin)
    await stores.audit.record(admin, "library.remove", str(document_id), {"title": one.title})


@router.get("/jobs/{job_id}")
async def job(job_id: UUID, library: Shelf, _: Admin) -> JobRow:
    """How an upload stands."""
    if library.ingest is None:
        raise NotFound("job.unknown", "There is no such job.")
    return _job(await library.ingest.job(job_id))


@router.delete("/jobs/{job_id}", status_code=204)
async def cancel(job_id: UUID, library: Shelf, _: Admin) -> None:
    """Give an upload up; once it is in the library nothing happens."""
    if library.ingest is None:
        raise NotFound("job.unknown", "There is no such job.")
    await library.ingest.job(job_id)
    await library.ingest.cancel(job_id)


@router.get("/search")
async def search(
    library: Shelf,
    reader: Reader,
    q: Annotated[str, Query(min_length=1, max_length=1000)],
    limit: Annotated[int, Query(ge=1, le=20)] = 5,
) -> Results:
    """Passages that answer a question."""
    evidence = await library.search(q, actor=reader, limit=limit, deadline_s=SEARCH_DEADLINE_S)
    return Results(
        query=q,
        weak=evidence.weak,
        reason=evidence.reason,
        took_ms=evidence.took_ms,
        found=[
            FoundRow(
                passage_id=found.passage.id,
                document_id=found.passage.document_id,
                title=found.title,
                section=list(found.passage.section),
                page=found.passage.page,
                text=found.passage.text,
                score=found.score,
            )
            for found in evidence.found
        ],
    )


def _within(request: Request, limit: int) -> Request:
    """The request, its body refused as soon as it is longer than `limit`; files go to disk."""
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > limit + MULTIPART_ROOM_BYTES:
        raise _too_large(limit)
    received = 0

    async def receive() -> Message:
        nonlocal received
        message = await request.receive()
        received += len(message.get("body", b""))
        if received > limit + MULTIPART_ROOM_BYTES:
            raise _too_large(limit)
        return message

    return Request(request.scope, receive)


def _too_large(limit: int) -> Invalid:
    fault = Invalid(
        "upload.too_large",
        f"The file is larger than {limit // 1024 // 1024} MB.",
        field="file",
        remedy="Split it and add the parts, or raise VOICE_HTTP__UPLOAD_LIMIT_MB.",
    )
    fault.status = 413
    return fault


def _about(one: Document) -> dict[str, Any]:
    return {name: getattr(one, name) for name in AboutDocument.model_fields}


def _passage(passage: Passage) -> PassageRow:
    return PassageRow(
        id=passage.id,
        ordinal=passage.ordinal,
        section=list(passage.section),
        page=passage.page,
        text=passage.text,
    )


def _job(one: Job) -> JobRow:
    fault = None
    if one.state == "failed":
        fault = JobFault(
            code=one.fault_code or "job.failed",
            sentence=one.fault_sentence or "This document could not be added.",
            remedy=one.fault_remedy or "Try again.",
        )
    return JobRow(
        id=one.id,
        state=one.state,
        progress=one.progress,
        document_id=one.document_id,
        fault=fault,
    )
