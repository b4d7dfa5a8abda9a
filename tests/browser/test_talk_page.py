"""A call from the page: by voice and by typing, and what is said when it cannot be."""

from __future__ import annotations

import os
import re
import signal
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.accounts import Account
from tests.browser.conftest import OpenPage
from tests.fixtures_server import Server

pytestmark = pytest.mark.browser

ANSWER_MS = 20_000


async def test_a_call_listens_mutes_and_ends(open_page: OpenPage, clinician: Account) -> None:
    async with open_page(who=clinician) as page:
        await page.get_by_role("button", name="Talk", exact=True).click()
        await expect(state(page, "Listening")).to_be_visible(timeout=15_000)
        await expect(page.locator(".meter-bar.lit").first).to_be_attached()
        await page.get_by_role("button", name="Mute").click()
        await expect(page.get_by_role("button", name="Unmute")).to_be_visible()
        await page.get_by_role("button", name="End").click()
        await expect(page.get_by_role("button", name="Talk", exact=True)).to_be_visible()


async def test_a_typed_question_is_answered_from_a_source_that_opens_at_its_passage(
    open_page: OpenPage, clinician: Account
) -> None:
    async with open_page(who=clinician) as page:
        await ask(page, "How is hyperkalaemia treated?")
        await expect(page.locator(".answer")).to_have_text(
            re.compile(r"\w+ \w+"), timeout=ANSWER_MS
        )
        lit = page.locator(".source.sounding")
        await expect(lit.get_by_text("being read")).to_be_visible(timeout=ANSWER_MS)
        await expect(page.locator(".question")).to_have_text("How is hyperkalaemia treated?")
        await lit.get_by_role("link").first.click()
        await expect(page.locator(".passage.marked mark")).to_be_visible()
        await expect(page.get_by_role("complementary", name="Call in progress")).to_be_visible()


async def test_a_call_is_kept_in_history_and_can_be_read_again(
    open_page: OpenPage, clinician: Account
) -> None:
    question = "What is the first treatment of anaphylaxis?"
    async with open_page(who=clinician) as page:
        await ask(page, question)
        await expect(page.locator(".answer")).to_have_text(
            re.compile(r"\w+ \w+"), timeout=ANSWER_MS
        )
        await page.get_by_role("button", name="End").click()
        await page.get_by_role("link", name="Read it in History").click()
        await expect(page.locator(".question")).to_have_text(question)


async def test_a_lost_connection_is_taken_up_again_in_the_same_conversation(
    open_page: OpenPage, server: Server, clinician: Account
) -> None:
    async with open_page(who=clinician) as page:
        await page.get_by_role("button", name="Talk", exact=True).click()
        await expect(state(page, "Listening")).to_be_visible(timeout=15_000)
        os.kill(server.pid, signal.SIGSTOP)  # nothing arrives any more, as when a network goes
        try:
            await expect(state(page, "Reconnecting")).to_be_visible(timeout=6_000)
        finally:
            os.kill(server.pid, signal.SIGCONT)
        await expect(state(page, "Listening")).to_be_visible(timeout=15_000)
        await expect(page.get_by_text("could not be taken up again")).to_have_count(0)


async def test_without_permission_the_page_says_so_and_typing_works(
    open_page: OpenPage, clinician: Account
) -> None:
    async with open_page(who=clinician, microphone=False) as page:
        await page.get_by_role("button", name="Talk", exact=True).click()
        await expect(page.get_by_role("alert")).to_contain_text("not been allowed")
        await ask(page, "How is hyperkalaemia treated?")
        await expect(page.locator(".answer")).to_have_text(
            re.compile(r"\w+ \w+"), timeout=ANSWER_MS
        )


async def test_an_insecure_address_is_named_as_the_reason_for_no_microphone(
    open_page: OpenPage, server: Server, clinician: Account
) -> None:
    async with open_page(f"http://ward.test:{urlsplit(server.url).port}/") as page:
        await page.get_by_label("Email").fill(clinician.email)
        await page.get_by_label("Password").fill(clinician.password)
        await page.get_by_role("button", name="Sign in").click()
        await expect(page.get_by_role("alert")).to_contain_text("not secure")
        await expect(page.get_by_label("Type a question")).to_be_visible()


async def ask(page: Page, question: str) -> None:
    await page.get_by_label("Type a question").fill(question)
    await page.get_by_role("button", name="Ask").click()


def state(page: Page, word: str) -> Locator:
    return page.locator(".state-word", has_text=word)
