"""How a rehearsal counts the words that sounded at the caller's ear."""

from __future__ import annotations

import numpy as np

from signaling.listening import Heard, HeardFrame
from voice_server.rehearsing.ear import LOWEST_HZ, SCALE, ear_of, repeated_and_lost
from voice_server.speech.tone import ToneVoice

RATE_HZ = 24_000
FRAME = RATE_HZ // 50
WORD_MS = 150


async def answer(words: int) -> list[bytes]:
    """The humming voice, word by word."""
    voice = ToneVoice(hz=LOWEST_HZ, word_ms=WORD_MS, scale=SCALE)
    return [piece.pcm async for piece in voice.say("word " * words)]


def heard(pieces: list[bytes]) -> list[int]:
    samples = np.frombuffer(b"".join(pieces), np.int16)
    received = Heard(RATE_HZ, keep_s=60)
    for index in range(len(samples) // FRAME):
        pcm = samples[index * FRAME : (index + 1) * FRAME].tobytes()
        received.add(HeardFrame(10 + index * 0.02, pcm, False))
    return ear_of(received, 10.0).words(0.0, 60.0, WORD_MS)


async def test_an_undisturbed_answer_loses_and_repeats_nothing() -> None:
    words = heard(await answer(20))
    assert len(words) == 20
    assert repeated_and_lost(words) == (0, 0)


async def test_missing_words_and_words_said_again_are_counted() -> None:
    pieces = await answer(20)
    assert repeated_and_lost(heard(pieces[:8] + pieces[10:])) == (0, 2)
    assert repeated_and_lost(heard(pieces[:9] + pieces[7:])) == (2, 0)


async def test_a_word_that_was_cut_and_said_whole_afterwards_is_not_repeated() -> None:
    pieces = await answer(12)
    cut = pieces[5][: len(pieces[5]) // 4]
    pause = bytes(RATE_HZ)
    assert repeated_and_lost(heard([*pieces[:5], cut, pause, *pieces[5:]])) == (0, 0)
