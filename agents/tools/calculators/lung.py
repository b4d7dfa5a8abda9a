"""Lung: gas exchange, pneumonia severity, tobacco exposure."""

from __future__ import annotations

from agents.tools.calculators import inputs as ask
from agents.tools.calculators.formula import formula
from agents.tools.calculators.model import Calculator, Given, Outcome
from agents.tools.calculators.scoring import Item, banded, rule, score, tick
from agents.tools.calculators.shown import fixed
from agents.tools.calculators.units import table

SEA_LEVEL_MMHG = 760.0


def alveolar_oxygen(fio2: float, paco2: float, pressure: float = SEA_LEVEL_MMHG) -> float:
    """Alveolar PO2 in mmHg: FiO2 × (pressure − 47) − PaCO2 / 0.8."""
    return fio2 * (pressure - 47) - paco2 / 0.8


def _pressure(given: Given) -> float:
    return (
        given.number("barometric_pressure") if given.has("barometric_pressure") else SEA_LEVEL_MMHG
    )


def _gradient(given: Given) -> float:
    alveolar = alveolar_oxygen(given.number("fio2"), given.number("paco2"), _pressure(given))
    return alveolar - given.number("pao2")


def _gradient_steps(given: Given) -> str:
    return (
        f"{fixed(given.number('fio2'), 2)} × ({fixed(_pressure(given))} − 47) − "
        f"{fixed(given.number('paco2'), 1)} / 0.8 − {fixed(given.number('pao2'), 1)} mmHg"
    )


def _gradient_reading(value: float, given: Given) -> str:
    if value < 0:
        return "A negative gradient cannot be: check the oxygen given and the blood gas."
    expected = given.number("age") / 4 + 4
    return (
        f"Expected on room air for this age: up to {fixed(expected)} mmHg "
        "(age divided by 4, plus 4)."
    )


def _berlin(value: float, _given: Given) -> str:
    if value > 300:
        return "Above 300 mmHg."
    grade = "mild" if value > 200 else "moderate" if value > 100 else "severe"
    return (
        f"In the {grade} range of the Berlin definition of ARDS, "
        "where PEEP is 5 cmH2O or more and its other criteria hold."
    )


def _rox_reading(value: float, _given: Given) -> str:
    if value >= 4.88:
        return "4.88 or more at 2, 6 or 12 hours of high flow: low risk of intubation."
    return (
        "Below 4.88. High risk of failure: below 2.85 at 2 hours, 3.47 at 6 hours, "
        "3.85 at 12 hours of high flow."
    )


CONFUSION = tick("confusion", "new confusion", 1, "confusion", "confused",
                 "new onset confusion")  # fmt: skip
_BREATHING = rule(
    "respiratory rate 30 or more",
    lambda g: 1 if g.number("respiratory_rate") >= 30 else 0,
    ask.RESPIRATORY_RATE,
)
_UREA = rule(
    "urea above 7 mmol/L", lambda g: 1 if g.number("urea") / 2.8 > 7 else 0, ask.UREA
)  # fmt: skip
_PRESSURE = rule(
    "systolic below 90 or diastolic 60 or below",
    lambda g: 1 if g.number("systolic") < 90 or g.number("diastolic") <= 60 else 0,
    ask.SYSTOLIC,
    ask.DIASTOLIC,
)
_AGE65 = rule("age 65 or over", lambda g: 1 if g.number("age") >= 65 else 0, ask.AGE)

_PSI_ILLNESS: tuple[Item, ...] = (
    tick("cancer", "neoplastic disease", 30, "cancer", "malignancy"),
    tick("liver_disease", "liver disease", 20, "<cirrhosis"),
    tick("heart_failure", "heart failure", 10, "congestive heart failure", "chf"),
    tick("cerebrovascular", "cerebrovascular disease", 10, "<stroke", "<previous stroke"),
    tick("renal_disease", "renal disease", 10, "kidney disease", "chronic kidney disease", "ckd"),
)
_PSI_SIGNS: tuple[Item, ...] = (
    tick("altered_mental_status", "altered mental status", 20, "<confusion", "<confused"),
    rule("respiratory rate 30 or more",
         lambda g: 20 if g.number("respiratory_rate") >= 30 else 0, ask.RESPIRATORY_RATE),
    rule("systolic below 90", lambda g: 20 if g.number("systolic") < 90 else 0, ask.SYSTOLIC),
    rule("temperature below 35 or from 40 °C",
         lambda g: 15 if not 35 <= g.number("temperature") < 40 - 1e-9 else 0, ask.TEMPERATURE),
    rule("pulse 125 or more", lambda g: 10 if g.number("heart_rate") >= 125 else 0, ask.HEART_RATE),
)  # fmt: skip


