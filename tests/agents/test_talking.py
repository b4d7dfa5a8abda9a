"""Follow-ups keep their subject; commands are about the sentence that was heard."""

from __future__ import annotations

import pytest

from agents.claims import Claim
from agents.commands import Command, behind_command, command_in, said_about
from agents.conversational import small_talk
from agents.follow_ups import rewrite_query
from tests.agents.evidence_made import found

SEPSIS = [("What is the dose of vancomycin in sepsis?", "From …")]


@pytest.mark.parametrize(
    ("question", "searched"),
    [
        ("And in pregnancy?", "What is the dose of vancomycin in sepsis in pregnancy"),
        ("What about gentamicin?", "What is the dose of gentamicin in sepsis"),
        ("What's the maximum?", "vancomycin in sepsis What's the maximum"),
        ("How often do I measure it?", "How often do I measure vancomycin in sepsis"),
        ("Is it safe with aspirin?", "Is vancomycin safe with aspirin in sepsis"),
        ("What is the target INR in stroke", "What is the target INR in stroke"),
        ("Is it safe to give gentamicin", "Is it safe to give gentamicin"),
    ],
)  # fmt: skip
def test_a_follow_up_is_searched_with_its_subject(question: str, searched: str) -> None:
    assert rewrite_query(SEPSIS, question) == searched


def test_a_second_circumstance_takes_the_place_of_the_first() -> None:
    history = [("dose of enoxaparin in renal impairment", ""), ("and in pregnancy?", "")]
    assert rewrite_query(history[:1], "and in pregnancy?") == "dose of enoxaparin in pregnancy"
    assert rewrite_query(history, "what about dalteparin?") == "dose of dalteparin in pregnancy"


def test_the_first_question_stands_on_its_own() -> None:
    assert rewrite_query([], "and in pregnancy?") == "and in pregnancy?"


@pytest.mark.parametrize(
    ("said", "command"),
    [
        ("Stop.", Command.STOP), ("stop talking please", Command.STOP),
        ("What's the source?", Command.SOURCE), ("where did you get that", Command.SOURCE),
        ("Read me that.", Command.READ), ("can you read the passage", Command.READ),
        ("Which page?", Command.WHERE), ("which trial was that", Command.WHERE),
        ("Repeat that.", Command.REPEAT), ("can you say that again", Command.REPEAT),
        ("slower please", Command.SLOWER), ("go on", Command.GO_ON),
        ("stop the heparin infusion in bleeding", None), ("what is the source of sepsis", None),
        ("which page of the form covers consent", None),
        ("repeat the dose when", None),
    ],
)  # fmt: skip
def test_a_command_is_told_from_a_question(said: str, command: Command | None) -> None:
    assert command_in(said) is command


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("Stop, how is sepsis treated?", "how is sepsis treated?"),
        ("wait wait what about children", "what about children"),
        ("no sorry I meant gentamicin", "I meant gentamicin"),
        ("okay stop talking when is it repeated", "when is it repeated"),
        ("hold on a second can I give it in pregnancy", "can I give it in pregnancy"),
        ("Stop metformin when?", "Stop metformin when?"),
        ("stop the heparin infusion in bleeding", "stop the heparin infusion in bleeding"),
        ("right heart failure", "right heart failure"),
        ("how do I stop warfarin", "how do I stop warfarin"),
    ],
)  # fmt: skip
def test_the_word_that_cut_in_is_no_part_of_the_question(said: str, asked: str) -> None:
    assert behind_command(said) == asked
    assert rewrite_query([], said) == asked


def test_a_command_is_about_the_claim_that_was_heard() -> None:
    heard, other = found("Give 10 units.", page=7, section="Insulin"), found("Else.", "Other page")
    claim = Claim("Give 10 units.", (heard.passage.id,))
    [source] = said_about(Command.WHERE, claim, (other, heard))
    assert source.text.startswith(
        "That is from Hyperkalaemia in adults, 2023, section Insulin, page 7"
    )
    assert source.citations == claim.citations
    assert said_about(Command.READ, claim, (other, heard))[0].text == "Give 10 units."
    assert said_about(Command.REPEAT, claim, ()) == (claim,)
    assert said_about(Command.STOP, claim, ()) == (Claim("Okay.", ()),)
    assert said_about(Command.SOURCE, None, ())[0].text == "I have not said anything yet."


def test_greetings_and_thanks_get_a_short_reply() -> None:
    assert small_talk("Thank you very much.") == "You're welcome."
    assert small_talk("thanks what is the dose of heparin") == ""


def test_a_command_is_searched_as_the_question_before() -> None:
    history = [*SEPSIS, ("And in pregnancy?", "…"), ("Repeat that.", "…")]
    assert rewrite_query(history, "What's the source?") == (
        "What is the dose of vancomycin in sepsis in pregnancy"
    )
