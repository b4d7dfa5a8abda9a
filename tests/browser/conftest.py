"""A headless Chromium with a microphone that plays a file, on a running server."""

from __future__ import annotations

import math
import struct
import wave
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Protocol

import pytest
from playwright.async_api import Browser, Page, async_playwright

from tests.browser.accounts import Account, Accounts, RunningServer

CHROMIUM = Path("/usr/bin/chromium")
WIDTHS = {"desktop": (1280, 800), "phone": (390, 844)}


class OpenPage(Protocol):
    """Opens the page, signed in as someone or as nobody."""

    def __call__(
        self,
        path: str = "/",
        *,
        who: Account | None = None,
        size: str = "desktop",
        dark: bool = False,
        microphone: bool = True,
    ) -> AbstractAsyncContextManager[Page]: ...


@pytest.fixture
def blocking_allowed() -> bool:
    """Starting a browser reads files and starts processes on the loop."""
    return True


@pytest.fixture(scope="session")
def clinician(accounts: Accounts) -> Account:
    return accounts.add("Tobi Okafor", "clinician")


@pytest.fixture(scope="session")
def murmur(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten seconds of a hum that swells and fades: sound, and no words."""
    path = tmp_path_factory.mktemp("browser") / "murmur.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        samples = (
            round(900 * math.sin(n * 0.07) * math.sin(n * 0.0004)) + n % 3 - 1
            for n in range(160_000)
        )
        file.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
    return path


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed")
    return CHROMIUM


@pytest.fixture
async def chromium(chromium_path: Path, murmur: Path) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium_path,
            args=[
                "--no-sandbox",
                "--use-fake-device-for-media-stream",
                f"--use-file-for-fake-audio-capture={murmur}",
                "--autoplay-policy=no-user-gesture-required",
                "--disable-quic",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--host-resolver-rules=MAP ward.test 127.0.0.1",
            ],
        )
        yield browser
        await browser.close()


@pytest.fixture
def open_page(chromium: Browser, server: RunningServer) -> OpenPage:
    @asynccontextmanager
    async def opening(
        path: str = "/",
        *,
        who: Account | None = None,
        size: str = "desktop",
        dark: bool = False,
        microphone: bool = True,
    ) -> AsyncIterator[Page]:
        width, height = WIDTHS[size]
        context = await chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            permissions=["microphone"] if microphone else [],
            base_url=server.url,
            reduced_motion="reduce",
        )
        if who is not None:
            await context.request.post(
                "/api/session", data={"email": who.email, "password": who.password}
            )
            await context.add_init_script("localStorage.setItem('voice.signed-in', 'yes')")
        page = await context.new_page()
        broken: list[str] = []
        page.on("pageerror", lambda error: broken.append(error.message))
        page.on(
            "console",
            lambda said: broken.append(said.text) if "Content Security" in said.text else None,
        )
        await page.goto(path)
        yield page
        await context.close()
        assert broken == []

    return opening
