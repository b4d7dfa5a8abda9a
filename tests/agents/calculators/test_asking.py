"""What is missing is asked for, one thing at a time, once, and never assumed."""

from __future__ import annotations

from datetime import date

import pytest

from agents.tools.calculators import CALCULATORS, Missing, Quantity, Raw, Result, run
from storage.faults import Invalid, NotFound
from tests.agents.calculators.reference_cases import CASES, DATED
from tests.agents.calculators.saying import q, raw

TODAY = date(2026, 5, 1)
COMPLETE: dict[str, dict[str, Raw]] = {}
for _key, _answers, _ in CASES:
    COMPLETE.setdefault(_key, _answers)
COMPLETE |= {key: answers for key, answers, day, _ in DATED if day == TODAY.isoformat()}
COMPLETE["gestational_age_from_due_date"] = {"due_date": "2026-12-06"}

#: Where a publication itself fixes what holds when nothing is said; the result says so.
STANDARDS = {
    ("due_date", "cycle"): "a 28-day cycle",
    ("creatinine_clearance", "weight_basis"): "actual weight, as published",
    ("aa_gradient", "barometric_pressure"): "sea level, 760 mmHg",
    ("gestational_age", "on_date"): "as of today",
    ("gestational_age_from_due_date", "on_date"): "as of today",
}


@pytest.mark.parametrize("key", CALCULATORS)
def test_every_missing_input_is_asked_for_exactly_once_in_order(key: str) -> None:
    answers = COMPLETE[key]
    given: dict[str, Raw] = {}
    asked: list[str] = []
    while isinstance(step := run(key, given, today=TODAY), Missing):
        assert step.next.name not in asked
        assert step.question
        assert step.wants == "value"
        names = [wanted.name for wanted in step.inputs]
        assert len(names) == len(set(names))
        asked.append(step.next.name)
        given[step.next.name] = answers[step.next.name]
    order = [wanted.name for wanted in CALCULATORS[key].inputs]
    assert asked == sorted(asked, key=order.index)
    needed = {n for n in answers if not CALCULATORS[key].input(n).standard}  # type: ignore[union-attr]
    assert set(asked) == needed


@pytest.mark.parametrize("key", CALCULATORS)
def test_a_calculation_without_any_one_input_is_never_made(key: str) -> None:
    answers = COMPLETE[key]
    for name in answers:
        wanted = CALCULATORS[key].input(name)
        assert wanted is not None
        step = run(key, {n: v for n, v in answers.items() if n != name}, today=TODAY)
        if wanted.standard:
            assert isinstance(step, Result)
        else:
            assert isinstance(step, Missing)
            assert [i.name for i in step.inputs][0] == name


def test_only_what_a_publication_fixes_needs_not_be_said_and_the_result_says_it() -> None:
    found = {
        (calculator.key, wanted.name): wanted.standard
        for calculator in CALCULATORS.values()
        for wanted in calculator.inputs
        if wanted.standard
    }
    assert found == STANDARDS
    for (key, name), said in STANDARDS.items():
        answers = {n: v for n, v in COMPLETE[key].items() if n != name}
        result = run(key, answers, today=TODAY)
        assert isinstance(result, Result)
        assert said in result.text


@pytest.mark.parametrize("key", CALCULATORS)
def test_the_result_reads_back_every_input_with_its_unit(key: str) -> None:
    result = run(key, COMPLETE[key], today=TODAY)
    assert isinstance(result, Result)
    assert len(result.inputs_read_back) == len(COMPLETE[key])
    for name, said in COMPLETE[key].items():
        wanted = CALCULATORS[key].input(name)
        assert wanted is not None
        entries = [e for e in result.inputs_read_back if e.startswith(wanted.label)]
        assert entries, name
        if isinstance(said, Quantity):
            assert f"{said.value:g}" in " ".join(entries)
            assert f"{said.value:g}" in result.text
        if wanted.kind == "yesno":
            part = "yes to" if said is not bool(wanted.opposite) else "no to"
            assert (wanted.opposite or wanted.label) in result.text.split(part, 1)[1]
        if wanted.kind == "choice":
            assert wanted.choices[str(said)] in result.text


@pytest.mark.parametrize("key", CALCULATORS)
def test_a_number_out_of_range_is_refused_with_its_field_and_what_is_accepted(key: str) -> None:
    for name, said in COMPLETE[key].items():
        wanted = CALCULATORS[key].input(name)
        assert wanted is not None
        if not isinstance(said, Quantity):
            continue
        for wrong in (wanted.high * 1.01 + 1, wanted.low - abs(wanted.low) * 0.01 - 1):
            with pytest.raises(Invalid) as caught:
                run(key, COMPLETE[key] | {name: Quantity(wrong, wanted.unit)}, today=TODAY)
            assert caught.value.field == name
            assert wanted.label in caught.value.sentence
            assert caught.value.remedy


