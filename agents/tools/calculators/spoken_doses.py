"""Doses and habits whose words belong together: a steroid and its dose, how often a day."""

from __future__ import annotations

import re

from agents.tools.calculators.drugs import STEROIDS
from agents.tools.calculators.model import Quantity, Raw
from agents.tools.calculators.quantities import quantities

_TIMES_A_DAY = (
    (r"\b(?:twice|2 times) (?:a day|daily)\b|\bb ?i?d\b", 2.0),
    (r"\b3 times (?:a day|daily)\b|\bt[di][ds]\b", 3.0),
    (r"\b4 times (?:a day|daily)\b|\bq[di][ds]\b", 4.0),
    (r"\b5 times (?:a day|daily)\b", 5.0),
    (r"\b6 times (?:a day|daily)\b", 6.0),
)
_RANGE = re.compile(r"\d\s*(?:to|or) \d[\d.]*\s*(?:mg|milligram)")
_HOURS_APART = re.compile(r"\bevery (\d+) hours\b|\b(\d+) hourly\b")


def steroids(text: str) -> dict[str, Raw]:
    """ "40 mg of prednisolone to dexamethasone", "dexamethasone equivalent of 5 mg prednisone"."""
    names = "|".join(sorted(STEROIDS, key=len, reverse=True))
    raw: dict[str, Raw] = {}
    if _RANGE.search(text):
        return raw
    dose = r"(?P<mg>\d+(?:\.\d+)?) ?(?:mg|milligrams?|milligrammes?)"
    link = "a day of |per day of |of |daily "
    found = re.search(rf"(?<![\w.]){dose} (?:{link})?(?P<drug>{names})\b", text)
    found = found or re.search(rf"\b(?P<drug>{names}) {dose}", text)
    if found:
        times = _times_a_day(text)
        mg, unit = float(found["mg"]) * (times or 1.0), "mg/day" if times else "mg"
        raw |= {"steroid_dose": Quantity(mg, unit), "from_steroid": found["drug"]}
    wanted = re.search(rf"\b(?:to|into|in|as|much) ({names})\b", text)
    wanted = wanted or re.search(rf"\b({names}) (?:equivalent|dose)", text)
    if wanted:
        raw["to_steroid"] = wanted.group(1)
    return raw


def opioids(text: str) -> dict[str, Raw]:
    """A daily dose only where a day, or how often a day, was said."""
    raw: dict[str, Raw] = {}
    doses = [h for h in quantities(text) if h.quantity.unit in {"mg", "mg/day"}]
    if len(doses) != 1 or _RANGE.search(text):
        return raw
    value, unit = doses[0].quantity.value, doses[0].quantity.unit
    if times := _times_a_day(text):
        raw["daily_dose"] = Quantity(value * times, "mg/day")
        return raw
    if unit == "mg/day" or re.search(
        r"\b(?:a day|per day|daily|in 24 hours|once a day|total)\b", text
    ):
        raw["daily_dose"] = Quantity(value, "mg/day")
    return raw


def _times_a_day(text: str) -> float | None:
    if apart := _HOURS_APART.search(text):
        hours = float(apart[1] or apart[2])
        return 24 / hours if hours in (2, 3, 4, 6, 8, 12, 24) else None
    return next((times for pattern, times in _TIMES_A_DAY if re.search(pattern, text)), None)


def smoking(text: str) -> dict[str, Raw]:
    raw: dict[str, Raw] = {}
    rate = r"(\d+(?:\.\d+)?|half a|a|half) (packs?|cigarettes?) (?:a|per|each|every) day"
    if found := re.search(rf"(?<![\w.]){rate}\b", text):
        word = found.group(1)
        value = 0.5 if word.startswith("half") else 1.0 if word == "a" else float(word)
        unit = "packs/day" if found.group(2).startswith("pack") else "cigarettes/day"
        raw["packs_per_day"] = Quantity(value, unit)
    if found := re.search(r"\bfor (\d+(?:\.\d+)?) years\b", text):
        raw["years_smoked"] = Quantity(float(found.group(1)), "years")
    return raw
