"""Heart: risk in atrial fibrillation, chest pain, surgery and prevention; blood pressure."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, log, pow

from agents.tools.calculators import inputs as ask
from agents.tools.calculators import units
from agents.tools.calculators.formula import formula
from agents.tools.calculators.model import Calculator, Given
from agents.tools.calculators.scoring import LOWEST, banded, grade, rule, score, tick
from agents.tools.calculators.shown import fixed, rounded

HEART_FAILURE = tick(
    "heart_failure",
    "heart failure",
    1,
    "congestive heart failure",
    "chf",
    "ccf",
    "cardiac failure",
    "<left ventricular dysfunction",
)
HYPERTENSION = tick("hypertension", "hypertension", 1, "high blood pressure", "hypertensive", "htn")
DIABETES = tick("diabetes", "diabetes", 1, "diabetic", "<type 2 diabetes", "<type 1 diabetes")
STROKE = tick(
    "stroke",
    "previous stroke, TIA or thromboembolism",
    2,
    "<stroke",
    "<tia",
    "<previous stroke",
    "<prior stroke",
    "<transient ischaemic attack",
    "<transient ischemic attack",
    "<thromboembolism",
    "<previous tia",
    "<prior tia",
    "<t i a",
)
VASCULAR = tick(
    "vascular_disease",
    "vascular disease",
    1,
    "<peripheral arterial disease",
    "<aortic plaque",
    "<peripheral artery disease",
    "<previous myocardial infarction",
    "<prior mi",
    "<previous mi",
    "<peripheral vascular disease",
    "<heart attack",
    "<myocardial infarction",
    "<coronary artery disease",
)
AGE_ITEM = grade(ask.AGE, (LOWEST, 0), (65, 1), (75, 2))
FEMALE = rule("female sex", lambda g: 1 if g.choice("sex") == "female" else 0, ask.SEX)


def _vasc_reading(total: float, given: Given) -> str:
    recommended = 3 if given.choice("sex") == "female" else 2
    if total >= recommended:
        return "Oral anticoagulation is recommended (ESC 2020)."
    if total == recommended - 1:
        return "Oral anticoagulation should be considered (ESC 2020)."
    return "Low risk: no antithrombotic treatment for stroke prevention (ESC 2020)."


def _rcri_creatinine(given: Given) -> float:
    """Above 2.0 mg/dL, which the publication also gives as above 177 µmol/L."""
    value = given.number("creatinine")
    return 1 if value > 2.0 and rounded(value * 88.4) > 177 else 0


def framingham_2008(
    age: float,
    cholesterol: float,
    hdl: float,
    systolic: float,
    *,
    female: bool,
    treated: bool,
    smoker: bool,
    diabetes: bool,
) -> float:
    """Ten-year risk of cardiovascular disease in per cent; cholesterol in mg/dL."""
    if female:
        pressure = 2.82263 if treated else 2.76157
        total = 2.32888 * log(age) + 1.20904 * log(cholesterol) - 0.70833 * log(hdl)
        total += pressure * log(systolic) + 0.52873 * smoker + 0.69154 * diabetes
        return 100 * (1 - pow(0.95012, exp(total - 26.1931)))
    pressure = 1.99881 if treated else 1.93303
    total = 3.06117 * log(age) + 1.12370 * log(cholesterol) - 0.93263 * log(hdl)
    total += pressure * log(systolic) + 0.65451 * smoker + 0.57367 * diabetes
    return 100 * (1 - pow(0.88936, exp(total - 23.9802)))  # fmt: skip


def framingham_hard_chd(
    age: float,
    cholesterol: float,
    hdl: float,
    systolic: float,
    *,
    female: bool,
    treated: bool,
    smoker: bool,
) -> float:
    """Ten-year risk of infarction or coronary death in per cent; cholesterol in mg/dL. Smoking
    counts by the age up to 70 years in men, 78 in women."""
    years, lipids, pressure = log(age), log(cholesterol), log(systolic)
    if female:
        total = 31.764001 * years + 22.465206 * lipids - 1.187731 * log(hdl) + 2.552905 * pressure
        total += 0.420251 * treated + (13.07543 - 2.996945 * log(min(age, 78))) * smoker
        return 100 * (1 - pow(0.98767, exp(total - 5.060998 * years * lipids - 146.5933061)))
    total = 52.00961 * years + 20.014077 * lipids - 0.905964 * log(hdl) + 1.305784 * pressure
    total += 0.241549 * treated + (12.096316 - 2.84367 * log(min(age, 70))) * smoker
    total -= 4.605038 * years * lipids + 2.93323 * years**2
    return 100 * (1 - pow(0.9402, exp(total - 172.300168)))


def _framingham(risk: Callable[..., float], given: Given, **more: bool) -> float:
    """Either of the two, from what both ask for."""
    return risk(
        given.number("age"),
        given.number("total_cholesterol"),
        given.number("hdl"),
        given.number("systolic"),
        female=given.choice("sex") == "female",
        treated=given.yes("treated"),
        smoker=given.yes("smoker"),
        **more,
    )


def _hard_chd_reading(value: float, given: Given) -> str:
    """With the risk without treatment below 120 mmHg, where the points of ATP III count none."""
    told = "Low risk, below 10%." if value < 10 else (
        "Intermediate risk, 10 to 20%." if value <= 20 else "High risk, above 20%."
    )  # fmt: skip
    if given.yes("treated") and given.number("systolic") < 120:
        untreated = Given(dict(given.values) | {"treated": False}, given.said, given.today)
        other = fixed(_framingham(framingham_hard_chd, untreated), 1)
        told += f" Below 120 mmHg the points of ATP III count no treatment: {other}% without it."
    return told


CHOLESTEROL = ask.number(
    "total_cholesterol", "total cholesterol", units.CHOLESTEROL, 50, 800, "cholesterol", "tc"
)
HDL = ask.number("hdl", "HDL cholesterol", units.CHOLESTEROL, 5, 200, "hdl", "h d l")
TREATED = ask.yesno(
    "treated",
    "treatment for high blood pressure",
    "treated hypertension",
    "on blood pressure treatment",
    "antihypertensive",
    "antihypertensives",
    "blood pressure tablets",
    "blood pressure medication",
    "on treatment for hypertension",
    "on antihypertensive treatment",
)
SMOKER = ask.yesno("smoker", "current smoking", "smoker", "smokes", "smoking", "current smoker")
_DIABETES = DIABETES.inputs[0]

CALCULATORS: tuple[Calculator, ...] = (
    score(
        "cha2ds2_vasc", "CHA2DS2-VASc",
        aliases=("chads2 vasc", "chads2 vask", "chads2 v a s c", "chads2 vas", "chads vasc score",
                 "stroke risk in atrial fibrillation", "stroke risk score in af"),
        purpose="Stroke risk in atrial fibrillation.",
        reference="Lip GYH et al. Chest 2010;137:263–272",
        items=(AGE_ITEM, FEMALE, HEART_FAILURE, HYPERTENSION, DIABETES, STROKE, VASCULAR),
        read=_vasc_reading, most=9,
    ),
    score(
        "cha2ds2_va", "CHA2DS2-VA",
        aliases=("chads2 va", "chads2 v a"),
        purpose="Stroke risk in atrial fibrillation, without the point for sex.",
        reference="Van Gelder IC et al. Eur Heart J 2024;45:3314–3414",
        items=(AGE_ITEM, HEART_FAILURE, HYPERTENSION, DIABETES, STROKE, VASCULAR),
        read=banded((0, "No recommendation for anticoagulation from the score alone (ESC 2024)."),
                    (1, "Oral anticoagulation should be considered (ESC 2024)."),
                    (2, "Oral anticoagulation is recommended (ESC 2024).")),
        most=8,
    ),
    score(
        "has_bled", "HAS-BLED",
        aliases=("has bled", "hasbled", "h a s bled", "has bled score"),
        purpose="Risk of major bleeding on anticoagulation in atrial fibrillation.",
        reference="Pisters R et al. Chest 2010;138:1093–1100",
        items=(
            rule("age over 65", lambda g: 1 if g.number("age") > 65 else 0, ask.AGE),
            tick("uncontrolled_hypertension", "uncontrolled hypertension (systolic above 160)", 1,
                 "uncontrolled hypertension", "uncontrolled blood pressure"),
            tick("abnormal_renal", "abnormal renal function (dialysis, transplant or creatinine "
                 "200 µmol/L or more)", 1, "<dialysis", "<renal transplant",
                 "abnormal renal function",
                 "<kidney transplant", "abnormal kidney function"),
            tick("abnormal_liver", "abnormal liver function (cirrhosis, or bilirubin over 2 times "
                 "with transaminases over 3 times normal)", 1, "<cirrhosis",
                 "abnormal liver function", ">liver disease"),
            tick("stroke", "previous stroke", 1, "stroke", "prior stroke"),
            tick("bleeding", "previous major bleeding or predisposition", 1,
                 "<major bleeding", "<major bleed"),
            tick("labile_inr", "labile INR", 1, "unstable inr"),
            tick("drugs", "antiplatelet or NSAID", 1, "<aspirin", "<nsaid", "<antiplatelet",
                 "<nsaids",
                 "<clopidogrel", "<antiplatelets", "<ibuprofen", "<naproxen"),
            tick("alcohol", "alcohol, 8 or more units (drinks) a week", 1, ">alcohol",
                 "alcohol, 8 or more drinks a week", "alcohol, 8 or more units a week",
                 "<alcohol excess", "<alcohol abuse"),
        ),
        read=banded((0, "Low bleeding risk."), (2, "Moderate bleeding risk."),
                    (3, "High bleeding risk: correct what can be corrected; not by itself a "
                        "reason to withhold anticoagulation.")),
        most=9,
    ),
    score(
        "rcri", "Revised Cardiac Risk Index",
        aliases=("rcri", "r c r i", "revised cardiac risk index", "lee index",
                 "cardiac risk index", "revised cardiac risk"),
        purpose="Risk of major cardiac complications of non-cardiac surgery.",
        reference="Lee TH et al. Circulation 1999;100:1043–1049",
        items=(
            tick("high_risk_surgery", "high-risk surgery (intraperitoneal, intrathoracic or "
                 "suprainguinal vascular)", 1, "high risk surgery", "<intraperitoneal surgery",
                 "<intrathoracic surgery"),
            tick("ischaemic_heart_disease", "ischaemic heart disease", 1, "ischemic heart disease",
                 "coronary disease", "coronary artery disease", "ihd"),
            HEART_FAILURE,
            tick("cerebrovascular_disease", "cerebrovascular disease", 1, "<stroke", "<tia",
                 "<previous stroke"),
            tick("insulin", "diabetes treated with insulin", 1, "on insulin", "insulin",
                 "insulin treated diabetes", "insulin dependent diabetes"),
            rule("creatinine above 2.0 mg/dL (177 µmol/L)", _rcri_creatinine, ask.CREATININE),
        ),
        read=banded((0, "Major cardiac complications: 0.4%."),
                    (1, "Major cardiac complications: 0.9%."),
                    (2, "Major cardiac complications: 6.6%."),
                    (3, "Major cardiac complications: 11% (3 or more points).")),
        most=6,
    ),
    formula(
        "framingham_cvd", "Framingham general cardiovascular risk (2008)",
        aliases=("framingham", "framingham risk", "framingham score", "framingham risk score",
                 "cardiovascular risk", "ten year cardiovascular risk", "framingham cvd"),
        purpose="Ten-year risk of a first cardiovascular event, from 30 to 74 years.",
        reference="D'Agostino RB et al. Circulation 2008;117:743–753",
        inputs=(ask.bounded(ask.AGE, 30, 74), ask.SEX, CHOLESTEROL, HDL, ask.SYSTOLIC, TREATED,
                SMOKER, _DIABETES),
        value=lambda g: _framingham(framingham_2008, g, diabetes=g.yes("diabetes")),
        unit="%", decimals=1,
        arithmetic="1 − S₀^exp(Σβx − mean), Cox model with cholesterol in mg/dL",
        read=lambda v, _g: "Low risk, below 10%." if v < 10 else (
            "Intermediate risk, 10 to 20%." if v < 20 else "High risk, 20% or more."),
    ),
    formula(
        "framingham_hard_chd", "Framingham hard coronary heart disease risk (ATP III)",
        aliases=("framingham hard chd", "framingham coronary", "hard coronary heart disease",
                 "framingham coronary heart disease", "framingham coronary risk",
                 "framingham hard coronary heart disease", "framingham chd", "framingham atp 3",
                 "coronary heart disease risk", "ten year coronary risk"),
        purpose="Ten-year risk of infarction or coronary death, from 30 to 79 years, without "
                "diabetes or known coronary disease.",
        reference="Expert Panel (ATP III). JAMA 2001;285:2486–2497",
        inputs=(ask.bounded(ask.AGE, 30, 79), ask.SEX, CHOLESTEROL, HDL, ask.SYSTOLIC, TREATED,
                SMOKER),
        value=lambda g: _framingham(framingham_hard_chd, g), unit="%", decimals=1,
        arithmetic="1 − S₀^exp(Σβx − constant), with cholesterol in mg/dL",
        read=_hard_chd_reading,
    ),
    formula(
        "map", "Mean arterial pressure",
        aliases=("mean arterial pressure", "map", "m a p", "mean blood pressure"),
        purpose="Perfusion pressure from a cuff reading.",
        reference="Sesso HD et al. Hypertension 2000;36:801–807",
        inputs=(ask.SYSTOLIC, ask.DIASTOLIC),
        value=lambda g: (g.number("systolic") + 2 * g.number("diastolic")) / 3,
        unit="mmHg", decimals=0,
        arithmetic="(systolic + 2 × diastolic) / 3",
    ),
    formula(
        "shock_index", "Shock index",
        aliases=("shock index",),
        purpose="Early sign of haemodynamic instability.",
        reference="Allgöwer M, Burri C. Dtsch Med Wochenschr 1967;92:1947–1950",
        inputs=(ask.HEART_RATE, ask.SYSTOLIC),
        value=lambda g: g.number("heart_rate") / g.number("systolic"),
        unit="", decimals=2,
        arithmetic=lambda g: f"{fixed(g.number('heart_rate'))} / {fixed(g.number('systolic'))}",
        read=lambda v, _g: "Above 0.9: raised." if v > 0.9 else "Not above 0.9.",
    ),
)  # fmt: skip
