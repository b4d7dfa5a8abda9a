"""A spoken number with its unit: "one hundred thirty micromoles per litre" → 130 µmol/L."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from agents.tools.calculators.model import Quantity
from agents.tools.calculators.spoken_numbers import normalised
from agents.tools.calculators.units import unit_at

_NUMBER = re.compile(r"(?<![\w.^])-?(?:\d+(?:\.\d+)?|\.\d+)")
_AND = r"\s*(?:and )?(\d+(?:\.\d+)?)(?![\d.])\s*"
_FEET = re.compile(rf"(?<![\w.])(\d+)\s*(?:foot|feet|ft|'){_AND}(inch(?:es)?\b|in\b|\")?")
_STONE = re.compile(rf"(?<![\w.])(\d+)\s*(?:stones?|st){_AND}(pounds?\b|lbs?\b)?")
_METRES = re.compile(r"(?<![\w.])([12])\s*(?:met(?:re|er)s?|m)\s+(\d\d)\b(\s*cms?\b)?(?!\s*/)")
_KILOS = re.compile(rf"(?<![\w.])(\d+)\s*(?:kgs?|kilos?|kilograms?){_AND}(g\b|grams?\b)")


@dataclass(frozen=True, slots=True)
class Heard:
    """A quantity and where it stands in the normalised text."""

    quantity: Quantity
    start: int
    end: int


def parse_quantity(text: str) -> Quantity | None:
    """The one number in `text` with its unit, if said; None for no number or for several."""
    heard = list(quantities(normalised(text)))
    return heard[0].quantity if len(heard) == 1 else None


def quantities(text: str) -> Iterator[Heard]:
    """Every quantity in normalised `text`, in order, compounds ("5 feet 9") as one."""
    at = 0
    while found := _NUMBER.search(text, at):
        heard = _compound(text, found.start()) or _simple(text, found)
        yield heard
        at = heard.end


def _compound(text: str, start: int) -> Heard | None:
    """ "5 foot 9", "11 stone 4", "1 metre 70", "10 kilos 500 grams" as one; but not "6 foot 11
    stone", where the second number has a unit of its own."""
    for pattern, small, unit, scale in _COMPOUNDS:
        found = pattern.match(text, start)
        if found is None or float(found[2]) >= small:
            continue
        if found[3] or unit_at(text[found.end() :].lstrip()) is None:
            value = (float(found[1]) * small + float(found[2])) / scale
            return Heard(Quantity(value, unit), found.start(), len(text[: found.end()].rstrip()))
    return None


#: The pattern, how many of the small unit make the large one, the unit of the sum and its divisor.
_COMPOUNDS = (
    (_FEET, 12.0, "in", 1.0),
    (_STONE, 14.0, "lb", 1.0),
    (_METRES, 100.0, "cm", 1.0),
    (_KILOS, 1000.0, "kg", 1000.0),
)


def _simple(text: str, found: re.Match[str]) -> Heard:
    value = float(found.group())
    rest = text[found.end() :]
    space = len(rest) - len(rest.lstrip(" "))
    named = unit_at(rest[space:])
    if named is None:
        return Heard(Quantity(value), found.start(), found.end())
    return Heard(Quantity(value, named[0]), found.start(), found.end() + space + named[1])
