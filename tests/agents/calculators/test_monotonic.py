"""Results move the way the body does: more creatinine, less clearance; sicker, more points."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.tools.calculators import CALCULATORS, Quantity, Raw, Result, run
from tests.agents.calculators.test_asking import COMPLETE, TODAY

#: calculator, input, whether the result falls (-1) or rises (1) with it
DIRECTIONS = (
    ("creatinine_clearance", "creatinine", -1),
    ("creatinine_clearance", "age", -1),
    ("creatinine_clearance", "weight", 1),
    ("egfr_ckd_epi_2021", "creatinine", -1),
    ("egfr_ckd_epi_2021", "age", -1),
    ("egfr_cystatin_2012", "cystatin_c", -1),
    ("egfr_creatinine_cystatin_2021", "creatinine", -1),
    ("egfr_creatinine_cystatin_2021", "cystatin_c", -1),
    ("egfr_mdrd", "creatinine", -1),
    ("egfr_mdrd", "age", -1),
    ("framingham_cvd", "age", 1),
    ("framingham_cvd", "systolic", 1),
    ("framingham_cvd", "hdl", -1),
    ("framingham_cvd", "total_cholesterol", 1),
    ("qtc_bazett", "heart_rate", 1),
    ("qtc_fridericia", "heart_rate", 1),
    ("qtc_framingham", "qt", 1),
    ("qtc_hodges", "heart_rate", 1),
    ("qtc_rautaharju", "heart_rate", 1),
    ("meld", "bilirubin", 1),
    ("meld", "creatinine", 1),
    ("meld_na", "sodium", -1),
    ("meld_na", "inr", 1),
    ("fib4", "platelets", -1),
    ("fib4", "age", 1),
    ("aa_gradient", "fio2", 1),
    ("aa_gradient", "pao2", -1),
    ("pf_ratio", "fio2", -1),
    ("corrected_calcium", "albumin", -1),
    ("corrected_phenytoin", "albumin", -1),
    ("corrected_sodium", "glucose", 1),
    ("serum_osmolality", "urea", 1),
    ("anion_gap_corrected", "albumin", -1),
    ("maintenance_fluids", "weight", 1),
    ("bmi", "height", -1),
    ("bsa_du_bois", "weight", 1),
    ("psi", "age", 1),
    ("psi", "urea", 1),
    ("cha2ds2_vasc", "age", 1),
    ("caprini", "age", 1),
    ("charlson", "age", 1),
    ("curb65", "urea", 1),
    ("sofa", "platelets", -1),
    ("sofa", "bilirubin", 1),
    ("sofa", "creatinine", 1),
    ("sofa", "gcs", -1),
    ("apache2", "age", 1),
    ("apache2", "pao2", -1),
    ("glasgow_blatchford", "urea", 1),
    ("glasgow_blatchford", "haemoglobin", -1),
    ("child_pugh", "bilirubin", 1),
    ("child_pugh", "albumin", -1),
    ("ich_score", "gcs", -1),
    ("rockall", "systolic", -1),
)


SCORES = [
    key
    for key, calculator in CALCULATORS.items()
    if any(wanted.kind == "yesno" for wanted in calculator.inputs)
]


def _value(key: str, answers: dict[str, Raw]) -> float:
    result = run(key, answers, today=TODAY)
    assert isinstance(result, Result)
    assert isinstance(result.value, int | float)
    return result.value


@pytest.mark.parametrize(("key", "name", "sign"), DIRECTIONS)
@given(data=st.data())
@settings(max_examples=25)
def test_the_result_moves_one_way_with_an_input(
    key: str, name: str, sign: int, data: st.DataObject
) -> None:
    wanted = CALCULATORS[key].input(name)
    assert wanted is not None
    whole = st.integers(int(wanted.low), int(wanted.high)).map(float)
    numbers = whole if wanted.whole else st.floats(wanted.low, wanted.high)
    low, high = sorted((data.draw(numbers), data.draw(numbers)))
    complete = COMPLETE[key]
    at_low = _value(key, complete | {name: Quantity(low, wanted.unit)})
    at_high = _value(key, complete | {name: Quantity(high, wanted.unit)})
    assert sign * (at_high - at_low) >= -1e-9


@pytest.mark.parametrize("key", SCORES)
def test_another_criterion_never_lowers_a_risk_score(key: str) -> None:
    lowers = {("wells_dvt", "alternative")}
    yes_or_no = [wanted.name for wanted in CALCULATORS[key].inputs if wanted.kind == "yesno"]
    complete = COMPLETE[key] | dict.fromkeys(yes_or_no, False)
    for name in yes_or_no:
        without, present = _value(key, complete), _value(key, complete | {name: True})
        assert present < without if (key, name) in lowers else present >= without
