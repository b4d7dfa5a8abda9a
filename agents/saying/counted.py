"""Says units in the number that fits: "one milligram", "a 5-milligram tablet", "per kilogram"."""

from __future__ import annotations

from agents.saying.line import NUMERIC, Line
from agents.saying.numbers import number_words, without_separators
from agents.saying.pieces import Kind
from agents.saying.units import Compound, compound

_MASSES = frozenset({"g", "mg", "mcg"})
_HALVES = frozenset({"1/2", "½", "1/4", "¼", "3/4", "¾", "1/3", "⅓", "2/3", "⅔"})


def unit(line: Line, at: int) -> str:
    """A unit with what it is per."""
    written = compound(line.text(at))
    said = [] if written.numerator is None else [_unit_name(line, at, written)]
    for one in written.per:
        if one.number:
            name = one.unit.one if number_words(one.number) == "one" else one.unit.many
            own = written.numerator.key if written.numerator else ""
            mixed = (own in _MASSES and one.unit.key in _MASSES) or one.unit.key == "%"
            between = "over" if mixed else "per"  # two drugs in one tablet: "8 mg/2 mg"
            said.append(f"{between} {number_words(one.number)} {name}")
        else:
            said.append(f"per {one.unit.one}")
    return " ".join(said)


def _unit_name(line: Line, at: int, written: Compound) -> str:
    unit = written.numerator
    assert unit is not None  # noqa: S101 - asked for only then
    if line.text(at) in (unit.one, unit.many) and unit.key != "%":
        return line.text(at)
    before = line.near(at - 1)
    if line.text(at) == "m" and _ages(line, at):
        return "month" if line.text(at - 1) == "1" else "months"
    if line.text(at) == "F" and before and not 90 <= float(without_separators(before.text)) <= 115:
        return "F"  # "72F", "16F catheter"
    if before is not None and before.text == "/":  # "cells/µL"
        return unit.one
    if before is not None and before.kind is Kind.DASH:  # "a 5-mg tablet", "72-year-old"
        return unit.one
    if before is not None and before.kind in (Kind.WORD, Kind.SPECIAL):
        return (
            unit.one
            if before.text.lower() in ("per", "a", "an", "each", "every", "/")
            else unit.many
        )
    if before is None or before.kind not in NUMERIC:
        return unit.many
    if before.kind is Kind.FRACTION and line.text(at) == "L" and "/" in before.text[1:-1]:
        return "litre" if before.text in _HALVES else "L"  # vision 6/60 L
    if before.kind is Kind.FRACTION:
        plain = before.text in _HALVES
        mixed = line.kind(at - 2) is Kind.NUMBER
        return unit.one if plain and not mixed else unit.many
    one = before.kind is Kind.NUMBER and number_words(before.text) == "one"
    ranged = line.kind(at - 2) is Kind.DASH and line.kind(at - 3) is Kind.NUMBER
    return unit.one if one and not ranged else unit.many


def _ages(line: Line, at: int) -> bool:
    """Whether a unit ends or begins a range of ages: "6 m–2 y"."""
    between = (Kind.DASH, Kind.WORD)
    other = (at + 3, at + 1) if line.kind(at + 3) is Kind.UNIT else (at - 3, at - 2)
    if line.kind(other[0]) is not Kind.UNIT or line.kind(other[1]) not in between:
        return False
    unit = compound(line.text(other[0])).numerator
    return unit is not None and unit.key in ("day", "week", "month", "year")
