"""What speech leaves to be put right in a normalised text: a number that the speaker takes back
("60, no, 68 kg"), and a decimal said without its point ("temperature 38 5", "ph 7 3 5")."""

from __future__ import annotations

import re

from agents.tools.calculators.quantities import Heard, quantities
from agents.tools.calculators.units import unit_at

_TAKES_BACK = (
    r"(?:no|nope|sorry|wait|actually|correction|i mean|i meant|make (?:that|it)|or rather)"
)
_TAKEN_BACK = re.compile(rf"[\s,]+(?:{_TAKES_BACK}\b[\s,]*)+(?:(?:it's|that's|it is|that is)\s+)?$")
_POINTLESS = re.compile(
    r"\b((?:temp(?:erature)?|p ?h)\b\D{0,12}?)(?<![\d.])(?:(3\d|4[0-4]) (\d)|([678]) (\d) ?(\d)?)"
    r"(?![\d.])"
)


def repaired(text: str) -> str:
    """Normalised `text` with only the last of a number said again, and its points put back."""
    text = _POINTLESS.sub(lambda found: _with_point(found, text), text)
    while cut := _first_taken_back(text):
        text = cut
    return text


def _with_point(found: re.Match[str], text: str) -> str:
    """ "38 5" is 38.5 as a temperature, but not before a unit of the 5: "38 5 litres"."""
    unit = unit_at(text[found.end() :].lstrip())
    warm = found.group(2) is not None
    if warm != found.group(1).startswith("t") or (unit and unit[0] not in ("°C", "°F")):
        return found.group()
    digits = [digit for digit in found.groups()[1:] if digit]
    return f"{found.group(1)}{digits[0]}.{''.join(digits[1:])}"


def _first_taken_back(text: str) -> str | None:
    """`text` without the first number that is taken back; the one that follows keeps its unit."""
    heard = list(quantities(text))
    for at, new in enumerate(heard):
        mark = _TAKEN_BACK.search(text[: new.start])
        old = next((one for one in reversed(heard[:at]) if mark and _same(one, new, mark)), None)
        if mark and old:
            tail = text[new.end :]
            unit = "" if new.quantity.unit or unit_at(tail.lstrip()) else _unit_said(old, text)
            kept = (text[: old.start], text[old.end : mark.start()], text[new.start : new.end])
            return re.sub(r"\s+", " ", " ".join(kept) + unit + tail).strip()
    return None


def _same(old: Heard, new: Heard, mark: re.Match[str]) -> bool:
    """Whether `new` takes `old` back: it is in the same unit, or follows it and one has none."""
    units = (old.quantity.unit, new.quantity.unit)
    return units[0] == units[1] is not None or (old.end == mark.start() and None in units)


def _unit_said(heard: Heard, text: str) -> str:
    return re.sub(r"^-?[\d.]+", "", text[heard.start : heard.end])
