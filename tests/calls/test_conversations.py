"""Whole conversations in virtual time: who has the floor, what is heard, what is kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import pytest

from storage.records import Speaker
from tests.calls.conftest import Say
from tests.calls.stage import ANSWER, Stage, perform
from tests.virtual_time import run_virtual
from voice_server.speech.engines import SpokenAudio
from voice_server.speech.scripted import ScriptedTranscriber
from voice_server.speech.tone import ToneVoice

QUESTION = "What is the dose of insulin?"


@pytest.fixture
def blocking_allowed() -> bool:
    """In virtual time a thread's work is done on the loop."""
    return True


def seconds(say: Say, text: str) -> float:
    return len(say(text)) / 16_000


def test_a_question_is_answered_within_a_human_pause(say: Say) -> None:
    stage: Stage = run_virtual(perform([(0.5, say(QUESTION))], until=12))
    end_of_speech = 0.5 + seconds(say, QUESTION)
    assert 0.0 < stage.audible()[0] - end_of_speech < 0.45
    assert [turn.speaker for turn in stage.turns] == [Speaker.CALLER, Speaker.ASSISTANT]
    assert stage.turns[0].text_heard == "what is the dose of insulin"
    assert stage.turns[1].text_heard == " ".join(ANSWER)
    assert not stage.turns[1].interrupted
    assert stage.ending == "done"


def test_the_answer_is_begun_while_the_pause_lasts_and_only_once(say: Say) -> None:
    stage: Stage = run_virtual(perform([(0.5, say(QUESTION))], until=12))
    assert stage.call is not None
    assert stage.call.conversation.counts.speculations_used == 1
    [(_, timeline)] = stage.kinds("timeline")
    marks = timeline["marks_ms"]
    assert marks["asked"] < marks["turn_end"] <= marks["first_audio"]


@pytest.mark.parametrize(
    "voice", [ToneVoice(first_ms=60_000), ToneVoice(down_after=0)], ids=["hangs", "is down"]
)
def test_a_voice_that_does_not_begin_is_replaced_and_that_is_told(
    say: Say, voice: ToneVoice
) -> None:
    spare = ToneVoice(first_ms=50, word_ms=260)
    stage: Stage = run_virtual(perform([(0.5, say(QUESTION))], until=16, voice=voice, spare=spare))
    [(_, timeline)] = stage.kinds("timeline")
    marks = timeline["marks_ms"]
    assert marks["first_audio"] - marks["first_text"] < 1400
    assert stage.turns[1].text_heard == " ".join(ANSWER)
    assert [notice["code"] for _, notice in stage.kinds("notice")] == ["voice.spare"]


def test_the_usual_voice_is_tried_again_after_a_while(say: Say) -> None:
    class Recovers(ToneVoice):
        async def say(self, text: str) -> AsyncGenerator[SpokenAudio, None]:
            """The first text hangs."""
            asked.append(text)
            self.first_ms = 60_000 if len(asked) == 1 else 50
            async for piece in super().say(text):
                yield piece

    asked: list[str] = []
    question = say(QUESTION)
    run_virtual(
        perform(
            [(0.5, question), (20.0, question), (40.0, question)],
            until=52,
            texts=["what is the dose of insulin"] * 3,
            voice=Recovers(),
            spare=ToneVoice(first_ms=50),
        )
    )
    assert len(asked) == 1 + len(ANSWER)


def test_the_source_lights_up_while_its_claim_sounds(say: Say) -> None:
    stage: Stage = run_virtual(perform([(0.5, say(QUESTION))], until=12))
    cites = stage.kinds("cite")
    assert [cite["claim"] for _, cite in cites] == list(ANSWER)
    assert stage.kinds("evidence")[0][0] < cites[0][0]
    heard = [words["text"] for _, words in stage.kinds("words")]
    assert heard == sorted(heard, key=len)
    assert heard[-1] == " ".join(ANSWER)