@pytest.mark.parametrize("key", CALCULATORS)
def test_every_unit_gives_the_same_result_and_is_read_back_as_said(key: str) -> None:
    tables = {"said as such", "ldl_friedewald", "corrected_calcium"}  # published apart for mmol/L
    baseline = run(key, COMPLETE[key], today=TODAY)
    assert isinstance(baseline, Result)
    for name, said in COMPLETE[key].items():
        wanted = CALCULATORS[key].input(name)
        assert wanted is not None
        if not isinstance(said, Quantity) or key in tables or key.endswith("_conversion"):
            continue
        unit = said.unit
        if unit is None:
            within = [u for u, s in wanted.units.items()
                      if wanted.low <= s.canonical(said.value) <= wanted.high]  # fmt: skip
            unit = within[0]
        canonical = wanted.units[unit].canonical(said.value)
        for other, scale in wanted.units.items():
            same = Quantity(scale.said(canonical), other)
            result = run(key, COMPLETE[key] | {name: same}, today=TODAY)
            assert isinstance(result, Result)
            assert result.value == pytest.approx(baseline.value), (name, other)
            if other not in ("fraction", ""):
                assert any(
                    entry.startswith(wanted.label) and entry.endswith(other)
                    for entry in result.inputs_read_back
                )


def test_a_bare_number_that_fits_one_unit_takes_it_and_is_read_back_with_it() -> None:
    answers = raw("egfr_ckd_epi_2021", age=60.0, sex="male", creatinine=q(130))
    result = run("egfr_ckd_epi_2021", answers)
    assert isinstance(result, Result)
    assert "creatinine 130 µmol/L" in result.text
    result = run("egfr_ckd_epi_2021", answers | {"creatinine": q(1.2)})
    assert isinstance(result, Result)
    assert "creatinine 1.2 mg/dL" in result.text


@pytest.mark.parametrize(
    ("key", "name", "bare", "units"),
    [
        ("egfr_ckd_epi_2021", "creatinine", 20, ("mg/dL", "µmol/L")),
        ("serum_osmolality", "glucose", 20, ("mg/dL", "mmol/L")),
        ("meld", "bilirubin", 30, ("mg/dL", "µmol/L")),
        ("bmi", "weight", 80, ("kg", "lb")),
        ("pf_ratio", "pao2", 60, ("mmHg", "kPa")),
        ("acr_conversion", "acr", 30, ("mg/mmol", "mg/g")),
        ("curb65", "urea", 20, ("mg/dL", "mmol/L")),
    ],
)
def test_a_bare_number_that_fits_several_units_is_asked_for_its_unit(
    key: str, name: str, bare: float, units: tuple[str, ...]
) -> None:
    step = run(key, COMPLETE[key] | {name: q(bare)})
    assert isinstance(step, Missing)
    assert step.next.name == name
    assert step.wants == "unit"
    assert f"{bare:g}" in step.question
    assert all(unit in step.question for unit in units)


@pytest.mark.parametrize(
    ("name", "bare", "unit"),
    [("temperature", 38.2, "°C"), ("temperature", 100.4, "°F")],
)
def test_a_temperature_names_its_own_unit(name: str, bare: float, unit: str) -> None:
    result = run("news2", COMPLETE["news2"] | {name: q(bare)})
    assert isinstance(result, Result)
    assert f"temperature {bare:g} {unit}" in result.text


def test_a_height_names_its_own_unit() -> None:
    for bare, unit in ((175, "cm"), (1.75, "m"), (69, "in"), (5.75, "ft")):
        result = run("bmi", {"weight": q(80, "kg"), "height": q(bare)})
        assert isinstance(result, Result)
        assert f"height {bare:g} {unit}" in result.text


def test_an_amount_of_urea_nitrogen_is_never_called_urea() -> None:
    rest = {name: said for name, said in COMPLETE["bisap"].items() if name != "urea"}
    for unit, told in (
        ("mg/dL", "urea nitrogen 20 mg/dL"),
        ("mmol/L", "urea 20 mmol/L"),
        ("mg/dL urea", "urea 20 mg/dL urea"),
    ):
        result = run("bisap", rest | {"urea": q(20, unit)})
        assert isinstance(result, Result)
        assert told in result.text
    with pytest.raises(Invalid) as caught:
        run("bisap", rest | {"urea": q(900, "mg/dL")})
    assert "1 to 400 mg/dL of urea nitrogen" in caught.value.remedy


