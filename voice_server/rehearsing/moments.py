"""When a step begins: seconds from the start of the call, or an event and some seconds.

3.5 · "answer sounds + 1.0 s" · "answer 2 ends" · "turn ends + 0.1 s" · "word 6" · "notice"
"""

from __future__ import annotations

import re
from dataclasses import dataclass

EVENTS = ("answer sounds", "answer ends", "turn ends", "word", "notice")

_SHAPE = re.compile(
    r"(?:(?P<what>answer)(?: (?P<nth>\d+))? (?P<does>sounds|ends)|turn(?: (?P<turn>\d+))? ends"
    r"|word (?P<word>\d+)|(?P<notice>notice))(?: ?\+ ?(?P<after>\d+(?:\.\d+)?) ?s?)?"
)


@dataclass(frozen=True, slots=True)
class Moment:
    """`after_s` seconds after the `nth` `event` (of the call, or of its start).

    `nth` counts from 1; 0 is the first one after the step before began. For "word" it is how many
    words of the answer were heard.
    """

    event: str
    nth: int
    after_s: float


def read_moment(value: object) -> object:
    """A Moment from a number or a sentence; None stays. Raises ValueError saying what is known."""
    if value is None or isinstance(value, Moment):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 600:
        return Moment("start", 0, float(value))
    found = _SHAPE.fullmatch(str(value).strip()) if isinstance(value, str) else None
    if found is None:
        raise ValueError(
            'a moment is seconds (0 to 600), or "answer sounds + 1.0 s", "answer 2 ends", '
            '"turn ends", "word 6", "notice"'
        )
    after_s = float(found["after"] or 0)
    if found["what"]:
        return Moment(f"answer {found['does']}", int(found["nth"] or 0), after_s)
    if found["word"]:
        return Moment("word", int(found["word"]), after_s)
    if found["notice"]:
        return Moment("notice", 0, after_s)
    return Moment("turn ends", int(found["turn"] or 0), after_s)
