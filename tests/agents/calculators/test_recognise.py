"""A spoken question finds its calculator and exactly the inputs that were said."""

from __future__ import annotations

from datetime import date

import pytest

from agents.tools.calculators import (
    CALCULATORS,
    Missing,
    Quantity,
    Raw,
    Result,
    parse_quantity,
    run,
)
from agents.tools.calculators.recognise import Recognised, Unclear, recognise
from agents.tools.calculators.replies import hear_reply
from agents.tools.dialogue import calculate_by_voice
from tests.agents.calculators.saying import q
from tests.agents.calculators.spoken_questions import NO_REQUEST, QUESTIONS

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("question", "key", "said"),
    QUESTIONS,
    ids=[f"{at}-{row[1]}" for at, row in enumerate(QUESTIONS)],
)
def test_a_spoken_question_gives_its_calculator_and_only_what_was_said(
    question: str, key: str, said: dict[str, Raw]
) -> None:
    assert len(QUESTIONS) >= 60
    found = recognise(question, today=TODAY)
    assert isinstance(found, Recognised)
    assert found.key == key
    assert dict(found.raw) == said
    run(key, found.raw, today=TODAY)  # usable as it is: a result, or what is missing


@pytest.mark.parametrize("question", NO_REQUEST)
def test_a_question_that_only_mentions_a_score_is_no_request(question: str) -> None:
    assert recognise(question, today=TODAY) is None


def test_the_same_question_is_always_read_the_same() -> None:
    for question, _, _ in QUESTIONS[:20]:
        assert recognise(question, today=TODAY) == recognise(question, today=TODAY)


def test_where_two_calculators_fit_the_caller_is_asked_which() -> None:
    found = recognise("calculate the wells score with a heart rate of one hundred ten")
    assert isinstance(found, Unclear)
    assert set(found.keys) == {"wells_pe", "wells_dvt"}
    assert "embolism" in found.question
    assert "thrombosis" in found.question


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("calculate the chads vasc no hypertension and diabetes", {"hypertension": False}),
        ("calculate the chads vasc no hypertension diabetes", {"hypertension": False}),
        ("calculate the chads vasc no hypertension or diabetes",
         {"hypertension": False, "diabetes": False}),
        ("calculate the chads vasc without hypertension but with diabetes",
         {"hypertension": False, "diabetes": True}),
        ("calculate the chads vasc possible stroke", {}),
        ("calculate the chads vasc family history of diabetes", {}),
        ("calculate the chads vasc hypertension yes diabetes no stroke no",
         {"hypertension": True, "diabetes": False}),
        ("calculate the chads vasc she is sixty", {}),
        ("calculate the chads vasc age over sixty five", {}),
        ("work out the chads vasc stroke risk", {}),
        ("calculate the chads vasc diabetes denies hypertension",
         {"diabetes": True, "hypertension": False}),
        # a stroke is one case of "stroke, TIA or thromboembolism": without it, a TIA may be there
        ("calculate the chads vasc no stroke", {}),
        ("calculate the chads vasc previous stroke", {"stroke": True}),
        ("calculate the chads vasc no stroke nothing else diabetes",
         {"diabetes": True, "stroke": False, "hypertension": False, "heart_failure": False,
          "vascular_disease": False}),
        # bleeding is wider than major bleeding, alcohol than eight drinks a week
        ("calculate the has bled alcohol", {}),
        ("calculate the has bled no alcohol", {"alcohol": False}),
        ("calculate the has bled no dialysis on naproxen", {"drugs": True}),
        # without a DVT there may have been a PE; a PE is no DVT, and a clot may be either
        ("calculate the perc rule no previous dvt", {}),
        ("calculate the perc rule previous pe", {"previous": True}),
        ("calculate the perc rule no history of dvt or pe", {"previous": False}),
        ("calculate the wells dvt previous pe", {}),
        ("calculate the wells dvt previous vte", {}),
        ("calculate the wells dvt previous dvt or pe", {}),
        ("calculate the wells dvt no previous vte", {"previous": False}),
        ("calculate the wells dvt previous dvt", {"previous": True}),
        ("calculate the heart score troponin three times the normal limit", {"troponin": "high"}),
        # an absence that is itself the criterion
        ("calculate the centor score no fever no cough", {"fever": False, "no_cough": True}),
        ("calculate the centor score fever nothing else",
         {"fever": True, "nodes": False, "exudate": False}),
        ("calculate the feverpain no cough", {}),
        ("calculate the feverpain no cough or coryza", {"no_cough": True}),
        ("calculate the chads vasc diabetes no other medications", {"diabetes": True}),
        ("calculate the chads vasc diabetes no other risk factors",
         {"diabetes": True, "stroke": False, "hypertension": False, "heart_failure": False,
          "vascular_disease": False}),
        # a cancer of the past is no active cancer
        ("calculate the padua score previous cancer", {}),
        ("calculate the padua score cancer", {"cancer": True}),
        ("calculate the framingham risk ex smoker", {}),
        ("calculate the meld not on dialysis", {"dialysis": False}),
        ("calculate the corrected phenytoin not on dialysis", {}),
        ("corrected phenytoin on dialysis", {"low_clearance": True}),
        ("calculate the a a gradient on forty percent oxygen fifty years old",
         {"fio2": q(40, "%"), "age": q(50, "years")}),
        ("calculate the chads vasc seventy eight female", {"age": q(78), "sex": "female"}),
    ],
)  # fmt: skip
def test_what_cannot_be_told_is_left_to_be_asked(said: str, expected: dict[str, Raw]) -> None:
    found = recognise(said, today=TODAY)
    assert isinstance(found, Recognised)
    assert dict(found.raw) == expected


