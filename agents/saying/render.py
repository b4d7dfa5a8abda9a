"""Says each piece of a text, looking at its neighbours."""

from __future__ import annotations

from collections.abc import Callable

from agents.saying import counted, figures, marks, words
from agents.saying.line import Line
from agents.saying.pieces import Kind


def say(line: Line, at: int) -> str:
    """The words for piece `at`; '' when it is silent, a stop when it only makes a pause."""
    return _SAY[line.pieces[at].kind](line, at)


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
