"""Acid and base: the anion gap and what follows from it, expected compensation."""

from __future__ import annotations

from agents.tools.calculators import inputs as ask
from agents.tools.calculators.formula import formula
from agents.tools.calculators.model import Calculator, Given
from agents.tools.calculators.shown import fixed

NORMAL_GAP, NORMAL_BICARBONATE = 12.0, 24.0


def anion_gap(sodium: float, chloride: float, bicarbonate: float) -> float:
    """mmol/L: Na − (Cl + HCO3), without potassium."""
    return sodium - (chloride + bicarbonate)


def albumin_corrected(gap: float, albumin_g_dl: float) -> float:
    """mmol/L: 2.5 for each g/dL of albumin below 4.0."""
    return gap + 2.5 * (4.0 - albumin_g_dl)


def delta_gap(gap: float, bicarbonate: float) -> float:
    """mmol/L: (gap − 12) − (24 − HCO3)."""
    return (gap - NORMAL_GAP) - (NORMAL_BICARBONATE - bicarbonate)


def delta_ratio(gap: float, bicarbonate: float) -> float:
    """(gap − 12) / (24 − HCO3)."""
    return (gap - NORMAL_GAP) / (NORMAL_BICARBONATE - bicarbonate)


def _gap(given: Given) -> float:
    gap = anion_gap(given.number("sodium"), given.number("chloride"), given.number("bicarbonate"))
    return albumin_corrected(gap, given.number("albumin")) if given.has("albumin") else gap


def _gap_steps(given: Given) -> str:
    plain = (
        f"{fixed(given.number('sodium'), 1)} − ({fixed(given.number('chloride'), 1)} + "
        f"{fixed(given.number('bicarbonate'), 1)})"
    )
    if given.has("albumin"):
        return f"{plain} + 2.5 × (4 − {fixed(given.number('albumin'), 2)})"
    return plain


def _gap_reading(value: float, _given: Given) -> str:
    return "Above 12 mmol/L: raised." if value > 12 else "Not above 12 mmol/L."


def _both_changes(value: float, given: Given) -> str:
    """The difference beside its two parts, for some call the first of them the delta gap."""
    rise = fixed(_gap(given) - NORMAL_GAP, 1)
    fall = fixed(NORMAL_BICARBONATE - given.number("bicarbonate"), 1)
    return f"{fixed(value, 1)} mmol/L, the gap {rise} above 12 and bicarbonate {fall} below 24"


def _delta_gap_reading(value: float, _given: Given) -> str:
    if value < -6:
        return "Below −6: an additional normal-gap acidosis."
    if value > 6:
        return "Above 6: an additional metabolic alkalosis."
    return "Between −6 and 6: a pure raised-gap acidosis, if the gap is raised."


def _ratio_reading(value: float, _given: Given) -> str:
    if value < 0.4:
        return "Below 0.4: normal-gap acidosis."
    if value < 1:
        return "0.4 to 1: combined raised-gap and normal-gap acidosis."
    if value <= 2:
        return "1 to 2: raised-gap acidosis."
    return "Above 2: an additional metabolic alkalosis or compensated respiratory acidosis."


_IONS = (ask.SODIUM, ask.CHLORIDE, ask.BICARBONATE)
_LOW_BICARBONATE = (*_IONS[:2], ask.bounded(ask.BICARBONATE, 1, 23.9))
_FIGGE = "Figge J et al. Crit Care Med 1998;26:1807–1810"
_WRENN = "Wrenn K. Ann Emerg Med 1990;19:1310–1313"
_RASTEGAR = "Rastegar A. J Am Soc Nephrol 2007;18:2429–2431"


def _with_albumin(*names: str) -> tuple[str, ...]:
    return tuple(
        alias
        for name in names
        for alias in (
            f"corrected {name}",
            f"albumin corrected {name}",
            f"{name} corrected for albumin",
            f"{name} with albumin correction",
            f"{name} with albumin",
        )
    )


