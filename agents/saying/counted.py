"""Says units in the number that fits: "one milligram", "a 5-milligram tablet", "per kilogram"."""

from __future__ import annotations

from agents.saying.line import NUMERIC, Line
from agents.saying.numbers import number_words, without_separators
from agents.saying.pieces import Kind
from agents.saying.units import Compound, compound

_MASSES = frozenset({"g", "mg", "mcg"})


def unit(line: Line, at: int) -> str:
    """A unit with what it is per."""
    written = compound(line.text(at))
    said = [] if written.numerator is None else [_unit_name(line, at, written)]
    for one in written.per:
        if one.number:
            name = one.unit.one if number_words(one.number) == "one" else one.unit.many
            own = written.numerator.key if written.numerator else ""
            mixed = own in _MASSES and one.unit.key in _MASSES
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
    if before.kind is Kind.FRACTION:
        plain = before.text in ("1/2", "½", "1/4", "¼", "3/4", "¾", "1/3", "⅓", "2/3", "⅔")
        mixed = line.kind(at - 2) is Kind.NUMBER
        return unit.one if plain and not mixed else unit.many
    one = before.kind is Kind.NUMBER and number_words(before.text) == "one"
    return unit.one if one and line.kind(at - 2) is not Kind.DASH else unit.many
