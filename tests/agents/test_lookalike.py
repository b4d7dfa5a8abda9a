"""A misheard drug is put right where it is clear, asked about where it is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from agents.follow_ups import rewrite_query
from agents.formulary import drugs
from agents.lookalike import hear, pairs, settle, tall_man

SAMPLE = Path(__file__).parents[2] / "rag" / "sample_library"


def test_the_lists_are_large_enough() -> None:
    assert len(pairs()) >= 120
    assert len(drugs()) >= 600


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("what is the dose of hydrolazine", "what is the dose of hydralazine"),
        ("rivaroxiban in renal failure", "rivaroxaban in renal failure"),
        ("enox aparin dose", "enoxaparin dose"),
        ("met formin and contrast", "metformin and contrast"),
        ("amio durone loading dose", "amiodarone loading dose"),
        ("lamotrigene dose", "lamotrigine dose"),
        ("metropolol dose", "metoprolol dose"),
        ("apixiban", "apixaban"),
        ("what is the vancomycin trough target", "what is the vancomycin trough target"),
        ("how do i treat severe hyperkalaemia", "how do i treat severe hyperkalaemia"),
    ],
)
def test_a_clear_mishearing_is_put_right(said: str, meant: str) -> None:
    assert hear(said).text == meant
    assert hear(said).question == ""


def test_where_two_names_survive_one_short_question_is_asked() -> None:
    heard = hear("what is the dose of hydraloxyzine")
    assert set(heard.between) == {"hydralazine", "hydroxyzine"}
    assert heard.question in (
        "Did you say hydralazine or hydroxyzine?", "Did you say hydroxyzine or hydralazine?",
    )  # fmt: skip
    assert len(heard.question.split()) <= 6


def test_the_conversations_own_drug_settles_it() -> None:
    heard = hear("and the maximum of hydraloxyzine", settled=("hydralazine",))
    assert heard.question == ""
    assert "hydralazine" in heard.text


@pytest.mark.parametrize(
    "reply", ["hydralazine", "the second one", "I said hydralazine", "hydrolazine"]
)
def test_the_answer_to_the_question_completes_the_first_one(reply: str) -> None:
    question = "What is the dose of hydraloxyzine?"
    history = [(question, hear(question).question)]
    assert history[0][1] == "Did you say hydroxyzine or hydralazine?"
    assert settle(history, reply) == "What is the dose of hydralazine?"
    assert rewrite_query(history, reply) == "What is the dose of hydralazine?"
    assert settle([], reply) == reply
    cut_off = [(history[0][0], "Did you say hydroxyzine")]
    assert settle(cut_off, reply) == "What is the dose of hydralazine?"


def test_words_of_the_library_are_not_taken_for_drugs() -> None:
    changed = [
        line
        for page in SAMPLE.glob("*.md")
        for line in page.read_text("utf-8").splitlines()[12:60:3]
        if hear(line).text != line
    ]
    assert changed == []


def test_the_screen_shows_look_alikes_in_tall_man_letters() -> None:
    assert (
        tall_man("Hydralazine, not hydroxyzine, 25 mg.") == "hydrALAZINE, not hydrOXYzine, 25 mg."
    )
    assert tall_man("Aspirin 75 mg.") == "Aspirin 75 mg."
