"""One quantity in another unit."""

from __future__ import annotations

from math import floor, log10

from agents.tools.calculators import inputs as ask
from agents.tools.calculators import units
from agents.tools.calculators.inputs import bounded
from agents.tools.calculators.model import Calculator, Given, Input, Outcome
from agents.tools.calculators.shown import amount, fixed

_SI = "Bureau International des Poids et Mesures. The International System of Units, 9th ed, 2019"
_MASS = "Young DS. Ann Intern Med 1987;106:114–129"


def _converted(
    key: str,
    what: str,
    wanted: Input,
    decimals: dict[str, int],
    aliases: tuple[str, ...],
    reference: str,
) -> Calculator:
    """`wanted` in every unit it was not said in; the first of them is the value."""

    def compute(given: Given) -> Outcome:
        said = given.unit(wanted.name)
        canonical = given.number(wanted.name)
        others = [unit for unit in decimals if unit != said]
        values = [wanted.units[unit].said(canonical) for unit in others]
        shown = [
            amount(float(fixed(v, max(decimals[u], _two_figures(v)))), u)
            for v, u in zip(values, others, strict=True)
        ]
        left = amount(given.said[wanted.name].value, said)
        return Outcome(values[0], others[0], ", ".join(shown), "", (f"{left} = {shown[0]}",))

    return Calculator(
        key, f"{what} conversion", aliases, f"{what} in its other units.", (wanted,), reference,
        compute
    )  # fmt: skip


def _two_figures(value: float) -> int:
    """The decimals that keep two figures of a value below 0.1, so that it is never shown as 0."""
    return 1 - floor(log10(abs(value))) if 0 < abs(value) < 0.1 else 0


def _ways(*names: str) -> tuple[str, ...]:
    return tuple(
        way
        for name in names
        for way in (
            f"convert {name}",
            f"{name} conversion",
            f"convert a {name}",
            f"convert the {name}",
        )
    )


_ANY_WEIGHT = bounded(ask.ANY_WEIGHT, 0.001, 700)
_ANY_HEIGHT = bounded(ask.HEIGHT, 0.1, 300)

CALCULATORS: tuple[Calculator, ...] = (
    _converted(
        "temperature_conversion", "Temperature", bounded(ask.TEMPERATURE, -90, 150),
        {"°C": 1, "°F": 1},
        (*_ways("temperature"), "in fahrenheit", "in celsius", "to fahrenheit", "to celsius",
         "degrees fahrenheit to celsius"),
        _SI,
    ),
    _converted(
        "weight_conversion", "Weight", _ANY_WEIGHT, {"kg": 2, "lb": 2, "stone": 2},
        (*_ways("weight"), "pounds to kilos", "kilos to pounds", "in pounds", "in kilos",
         "in kilograms", "to kilograms", "to kilos", "to pounds", "to stone", "in stone",
         "to kg", "in kg", "to lb"),
        _SI,
    ),
    _converted(
        "height_conversion", "Height", _ANY_HEIGHT, {"cm": 1, "in": 2, "ft": 2, "m": 2},
        (*_ways("height"), "in centimeters", "to centimeters", "in centimetres", "to centimetres",
         "in feet", "to feet", "to inches", "in inches", "to cm", "in cm"),
        _SI,
    ),
    _converted(
        "glucose_conversion", "Glucose", ask.GLUCOSE, {"mg/dL": 0, "mmol/L": 1},
        _ways("glucose", "blood sugar", "blood glucose"), _MASS,
    ),
    _converted(
        "creatinine_conversion", "Creatinine", ask.CREATININE, {"mg/dL": 2, "µmol/L": 0},
        _ways("creatinine"), _MASS,
    ),
    _converted(
        "bilirubin_conversion", "Bilirubin", ask.BILIRUBIN, {"mg/dL": 2, "µmol/L": 0},
        _ways("bilirubin"), _MASS,
    ),
    _converted(
        "calcium_conversion", "Calcium", ask.CALCIUM, {"mg/dL": 1, "mmol/L": 2},
        _ways("calcium"), _MASS,
    ),
    _converted(
        "cholesterol_conversion", "Cholesterol",
        ask.number("cholesterol", "cholesterol", units.CHOLESTEROL, 5, 900, "ldl", "hdl"),
        {"mg/dL": 0, "mmol/L": 2}, _ways("cholesterol"), _MASS,
    ),
)  # fmt: skip
