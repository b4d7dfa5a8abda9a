"""A spoken number with its unit: "one hundred thirty micromoles per litre" → 130 µmol/L."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from agents.tools.calculators.model import Quantity
from agents.tools.calculators.spoken_numbers import normalised
from agents.tools.calculators.units import unit_at

_NUMBER = re.compile(r"(?<![\w.^])-?(?:\d+(?:\.\d+)?|\.\d+)")
_FEET = re.compile(
    r"(?<![\w.])(\d+)\s*(?:foot|feet|ft|')\s*(?:and )?(\d+(?:\.\d+)?)\s*(?:inch(?:es)?\b|in\b|\")?"
)
_STONE = re.compile(
    r"(?<![\w.])(\d+)\s*(?:stones?|st)\s*(?:and )?(\d+(?:\.\d+)?)\s*(?:pounds?|lbs?)?\b"
)
_METRES = re.compile(r"(?<![\w.])([12])\s*(?:met(?:re|er)s?|m)\s+(\d\d)\b(?!\s*(?:kg|kilo|year|/))")


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
    for pattern, small, unit in ((_FEET, 12.0, "in"), (_STONE, 14.0, "lb"), (_METRES, 100.0, "cm")):
        found = pattern.match(text, start)
        if found and float(found.group(2)) < small:
            value = float(found.group(1)) * small + float(found.group(2))
            return Heard(Quantity(value, unit), found.start(), found.end())
    return None


def _simple(text: str, found: re.Match[str]) -> Heard:
    value = float(found.group())
    rest = text[found.end() :]
    space = len(rest) - len(rest.lstrip(" "))
    named = unit_at(rest[space:])
    if named is None:
        return Heard(Quantity(value), found.start(), found.end())
    return Heard(Quantity(value, named[0]), found.start(), found.end() + space + named[1])
