"""What every transcriber promises, run against each of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from storage.faults import EngineDown
from voice_server.speech.engines import Hypothesis, Transcriber
from voice_server.speech.opening import open_transcriber

from .tiny_whisper import write_tiny_whisper

SAID = "the weather is very nice today"
EARS = ["scripted", "pocketsphinx", "whisper"]


@pytest.fixture(scope="module")
def urls(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    whisper = write_tiny_whisper(tmp_path_factory.mktemp("whisper") / "model", SAID)
    return {
        "scripted": f"scripted://?text={SAID.replace(' ', '+')}&partial_ms=150",
        "pocketsphinx": "pocketsphinx://",
        "whisper": f"whisper://{whisper}",
    }


@pytest.fixture(params=EARS)
async def ear(
    request: pytest.FixtureRequest, urls: dict[str, str], tmp_path: Path
) -> AsyncIterator[Transcriber]:
    opening = open_transcriber(
        urls[request.param], decoders=1, data=tmp_path, progress=lambda *_: None
    )
    async with opening as transcriber:
        yield transcriber


async def heard(
    ear: Transcriber, pcm: bytes, on_partial: Callable[[Hypothesis], None] = lambda _: None
) -> str:
    utterance = await ear.open_utterance(on_partial)
    for at in range(0, len(pcm), 640):
        utterance.feed(pcm[at : at + 640])
        await asyncio.sleep(0)
    return await utterance.finish()


async def test_speech_becomes_text(ear: Transcriber, spoken: Callable[[str], bytes]) -> None:
    assert await heard(ear, spoken(SAID)) == SAID


async def test_silence_and_no_audio_at_all_are_nothing(ear: Transcriber) -> None:
    assert await heard(ear, b"") == ""
    assert await heard(ear, bytes(32_000)) == ""


async def test_audio_in_odd_pieces_is_the_same_audio(
    ear: Transcriber, spoken: Callable[[str], bytes]
) -> None:
    utterance = await ear.open_utterance(lambda _: None)
    pcm = spoken(SAID)
    for at in range(0, len(pcm), 1001):
        utterance.feed(pcm[at : at + 1001])
    assert await utterance.finish() == SAID


async def test_partials_grow_and_what_is_stable_stays(
    ear: Transcriber, spoken: Callable[[str], bytes]
) -> None:
    partials: list[Hypothesis] = []
    utterance = await ear.open_utterance(partials.append)
    pcm = spoken(f"{SAID} and the week after that")
    for at in range(0, len(pcm), 3200):
        utterance.feed(pcm[at : at + 3200])
        await asyncio.sleep(0)
    for _ in range(300):  # the engine works beside us: let its words arrive
        if partials and "weather is very" in partials[-1].stable:
            break
        utterance.feed(bytes(640))
        await asyncio.sleep(0.01)
    assert partials
    for before, after in zip(partials, partials[1:], strict=False):
        assert after.stable.startswith(before.stable)
    for partial in partials:
        assert partial.text.startswith(partial.stable)
        assert not partial.final
    assert "weather is very" in partials[-1].stable
    utterance.cancel()


async def test_a_cancelled_utterance_says_nothing_more_and_frees_its_decoder(
    ear: Transcriber, spoken: Callable[[str], bytes]
) -> None:
    for _ in range(5):
        partials: list[Hypothesis] = []
        utterance = await ear.open_utterance(partials.append)
        utterance.feed(spoken(SAID))
        utterance.cancel()
        utterance.cancel()
        utterance.feed(spoken(SAID))
        assert partials == []
    assert await heard(ear, spoken(SAID)) == SAID


async def test_no_partial_comes_after_finish(
    ear: Transcriber, spoken: Callable[[str], bytes]
) -> None:
    partials: list[Hypothesis] = []
    await heard(ear, spoken(SAID), partials.append)
    count = len(partials)
    await heard(ear, spoken(SAID))
    assert len(partials) == count


async def test_cancelling_after_finish_is_harmless(
    ear: Transcriber, spoken: Callable[[str], bytes]
) -> None:
    utterance = await ear.open_utterance(lambda _: None)
    utterance.feed(spoken(SAID))
    assert await utterance.finish() == SAID
    utterance.cancel()
    assert await heard(ear, spoken(SAID)) == SAID


async def test_two_people_speaking_at_once_are_both_heard(
    ear: Transcriber, spoken: Callable[[str], bytes]
) -> None:
    first, second = await asyncio.gather(heard(ear, spoken(SAID)), heard(ear, spoken(SAID)))
    assert first == second == SAID


async def test_hearing_does_not_block_the_loop(
    ear: Transcriber, spoken: Callable[[str], bytes]
) -> None:
    clock = asyncio.get_running_loop().time
    worst_s = 0.0

    async def beat() -> None:
        nonlocal worst_s
        while True:
            before = clock()
            await asyncio.sleep(0.005)
            worst_s = max(worst_s, clock() - before - 0.005)

    pcm = spoken(SAID)
    beating = asyncio.create_task(beat())
    await asyncio.gather(heard(ear, pcm), heard(ear, pcm))
    beating.cancel()
    assert worst_s < 0.3


async def test_a_transcriber_says_what_it_is(ear: Transcriber) -> None:
    assert "recogniser" in ear.label
    assert bool(ear.remedy) or not ear.fallback


@pytest.mark.parametrize("engine", ["pocketsphinx", "whisper"])
async def test_closing_while_someone_speaks_ends_the_utterance(
    engine: str, urls: dict[str, str], spoken: Callable[[str], bytes], tmp_path: Path
) -> None:
    async with open_transcriber(
        urls[engine], decoders=1, data=tmp_path, progress=lambda *_: None
    ) as ear:
        utterance = await ear.open_utterance(lambda _: None)
        utterance.feed(spoken(SAID))
    with pytest.raises(EngineDown):
        await utterance.finish()
