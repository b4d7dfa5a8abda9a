"""The QT interval corrected for heart rate, by each published formula."""

from __future__ import annotations

from collections.abc import Callable

from agents.tools.calculators import inputs as ask
from agents.tools.calculators.formula import formula
from agents.tools.calculators.model import Calculator, Given
from agents.tools.calculators.shown import fixed
from agents.tools.calculators.units import table


def bazett(qt_ms: float, rate: float) -> float:
    """QT / √RR, in ms."""
    return float(qt_ms / (60 / rate) ** 0.5)


def fridericia(qt_ms: float, rate: float) -> float:
    """QT / ∛RR, in ms."""
    return float(qt_ms / (60 / rate) ** (1 / 3))


def framingham(qt_ms: float, rate: float) -> float:
    """QT + 154 × (1 − RR), in ms."""
    return qt_ms + 154 * (1 - 60 / rate)


def hodges(qt_ms: float, rate: float) -> float:
    """QT + 1.75 × (rate − 60), in ms."""
    return qt_ms + 1.75 * (rate - 60)


def rautaharju(qt_ms: float, rate: float) -> float:
    """QT × (120 + rate) / 180, in ms."""
    return qt_ms * (120 + rate) / 180


QT = ask.number("qt", "QT interval", table("ms", {"seconds": 1000.0}), 150, 1000, "qt", "q t")
RATE = ask.HEART_RATE


def _reading(value: float, _given: Given | None = None) -> str:
    if value >= 500:
        return "500 ms or more: high risk of torsade de pointes."
    if value >= 460:
        return "Prolonged: from 450 ms in men and 460 ms in women (AHA/ACCF/HRS 2009)."
    if value >= 450:
        return "Prolonged in men (from 450 ms), not in women (from 460 ms) (AHA/ACCF/HRS 2009)."
    return "Not prolonged: below 450 ms."


def _rautaharju_reading(value: float, _given: Given | None = None) -> str:
    """The upper limits of that publication, which go by age and sex."""
    limits = (
        "Prolonged above 430 ms in men and 440 ms in women below 40 years, 440 and 450 ms from "
        "40 to 69, 455 and 460 ms from 70 (Rautaharju)."
    )
    return f"500 ms or more: high risk of torsade de pointes. {limits}" if value >= 500 else limits


def _corrected(
    name: str,
    correct: Callable[[float, float], float],
    reference: str,
    arithmetic: str,
    read: Callable[[float, Given], str] = _reading,
) -> Calculator:
    key = name.lower()
    aliases = {f"qtc {key}", f"{key} qtc", f"qtc by {key}", f"q t c {key}", f"{key} corrected qt"}
    aliases |= {f"qtc using {key}", f"corrected qt by {key}", f"corrected qt {key}", f"{key} q t c"}
    aliases |= {f"{key} formula", f"qtc with {key}"} | (set() if key == "framingham" else {key})
    if key == "fridericia":
        aliases |= {alias.replace("fridericia", "fredericia") for alias in aliases}
    return formula(
        f"qtc_{key}",
        f"QTc ({name})",
        aliases=tuple(sorted(aliases)),
        purpose=f"QT interval corrected for heart rate by {name}'s formula.",
        reference=reference,
        inputs=(QT, RATE),
        value=lambda given: correct(given.number("qt"), given.number("heart_rate")),
        unit="ms",
        decimals=0,
        arithmetic=arithmetic,
        read=read,
    )


def _all(_value: float, given: Given) -> str:
    qt, rate = given.number("qt"), given.number("heart_rate")
    return (
        f"Fridericia {fixed(fridericia(qt, rate))} ms, Bazett {fixed(bazett(qt, rate))} ms, "
        f"Framingham {fixed(framingham(qt, rate))} ms, Hodges {fixed(hodges(qt, rate))} ms"
    )


CALCULATORS: tuple[Calculator, ...] = (
    formula(
        "qtc",
        "QTc",
        aliases=("qtc", "corrected qt", "q t c", "qt correction", "correct the qt"),
        purpose="QT interval corrected for heart rate by four formulas; Fridericia leads.",
        reference="Fridericia LS. Acta Med Scand 1920;53:469–486; Bazett HC. Heart 1920;7:353–370",
        inputs=(QT, RATE),
        value=lambda given: fridericia(given.number("qt"), given.number("heart_rate")),
        unit="ms",
        decimals=0,
        arithmetic="QT / ∛RR",
        shown=_all,
        read=lambda value, given: f"By Fridericia: {_reading(value, given)}",
    ),
    _corrected("Bazett", bazett, "Bazett HC. Heart 1920;7:353–370", "QT / √RR"),
    _corrected(
        "Fridericia", fridericia, "Fridericia LS. Acta Med Scand 1920;53:469–486", "QT / ∛RR"
    ),
    _corrected(
        "Framingham",
        framingham,
        "Sagie A et al. Am J Cardiol 1992;70:797–801",
        "QT + 154 ms × (1 − RR)",
    ),
    _corrected(
        "Hodges",
        hodges,
        "Hodges M et al. J Am Coll Cardiol 1983;1:694",
        "QT + 1.75 × (heart rate − 60)",
    ),
    _corrected(
        "Rautaharju",
        rautaharju,
        "Rautaharju PM et al. Int J Cardiol 2014;174:535–540",
        "QT × (120 + heart rate) / 180",
        _rautaharju_reading,
    ),
)
