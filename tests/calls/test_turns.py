"""Turns, as decided from voice windows, words and the end-of-turn model."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from voice_server.calls.turns import (
    WINDOW_S,
    Began,
    Decision,
    Ended,
    Finish,
    Judge,
    Phase,
    Resumed,
    Speculate,
    TurnTaking,
    Unheard,
)


class Script:
    """Plays windows to a `TurnTaking`, answering its questions as an ear would."""

    def __init__(self, *, completeness: float = 0.9, final: str | None = None) -> None:
        self.turns = TurnTaking()
        self.now = 0.0
        self.seen: list[tuple[float, Decision]] = []
        self.completeness = completeness
        self.final = final

    def play(self, seconds: float, *, speech: bool) -> Script:
        for _ in range(round(seconds / WINDOW_S)):
            self.now += WINDOW_S
            self._take(self.turns.window(speech, self.now))
        return self

    def say(self, seconds: float, words: str) -> Script:
        self.play(seconds, speech=True)
        self._take(self.turns.words(words, self.now))
        return self

    def _take(self, decisions: Sequence[Decision]) -> None:
        for decision in decisions:
            self.seen.append((self.now, decision))
            if isinstance(decision, Judge):
                self._take(self.turns.judged(self.completeness, decision.pause, self.now))
            if isinstance(decision, Finish):
                text = self.turns.text if self.final is None else self.final
                self._take(self.turns.final(text, decision.pause, self.now))

    def ended(self) -> list[tuple[float, Ended]]:
        return [(at, one) for at, one in self.seen if isinstance(one, Ended)]

    def kinds(self) -> list[type]:
        return [type(one) for _, one in self.seen]


def test_a_complete_question_ends_within_a_human_pause() -> None:
    script = Script().play(0.5, speech=False).say(2.0, "what is the dose of gentamicin")
    end_of_speech = script.now
    script.play(1.0, speech=False)
    [(at, ended)] = script.ended()
    assert ended.text == "what is the dose of gentamicin"
    assert 0.2 < at - end_of_speech < 0.35


def test_an_answer_is_prepared_before_the_turn_is_confirmed() -> None:
    script = Script().say(2.0, "how do I treat anaphylaxis").play(1.0, speech=False)
    kinds = script.kinds()
    assert kinds.index(Speculate) < kinds.index(Ended)
    prepared = next(at for at, one in script.seen if isinstance(one, Speculate))
    assert prepared - 2.0 < 0.11


def test_an_answer_is_begun_as_the_voice_falls_silent_and_kept_when_the_pause_is_sure() -> None:
    script = Script().say(2.0, "how do I treat anaphylaxis")
    script._take(script.turns.hush())
    script.play(1.0, speech=False)
    [(prepared_at, _)] = [(at, one) for at, one in script.seen if isinstance(one, Speculate)]
    [(_, ended)] = script.ended()
    assert prepared_at == pytest.approx(2.0, abs=WINDOW_S)
    assert ended.text == "how do I treat anaphylaxis"


def test_a_quiet_moment_after_words_that_ask_for_more_begins_no_answer() -> None:
    script = Script().say(2.0, "what is the dose of")
    assert not script.turns.hush()


def test_a_quiet_moment_within_a_word_begins_one_answer_for_the_words_so_far() -> None:
    script = Script().say(2.0, "how do I treat sepsis")
    for _ in range(5):
        script._take(script.turns.hush())
        script.play(0.2, speech=True)
    script.say(0.3, "how do I treat sepsis in pregnancy")
    script._take(script.turns.hush())
    prepared = [one.text for _, one in script.seen if isinstance(one, Speculate)]
    assert prepared == ["how do I treat sepsis", "how do I treat sepsis in pregnancy"]


def test_words_that_come_in_the_pause_are_prepared_for_at_once() -> None:
    script = Script(completeness=0.2).say(2.0, "how do I treat sepsis").play(0.1, speech=False)
    script._take(script.turns.words("how do I treat sepsis in pregnancy", script.now))
    prepared = [one.text for _, one in script.seen if isinstance(one, Speculate)]
    assert prepared == ["how do I treat sepsis", "how do I treat sepsis in pregnancy"]


def test_a_pause_before_the_question_itself_does_not_end_the_turn() -> None:
    script = Script(completeness=0.95).say(2.0, "my patient had a seizure")
    script.play(1.2, speech=False)
    assert not script.ended()


def test_a_statement_that_answers_our_question_is_not_waited_on() -> None:
    script = Script(completeness=0.9)
    script.turns.replying = True
    script.say(1.5, "she is eighty four years old").play(0.5, speech=False)
    assert len(script.ended()) == 1


def test_a_question_that_may_be_narrowed_waits_longer_where_it_sounds_unfinished() -> None:
    def silence_until_end(words: str) -> float:
        script = Script(completeness=0.1).say(1.5, words)
        began = script.now
        script.play(3.0, speech=False)
        return script.ended()[0][0] - began

    bare = silence_until_end("what is the dose of vancomycin")
    assert silence_until_end("what is the dose of vancomycin in renal failure") < 0.6 < 1.2 < bare


def test_a_number_is_given_time_for_its_unit() -> None:
    script = Script(completeness=0.95).say(1.5, "the weight is sixty")
    script.play(0.6, speech=False)
    assert not script.ended()
    script.play(1.0, speech=False)
    assert len(script.ended()) == 1


@pytest.mark.parametrize("pause_s", [0.3, 0.6, 0.9, 1.2])
def test_a_pause_after_a_word_that_asks_for_more_does_not_end_the_turn(pause_s: float) -> None:
    script = Script(completeness=0.9, final="").say(1.0, "what is the dose of")
    script.play(pause_s, speech=False).play(0.7, speech=True)
    assert not script.ended()
    assert script.turns.phase is Phase.SPEAKING


def test_a_pause_that_sounds_unfinished_waits_longer_than_one_that_sounds_complete() -> None:
    def silence_until_end(completeness: float) -> float:
        script = Script(completeness=completeness).say(1.5, "tell me about vancomycin levels")
        began = script.now
        script.play(3.0, speech=False)
        return script.ended()[0][0] - began

    assert silence_until_end(0.1) > silence_until_end(0.5) > silence_until_end(0.9)


def test_a_caller_who_goes_on_throws_the_prepared_answer_away() -> None:
    script = Script(completeness=0.2).say(1.0, "how is pneumonia treated")
    script.play(0.4, speech=False).play(0.5, speech=True)
    assert Speculate in script.kinds()
    assert script.kinds()[-1] is Resumed


def test_a_click_in_the_pause_is_not_the_caller_going_on() -> None:
    script = Script(completeness=0.5).say(1.5, "how is sepsis treated")
    script.play(0.2, speech=False).play(WINDOW_S, speech=True).play(2.0, speech=False)
    assert Resumed not in script.kinds()
    assert len(script.ended()) == 1


def test_a_long_utterance_is_one_turn() -> None:
    script = Script()
    for _ in range(30):
        script.play(2.0, speech=True)
    script.say(1.0, "and so what should I give").play(2.5, speech=False)
    assert len(script.ended()) == 1


def test_a_word_heard_without_voice_detection_still_makes_a_turn() -> None:
    script = Script(completeness=0.9)
    script.play(0.3, speech=False)
    script._take(script.turns.words("yes", script.now))
    script.play(1.5, speech=False)
    assert [ended.text for _, ended in script.ended()] == ["yes"]


def test_speech_without_a_word_is_reported_within_a_second_and_a_half() -> None:
    script = Script(completeness=0.5, final="").play(0.8, speech=True)
    end_of_speech = script.now
    script.play(3.0, speech=False)
    at, unheard = next((at, one) for at, one in script.seen if isinstance(one, Unheard))
    assert unheard.voiced_s == pytest.approx(0.8, abs=0.05)
    assert at - end_of_speech <= 1.5


def test_words_are_waited_for_while_the_recogniser_is_busy_with_others() -> None:
    turns = TurnTaking()
    for index in range(30):
        turns.window(True, index * WINDOW_S)
    now = 0.96
    decisions: list[Decision] = []
    while now < 4.0:
        now += WINDOW_S
        decisions += turns.window(False, now)
    [finish] = [one for one in decisions if isinstance(one, Finish)]
    assert not any(isinstance(one, Unheard) for one in decisions)
    [ended] = [
        one
        for one in turns.final("what is the dose of heparin", finish.pause, now)
        if isinstance(one, Ended)
    ]
    assert ended.text == "what is the dose of heparin"


def test_a_late_final_transcript_belongs_to_its_own_pause() -> None:
    turns = TurnTaking()
    for index in range(40):
        turns.window(True, index * WINDOW_S)
    turns.words("what about", 1.28)
    first: list[Decision] = []
    now = 1.28
    while not any(isinstance(one, Finish) for one in first):
        now += WINDOW_S
        first += turns.window(False, now)
    [finish] = [one for one in first if isinstance(one, Finish)]
    for _ in range(10):
        now += WINDOW_S
        turns.window(True, now)
    late = turns.final("what about", finish.pause, now)
    assert not any(isinstance(one, Ended) for one in late)
    assert turns.text.startswith("what about")


def test_no_sequence_of_events_loses_a_turn_ends_one_twice_or_gets_stuck() -> None:
    chance = random.Random(7)
    turns = TurnTaking()
    now, began, ended = 0.0, 0, 0
    waiting: list[Decision] = []

    def take(decisions: Sequence[Decision]) -> None:
        nonlocal began, ended
        for one in decisions:
            began += isinstance(one, Began)
            ended += isinstance(one, (Ended, Unheard))
            assert 0 <= began - ended <= 1, "a turn began twice or ended twice"
            if isinstance(one, (Judge, Finish)):
                waiting.append(one)

    talking = False
    for _ in range(100_000):
        now += WINDOW_S
        roll = chance.random()
        talking = talking != (chance.random() < 0.03)
        if roll < 0.80:
            take(turns.window(chance.random() < (0.9 if talking else 0.03), now))
        elif roll < 0.86 and talking:
            take(turns.words(chance.choice(["what is", "the dose", "stop", "of", ""]), now))
        elif waiting:
            one = waiting.pop(chance.randrange(len(waiting)))
            if isinstance(one, Judge):
                take(turns.judged(chance.random(), one.pause, now))
            elif isinstance(one, Finish):
                take(turns.final(chance.choice(["", "the dose of heparin"]), one.pause, now))
        else:
            take(turns.tick(now))
    for _ in range(200):
        now += WINDOW_S
        take(turns.window(False, now))
    assert began == ended > 200
    assert turns.phase is Phase.IDLE
