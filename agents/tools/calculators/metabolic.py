"""Metabolism: calcium, sodium in hyperglycaemia, osmolality, lipids, glucose, iron."""

from __future__ import annotations

from collections.abc import Callable

from agents.tools.calculators import inputs as ask
from agents.tools.calculators import units
from agents.tools.calculators.formula import formula
from agents.tools.calculators.model import Calculator, Given
from agents.tools.calculators.shown import fixed, rounded
from storage.faults import Invalid


def corrected_calcium_mg(calcium_mg_dl: float, albumin_g_dl: float) -> float:
    """mg/dL: calcium + 0.8 × (4 − albumin)."""
    return calcium_mg_dl + 0.8 * (4.0 - albumin_g_dl)


def corrected_calcium_mmol(calcium_mmol_l: float, albumin_g_l: float) -> float:
    """mmol/L: calcium + 0.02 × (40 − albumin)."""
    return calcium_mmol_l + 0.02 * (40.0 - albumin_g_l)


def corrected_sodium(sodium: float, glucose_mg_dl: float, per_100: float) -> float:
    """mmol/L: `per_100` for each 100 mg/dL of glucose above 100."""
    return sodium + per_100 * (glucose_mg_dl - 100) / 100


def osmolality(sodium: float, glucose_mg_dl: float, bun_mg_dl: float) -> float:
    """mOsm/kg: 2 × Na + glucose / 18 + urea nitrogen / 2.8."""
    return 2 * sodium + glucose_mg_dl / 18 + bun_mg_dl / 2.8


def sampson(total: float, hdl: float, triglycerides: float) -> float:
    """LDL cholesterol in mg/dL (Sampson 2020), all in mg/dL."""
    other = total - hdl
    rest = triglycerides / 8.56 + triglycerides * other / 2140 - triglycerides**2 / 16100
    return total / 0.948 - hdl / 0.971 - rest - 9.44


def _calcium(given: Given) -> float:
    if given.unit("calcium") == "mmol/L":
        return corrected_calcium_mmol(given.said["calcium"].value, given.number("albumin") * 10)
    return corrected_calcium_mg(given.number("calcium"), given.number("albumin"))


def _calcium_outcome() -> Calculator:
    reference = "Payne RB et al. Br Med J 1973;4:643–646; Br Med J 1977;1:598"

    def variant(unit: str, decimals: int, steps: str) -> Calculator:
        return formula(
            "corrected_calcium",
            "Calcium corrected for albumin",
            aliases=(
                "corrected calcium", "calcium correction", "adjusted calcium", "correct calcium",
                "correct the calcium", "albumin corrected calcium", "calcium corrected for albumin",
                "correct a calcium",
            ),
            purpose="Total calcium as it would be at a normal albumin.",
            reference=reference,
            inputs=(ask.CALCIUM, ask.ALBUMIN),
            value=_calcium,
            unit=unit,
            decimals=decimals,
            arithmetic=steps,
        )  # fmt: skip

    by_mass = variant("mg/dL", 1, "calcium + 0.8 × (4 − albumin in g/dL)")
    by_mole = variant("mmol/L", 2, "calcium + 0.02 × (40 − albumin in g/L)")

    return Calculator(
        by_mass.key,
        by_mass.name,
        by_mass.aliases,
        by_mass.purpose,
        by_mass.inputs,
        by_mass.reference,
        lambda given: (by_mole if given.unit("calcium") == "mmol/L" else by_mass).compute(given),
    )


def friedewald(given: Given) -> float:
    """LDL cholesterol in mg/dL; refused above triglycerides of 400 mg/dL (4.5 mmol/L)."""
    molar = given.unit("triglycerides") == "mmol/L"
    said = given.said["triglycerides"].value
    if said > 4.5 if molar else given.number("triglycerides") > 400:
        raise Invalid(
            "triglycerides_too_high",
            "The Friedewald equation does not hold above 4.5 mmol/L (400 mg/dL) of triglycerides.",
            remedy="Use the Sampson equation or a direct LDL measurement.",
            field="triglycerides",
        )
    share = said / 2.2 * 38.67 if molar else given.number("triglycerides") / 5
    return given.number("total_cholesterol") - given.number("hdl") - share


