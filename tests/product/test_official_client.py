"""Pipecat's own web client, as it is published, in a real Chromium, against a running server."""

from __future__ import annotations

import asyncio
import re
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, Page, Route

from signaling.caller import sign_in
from tests.browser.accounts import Account, Accounts
from tests.browser.conftest import chromium, chromium_path, murmur  # noqa: F401 - fixtures
from tests.fixtures_server import Server

pytestmark = pytest.mark.browser

HERE = Path(__file__).parent / "official_client"
WEB = Path(__file__).parents[2] / "web"
QUESTION = "What is the dose of adrenaline in anaphylaxis?"
NEXT = "How is hyperkalaemia treated?"
PATIENCE_MS = 30_000
ENDED_S = 10.0


@pytest.fixture
def blocking_allowed() -> bool:
    """Starting a browser reads files and starts processes on the loop."""
    return True


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page and the official client in one file."""
    if not (WEB / "node_modules/@pipecat-ai/client-js").exists():
        pytest.skip("the page's packages are not installed (make web)")
    out = tmp_path_factory.mktemp("official")
    subprocess.run(["node", HERE / "bundle.mjs", WEB, out], check=True, timeout=120)
    return (out / "page.js").read_text()


@pytest.fixture(scope="module")
def caller(accounts: Accounts) -> Account:
    return accounts.add("Cleo Client", "clinician")


@pytest.fixture
async def page(chromium: Browser, server: Server, bundle: str) -> AsyncIterator[Page]:  # noqa: F811
    """A page of the server's own origin with the official client in it."""

    async def serve(route: Route) -> None:
        await route.fulfill(content_type="text/html", body="<!doctype html><title>.</title>")

    context = await chromium.new_context(permissions=["microphone"], base_url=server.url)
    page = await context.new_page()
    await page.route(re.compile(r"/official$"), serve)
    await page.goto("/official")
    await page.add_script_tag(content=bundle, type="module")
    await page.wait_for_function("window.official")
    yield page
    await context.close()


async def connect(page: Page, who: Account) -> None:
    await page.evaluate(
        "([email, word]) => official.connect(email, word)", [who.email, who.password]
    )


async def got(page: Page, what: str, fits: str = "() => true") -> None:
    """Wait until a callback got what is meant."""
    await page.wait_for_function(f"official.got({what!r}, {fits})", timeout=PATIENCE_MS)


async def ended(server: Server, who: Account) -> list[dict[str, Any]]:
    """The person's calls, once none of them is held any more."""
    token = await sign_in(server.url, who.email, who.password)
    async with httpx.AsyncClient(
        base_url=server.url, headers={"Authorization": f"Bearer {token}"}
    ) as http:
        deadline = asyncio.get_running_loop().time() + ENDED_S
        while True:
            held: list[dict[str, Any]] = (await http.get("/api/calls")).json()["calls"]
            if all(one["ended_at"] for one in held):
                return held
            assert asyncio.get_running_loop().time() < deadline, "the call is still held"
            await asyncio.sleep(0.1)


async def test_the_official_client_connects_converses_and_hangs_up(
    page: Page, server: Server, caller: Account
) -> None:
    await connect(page, caller)
    await page.evaluate("text => official.client.sendText(text)", QUESTION)
    await got(page, "bot ready", "data => data.version.startsWith('2.')")
    await got(page, "track", "track => track.kind === 'audio' && !track.local")
    await got(page, "user transcript", f"data => data.final && data.text === {QUESTION!r}")
    await got(page, "server message", "data => data.kind === 'words' && data.text.length > 10")
    await got(page, "bot output", "data => data.text.length > 10")
    await page.evaluate("text => official.client.sendText(text)", NEXT)
    await got(page, "server message", "data => data.kind === 'answer' && data.interrupted")
    await page.evaluate("official.client.disconnectBot()")
    await got(page, "bot gone")
    await page.evaluate("official.client.disconnect()")
    await got(page, "disconnected")
    seen = await page.evaluate("official.seen")
    assert [one for one in seen if one["what"] == "error"] == []
    [held] = await ended(server, caller)
    assert held["ending"] == "hung up"
