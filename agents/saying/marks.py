"""Says signs, dashes, stops and brackets, or makes a pause of them."""

from __future__ import annotations

import re

from agents.saying.abbreviations import (
    CURRENCY,
    FREQUENCIES,
    MARKERS,
    MEASURED,
    OF_A_MARKER,
    ROMAN,
    ROUTES,
    SIGNS,
    SMALL_ROUTES,
    SPECIAL,
)
from agents.saying.figures import TH
from agents.saying.line import NUMERIC, Line
from agents.saying.numbers import without_separators
from agents.saying.pieces import Kind
from agents.saying.units import compound


def sign(line: Line, at: int) -> str:
    """A sign as its words."""
    text = line.text(at)
    if text == "×" and line.lasts(at):
        return "for"
    if text == "#" and line.kind(at + 1) in (Kind.WORD, Kind.SPECIAL):
        return "fractured"
    if text == "#" and line.kind(at - 1) is Kind.NUMBER and line.pieces[at].glued:
        return "fractions"  # 60 Gy in 30#
    if text == "+" and _of_a_marker(line, at):
        return "positive"
    if (
        text in _BOUNDS
        and line.kind(at - 1) in (*NUMERIC, Kind.UNIT)
        and (line.kind(at + 1) in (Kind.WORD, Kind.SPECIAL) and line.kind(at + 2) is Kind.SIGN)
    ):
        return _BOUNDS[text]  # 18 ≤ age < 65
    after = line.near(at + 1)
    if text in _ARROWS and after and after.kind is Kind.WORD and after.text.islower():
        return "then"  # INR > 8 → stop
    if text in _ARROWS and (_ends_a_range(line, at - 1) or _goes_on(line, at)):
        return "then"  # "CrCl 30–50 → 110 mg"
    if SIGNS[text] == "at most" and line.text(at - 1).lower() in ("at", "@"):
        return "no more than"
    return SIGNS[text]


_ARROWS = frozenset({"→", "->", "⇒"})
_BOUNDS = {"≤": "less than or equal to", "≥": "greater than or equal to"}


def _goes_on(line: Line, at: int) -> bool:
    """Whether what is given follows from a value or a step: "Ca 1.75 → 10 mL", "load → 5 mg"."""
    before, given = line.near(at - 1), line.unit_of(at + 1)
    if before is None or given is None or not given.dose or line.pieces[at].glued:
        return False
    if before.kind is Kind.UNIT:
        return not compound(before.text).dose
    if before.kind is Kind.NUMBER:
        return line.text(at - 2) in MEASURED or line.kind(at - 2) is Kind.SPECIAL
    return before.kind is Kind.WORD


def _ends_a_range(line: Line, at: int) -> bool:
    number = at - 1 if line.kind(at) is Kind.UNIT else at
    return line.kind(number) is Kind.NUMBER and line.kind(number - 1) is Kind.DASH


def dash(line: Line, at: int) -> str:
    """A dash as "to", "minus", a pause or nothing."""
    before, here, after = line.near(at - 1), line.pieces[at], line.near(at + 1)
    if before and before.text in MARKERS and _of_a_marker(line, at):
        return "negative"
    if before and after and _subtracts(line, at):
        return "minus"
    if after is None or before is None:
        return "minus" if after and after.glued and after.kind is Kind.NUMBER else ""
    if here.glued and after.glued and _series(line, at):
        return ","
    if (
        here.glued
        and after.glued
        and (_same_letter(before.text, after.text) or _same_stage(line, at))
    ):
        return "to"  # V1–V6, 3a–3b, G3–4
    if before.text in TH and line.kind(at - 2) is Kind.FRACTION and after.kind is Kind.FRACTION:
        return "to"
    if before.kind is Kind.NUMBER and here.glued and after.glued and after.text == "/":
        return "minus"  # power 4−/5
    if here.glued and after.glued and re.fullmatch("[2-9]0", before.text + after.text):
        return ""  # a 3-0 suture
    if before.text in ROMAN and after.kind is Kind.NUMBER and here.glued and after.glued:
        return ""  # I-131
    if before.text in ("e", "E") and before.glued and line.kind(at - 2) is Kind.NUMBER:
        return "minus"  # 1.5E-3
    if before.kind is Kind.NUMBER and after.text == "age":
        return "minus"  # 220-age
    if here.text == "−" and before.text.lower() in ("d", "day") and after.kind is Kind.NUMBER:
        return "minus"  # D−5
    clock = before.text.lower() in ("am", "pm", "a.m.", "p.m.") and line.kind(at - 2) in NUMERIC
    ends = before.kind in NUMERIC or before.kind is Kind.UNIT or before.text in ROMAN or clock
    begins = after.kind in NUMERIC or after.kind is Kind.SIGN or (
        after.kind is Kind.DASH and line.kind(at + 2) is Kind.NUMBER
    ) or after.text in ROMAN or after.text in CURRENCY  # fmt: skip
    if before.text in FREQUENCIES and after.text in FREQUENCIES:
        return "to"
    if ends and begins and here.glued == after.glued:
        return "to" if here.glued or _rises(line, at) else "minus"
    if after.kind is Kind.NUMBER and after.glued and not here.glued:
        return "minus"
    if (
        after.kind is Kind.NUMBER
        and after.glued
        and before.kind in (Kind.DASH, Kind.SIGN, Kind.BRACKET)
    ):
        return "minus"
    if here.glued and after.glued:
        return ""
    return ","