def test_an_unknown_unit_is_refused_with_the_accepted_ones() -> None:
    with pytest.raises(Invalid) as caught:
        run("bmi", {"weight": q(80, "mmHg"), "height": q(175)})
    assert caught.value.field == "weight"
    assert "kg" in caught.value.remedy
    assert "lb" in caught.value.remedy


@pytest.mark.parametrize("said", ["umol/L", "micromoles per litre", "µmol/l", "μmol/L"])
def test_a_unit_may_be_spelled_or_spoken(said: str) -> None:
    result = run("creatinine_conversion", {"creatinine": q(88.4, said)})
    assert isinstance(result, Result)
    assert result.value == pytest.approx(1.0)


def test_what_is_not_a_number_a_choice_or_an_answer_is_refused_by_name() -> None:
    complete = COMPLETE["news2"]
    for name, wrong in (
        ("respiratory_rate", "many"),
        ("respiratory_rate", q(float("nan"))),
        ("respiratory_rate", True),
        ("consciousness", "blue"),
        ("oxygen", "perhaps"),
        ("shoe_size", q(43)),
    ):
        with pytest.raises(Invalid) as caught:
            run("news2", complete | {name: wrong})
        assert caught.value.field == name
    with pytest.raises(Invalid) as fraction:
        run("gcs", {"eye": q(3.5), "verbal": q(4), "motor": q(5)})
    assert fraction.value.field == "eye"


def test_an_unknown_calculator_is_not_found() -> None:
    with pytest.raises(NotFound):
        run("astrology", {})


def test_an_input_that_only_matters_after_another_is_asked_only_then() -> None:
    given: dict[str, Raw] = {
        "age": q(60), "sex": "male", "weight": q(100, "kg"), "creatinine": q(1.0),
        "weight_basis": "ideal",
    }  # fmt: skip
    step = run("creatinine_clearance", given)
    assert isinstance(step, Missing)
    assert [wanted.name for wanted in step.inputs] == ["height"]
    low = {n: v for n, v in COMPLETE["apache2"].items() if n != "fio2"}
    assert isinstance(run("apache2", low | {"fio2": q(0.4)}), Result)
    high = run("apache2", low | {"fio2": q(50, "%")})
    assert isinstance(high, Missing)
    assert high.next.name == "paco2"


def test_friedewald_is_refused_above_its_triglycerides() -> None:
    lipids: dict[str, Raw] = {"total_cholesterol": q(6, "mmol/L"), "hdl": q(1, "mmol/L")}
    for fine, high in (((4.5, "mmol/L"), (4.51, "mmol/L")), ((400, "mg/dL"), (401, "mg/dL"))):
        assert isinstance(run("ldl_friedewald", lipids | {"triglycerides": q(*fine)}), Result)
        with pytest.raises(Invalid) as caught:
            run("ldl_friedewald", lipids | {"triglycerides": q(*high)})
        assert caught.value.field == "triglycerides"
        assert isinstance(run("ldl_sampson", lipids | {"triglycerides": q(*high)}), Result)


@pytest.mark.parametrize(
    ("said", "shown"),
    [("--03-01", "1 March 2026"), ("march first", "1 March 2026"), ("2026-03-01", "1 March 2026"),
     ("the first of march twenty twenty six", "1 March 2026"), ("two weeks ago", "17 April 2026"),
     ("yesterday", "30 April 2026"), ("12 november", "12 November 2025")],
)  # fmt: skip
def test_a_date_is_read_back_with_the_only_year_it_can_have(said: str, shown: str) -> None:
    result = run("due_date", {"lmp": said}, today=TODAY)
    assert isinstance(result, Result)
    assert result.inputs_read_back[0].endswith(shown)


def test_a_longer_cycle_moves_the_due_date_by_as_many_days() -> None:
    for days, shown in ((28, "6 December 2026"), (32, "10 December 2026"), (26, "4 December 2026")):
        result = run("due_date", {"lmp": "2026-03-01", "cycle": q(days, "days")}, today=TODAY)
        assert isinstance(result, Result)
        assert f": {shown}, from" in result.text
        assert f"cycle {days} days" in result.text


@pytest.mark.parametrize("said", ["2024-03-01", "2026-06-01", "in the spring", "31 february", ""])
def test_a_date_that_cannot_be_is_refused(said: str) -> None:
    with pytest.raises(Invalid) as caught:
        run("due_date", {"lmp": said}, today=TODAY)
    assert caught.value.field == "lmp"


def test_a_refusal_repeats_nothing_that_was_said() -> None:
    with pytest.raises(Invalid) as caught:
        run("bmi", {"weight": q(4321, "kg"), "height": q(175)})
    assert "4321" not in caught.value.sentence + caught.value.remedy + str(caught.value)
