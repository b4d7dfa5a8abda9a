"""The library over HTTP, signed in, as the page and the command line use it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from uvicorn import Config, Server

from rag.library import Library, open_library
from storage.faults import Fault, NotSignedIn
from storage.records import Person
from tests.fixtures_storage import PASSWORD, token_for
from tests.rag import files
from voice_server.api import library as library_api
from voice_server.api import session
from voice_server.api.dependencies import Stores
from voice_server.api.errors import install_errors
from voice_server.library_shelf import open_shelf
from voice_server.settings import Http, Settings

LIMIT = 3 * 1024 * 1024
TEXT = b"# Anaphylaxis\n\n## Dose\n\nGive adrenaline 500 mcg intramuscularly at once."


@pytest.fixture
async def library(stores: Stores, models: Path, tmp_path: Path) -> AsyncIterator[Library]:
    (tmp_path / "models").symlink_to(models / "models")
    async with open_library(stores.documents, jobs=stores.jobs, data=tmp_path) as opened:
        yield opened


@pytest.fixture
def app(library: Library, stores: Stores) -> FastAPI:
    app = FastAPI()
    app.state.stores, app.state.library = stores, library
    app.state.upload_limit_bytes = LIMIT
    install_errors(app)
    app.include_router(library_api.router)
    app.include_router(session.router)
    return app


async def client(app: FastAPI, stores: Stores, person: Person) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://test",
        headers={"Authorization": f"Bearer {await token_for(stores, person)}"},
    )


@pytest.fixture
async def as_admin(app: FastAPI, stores: Stores, admin: Person) -> AsyncIterator[httpx.AsyncClient]:
    async with await client(app, stores, admin) as one:
        yield one


@pytest.fixture
async def as_clinician(
    app: FastAPI, stores: Stores, clinician: Person
) -> AsyncIterator[httpx.AsyncClient]:
    async with await client(app, stores, clinician) as one:
        yield one


async def take_in(http: httpx.AsyncClient, content: bytes, name: str) -> Any:
    """The job of an upload, when it is over."""
    sent = await http.post("/api/library/documents", files={"file": (name, content)})
    assert sent.status_code == 202, sent.text
    async with asyncio.timeout(30):
        while True:
            job = (await http.get(f"/api/library/jobs/{sent.json()['job_id']}")).json()
            if job["state"] not in ("queued", "running"):
                return job
            await asyncio.sleep(0.05)  # as the page does


async def test_an_upload_can_be_followed_read_found_and_removed(
    as_admin: httpx.AsyncClient, as_clinician: httpx.AsyncClient, stores: Stores
) -> None:
    job = await take_in(as_admin, TEXT, "anaphylaxis.md")
    assert (job["state"], job["progress"], job["fault"]) == ("done", 1, None)
    address = f"/api/library/documents/{job['document_id']}"

    listed = (await as_clinician.get("/api/library/documents")).json()["documents"]
    assert [(one["title"], one["passages"]) for one in listed] == [("Anaphylaxis", 1)]
    text = (await as_clinician.get(address)).json()
    assert text["passages"][0]["section"] == ["Dose"]

    asked = {"q": "adrenaline dose in anaphylaxis"}
    found = (await as_clinician.get("/api/library/search", params=asked)).json()
    assert (found["weak"], found["found"][0]["document_id"]) == (False, job["document_id"])
    assert found["found"][0]["passage_id"] == text["passages"][0]["id"]

    assert (await as_admin.delete(address)).status_code == 204
    assert (await as_clinician.get(address)).status_code == 404
    assert (await as_clinician.get("/api/library/search", params=asked)).json()["weak"]
    trail = [event.action for event in await stores.audit.list(before=None, limit=10)]
    assert trail[:2] == ["library.remove", "library.add"]


async def test_a_failed_upload_says_why(as_admin: httpx.AsyncClient, tmp_path: Path) -> None:
    path = await asyncio.to_thread(files.encrypted_pdf, tmp_path / "e.pdf")
    job = await take_in(as_admin, await asyncio.to_thread(path.read_bytes), "e.pdf")
    assert (job["state"], job["fault"]["code"]) == ("failed", "library.encrypted")
    assert job["fault"]["remedy"]


async def test_a_clinician_changes_nothing(as_clinician: httpx.AsyncClient) -> None:
    sent = await as_clinician.post("/api/library/documents", files={"file": ("a.txt", b"text")})
    assert sent.status_code == 403
    assert (await as_clinician.delete(f"/api/library/documents/{'0' * 32}")).status_code == 403


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/library/documents"),
        ("POST", "/api/library/documents"),
        ("GET", f"/api/library/documents/{'0' * 32}"),
        ("GET", "/api/library/search?q=a"),
        ("GET", f"/api/library/jobs/{'0' * 32}"),
    ],
)
async def test_nothing_is_open_to_strangers(app: FastAPI, method: str, path: str) -> None:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://test"
    ) as stranger:
        assert (await stranger.request(method, path)).status_code == 401


async def test_an_upload_beyond_the_limit_is_refused_before_it_is_all_here(
    as_admin: httpx.AsyncClient, library: Library
) -> None:
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
        for _ in range(200):
            taken += 1024 * 1024
            yield bytes(1024 * 1024)

    refused = await as_admin.post(
        "/api/library/documents",
        content=endless(),
        headers={"Content-Type": "multipart/form-data; boundary=x"},
    )
    assert (refused.status_code, refused.json()["code"]) == (413, "upload.too_large")
    assert taken <= LIMIT + 2 * 1024 * 1024

    announced = await as_admin.post(
        "/api/library/documents",
        content=b"",
        headers={
            "Content-Type": "multipart/form-data; boundary=x",
            "Content-Length": str(200 * 1024 * 1024),
        },
    )
    assert announced.status_code == 413
    assert await library.counts() == (0, 0)


@pytest.mark.parametrize(
    ("request_parts", "code"),
    [
        ({"files": {"file": ("program.exe", b"MZ")}}, "library.format"),
        ({"files": {"other": ("a.txt", b"text")}}, "upload.no_file"),
        ({"json": {"file": "text"}}, "upload.no_file"),
    ],
)
async def test_what_is_no_document_is_refused_at_once(
    as_admin: httpx.AsyncClient, request_parts: dict[str, Any], code: str
) -> None:
    refused = await as_admin.post("/api/library/documents", **request_parts)
    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert refused.json()["remedy"]


async def test_the_command_line_works_through_a_running_server(
    app: FastAPI, library: Library, admin: Person, tmp_path: Path
) -> None:
    server = Server(Config(app, port=0, log_config=None, lifespan="off"))
    serving = asyncio.create_task(server.serve())
    async with asyncio.timeout(10):
        while not server.started:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    try:
        port = server.servers[0].sockets[0].getsockname()[1]
        settings = Settings(data=tmp_path / "none", http=Http(port=port))
        page = tmp_path / "anaphylaxis.md"
        await asyncio.to_thread(page.write_bytes, TEXT)
        with pytest.raises(NotSignedIn):
            async with open_shelf(settings, url="", email=admin.email, password=""):
                pass
        async with open_shelf(settings, url="", email=admin.email, password=PASSWORD) as shelf:
            shares: list[float] = []
            await shelf.add(page, shares.append)
            assert shares[-1] == 1
            (row,) = await shelf.list()
            assert (row.title, row.passages) == ("Anaphylaxis", 1)
            matches = await shelf.search("adrenaline dose in anaphylaxis", 3)
            assert not matches.weak
            assert matches.found[0].section == "Dose"
            await shelf.remove(row.id)
            with pytest.raises(Fault, match=r"document\.unknown"):
                await shelf.remove(row.id)
        assert await library.counts() == (0, 0)
    finally:
        server.should_exit = True
        await serving


async def test_the_command_line_opens_the_library_when_no_server_runs(
    database_url: str, models: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    await asyncio.to_thread(os.mkdir, data)
    await asyncio.to_thread(os.symlink, models / "models", data / "models")
    page = tmp_path / "anaphylaxis.md"
    await asyncio.to_thread(page.write_bytes, TEXT)
    settings = Settings.model_validate(
        {"data": data, "http": {"port": 9}, "database": {"url": database_url}}
    )
    async with open_shelf(settings, url="", email="", password="") as shelf:
        await shelf.add(page, lambda _: None)
        assert not (await shelf.search("adrenaline dose in anaphylaxis", 3)).weak
        (row,) = await shelf.list()
        await shelf.remove(row.id)
        assert await shelf.list() == []
