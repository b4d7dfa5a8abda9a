"""Units of clinical text: how each is written, what it is, and how it is said.

A unit means the same however it is written (mcg, µg and micrograms are one unit), and nothing is
converted: mg and g stay two units.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Unit:
    """`key` names it, `one` and `many` are how it is said. `dose`: an amount that is given."""

    key: str
    one: str
    many: str
    written: tuple[str, ...]
    dose: bool = False
    alone: bool = False  # recognised without a number before it


def _unit(
    key: str, one: str, many: str, written: str, *, dose: bool = False, alone: bool = False
) -> Unit:
    return Unit(
        key,
        one,
        many,
        (*(name.replace("_", " ") for name in written.split()), one, many),
        dose,
        alone,
    )


UNITS: tuple[Unit, ...] = (
    _unit(
        "mg", "milligram", "milligrams", "mg mgs MG milligramme milligrammes", dose=True, alone=True
    ),
    _unit(
        "mcg",
        "microgram",
        "micrograms",
        "mcg mcgs MCG µg μg ug microgramme microgrammes",
        dose=True,
        alone=True,
    ),
    _unit("ng", "nanogram", "nanograms", "ng", dose=True, alone=True),
    _unit("pg", "picogram", "picograms", "pg", alone=True),
    _unit("g", "gram", "grams", "g gm gms gramme grammes", dose=True),
    _unit("kg", "kilogram", "kilograms", "kg kgs KG Kg kilo kilos", alone=True),
    _unit(
        "mL",
        "millilitre",
        "millilitres",
        "mL ml mls ML milliliter milliliters cc",
        dose=True,
        alone=True,
    ),
    _unit("L", "litre", "litres", "L l liter liters"),
    _unit("dL", "decilitre", "decilitres", "dL dl deciliter deciliters", alone=True),
    _unit("fL", "femtolitre", "femtolitres", "fL fl", alone=False),
    _unit("µL", "microlitre", "microlitres", "µL μL uL mcL microliter microliters", alone=True),
    _unit("unit", "unit", "units", "U u", dose=True),
    _unit("IU", "international unit", "international units", "IU iu", dose=True, alone=True),
    _unit("mIU", "milli-international unit", "milli-international units", "mIU", alone=True),
    _unit("mU", "milliunit", "milliunits", "mU"),
    _unit("µU", "microunit", "microunits", "µU μU uU", alone=True),
    _unit("MU", "million units", "million units", "MU", dose=True),
    _unit(
        "MIU",
        "million international units",
        "million international units",
        "MIU",
        dose=True,
        alone=True,
    ),
    _unit("mmol", "millimole", "millimoles", "mmol mmols mM", dose=True, alone=True),
    _unit("mol", "mole", "moles", "mol"),
    _unit("µmol", "micromole", "micromoles", "µmol μmol umol micromol", alone=True),
    _unit("nmol", "nanomole", "nanomoles", "nmol", alone=True),
    _unit("pmol", "picomole", "picomoles", "pmol", alone=True),
    _unit("mEq", "milliequivalent", "milliequivalents", "mEq meq mEqs", dose=True, alone=True),
    _unit("mOsm", "milliosmole", "milliosmoles", "mOsm mosm mOsmol", alone=True),
    _unit("mmHg", "millimetre of mercury", "millimetres of mercury", "mmHg mmhg mm_Hg", alone=True),
    _unit("kPa", "kilopascal", "kilopascals", "kPa kpa", alone=True),
    _unit(
        "cmH2O",
        "centimetre of water",
        "centimetres of water",
        "cmH2O cmH₂O cm_H2O cm_H₂O",
        alone=True,
    ),
    _unit("bpm", "beat per minute", "beats per minute", "bpm", alone=True),
    _unit("lb", "pound", "pounds", "lb lbs"),
    _unit("oz", "ounce", "ounces", "oz"),
    _unit("in", "inch", "inches", "inch"),
    _unit("ft", "foot", "feet", "ft"),
    _unit("stone", "stone", "stone", "st"),
    _unit("mm", "millimetre", "millimetres", "mm millimeter millimeters"),
    _unit("cm", "centimetre", "centimetres", "cm centimeter centimeters", alone=True),
    _unit("m", "metre", "metres", "m meter meters"),
    _unit("m2", "square metre", "square metres", "m2 m² m^2"),
    _unit("cm2", "square centimetre", "square centimetres", "cm2 cm² cm^2", alone=True),
    _unit("mm2", "square millimetre", "square millimetres", "mm2 mm² mm^2", alone=True),
    _unit("cm3", "cubic centimetre", "cubic centimetres", "cm3 cm³ cm^3", alone=True),
    _unit("mm3", "cubic millimetre", "cubic millimetres", "mm3 mm³ mm^3", alone=True),
    _unit("kcal", "kilocalorie", "kilocalories", "kcal", alone=True),
    _unit("kJ", "kilojoule", "kilojoules", "kJ", alone=True),
    _unit("mSv", "millisievert", "millisieverts", "mSv", alone=True),
    _unit("MBq", "megabecquerel", "megabecquerels", "MBq", alone=True),
    _unit("GBq", "gigabecquerel", "gigabecquerels", "GBq", alone=True),
    _unit("mGy", "milligray", "milligrays", "mGy", alone=True),
    _unit("J", "joule", "joules", "J"),
    _unit("mV", "millivolt", "millivolts", "mV", alone=True),
    _unit("mA", "milliampere", "milliamperes", "mA"),
    _unit("Hz", "hertz", "hertz", "Hz", alone=True),
    _unit("Gy", "gray", "grays", "Gy"),
    _unit("Fr", "French", "French", "Fr"),
    _unit("Charrière", "Charrière", "Charrière", "Ch"),
    _unit("gauge", "gauge", "gauge", "G"),
    _unit("ms", "millisecond", "milliseconds", "ms msec"),
    _unit("second", "second", "seconds", "s sec secs"),
    _unit("minute", "minute", "minutes", "min mins"),
    _unit("hour", "hour", "hours", "h hr hrs H"),
    _unit("day", "day", "days", "d"),
    _unit("week", "week", "weeks", "wk wks"),
    _unit("month", "month", "months", "mo"),
    _unit("year", "year", "years", "y yr yrs"),
    _unit("dose", "dose", "doses", ""),
    _unit("tablet", "tablet", "tablets", "tab tabs"),
    _unit("capsule", "capsule", "capsules", "cap caps"),
    _unit("puff", "puff", "puffs", ""),
    _unit("teaspoon", "teaspoon", "teaspoons", "tsp tsps"),
    _unit("drop", "drop", "drops", "gtt gtts"),
    _unit("ampoule", "ampoule", "ampoules", "amp amps"),
    _unit("vial", "vial", "vials", ""),
    _unit("%", "percent", "percent", "% ％ pct per_cent"),
    _unit("mg·h", "milligram hour", "milligram hours", "mg·h mg.h mg⋅h mg*h"),
    _unit("year old", "year old", "year old", "y/o yo"),
    _unit("°C", "degree Celsius", "degrees Celsius", "°C ℃ ºC C"),
    _unit("°F", "degree Fahrenheit", "degrees Fahrenheit", "°F ºF F"),
)

BY_WRITTEN: dict[str, Unit] = {written: unit for unit in UNITS for written in unit.written}
_GLUED_ONLY = frozenset({"C", "F", "G"})
"""Letters that are a unit only right behind their number, as in "38.5C" or "14G"."""


def _any_of(names: frozenset[str] | set[str]) -> str:
    return "|".join(sorted((re.escape(name) for name in names), key=len, reverse=True))


_ATOM = _any_of(set(BY_WRITTEN) - _GLUED_ONLY)
_ALONE = _any_of({w for u in UNITS if u.alone for w in u.written})
DOSED = _any_of({w for u in UNITS if u.dose for w in u.written})
"""The spellings of units in which doses are given."""
_END = r"(?![A-Za-z0-9µμ²³])"
_SQUARE = r"1\.73[ \u00a0]?m(?:2|²|\^2)"
_DIVISOR = rf"(?:/[ ]?(?:{_SQUARE}|(?:\d+(?:\.\d+)?[ \u00a0]?)?(?:{_ATOM}){_END}))"
_POWERLESS = r"⁻[¹²]|\^[-−][12]|(?<![dD])[-−–]1(?![-\d.])|(?<=m)[-−–]2(?![-\d.])"
_INVERSE = rf"(?:[·.⋅ ]?(?:{_ATOM})(?:{_POWERLESS}))"
"""A unit to the power of minus one: "kg⁻¹", "kg−1", "m⁻²"."""
AFTER_NUMBER = re.compile(rf"(?:{_ATOM})(?:{_INVERSE}+|{_END}{_DIVISOR}*)")
GLUED = re.compile(rf"[{''.join(_GLUED_ONLY)}]{_END}")
ALONE = re.compile(
    rf"(?:{_ALONE})(?:{_INVERSE}+|{_END}{_DIVISOR}*)|(?:g|mg|U|mU|L|mol){_END}{_DIVISOR}+"
)
PER = re.compile(rf"{_DIVISOR}+")
"""A unit behind a power of ten or a bare number: "/L"."""

_PARTS = re.compile(rf"(?P<square>{_SQUARE})|(?P<number>\d+(?:\.\d+)?)?[ \u00a0]?(?P<atom>{_ATOM})")


@dataclass(frozen=True, slots=True)
class Divisor:
    """What an amount is per: a unit, and how many of it ("24 hours"); empty for one."""

    number: str
    unit: Unit


@dataclass(frozen=True, slots=True)
class Compound:
    """A unit as written, "mcg/kg/min": a numerator (None for a bare "/L") and what it is per."""

    numerator: Unit | None
    per: tuple[Divisor, ...]

    @property
    def key(self) -> str:
        """The same for every way of writing it: "mcg/kg/minute"."""
        own = self.numerator.key if self.numerator else ""
        return "/".join([own, *(f"{one.number} {one.unit.key}".strip() for one in self.per)])

    @property
    def dose(self) -> bool:
        """Whether it measures what is given to a patient, not what is measured in one."""
        measured = {"L", "dL", "mL", "mol", "fL", "µL"}
        return bool(self.numerator and self.numerator.dose) and not any(
            one.unit.key in measured for one in self.per
        )


@lru_cache(maxsize=2048)
def compound(written: str) -> Compound:
    """The unit behind its spelling. `written` is a match of one of the patterns above."""
    if written in BY_WRITTEN:
        return Compound(BY_WRITTEN[written], ())
    if re.search(_POWERLESS, written):
        squared = re.sub(r"\bm(?:⁻²|\^?[-−–]2)", "m2", written)
        head, *rest = re.split(r"[·.⋅ ]", re.sub(_POWERLESS, "", squared))
        return Compound(_atom(head), tuple(_divisor(part) for part in rest))
    head, *rest = re.split(r"/[ ]?", written)
    return Compound(_atom(head), tuple(_divisor(part) for part in rest if part))


def _atom(written: str) -> Unit | None:
    return BY_WRITTEN.get(written.strip())


def _divisor(written: str) -> Divisor:
    match = _PARTS.match(written.strip())
    if match is None or match["square"]:
        return Divisor("1.73", BY_WRITTEN["m2"])
    return Divisor(match["number"] or "", BY_WRITTEN[match["atom"]])
