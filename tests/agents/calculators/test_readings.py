"""What a result means, on both sides of each published boundary."""

from __future__ import annotations

import pytest

from agents.tools.calculators import CALCULATORS, Raw, Result, run
from storage.faults import Invalid
from tests.agents.calculators.reference_cases import CHARLSON, NEWS
from tests.agents.calculators.saying import Base, q, raw, value


def reading(key: str, answers: dict[str, Raw]) -> str:
    result = run(key, answers)
    assert isinstance(result, Result)
    return result.interpretation


HEART: Base = {
    "history": "high",
    "ecg": "st_deviation",
    "risk_factors": "none",
    "troponin": "normal",
}
FOUR: tuple[str, ...] = ("fever", "no_cough", "nodes", "exudate")
WELLS: Base = {"heart_rate": 80.0}
CHD: Base = {"age": 50.0, "sex": "male", "total_cholesterol": 200.0, "hdl": 50.0}
OSMOLES: Base = {"sodium": 140.0, "glucose": 90.0, "urea": 28.0}
PE = ("dvt_signs", "cancer")
CARE = ("purulence", "fever", "inflamed", "no_cough", "attends_rapidly")
NSTEMI = ("risk_factors", "stenosis", "aspirin", "severe_angina", "st_deviation", "markers")

