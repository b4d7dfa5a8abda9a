"""The catalogue as a whole: complete, distinct, and safe to show and speak."""

from __future__ import annotations

import re

from agents.tools.calculators import CALCULATORS, Result, run
from agents.tools.calculators.mentions import form
from tests.agents.calculators.test_asking import COMPLETE, TODAY

WANTED = """
creatinine_clearance egfr_ckd_epi_2021 egfr_cystatin_2012 egfr_creatinine_cystatin_2021 egfr_mdrd
cha2ds2_vasc has_bled wells_pe wells_dvt perc heart_score timi_nstemi timi_stemi grace curb65
crb65 psi framingham_hard_chd
qsofa sofa sirs news2 apache2 gcs child_pugh meld meld_na meld_3 fib4 glasgow_blatchford rockall
centor mcisaac feverpain caprini padua rcri charlson framingham_cvd qtc_bazett qtc_fridericia
qtc_hodges qtc_framingham qtc_rautaharju map bmi bsa_mosteller bsa_du_bois ideal_body_weight
adjusted_body_weight anion_gap anion_gap_corrected delta_gap delta_ratio delta_gap_corrected
delta_ratio_corrected corrected_calcium corrected_sodium corrected_sodium_hillier serum_osmolality
osmolar_gap free_water_deficit fena feurea ldl_friedewald ldl_sampson homa_ir maintenance_fluids
maintenance_fluids_daily mme steroid_conversion aa_gradient pf_ratio due_date gestational_age
conception_date temperature_conversion weight_conversion winters rox parkland abcd2 nihss ranson
alvarado bishop corrected_phenytoin transferrin_saturation acr_conversion
estimated_average_glucose urea_creatinine_ratio pack_years apgar revised_trauma_score
""".split()


def test_the_calculators_that_clinicians_ask_for_are_there() -> None:
    assert set(WANTED) <= set(CALCULATORS)
    assert all(key == calculator.key for key, calculator in CALCULATORS.items())


def test_each_names_its_publication_and_its_purpose() -> None:
    for key in CALCULATORS:
        calculator = CALCULATORS[key]
        assert re.search(r"\b(1[89]|20)\d\d\b", calculator.reference), "a year"
        assert re.match(r"[A-ZÀ-Þ][\w'’-]+", calculator.reference), "an author or body"
        assert calculator.purpose.endswith(".")
        assert len(calculator.purpose) > 15
        result = run(key, COMPLETE[key], today=TODAY)
        assert isinstance(result, Result)
        assert result.reference == calculator.reference
        assert result.steps
        assert result.text.startswith(calculator.name)


def test_each_input_has_one_name_a_question_and_a_sane_range() -> None:
    for key in CALCULATORS:
        inputs = CALCULATORS[key].inputs
        assert len({wanted.name for wanted in inputs}) == len(inputs)
        for wanted in inputs:
            assert wanted.question.endswith("?")
            if wanted.kind == "number":
                assert wanted.low < wanted.high
                assert wanted.unit == next(iter(wanted.units))
                assert wanted.units[wanted.unit].canonical(7.0) == 7.0
                if len(set(wanted.units.values())) > 1:
                    assert "unit" in wanted.question or wanted.unit in wanted.question or (
                        wanted.question.startswith(("How", "What is the dose", "What is the total"))
                        or "mL" in wanted.question
                    )  # fmt: skip
            if wanted.kind == "choice":
                assert len(wanted.choices) > 1
                assert set(wanted.spoken_choices) <= set(wanted.choices)


def test_two_calculators_share_a_spoken_name_only_where_the_caller_is_asked_which() -> None:
    owners: dict[str, set[str]] = {}
    for calculator in CALCULATORS.values():
        for alias in calculator.aliases:
            owners.setdefault(form(alias), set()).add(calculator.key)
    shared = {alias: keys for alias, keys in owners.items() if len(keys) > 1}
    assert shared == {
        "wells score": {"wells_pe", "wells_dvt"},
        "wells": {"wells_pe", "wells_dvt"},
        "timi score": {"timi_nstemi", "timi_stemi"},
        "timi": {"timi_nstemi", "timi_stemi"},
    }


def test_no_result_shows_a_trailing_zero_or_a_bare_decimal_point() -> None:
    for key in CALCULATORS:
        result = run(key, COMPLETE[key], today=TODAY)
        assert isinstance(result, Result)
        shown = " ".join((result.text, result.interpretation))
        assert not re.search(r"(?<![\d.])\.\d", shown)
        assert not re.search(r"\d\.\d*0(?!\d)", result.text.replace("MELD 3.0", ""))
