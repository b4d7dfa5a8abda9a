"""Says numbers by what they stand beside: a dose, a year, a score, a time, a date, an interval."""

from __future__ import annotations

import re

from agents.saying.abbreviations import (
    COUNTED,
    CURRENCY,
    EYES,
    FREQUENCIES,
    GESTATION_AFTER,
    GESTATION_BEFORE,
    LABEL_BEFORE,
    MONTHS,
    OUT_OF,
    PERIOD_AFTER,
    PERIOD_BEFORE,
    SCORE_BEFORE,
)
from agents.saying.line import NUMERIC, Line
from agents.saying.numbers import (
    digits_one_by_one,
    number_words,
    ordinal_words,
    read_back,
    whole_words,
    without_separators,
    year_words,
)
from agents.saying.pieces import Kind


def plain_number(line: Line, at: int) -> str:
    """A number; in a date it is the day."""
    text = without_separators(line.text(at))
    if len(text) <= 2 and text.isdigit() and 1 <= int(text) <= 31:
        if line.text(at + 1).lower().rstrip(".") in MONTHS and line.kind(at + 1) is Kind.WORD:
            return f"{ordinal_words(int(text))} of"
        if line.text(at - 1).lower() in MONTHS and line.kind(at - 1) is Kind.WORD:
            if line.text(at - 1) not in ("may", "march"):
                return ordinal_words(int(text))
    if text == "2" and line.text(at + 1) == "°" and secondary(line, at + 1):
        return "secondary"
    if line.text(at - 1) == "*" and re.fullmatch(r"\d{4}", text):  # HLA-B*5801
        return f"{number_words(text[:2])} {number_words(text[2:])}"
    money = CURRENCY.get(line.text(at - 1)) if line.pieces[at].glued else None
    if money and line.text(at + 1) not in SCALES:
        return f"{number_words(line.text(at))} {money}"
    return _number(line, at)


SCALES = ("thousand", "million", "billion")


def secondary(line: Line, at: int) -> bool:
    """Whether a degree sign is of "2° to sepsis"."""
    two_to = line.text(at - 1) == "2" and line.text(at + 1) == "to" and line.text(at - 2) != "from"
    return two_to and line.kind(at + 2) is Kind.WORD


def _number(line: Line, at: int) -> str:
    text = line.text(at)
    plain = without_separators(text)
    if line.text(at - 1).lower() in LABEL_BEFORE and "." in plain:
        head, _, tail = plain.partition(".")
        return f"{number_words(head)} point {digits_one_by_one(tail)}"
    if _is_year(line, at, plain):
        return year_words(int(plain))
    unit = line.unit_of(at)
    measured = unit is not None and unit.key.startswith("mL/min")  # a clearance
    if line.alert[at] and unit and unit.dose and unit.key != "mL" and not measured:
        return read_back(text)
    return number_words(text)


def _is_year(line: Line, at: int, plain: str) -> bool:
    if not re.fullmatch(r"(?:19|20)\d\d", plain) or len(line.text(at)) != 4:
        return False
    before = line.near(at - 1)
    if before is not None and before.kind in (Kind.SIGN,):
        return False
    after = line.kind(at + 1)
    if after is Kind.DASH and line.kind(at + 2) is Kind.NUMBER:
        return line.kind(at + 3) is not Kind.UNIT
    return after not in (Kind.UNIT, Kind.SIGN, Kind.POWER)


def fraction(line: Line, at: int) -> str:
    """A fraction, a mixed number ("1 ½"), a score out of its most, or how long: "for 3/7"."""
    text = line.text(at).replace("⁄", "/").replace("∕", "/")
    parts = re.fullmatch(r"(\d+)/(\d{1,3})", text)
    if parts and line.text(at + 1) in TH and line.pieces[at + 1].glued:  # 1/6th
        plural = "" if parts[1] == "1" else "s"
        return f"{number_words(parts[1])} {ordinal_words(int(parts[2]))}{plural}"
    before = line.near(at - 1)
    if before and before.kind is Kind.DASH and before.glued and line.kind(at - 2) is Kind.WORD:
        return " slash ".join(number_words(part) for part in text.split("/"))  # HSV-1/2
    if text in _FRACTIONS and line.word_before(at) not in SCORE_BEFORE:
        whole = before is not None and before.kind is Kind.NUMBER and before.text.isdigit()
        return f"and {_AND_A[text]}" if whole and text in _AND_A else _FRACTIONS[text]
    if text[-1] in _AND_A:
        return f"{number_words(text[:-1])} and {_AND_A[text[-1]]}"
    top, bottom = (part.strip() for part in text.split("/"))
    limited = line.kind(at - 1) is Kind.SIGN
    if line.word_before(at - 1 if limited else at) in SCORE_BEFORE:
        return f"{number_words(top)} out of {number_words(bottom)}"
    if bottom in OUT_OF and _is_period(line, at, bottom):
        if line.text(at + 1) == "weeks":
            return number_words(top)
        lasts = "for " if line.text(at - 1) in FREQUENCIES else ""
        return f"{lasts}{number_words(top)} {OUT_OF[bottom]}{'' if top == '1' else 's'}"
    if line.text(at - 1).lower() in ("day", "cycle", "week"):
        return f"{number_words(top)} of {number_words(bottom)}"
    plain = without_separators(bottom)
    if top == "1" and re.fullmatch("100+" if line.kind(at - 1) is not Kind.SIGN else "10+", plain):
        return f"one in {number_words(bottom)}"
    between = "slash" if "/" in (line.text(at - 1), line.text(at + 1)) else "over"
    return f"{number_words(top)} {between} {number_words(bottom)}"


