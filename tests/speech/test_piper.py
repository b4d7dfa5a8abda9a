"""The Piper process: it survives its death, and words take the times that the voice tells."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from pathlib import Path

import pytest

from storage.faults import EngineDown, Invalid
from voice_server.speech.engine_url import parse
from voice_server.speech.opening import open_voice
from voice_server.speech.voices.piper import open_piper

from .tiny_piper import HOP, RATE_HZ, write_tiny_piper


async def test_words_take_the_times_of_their_phonemes(tmp_path: Path) -> None:
    spans = {}
    for alignments in (True, False):
        model = write_tiny_piper(tmp_path / str(alignments), alignments=alignments)
        async with open_piper(parse(f"piper://{model}", setting="X")) as voice:
            pieces = [piece async for piece in voice.say("give it intramuscularly")]
            spans[alignments] = [word for piece in pieces for word in piece.words]
    told, shared = spans[True], spans[False]
    frame_s = HOP / RATE_HZ
    for word in told:  # one frame per phoneme id: every boundary lies on a frame
        assert word.start_s / frame_s == pytest.approx(round(word.start_s / frame_s), abs=0.01)
    assert [word.start_s for word in told] != [word.start_s for word in shared]
    assert told[2].end_s - told[2].start_s > 2 * (told[1].end_s - told[1].start_s)


async def test_a_process_that_dies_costs_its_text_and_is_replaced(tmp_path: Path) -> None:
    model = write_tiny_piper(tmp_path, alignments=False)
    async with open_piper(parse(f"piper://{model}", setting="X")) as voice:
        before = voice.process
        assert before is not None
        os.kill(before, signal.SIGSTOP)
        stream = voice.say("give one gram")
        waiting = asyncio.ensure_future(anext(stream))
        await asyncio.sleep(0)
        os.kill(before, signal.SIGKILL)
        with pytest.raises(EngineDown):
            await waiting
        async with asyncio.timeout(20):
            while voice.process in (None, before):  # noqa: ASYNC110 - nothing announces it
                await asyncio.sleep(0.02)
        assert [piece async for piece in voice.say("give one gram")]


async def test_auto_prefers_a_piper_voice_in_the_data_folder(tmp_path: Path) -> None:
    model = write_tiny_piper(tmp_path / "made", alignments=False)
    await asyncio.to_thread(shutil.copytree, model.parent, tmp_path / "voices")
    async with open_voice("auto", data=tmp_path) as voice:
        assert "Piper" in voice.label
        assert not voice.fallback


async def test_a_path_without_a_voice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refused:
        async with open_voice(f"piper://{tmp_path}/none.onnx", data=tmp_path):
            pass
    assert refused.value.field == "VOICE_VOICE__URL"


async def test_a_damaged_voice_is_an_engine_that_does_not_start(tmp_path: Path) -> None:
    model = write_tiny_piper(tmp_path, alignments=False)
    model.write_bytes(b"not a model")
    with pytest.raises(EngineDown):
        async with open_voice(f"piper://{model}", data=tmp_path):
            pass
