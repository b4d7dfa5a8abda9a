"""The library as the command line sees it: that of a running server, through its API, or, when
none runs on the data folder, the library itself."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

import httpx

from rag.library import Library, open_library
from storage.database import open_database
from storage.documents import Documents
from storage.faults import Fault, Invalid, NotSignedIn, Unavailable
from storage.records import Document, Person, Role
from voice_server.settings import Settings

LOOK_EVERY_S = 0.3
SEARCH_DEADLINE_S = 5.0
UPLOAD_TIMEOUT_S = 600.0

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Row:
    """A document in a list."""

    id: UUID
    title: str
    edition: str
    passages: int
    superseded: bool
    sample: bool


@dataclass(frozen=True, slots=True)
class Match:
    """A passage that was found."""

    passage_id: UUID
    document_id: UUID
    title: str
    section: str
    page: int | None
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Matches:
    """What a search found, best first; `weak` when nothing answers."""

    found: tuple[Match, ...]
    weak: bool
    reason: str


class Shelf(Protocol):
    """What the commands need of a library. Every method raises a Fault that can be shown."""

    async def add(self, path: Path, on_progress: Progress) -> None:
        """Take a file in; returns when it can be found."""

    async def list(self) -> list[Row]:
        """Every document, by title."""

    async def remove(self, document_id: UUID) -> None:
        """Take a document out."""

    async def search(self, question: str, limit: int) -> Matches:
        """Passages that answer a question."""


@asynccontextmanager
async def open_shelf(
    settings: Settings, *, url: str, email: str, password: str
) -> AsyncIterator[Shelf]:
    """The running server's library at `url` ('' is where the settings put it), else one's own.

    Raises NotSignedIn when the server does not know the person, Conflict when another process holds
    the data folder and no server answers.
    """
    address = url or server_address(settings)
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(
            httpx.AsyncClient(base_url=address, timeout=30.0, trust_env=False)
        )
        if await _answers(client):
            yield await _signed_in(client, email, password)
        elif url:
            raise Unavailable(
                "server.down", f"No server answers at {url}.", remedy="Start it, or check --url."
            )
        else:
            database = await stack.enter_async_context(
                open_database(settings.database.url, settings.data)
            )
            library = await stack.enter_async_context(
                open_library(
                    Documents(database),
                    data=settings.data,
                    vectors_url=settings.vectors.url,
                    vectors_key=settings.vectors.api_key.get_secret_value(),
                    embedder_url=settings.embedder.url,
                    embedder_model=settings.embedder.model,
                    embedder_key=settings.embedder.api_key.get_secret_value(),
                )
            )
            yield OwnShelf(library)


class OwnShelf:
    """Implements `Shelf` on a library that this process opened."""

    def __init__(self, library: Library) -> None:
        self._library = library

    async def add(self, path: Path, on_progress: Progress) -> None:
        await self._library.add(path, path.name, actor=None, on_progress=on_progress)

    async def list(self) -> list[Row]:
        counts = await self._library.passage_counts()
        return [_row(one, counts.get(one.id, 0)) for one in await self._library.documents()]

    async def remove(self, document_id: UUID) -> None:
        await self._library.remove(document_id, actor=None)

    async def search(self, question: str, limit: int) -> Matches:
        await self._library.ready()
        evidence = await self._library.search(
            question, actor=_OPERATOR, limit=limit, deadline_s=SEARCH_DEADLINE_S
        )
        found = tuple(
            Match(
                one.passage.id,
                one.passage.document_id,
                one.title,
                " › ".join(one.passage.section),
                one.passage.page,
                one.passage.text,
                one.score,
            )
            for one in evidence.found
        )
        return Matches(found, evidence.weak, evidence.reason)


class ServerShelf:
    """Implements `Shelf` through a running server's API."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def add(self, path: Path, on_progress: Progress) -> None:
        content = await asyncio.to_thread(path.read_bytes)
        sent = await self._ask(
            "POST",
            "/api/library/documents",
            files={"file": (path.name, content, "application/octet-stream")},
        )
        while True:
            job = await self._ask("GET", f"/api/library/jobs/{sent['job_id']}")
            on_progress(job["progress"])
            if job["state"] == "done":
                return
            if job["state"] in ("failed", "cancelled"):
                fault = job["fault"] or {}
                raise Invalid(
                    fault.get("code", "job.cancelled"),
                    fault.get("sentence", f"Adding {path.name} was cancelled."),
                    remedy=fault.get("remedy", ""),
                )
            await asyncio.sleep(LOOK_EVERY_S)

    async def list(self) -> list[Row]:
        said = await self._ask("GET", "/api/library/documents")
        return [
            Row(
                UUID(one["id"]),
                one["title"],
                one["edition"] or str(one["year"] or ""),
                one["passages"],
                one["superseded_by"] is not None,
                one["sample"],
            )
            for one in said["documents"]
        ]

    async def remove(self, document_id: UUID) -> None:
        await self._ask("DELETE", f"/api/library/documents/{document_id}")

    async def search(self, question: str, limit: int) -> Matches:
        said = await self._ask(
            "GET", "/api/library/search", params={"q": question, "limit": str(limit)}
        )
        found = tuple(
            Match(
                UUID(one["passage_id"]),
                UUID(one["document_id"]),
                one["title"],
                " › ".join(one["section"]),
                one["page"],
                one["text"],
                one["score"],
            )
            for one in said["found"]
        )
        return Matches(found, said["weak"], said["reason"])

    async def _ask(self, method: str, path: str, **request: Any) -> Any:
        try:
            answer = await self._client.request(method, path, **request, timeout=UPLOAD_TIMEOUT_S)
            said = answer.json() if answer.content else {}
        except (httpx.HTTPError, json.JSONDecodeError) as error:
            raise Unavailable("server.down", "The server does not answer.") from error
        if answer.is_success:
            return said
        fault = Fault(
            said.get("code", "server.error"),
            said.get("sentence", "The server refused the request."),
            remedy=said.get("remedy", ""),
            field=said.get("field", ""),
        )
        fault.status = answer.status_code
        raise fault


async def _answers(client: httpx.AsyncClient) -> bool:
    try:
        # Whoever is not signed in is told so by our server and by no other.
        answer = await client.get("/api/session", timeout=2.0)
        return answer.status_code == 401 and "code" in answer.text
    except httpx.HTTPError:
        return False


async def _signed_in(client: httpx.AsyncClient, email: str, password: str) -> ServerShelf:
    if not password:
        raise NotSignedIn(
            "library.password",
            "A server is running, and it asks who you are.",
            remedy="Set LIBRARY_PASSWORD, or use --password.",
        )
    shelf = ServerShelf(client)
    said = await shelf._ask("POST", "/api/session", json={"email": email, "password": password})
    client.headers["Authorization"] = f"Bearer {said['access_token']}"
    return shelf


def server_address(settings: Settings) -> str:
    """Where the settings put the server, as this machine reaches it."""
    if settings.http.public_url:
        return settings.http.public_url
    host = settings.http.host
    local = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104
    return f"http://{f'[{local}]' if ':' in local else local}:{settings.http.port}"


def _row(one: Document, passages: int) -> Row:
    edition = one.edition or str(one.year or "")
    return Row(one.id, one.title, edition, passages, one.superseded_by is not None, one.sample)


_OPERATOR = Person(UUID(int=0), "", "operator", Role.ADMIN, False, datetime.min)
"""Whoever may open the data folder searches it as an admin does."""
