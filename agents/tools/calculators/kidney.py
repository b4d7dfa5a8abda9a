"""Kidney function: creatinine clearance and glomerular filtration."""

from __future__ import annotations

from math import pow

from agents.tools.calculators import inputs as ask
from agents.tools.calculators import units
from agents.tools.calculators.body import adjusted_body_weight, ideal_body_weight, ideal_reading
from agents.tools.calculators.formula import formula
from agents.tools.calculators.model import Calculator, Given
from agents.tools.calculators.shown import fixed, rounded


def cockcroft_gault(age: float, weight_kg: float, creatinine_mg_dl: float, female: bool) -> float:
    """Creatinine clearance in mL/min (Cockcroft and Gault 1976)."""
    return (140 - age) * weight_kg / (72 * creatinine_mg_dl) * (0.85 if female else 1.0)


def ckd_epi_2021(age: float, creatinine_mg_dl: float, female: bool) -> float:
    """eGFR in mL/min/1.73 m² from creatinine (Inker 2021)."""
    kappa, alpha = (0.7, -0.241) if female else (0.9, -0.302)
    ratio = creatinine_mg_dl / kappa
    gfr = 142 * pow(min(ratio, 1), alpha) * pow(max(ratio, 1), -1.200) * pow(0.9938, age)
    return gfr * (1.012 if female else 1.0)


def ckd_epi_2012_cystatin(age: float, cystatin_mg_l: float, female: bool) -> float:
    """eGFR in mL/min/1.73 m² from cystatin C (Inker 2012)."""
    ratio = cystatin_mg_l / 0.8
    gfr = 133 * pow(min(ratio, 1), -0.499) * pow(max(ratio, 1), -1.328) * pow(0.996, age)
    return gfr * (0.932 if female else 1.0)


def ckd_epi_2021_combined(
    age: float, creatinine_mg_dl: float, cystatin_mg_l: float, female: bool
) -> float:
    """eGFR in mL/min/1.73 m² from creatinine and cystatin C (Inker 2021)."""
    kappa, alpha = (0.7, -0.219) if female else (0.9, -0.144)
    creatinine, cystatin = creatinine_mg_dl / kappa, cystatin_mg_l / 0.8
    gfr = 135 * pow(min(creatinine, 1), alpha) * pow(max(creatinine, 1), -0.544)
    gfr *= pow(min(cystatin, 1), -0.323) * pow(max(cystatin, 1), -0.778) * pow(0.9961, age)
    return gfr * (0.963 if female else 1.0)


def mdrd(age: float, creatinine_mg_dl: float, female: bool, black: bool) -> float:
    """eGFR in mL/min/1.73 m², four-variable equation for IDMS-traceable creatinine (175)."""
    gfr = 175 * pow(creatinine_mg_dl, -1.154) * pow(age, -0.203)
    return gfr * (0.742 if female else 1.0) * (1.212 if black else 1.0)


def stage(gfr: float, _given: Given | None = None) -> str:
    """The KDIGO category of an eGFR, by its whole number as laboratories report it."""
    whole = rounded(gfr)
    rows = (
        (90.0, "G1, normal or high"),
        (60.0, "G2, mildly decreased"),
        (45.0, "G3a, mildly to moderately decreased"),
        (30.0, "G3b, moderately to severely decreased"),
        (15.0, "G4, severely decreased"),
        (float("-inf"), "G5, kidney failure"),
    )
    category = next(text for bound, text in rows if whole >= bound)
    return f"KDIGO category {category}, if it lasts more than three months."


def _female(given: Given) -> bool:
    return given.choice("sex") == "female"


def _clearance_weight(given: Given) -> float:
    basis = given.choice("weight_basis") if given.has("weight_basis") else "actual"
    if basis == "actual":
        return given.number("weight")
    ideal = ideal_body_weight(given.number("height"), _female(given))
    return ideal if basis == "ideal" else adjusted_body_weight(given.number("weight"), ideal)


def _clearance(given: Given) -> float:
    return cockcroft_gault(
        given.number("age"), _clearance_weight(given), given.number("creatinine"), _female(given)
    )


def _clearance_steps(given: Given) -> str:
    factor = " × 0.85" if _female(given) else ""
    return (
        f"(140 − {fixed(given.number('age'))}) × {fixed(_clearance_weight(given), 1)} kg / "
        f"(72 × {fixed(given.number('creatinine'), 3)} mg/dL){factor}"
    )


def _clearance_reading(value: float, given: Given) -> str:
    basis = given.choice("weight_basis") if given.has("weight_basis") else "actual"
    if basis == "actual":
        return "Computed with the actual weight; ideal or adjusted weight can be asked for."
    used = f"Computed with the {basis} weight, {fixed(_clearance_weight(given), 1)} kg."
    lighter = given.number("weight") < ideal_body_weight(given.number("height"), _female(given))
    if lighter:
        used += " The actual weight is below the ideal weight; the actual weight is usual then."
    return f"{used} {ideal_reading(value, given)}".rstrip()


WEIGHT_BASIS = ask.choice(
    "weight_basis",
    "weight used",
    {"actual": "actual weight", "ideal": "ideal weight", "adjusted": "adjusted weight"},
    {
        "actual": ("actual", "actual body weight", "total body weight", "real weight"),
        "ideal": ("ideal", "ideal body weight", "ibw"),
        "adjusted": ("adjusted", "adjusted body weight"),
    },
    standard="actual weight, as published",
)
HEIGHT_FOR_IDEAL = ask.number(
    "height", "height", units.HEIGHT, 130, 250, "tall", "stature",
    when=("weight_basis", lambda basis: basis != "actual"),
)  # fmt: skip
BLACK = ask.yesno(
    "black",
    "coefficient for Black patients",
    "race coefficient",
    "black patient",
    "african american",
    "black",
    question="Does the equation's coefficient for Black patients apply: yes or no?",
)
_EGFR = "mL/min/1.73 m²"
_CYSTATIN_PAPER = "Inker LA et al. N Engl J Med 2012;367:20–29"
_INKER_2021 = "Inker LA et al. N Engl J Med 2021;385:1737–1749"

