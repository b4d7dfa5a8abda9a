"""A clinician with a browser and a microphone: asks aloud, hears and sees the answer."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import soundfile
from playwright.async_api import async_playwright, expect

from tests.browser.accounts import Accounts
from tests.browser.conftest import CHROMIUM
from tests.calls.conftest import Say, say  # noqa: F401 - the fixture
from tests.fixtures_server import Server

pytestmark = pytest.mark.browser
QUESTION = "What is the dose of adrenaline in anaphylaxis?"


@pytest.fixture
def blocking_allowed() -> bool:
    """Starting a browser reads files on the loop."""
    return True


async def test_a_question_asked_aloud_is_answered_aloud_with_its_source_shown(
    server: Server,
    accounts: Accounts,
    say: Say,  # noqa: F811
    tmp_path: Path,
) -> None:
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed")
    who = accounts.add("Mika Microphone", "clinician")
    room = np.random.default_rng(3).normal(0, 4, 16_000 * 4).astype(np.int16)
    microphone = tmp_path / "question.wav"
    soundfile.write(microphone, np.concatenate((room, say(QUESTION), room, room)), 16_000)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox",
                "--use-fake-device-for-media-stream",
                "--use-fake-ui-for-media-stream",
                f"--use-file-for-fake-audio-capture={microphone}",
                "--autoplay-policy=no-user-gesture-required",
                "--disable-quic",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
        )
        context = await browser.new_context(
            base_url=server.url, viewport={"width": 1280, "height": 800}
        )
        await context.request.post(
            "/api/session", data={"email": who.email, "password": who.password}
        )
        await context.add_init_script("localStorage.setItem('voice.signed-in', 'yes')")
        await context.add_init_script(WATCH_PEERS)
        page = await context.new_page()
        await page.goto("/")
        await page.get_by_role("button", name="Talk", exact=True).click()
        lit = page.locator(".source.sounding")
        await expect(lit.get_by_text("being read")).to_be_visible(timeout=45_000)
        await expect(lit).to_contain_text("Anaphylaxis")
        answer = page.locator(".answer").first
        await expect(answer).to_contain_text("500 mcg", timeout=30_000)
        if picture := os.environ.get("PICTURE_OF_THE_PAGE"):
            await page.screenshot(path=picture)
        # The answer's voice has reached the page's loudspeaker.
        assert await page.evaluate(ENERGY) > 0.001
        await page.get_by_role("button", name="End").click()
        await browser.close()


WATCH_PEERS = """
  window.peers = []
  const Peer = window.RTCPeerConnection
  window.RTCPeerConnection = class extends Peer {
    constructor(...given) { super(...given); window.peers.push(this) }
  }
"""
ENERGY = """async () => {
  let energy = 0
  for (const peer of window.peers) {
    for (const report of (await peer.getStats()).values()) {
      if (report.type === 'inbound-rtp') energy += report.totalAudioEnergy ?? 0
    }
  }
  return energy
}"""
