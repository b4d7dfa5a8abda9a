"""Units: how they are spelled and spoken, and how they convert.

`unit_named` turns any spelling into the one used here. The tables give factors to the canonical
unit of each measured thing, with the molar masses the publications use (creatinine 88.4, glucose
18, urea nitrogen 2.8, cholesterol 38.67, triglycerides 88.57, bilirubin 17.1, calcium 4.0).
"""

from __future__ import annotations

import re

from agents.tools.calculators.model import Scale

Units = dict[str, Scale]


def table(canonical: str, others: dict[str, float] | None = None) -> Units:
    """The canonical unit first, then `others` with their factors to it."""
    return {canonical: Scale(1.0)} | {u: Scale(f) for u, f in (others or {}).items()}


LB = 0.45359237
CREATININE = table("mg/dL", {"µmol/L": 1 / 88.4, "mmol/L": 1000 / 88.4})
SERUM_CREATININE = table("mg/dL", {"µmol/L": 1 / 88.4})
GLUCOSE = table("mg/dL", {"mmol/L": 18.0})
UREA = table("mg/dL", {"mmol/L": 2.8, "mg/dL urea": 2.8 / 6.006})
BILIRUBIN = table("mg/dL", {"µmol/L": 1 / 17.1})
ALBUMIN = table("g/dL", {"g/L": 0.1})
HAEMOGLOBIN = table("g/dL", {"g/L": 0.1})
CALCIUM = table("mg/dL", {"mmol/L": 4.0})
CHOLESTEROL = table("mg/dL", {"mmol/L": 38.67})
TRIGLYCERIDES = table("mg/dL", {"mmol/L": 88.57})
ELECTROLYTE = table("mmol/L", {"mEq/L": 1.0})
CELLS = table("10^9/L", {"/µL": 0.001})
WEIGHT = table("kg", {"lb": LB, "stone": 14 * LB})
ANY_WEIGHT = table("kg", {"lb": LB, "stone": 14 * LB, "g": 0.001})
HEIGHT = table("cm", {"m": 100.0, "in": 2.54, "ft": 30.48})
TEMPERATURE: Units = {"°C": Scale(1.0), "°F": Scale(5 / 9, -160 / 9)}
GAS_PRESSURE = table("mmHg", {"kPa": 7.50062})
FRACTION = table("fraction", {"%": 0.01})
HAEMATOCRIT = table("%", {"fraction": 100.0})
PHENYTOIN = table("mg/L", {"µg/mL": 1.0, "µmol/L": 0.25227})
IRON = table("µg/dL", {"µmol/L": 5.585})
HBA1C: Units = {"%": Scale(1.0), "mmol/mol": Scale(0.09148, 2.152)}
ACR = table("mg/mmol", {"mg/g": 1 / 8.84})

_PER = r"\s*(?:/|per|a|p)\s*"
_LITRE = r"(?:l|litres?|liters?)\b"
_DECI = r"(?:dl|deci ?litres?|deci ?liters?|100 ?ml)\b"
_MILLI = r"(?:mls?|mils?|ccs?|milli ?litres?|milli ?liters?)\b"
_MICRO = r"(?:[uµμ]l|mm3|micro ?litres?|micro ?liters?|cubic millimet(?:re|er)s?)\b"
_MG = r"(?:mgs?|milli ?grams?|milligrammes?)"
_UG = r"(?:mcgs?|[uµμ]gs?|micro ?grams?|microgrammes?)"
_MMOL = r"(?:mmols?|milli ?moles?|milli ?mols?|millimolar)"
_UMOL = r"(?:[uµμ]mols?|micro ?moles?|micro ?mols?|micromolar)"
_HOUR = r"(?:h|hr|hrs|hours?)\b"
_DAY = r"(?:d|day|days|24 ?h|24 hours)\b"
_MINUTE = r"(?:min|mins|minutes?)\b"

