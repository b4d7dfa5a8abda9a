"""What every voice promises, run against each of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from storage.faults import EngineDown
from voice_server.speech.engines import SpokenAudio, SpokenWord, Voice
from voice_server.speech.opening import open_voice

from .tiny_piper import write_tiny_piper

VOICES = ["tone://", "flite://slt", "flite://rms", "espeak://en-gb", "piper://"]
SENTENCE = "Give one point five grams of ceftriaxone, then wait (in adults) - and check."


@pytest.fixture(scope="module")
def humming(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small Piper voice."""
    return write_tiny_piper(tmp_path_factory.mktemp("piper"), alignments=True)


@pytest.fixture(params=VOICES)
async def voice(
    request: pytest.FixtureRequest, humming: Path, tmp_path: Path
) -> AsyncIterator[Voice]:
    url = f"piper://{humming}" if request.param == "piper://" else request.param
    async with open_voice(url, data=tmp_path) as opened:
        yield opened


async def said(voice: Voice, text: str) -> tuple[bytes, list[SpokenWord]]:
    pieces = [piece async for piece in voice.say(text)]
    words = [word for piece in pieces for word in piece.words]
    return b"".join(piece.pcm for piece in pieces), words


@pytest.mark.parametrize(
    "text",
    [
        SENTENCE,
        "stop",
        '10^9/L K+ < 3.5 & "CHA2DS2-VASc" … <b>88-92%</b>',
        "µg é ß — naïve 心 ok",
        "- ?",
        "  spaced   out\nover lines ",
    ],
)
async def test_every_word_is_said_once_in_order_and_within_the_audio(
    voice: Voice, text: str
) -> None:
    pcm, words = await said(voice, text)
    assert [word.text for word in words] == text.split()
    length_s = len(pcm) / 2 / voice.rate_hz
    at_s = 0.0
    for word in words:
        assert at_s <= word.start_s <= word.end_s <= length_s + 1e-6
        at_s = word.start_s


async def test_a_word_comes_with_the_piece_it_begins_in_or_one_word_later(voice: Voice) -> None:
    done_s = 0.0
    async for piece in voice.say(SENTENCE):
        done_s += len(piece.pcm) / 2 / voice.rate_hz
        for word in piece.words:
            assert word.start_s <= done_s
            assert done_s - word.end_s < 0.5


async def test_nothing_to_say_is_no_audio(voice: Voice) -> None:
    assert await said(voice, "  ") == (b"", [])


async def test_the_voice_speaks_at_the_common_loudness(voice: Voice) -> None:
    pcm, _ = await said(voice, SENTENCE)
    wave = np.frombuffer(pcm, np.int16).astype(float)
    assert np.abs(wave).max() <= 29_000
    frames = wave[: len(wave) // 160 * 160].reshape(-1, 160)
    levels = np.sqrt(np.mean(frames**2, axis=1))
    sounding = np.sqrt(np.mean(levels[levels > 0.1 * levels.max()] ** 2))
    assert 2600 / 1.3 < sounding < 2600 * 1.3


async def test_the_first_sound_comes_before_the_whole_text_is_computed(voice: Voice) -> None:
    clock = asyncio.get_running_loop().time
    began = clock()
    first_s = None
    async for piece in voice.say(" ".join([SENTENCE] * 4)):
        if first_s is None and np.any(np.frombuffer(piece.pcm, np.int16)):
            first_s = clock() - began
    assert first_s is not None
    assert first_s < 0.75 * (clock() - began)


async def test_closing_the_iterator_frees_the_voice_for_the_next_text(voice: Voice) -> None:
    clock = asyncio.get_running_loop().time
    long_text = " ".join([SENTENCE] * 200)
    stream = voice.say(long_text)
    await anext(stream)
    await stream.aclose()
    began = clock()
    await anext(voice.say("stop"))
    assert clock() - began < 1.0


async def test_two_calls_take_turns(voice: Voice) -> None:
    finished: list[str] = []

    async def call(name: str) -> None:
        for _ in range(4):
            pcm, _ = await said(voice, "Give one gram.")
            assert pcm
            finished.append(name)

    await asyncio.gather(call("a"), call("b"))
    assert abs(finished[:4].count("a") - finished[:4].count("b")) <= 1


async def test_speaking_does_not_block_the_loop(voice: Voice) -> None:
    clock = asyncio.get_running_loop().time
    worst_s = 0.0

    async def beat() -> None:
        nonlocal worst_s
        while True:
            before = clock()
            await asyncio.sleep(0.005)
            worst_s = max(worst_s, clock() - before - 0.005)

    beating = asyncio.create_task(beat())
    await said(voice, " ".join([SENTENCE] * 6))
    beating.cancel()
    assert worst_s < 0.3


async def test_a_closed_voice_ends_what_it_was_saying(tmp_path: Path) -> None:
    async with open_voice("flite://slt", data=tmp_path) as voice:
        stream = voice.say(" ".join([SENTENCE] * 200))
        await anext(stream)
    await stream.aclose()


async def test_more_texts_than_a_voice_can_queue_are_refused(tmp_path: Path) -> None:
    async with open_voice("espeak://en-gb", data=tmp_path) as voice:
        streams = [voice.say(SENTENCE) for _ in range(80)]

        async def first(stream: AsyncIterator[SpokenAudio]) -> bool:
            try:
                return bool(await anext(stream))
            except EngineDown:
                return False

        heard = await asyncio.gather(*(first(stream) for stream in streams))
        assert heard.count(False) == 80 - 64
        for stream in streams:
            await stream.aclose()


async def test_an_unknown_language_is_an_engine_that_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(EngineDown) as down:
        async with open_voice("espeak://xx-yy", data=tmp_path):
            pass
    assert "VOICE_VOICE__URL" in down.value.remedy


async def test_auto_picks_a_voice_that_is_there_and_says_how_to_get_a_better_one(
    tmp_path: Path,
) -> None:
    async with open_voice("auto", data=tmp_path) as voice:
        pcm, _ = await said(voice, "Give one gram.")
        assert pcm
        assert voice.fallback
        assert "VOICE_VOICE__URL" in voice.remedy
