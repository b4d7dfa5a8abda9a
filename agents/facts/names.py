"""Names that hold a digit or turn on a prefix ("IL-6", "type 2", "hypokalaemia"), and units that
something is "in"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.saying.pieces import Kind, Piece
from agents.saying.units import compound


def names(text: str, cut: list[Piece]) -> Iterator[str]:
    """The names in a text, without dashes and subscripts."""
    for match in _NAME.finditer(text):
        yield match.group().translate(_SUBSCRIPTS).lower().replace("-", "")
    for at, piece in enumerate(cut):
        if piece.kind in NUMERIC and named_by(cut, at):
            yield f"{cut[at - 1].text.lower()}{piece.text}"
        if piece.kind in NUMERIC and names_kind(cut, at):
            yield f"{piece.text}{cut[at + 2].text.lower()}"
        if piece.kind is Kind.UNIT and any(char.isdigit() for char in piece.text):
            yield compound(piece.text).key
        elif piece.kind is Kind.UNIT and at and cut[at - 1].text.lower() == "in":
            per = [one.text for one in cut[at + 1 : at + 3]]
            divisor = f"/{per[1]}" if per[:1] == ["per"] and len(per) == 2 else ""
            yield f"in {compound(piece.text + divisor).key}"
    for match in _LETTERED.finditer(text):
        yield "".join(part for part in match.groups() if part).lower()
    for match in _POLAR.finditer(text):
        yield match.group().lower()


def named_by(cut: list[Piece], at: int) -> bool:
    """Whether a number is the end of a name: "grade 3"."""
    return at > 0 and cut[at - 1].text.lower() in _NAMING


def names_kind(cut: list[Piece], at: int) -> bool:
    """Whether a number tells the kind of what follows: "4-factor", "2-level"."""
    return (
        at + 2 < len(cut)
        and cut[at + 1].kind is Kind.DASH
        and cut[at + 1].glued
        and cut[at + 2].glued
        and cut[at + 2].kind is Kind.WORD
    )


def in_name(cut: list[Piece], at: int) -> bool:
    """Whether a number belongs to a name, as in "IL-6": glued to letters by a dash."""
    return (
        at > 1
        and cut[at].glued
        and cut[at - 1].kind is Kind.DASH
        and cut[at - 1].glued
        and cut[at - 2].kind in (Kind.WORD, Kind.SPECIAL)
    )


NUMERIC = frozenset({Kind.NUMBER, Kind.FRACTION, Kind.RATIO, Kind.TIME, Kind.DATE, Kind.POWER})

_NAMING = frozenset("stage grade class type phase category group".split())
"""Words whose number is part of a name: "type 2 diabetes"."""
_NAME = re.compile(
    r"\b(?=[A-Za-z0-9-]*[A-Za-z])(?=[A-Za-z-]*[0-9₀-₉])[A-Za-z][A-Za-z0-9₀-₉]*(?:-[A-Za-z0-9]+)*"
)
_POLAR = re.compile(r"\b(?:hyper|hypo|brady|tachy|non)[a-z]{3,}", re.IGNORECASE)
_LETTERED = re.compile(
    r"\b([A-Za-z]{3,}) ([A-HJ-Z])(?=[ ,.;:)]|$)(?! ?[-–.]\w)|"
    r"\b(class|type|grade|stage|phase|group|category|factor) ([IVX]+[ab]?)\b"
)
"""A kind that a letter or a Roman number tells: "hepatitis B", "class III"."""
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