def _psi_bun(given: Given) -> float:
    if given.unit("urea") == "mmol/L":
        return 20 if given.said["urea"].value >= 11 else 0
    return 20 if given.number("urea") >= 30 else 0


def _psi_glucose(given: Given) -> float:
    if given.unit("glucose") == "mmol/L":
        return 10 if given.said["glucose"].value >= 14 else 0
    return 10 if given.number("glucose") >= 250 else 0


_PSI_TESTS: tuple[Item, ...] = (
    tick("acidosis", "arterial pH below 7.35", 30, "acidosis", "acidotic"),
    rule("urea nitrogen 30 mg/dL (11 mmol/L) or more", _psi_bun, ask.UREA),
    rule("sodium below 130", lambda g: 20 if g.number("sodium") < 130 else 0, ask.SODIUM),
    rule("glucose 250 mg/dL (14 mmol/L) or more", _psi_glucose, ask.GLUCOSE),
    rule("haematocrit below 30%", lambda g: 10 if g.number("haematocrit") < 30 else 0,
         ask.HAEMATOCRIT),
    tick("hypoxaemia", "PaO2 below 60 mmHg (8 kPa) or saturation below 90%", 10, ">hypoxaemia",
         ">hypoxemia",
         ">hypoxia", ">hypoxic"),
    tick("effusion", "pleural effusion", 10, "effusion"),
)  # fmt: skip
_PSI_AGE = rule(
    "age in years, less 10 if female",
    lambda g: g.number("age") - (10 if g.choice("sex") == "female" else 0),
    ask.AGE,
    ask.SEX,
)
_PSI_HOME = tick("nursing_home", "nursing home resident", 10, "nursing home", "care home")
_PSI = (_PSI_AGE, _PSI_HOME, *_PSI_ILLNESS, *_PSI_SIGNS, *_PSI_TESTS)


def psi_class(points: float, given: Given) -> str:
    """I to V: class I needs age 50 or less, none of five illnesses and none of five signs."""
    step_one = given.number("age") <= 50
    if step_one and not any(item.points(given) for item in (*_PSI_ILLNESS, *_PSI_SIGNS)):
        return "I"
    return "II" if points <= 70 else "III" if points <= 90 else "IV" if points <= 130 else "V"


_PSI_MORTALITY = {"I": "0.1%", "II": "0.6%", "III": "0.9 to 2.8%", "IV": "8.2 to 9.3%",
                  "V": "27.0 to 29.2%"}  # fmt: skip


def _psi(given: Given) -> Outcome:
    rows = [(item.label, item.points(given)) for item in _PSI]
    points = sum(row[1] for row in rows)
    group = psi_class(points, given)
    return Outcome(
        value=points,
        unit="points",
        shown=f"{fixed(points)} points, class {group}",
        interpretation=f"Class {group}: 30-day mortality {_PSI_MORTALITY[group]}.",
        steps=(*(f"{label}: {fixed(value)}" for label, value in rows if value),
               f"total {fixed(points)}"),
    )  # fmt: skip


PACKS = ask.number(
    "packs_per_day",
    "cigarettes smoked",
    table("packs/day", {"cigarettes/day": 0.05}),
    0.05,
    10,
    "packs a day",
    "packs per day",
    "cigarettes a day",
    "pack a day",
    "cigarettes per day",
    question="How many packs or cigarettes a day?",
)
YEARS = ask.number("years_smoked", "years smoked", "years", 0.5, 100, "smoked for", "for",
                   "years of smoking",
                   question="For how many years?")  # fmt: skip