def _lipids(value: float, _given: Given) -> str:
    return f"{fixed(value)} mg/dL ({fixed(value / 38.67, 2)} mmol/L)"


def _lipids_reading(value: float, _given: Given) -> str:
    return "" if value > 0 else "The equation does not hold for these values: measure LDL directly."


def _sodium(per_100: float) -> Callable[[Given], float]:
    return lambda g: corrected_sodium(g.number("sodium"), g.number("glucose"), per_100)


def _both_sodium(value: float, given: Given) -> str:
    hillier = corrected_sodium(given.number("sodium"), given.number("glucose"), 2.4)
    return f"{fixed(value, 1)} mmol/L by Katz (1.6), {fixed(hillier, 1)} mmol/L by Hillier (2.4)"


def _osmolality(given: Given) -> float:
    return osmolality(given.number("sodium"), given.number("glucose"), given.number("urea"))


HIGH_GLUCOSE = ask.bounded(ask.GLUCOSE, 100, 2000)
ANY_GLUCOSE = ask.bounded(ask.GLUCOSE, 10, 2000)
TRIGLYCERIDES = ask.number("triglycerides", "triglycerides", units.TRIGLYCERIDES, 20, 5000,
                           "triglyceride", "trigs", "tg",
                           question="What are the triglycerides, and in which unit?")  # fmt: skip
LIPIDS = (
    ask.number(
        "total_cholesterol", "total cholesterol", units.CHOLESTEROL, 50, 800, "cholesterol", "tc"
    ),
    ask.number("hdl", "HDL cholesterol", units.CHOLESTEROL, 5, 200, "hdl", "h d l"),
    TRIGLYCERIDES,
)
SAMPSON_LIPIDS = (*LIPIDS[:2], ask.bounded(TRIGLYCERIDES, 20, 800))
INSULIN = ask.number("insulin", "fasting insulin", units.table("µU/mL", {"mU/L": 1.0}), 0.5, 300,
                     "insulin")  # fmt: skip
FASTING_GLUCOSE = ask.number(
    "glucose", "fasting glucose", units.GLUCOSE, 30, 600, "glucose", "fasting blood glucose",
    "fasting blood sugar", "fasting plasma glucose",
)  # fmt: skip
HBA1C = ask.number("hba1c", "HbA1c", units.HBA1C, 3, 20, "hba1c", "a1c", "haemoglobin a1c",
                   "hemoglobin a1c", "glycated haemoglobin", "glycated hemoglobin")  # fmt: skip
IRON = ask.number("iron", "serum iron", units.IRON, 2, 500, "iron")
TIBC = ask.number("tibc", "total iron-binding capacity", units.IRON, 50, 900, "tibc", "t i b c",
                  "total iron binding capacity", "iron binding capacity")  # fmt: skip
MEASURED = ask.number("measured_osmolality", "measured osmolality", "mOsm/kg", 200, 600,
                      "measured osmolality", "measured osm", "measured")  # fmt: skip
ETHANOL = ask.number("ethanol", "ethanol", units.table("mg/dL", {"mmol/L": 4.6}), 0, 900,
                     "alcohol", "alcohol level", "blood alcohol")  # fmt: skip
_SMITHLINE = "Smithline N, Gardner KD. JAMA 1976;236:1594–1597"
_GAP = "Above 10 mOsm/kg: consider toxic alcohols, ketoacidosis, lactic acidosis, renal failure."


def _gap_reading(value: float, _given: Given) -> str:
    return _GAP if value > 10 else "10 mOsm/kg or below: not raised."