ROWS: tuple[tuple[str, tuple[str, ...], Base, str], ...] = (
    ("cha2ds2_vasc", (), {"age": 50, "sex": "male"}, "Low risk"),
    ("cha2ds2_vasc", (), {"age": 50, "sex": "female"}, "Low risk"),
    ("cha2ds2_vasc", ("diabetes",), {"age": 50, "sex": "male"}, "considered"),
    ("cha2ds2_vasc", ("diabetes",), {"age": 50, "sex": "female"}, "considered"),
    ("cha2ds2_vasc", ("stroke",), {"age": 50, "sex": "male"}, "recommended"),
    ("cha2ds2_vasc", ("stroke",), {"age": 50, "sex": "female"}, "recommended"),
    ("cha2ds2_va", (), {"age": 50}, "No recommendation"),
    ("cha2ds2_va", ("diabetes",), {"age": 50}, "considered"),
    ("cha2ds2_va", ("stroke",), {"age": 50}, "recommended"),
    ("has_bled", ("drugs",), {"age": 50}, "Low"),
    ("has_bled", ("drugs", "stroke"), {"age": 50}, "Moderate"),
    ("has_bled", ("drugs", "stroke", "alcohol"), {"age": 50}, "High"),
    ("rcri", (), {"creatinine": 1}, "0.4%"),
    ("rcri", ("insulin",), {"creatinine": 1}, "0.9%"),
    ("rcri", ("insulin", "heart_failure"), {"creatinine": 1}, "6.6%"),
    ("rcri", ("insulin", "heart_failure", "high_risk_surgery"), {"creatinine": 1}, "11%"),
    ("heart_score", (), HEART | {"age": 40, "ecg": "nonspecific"}, "1.7%"),
    ("heart_score", (), HEART | {"age": 40}, "16.6%"),
    ("heart_score", (), HEART | {"age": 70}, "16.6%"),
    ("heart_score", (), HEART | {"age": 70, "troponin": "raised"}, "50.1%"),
    ("timi_nstemi", (), {"age": 50}, "4.7%"),
    ("timi_nstemi", NSTEMI[:1], {"age": 50}, "4.7%"),
    ("timi_nstemi", NSTEMI[:2], {"age": 50}, "8.3%"),
    ("timi_nstemi", NSTEMI[:3], {"age": 50}, "13.2%"),
    ("timi_nstemi", NSTEMI[:4], {"age": 50}, "19.9%"),
    ("timi_nstemi", NSTEMI[:5], {"age": 50}, "26.2%"),
    ("timi_nstemi", NSTEMI, {"age": 50}, "40.9%"),
    ("timi_nstemi", NSTEMI, {"age": 70}, "40.9%"),
    ("wells_pe", ("cancer",), WELLS, "unlikely (4 or below); low"),
    ("wells_pe", ("cancer", "haemoptysis"), WELLS, "unlikely (4 or below); moderate"),
    ("wells_pe", PE, WELLS, "unlikely (4 or below); moderate"),
    ("wells_pe", ("dvt_signs", "previous"), WELLS, "PE likely (above 4); moderate"),
    ("wells_pe", ("dvt_signs", "no_alternative"), WELLS, "PE likely (above 4); moderate"),
    ("wells_pe", ("dvt_signs", "no_alternative", "cancer"), WELLS, "PE likely (above 4); high"),
    ("wells_dvt", ("cancer",), {}, "unlikely"),
    ("wells_dvt", ("cancer", "tenderness"), {}, "DVT likely"),
    ("geneva_revised", ("leg_pain",), {"age": 50, "heart_rate": 60}, "Low"),
    ("geneva_revised", ("leg_signs",), {"age": 50, "heart_rate": 60}, "Intermediate"),
    ("geneva_revised", ("leg_signs", "leg_pain", "previous"), {"age": 50, "heart_rate": 60},
     "Intermediate"),
    ("geneva_revised", ("leg_signs", "leg_pain", "previous"), {"age": 70, "heart_rate": 60},
     "High"),
    ("padua", ("cancer",), {"age": 50}, "Low"),
    ("padua", ("cancer",), {"age": 70}, "High"),
    ("caprini", ("hormones",), {"age": 30}, "Low"),
    ("caprini", ("cancer",), {"age": 30}, "Moderate"),
    ("caprini", ("previous",), {"age": 30}, "High risk (3 to 4)"),
    ("caprini", ("previous",), {"age": 50}, "High risk (3 to 4)"),
    ("caprini", ("stroke",), {"age": 30}, "Highest"),
    ("centor", FOUR[:2], {}, "unlikely"),
    ("centor", FOUR[:3], {}, "more likely"),
    ("mcisaac", FOUR[:1], {"age": 30}, "1 to 10%"),
    ("mcisaac", FOUR[:2], {"age": 30}, "11 to 17%"),
    ("mcisaac", FOUR[:3], {"age": 30}, "28 to 35%"),
    ("mcisaac", FOUR, {"age": 30}, "51 to 53%"),
    ("feverpain", CARE[:1], {}, "13 to 18%"),
    ("feverpain", CARE[:2], {}, "34 to 40%"),
    ("feverpain", CARE[:4], {}, "62 to 65%"),
    ("qsofa", (), {"respiratory_rate": 22, "systolic": 120}, "Below 2"),
    ("qsofa", (), {"respiratory_rate": 22, "systolic": 100}, "2 or more"),
    ("news2", (), NEWS, "Low:"),
    ("news2", (), NEWS | {"respiratory_rate": 25}, "single parameter"),
    ("news2", (), NEWS | {"respiratory_rate": 21, "heart_rate": 111}, "Low:"),
    ("news2", (), NEWS | {"respiratory_rate": 21, "heart_rate": 111, "temperature": 38.5},
     "Medium"),
    ("news2", (), NEWS | {"respiratory_rate": 25, "heart_rate": 111, "temperature": 39.5},
     "High"),
    ("charlson", (), CHARLSON | {"age": 40}, "98%"),  # 0.983^1
    ("charlson", (), CHARLSON | {"age": 90}, "53%"),  # 0.983^(e^3.6)
    ("bisap", ("sirs",), {"urea": 20, "age": 50}, "1: mortality below 1%"),
    ("bisap", ("sirs", "effusion"), {"urea": 20, "age": 50}, "2: mortality about 2%"),
    ("bisap", ("sirs", "effusion"), {"urea": 20, "age": 61}, "5 to 8%"),
    ("bisap", ("sirs", "effusion"), {"urea": 26, "age": 61}, "13 to 19%"),
    ("bisap", ("sirs", "effusion", "impaired_mental_status"), {"urea": 26, "age": 61},
     "22 to 27%"),
    ("charlson", ("aids",), CHARLSON | {"age": 40}, "2%"),  # 0.983^(e^5.4) = e^(−0.01715×221.4)
    ("bmi", (), {"weight": 18.4 * 4, "height": 200}, "underweight"),
    ("bmi", (), {"weight": 18.6 * 4, "height": 200}, "normal"),
    ("bmi", (), {"weight": 100, "height": 200}, "overweight"),
    ("bmi", (), {"weight": 120, "height": 200}, "obesity class 1"),
    ("bmi", (), {"weight": 140, "height": 200}, "obesity class 2"),
    ("bmi", (), {"weight": 160, "height": 200}, "obesity class 3"),
    ("pf_ratio", (), {"pao2": 301, "fio2": 1}, "Above 300"),
    ("pf_ratio", (), {"pao2": 300, "fio2": 1}, "mild"),
    ("pf_ratio", (), {"pao2": 200, "fio2": 1}, "moderate"),
    ("pf_ratio", (), {"pao2": 100, "fio2": 1}, "severe"),
    ("fib4", (), {"age": 50, "ast": 56, "alt": 64, "platelets": 250}, "unlikely"),  # 1.4
    ("fib4", (), {"age": 50, "ast": 60, "alt": 64, "platelets": 250}, "indeterminate"),  # 1.5
    ("fib4", (), {"age": 50, "ast": 132, "alt": 64, "platelets": 250}, "fibrosis likely"),  # 3.3
    ("fib4", (), {"age": 65, "ast": 60, "alt": 64, "platelets": 250}, "2.0"),
    ("maddrey", (), {"prothrombin_time": 17, "control_pt": 12, "bilirubin": 9}, "severe"),
    ("maddrey", (), {"prothrombin_time": 17, "control_pt": 12, "bilirubin": 8.9}, "Below 32"),
    ("acr_conversion", (), {"acr": q(29, "mg/g")}, "A1"),
    ("acr_conversion", (), {"acr": q(30, "mg/g")}, "A2"),
    ("acr_conversion", (), {"acr": q(300, "mg/g")}, "A2"),
    ("acr_conversion", (), {"acr": q(301, "mg/g")}, "A3"),
    ("acr_conversion", (), {"acr": q(2.9, "mg/mmol")}, "A1"),
    ("acr_conversion", (), {"acr": q(3, "mg/mmol")}, "A2"),
    ("acr_conversion", (), {"acr": q(30.1, "mg/mmol")}, "A3"),
    # 360/∛(60/100) is 427 by Fridericia; 465 by Bazett
    ("qtc", (), {"qt": 360, "heart_rate": 100}, "By Fridericia: Not prolonged"),
    ("qtc", (), {"qt": 449, "heart_rate": 60}, "Not prolonged"),
    ("qtc", (), {"qt": 450, "heart_rate": 60}, "in men"),
    ("qtc", (), {"qt": 460, "heart_rate": 60}, "Prolonged: from"),
    ("qtc", (), {"qt": 500, "heart_rate": 60}, "torsade"),
    ("qtc_rautaharju", (), {"qt": 445, "heart_rate": 60}, "440 and 450 ms from 40 to 69"),
    ("qtc_rautaharju", (), {"qt": 500, "heart_rate": 60}, "torsade"),
    ("framingham_hard_chd", ("treated",), CHD | {"systolic": 119}, "no treatment: 3.9% without it"),
    ("framingham_hard_chd", ("treated",), CHD | {"systolic": 120}, "Low risk, below 10%."),
    ("aa_gradient", (), {"age": 40, "fio2": 0.21, "pao2": 120, "paco2": 40}, "cannot be"),
    ("fib4", (), {"age": 34, "ast": 56, "alt": 64, "platelets": 250}, "Not reliable below 35"),
    ("fib4", (), {"age": 35, "ast": 56, "alt": 64, "platelets": 250}, "below 1.3 rules out"),
    ("ldl_friedewald", (), {"total_cholesterol": 100, "hdl": 60, "triglycerides": 300},
     "does not hold"),
    ("ldl_sampson", (), {"total_cholesterol": 100, "hdl": 95, "triglycerides": 300},
     "does not hold"),
    # 370 − 295 − 276/4.6 = 15; − 276/3.7 = 0.4
    ("osmolar_gap_ethanol", (), OSMOLES | {"measured_osmolality": 370, "ethanol": 276},
     "It is 0 mOsm/kg, not raised, with ethanol divided by 3.7"),
    ("osmolar_gap_ethanol", (), OSMOLES | {"measured_osmolality": 370, "ethanol": 46},
     "renal failure."),
    ("maintenance_fluids", (), {"weight": 4.9}, "Not for newborns"),
    ("maintenance_fluids", (), {"weight": 46}, "males rarely need more than 2500 mL"),
    ("maintenance_fluids_daily", (), {"weight": 4.9}, "Not for newborns"),
    ("maintenance_fluids_daily", (), {"weight": 46}, "females 2000 mL"),
    ("carboplatin", (), {"auc": 5, "gfr": 90}, "not per 1.73 m²."),
    ("creatinine_clearance", (), {"age": 50, "sex": "female", "weight": 60, "creatinine": 1,
     "weight_basis": "ideal", "height": 150}, "published for heights above 152.4 cm"),
    ("mme", (), {"opioid": "morphine", "daily_dose": 49}, "Below 50"),
    ("mme", (), {"opioid": "morphine", "daily_dose": 50}, "50 MME a day or more"),
    ("rox", (), {"spo2": 97.6, "fio2": 1, "respiratory_rate": 20}, "low risk"),
    ("rox", (), {"spo2": 97, "fio2": 1, "respiratory_rate": 20}, "Below 4.88"),
    ("carboplatin", (), {"auc": 5, "gfr": 126}, "cap"),
    ("revised_trauma_score", (), {"gcs": 5, "systolic": 60, "respiratory_rate": 8}, "Below 4"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("key", "present", "said", "means"), ROWS, ids=[f"{at}-{row[0]}" for at, row in enumerate(ROWS)]
)
def test_a_result_is_read_as_published(
    key: str, present: tuple[str, ...], said: Base, means: str
) -> None:
    assert means in reading(key, raw(key, *present, **said))


def test_a_small_amount_is_never_converted_to_zero() -> None:
    result = run("weight_conversion", {"weight": q(3, "g")})
    assert isinstance(result, Result)
    assert ": 0.003 kg, 0.0066 lb, 0.00047 stone, from" in result.text


def test_stemi_mortality_rises_by_the_published_table() -> None:
    table = ("0.8%", "1.6%", "2.2%", "4.4%", "7.3%", "12.4%", "16.1%", "23.4%", "26.8%", "35.9%")
    well: Base = {"age": 50.0, "systolic": 120.0, "heart_rate": 80.0, "killip": "1", "weight": 80.0}
    steps: tuple[tuple[tuple[str, ...], Base], ...] = (
        ((), {}),
        (("history",), {}),
        ((), {"killip": "2"}),
        ((), {"systolic": 99.0}),
        (("history",), {"systolic": 99.0}),
        ((), {"systolic": 99.0, "killip": "2"}),
        (("history",), {"systolic": 99.0, "killip": "2"}),
        ((), {"systolic": 99.0, "killip": "2", "heart_rate": 101.0}),
        (("history",), {"systolic": 99.0, "killip": "2", "heart_rate": 101.0}),
        (("history", "delay"), {"systolic": 99.0, "killip": "2", "heart_rate": 101.0}),
    )
    for points, (present, said) in enumerate(steps):
        answers = raw("timi_stemi", *present, **(well | said))
        assert value("timi_stemi", answers) == points
        assert reading("timi_stemi", answers) == f"Death within 30 days: {table[points]}."


@pytest.mark.parametrize(
    ("key", "name", "told"),
    [
        ("has_bled", "abnormal_liver", "bilirubin over 2 times with transaminases over 3 times"),
        ("has_bled", "alcohol", "8 or more units"),
        ("heart_score", "troponin", "or 3 or more times the normal limit"),
        ("four_ts", "timing", "within 1 day after heparin 30 to 100 days ago"),
        ("geneva_revised", "surgery", "under general anaesthesia or leg fracture"),
        ("geneva_revised", "cancer", "active or cured for less than a year"),
        ("wells_pe", "cancer", "treated in the past 6 months or palliative"),
        ("padua", "cancer", "metastatic or treated in the past 6 months"),
        ("sirs", "low_paco2", "32 mmHg (4.3 kPa)"),
        ("ranson", "low_oxygen", "60 mmHg (8 kPa)"),
    ],
)
def test_a_criterion_is_asked_for_as_its_publication_defines_it(
    key: str, name: str, told: str
) -> None:
    wanted = CALCULATORS[key].input(name)
    assert wanted is not None
    assert told in wanted.question


@pytest.mark.parametrize(
    ("age", "present", "told"),
    [  # 10 for the pressure and 4 for creatinine beside the age and the findings
        (40, ("st_deviation", "cardiac_arrest"), "below 1% without ST elevation, below 2% with"),
        (60, ("cardiac_arrest", "markers"), "1 to 3% without ST elevation, below 2% with"),  # 125
        (80, ("st_deviation",), "1 to 3% without ST elevation, 2 to 5% with"),
        (80, ("cardiac_arrest",), "above 3% without ST elevation, 2 to 5% with"),
        (80, ("cardiac_arrest", "markers"), "above 3% without ST elevation, above 5% with"),
    ],
)
def test_the_grace_score_is_read_with_and_without_st_elevation(
    age: float, present: tuple[str, ...], told: str
) -> None:
    low: Base = {"heart_rate": 45.0, "systolic": 170.0, "creatinine": 0.5, "killip": "1"}
    assert told in reading("grace", raw("grace", *present, age=age, **low))


def test_the_two_doses_of_betamethasone_are_both_told() -> None:
    for drug, told in (("betamethasone", True), ("dexamethasone", False)):
        answers = raw("steroid_conversion", from_steroid="prednisolone", steroid_dose=5.0,
                      to_steroid=drug)  # fmt: skip
        assert ("0.75 mg of betamethasone" in reading("steroid_conversion", answers)) is told


@pytest.mark.parametrize(
    ("key", "answers", "shown", "means"),
    [
        ("bmi", {"weight": 79.88, "height": 178.7}, "25 kg/m²", "overweight"),
        ("qtc_hodges", {"qt": 459.6, "heart_rate": 60.0}, "460 ms", "460 ms in women (AHA"),
        ("pf_ratio", {"pao2": 100.2, "fio2": 0.5}, "200 mmHg", "moderate"),
    ],
)
def test_a_reading_never_contradicts_the_number_that_is_shown(
    key: str, answers: Base, shown: str, means: str
) -> None:
    result = run(key, raw(key, **answers))
    assert isinstance(result, Result)
    assert f": {shown}, from" in result.text
    assert means in result.interpretation


def test_the_delta_gap_is_told_with_both_its_changes() -> None:
    answers = raw("delta_gap", sodium=140.0, chloride=100.0, bicarbonate=14.0)
    result = run("delta_gap", answers)  # gap 26; (26 − 12) − (24 − 14)
    assert isinstance(result, Result)
    assert "4 mmol/L, the gap 14 above 12 and bicarbonate 10 below 24" in result.text


def test_what_is_accepted_is_said_in_figures_that_can_be_said() -> None:
    with pytest.raises(Invalid) as caught:
        run("bmi", raw("bmi", weight=80.0, height=q(9, "ft")))
    assert "39.4 to 98.4 in or 3.29 to 8.2 ft" in caught.value.remedy


def test_a_conversion_shows_every_other_unit() -> None:
    said: dict[str, tuple[dict[str, Raw], tuple[str, ...]]] = {
        "temperature_conversion": ({"temperature": q(39.5, "°C")}, ("103.1 °F",)),
        "weight_conversion": ({"weight": q(70, "kg")}, ("154.32 lb", "11.02 stone")),
        "height_conversion": ({"height": q(170, "cm")}, ("66.93 in", "5.58 ft", "1.7 m")),
        "glucose_conversion": ({"glucose": q(100, "mg/dL")}, ("5.6 mmol/L",)),
        "creatinine_conversion": ({"creatinine": q(1.24, "mg/dL")}, ("110 µmol/L",)),
        "bilirubin_conversion": ({"bilirubin": q(50, "µmol/L")}, ("2.92 mg/dL",)),
        "calcium_conversion": ({"calcium": q(2.31, "mmol/L")}, ("9.2 mg/dL",)),
        "cholesterol_conversion": ({"cholesterol": q(200, "mg/dL")}, ("5.17 mmol/L",)),
    }
    assert set(said) == {key for key in CALCULATORS if key.endswith("_conversion")} - {
        "acr_conversion",
        "steroid_conversion",
    }
    for key, (answers, shown) in said.items():
        result = run(key, answers)
        assert isinstance(result, Result)
        assert f": {', '.join(shown)}, from" in result.text
