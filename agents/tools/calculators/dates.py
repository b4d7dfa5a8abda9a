"""Dates as they are said: "the first of march", "10 march 2026", "today", "six weeks ago".

A date without its year is taken only where the plausible days leave exactly one year, and is
read back with it.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from agents.tools.calculators.model import Input
from agents.tools.calculators.spoken_numbers import MONTHS, normalised
from storage.faults import Invalid

_MONTH = {name: at for at, name in enumerate(MONTHS.split("|"), start=1)}
_MONTH |= {name[:3]: at for name, at in _MONTH.items()} | {"sept": 9}
_NAMES = "|".join(sorted(_MONTH, key=len, reverse=True))
_YEAR = r"(?:,? ?(?:of )?(20\d\d|19\d\d))?"
_FORMS = (
    re.compile(r"\b(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})\b"),
    re.compile(r"--(?P<month>\d\d)-(?P<day>\d\d)\b"),
    re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<name>{_NAMES})\b{_YEAR}"),
    re.compile(rf"\b(?P<name>{_NAMES})\b (?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b{_YEAR}"),
)
_AGO = re.compile(r"\b(\d+) (day|week)s?(?: and (\d) days?)? ago\b")


def find_date(text: str, today: date) -> str | None:
    """The one date in `text` as "2026-03-01", or "--03-01" where no year was said."""
    said = normalised(text.replace(" , ", " "))
    if re.search(r"\btoday\b", said):
        return today.isoformat()
    if re.search(r"\byesterday\b", said):
        return (today - timedelta(days=1)).isoformat()
    if ago := _AGO.search(said):
        days = int(ago.group(1)) * (7 if ago.group(2) == "week" else 1) + int(ago.group(3) or 0)
        return (today - timedelta(days=days)).isoformat() if days < 1000 else None
    for form in _FORMS:
        if found := form.search(said):
            parts = found.groupdict()
            month = _MONTH[parts["name"]] if parts.get("name") else int(parts["month"])
            year = parts.get("year") or (found.groups()[-1] if parts.get("name") else None)
            return f"{year or '-'}-{month:02d}-{int(parts['day']):02d}"
    return None


def resolve_date(wanted: Input, raw: str, today: date) -> date:
    """`raw` as a day within the plausible days of `wanted`; `Invalid` otherwise."""
    earliest = today + timedelta(days=int(wanted.low))
    latest = today + timedelta(days=int(wanted.high))
    found = find_date(raw, today)
    candidates: list[date] = []
    if found is not None:
        years = [int(found[:4])] if found[0] != "-" else range(earliest.year, latest.year + 1)
        for year in years:
            try:
                candidates.append(date(year, int(found[-5:-3]), int(found[-2:])))
            except ValueError:
                continue
    if not candidates:
        raise Invalid(
            "no_date",
            f"That is no date for the {wanted.label}.",
            remedy="Say the day, the month and the year.",
            field=wanted.name,
        )
    within = [day for day in candidates if earliest <= day <= latest]
    if len(within) != 1:
        raise Invalid(
            "out_of_range",
            f"The {wanted.label} must be from {_said(earliest)} to {_said(latest)}.",
            remedy="Say the day, the month and the year.",
            field=wanted.name,
        )
    return within[0]


def _said(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