def _measured_gap(given: Given, ethanol_share: float = 4.6) -> float:
    """mOsm/kg, less ethanol in mg/dL over `ethanol_share` where it was measured."""
    gap = given.number("measured_osmolality") - _osmolality(given)
    return gap - given.number("ethanol") / ethanol_share if given.has("ethanol") else gap


def _ethanol_gap_reading(value: float, given: Given) -> str:
    """Ethanol may count for more than its moles (Purssell 2001): told where that decides."""
    other = rounded(_measured_gap(given, 3.7))
    told = _gap_reading(value, given)
    if value > 10 >= other:
        told += (
            f" It is {fixed(other)} mOsm/kg, not raised, with ethanol divided by 3.7 (Purssell)."
        )
    return told


CALCULATORS: tuple[Calculator, ...] = (
    _calcium_outcome(),
    formula(
        "corrected_sodium", "Sodium corrected for glucose",
        aliases=("corrected sodium", "sodium correction", "correct sodium", "correct the sodium",
                 "sodium corrected for glucose", "correct a sodium"),
        purpose="Sodium as it would be without hyperglycaemia.",
        reference="Katz MA. N Engl J Med 1973;289:843–844; "
                  "Hillier TA et al. Am J Med 1999;106:399–403",
        inputs=(ask.SODIUM, HIGH_GLUCOSE), value=_sodium(1.6), unit="mmol/L", decimals=1,
        arithmetic="Na + 1.6 × (glucose − 100) / 100, glucose in mg/dL", shown=_both_sodium,
    ),
    formula(
        "corrected_sodium_hillier", "Sodium corrected for glucose (Hillier)",
        aliases=("hillier", "corrected sodium hillier", "corrected sodium by hillier",
                 "hillier corrected sodium", "hillier sodium"),
        purpose="Sodium as it would be without hyperglycaemia, by the larger factor.",
        reference="Hillier TA et al. Am J Med 1999;106:399–403",
        inputs=(ask.SODIUM, HIGH_GLUCOSE), value=_sodium(2.4), unit="mmol/L", decimals=1,
        arithmetic="Na + 2.4 × (glucose − 100) / 100, glucose in mg/dL",
    ),
    formula(
        "serum_osmolality", "Serum osmolality, calculated",
        aliases=("serum osmolality", "osmolality", "calculated osmolality", "plasma osmolality",
                 "serum osmolarity", "osmolarity"),
        purpose="Osmolality from sodium, glucose and urea.",
        reference=_SMITHLINE,
        inputs=(ask.SODIUM, ANY_GLUCOSE, ask.UREA), value=_osmolality, unit="mOsm/kg", decimals=0,
        arithmetic="2 × Na + glucose / 18 + urea nitrogen / 2.8 (or glucose and urea in mmol/L)",
    ),
    formula(
        "osmolar_gap", "Osmolar gap",
        aliases=("osmolar gap", "osmolal gap", "osmol gap"),
        purpose="Unmeasured osmoles, such as toxic alcohols; no ethanol term.",
        reference=_SMITHLINE,
        inputs=(MEASURED, ask.SODIUM, ANY_GLUCOSE, ask.UREA),
        value=_measured_gap,
        unit="mOsm/kg", decimals=0, read=_gap_reading,
        arithmetic="measured − (2 × Na + glucose / 18 + urea nitrogen / 2.8)",
    ),
    formula(
        "osmolar_gap_ethanol", "Osmolar gap with ethanol",
        aliases=("osmolar gap with ethanol", "osmolal gap with ethanol", "osmolar gap with alcohol",
                 "osmol gap with ethanol"),
        purpose="Unmeasured osmoles that measured ethanol does not explain.",
        reference=_SMITHLINE,
        inputs=(MEASURED, ask.SODIUM, ANY_GLUCOSE, ask.UREA, ETHANOL),
        value=_measured_gap, unit="mOsm/kg", decimals=0, read=_ethanol_gap_reading,
        arithmetic="measured − (2 × Na + glucose / 18 + urea nitrogen / 2.8 + ethanol / 4.6)",
    ),
    formula(
        "ldl_friedewald", "LDL cholesterol (Friedewald)",
        aliases=("ldl", "friedewald", "ldl cholesterol", "l d l", "ldl friedewald",
                 "calculated ldl"),
        purpose="LDL cholesterol from a lipid profile, triglycerides up to 4.5 mmol/L.",
        reference="Friedewald WT et al. Clin Chem 1972;18:499–502",
        inputs=LIPIDS, value=friedewald, unit="mg/dL", decimals=0, shown=_lipids,
        read=_lipids_reading, arithmetic="total − HDL − triglycerides / 5 (mmol/L: / 2.2)",
    ),
    formula(
        "ldl_sampson", "LDL cholesterol (Sampson NIH)",
        aliases=("sampson", "ldl sampson", "sampson ldl", "nih ldl", "ldl by sampson",
                 "sampson equation", "ldl nih"),
        purpose="LDL cholesterol from a lipid profile, triglycerides up to 800 mg/dL.",
        reference="Sampson M et al. JAMA Cardiol 2020;5:540–548",
        inputs=SAMPSON_LIPIDS,
        value=lambda g: sampson(
            g.number("total_cholesterol"), g.number("hdl"), g.number("triglycerides")
        ),
        unit="mg/dL", decimals=0, shown=_lipids, read=_lipids_reading,
        arithmetic="TC/0.948 − HDL/0.971 − (TG/8.56 + TG × non-HDL/2140 − TG²/16100) − 9.44",
    ),
    formula(
        "homa_ir", "HOMA-IR",
        aliases=("homa ir", "homa", "h o m a", "homeostatic model assessment",
                 "insulin resistance"),
        purpose="Insulin resistance from fasting glucose and insulin.",
        reference="Matthews DR et al. Diabetologia 1985;28:412–419",
        inputs=(FASTING_GLUCOSE, INSULIN),
        value=lambda g: g.number("glucose") / 18 * g.number("insulin") / 22.5,
        unit="", decimals=2, arithmetic="glucose in mmol/L × insulin in µU/mL / 22.5",
    ),
    formula(
        "estimated_average_glucose", "Estimated average glucose from HbA1c",
        aliases=("estimated average glucose", "eag", "average glucose", "e a g", "convert hba1c",
                 "hba1c conversion", "convert a1c", "convert an a1c", "convert an hba1c"),
        purpose="Average glucose of an HbA1c, and the HbA1c in both units.",
        reference="Nathan DM et al. Diabetes Care 2008;31:1473–1478",
        inputs=(HBA1C,), value=lambda g: 28.7 * g.number("hba1c") - 46.7,
        unit="mg/dL", decimals=0, arithmetic="28.7 × HbA1c in % − 46.7",
        shown=lambda v, g: f"{fixed(v)} mg/dL ({fixed(v / 18, 1)} mmol/L), HbA1c "
                           f"{fixed(g.number('hba1c'), 1)}%, "
                           f"{fixed((g.number('hba1c') - 2.152) / 0.09148)} mmol/mol",
    ),
    formula(
        "transferrin_saturation", "Transferrin saturation",
        aliases=("transferrin saturation", "tsat", "iron saturation", "t sat"),
        purpose="Iron deficiency and iron overload.",
        reference="Bacon BR et al. Hepatology 2011;54:328–343",
        inputs=(IRON, TIBC), value=lambda g: 100 * g.number("iron") / g.number("tibc"),
        unit="%", decimals=0, arithmetic="100 × iron / total iron-binding capacity",
        read=lambda v, _g: "Below 20%: low." if v < 20 else (
            "Above 45%: raised, consider iron overload." if v > 45 else "20 to 45%."),
    ),
)  # fmt: skip
