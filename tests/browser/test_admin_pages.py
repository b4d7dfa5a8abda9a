"""What admins do on the page: the library, the people, the audit record."""

from __future__ import annotations

import re
import secrets
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.accounts import Account, Accounts
from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.browser


async def test_a_document_is_added_found_and_removed(
    open_page: OpenPage, accounts: Accounts, tmp_path: Path
) -> None:
    word = f"quillwort{secrets.token_hex(3)}"
    file = tmp_path / f"{word}.md"
    file.write_text(f"# The {word} protocol\n\nGive {word} syrup 5 mL twice daily after meals.\n")
    async with open_page("/library", who=accounts.admin) as page:
        chooser = page.locator("input[type=file]")
        await chooser.set_input_files(file)
        await expect(page.get_by_text("In the library", exact=True)).to_be_visible(timeout=30_000)
        search = page.get_by_role("searchbox", name="Search the library")
        await search.fill(f"{word} syrup")
        await page.get_by_role("link", name=re.compile(word)).first.click()
        await expect(page.locator(".passage.marked")).to_contain_text("5 mL twice daily")
        await page.goto("/library")
        await page.get_by_role("button", name=re.compile(f"Remove .*{word}")).click()
        await page.get_by_role("dialog").get_by_role("button", name="Remove").click()
        await expect(page.get_by_role("link", name=re.compile(word))).to_have_count(0)


async def test_a_file_that_cannot_be_read_is_refused_with_its_name(
    open_page: OpenPage, accounts: Accounts, tmp_path: Path
) -> None:
    file = tmp_path / "broken.pdf"
    file.write_bytes(b"%PDF-1.7 and then nothing of use")
    async with open_page("/library", who=accounts.admin) as page:
        await page.locator("input[type=file]").set_input_files(file)
        await expect(page.get_by_role("alert")).to_contain_text("broken.pdf", timeout=30_000)


async def test_a_person_is_added_with_a_one_time_password_and_disabled(
    open_page: OpenPage, accounts: Accounts
) -> None:
    name = f"Rosa {secrets.token_hex(3)}"
    async with open_page("/people", who=accounts.admin) as page:
        await page.get_by_role("button", name="Add a person").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("Name").fill(name)
        await dialog.get_by_label("Email").fill(f"{secrets.token_hex(5)}@example.org")
        await dialog.get_by_role("button", name="Add", exact=True).click()
        await expect(dialog.locator(".one-time-code")).to_have_text(
            re.compile(r"^(\w{4}-){3}\w{4}$")
        )
        await dialog.get_by_role("button", name="Done").click()
        await page.get_by_role("button", name=f"Disable {name}").click()
        await page.get_by_role("dialog").get_by_role("button", name="Disable").click()
        await expect(page.get_by_role("button", name=f"Enable {name}")).to_be_visible()


async def test_the_audit_record_is_listed_and_verified(
    open_page: OpenPage, accounts: Accounts
) -> None:
    async with open_page("/audit", who=accounts.admin) as page:
        await expect(page.locator(".audit-line").first).to_be_visible()
        await page.get_by_role("button", name="Verify the record").click()
        await expect(page.get_by_text("as they were written")).to_be_visible()


async def test_a_clinician_sees_no_admin_page(open_page: OpenPage, clinician: Account) -> None:
    async with open_page("/people", who=clinician) as page:
        await expect(page.get_by_role("heading", name="There is no such page")).to_be_visible()
        await expect(page.get_by_role("link", name="Audit")).to_have_count(0)
        await page.get_by_role("link", name="Library").click()
        await expect(page.locator(".document-line").first).to_be_visible()
        await expect(page.get_by_role("button", name="Choose files")).to_have_count(0)
