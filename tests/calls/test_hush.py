"""A voice that falls silent is noticed at once; a room that is quiet says nothing."""

from __future__ import annotations

import numpy as np

from perf.suites import questions
from voice_server.calls.hush import Hush

FRAME = 320


def _begins_s(audio: np.ndarray[tuple[int], np.dtype[np.int16]]) -> list[float]:
    hush = Hush()
    frames = audio[: len(audio) // FRAME * FRAME].reshape(-1, FRAME)
    return [(i + 1) * 0.02 for i, frame in enumerate(frames) if hush.begins(frame.tobytes())]


def test_the_end_of_a_question_is_noticed_before_the_voice_detector_notices_it() -> None:
    room = np.random.default_rng(1).normal(0, 5, 16_000)
    noticed = []
    for question in questions():
        audio = np.concatenate([room, question.audio, room]).astype(np.int16)
        end_s = 1.0 + question.length_s
        noticed.append(any(-0.06 <= at - end_s <= 0.06 for at in _begins_s(audio)))
    assert len(noticed) == 20
    assert sum(noticed) >= 18  # a vowel that fades is quiet before its end


def test_a_quiet_room_has_no_such_moment() -> None:
    room = np.random.default_rng(2).normal(0, 60, 30 * 16_000).astype(np.int16)
    assert not _begins_s(room)
