"""Check what was said, ask for what is missing, compute, and read everything back.

A missing input is asked for, one at a time, and never replaced by a default. A bare number takes
a unit only where the plausible range leaves exactly one; otherwise the unit is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Context
from typing import Literal

from agents.tools.calculators.dates import resolve_date
from agents.tools.calculators.model import (
    Calculator,
    Given,
    Input,
    Missing,
    Outcome,
    Quantity,
    Raw,
    Result,
    Scale,
    Value,
)
from agents.tools.calculators.quantities import parse_quantity
from agents.tools.calculators.shown import amount, spoken_list
from agents.tools.calculators.units import unit_named
from storage.faults import Invalid

YES = frozenset({"yes", "y", "true", "present", "positive"})
NO = frozenset({"no", "n", "false", "absent", "negative", "none"})
#: What cannot be more than the other, whatever the patient has.
_AT_MOST = (
    ("diastolic", "systolic"),
    ("hdl", "total_cholesterol"),
    ("iron", "tibc"),
    ("haemoglobin", "target_haemoglobin"),
)


class UnitWanted(Exception):
    """A number was given whose unit cannot be told; holds the plausible ones."""

    def __init__(self, units: tuple[str, ...]) -> None:
        super().__init__("unit wanted")
        self.units = units


def calculate(
    calculator: Calculator, raw: Mapping[str, Raw], *, today: date | None = None
) -> Result | Missing:
    """The result, or what is still missing; `Invalid` names a field that cannot be used."""
    now = today or date.today()
    for name in raw:
        if calculator.input(name) is None:
            raise Invalid(
                "unknown_input",
                f"{calculator.name} does not use that input.",
                remedy=f"It uses {spoken_list([i.label for i in calculator.inputs])}.",
                field=name,
            )
    values: dict[str, Value] = {}
    said: dict[str, Quantity] = {}
    missing: list[Input] = []
    first: tuple[Literal["value", "unit"], str] | None = None
    for wanted in calculator.inputs:
        if not _matters(wanted, values):
            continue
        if wanted.name not in raw:
            if not wanted.standard:
                missing.append(wanted)
                first = first or ("value", wanted.question)
            continue
        try:
            value, quantity = checked(wanted, raw[wanted.name], now)
        except UnitWanted as bare:
            missing.append(wanted)
            first = first or ("unit", _unit_question(wanted, raw[wanted.name], bare.units))
            continue
        values[wanted.name] = value
        if quantity is not None:
            said[wanted.name] = quantity
    if first is not None:
        return Missing(calculator.key, tuple(missing), first[0], first[1])
    given = Given(values, said, now)
    for less, more in _AT_MOST:
        low, high = calculator.input(less), calculator.input(more)
        if low and high and given.number(less) > given.number(more):
            sentence = f"The {low.label} cannot be above the {high.label}."
            raise _unusable(low, sentence, "contradiction")
    outcome = calculator.compute(given)
    return _told(calculator, outcome, values, said)


def checked(wanted: Input, raw: Raw, today: date) -> tuple[Value, Quantity | None]:
    """`raw` as a value of `wanted` and, for a number, as it was said with its unit."""
    if wanted.kind == "number":
        quantity = parse_quantity(raw) if isinstance(raw, str) else raw
        if isinstance(quantity, bool) or not isinstance(quantity, Quantity):
            raise _unusable(wanted, f"The {wanted.label} must be a number.")
        return _number(wanted, quantity)
    if wanted.kind == "choice":
        return _choice(wanted, raw), None
    if wanted.kind == "yesno":
        return _yes_or_no(wanted, raw), None
    if not isinstance(raw, str):
        raise _unusable(wanted, f"The {wanted.label} must be a date.")
    return resolve_date(wanted, raw, today), None


def read_back(wanted: Input, value: Value, quantity: Quantity | None) -> str:
    """One input as it was said, e.g. "creatinine 130 µmol/L"."""
    if quantity is not None:
        nitrogen = " nitrogen" if _is_nitrogen(wanted, quantity.unit) else ""
        return f"{wanted.label}{nitrogen} {amount(quantity.value, quantity.unit or '')}"
    if wanted.kind == "yesno":
        return f"{wanted.label}: {'yes' if value else 'no'}"
    if wanted.kind == "choice":
        return f"{wanted.label}: {wanted.choices[str(value)]}"
    assert isinstance(value, date)  # noqa: S101 - the only kind left
    return f"{wanted.label}: {value.day} {value:%B %Y}"


def _matters(wanted: Input, values: Mapping[str, Value]) -> bool:
    if wanted.when is None:
        return True
    name, holds = wanted.when
    return name in values and holds(values[name])


def _number(wanted: Input, quantity: Quantity) -> tuple[float, Quantity]:
    if quantity.value != quantity.value or abs(quantity.value) == float("inf"):
        raise _unusable(wanted, f"The {wanted.label} must be a number.")
    if quantity.unit is None or (quantity.unit == "" and "" not in wanted.units):
        unit = _only_plausible_unit(wanted, quantity.value)
    else:
        named = quantity.unit if quantity.unit in wanted.units else unit_named(quantity.unit)
        if named is None or named not in wanted.units:
            raise _unusable(wanted, f"That unit does not fit the {wanted.label}.", "unknown_unit")
        unit = named
    scale = wanted.units[unit]
    value = scale.canonical(quantity.value)
    if not _within(wanted, value):
        raise _out_of_range(wanted, unit, scale)
    if wanted.whole and value != int(value):
        raise _unusable(wanted, f"The {wanted.label} must be a whole number.")
    return value, Quantity(quantity.value, unit)


def _only_plausible_unit(wanted: Input, value: float) -> str:
    plausible: dict[Scale, str] = {}
    for unit, scale in wanted.units.items():
        if _within(wanted, scale.canonical(value)):
            plausible.setdefault(scale, unit)
    if not plausible:
        raise _out_of_range(wanted, wanted.unit, wanted.units[wanted.unit])
    if len(plausible) > 1:
        raise UnitWanted(tuple(plausible.values()))
    return next(iter(plausible.values()))


def _within(wanted: Input, canonical: float) -> bool:
    slack = 1e-9 * max(abs(wanted.low), abs(wanted.high), 1.0)
    return wanted.low - slack <= canonical <= wanted.high + slack


def _out_of_range(wanted: Input, unit: str, scale: Scale) -> Invalid:
    return Invalid(
        "out_of_range",
        f"The {wanted.label} is outside what can be used here, {_range(wanted, unit, scale)}.",
        remedy=_accepted(wanted),
        field=wanted.name,
    )


def _range(wanted: Input, unit: str, scale: Scale) -> str:
    """What is accepted, in a unit; three figures are enough to say, rounded inwards."""
    low, high = scale.said(wanted.low), scale.said(wanted.high)
    if scale != wanted.units[wanted.unit]:
        low, high = _three_figures(low, ROUND_CEILING), _three_figures(high, ROUND_FLOOR)
    named = _NAMED_UNIT.get(unit, unit) if "mg/dL urea" in wanted.units else unit
    return f"{amount(low, '')} to {amount(high, named)}"


def _three_figures(value: float, rounding: str) -> float:
    return float(Context(prec=3, rounding=rounding).create_decimal_from_float(round(value, 9)))


def _unusable(wanted: Input, sentence: str, code: str = "unusable_input") -> Invalid:
    return Invalid(code, sentence, remedy=_accepted(wanted), field=wanted.name)


def _accepted(wanted: Input) -> str:
    if wanted.kind == "number":
        ranges = [_range(wanted, unit, scale) for unit, scale in wanted.units.items()]
        return f"Say the {wanted.label} again: {spoken_list(ranges, 'or')}."
    if wanted.kind == "choice":
        return f"Say one of: {spoken_list(list(wanted.choices.values()), 'or')}."
    if wanted.kind == "yesno":
        return "Answer yes or no."
    return "Say the day, the month and the year."


def _is_nitrogen(wanted: Input, unit: str | None) -> bool:
    """Whether an amount of urea is one of its nitrogen, 2.14 times less."""
    return unit == "mg/dL" and "mg/dL urea" in wanted.units


_NAMED_UNIT = {"mg/dL": "mg/dL of urea nitrogen", "mg/dL urea": "mg/dL of urea"}


def _unit_question(wanted: Input, raw: Raw, units: tuple[str, ...]) -> str:
    quantity = parse_quantity(raw) if isinstance(raw, str) else raw
    value = amount(quantity.value, "") if isinstance(quantity, Quantity) else ""
    named = [_NAMED_UNIT.get(unit, unit) if "mg/dL urea" in units else unit for unit in units]
    return f"Is the {wanted.label} {value} in {spoken_list(named, 'or')}?"


def _choice(wanted: Input, raw: Raw) -> str:
    if isinstance(raw, Quantity):
        said = amount(raw.value, "")
    elif isinstance(raw, bool):
        said = "yes" if raw else "no"
    else:
        said = raw.strip().lower()
    for value, shown in wanted.choices.items():
        if said in {value.lower(), shown.lower(), *wanted.spoken_choices.get(value, ())}:
            return value
    raise _unusable(wanted, f"That is none of the choices for {wanted.label}.")


def _yes_or_no(wanted: Input, raw: Raw) -> bool:
    if isinstance(raw, bool):
        return raw
    said = raw.strip().lower() if isinstance(raw, str) else ""
    if said in YES:
        return True
    if said in NO:
        return False
    raise _unusable(wanted, f"{wanted.label[0].upper()}{wanted.label[1:]} needs a yes or a no.")


def _told(
    calculator: Calculator,
    outcome: Outcome,
    values: Mapping[str, Value],
    said: Mapping[str, Quantity],
) -> Result:
    back: list[str] = []
    plain: list[str] = []
    present: list[str] = []
    absent: list[str] = []
    for wanted in calculator.inputs:
        if wanted.name in values:
            entry = read_back(wanted, values[wanted.name], said.get(wanted.name))
            back.append(entry)
            if wanted.kind == "yesno":
                there = bool(values[wanted.name]) is not bool(wanted.opposite)
                (present if there else absent).append(wanted.opposite or wanted.label)
            else:
                plain.append(entry)
        elif wanted.standard and _matters(wanted, values):
            plain.append(wanted.standard)
    parts = [", ".join(plain)] if plain else []
    if present:
        parts.append(f"yes to {', '.join(present)}")
    if absent:
        parts.append(f"no to {', '.join(absent)}")
    text = f"{calculator.name}: {outcome.shown}, from {'; '.join(parts)}."
    return Result(
        key=calculator.key,
        value=outcome.value,
        unit=outcome.unit,
        text=text,
        interpretation=outcome.interpretation,
        steps=outcome.steps,
        reference=calculator.reference,
        inputs_read_back=tuple(back),
    )
