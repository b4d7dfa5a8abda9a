"""What a formula or a score computes inside: its bounds, its rows and what it does not hold for, as
published."""

from __future__ import annotations

from datetime import date

import pytest

from agents.tools.calculators import Result, run
from storage.faults import Invalid
from tests.agents.calculators.reference_cases import APACHE
from tests.agents.calculators.saying import Base, q, raw, value

MELD: Base = {"bilirubin": 3.0, "inr": 1.8, "creatinine": 1.6}
ONES: Base = {"bilirubin": 1.0, "inr": 1.0, "creatinine": 1.0}


@pytest.mark.parametrize(
    ("key", "present", "said", "expected"),
    [
        ("meld", (), {"bilirubin": 30.0, "inr": 4.0, "creatinine": 6.0}, 40),  # 48.1, capped
        ("meld", (), MELD | {"creatinine": 6.0}, 30),  # as 4.0: 30.43
        ("meld", ("dialysis",), MELD, 30),
        ("meld_na", (), MELD | {"sodium": 137.0}, 22),
        ("meld_na", (), MELD | {"sodium": 145.0}, 22),
        ("meld_na", (), MELD | {"sodium": 125.0}, 29),  # 22 + 15.84 − 8.712
        ("meld_na", (), MELD | {"sodium": 118.0}, 29),
        ("meld_na", (), ONES | {"inr": 1.5, "sodium": 125.0}, 11),  # 10.97, not above 11
        ("meld_na", (), ONES | {"inr": 1.65, "sodium": 125.0}, 23),  # 12 + 15.84 − 4.752
        ("meld_3", (), ONES | {"sex": "male", "sodium": 140.0, "albumin": 4.0, "creatinine": 5.0},
         18),  # creatinine as 3.0: 12.24 + 6
        ("meld_3", ("dialysis",), ONES | {"sex": "male", "sodium": 140.0, "albumin": 4.0}, 18),
        ("meld_3", (), ONES | {"sex": "male", "sodium": 140.0, "albumin": 1.0}, 10),  # as 1.5: 3.7
        ("meld_3", (), ONES | {"sex": "male", "sodium": 120.0, "albumin": 4.0}, 16),  # as 125: 9.84
        ("meld_3", (), ONES | {"sex": "female", "sodium": 140.0, "albumin": 4.0}, 7),  # 7.33
        ("free_water_deficit", (), {"age": 64.0, "sex": "male", "weight": 70.0, "sodium": 160.0},
         6),
        ("free_water_deficit", (), {"age": 65.0, "sex": "male", "weight": 70.0, "sodium": 160.0},
         5),
        ("free_water_deficit", (), {"age": 64.0, "sex": "female", "weight": 60.0, "sodium": 154.0},
         3),
        ("free_water_deficit", (), {"age": 65.0, "sex": "female", "weight": 60.0, "sodium": 154.0},
         2.7),
        ("free_water_deficit", (), {"age": 17.0, "sex": "female", "weight": 50.0, "sodium": 147.0},
         1.5),
        ("free_water_deficit", (), {"age": 18.0, "sex": "female", "weight": 50.0, "sodium": 147.0},
         1.25),
    ],
)  # fmt: skip
def test_bounds_inside_a_formula(
    key: str, present: tuple[str, ...], said: Base, expected: float
) -> None:
    assert value(key, raw(key, *present, **said)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("key", "row"),
    [
        ("four_ts", {"thrombocytopenia": "2", "timing": "2", "thrombosis": "2",
                     "other_causes": "2"}),
        ("apgar", dict.fromkeys(("appearance", "pulse", "grimace", "activity", "respiration"),
                                "2")),
    ],
)  # fmt: skip
def test_each_row_of_a_zero_to_two_score_gives_its_number(key: str, row: Base) -> None:
    most = 2 * len(row)
    assert value(key, raw(key, **row)) == most
    for name in row:
        assert value(key, raw(key, **(row | {name: "1"}))) == most - 1
        assert value(key, raw(key, **(row | {name: "0"}))) == most - 2


def test_each_row_of_the_bishop_score_gives_its_points() -> None:
    rows = {"dilation": ("closed", "1-2", "3-4", "5+"), "station": ("-3", "-2", "-1,0", "+1,+2"),
            "effacement": ("0-30", "40-50", "60-70", "80+"),
            "consistency": ("firm", "medium", "soft"),
            "position": ("posterior", "mid", "anterior")}  # fmt: skip
    lowest: Base = {name: choices[0] for name, choices in rows.items()}
    for name, choices in rows.items():
        for points, choice in enumerate(choices):
            assert value("bishop", raw("bishop", **(lowest | {name: choice}))) == points


def test_each_item_of_the_stroke_scale_has_its_published_maximum() -> None:
    most = {"consciousness": 3, "questions": 2, "commands": 2, "gaze": 2, "visual": 3, "facial": 3,
            "left_arm": 4, "right_arm": 4, "left_leg": 4, "right_leg": 4, "ataxia": 2,
            "sensory": 2, "language": 3, "dysarthria": 2, "neglect": 2}  # fmt: skip
    assert value("nihss", raw("nihss", **{n: float(m) for n, m in most.items()})) == 42
    for name, points in most.items():
        over = {n: float(m) for n, m in most.items()} | {name: points + 1.0}
        with pytest.raises(Invalid):
            run("nihss", raw("nihss", **over))


def test_apache_creatinine_in_micromoles_has_the_rows_published_in_mg_dl() -> None:
    for said, points in ((52, 2), (53, 0), (132, 0), (133, 2), (176, 2), (177, 3), (308, 3),
                         (309, 4)):  # fmt: skip
        answers = raw("apache2", **(APACHE | {"creatinine": q(said, "µmol/L")}))
        assert value("apache2", answers) == points


@pytest.mark.parametrize(
    ("key", "answers"),
    [
        ("winters", {"bicarbonate": 25.0}),  # no metabolic acidosis
        ("gestational_age", {"lmp": "2026-03-01", "on_date": "2026-02-28"}),
        ("gestational_age", {"lmp": "2026-03-01", "on_date": "2027-01-11"}),  # 45 weeks and 1 day
        ("gestational_age_from_due_date", {"due_date": "2027-02-06"}),  # 281 days from 1 May
    ],
)
def test_an_equation_refuses_what_it_does_not_hold_for(key: str, answers: Base) -> None:
    with pytest.raises(Invalid):
        run(key, raw(key, **answers), today=date(2026, 5, 1))


def test_a_pregnancy_is_counted_from_its_first_day_to_the_end_of_45_weeks() -> None:
    for on, shown in (("2026-03-01", "0 weeks"), ("2027-01-10", "45 weeks")):
        answers = raw("gestational_age", lmp="2026-03-01", on_date=on)
        result = run("gestational_age", answers, today=date(2026, 5, 1))
        assert isinstance(result, Result)
        assert f": {shown} on" in result.text
