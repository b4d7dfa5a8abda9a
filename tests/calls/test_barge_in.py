"""What stops an answer, and what does not."""

from __future__ import annotations

import random

import pytest

from voice_server.calls.barge_in import BargeIn, Move, is_backchannel, only_stops
from voice_server.calls.turns import WINDOW_S


def _sound(barge: BargeIn, seconds: float, now: float = 0.0) -> tuple[list[Move], float]:
    moves: list[Move] = []
    for _ in range(round(seconds / WINDOW_S)):
        now += WINDOW_S
        moves += barge.voice(now, WINDOW_S) + barge.tick(now)
    return moves, now


def _quiet(barge: BargeIn, seconds: float, now: float) -> tuple[list[Move], float]:
    moves: list[Move] = []
    for _ in range(round(seconds / 0.02)):
        now += 0.02
        moves += barge.tick(now)
    return moves, now


def test_the_first_hint_of_a_sound_ducks_the_answer() -> None:
    moves, _ = _sound(BargeIn(), WINDOW_S)
    assert moves == [Move.DUCK]


@pytest.mark.parametrize("word", ["", "mm-hm", "okay", "right", "yeah I see", "uh huh", "good"])
def test_a_cough_or_a_backchannel_is_checked_and_the_answer_comes_back(word: str) -> None:
    barge = BargeIn()
    moves, now = _sound(barge, 0.3)
    more, now = _quiet(barge, 0.2, now)
    assert moves + more == [Move.DUCK, Move.PAUSE, Move.CHECK]
    assert barge.checked(word) == [Move.RESUME]
    assert not barge.undecided


def test_what_hardly_sounds_like_a_voice_only_ducks_the_answer() -> None:
    barge = BargeIn()
    assert barge.hint(0.032) == [Move.DUCK]
    moves, _ = _quiet(barge, 0.2, 0.032)
    assert moves == [Move.CHECK]
    assert barge.checked("") == [Move.RESUME]


@pytest.mark.parametrize("words", ["i", "got", "okay i", "that's", "yeah very"])
def test_the_beginning_of_a_backchannel_does_not_stop_the_answer(words: str) -> None:
    barge = BargeIn()
    _sound(barge, 0.25)
    assert barge.words(words) == []


@pytest.mark.parametrize("words", ["stop", "wait", "no", "what about in pregnancy", "hold on"])
def test_words_that_mean_it_stop_the_answer_at_once(words: str) -> None:
    barge = BargeIn()
    _sound(barge, 0.25 if only_stops(words) else 0.5)
    assert barge.words(words) == [Move.STOP]


def test_the_first_words_of_a_short_sound_wait_for_its_end() -> None:
    barge = BargeIn()
    _, now = _sound(barge, 0.35)
    assert barge.words("rate") == []
    moves, _ = _quiet(barge, 0.2, now)
    assert moves == [Move.CHECK]
    assert barge.checked("right") == [Move.RESUME]


def test_a_backchannel_that_dips_is_one_and_a_question_that_begins_like_it_is_none() -> None:
    for rest, move in (("see", Move.RESUME), ("need the dose", Move.STOP)):
        barge = BargeIn()
        _, now = _sound(barge, 0.2)
        _, now = _quiet(barge, 0.1, now)
        assert barge.checked("i") == []
        _, now = _sound(barge, 0.3, now)
        _quiet(barge, 0.1, now)
        assert barge.checked(rest) == [move]


def test_the_beginning_of_a_backchannel_that_becomes_none_counts_as_what_was_said() -> None:
    barge = BargeIn()
    _, now = _sound(barge, 0.2)
    _, now = _quiet(barge, 0.1, now)
    assert barge.checked("i") == []
    moves, _ = _quiet(barge, 1.0, now)
    assert moves == [Move.STOP]


def test_words_that_the_last_word_does_not_take_back_stop_the_answer() -> None:
    barge = BargeIn()
    _, now = _sound(barge, 0.3)
    assert barge.words("stuff") == []
    _quiet(barge, 0.1, now)
    assert barge.checked("") == [Move.STOP]


def test_a_short_stop_that_is_only_understood_after_the_sound_still_stops() -> None:
    barge = BargeIn()
    _, now = _sound(barge, 0.3)
    _quiet(barge, 0.2, now)
    assert barge.checked("stop") == [Move.STOP]


def test_a_word_made_of_a_scrap_of_sound_does_not_stop_the_answer_but_a_command_does() -> None:
    barge = BargeIn()
    _sound(barge, 3 * WINDOW_S)
    assert barge.words("all") == []
    assert barge.words("stop") == [Move.STOP]


def test_a_stop_counts_though_another_sound_began_before_it_was_understood() -> None:
    barge = BargeIn()
    _, now = _sound(barge, 0.3)
    _, now = _quiet(barge, 0.1, now)
    barge.hint(now)
    assert barge.checked("") == []
    assert barge.checked("stop") == [Move.STOP]


def test_speech_that_lasts_silences_the_answer_before_any_word_is_known() -> None:
    moves, now = _sound(BargeIn(), 0.2)
    assert moves == [Move.DUCK, Move.PAUSE]
    assert now < 0.25


def test_an_unanswered_check_gives_the_answer_its_voice_back() -> None:
    barge = BargeIn()
    _, now = _sound(barge, 0.3)
    moves, _ = _quiet(barge, 1.5, now)
    assert moves == [Move.CHECK, Move.RESUME]


def test_words_that_are_understood_too_late_still_stop_the_answer_and_a_backchannel_does_not() -> (
    None
):
    barge = BargeIn()
    _, now = _sound(barge, 0.3)
    _quiet(barge, 1.5, now)
    assert barge.checked("right") == []
    assert barge.checked("what about children") == [Move.STOP]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("okay", True),
        ("Right, thank you.", True),
        ("yes", True),
        ("mhm mhm", True),
        ("no", False),
        ("okay stop", False),
        ("right dose", False),
        ("what", False),
    ],
)
def test_backchannels(text: str, expected: bool) -> None:
    assert is_backchannel(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("stop", True),
        ("No, wait a moment.", True),
        ("that's enough thank you", True),
        ("okay stop talking", True),
        ("okay", False),
        ("no I said insulin", False),
        ("stop the insulin", False),
        ("", False),
    ],
)
def test_words_that_only_want_silence(text: str, expected: bool) -> None:
    assert only_stops(text) is expected


def test_no_sequence_of_sounds_leaves_an_answer_ducked_for_good() -> None:
    chance = random.Random(3)
    barge, now = BargeIn(), 0.0
    low = False
    for _ in range(100_000):
        now += WINDOW_S
        match chance.randrange(4):
            case 0:
                moves = barge.voice(now, WINDOW_S)
            case 1:
                moves = barge.tick(now)
            case 2:
                moves = barge.checked(chance.choice(["", "okay", "stop"]))
            case _:
                moves = barge.words(chance.choice(["okay", "yeah", "right"]))
        for move in moves:
            low = move in (Move.DUCK, Move.PAUSE, Move.CHECK)
        assert low == barge.undecided
    moves, now = _quiet(barge, 3.0, now)
    assert not barge.undecided