def test_a_number_given_twice_or_as_a_range_is_left_to_be_asked() -> None:
    for said in (
        "calculate the egfr creatinine one hundred twenty to one hundred fifty",
        "calculate the egfr creatinine ninety or one hundred",
        "calculate the egfr creatinine ninety last week creatinine one hundred fifty today",
        "calculate the egfr creatinine above one hundred",
    ):
        found = recognise(said, today=TODAY)
        assert isinstance(found, Recognised)
        assert "creatinine" not in found.raw, said


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("one hundred thirty micromoles per litre", q(130, "µmol/L")),
        ("one thirty", q(130)),
        ("a hundred and five", q(105)),
        ("one oh five", q(105)),
        ("one point two milligrams per deciliter", q(1.2, "mg/dL")),
        ("point eight", q(0.8)),
        ("zero point zero five", q(0.05)),
        ("thirty eight point five degrees celsius", q(38.5, "°C")),
        ("ninety eight point six fahrenheit", q(98.6, "°F")),
        ("one hundred fifty thousand per microliter", q(150000, "/µL")),
        ("twelve thousand five hundred", q(12500)),
        ("two hundred and fifty ten to the nine per litre", q(250, "10^9/L")),
        ("seventy two kilos", q(72, "kg")),
        ("five foot nine", q(69, "in")),
        ("six feet", q(6, "ft")),
        ("5'9\"", q(69, "in")),
        ("eleven stone four", q(158, "lb")),
        ("one meter seventy five", q(175, "cm")),
        ("one point seven five meters", q(1.75, "m")),
        ("ten kilopascals", q(10, "kPa")),
        ("seventy five millimeters of mercury", q(75, "mmHg")),
        ("fifty percent", q(50, "%")),
        ("2.5 g/dL", q(2.5, "g/dL")),
        ("35 g/l", q(35, "g/L")),
        ("130 µmol/L", q(130, "µmol/L")),
        ("53 mmol/mol", q(53, "mmol/mol")),
        ("one and a half", q(1.5)),
        ("one and a half lakh", q(150000)),
        ("1.2 lakh per microlitre", q(120000, "/µL")),
        ("one lakh twenty thousand", q(120000)),
        ("thirty mls an hour", q(30, "mL/h")),
        ("thirty an hour", q(30, "/h")),
        ("30 cc in the last hour", q(30, "mL/h")),
        ("0.5 ml per kilo per hour", q(0.5, "mL/kg/h")),
        ("four hundred mils", q(400, "mL")),
        ("0.28 L/L", q(0.28, "fraction")),
        ("minus 3", q(-3)),
        ("no idea", None),
        ("one twenty over eighty", None),
    ],
)
def test_a_spoken_quantity_is_one_number_with_its_unit(
    said: str, expected: Quantity | None
) -> None:
    assert parse_quantity(said) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("non-smoker", {"smoker": False}),
        ("non smoker non diabetic", {"smoker": False, "diabetes": False}),
        ("not known to be diabetic", {"diabetes": False}),
        ("no hx of diabetes", {"diabetes": False}),
        ("neither a smoker nor diabetic", {"smoker": False, "diabetes": False}),
        ("diabetes ruled out", {"diabetes": False}),
        ("diabetes was excluded", {"diabetes": False}),
        ("diabetes denied", {"diabetes": False}),
        ("diabetes not present", {"diabetes": False}),
        ("diabetes: no", {"diabetes": False}),
        ("diabetes, no, smoker, yes", {"diabetes": False, "smoker": True}),
        ("no diabetes, positive smoker", {"diabetes": False, "smoker": True}),
        ("nil diabetes", {"diabetes": False}),
        ("pre-diabetic", {}),
        ("borderline diabetes", {}),
        ("gestational diabetes", {}),
        ("diabetes unlikely", {}),
        ("diabetes in remission", {}),
        ("her mother has diabetes", {}),
        ("diabetes in the family", {}),
        ("no longer diabetic", {}),
        ("stopped smoking", {}),
        ("ex-smoker", {}),
        ("smokes and is diabetic", {"smoker": True, "diabetes": True}),
    ],
)
def test_what_is_denied_doubted_or_of_another_is_never_taken_as_present(
    said: str, expected: dict[str, bool]
) -> None:
    found = recognise(f"calculate the framingham risk for a 50 year old woman, {said}", today=TODAY)
    assert isinstance(found, Recognised)
    assert {name: raw for name, raw in found.raw.items() if isinstance(raw, bool)} == expected


