"""faster-whisper through its real code, with a small model that always says one text."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import numpy as np
import pytest

from storage.faults import EngineDown, Invalid
from voice_server.speech.engine_url import parse
from voice_server.speech.engines import Hypothesis
from voice_server.speech.hearing.whisper import WhisperTranscriber, hotwords, open_whisper
from voice_server.speech.hearing.whisper_model import believable, unlooped

from .tiny_whisper import write_tiny_whisper

SAYS = "give one gram of paracetamol now"


@pytest.fixture
async def ear(tmp_path: Path) -> AsyncIterator[WhisperTranscriber]:
    url = parse(f"whisper://{write_tiny_whisper(tmp_path / 'model', SAYS)}", setting="X")
    async with open_whisper(url, decoders=2, data=tmp_path, progress=lambda *_: None) as whisper:
        yield whisper


async def test_noise_is_never_given_to_the_model_that_would_invent_a_text(
    ear: WhisperTranscriber,
) -> None:
    noise = np.random.default_rng(1).normal(0, 1500, 16_000 * 30).astype("<i2").tobytes()
    partials: list[Hypothesis] = []
    utterance = await ear.open_utterance(partials.append)
    for at in range(0, len(noise), 32_000):
        utterance.feed(noise[at : at + 32_000])
        await asyncio.sleep(0)
    assert await utterance.finish() == ""
    assert partials == []


async def test_silence_after_the_last_decode_needs_no_other(
    ear: WhisperTranscriber, spoken: Callable[[str], bytes]
) -> None:
    partials: list[Hypothesis] = []
    utterance = await ear.open_utterance(partials.append)
    utterance.feed(spoken(SAYS))
    async with asyncio.timeout(10):
        while not partials:  # noqa: ASYNC110 - the engine announces it by the partial itself
            await asyncio.sleep(0.01)
    utterance.feed(bytes(3200))
    loop = asyncio.get_running_loop()
    began = loop.time()
    assert await utterance.finish() == SAYS
    assert loop.time() - began < 0.05


async def test_two_decodes_that_agree_make_words_stable(
    ear: WhisperTranscriber, spoken: Callable[[str], bytes]
) -> None:
    partials: list[Hypothesis] = []
    utterance = await ear.open_utterance(partials.append)
    for count in (1, 2):
        utterance.feed(spoken(SAYS))
        async with asyncio.timeout(10):
            while len(partials) < count:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    assert [p.stable for p in partials] == ["", SAYS.rpartition(" ")[0]]
    utterance.cancel()


async def test_the_librarys_words_bias_the_decoder(
    ear: WhisperTranscriber, spoken: Callable[[str], bytes]
) -> None:
    await ear.learn("Idarucizumab reverses dabigatran. Dabigatran is an anticoagulant.")
    utterance = await ear.open_utterance(lambda _: None)
    utterance.feed(spoken(SAYS))
    assert await utterance.finish() == SAYS
    assert hotwords("Dabigatran, dabigatran: idarucizumab is given.")[0] == "dabigatran"


async def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refused:
        async with open_whisper(
            parse(f"whisper://{tmp_path}", setting="VOICE_HEARING__URL"),
            decoders=1,
            data=tmp_path,
            progress=lambda *_: None,
        ):
            pass
    assert refused.value.field == "VOICE_HEARING__URL"


async def test_a_damaged_model_is_an_engine_that_does_not_start(tmp_path: Path) -> None:
    folder = write_tiny_whisper(tmp_path / "model", SAYS)
    (folder / "model.bin").write_bytes((folder / "model.bin").read_bytes()[:5000])
    with pytest.raises(EngineDown) as down:
        async with open_whisper(
            parse(f"whisper://{folder}", setting="X"),
            decoders=1,
            data=tmp_path,
            progress=lambda *_: None,
        ):
            pass
    assert down.value.remedy


async def test_a_model_that_is_not_here_and_cannot_be_fetched_says_so(tmp_path: Path) -> None:
    with pytest.raises(EngineDown) as down:
        async with open_whisper(
            parse("whisper://base.en", setting="X"),
            decoders=1,
            data=tmp_path,
            progress=lambda *_: None,
        ):
            pass
    assert "network" in down.value.sentence
    assert "VOICE_HEARING__URL" in down.value.remedy


@pytest.mark.parametrize(
    ("text", "length_s", "log_probability", "no_speech", "compression", "real"),
    [
        ("give one gram", 1.0, -0.2, 0.1, 1.0, True),
        ("", 1.0, -0.2, 0.1, 1.0, False),
        ("thanks for watching", 1.0, -1.4, 0.1, 1.0, False),
        ("thanks for watching", 1.0, -0.8, 0.9, 1.0, False),
        ("again again again again", 2.0, -0.2, 0.1, 3.0, False),
        ("far too many words for such a short sound as this", 0.5, -0.2, 0.1, 1.0, False),
    ],
)
def test_what_is_made_up_is_dropped(
    text: str,
    length_s: float,
    log_probability: float,
    no_speech: float,
    compression: float,
    real: bool,
) -> None:
    assert believable(text, length_s, log_probability, no_speech, compression) is real


def test_a_text_that_goes_round_in_circles_is_cut() -> None:
    assert unlooped("give it " + "and then stop " * 9) == "give it and then stop"
    assert unlooped("no no no give one gram") == "no no no give one gram"
