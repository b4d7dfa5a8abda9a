"""The scripted recogniser and the tone voice, as rehearsals and benchmarks use them."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import numpy as np
import pytest

from storage.faults import EngineDown, Invalid
from voice_server.speech.engines import Hypothesis, SpokenAudio, Transcriber, Voice
from voice_server.speech.opening import open_transcriber, open_voice

SPEECH_20_MS = (3000 * np.sin(np.arange(320) / 3)).astype("<i2").tobytes()
SILENCE_20_MS = bytes(640)


async def hearing(stack: AsyncExitStack, url: str, data: Path) -> Transcriber:
    opening = open_transcriber(url, decoders=1, data=data, progress=lambda *_: None)
    return await stack.enter_async_context(opening)


async def speaking(stack: AsyncExitStack, url: str, data: Path) -> Voice:
    return await stack.enter_async_context(open_voice(url, data=data))


async def test_words_appear_while_someone_speaks_and_the_text_at_the_end(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        ear = await hearing(stack, "scripted://?text=give+one+gram&partial_ms=100", tmp_path)
        partials: list[Hypothesis] = []
        utterance = await ear.open_utterance(partials.append)
        for _ in range(12):
            utterance.feed(SPEECH_20_MS)
            await asyncio.sleep(0)
        assert [p.text for p in partials] == ["give", "give one"]
        assert [p.stable for p in partials] == ["", "give"]
        assert await utterance.finish() == "give one gram"


async def test_silence_is_heard_as_nothing_and_keeps_the_script(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        ear = await hearing(stack, "scripted://?text=first&text=second", tmp_path)
        texts = []
        for piece in (SILENCE_20_MS, SPEECH_20_MS, SILENCE_20_MS, SPEECH_20_MS, SPEECH_20_MS):
            utterance = await ear.open_utterance(lambda _: None)
            for _ in range(20):
                utterance.feed(piece)
            texts.append(await utterance.finish())
        assert texts == ["", "first", "", "second", "first"]


async def test_a_cancelled_utterance_leaves_its_text_to_the_next(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        ear = await hearing(stack, "scripted://?text=first&text=second", tmp_path)
        partials: list[Hypothesis] = []
        resumed = await ear.open_utterance(partials.append)
        for _ in range(20):
            resumed.feed(SPEECH_20_MS)
        resumed.cancel()
        await asyncio.sleep(0)
        assert partials == []
        again = await ear.open_utterance(lambda _: None)
        for _ in range(20):
            again.feed(SPEECH_20_MS)
        assert await again.finish() == "first"


async def test_the_final_text_takes_as_long_as_the_script_says(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        ear = await hearing(stack, "scripted://?text=first&final_ms=60", tmp_path)
        utterance = await ear.open_utterance(lambda _: None)
        began = asyncio.get_running_loop().time()
        await utterance.finish()
        assert asyncio.get_running_loop().time() - began >= 0.059


async def test_a_tone_per_word_after_the_first_wait(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        voice = await speaking(stack, "tone://?first_ms=50&hz=300&word_ms=200", tmp_path)
        began = asyncio.get_running_loop().time()
        pieces: list[SpokenAudio] = []
        async for piece in voice.say("give one gram"):
            if not pieces:
                assert asyncio.get_running_loop().time() - began >= 0.049
            pieces.append(piece)
        words = [word for piece in pieces for word in piece.words]
        assert [(w.text, w.start_s) for w in words] == [("give", 0.0), ("one", 0.2), ("gram", 0.4)]
        pcm = np.frombuffer(b"".join(p.pcm for p in pieces), np.int16)
        assert len(pcm) == 0.6 * voice.rate_hz
        crossings = np.count_nonzero(np.diff(np.signbit(pcm[: voice.rate_hz // 10])))
        assert crossings == pytest.approx(60, abs=2)  # 300 Hz for 0.1 s


@pytest.mark.parametrize("after", [0, 2])
async def test_a_simulated_failure_is_an_engine_down(tmp_path: Path, after: int) -> None:
    async with AsyncExitStack() as stack:
        voice = await speaking(stack, f"tone://?down_after={after}", tmp_path)
        ear = await hearing(stack, f"scripted://?text=a&down_after={after}", tmp_path)
        for _ in range(after):
            assert [piece async for piece in voice.say("one")]
            utterance = await ear.open_utterance(lambda _: None)
            utterance.feed(SPEECH_20_MS * 20)
            assert await utterance.finish() == "a"
        with pytest.raises(EngineDown):
            await anext(voice.say("one"))
        with pytest.raises(EngineDown):
            await ear.open_utterance(lambda _: None)


@pytest.mark.parametrize("url", ["morse://", "scripted://?texts=a", "scripted://?final_ms=soon"])
async def test_an_unusable_hearing_url_names_the_setting_and_a_remedy(
    tmp_path: Path, url: str
) -> None:
    async with AsyncExitStack() as stack:
        with pytest.raises(Invalid) as refused:
            await hearing(stack, url, tmp_path)
        assert refused.value.field == "VOICE_HEARING__URL"
        assert refused.value.remedy


@pytest.mark.parametrize("url", ["morse://", "tone://?pitch=3", "tone://?word_ms=-1"])
async def test_an_unusable_voice_url_names_the_setting_and_a_remedy(
    tmp_path: Path, url: str
) -> None:
    async with AsyncExitStack() as stack:
        with pytest.raises(Invalid) as refused:
            await speaking(stack, url, tmp_path)
        assert refused.value.field == "VOICE_VOICE__URL"
        assert refused.value.remedy