CALCULATORS: tuple[Calculator, ...] = (
    formula(
        "anion_gap", "Anion gap",
        aliases=("anion gap", "an ion gap", "the gap"),
        purpose="Cause of a metabolic acidosis.",
        reference="Emmett M, Narins RG. Medicine 1977;56:38–54",
        inputs=_IONS, value=_gap, unit="mmol/L", decimals=1, arithmetic=_gap_steps,
        read=_gap_reading,
    ),
    formula(
        "anion_gap_corrected", "Anion gap corrected for albumin",
        aliases=_with_albumin("anion gap"),
        purpose="Anion gap where albumin is low; 4.0 g/dL is taken as normal.",
        reference=_FIGGE,
        inputs=(*_IONS, ask.ALBUMIN), value=_gap, unit="mmol/L", decimals=1,
        arithmetic=_gap_steps, read=_gap_reading,
    ),
    formula(
        "delta_gap", "Delta gap",
        aliases=("delta gap",),
        purpose="A second metabolic disorder beside a raised-gap acidosis.",
        reference=_WRENN,
        inputs=_IONS, value=lambda g: delta_gap(_gap(g), g.number("bicarbonate")),
        unit="mmol/L", decimals=1, read=_delta_gap_reading, shown=_both_changes,
        arithmetic=lambda g: f"(gap {fixed(_gap(g), 1)} − 12) − (24 − "
                             f"{fixed(g.number('bicarbonate'), 1)})",
    ),
    formula(
        "delta_gap_corrected", "Delta gap corrected for albumin",
        aliases=_with_albumin("delta gap"),
        purpose="A second metabolic disorder beside a raised-gap acidosis, where albumin is low.",
        reference=f"{_WRENN}; {_FIGGE}",
        inputs=(*_IONS, ask.ALBUMIN), value=lambda g: delta_gap(_gap(g), g.number("bicarbonate")),
        unit="mmol/L", decimals=1, read=_delta_gap_reading, shown=_both_changes,
        arithmetic=lambda g: f"(corrected gap {fixed(_gap(g), 1)} − 12) − (24 − "
                             f"{fixed(g.number('bicarbonate'), 1)})",
    ),
    formula(
        "delta_ratio", "Delta ratio",
        aliases=("delta ratio", "delta delta"),
        purpose="Mixed metabolic disorders in a raised-gap acidosis.",
        reference=_RASTEGAR,
        inputs=_LOW_BICARBONATE, value=lambda g: delta_ratio(_gap(g), g.number("bicarbonate")),
        unit="", decimals=2, read=_ratio_reading,
        arithmetic=lambda g: f"(gap {fixed(_gap(g), 1)} − 12) / (24 − "
                             f"{fixed(g.number('bicarbonate'), 1)})",
    ),
    formula(
        "delta_ratio_corrected", "Delta ratio corrected for albumin",
        aliases=_with_albumin("delta ratio"),
        purpose="Mixed metabolic disorders in a raised-gap acidosis, where albumin is low.",
        reference=f"{_RASTEGAR}; {_FIGGE}",
        inputs=(*_LOW_BICARBONATE, ask.ALBUMIN),
        value=lambda g: delta_ratio(_gap(g), g.number("bicarbonate")),
        unit="", decimals=2, read=_ratio_reading,
        arithmetic=lambda g: f"(corrected gap {fixed(_gap(g), 1)} − 12) / (24 − "
                             f"{fixed(g.number('bicarbonate'), 1)})",
    ),
    formula(
        "winters", "Expected PaCO2 (Winter's formula)",
        aliases=("winters formula", "winter's formula", "winters", "expected pco2",
                 "expected paco2",
                 "winter formula", "winter's"),
        purpose="Respiratory compensation expected in a metabolic acidosis.",
        reference="Albert MS, Dell RB, Winters RW. Ann Intern Med 1967;66:312–322",
        inputs=(ask.bounded(ask.BICARBONATE, 1, NORMAL_BICARBONATE),),
        value=lambda g: 1.5 * g.number("bicarbonate") + 8,
        unit="mmHg", decimals=1,
        arithmetic=lambda g: f"1.5 × {fixed(g.number('bicarbonate'), 1)} + 8",
        shown=lambda v, _g: f"{fixed(v, 1)} mmHg ({fixed(v - 2, 1)} to {fixed(v + 2, 1)} mmHg)",
        read="A higher PaCO2 means an additional respiratory acidosis, a lower one an additional "
             "respiratory alkalosis.",
    ),
)  # fmt: skip
