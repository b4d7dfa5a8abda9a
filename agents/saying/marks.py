"""Says signs, dashes, stops and brackets, or makes a pause of them."""

from __future__ import annotations

from agents.saying.abbreviations import FREQUENCIES, ROMAN, ROUTES, SIGNS
from agents.saying.line import NUMERIC, Line
from agents.saying.numbers import without_separators
from agents.saying.pieces import Kind


def sign(line: Line, at: int) -> str:
    """A sign as its words."""
    text = line.text(at)
    if text == "×" and line.lasts(at):
        return "for"
    if SIGNS[text] == "at most" and line.text(at - 1).lower() == "at":
        return "no more than"
    return SIGNS[text]


def dash(line: Line, at: int) -> str:
    """A dash as "to", "minus", a pause or nothing."""
    before, here, after = line.near(at - 1), line.pieces[at], line.near(at + 1)
    if after is None or before is None:
        return "minus" if after and after.glued and after.kind is Kind.NUMBER else ""
    ends = before.kind in NUMERIC or before.kind is Kind.UNIT or before.text in ROMAN
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
    """What is left: a slash between two things, or nothing."""
    text = line.text(at)
    if text == "/":
        before, after = line.near(at - 1), line.near(at + 1)
        if before and after and Kind.NUMBER in (before.kind, after.kind):
            return "per" if after.kind in (Kind.UNIT, Kind.WORD) else "over"
        if before and after and before.text in ROUTES and after.text in ROUTES:
            return "or"
        if before and after and before.text.startswith("PaO") and after.text.startswith("FiO"):
            return "over"
        if before and after and Kind.SPECIAL in (before.kind, after.kind):
            return ","
        if after and after.text.lower() in _PERIODS:
            return "per"
    return ""


_PERIODS = frozenset("hour h day week month year minute min".split())