def test_a_dialogue_asks_for_one_thing_after_another_until_the_answer() -> None:
    found = recognise("work out the cockcroft gault for a seventy two year old woman", today=TODAY)
    assert isinstance(found, Recognised)
    given = dict(found.raw)
    replies = {
        ("weight", "value"): "eighty",
        ("weight", "unit"): "kilograms",
        ("creatinine", "value"): "it's one hundred thirty",
    }
    asked = []
    while isinstance(step := run(found.key, given, today=TODAY), Missing):
        asked.append((step.next.name, step.wants))
        answer = hear_reply(
            step.next, replies[asked[-1]], before=given.get(step.next.name), today=TODAY
        )
        assert answer is not None
        given[step.next.name] = answer
    assert asked == [("weight", "value"), ("weight", "unit"), ("creatinine", "value")]
    assert isinstance(step, Result)
    # (140−72)×80/(72×130/88.4)×0.85
    assert step.value == pytest.approx(43.671, abs=0.01)


@pytest.mark.parametrize(
    ("key", "name", "reply", "expected"),
    [
        ("news2", "oxygen", "yes she is", True),
        ("news2", "oxygen", "no", False),
        ("news2", "oxygen", "nope room air", False),
        ("news2", "oxygen", "i'm not sure", None),
        ("perc", "haemoptysis", "no idea", None),
        ("perc", "haemoptysis", "not known", None),
        ("bisap", "effusion", "not been checked", None),
        ("bisap", "effusion", "no effusion", False),
        ("news2", "oxygen", "the weather is fine", None),
        ("news2", "consciousness", "she's alert", "alert"),
        ("news2", "consciousness", "responds to pain", "pain"),
        ("news2", "consciousness", "alert or confused", None),
        ("news2", "spo2_scale", "scale two", "2"),
        ("child_pugh", "ascites", "mild", "mild"),
        ("child_pugh", "ascites", "none", "none"),
        ("child_pugh", "encephalopathy", "grade three", "grade_3_4"),
        ("cha2ds2_vasc", "sex", "it's a woman", "female"),
        ("cha2ds2_vasc", "age", "she is eighty one", q(81)),
        ("cha2ds2_vasc", "age", "between sixty and seventy", None),
        ("due_date", "lmp", "the first of march", "--03-01"),
        ("gcs", "eye", "three", q(3)),
        ("mme", "opioid", "a fentanyl patch", "fentanyl_patch"),
        ("bmi", "height", "one meter eighty", q(180, "cm")),
    ],
)
def test_a_reply_to_a_question_is_heard(
    key: str, name: str, reply: str, expected: Raw | None
) -> None:
    wanted = CALCULATORS[key].input(name)
    assert wanted is not None
    assert hear_reply(wanted, reply, today=TODAY) == expected


def test_a_case_told_in_full_is_a_request_and_an_age_behind_the_sex_is_an_age() -> None:
    told = calculate_by_voice((), "cockcroft gault male 45 years 80 kg creatinine 1.2 mg/dl")
    assert told is not None
    assert "88 mL/min" in told.text
    told = calculate_by_voice(
        (),
        "framingham risk 55 year old man cholesterol 213 mg/dl hdl 50 mg/dl systolic 120 "
        "not on treatment for hypertension non smoker no diabetes",
    )
    assert told is not None