def _of_a_marker(line: Line, at: int) -> bool:
    """Whether a plus or a minus ends a marker, "HER2−", and begins nothing: not "T- and B-cell"."""
    here, after = line.pieces[at], line.near(at + 1)
    if line.text(at - 1) not in MARKERS or not here.glued:
        return False
    if after is None or after.kind in (Kind.STOP, Kind.BRACKET) or after.text == "/":
        return True
    joined = after.text in ("and", "or") and "-" in line.text(at + 2)
    return not after.glued and not joined and (here.text in "+−" or after.text in OF_A_MARKER)


def _subtracts(line: Line, at: int) -> bool:
    """Whether a spaced dash is a minus of a formula: "(140 − age)", "= Na − (Cl + HCO3)"."""
    before, here, after = line.pieces[at - 1], line.pieces[at], line.pieces[at + 1]
    if here.glued or after.glued or here.text == "—":
        return False
    if before.kind is Kind.NUMBER and line.text(at - 2) == "(" and line.text(at + 2) == ")":
        known = after.text in MEASURED or after.text.lower() in ("age", "albumin")
        return here.text == "−" or known  # not "(3 – severe)"
    named = before.text in MEASURED or before.kind is Kind.SPECIAL
    summed = after.text == "(" or after.text in MEASURED or after.kind is Kind.SPECIAL
    return named and summed and any(one.text == "=" for one in line.pieces[:at])


def _same_stage(line: Line, at: int) -> bool:
    """Whether a dash is between stages: "3a–3b", "3a–4"."""
    low = re.fullmatch(r"\d[a-d]", line.text(at - 2) + line.text(at - 1))
    return bool(low and re.fullmatch(r"\d", line.text(at + 1)))


def _series(line: Line, at: int) -> bool:
    """Whether a dash is one of several between whole numbers: "1-0-1" is no range."""

    def links(place: int) -> bool:
        piece = line.near(place)
        return bool(piece and piece.glued and piece.kind is Kind.DASH
                    and line.kind(place - 1) is line.kind(place + 1) is Kind.NUMBER)  # fmt: skip

    return links(at) and (links(at - 2) or links(at + 2))


def _same_letter(low: str, high: str) -> bool:
    numbered = re.fullmatch(r"(?:[A-Z]{1,3}|[dw])(\d{1,2})", low)
    if numbered and re.fullmatch(r"\d{1,2}", high):
        return int(numbered[1]) < int(high)
    return bool(
        re.fullmatch(r"[A-Z]{1,2}\d+[ab]?", low) and re.fullmatch(r"[A-Z]{1,2}\d+[ab]?", high)
    )


def _rises(line: Line, at: int) -> bool:
    low = line.near(at - 1)
    if low is not None and low.kind is Kind.UNIT:
        low = line.near(at - 2)
    high = line.near(at + 1)
    if low is None or high is None or low.kind is not Kind.NUMBER or high.kind is not Kind.NUMBER:
        return True
    return float(without_separators(low.text)) <= float(without_separators(high.text))


def stop(line: Line, at: int) -> str:
    """A stop, as the pause that it makes."""
    text = line.text(at)
    before, following = line.near(at - 1), line.near(at + 1)
    if before and following and len(before.text) == 1 and before.text.isupper():
        if text == "." and before.glued is False and following.text.islower():
            return ""  # H. pylori
        if text == ":" and following.glued and len(following.text) == 1:
            return "to"  # I:E
    if text == "." and numbered(line, at - 1):
        return ""
    if text in (".", ":") and following is not None and following.glued and following.kind in (
        Kind.NUMBER, Kind.WORD, Kind.UNIT):  # fmt: skip
        return ","
    return {"…": ".", "...": ".", ";": ",", ":": ","}.get(text, text)


