"""Says units in the number that fits: "one milligram", "a 5-milligram tablet", "per kilogram"."""

from __future__ import annotations

from agents.saying.line import NUMERIC, Line
from agents.saying.numbers import number_words
from agents.saying.pieces import Kind
from agents.saying.units import Compound, compound


def unit(line: Line, at: int) -> str:
    """A unit with what it is per."""
    written = compound(line.text(at))
    said = [] if written.numerator is None else [_unit_name(line, at, written)]
    for one in written.per:
        if one.number:
            said.append(f"per {number_words(one.number)} {one.unit.many}")
        else:
            said.append(f"per {one.unit.one}")
    return " ".join(said)


def _unit_name(line: Line, at: int, written: Compound) -> str:
    unit = written.numerator
    assert unit is not None  # noqa: S101 - asked for only then
    if line.text(at) in (unit.one, unit.many) and unit.key != "%":
        return line.text(at)
    before = line.near(at - 1)
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
        return unit.one if plain else unit.many
    one = before.kind is Kind.NUMBER and number_words(before.text) == "one"
    return unit.one if one and line.kind(at - 2) is not Kind.DASH else unit.many