#: How each unit is spelled or spoken; longer phrases first, matched from the start of a text.
SPELLINGS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (unit, re.compile(pattern, re.IGNORECASE))
    for unit, pattern in (
        ("mg/mmol", rf"{_MG}{_PER}{_MMOL}\b"),
        ("mmol/mol", rf"{_MMOL}{_PER}mol(?:e|es)?\b"),
        ("mg/dL urea", rf"{_MG}{_PER}{_DECI} (?:of )?urea\b(?! nitrogen)"),
        ("mg/dL", rf"{_MG}{_PER}{_DECI}|mg ?%|{_MG} percent\b"),
        ("mg/L", rf"{_MG}{_PER}{_LITRE}"),
        ("mg/g", rf"{_MG}{_PER}(?:g|grams?)\b"),
        ("mg/day", rf"{_MG}(?:{_PER}|\s+){_DAY}|{_MG} (?:daily|every day|once daily|once a day)\b"),
        ("µg/h", rf"{_UG}(?:{_PER}|\s+(?:an )?){_HOUR}"),
        ("µg/dL", rf"{_UG}{_PER}{_DECI}"),
        ("µg/mL", rf"{_UG}{_PER}{_MILLI}"),
        ("µg/L", rf"{_UG}{_PER}{_LITRE}"),
        ("µmol/L", rf"{_UMOL}{_PER}{_LITRE}|{_UMOL}\b"),
        ("mmol/L", rf"{_MMOL}{_PER}{_LITRE}|{_MMOL}\b"),
        ("mEq/L", rf"(?:meqs?|milli ?equivalents?|milliequivs?){_PER}{_LITRE}|meqs?\b"),
        ("mOsm/kg", r"m ?osm(?:ol)?s?\s*(?:/|per)\s*(?:kg|kilo(?:gram)?s?|l|lit(?:re|er)s?)\b"),
        ("mOsm/kg", r"milli ?osm(?:ole)?s? per (?:kilo(?:gram)?|lit(?:re|er))\b|mosm\b"),
        ("µU/mL", rf"(?:micro ?(?:international )?units?|[uµμ]i?u){_PER}{_MILLI}"),
        ("mU/L", rf"(?:milli ?(?:international )?units?|mi?u){_PER}{_LITRE}"),
        ("U/L", rf"(?:international )?(?:iu|units?|u){_PER}{_LITRE}|iu\b"),
        ("g/dL", rf"(?:g|grams?|grammes?|gm){_PER}{_DECI}"),
        ("g/L", rf"(?:g|grams?|grammes?|gm){_PER}{_LITRE}"),
        ("10^9/L", rf"(?:x|×|times)?\s*10\s*(?:\^|e|to the|to the power of)?\s*9{_PER}{_LITRE}"),
        ("10^9/L", rf"(?:giga|g){_PER}{_LITRE}|billion{_PER}{_LITRE}|10\^3/[uµμ]l|k/[uµμ]l"),
        ("/µL", rf"(?:cells?\s*)?(?:/|per)\s*{_MICRO}"),
        ("mL/min", rf"{_MILLI}{_PER}{_MINUTE}"),
        ("mL/day", rf"{_MILLI}{_PER}{_DAY}|{_MILLI} daily\b"),
        ("mL/kg/h", rf"{_MILLI}{_PER}(?:kgs?|kilos?|kilo ?grams?)\b(?:{_PER}{_HOUR})?"),
        ("mL/h", rf"{_MILLI}(?:{_PER}|\s+(?:an |(?:in|over) the (?:last|past) )?){_HOUR}"),
        ("mL/h", rf"{_MILLI}\s+hourly\b"),
        ("mL", rf"{_MILLI}"),
        ("mmHg", r"mm ?hg\b|millimet(?:re|er)s? of mercury\b|torr\b"),
        ("kPa", r"kpa\b|kilo ?pascals?\b"),
        ("kg", r"kgs?\b|kilos?\b|kilo ?grams?\b|kilogrammes?\b"),
        ("lb", r"lbs?\b|pounds?\b"),
        ("stone", r"stones?\b|st\b"),
        ("cm", r"cms?\b|centi ?met(?:re|er)s?\b"),
        ("ms", r"ms\b|msec\b|milli ?seconds?\b"),
        ("mg", rf"{_MG}\b"),
        ("in", r"inch(?:es)?\b|ins?(?=\s*$)|\""),
        ("ft", r"ft\b|foot\b|feet\b|'"),
        ("m", r"m\b|met(?:re|er)s?\b"),
        ("°C", r"(?:°|degrees?)?\s*(?:c|celsius|centigrade)\b"),
        ("°F", r"(?:°|degrees?)?\s*(?:f|fahrenheit)\b"),
        ("%", r"%|per ?cent\b"),
        ("fraction", r"fraction\b|l\s*/\s*l\b|lit(?:re|er)s? per lit(?:re|er)\b"),
        ("bpm", r"bpm\b|beats?(?:\s*(?:/|per|a)\s*min(?:ute)?)?\b"),
        ("/min", r"(?:/|per|a)\s*min(?:ute)?\b|breaths?(?:\s*(?:/|per|a)\s*min(?:ute)?)?\b"),
        ("weeks", r"weeks?\b|wks?\b"),
        ("days", r"days?\b"),
        ("months", r"months?\b"),
        ("years", r"(?:years?|yrs?)(?:[ -]olds?)?\b|y/?o\b"),
        ("hours", _HOUR),
        ("minutes", _MINUTE),
        ("seconds", r"s\b|secs?\b|seconds?\b"),
        ("g", r"g\b|grams?\b|grammes?\b"),
        ("L", r"l\b|lit(?:re|er)s?\b"),
        ("/day", r"(?:/|per|a)\s*day\b|daily\b"),
        ("/h", rf"(?:/|per|an)\s*{_HOUR}|hourly\b"),
    )
)  # fmt: skip


def unit_at(text: str) -> tuple[str, int] | None:
    """The unit that `text` begins with, and how many characters it takes; None if none does."""
    best: tuple[str, int] | None = None
    for unit, pattern in SPELLINGS:
        found = pattern.match(text)
        if found and found.end() and (best is None or found.end() > best[1]):
            best = (unit, found.end())
    return best


def unit_named(text: str) -> str | None:
    """The unit meant by the whole of `text`, e.g. "micromoles per litre" → "µmol/L"."""
    stripped = text.strip()
    found = unit_at(stripped)
    return found[0] if found and found[1] == len(stripped) else None
