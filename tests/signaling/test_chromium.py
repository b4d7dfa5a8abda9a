"""A real browser: Chromium with a recording as its microphone."""

from __future__ import annotations

import asyncio
import shutil
import wave
from pathlib import Path

import numpy as np
import pytest
from playwright.async_api import async_playwright

from tests.signaling.clients import SPEECH_24K, LegLog
from tests.signaling.traces import speech

pytestmark = pytest.mark.browser

CHROMIUM = shutil.which("chromium") or ""
FLAGS = [
    "--no-sandbox",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--allow-loopback-in-peer-connection",
    "--disable-background-networking",
    "--disable-component-update",
]
OFFER = """async () => {
    window.pc = new RTCPeerConnection();
    const voice = await navigator.mediaDevices.getUserMedia({audio: true});
    pc.addTransceiver(voice.getAudioTracks()[0], {direction: 'sendrecv'});
    pc.addTransceiver('video', {direction: 'sendrecv'});
    window.texts = [];
    window.chat = pc.createDataChannel('chat', {ordered: true});
    chat.onmessage = event => texts.push(event.data);
    chat.onopen = () => chat.send(JSON.stringify({type: 'client-ready'}));
    pc.ontrack = event => {
        if (event.track.kind !== 'audio') return;
        window.ear = new Audio();
        ear.srcObject = new MediaStream([event.track]);
        ear.play();
    };
    await pc.setLocalDescription(await pc.createOffer());
    while (pc.iceGatheringState !== 'complete') await new Promise(done => setTimeout(done, 20));
    return pc.localDescription.sdp;
}"""
HEARD = """async () => {
    let heard = {};
    for (const report of (await pc.getStats()).values())
        if (report.type === 'inbound-rtp' && report.kind === 'audio') heard = report;
    return heard;
}"""


@pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed")
async def test_chromium_is_heard_and_hears_us_without_a_concealed_sample(tmp_path: Path) -> None:
    recording = tmp_path / "microphone.wav"
    with wave.open(str(recording), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(48_000)
        out.writeframes(speech(10, 48_000).tobytes())
    spoken = 0

    def speak() -> bytes | None:
        nonlocal spoken
        spoken += 1
        at = spoken * 960 % len(SPEECH_24K)
        return SPEECH_24K[at : at + 960] if spoken % 100 > 40 else None

    log = LegLog(speak=speak)
    log.leg.send({"type": "early"})
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[*FLAGS, f"--use-file-for-fake-audio-capture={recording}"],
        )
        page = await browser.new_page()
        await page.route("http://localhost/*", lambda route: route.fulfill(body="<p>call</p>"))
        await page.goto("http://localhost/")
        sdp, _ = await log.leg.answer(await page.evaluate(OFFER))
        await page.evaluate("sdp => pc.setRemoteDescription({type: 'answer', sdp})", sdp)
        await log.until(lambda: len(log.frames) >= 200 and bool(log.messages), deadline_s=20)
        heard = await page.evaluate(HEARD)
        texts = await page.evaluate("texts")
        left = asyncio.get_running_loop().time()
        await page.evaluate("pc.close()")
        await log.until(lambda: log.leg.state == "closed")
        assert log.time_of("closed") - left < 1.0
        await browser.close()
    await log.leg.close()
    assert log.messages == [{"type": "client-ready"}]
    assert texts[0] == '{"type":"early","seq":1}'
    samples = np.frombuffer(b"".join(frame[1] for frame in log.frames[50:200]), np.int16)
    assert np.abs(samples.astype(int)).mean() > 300
    assert heard["packetsReceived"] >= 190
    assert heard["packetsLost"] == 0
    assert heard["totalAudioEnergy"] > 0.01
    assert heard["concealedSamples"] <= 0.02 * heard["totalSamplesReceived"]
