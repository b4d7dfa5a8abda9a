"""Urine and plasma: fractional excretions, urea to creatinine, albuminuria."""

from __future__ import annotations

from agents.tools.calculators import inputs as ask
from agents.tools.calculators import units
from agents.tools.calculators.formula import formula
from agents.tools.calculators.model import Calculator, Given
from agents.tools.calculators.shown import fixed

URINE_SODIUM = ask.number(
    "urine_sodium", "urine sodium", units.ELECTROLYTE, 1, 400, "urinary sodium", "urine na"
)
URINE_CREATININE = ask.number(
    "urine_creatinine", "urine creatinine", units.CREATININE, 2, 800, "urinary creatinine"
)
URINE_UREA = ask.number(
    "urine_urea", "urine urea", units.UREA, 5, 4000, "urine urea nitrogen", "urinary urea", "uun"
)
ACR = ask.number(
    "acr", "albumin to creatinine ratio", units.ACR, 0.05, 4000, "acr", "a c r", "uacr",
    "urine acr", "albumin creatinine ratio",
)  # fmt: skip


def fractional_excretion(urine: float, plasma: float, urine_cr: float, plasma_cr: float) -> float:
    """Per cent of what is filtered; each pair in one unit."""
    return 100 * urine * plasma_cr / (plasma * urine_cr)


def _fena_reading(value: float, _given: Given) -> str:
    if value < 1:
        return "Below 1%: suggests a prerenal cause; not reliable with diuretics."
    if value > 2:
        return "Above 2%: suggests acute tubular necrosis; not reliable with diuretics."
    return "Between 1% and 2%: not conclusive."


def _albuminuria(value: float, given: Given) -> str:
    """KDIGO gives 30 and 300 mg/g, and 3 and 30 mg/mmol: each in the unit that was said."""
    low, high = 3.0, 30.0
    if given.unit("acr") == "mg/g":
        value, low, high = given.said["acr"].value, 30.0, 300.0
    if value < low:
        return "KDIGO category A1, normal to mildly increased."
    if value <= high:
        return "KDIGO category A2, moderately increased."
    return "KDIGO category A3, severely increased."


def _urea_ratio_si(given: Given) -> float:
    return given.number("urea") / 2.8 / (given.number("creatinine") * 0.0884)


CALCULATORS: tuple[Calculator, ...] = (
    formula(
        "fena", "Fractional excretion of sodium",
        aliases=("fena", "fe na", "fractional excretion of sodium", "f e n a",
                 "fractional sodium excretion"),
        purpose="Prerenal or tubular cause of acute kidney injury with oliguria.",
        reference="Espinel CH. JAMA 1976;236:579–581",
        inputs=(ask.SODIUM, ask.CREATININE, URINE_SODIUM, URINE_CREATININE),
        value=lambda g: fractional_excretion(
            g.number("urine_sodium"), g.number("sodium"),
            g.number("urine_creatinine"), g.number("creatinine"),
        ),
        unit="%", decimals=2, read=_fena_reading,
        arithmetic="100 × (urine Na × plasma creatinine) / (plasma Na × urine creatinine)",
    ),
    formula(
        "feurea", "Fractional excretion of urea",
        aliases=("feurea", "fe urea", "fractional excretion of urea", "fractional urea excretion"),
        purpose="Prerenal or tubular cause of acute kidney injury, also under diuretics.",
        reference="Carvounis CP et al. Kidney Int 2002;62:2223–2229",
        inputs=(ask.UREA, ask.CREATININE, URINE_UREA, URINE_CREATININE),
        value=lambda g: fractional_excretion(
            g.number("urine_urea"), g.number("urea"),
            g.number("urine_creatinine"), g.number("creatinine"),
        ),
        unit="%", decimals=1,
        read=lambda v, _g: "35% or below: suggests a prerenal cause." if v <= 35
        else "Above 35%: does not suggest a prerenal cause; above 50% suggests tubular necrosis.",
        arithmetic="100 × (urine urea × plasma creatinine) / (plasma urea × urine creatinine)",
    ),
    formula(
        "urea_creatinine_ratio", "Urea nitrogen to creatinine ratio",
        aliases=("urea creatinine ratio", "bun creatinine ratio", "bun to creatinine ratio",
                 "urea to creatinine ratio", "bun cr ratio"),
        purpose="Clue to volume depletion or upper gastrointestinal bleeding.",
        reference="Morgan DB, Carver ME, Payne RB. Br Med J 1977;2:929–932",
        inputs=(ask.UREA, ask.CREATININE),
        value=lambda g: g.number("urea") / g.number("creatinine"),
        unit="", decimals=1,
        shown=lambda v, g: f"{fixed(v, 1)} with urea nitrogen and creatinine in mg/dL, "
                           f"{fixed(_urea_ratio_si(g))} with both in mmol/L",
        read=lambda v, _g: "Above 20 (mg/dL): suggests a prerenal cause or upper "
        "gastrointestinal bleeding." if v > 20 else "Not above 20 (mg/dL).",
        arithmetic="urea nitrogen / creatinine, both in mg/dL",
    ),
    formula(
        "acr_conversion", "Urine albumin to creatinine ratio",
        aliases=("convert acr", "acr conversion", "albumin creatinine ratio", "uacr",
                 "convert albumin creatinine ratio", "albumin to creatinine ratio", "acr"),
        purpose="Converts between mg/mmol and mg/g, with the KDIGO albuminuria category.",
        reference="KDIGO 2024 CKD guideline. Kidney Int 2024;105(4S):S117–S314",
        inputs=(ACR,),
        value=lambda g: g.number("acr"),
        unit="mg/mmol", decimals=1, read=_albuminuria,
        shown=lambda v, _g: f"{fixed(v, 1)} mg/mmol, {fixed(v * 8.84)} mg/g",
        arithmetic="mg/g ÷ 8.84",
    ),
)  # fmt: skip
