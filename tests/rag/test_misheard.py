"""Drug names that a recogniser got slightly wrong find their drug; known words are left alone."""

from __future__ import annotations

import pytest

from rag.misheard import mended

LIBRARY = {"dose", "maximum", "patient", "renal", "failure", "potassium", "hydralazine", "the"}


def known(word: str) -> bool:
    return word in LIBRARY


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("rivaroxiban dose in renal failure", "rivaroxaban dose in renal failure"),
        ("maximum enox aparin dose", "maximum enoxaparin dose"),
        ("dose of vancomicin, please", "dose of vancomycin, please"),
        ("Gentamycin", "gentamicin"),
    ],
)
def test_a_misheard_drug_is_put_right(heard: str, meant: str) -> None:
    assert mended(heard, known) == meant


@pytest.mark.parametrize(
    "said",
    [
        "hydralazine or hydroxyzine",
        "who won the football yesterday",
        "maximum dose in renal failure",
        "apixaban 2.5 mg for the patient",
        "",
    ],
)
def test_what_is_known_or_nothing_alike_stays_as_it_was_said(said: str) -> None:
    assert mended(said, known) == said
