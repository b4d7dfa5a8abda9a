"""Drugs: opioid and steroid equivalents, phenytoin, carboplatin, iron."""

from __future__ import annotations

from agents.tools.calculators import inputs as ask
from agents.tools.calculators import units
from agents.tools.calculators.formula import formula
from agents.tools.calculators.model import Calculator, Given, Value
from agents.tools.calculators.shown import fixed
from agents.tools.calculators.units import table

#: Factor to oral morphine, by mg a day; fentanyl by µg an hour of a patch (CDC 2022).
OPIOIDS = {
    "codeine": 0.15,
    "fentanyl_patch": 2.4,
    "hydrocodone": 1.0,
    "hydromorphone": 5.0,
    "methadone": 4.7,
    "morphine": 1.0,
    "oxycodone": 1.5,
    "oxymorphone": 3.0,
    "tapentadol": 0.4,
    "tramadol": 0.2,
}
#: Equivalent glucocorticoid doses in mg.
STEROIDS = {
    "cortisone": 25.0,
    "hydrocortisone": 20.0,
    "prednisone": 5.0,
    "prednisolone": 5.0,
    "methylprednisolone": 4.0,
    "triamcinolone": 4.0,
    "dexamethasone": 0.75,
    "betamethasone": 0.6,
}


def _patch(drug: Value) -> bool:
    return drug == "fentanyl_patch"


def _swallowed(drug: Value) -> bool:
    return drug != "fentanyl_patch"


OPIOID = ask.choice(
    "opioid",
    "opioid",
    {name: name.replace("fentanyl_patch", "fentanyl patch") for name in OPIOIDS},
    {"fentanyl_patch": ("transdermal fentanyl", "fentanyl patches"),
     "oxycodone": ("oxycontin",), "morphine": ("oral morphine",)},
    question="Which opioid by mouth, or is it a fentanyl patch?",
)  # fmt: skip
OPIOID_DOSE = ask.number(
    "daily_dose", "daily dose", table("mg/day", {"mg": 1.0}), 0.1, 3000, "total daily dose", "dose",
    when=("opioid", _swallowed), question="What is the total dose in 24 hours, in mg?",
)  # fmt: skip
PATCH_RATE = ask.number(
    "patch_rate", "patch rate", "µg/h", 6, 600, "rate", "patch strength", "patch",
    when=("opioid", _patch), question="What is the patch rate, in µg an hour?",
)  # fmt: skip
STEROID_NAMES = {name: name for name in STEROIDS}
STEROID_FROM = ask.choice(
    "from_steroid", "steroid given", STEROID_NAMES, {"hydrocortisone": ("cortisol",)},
    question="Which steroid is given?",
)  # fmt: skip
STEROID_TO = ask.choice(
    "to_steroid", "steroid wanted", STEROID_NAMES, question="Which steroid is wanted?"
)
STEROID_DOSE = ask.number("steroid_dose", "steroid dose", table("mg", {"mg/day": 1.0}), 0.05, 5000,
                          "dose", question="What is the dose, in mg?")  # fmt: skip
PHENYTOIN = ask.number("phenytoin", "phenytoin level", units.PHENYTOIN, 0.5, 100, "phenytoin",
                       "total phenytoin", "dilantin level")  # fmt: skip
LOW_CLEARANCE = ask.yesno(
    "low_clearance", "creatinine clearance below 10 mL/min", "<end stage renal disease", "<esrd",
    "<dialysis", "<end stage kidney disease",
)  # fmt: skip
AUC = ask.number("auc", "target AUC", "mg/mL × min", 1, 10, "auc", "a u c", "area under the curve",
                 question="What is the target AUC, in mg/mL × min?")  # fmt: skip
GFR = ask.number("gfr", "glomerular filtration rate", "mL/min", 5, 200, "gfr", "g f r",
                 "creatinine clearance", "crcl", "egfr", "clearance",
                 question="What is the GFR, in mL/min?")  # fmt: skip
TARGET_HB = ask.number("target_haemoglobin", "target haemoglobin", units.HAEMOGLOBIN, 8, 18,
                       "target hemoglobin", "target hb", "target")  # fmt: skip


def corrected_phenytoin(level: float, albumin_g_dl: float, *, low_clearance: bool) -> float:
    """mg/L as at a normal albumin (Sheiner-Tozer): level / (0.2 × albumin + 0.1)."""
    return level / ((0.1 if low_clearance else 0.2) * albumin_g_dl + 0.1)


def _phenytoin(given: Given) -> float:
    return corrected_phenytoin(
        given.number("phenytoin"), given.number("albumin"), low_clearance=given.yes("low_clearance")
    )


def _morphine(given: Given) -> float:
    drug = given.choice("opioid")
    dose = given.number("patch_rate") if _patch(drug) else given.number("daily_dose")
    return dose * OPIOIDS[drug]


def _morphine_reading(value: float, _given: Given) -> str:
    level = "Below 50 MME a day."
    if value >= 50:
        level = "50 MME a day or more: reassess benefits and risks, consider naloxone."
    return f"{level} Add the values of all opioids. Not for converting one opioid to another."


