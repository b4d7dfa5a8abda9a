"""The amounts of a sentence, each with its unit, its limit and the drug that it is of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from agents.facts.names import NUMERIC, in_name, named_by, names_kind
from agents.saying.numbers import without_separators
from agents.saying.pieces import Kind, Piece
from agents.saying.units import compound


@dataclass(frozen=True, slots=True)
class Amount:
    """A number, a range (`high` is set) or a ratio, with its unit and what limits it.

    `drug` is the one named nearest to it in the sentence, '' when none is named.
    """

    low: str
    high: str
    unit: str
    limit: str
    drug: str

    @property
    def said(self) -> str:
        """As it is told to a person."""
        number = f"{self.low} to {self.high}" if self.high else self.low
        return " ".join(part for part in (self.limit, number, self.unit) if part)


Measured = tuple[int, int, str, str, str]
"""(start, end, low, high, unit)"""


def measure(text: str, cut: list[Piece]) -> Iterator[Measured]:
    """The numbers of a text that measure something, in order. In "5, 10 and 15 mg" all are mg."""
    at, waiting = 0, list[Measured]()
    while at < len(cut):
        if (
            cut[at].kind not in NUMERIC
            or in_name(cut, at)
            or named_by(cut, at)
            or names_kind(cut, at)
        ):
            if waiting and cut[at].text not in (",", "and", "or"):
                yield from waiting
                waiting = []
            at += 1
            continue
        start = at
        low, at = _value(cut, at)
        unit, at = _unit(cut, at)
        high = ""
        if _joins(text, cut, start, at) and cut[at + 1].kind in NUMERIC:
            high, at = _value(cut, at + 1)
            other, at = _unit(cut, at)
            unit = f"{unit} to {other}" if unit and other and unit != other else other or unit
        if not unit and start and cut[start - 1].text.lower() in _LABELS:
            unit = f"{cut[start - 1].text.lower()} number"
        one = (cut[start].start, cut[at - 1].end, low, high, unit)
        if unit:  # the earlier ones share it
            yield from ((*w[:4], unit) for w in waiting)
            waiting = []
            yield one
        else:
            waiting.append(one)
    yield from waiting


def _value(cut: list[Piece], at: int) -> tuple[str, int]:
    piece = cut[at]
    minus = (
        at > 0
        and cut[at - 1].kind is Kind.DASH
        and piece.glued
        and (at == 1 or (cut[at - 2].kind not in NUMERIC and not cut[at - 1].glued))
    )
    if piece.kind is Kind.NUMBER:
        value = f"{Decimal(without_separators(piece.text)).normalize():f}"
        if at + 2 < len(cut) and cut[at + 1].text in ("×", "x") and cut[at + 2].kind is Kind.POWER:
            return f"{value}×{_power(cut[at + 2].text)}", at + 3
        return ("-" if minus else "") + value, at + 1
    if piece.kind is Kind.POWER:
        return _power(piece.text), at + 1
    return re.sub(r"[\s,]", "", piece.text), at + 1


def _power(text: str) -> str:
    exponent = re.sub(r"^10(?:\^|\*\*|\*)?", "", text)
    return "10^" + exponent.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−–", "0123456789---"))


def _unit(cut: list[Piece], at: int) -> tuple[str, int]:
    for skip in (0, 1):
        if skip and not (at < len(cut) and cut[at].kind is Kind.DASH):
            break
        if at + skip < len(cut) and cut[at + skip].kind is Kind.UNIT:
            key = compound(cut[at + skip].text).key
            return key, at + skip + 1
    return "", at


def _joins(text: str, cut: list[Piece], start: int, at: int) -> bool:
    """Whether the piece at `at` makes a range: a dash, "to", or "and" behind "between"."""
    if at + 1 >= len(cut):
        return False
    if cut[at].kind is Kind.DASH or cut[at].text.lower() == "to":
        return True
    return cut[at].text.lower() == "and" and bool(
        re.search(r"\bbetween\s*$", text[: cut[start].start], re.IGNORECASE)
    )


def bind(
    text: str,
    measured: list[Measured],
    limits: list[tuple[int, str]],
    named: list[tuple[str, int, int]],
) -> Iterator[tuple[int, Amount]]:
    """Each amount where it starts, with its limit and drug. A time ("every 8 hours") belongs to
    the drug of the amount before it, unless another is named between them."""
    before, drug = 0, ""
    for at, end, low, high, unit in measured:
        kept = drug and unit in TIMES and not any(before <= first < at for _, first, _ in named)
        if not (kept and not _APART.search(text, before, at)):
            drug = _subject(text, at, named) or _nearest(text, at, end, named)
        limit = _limit(text, at, end, limits, measured)
        if limit in ("for", "in") and unit not in TIMES:
            limit = ""
        if (not unit and _YEAR.fullmatch(low)) or (unit == "year" and limit in _OF_AGE):
            drug = ""
        before = end
        yield at, Amount(low, high, unit, limit, drug)


TIMES = frozenset({"second", "minute", "hour", "day", "week", "month", "year"})
_OF_AGE = frozenset({"at least", "at most", "less than", "more than"})
_YEAR = re.compile(r"(?:19|20)\d\d")


def _limit(
    text: str, start: int, end: int, limits: list[tuple[int, str]], measured: list[Measured]
) -> str:
    """The limit that holds for the amount at `start`: close before it, or right behind it."""
    behind = _BEHIND.match(text, end)
    for at, value in limits:
        if behind and at == behind.end():
            return value
    earliest = max([e for _, e, *_ in measured if e <= start], default=0)
    before = [
        (at, value)
        for at, value in limits
        if max(earliest, start - 40) <= at < start and text[at : at + 3] != "or "
    ]
    if before:
        return before[-1][1]
    tail = re.search(r"\b([A-Za-z]+)(?: (?:any|the|each|a))?\s*$", text[max(0, start - 14) : start])
    return tail[1].lower() if tail and tail[1].lower() in _LINKS else ""


_BEHIND = re.compile(r"(?: \([^()]*\))?\)?,? (?=or )")
_LINKS = frozenset({"every", "over", "for", "after", "before", "in", "until"})


def _subject(text: str, start: int, named: list[tuple[str, int, int]]) -> str:
    """The drug that opens the clause of "A for B in C is 5 mg"; '' for another sentence."""
    if not _IS.search(text, max(0, start - 25), start):
        return ""
    opens = max(text.rfind(stop, 0, start) for stop in ",;:") + 1
    for name, first, last in named:
        if opens <= first <= opens + 1 and _FOR.match(text, last):
            return name
    return ""


_IS = re.compile(r"\b(?:is|are) (?:about |at least |at most |up to )?\Z")
_FOR = re.compile(r" (?:for|in|after|before|during)\b")


def _nearest(text: str, start: int, end: int, named: list[tuple[str, int, int]]) -> str:
    """The drug nearest to an amount; one in another clause is further off."""
    best, distance = "", 10_000
    for name, first, last in named:
        if AGAINST.match(text, last):
            continue
        low, high = (end, first) if first >= end else (last, start)
        gap = high - low + (_ELSEWHERE if _APART.search(text, low, high) else 0)
        if gap < distance:
            best, distance = name, gap
    return best


AGAINST = re.compile(r"[ -](?:allerg|hypersens|overdos|poison|toxic|withdrawal|treated)\w*")
"""Behind a drug that is what is wrong, not what is given."""
_ELSEWHERE = 60
_APART = re.compile(r"[,;]|\b(?:if|when|unless|because|whereas)\b")


_LABELS = frozenset("day week month year".split())
"""Words that tell what the number behind them counts: "week 12" is not "day 12"."""
