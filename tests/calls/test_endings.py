"""What a caller's words leave to be said."""

from __future__ import annotations

import pytest

from voice_server.calls.endings import Ending, ending_of, goes_on


@pytest.mark.parametrize(
    "text",
    [
        "what is the dose of",
        "and",
        "is it for the",
        "how much",
        "what is the um",
        "can I give amoxicillin to a patient who is allergic to",
        "what is the target INR for a mechanical",
        "convert ten milligrams of oral morphine to subcutaneous",
        "could you tell me",
        "my patient",
        "how often should I check the INR after starting",
        "how should I wean a patient off",
        "what monitoring is needed when you start",
        "so I was wondering,",
    ],
)
def test_a_phrase_that_is_not_over(text: str) -> None:
    assert ending_of(text) in (Ending.OPEN, Ending.PENDING)


@pytest.mark.parametrize(
    "text",
    [
        "the patient is eighty four years old",
        "I have a patient with diabetic ketoacidosis",
        "she had a seizure for ten minutes",
        "what is the antidote",
        "what is the loading dose",
        "which antibiotic",
        "which size of endotracheal tube",
        "how much potassium chloride",
        "please compare apixaban",
        "how do I treat",
        "the weight is sixty",
    ],
)
def test_a_question_that_has_not_come_yet(text: str) -> None:
    assert ending_of(text) is Ending.PENDING


@pytest.mark.parametrize(
    "text",
    [
        "what is the dose of heparin",
        "can I give amoxicillin",
        "what is it used for",
        "how do I treat DKA",
        "what about gentamicin",
        "what about the maximum dose",
        "tell me about sepsis",
        "what drug do I give",
        "how is that given",
        "read me that",
        "adrenaline dose anaphylaxis",
        "which drug should I start with",
    ],
)
def test_a_whole_question_that_may_be_narrowed(text: str) -> None:
    assert ending_of(text) in (Ending.BARE, Ending.FULL)


@pytest.mark.parametrize(
    "text",
    [
        "stop",
        "no",
        "Yes.",
        "what is the dose of vancomycin in renal failure",
        "when should I stop the apixaban before surgery",
        "what is the loading dose of phenytoin",
        "is it safe to use a beta blocker after cocaine use",
        "I have a patient with DKA and a potassium of three what should I do",
        "what antibiotic for a woman with cystitis who is not pregnant",
    ],
)
def test_a_question_with_its_circumstance(text: str) -> None:
    assert ending_of(text) is Ending.FULL


def test_a_statement_is_an_answer_where_we_asked() -> None:
    assert ending_of("she is eighty four years old") is Ending.PENDING
    assert ending_of("she is eighty four years old", replying=True) is Ending.FULL
    assert ending_of("the weight is sixty", replying=True) is Ending.BARE


def test_no_words_say_nothing() -> None:
    assert ending_of("") is Ending.NOTHING
    assert ending_of(" ? ") is Ending.NOTHING


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in renal failure", True),
        ("if the count is eighteen", True),
        ("sixty kilos", True),
        ("what about children", False),
        ("no I said insulin", False),
        ("stop", False),
        ("how long for", False),
        ("", False),
    ],
)
def test_words_that_go_on_with_a_question(text: str, expected: bool) -> None:
    assert goes_on(text) is expected