def _carboplatin_reading(_value: float, given: Given) -> str:
    told = "Takes the GFR in mL/min, not per 1.73 m²."
    if given.number("gfr") > 125:
        told += " The FDA advises to cap an estimated GFR at 125 mL/min; not capped here."
    return told


def _steroid(given: Given) -> float:
    dose = given.number("steroid_dose")
    return dose / STEROIDS[given.choice("from_steroid")] * STEROIDS[given.choice("to_steroid")]


def _steroid_reading(_value: float, given: Given) -> str:
    told = "Anti-inflammatory potency only; mineralocorticoid effect and duration differ."
    if "betamethasone" in (given.choice("from_steroid"), given.choice("to_steroid")):
        return f"{told} The BNF takes 0.75 mg of betamethasone where this table takes 0.6 mg."
    return told


CALCULATORS: tuple[Calculator, ...] = (
    formula(
        "mme", "Morphine milligram equivalents (CDC 2022)",
        aliases=("mme", "morphine milligram equivalents", "morphine equivalents", "m m e",
                 "morphine equivalent", "oral morphine equivalent", "morphine equivalent dose",
                 "morphine milligram equivalent"),
        purpose="Daily opioid dose as oral morphine, one opioid at a time.",
        reference="Dowell D et al. MMWR Recomm Rep 2022;71(3):1–95",
        inputs=(OPIOID, OPIOID_DOSE, PATCH_RATE), value=_morphine, unit="MME/day", decimals=1,
        arithmetic=lambda g: f"dose × {fixed(OPIOIDS[g.choice('opioid')], 2)}",
        read=_morphine_reading,
    ),
    formula(
        "steroid_conversion", "Steroid conversion",
        aliases=("steroid conversion", "convert steroid", "steroid equivalent",
                 "convert prednisolone", "convert prednisone", "convert dexamethasone",
                 "convert hydrocortisone", "convert methylprednisolone", "equivalent steroid dose",
                 "glucocorticoid equivalent", "steroid equivalence"),
        purpose="Equivalent anti-inflammatory dose of a systemic glucocorticoid.",
        reference="Liu D et al. Allergy Asthma Clin Immunol 2013;9:30",
        inputs=(STEROID_FROM, STEROID_DOSE, STEROID_TO), value=_steroid, unit="mg", decimals=2,
        arithmetic=lambda g: f"{fixed(g.number('steroid_dose'), 2)} mg / "
                             f"{fixed(STEROIDS[g.choice('from_steroid')], 2)} × "
                             f"{fixed(STEROIDS[g.choice('to_steroid')], 2)}",
        shown=lambda v, g: f"{fixed(v, 2)} mg of {g.choice('to_steroid')}",
        read=_steroid_reading,
    ),
    formula(
        "corrected_phenytoin", "Phenytoin corrected for albumin (Sheiner-Tozer)",
        aliases=("corrected phenytoin", "phenytoin correction", "sheiner tozer",
                 "correct phenytoin",
                 "correct the phenytoin", "adjusted phenytoin", "correct a phenytoin"),
        purpose="Total phenytoin as it would be at a normal albumin.",
        reference="Sheiner LB, Tozer TN. In: Melmon and Morrelli, Clinical Pharmacology, 1978",
        inputs=(PHENYTOIN, ask.ALBUMIN, LOW_CLEARANCE), value=_phenytoin, unit="mg/L", decimals=1,
        arithmetic=lambda g: f"{fixed(g.number('phenytoin'), 2)} / ("
                             f"{'0.1' if g.yes('low_clearance') else '0.2'} × "
                             f"{fixed(g.number('albumin'), 2)} + 0.1)",
        shown=lambda v, _g: f"{fixed(v, 1)} mg/L ({fixed(v / 0.25227)} µmol/L)",
        read="Usual total range 10 to 20 mg/L; a free level is better where it is available.",
    ),
    formula(
        "carboplatin", "Carboplatin dose (Calvert)",
        aliases=("carboplatin", "calvert", "carboplatin dose", "calvert formula"),
        purpose="Total dose of carboplatin for a target exposure.",
        reference="Calvert AH et al. J Clin Oncol 1989;7:1748–1756",
        inputs=(AUC, GFR), value=lambda g: g.number("auc") * (g.number("gfr") + 25),
        unit="mg", decimals=0,
        arithmetic=lambda g: f"{fixed(g.number('auc'), 1)} × ({fixed(g.number('gfr'))} + 25)",
        read=_carboplatin_reading,
    ),
    formula(
        "iron_deficit", "Iron deficit (Ganzoni)",
        aliases=("iron deficit", "ganzoni", "ganzoni formula", "total iron deficit"),
        purpose="Total iron dose from 35 kg body weight, with 500 mg for stores.",
        reference="Ganzoni AM. Schweiz Med Wochenschr 1970;100:301–303",
        inputs=(ask.bounded(ask.WEIGHT, 35, 350), TARGET_HB, ask.HAEMOGLOBIN),
        value=lambda g: g.number("weight")
        * (g.number("target_haemoglobin") - g.number("haemoglobin")) * 2.4 + 500,
        unit="mg", decimals=0,
        arithmetic="weight × (target − actual haemoglobin in g/dL) × 2.4 + 500",
    ),
)  # fmt: skip
