"""Every page, wide in light and narrow in dark: no axe finding, nothing sticks out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.accounts import Account, Accounts
from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
LOOKS = pytest.mark.parametrize(
    ("size", "dark"), [("desktop", False), ("phone", True)], ids=["desk, light", "phone, dark"]
)


@LOOKS
async def test_every_page_can_be_used_by_all(
    open_page: OpenPage, accounts: Accounts, size: str, dark: bool
) -> None:
    async with open_page(who=accounts.admin, size=size, dark=dark) as page:
        await expect(page.get_by_role("button", name="Talk", exact=True)).to_be_visible()
        await fit_and_sound(page)
        for path, heading in (
            ("/history", "History"),
            ("/library", "Library"),
            ("/people", "People"),
            ("/audit", "Audit"),
            ("/password", "Change your password"),
            ("/nowhere", "There is no such page"),
        ):
            await page.goto(path)
            await expect(page.get_by_role("heading", name=heading)).to_be_visible()
            await page.wait_for_load_state("networkidle")
            await fit_and_sound(page)
        await page.goto("/library")
        await page.locator(".document-title").first.click()
        await expect(page.locator(".passage").first).to_be_visible()
        await fit_and_sound(page)
        await page.goto("/people")
        await page.get_by_role("button", name="Add a person").click()
        await expect(page.get_by_role("dialog")).to_be_visible()
        await fit_and_sound(page)


@LOOKS
async def test_the_sign_in_page_can_be_used_by_all(
    open_page: OpenPage, size: str, dark: bool
) -> None:
    async with open_page(size=size, dark=dark) as page:
        await expect(page.get_by_role("button", name="Sign in")).to_be_visible()
        await fit_and_sound(page)


@LOOKS
async def test_a_conversation_can_be_used_by_all(
    open_page: OpenPage, clinician: Account, size: str, dark: bool
) -> None:
    async with open_page(who=clinician, size=size, dark=dark) as page:
        await page.get_by_label("Type a question").fill("How is hyperkalaemia treated?")
        await page.keyboard.press("Enter")
        await expect(page.locator(".source.sounding")).to_be_visible(timeout=20_000)
        await fit_and_sound(page)
        await page.get_by_role("button", name="End").click()
        await page.get_by_role("link", name="Read it in History").click()
        await expect(page.locator(".question")).to_be_visible()
        await fit_and_sound(page)


async def test_the_talk_page_can_be_used_by_keyboard_alone(
    open_page: OpenPage, clinician: Account
) -> None:
    async with open_page(who=clinician) as page:
        talk = page.get_by_role("button", name="Talk", exact=True)
        await expect(talk).to_be_visible()
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
        for _ in range(12):
            if await talk.evaluate("button => button === document.activeElement"):
                break
            await page.keyboard.press("Tab")
        await expect(talk).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("button", name="End")).to_be_visible()


async def fit_and_sound(page: Page) -> None:
    """Fails with what axe found, or with the page that is wider than its window."""
    await page.evaluate(AXE.read_text())
    found: list[dict[str, Any]] = await page.evaluate(
        "axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'] })"
        ".then(r => r.violations.map(v => ({ id: v.id, where: v.nodes.map(n => n.html) })))"
    )
    assert found == [], page.url
    wide = await page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    assert not wide, page.url
