"""Who may come in, and what happens to their work when the session ends."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.browser.accounts import Account, Accounts
from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.browser


async def test_a_wrong_password_is_refused_with_a_sentence(
    open_page: OpenPage, clinician: Account
) -> None:
    async with open_page() as page:
        await sign_in(page, clinician.email, "not the password")
        await expect(page.get_by_role("alert")).to_contain_text("not right")
        await expect(page.get_by_label("Email")).to_have_value(clinician.email)


async def test_a_one_time_password_must_be_changed_before_anything_else(
    open_page: OpenPage, accounts: Accounts
) -> None:
    new = accounts.add("Maja Lindqvist", "clinician", settled=False)
    async with open_page("/history") as page:
        await sign_in(page, new.email, new.password)
        await choose_password(page, new.password, "four quiet words of mine")
        await expect(page.get_by_role("link", name="History")).to_be_visible()


async def test_a_session_outlives_a_reload_and_ends_with_signing_out(
    open_page: OpenPage, clinician: Account
) -> None:
    async with open_page() as page:
        await sign_in(page, clinician.email, clinician.password)
        account = page.get_by_role("button", name=f"Account of {clinician.name}")
        await expect(account).to_be_visible()
        await page.reload()
        await account.click()
        await page.get_by_role("menuitem", name="Sign out").click()
        await expect(page.get_by_role("button", name="Sign in")).to_be_visible()
        await page.reload()
        await expect(page.get_by_role("button", name="Sign in")).to_be_visible()


async def test_a_session_that_ends_keeps_what_was_typed(
    open_page: OpenPage, accounts: Accounts
) -> None:
    person = accounts.add("Ada Marsh", "clinician")
    async with open_page(who=person) as page:
        await page.get_by_label("Type a question").fill("How fast may vancomycin")
        person = accounts.replace_password(person)
        await page.get_by_role("link", name="History").click()
        dialog = page.get_by_role("dialog", name="Please sign in again")
        await dialog.get_by_label("Password").fill(person.password)
        await dialog.get_by_role("button", name="Sign in", exact=True).click()
        await choose_password(page, person.password, "four other words of mine")
        await page.get_by_role("link", name="Talk").click()
        await expect(page.get_by_label("Type a question")).to_have_value("How fast may vancomycin")


async def sign_in(page: Page, email: str, password: str) -> None:
    await page.get_by_label("Email").fill(email)
    await page.get_by_label("Password").fill(password)
    await page.get_by_role("button", name="Sign in").click()


async def choose_password(page: Page, current: str, new: str) -> None:
    await expect(page.get_by_role("heading", name="Choose your password")).to_be_visible()
    await page.get_by_label("One-time password").fill(current)
    await page.get_by_label("New password", exact=True).fill(new)
    await page.get_by_label("New password again").fill(new)
    await page.get_by_role("button", name="Save new password").click()
