"""The pool of recogniser processes: it survives their death, queues fairly and learns words."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.faults import Busy, EngineDown
from voice_server.speech.engine_url import parse
from voice_server.speech.hearing.pocketsphinx import MOST_WAITING, open_pocketsphinx
from voice_server.speech.hearing.pocketsphinx_utterance import FINISH_DEADLINE_S
from voice_server.speech.hearing.recogniser import Recogniser

URL = parse("pocketsphinx://", setting="VOICE_HEARING__URL")
SAID = "the weather is very nice today"
LIBRARY = """
# How do I reverse dabigatran?
Reverse dabigatran with idarucizumab 5 g IV. Idarucizumab binds dabigatran. Stop dabigatran.
"""


async def test_a_process_that_dies_costs_its_utterance_and_is_replaced(
    spoken: Callable[[str], bytes], tmp_path: Path
) -> None:
    async with open_pocketsphinx(URL, decoders=1, data=tmp_path) as ear:
        (before,) = ear.processes
        utterance = await ear.open_utterance(lambda _: None)
        utterance.feed(spoken(SAID))
        os.kill(before, signal.SIGKILL)
        with pytest.raises(EngineDown):
            await utterance.finish()
        async with asyncio.timeout(20):
            while ear.processes in ([], [before]):  # noqa: ASYNC110 - nothing announces it
                await asyncio.sleep(0.02)
        again = await ear.open_utterance(lambda _: None)
        again.feed(spoken(SAID))
        assert await again.finish() == SAID


async def test_who_finds_no_free_process_waits_in_line_and_too_many_are_refused(
    spoken: Callable[[str], bytes], tmp_path: Path
) -> None:
    async with open_pocketsphinx(URL, decoders=1, data=tmp_path) as ear:
        first = await ear.open_utterance(lambda _: None)
        waiting = [await ear.open_utterance(lambda _: None) for _ in range(MOST_WAITING)]
        with pytest.raises(Busy) as busy:
            await ear.open_utterance(lambda _: None)
        assert busy.value.retry_after_s > 0
        waiting[0].feed(spoken(SAID))
        for utterance in waiting[1:]:
            utterance.cancel()
        first.cancel()
        assert await waiting[0].finish() == SAID


async def test_three_who_speak_at_once_all_get_their_words(
    spoken: Callable[[str], bytes], tmp_path: Path
) -> None:
    ended: list[int] = []

    async def one(number: int) -> str:
        utterance = await ear.open_utterance(lambda _: None)
        pcm = spoken(SAID)
        for at in range(0, len(pcm), 640):
            utterance.feed(pcm[at : at + 640])
            await asyncio.sleep(0)
        text = await utterance.finish()
        ended.append(number)
        return text

    async with open_pocketsphinx(URL, decoders=2, data=tmp_path) as ear:
        assert set(await asyncio.gather(one(0), one(1), one(2))) == {SAID}
    assert ended[-1] == 2, "who came last was heard last"


async def test_who_waits_for_someone_who_talks_long_is_heard_all_the_same(
    spoken: Callable[[str], bytes], tmp_path: Path
) -> None:
    async with open_pocketsphinx(URL, decoders=1, data=tmp_path) as ear:
        long = await ear.open_utterance(lambda _: None)
        waiting = await ear.open_utterance(lambda _: None)
        waiting.feed(spoken(SAID))
        finishing = asyncio.create_task(waiting.finish())
        done, _ = await asyncio.wait([finishing], timeout=FINISH_DEADLINE_S + 0.3)
        assert not done
        long.cancel()
        assert await finishing == SAID


async def test_the_librarys_words_are_heard_after_learning_and_at_once_at_the_next_start(
    spoken: Callable[[str], bytes], tmp_path: Path
) -> None:
    question = "how do i reverse dabigatran"
    clock = asyncio.get_running_loop().time
    async with open_pocketsphinx(URL, decoders=1, data=tmp_path) as ear:
        during = await ear.open_utterance(lambda _: None)
        during.feed(spoken(SAID))
        await ear.learn(LIBRARY)
        assert await during.finish() == SAID
        after = await ear.open_utterance(lambda _: None)
        after.feed(spoken(question))
        assert "reverse dabigatran" in await after.finish()
    made = sorted(path.name for path in (tmp_path / "hearing").iterdir())
    async with open_pocketsphinx(URL, decoders=1, data=tmp_path) as ear:
        at_once = await ear.open_utterance(lambda _: None)
        at_once.feed(spoken(question))
        assert "reverse dabigatran" in await at_once.finish()
        before = ear.processes
        began = clock()
        await ear.learn(LIBRARY)
        assert clock() - began < 1.0
        assert ear.processes == before
    assert sorted(path.name for path in (tmp_path / "hearing").iterdir()) == made


async def test_a_damaged_language_model_is_left_aside_at_the_start(
    spoken: Callable[[str], bytes], tmp_path: Path
) -> None:
    (tmp_path / "hearing").mkdir()
    (tmp_path / "hearing" / "x.arpa").write_text("not a model")
    (tmp_path / "hearing" / "x.dict").write_text("word W ER D\n")
    async with open_pocketsphinx(URL, decoders=1, data=tmp_path) as ear:
        utterance = await ear.open_utterance(lambda _: None)
        utterance.feed(spoken(SAID))
        assert await utterance.finish() == SAID


async def test_nothing_to_learn_changes_nothing(tmp_path: Path) -> None:
    async with open_pocketsphinx(URL, decoders=1, data=tmp_path) as ear:
        before = ear.processes
        await ear.learn("  \n")
        assert ear.processes == before


def test_words_appear_within_600_ms_of_speech_and_twice_a_second(
    spoken: Callable[[str], bytes],
) -> None:
    recogniser = Recogniser(None)
    pcm = spoken(f"{SAID} and where will we meet before the holidays")
    recogniser.start()
    news_ms = [at // 32 for at in range(0, len(pcm), 640) if recogniser.feed(pcm[at : at + 640])]
    recogniser.finish()
    assert news_ms[0] - 200 <= 600
    speech_s = len(pcm) / 32_000 - 0.5
    assert len(news_ms) / speech_s >= 2


@pytest.mark.parametrize("word", ["stop", "yes", "no", "wait"])
def test_a_single_word_is_heard(spoken: Callable[[str], bytes], word: str) -> None:
    recogniser = Recogniser(None)

    def heard(said: str) -> str:
        recogniser.start()
        recogniser.feed(spoken(said))
        return recogniser.finish()

    # The voice does not say a word the same way twice; now and then "wait" is "wade".
    assert [heard(said) for said in (word, f"{word}.", f"{word}!")].count(word) >= 2
