"""Every calculator gives the published result for its reference cases."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from agents.tools.calculators import CALCULATORS, Raw, Result, run
from tests.agents.calculators.reference_cases import CASES, DATED
from tests.agents.calculators.saying import Base, raw, value


@pytest.mark.parametrize(
    ("key", "answers", "expected"), CASES, ids=[f"{at}-{c[0]}" for at, c in enumerate(CASES)]
)
def test_a_reference_case_gives_its_published_result(
    key: str, answers: dict[str, Raw], expected: float
) -> None:
    assert value(key, answers) == pytest.approx(expected, rel=2e-4, abs=6e-4)


@pytest.mark.parametrize(("key", "answers", "today", "shown"), DATED)
def test_a_dated_reference_case_gives_its_day(
    key: str, answers: dict[str, Raw], today: str, shown: str
) -> None:
    result = run(key, answers, today=date.fromisoformat(today))
    assert isinstance(result, Result)
    assert f": {shown}" in result.text


def test_each_calculator_has_two_reference_cases() -> None:
    cases = Counter([case[0] for case in CASES] + [dated[0] for dated in DATED])
    assert len(CALCULATORS) >= 58
    assert {key: cases[key] for key in CALCULATORS if cases[key] < 2} == {}


def test_the_child_pugh_class_follows_the_points() -> None:
    base: Base = {"albumin": 4.0, "inr": 1.1, "encephalopathy": "none"}
    for bilirubin, ascites, letter in ((1, "mild", "A"), (2, "mild", "B"), (4, "moderate", "B")):
        result = run("child_pugh", raw("child_pugh", bilirubin=bilirubin, ascites=ascites, **base))
        assert isinstance(result, Result)
        assert result.interpretation.startswith(f"Class {letter}")


def test_the_pneumonia_class_follows_both_steps_of_the_publication() -> None:
    well: Base = {"sex": "male", "respiratory_rate": 16.0, "systolic": 120.0, "temperature": 37.0,
            "heart_rate": 70.0, "urea": 14.0, "sodium": 140.0, "glucose": 100.0,
            "haematocrit": 40.0}  # fmt: skip
    expected = {
        (50.0, ()): "I",  # fifty or younger, nothing in step one
        (51.0, ()): "II",
        (50.0, ("heart_failure",)): "II",  # 60 points
        (70.0, ()): "II",  # 70 points
        (71.0, ()): "III",
        (90.0, ()): "III",
        (91.0, ()): "IV",
        (100.0, ("cancer",)): "IV",  # 130 points
        (101.0, ("cancer",)): "V",
    }
    for (age, present), group in expected.items():
        result = run("psi", raw("psi", *present, age=age, **well))
        assert isinstance(result, Result)
        assert f"class {group}," in result.text, (age, present, result.text)


def test_the_stage_of_kidney_disease_follows_the_reported_whole_number() -> None:
    # 59.5 to 60.4 is reported as 60 and so G2
    for gfr, category in ((95, "G1"), (75, "G2"), (50, "G3a"), (40, "G3b"), (20, "G4"), (8, "G5")):
        answers = raw("egfr_schwartz", height=100, creatinine=0.413 * 100 / gfr)
        result = run("egfr_schwartz", answers)
        assert isinstance(result, Result)
        assert f"category {category}," in result.interpretation
