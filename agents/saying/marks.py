"""Says signs, dashes, stops and brackets, or makes a pause of them."""

from __future__ import annotations

import re

from agents.saying.abbreviations import FREQUENCIES, ROMAN, ROUTES, SIGNS
from agents.saying.line import NUMERIC, Line
from agents.saying.numbers import without_separators
from agents.saying.pieces import Kind


def sign(line: Line, at: int) -> str:
    """A sign as its words."""
    text = line.text(at)
    if text == "×" and line.lasts(at):
        return "for"
    if text == "#" and line.kind(at + 1) in (Kind.WORD, Kind.SPECIAL):
        return "fractured"
    if text in _ARROWS and _ends_a_range(line, at - 1):
        return "then"  # "CrCl 30–50 → 110 mg"
    if SIGNS[text] == "at most" and line.text(at - 1).lower() == "at":
        return "no more than"
    return SIGNS[text]


_ARROWS = frozenset({"→", "->", "⇒"})


def _ends_a_range(line: Line, at: int) -> bool:
    number = at - 1 if line.kind(at) is Kind.UNIT else at
    return line.kind(number) is Kind.NUMBER and line.kind(number - 1) is Kind.DASH


def dash(line: Line, at: int) -> str:
    """A dash as "to", "minus", a pause or nothing."""
    before, here, after = line.near(at - 1), line.pieces[at], line.near(at + 1)
    if after is None or before is None:
        return "minus" if after and after.glued and after.kind is Kind.NUMBER else ""
    if here.glued and after.glued and _series(line, at):
        return ","
    if here.glued and after.glued and _same_letter(before.text, after.text):
        return "to"  # V1–V6
    clock = before.text.lower() in ("am", "pm", "a.m.", "p.m.") and line.kind(at - 2) in NUMERIC
    ends = before.kind in NUMERIC or before.kind is Kind.UNIT or before.text in ROMAN or clock
    begins = after.kind in NUMERIC or after.kind is Kind.SIGN or (
        after.kind is Kind.DASH and line.kind(at + 2) is Kind.NUMBER
    ) or after.text in ROMAN  # fmt: skip
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


def _series(line: Line, at: int) -> bool:
    """Whether a dash is one of several between whole numbers: "1-0-1" is no range."""

    def links(place: int) -> bool:
        piece = line.near(place)
        return bool(piece and piece.glued and piece.kind is Kind.DASH
                    and line.kind(place - 1) is line.kind(place + 1) is Kind.NUMBER)  # fmt: skip

    return links(at) and (links(at - 2) or links(at + 2))


def _same_letter(low: str, high: str) -> bool:
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
    if text in (".", ":") and following is not None and following.glued and following.kind in (
        Kind.NUMBER, Kind.WORD, Kind.UNIT):  # fmt: skip
        return ","
    return {"…": ".", "...": ".", ";": ",", ":": ","}.get(text, text)


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
    if text in "·∙⋅" and line.kind(at + 1) is Kind.POWER:
        return "times"
    if text != "/" or before is None or after is None:
        return ""
    if before.text in ROUTES and after.text in ROUTES:
        return "or"
    if before.text.startswith("PaO") and after.text.startswith("FiO"):
        return "over"
    if Kind.NUMBER in (before.kind, after.kind):
        if after.kind in (Kind.UNIT, Kind.WORD):
            return "per"
        chain = "/" in (line.text(at - 2), line.text(at + 2)) or line.kind(at + 1) is Kind.FRACTION
        return "slash" if chain or before.kind is Kind.WORD else "over"
    if after.kind is Kind.FRACTION and before.kind is Kind.NUMBER:
        return "slash"
    if after.kind is Kind.UNIT or (before.kind is Kind.UNIT and after.kind is Kind.WORD):
        return "per"  # cells/µL, mcg/actuation
    if before.kind is Kind.SPECIAL and after.text == "L":
        return "per"  # 20 mmol KCl/L
    if Kind.SPECIAL in (before.kind, after.kind):
        return ","
    return "per" if after.text in PERIODS else ""


PERIODS = {
    "h": "hour", "hr": "hour", "hour": "hour", "d": "day", "day": "day", "wk": "week",
    "week": "week", "month": "month", "yr": "year", "year": "year", "min": "minute",
    "minute": "minute",
}  # fmt: skip
