"""A part of the suites of `perf/turn_suites.py`: nobody is cut off, no noise stops us."""

from __future__ import annotations

import pytest

from perf.suites import disturbances, interruptions, paused_utterances
from tests.calls.following import Hum, Recorded
from tests.calls.judging import ask, callers, disturb, interrupted, play, question
from tests.virtual_time import run_virtual
from voice_server.speech.tone import ToneVoice

ANSWER = ("Give ten units of soluble insulin with twenty five grams of glucose over an hour.",)


@pytest.fixture
def blocking_allowed() -> bool:
    """In virtual time a thread's work is done on the loop."""
    return True


def test_a_pause_inside_a_sentence_does_not_end_the_turn() -> None:
    outcomes = {one.name: ask(one) for one in paused_utterances()[1::6]}
    assert not [name for name, outcome in outcomes.items() if outcome.cut_off or outcome.turns > 1]


def test_coughs_breaths_noises_and_backchannels_do_not_stop_an_answer() -> None:
    voice = ToneVoice(first_ms=50, word_ms=260)
    outcomes = {one.name: disturb(one, voice) for one in disturbances()[::9]}
    assert not [name for name, outcome in outcomes.items() if outcome.stopped]
    assert max(outcome.words_off for outcome in outcomes.values()) <= 1


def test_an_interruption_ducks_at_once_and_is_silent_soon() -> None:
    outcomes = {one.name: disturb(one, Hum(), until=9.0) for one in interruptions()[::9]}
    assert not [name for name, outcome in outcomes.items() if not outcome.stopped]
    assert max(outcome.duck_s or 9 for outcome in outcomes.values()) <= 0.15
    assert max(outcome.stop_s or 9 for outcome in outcomes.values()) <= 0.4


@pytest.mark.parametrize(("gain_db", "delay_s"), [(-10, 0.07), (-20, 0.2)])
def test_our_own_speech_from_a_loudspeaker_does_not_stop_us(gain_db: int, delay_s: float) -> None:
    voice = Recorded.of("flite://rms", ANSWER)
    echo = (10 ** (gain_db / 20), delay_s)
    stage = run_virtual(play([question()], ANSWER, until=14, echo=echo, voice=voice))
    assert not interrupted(stage)
    assert len(callers(stage)) == 1