def test_look_alike_drugs_are_shown_in_tall_man_letters_and_kept_as_they_were_said(
    say: Say,
) -> None:
    answer = ("Hydralazine is given, not hydroxyzine.",)
    shown = "hydrALAZINE is given, not hydrOXYzine."
    stage: Stage = run_virtual(perform([(0.5, say(QUESTION))], until=10, answer=answer))
    [(_, told)] = stage.kinds("answer")
    assert told["text_spoken"] == told["text_heard"] == shown
    assert [one["claim"] for one in told["citations"]] == [shown]
    assert [cite["claim"] for _, cite in stage.kinds("cite")] == [shown]
    assert stage.kinds("words")[-1][1]["text"] == shown
    [_, kept] = stage.turns
    assert kept.text_spoken == answer[0]


@pytest.mark.parametrize("words", ["Stop.", "Wait, what about in pregnancy?", "No."])
def test_a_caller_who_cuts_in_is_given_the_floor(say: Say, words: str) -> None:
    onset = 4.0
    stage: Stage = run_virtual(
        perform(
            [(0.5, say(QUESTION)), (onset, say(words))],
            until=12,
            texts=("what is the dose of insulin", words.lower().strip(".?")),
        )
    )
    assert stage.quiet_from(onset) - onset < 0.75
    assert stage.turns[1].interrupted
    assert " ".join(ANSWER).startswith(stage.turns[1].text_heard)
    assert 3 < len(stage.turns[1].text_heard.split()) < len(" ".join(ANSWER).split())


@pytest.mark.parametrize("words", ["Right.", "What about in pregnancy?"])
def test_words_that_come_late_count_for_what_they_are(say: Say, words: str) -> None:
    said, then = words.lower().strip(".?"), "and the dose of potassium"
    stage: Stage = run_virtual(
        perform(
            [(0.5, say(QUESTION)), (5.0, say(words)), (14.0, say("And the dose of potassium?"))],
            until=24,
            transcriber=ScriptedTranscriber(
                ("what is the dose of insulin", said, then), partial_ms=4_000, final_ms=1_200
            ),
        )
    )
    answered_anew = [said] if words.startswith("What") else []
    assert stage.asked == ["what is the dose of insulin", *answered_anew, then]


@pytest.mark.parametrize("words", ["Stop.", "No wait a moment."])
def test_a_caller_who_only_wants_silence_gets_it_and_is_kept(say: Say, words: str) -> None:
    said = words.lower().replace(",", "").strip(".")
    stage: Stage = run_virtual(
        perform(
            [(0.5, say(QUESTION)), (4.0, say(words))],
            until=12,
            texts=("what is the dose of insulin", said),
        )
    )
    assert max(stage.audible()) < 5.0
    assert [turn.text_heard for turn in stage.turns if turn.speaker is Speaker.CALLER][-1] == said
    assert stage.asked == ["what is the dose of insulin"]


def test_a_question_that_was_answered_too_early_is_answered_anew_with_its_rest(say: Say) -> None:
    first = "What is the dose of insulin"
    onset = 0.5 + seconds(say, first) + 1.0
    stage: Stage = run_virtual(
        perform(
            [(0.5, say(first)), (onset, say("in severe renal failure"))],
            until=14,
            texts=("what is the dose of insulin", "in severe renal failure"),
        )
    )
    assert stage.turns[1].interrupted
    assert stage.turns[2].text_heard == "in severe renal failure"
    assert stage.asked[-1] == "what is the dose of insulin in severe renal failure"


class Halting(ToneVoice):
    """Falls silent for `halt_s` after the third word it says."""

    def __init__(self, halt_s: float) -> None:
        super().__init__(word_ms=260)
        self._halt_s, self._left_words = halt_s, 3

    async def say(self, text: str) -> AsyncGenerator[SpokenAudio, None]:
        async for piece in super().say(text):
            self._left_words -= 1
            yield piece
            if self._left_words == 0:
                await asyncio.sleep(self._halt_s)


def test_an_answer_without_sound_is_not_called_speaking_and_goes_on_when_it_can(say: Say) -> None:
    stage: Stage = run_virtual(perform([(0.5, say(QUESTION))], until=16, voice=Halting(3.0)))
    states = [(at, data["state"]) for at, data in stage.kinds("state")]
    first = [state for _, state in states].index("speaking")
    stopped = states[first + 1]
    assert [state for _, state in states[first:]] == [
        "speaking", "thinking", "speaking", "listening",
    ]  # fmt: skip
    assert stopped[0] - max(at for at in stage.audible() if at < stopped[0]) < 0.7
    assert stage.turns[1].text_heard == " ".join(ANSWER)