def numbered(line: Line, at: int) -> bool:
    """Whether "No" at a place is short for number: "vial No. 3", and not "No. 3 mg is too much"."""
    begins = at == 0 or line.kind(at - 1) is Kind.STOP
    place = at + 2
    return (
        line.text(at) in ("No", "Nos")
        and line.text(at + 1) == "."
        and line.kind(place) is Kind.NUMBER
        and line.unit_of(place) is None
        and (not begins or line.pieces[place].glued)
    )


def bracket(line: Line, at: int) -> str:
    """A bracket, as the pause that it makes."""
    if line.text(at) in "([{":
        return "," if at else ""
    return "" if at == len(line.pieces) - 1 else ","


def other(line: Line, at: int) -> str:
    """What is left: a slash between two things, a lone per cent, or nothing."""
    text = line.text(at)
    before, after = line.near(at - 1), line.near(at + 1)
    if text in ("%", "％"):
        return "percent"
    if text in SPECIAL:
        return SPECIAL[text]  # §5.1
    if text == "*" and before and after and before.kind is Kind.WORD and after.glued:
        return "star" if line.pieces[at].glued and after.kind in (*NUMERIC, Kind.RATIO) else ""
    if text in _FEET or text in _INCHES:
        return _height(line, at)
    if text in "·∙⋅" and line.kind(at + 1) is Kind.POWER:
        return "times"
    if text == "|":
        return ","
    if text != "/" or before is None or after is None:
        return ""
    routes = ROUTES | SMALL_ROUTES.keys()
    if before.text in routes and after.text in routes:
        return "or"
    given = ROUTES | FREQUENCIES
    if before.text in given and after.kind is Kind.NUMBER and not after.glued:
        return "or"  # 400 mg PO / 500 mg IV
    if before.text in FREQUENCIES and after.text in FREQUENCIES:
        return "or"
    if after.text == "√":
        return "over"
    if Kind.BRACKET in (before.kind, after.kind) and any(one.text == "=" for one in line.pieces):
        return "divided by"
    if before.text.startswith("PaO") and after.text.startswith("FiO"):
        return "over"
    if before.kind is Kind.WORD and line.text(at + 2) in PERIODS:
        return "per"  # morphine/24 h
    apart = not line.pieces[at].glued and not after.glued
    if apart and after.kind is Kind.NUMBER and before.kind is Kind.BRACKET:
        return ","
    if Kind.NUMBER in (before.kind, after.kind):
        if after.kind in (Kind.UNIT, Kind.WORD):
            return "per"
        chain = "/" in (line.text(at - 2), line.text(at + 2)) or line.kind(at + 1) is Kind.FRACTION
        return "slash" if chain or before.kind is Kind.WORD else "over"
    if after.kind is Kind.FRACTION and before.kind is Kind.NUMBER:
        return "slash"
    if after.kind is Kind.UNIT or (before.kind is Kind.UNIT and after.kind is Kind.WORD):
        return "per"  # cells/µL, mcg/actuation
    if before.kind is Kind.SPECIAL and after.text.rstrip(".") in ("L", *PERIODS):
        return "per"  # 20 mmol KCl/L, mg PE/min
    if Kind.SPECIAL in (before.kind, after.kind):
        return ","
    return "per" if after.text in PERIODS else ""


_FEET, _INCHES = ("'", "′", "’"), ('"', "″", "”")


def _height(line: Line, at: int) -> str:
    """Feet and inches: 5'4"."""
    feet = at if line.text(at) in _FEET else at - 2
    whole = (
        line.kind(feet - 1) is line.kind(feet + 1) is Kind.NUMBER
        and line.text(feet) in _FEET
        and line.text(feet + 2) in _INCHES
    )
    if not whole or not line.pieces[feet].glued or not line.pieces[feet + 2].glued:
        return ""
    if feet == at:
        return "foot" if line.text(at - 1) == "1" else "feet"
    return "inch" if line.text(at - 1) == "1" else "inches"


PERIODS = {
    "h": "hour", "hr": "hour", "hour": "hour", "d": "day", "day": "day", "wk": "week",
    "week": "week", "month": "month", "yr": "year", "year": "year", "min": "minute",
    "minute": "minute",
}  # fmt: skip