def _is_period(line: Line, at: int, bottom: str) -> bool:
    """Whether "3/7" is three days, "2/52" two weeks, "6/12" six months, "28/40" weeks of
    gestation: by the words beside it, and unless it counts something."""
    after = line.text(at + 1).lower()
    if after in COUNTED or (line.kind(at + 1) is Kind.UNIT and bottom != "40"):
        return False
    if line.text(at + 3) == "%" or any(one.text.lower() in EYES for one in line.pieces):
        return False
    if line.kind(at - 1) is Kind.DASH and line.kind(at - 2) is Kind.NUMBER:
        return bottom != "40"  # "4–6/52"
    if bottom == "40":
        return after in GESTATION_AFTER or line.text(at - 1).lower() in GESTATION_BEFORE
    often = line.text(at - 1) in FREQUENCIES
    lasts = often or line.text(at - 1).lower() in PERIOD_BEFORE or after in PERIOD_AFTER
    return lasts or (line.text(at - 1) in ("×", "x") and line.kind(at - 2) not in NUMERIC)


def power(line: Line, at: int) -> str:
    """Ten to a power."""
    exponent = re.sub(r"^10(?:\^|\*\*|\*)?", "", line.text(at)).translate(SUPERSCRIPTS)
    minus = "minus " if exponent.startswith("-") else ""
    times = "times " if line.kind(at - 1) is Kind.NUMBER else ""
    return f"{times}ten to the {minus}{number_words(exponent.lstrip('-'))}"


def time(line: Line, at: int) -> str:
    """A time of day on the 24-hour clock."""
    hour, minute = (int(part) for part in re.split("[:.]", line.text(at)))
    clock = line.text(at + 1).lower().replace(".", "") in ("am", "pm")
    if not minute:
        if clock:
            return whole_words(hour)
        zero = "zero " if 0 < hour < 10 else ""
        return f"{zero}{whole_words(hour)} hundred hours"
    return f"{whole_words(hour)} {'oh ' if minute < 10 else ''}{whole_words(minute)}"


def ratio(line: Line, at: int) -> str:
    """One to so many, or one in so many."""
    top, bottom = line.text(at).split(":")
    if line.text(at - 1) == "*":  # HLA-B*57:01
        return f"{number_words(top)} {number_words(bottom)}"
    return f"{number_words(top)} to {number_words(bottom)}" if len(bottom) < 3 else (
        f"{number_words(top)} in {number_words(bottom)}"
    )  # fmt: skip


def date(line: Line, at: int) -> str:
    """A date, in the order it is written."""
    text = line.text(at)
    for mark, name in (("/", "slash"), (".", "dot")):
        if mark in text:
            day, month, year = text.split(mark)
            said = year_words(int(year))
            return f"{number_words(day)} {name} {number_words(month)} {name} {said}"
    year, month, day = text.split("-")
    said = year_words(int(year)) if 1900 <= int(year) < 2100 else number_words(year)
    return f"{ordinal_words(int(day))} of {_MONTH_NAMES[int(month) - 1]} {said}"


def ordinal(line: Line, at: int) -> str:
    """A first, second, third; or a decade, "1990s"."""
    if line.text(at).endswith("0s"):
        return re.sub("y$", "ie", year_words(int(line.text(at)[:-1]))) + "s"
    return ordinal_words(int(line.text(at)[:-2]))


def every(line: Line, at: int) -> str:
    """An interval: "q6h"."""
    numbers = re.findall(r"\d+", line.text(at))
    unit = re.search(r"[A-Za-z]+$", line.text(at))
    low, high = numbers[0], numbers[1] if len(numbers) > 1 else ""
    letters = unit.group().lower() if unit else "h"
    named = {"mo": "month"}.get(letters[:2]) or _EVERY_UNIT[letters[0]]
    if high:
        return f"every {number_words(low)} to {number_words(high)} {named}s"
    return f"every {named}" if low == "1" else f"every {number_words(low)} {named}s"


TH = ("th", "ths")
_FRACTIONS = {
    "1/2": "one half", "½": "one half", "1/3": "one third", "⅓": "one third",
    "2/3": "two thirds", "⅔": "two thirds", "1/4": "one quarter", "¼": "one quarter",
    "3/4": "three quarters", "¾": "three quarters", "1/8": "one eighth", "⅛": "one eighth",
}  # fmt: skip
_AND_A = {"1/2": "a half", "1/4": "a quarter", "3/4": "three quarters",
          "½": "a half", "⅓": "a third", "⅔": "two thirds", "¼": "a quarter",
          "¾": "three quarters", "⅛": "an eighth"}  # fmt: skip
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−–", "0123456789---")
_MONTH_NAMES = (
    "January February March April May June July August September October November December"
).split()
_EVERY_UNIT = {"h": "hour", "d": "day", "m": "minute", "w": "week", "y": "year"}