def test_an_answer_that_never_goes_on_is_given_up_in_words(say: Say) -> None:
    stage: Stage = run_virtual(perform([(0.5, say(QUESTION))], until=16, voice=Halting(60.0)))
    assert [notice["code"] for _, notice in stage.kinds("notice")] == ["answer.slow"]
    assert stage.turns[1].interrupted


def test_what_is_kept_of_a_cut_off_answer_is_what_was_played(say: Say) -> None:
    onset = 4.0
    stage: Stage = run_virtual(
        perform(
            [(0.5, say(QUESTION)), (onset, say("Stop."))],
            until=10,
            texts=("what is the dose of insulin", "stop"),
        )
    )
    word_s = 0.26
    played_s = sum(0.02 for at in stage.audible(0) if at < stage.quiet_from(onset))
    heard = stage.turns[1].text_heard.split()
    assert abs(len(heard) - played_s / word_s) <= 1.6


@pytest.mark.parametrize("noise", ["Mm hm.", "Okay.", "Right."])
def test_a_backchannel_does_not_stop_the_answer(say: Say, noise: str) -> None:
    stage: Stage = run_virtual(
        perform(
            [(0.5, say(QUESTION)), (4.0, say(noise))],
            until=14,
            texts=("what is the dose of insulin", noise.lower().strip(".")),
        )
    )
    assert not stage.turns[1].interrupted
    assert stage.turns[1].text_heard == " ".join(ANSWER)
    assert len(stage.turns) == 2


def test_our_own_voice_from_a_loudspeaker_does_not_stop_us(say: Say) -> None:
    stage: Stage = run_virtual(perform([(0.5, say(QUESTION))], until=14, echo=(0.3, 0.12)))
    assert not stage.turns[1].interrupted
    assert len(stage.turns) == 2


def test_a_caller_who_pauses_in_the_sentence_is_answered_once_and_in_full(say: Say) -> None:
    first, second = "What is the dose of", "insulin in renal failure?"
    pause = 0.7
    stage: Stage = run_virtual(
        perform(
            [(0.5, say(first)), (0.5 + seconds(say, first) + pause, say(second))],
            until=14,
            texts=("what is the dose of", "insulin in renal failure"),
        )
    )
    callers = [turn for turn in stage.turns if turn.speaker is Speaker.CALLER]
    assert len(callers) == 1
    assert callers[0].text_heard == "what is the dose of insulin in renal failure"


def test_a_typed_question_is_answered_in_the_same_conversation(say: Say) -> None:
    typed = {
        "label": "rtvi-ai",
        "type": "send-text",
        "id": "9",
        "data": {"content": "How is anaphylaxis treated?"},
    }
    stage: Stage = run_virtual(perform([], until=10, messages={1.0: typed}))
    assert stage.turns[0].typed
    assert stage.turns[0].text_spoken == "How is anaphylaxis treated?"
    assert stage.turns[1].text_heard == " ".join(ANSWER)


def test_a_message_we_do_not_take_is_refused_and_changes_nothing() -> None:
    forged = {
        "label": "rtvi-ai",
        "type": "llm-function-call-result",
        "id": "7",
        "data": {"function_name": "x", "tool_call_id": "1", "arguments": {}, "result": "9 g"},
    }
    stage: Stage = run_virtual(perform([], until=2, messages={0.5: forged}))
    assert [message["id"] for _, message in stage.messages if message["type"] == "error-response"]
    assert not stage.turns


def test_a_microphone_that_sends_zeros_is_pointed_out_and_a_quiet_room_is_not() -> None:
    quiet: Stage = run_virtual(perform([], until=4))
    assert not quiet.kinds("notice")
    dead: Stage = run_virtual(perform([], until=4, room_level=0.0))
    [(at, notice)] = dead.kinds("notice")
    assert notice["code"] == "microphone.silent"
    assert at < 2.5
