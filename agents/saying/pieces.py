"""Cuts clinical text into pieces: numbers, units, times, ratios, signs, abbreviations, words.

Every character that is not white space belongs to exactly one piece, so nothing can be lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from agents.saying.abbreviations import SIGNS, SPECIAL
from agents.saying.units import AFTER_NUMBER, ALONE, DOSED, GLUED, PER


class Kind(Enum):
    """What a piece is."""

    NUMBER = auto()
    FRACTION = auto()  # a/b, or one character
    POWER = auto()
    TIME = auto()
    RATIO = auto()
    DATE = auto()
    ORDINAL = auto()
    EVERY = auto()  # q6h
    UNIT = auto()
    SPECIAL = auto()
    SIGN = auto()
    DASH = auto()
    WORD = auto()
    STOP = auto()  # punctuation that makes the voice pause
    BRACKET = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class Piece:
    """`text` stands at `start`; `glued` when no white space is before it."""

    kind: Kind
    text: str
    start: int
    glued: bool

    @property
    def end(self) -> int:
        return self.start + len(self.text)


_DASH = "-–—‐‑‒−﹣－"
_SPECIAL = "|".join(sorted((re.escape(name) for name in SPECIAL), key=len, reverse=True))
_SIGN = "|".join(sorted((re.escape(name) for name in SIGNS), key=len, reverse=True))
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_GROUPED = r"\d{1,3}(?:(?:,|[\u00a0\u202f\u2009])\d{3})+(?!\d)|\d{1,3}(?: 000)+(?!\d)"
_COMMA = rf"\d+,\d{{1,2}}(?=[ \u00a0]?(?:{DOSED})(?![A-Za-z0-9]))"
NUMBER = rf"(?:0,\d+(?!\d|,\d)|{_COMMA}|(?:{_GROUPED}|\d+)(?:[.·∙]\d+)?|\.\d+)"

_RULES: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (Kind.DATE, re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?!\d)")),
    (Kind.DATE, re.compile(rf"{_DAY}([/.]){_DAY}\1(?:19|20)\d\d(?!\d)")),
    (Kind.SPECIAL, re.compile(rf"(?:{_SPECIAL})(?:(?<=\.)|(?![A-Za-z0-9₀-₉]))")),
    (Kind.EVERY, re.compile(
        rf"[qQ]\.? ?(\d+)(?:[ ]?[{_DASH}][ ]?(\d+))?\.? ?(hourly|hours|hour|hrs|hr|h|H|"
        r"days|day|d|D|minutes|mins|min|weeks|week|wk|w|W|months|month|mo|years|yr|y)\b")),
    (Kind.TIME, re.compile(
        r"(?:[01]\d|2[0-3]):[0-5]\d(?!\d)|24:00|0[1-9]\.[0-5]\d(?![\d.])|"
        r"\d:[0-5]\d(?= ?[ap]\.?m)|[2-9]:[0-5]\d(?!\d)")),
    (Kind.RATIO, re.compile(r"\d{1,4}:\d{1,3}(?:[, \u00a0]\d{3})+(?!\d)|\d{1,4}:\d+(?![\d:])")),
    (Kind.POWER, re.compile(r"10(?:\^|\*\*|\*|[eE])[-−–]?\d+|10⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+")),
    (Kind.FRACTION, re.compile(
        rf"\d+[½⅓⅔¼¾⅛]|[½⅓⅔¼¾⅛]|\d+ ?[/⁄∕] ?(?:{_GROUPED}|\d+)(?!\d|\.?\d*/|\.\d| ?h\b)")),
    (Kind.ORDINAL, re.compile(
        r"(?:(?:\d*[02-9])?1st|(?:\d*[02-9])?2nd|(?:\d*[02-9])?3rd|\d+th|(?:19|20)\d0s)\b")),
    (Kind.NUMBER, re.compile(NUMBER)),
    (Kind.UNIT, ALONE),
    (Kind.WORD, re.compile(
        r"[^\W\d_][^\W_]*(?:['’][^\W\d_]+)?(?:[-‑][^\W\d_][^\W_]*(?:['’][^\W\d_]+)?)*")),
    (Kind.SIGN, re.compile(_SIGN)),
    (Kind.DASH, re.compile(rf"[{_DASH}]")),
    (Kind.STOP, re.compile(r"\.{3}|[.,;:!?…]")),
    (Kind.BRACKET, re.compile(r"[()\[\]{}]")),
    (Kind.OTHER, re.compile(r"\S")),
)  # fmt: skip
_NUMERIC_RULES = (Kind.DATE, Kind.SPECIAL, Kind.TIME, Kind.RATIO, Kind.POWER, Kind.FRACTION,
                  Kind.ORDINAL, Kind.NUMBER)  # fmt: skip
_LETTER_RULES = (Kind.SPECIAL, Kind.EVERY, Kind.UNIT, Kind.WORD)
_BY_DIGIT = tuple(rule for rule in _RULES if rule[0] in _NUMERIC_RULES)
_BY_LETTER = tuple(rule for rule in _RULES if rule[0] in _LETTER_RULES)
_AFTER_A_NUMBER = frozenset({Kind.NUMBER, Kind.FRACTION, Kind.POWER})
_TIMES = re.compile(r"[xX](?=\d)")
_NUMBERED = frozenset("No no Nos nos Fig Figs Ref Refs p pp c".split())
_PLACE = re.compile(rf"\.[1-9]\d*(?![\d.%]|[ \u00a0]?(?:{DOSED})(?![A-Za-z0-9]))")
"""What a place has behind it, "No.2": no decimal, and no dose, so that ".5 mg" stays one."""
_WHITE = re.compile(r"\s*")


def pieces(text: str) -> list[Piece]:
    """The pieces of `text` in order."""
    return list(_pieces(text))


def _pieces(text: str) -> Iterator[Piece]:
    at, before = 0, None
    while True:
        white = _WHITE.match(text, at)
        start = white.end() if white else at
        if start >= len(text):
            return
        piece = _next(text, start, at == start and at > 0, before)
        yield piece
        before, at = piece, piece.end


def _next(text: str, start: int, glued: bool, before: Piece | None) -> Piece:
    if before is not None and (unit := _unit_after(text, start, glued, before)):
        return Piece(Kind.UNIT, unit, start, glued)
    if _is_times(text, start, before):
        return Piece(Kind.WORD, text[start], start, glued)
    if glued and before and before.text in _NUMBERED and _PLACE.match(text, start):
        return Piece(Kind.STOP, ".", start, glued)
    in_word = glued and before is not None and before.kind in (Kind.WORD, Kind.SPECIAL)
    for kind, pattern in _rules_for(text[start]):
        if in_word and kind in (Kind.DATE, Kind.EVERY, Kind.TIME, Kind.UNIT, Kind.SPECIAL):
            continue
        if match := pattern.match(text, start):
            return Piece(kind, match.group(), start, glued)
    raise AssertionError("the last rule takes any character")


def _is_times(text: str, start: int, before: Piece | None) -> bool:
    """Whether an x right before a number multiplies it: "x10⁹", "2.5x1.5 cm", "TDS x5 days"."""
    if not _TIMES.match(text, start):
        return False
    return text[start] == "x" or (before is not None and before.kind in _AFTER_A_NUMBER)


def _rules_for(first: str) -> tuple[tuple[Kind, re.Pattern[str]], ...]:
    """The rules that can match what begins with this character, in order."""
    if not first.isascii() or not first.isalnum():
        return _RULES
    return _BY_DIGIT if first.isdigit() else _BY_LETTER


def _unit_after(text: str, start: int, glued: bool, before: Piece) -> str:
    """The unit that stands right behind a number, or behind "5-" as in "5-mg tablet"."""
    if before.kind in _AFTER_A_NUMBER:
        if glued and (match := GLUED.match(text, start)):
            return match.group()
        if match := AFTER_NUMBER.match(text, start) or PER.match(text, start):
            return match.group()
    return ""