CALCULATORS: tuple[Calculator, ...] = (
    formula(
        "creatinine_clearance", "Creatinine clearance (Cockcroft-Gault)",
        aliases=("creatinine clearance", "cockcroft gault", "cockcroft", "crcl", "cr cl",
                 "clearance of creatinine", "creatinin clearance", "cockroft gault"),
        purpose="Creatinine clearance in adults, the measure most drug doses are adjusted to.",
        reference="Cockcroft DW, Gault MH. Nephron 1976;16:31–41",
        inputs=(ask.AGE, ask.SEX, ask.WEIGHT, ask.CREATININE, WEIGHT_BASIS, HEIGHT_FOR_IDEAL),
        value=_clearance, unit="mL/min", decimals=0,
        arithmetic=_clearance_steps, read=_clearance_reading,
    ),
    formula(
        "egfr_ckd_epi_2021", "eGFR (CKD-EPI 2021, creatinine)",
        aliases=("egfr", "e gfr", "ckd epi", "estimated gfr", "gfr", "glomerular filtration rate",
                 "ckd epi 2021", "estimated glomerular filtration rate",
                 "e g f r"),
        purpose="Glomerular filtration rate in adults from creatinine, without race.",
        reference=_INKER_2021,
        inputs=(ask.AGE, ask.SEX, ask.CREATININE),
        value=lambda g: ckd_epi_2021(g.number("age"), g.number("creatinine"), _female(g)),
        unit=_EGFR, decimals=0, read=stage,
        arithmetic="142 × min(Scr/κ, 1)^α × max(Scr/κ, 1)^−1.200 × 0.9938^age (× 1.012 if female)",
    ),
    formula(
        "egfr_cystatin_2012", "eGFR (CKD-EPI 2012, cystatin C)",
        aliases=("cystatin egfr", "cystatin c egfr", "egfr from cystatin", "ckd epi cystatin",
                 "egfr cystatin", "cystatin gfr"),
        purpose="Glomerular filtration rate in adults from cystatin C alone.",
        reference=_CYSTATIN_PAPER,
        inputs=(ask.AGE, ask.SEX, ask.CYSTATIN),
        value=lambda g: ckd_epi_2012_cystatin(g.number("age"), g.number("cystatin_c"), _female(g)),
        unit=_EGFR, decimals=0, read=stage,
        arithmetic="133 × min(Scys/0.8, 1)^−0.499 × max(Scys/0.8, 1)^−1.328 × 0.996^age "
                   "(× 0.932 if female)",
    ),
    formula(
        "egfr_creatinine_cystatin_2021", "eGFR (CKD-EPI 2021, creatinine and cystatin C)",
        aliases=("combined egfr", "egfr creatinine cystatin", "creatinine cystatin egfr",
                 "egfr from creatinine and cystatin", "ckd epi combined"),
        purpose="Glomerular filtration rate in adults from creatinine and cystatin C.",
        reference=_INKER_2021,
        inputs=(ask.AGE, ask.SEX, ask.CREATININE, ask.CYSTATIN),
        value=lambda g: ckd_epi_2021_combined(
            g.number("age"), g.number("creatinine"), g.number("cystatin_c"), _female(g)
        ),
        unit=_EGFR, decimals=0, read=stage,
        arithmetic="135 × min(Scr/κ, 1)^α × max(Scr/κ, 1)^−0.544 × min(Scys/0.8, 1)^−0.323 × "
                   "max(Scys/0.8, 1)^−0.778 × 0.9961^age (× 0.963 if female)",
    ),
    formula(
        "egfr_mdrd", "eGFR (MDRD, IDMS-traceable)",
        aliases=("mdrd", "m d r d", "mdrd gfr", "mdrd egfr", "egfr by mdrd"),
        purpose="Glomerular filtration rate in adults by the older MDRD equation.",
        reference="Levey AS et al. Ann Intern Med 2006;145:247–254",
        inputs=(ask.AGE, ask.SEX, ask.CREATININE, BLACK),
        value=lambda g: mdrd(g.number("age"), g.number("creatinine"), _female(g), g.yes("black")),
        unit=_EGFR, decimals=0, read=stage,
        arithmetic="175 × Scr^−1.154 × age^−0.203 (× 0.742 if female) (× 1.212 if Black)",
    ),
    formula(
        "egfr_schwartz", "eGFR in children (bedside Schwartz)",
        aliases=("schwartz", "bedside schwartz", "pediatric egfr", "paediatric egfr",
                 "schwartz egfr", "child egfr"),
        purpose="Glomerular filtration rate from 1 to 18 years, enzymatic creatinine.",
        reference="Schwartz GJ et al. J Am Soc Nephrol 2009;20:629–637",
        inputs=(ask.bounded(ask.HEIGHT, 50, 210), ask.CREATININE),
        value=lambda g: 0.413 * g.number("height") / g.number("creatinine"),
        unit=_EGFR, decimals=0, read=stage,
        arithmetic=lambda g: f"0.413 × {fixed(g.number('height'), 1)} cm / "
                             f"{fixed(g.number('creatinine'), 3)} mg/dL",
    ),
)  # fmt: skip