CALCULATORS: tuple[Calculator, ...] = (
    formula(
        "aa_gradient", "Alveolar-arterial oxygen gradient",
        aliases=("a a gradient", "alveolar arterial gradient", "alveolar arterial oxygen gradient",
                 "aa gradient", "a to a gradient", "alveolar to arterial gradient"),
        purpose="Whether hypoxaemia comes from the lung or from hypoventilation.",
        reference="Mellemgaard K. Acta Physiol Scand 1966;67:10–20",
        inputs=(ask.AGE, ask.FIO2, ask.PAO2, ask.PACO2, ask.PRESSURE),
        value=_gradient, unit="mmHg", decimals=0, arithmetic=_gradient_steps,
        read=_gradient_reading,
        shown=lambda v, _g: f"{fixed(v)} mmHg ({fixed(v / 7.50062, 1)} kPa)",
    ),
    formula(
        "pf_ratio", "PaO2/FiO2 ratio",
        aliases=("p f ratio", "pf ratio", "p to f ratio", "p over f ratio", "pao2 fio2 ratio",
                 "pao2 over fio2", "pao2 to fio2 ratio"),
        purpose="Severity of hypoxaemia, used to grade ARDS.",
        reference="ARDS Definition Task Force. JAMA 2012;307:2526–2533",
        inputs=(ask.PAO2, ask.FIO2),
        value=lambda g: g.number("pao2") / g.number("fio2"), unit="mmHg", decimals=0,
        arithmetic=lambda g: f"{fixed(g.number('pao2'), 1)} mmHg / {fixed(g.number('fio2'), 2)}",
        read=_berlin,
    ),
    formula(
        "rox", "ROX index",
        aliases=("rox", "rox index", "r o x", "rocks index"),
        purpose="Risk of intubation on high-flow nasal oxygen for pneumonia.",
        reference="Roca O et al. Am J Respir Crit Care Med 2019;199:1368–1376",
        inputs=(ask.SPO2, ask.FIO2, ask.RESPIRATORY_RATE),
        value=lambda g: g.number("spo2") / g.number("fio2") / g.number("respiratory_rate"),
        unit="", decimals=2, read=_rox_reading,
        arithmetic=lambda g: f"({fixed(g.number('spo2'))} / {fixed(g.number('fio2'), 2)}) / "
                             f"{fixed(g.number('respiratory_rate'))}",
    ),
    score(
        "curb65", "CURB-65",
        aliases=("curb65", "curb", "curb65 score"),
        purpose="Severity of community-acquired pneumonia in hospital.",
        reference="Lim WS et al. Thorax 2003;58:377–382",
        items=(_AGE65, CONFUSION, _UREA, _BREATHING, _PRESSURE),
        read=banded((0, "Low severity: 30-day mortality 1.5%."),
                    (2, "Moderate severity: 30-day mortality 9.2%."),
                    (3, "High severity: 30-day mortality 22%.")),
        most=5,
    ),
    score(
        "crb65", "CRB-65",
        aliases=("crb65", "crb65 score"),
        purpose="Severity of community-acquired pneumonia without a blood test.",
        reference="Lim WS et al. Thorax 2003;58:377–382",
        items=(_AGE65, CONFUSION, _BREATHING, _PRESSURE),
        read=banded((0, "Low severity: 30-day mortality 1.2%."),
                    (1, "Intermediate severity: 30-day mortality 8.2%."),
                    (3, "High severity: 30-day mortality 31%.")),
        most=4,
    ),
    Calculator(
        "psi", "Pneumonia Severity Index (PSI)",
        ("psi", "p s i", "pneumonia severity index", "port score", "pneumonia severity"),
        "Mortality class in community-acquired pneumonia.",
        tuple({i.name: i for item in _PSI for i in item.inputs}.values()),
        "Fine MJ et al. N Engl J Med 1997;336:243–250",
        _psi,
    ),
    formula(
        "pack_years", "Pack years",
        aliases=("pack years", "pack year history", "pack year", "smoking history in pack years"),
        purpose="Lifetime exposure to cigarettes, 20 in a pack.",
        reference="US Preventive Services Task Force. JAMA 2021;325:962–970",
        inputs=(PACKS, YEARS),
        value=lambda g: g.number("packs_per_day") * g.number("years_smoked"),
        unit="pack years", decimals=1,
        arithmetic=lambda g: f"{fixed(g.number('packs_per_day'), 2)} packs a day × "
                             f"{fixed(g.number('years_smoked'), 1)} years",
    ),
)  # fmt: skip
