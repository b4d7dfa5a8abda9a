"""Says each piece of a text, looking at its neighbours."""

from __future__ import annotations

import re
from collections.abc import Callable

from agents.saying import counted, figures, marks, words
from agents.saying.line import NUMERIC, Line
from agents.saying.numbers import ENDS_A_NUMBER
from agents.saying.pieces import Kind


def say(line: Line, at: int) -> str:
    """The words for piece `at`; '' when it is silent, a stop when it only makes a pause."""
    said = _SAY[line.pieces[at].kind](line, at)
    return f"{said}," if _runs_into_a_number(line, at, said) else said


def _runs_into_a_number(line: Line, at: int, said: str) -> bool:
    """Whether a pause keeps two numbers apart: "Humulin M3 20 units" is no 320 units."""
    piece, after = line.pieces[at], line.near(at + 1)
    if after is None or after.glued or after.kind is not Kind.NUMBER:
        return False
    numbered = piece.kind in (Kind.WORD, Kind.SPECIAL) and bool(re.search("[0-9₀-₉]$", piece.text))
    if not numbered and piece.kind not in (*NUMERIC, Kind.RATIO, Kind.DATE):
        return False
    return re.split("[ -]", said)[-1] in ENDS_A_NUMBER


_SAY: dict[Kind, Callable[[Line, int], str]] = {
    Kind.NUMBER: figures.plain_number,
    Kind.FRACTION: figures.fraction,
    Kind.POWER: figures.power,
    Kind.TIME: figures.time,
    Kind.RATIO: figures.ratio,
    Kind.DATE: figures.date,
    Kind.ORDINAL: figures.ordinal,
    Kind.EVERY: figures.every,
    Kind.UNIT: counted.unit,
    Kind.SPECIAL: words.special,
    Kind.SIGN: marks.sign,
    Kind.DASH: marks.dash,
    Kind.WORD: words.word,
    Kind.STOP: marks.stop,
    Kind.BRACKET: marks.bracket,
    Kind.OTHER: marks.other,
}
