"""Which words stand on which side: "the first is 5 mg and the second 10 mg", "A, then B"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.facts.cues import OPPOSITES
from agents.facts.words import content, stems

Side = tuple[str, frozenset[str]]
"""A cue, or "earlier" or "later", and the stems and numbers on its side."""


def sides(text: str, cues: list[tuple[int, str]]) -> Iterator[Side]:
    """What stands with each of the opposites in a text, where a joint is between them, and what
    comes earlier and later in it."""
    for group in OPPOSITES:
        found = [(at, cue) for at, cue in cues if cue in group]
        if len({cue for _, cue in found}) > 1:
            yield from _contrasted(text, found)
    for clause in text.split(";"):
        yield from _steps(clause)


def _contrasted(text: str, found: list[tuple[int, str]]) -> Iterator[Side]:
    starts = [max(text.rfind(stop, 0, found[0][0]) for stop in ",;") + 1]
    for (at, cue), (following, other) in zip(found, found[1:], strict=False):
        if cue != other:
            joint = _joint(text, at, following)
            if not joint:
                return
            starts.append(joint)
        else:
            starts.append(starts[-1])
    for start, (_, cue) in zip(starts, found, strict=True):
        end = min((one for one in starts if one > start), default=len(text))
        yield cue, _said(text[start:end]) - stems(cue)


def _joint(text: str, start: int, end: int) -> int:
    """Where two clauses meet; 0 where they do not."""
    for pattern in _JOINTS:
        if found := [match.start() for match in pattern.finditer(text, start, end)]:
            return found[-1]
    return 0


_JOINTS = (
    re.compile(r";|\b(?:whereas|while|but)\b"),
    re.compile(r","),
    re.compile(r"\b(?:and|or|then)\b"),
)


def _steps(clause: str) -> Iterator[Side]:
    marks = list(_MARK.finditer(clause))
    if len(marks) != 1 or ":" in clause:
        return
    mark = marks[0]
    if clause[: mark.start()].strip():
        one, other = _REASON.split(clause[mark.end() :])[0], clause[: mark.start()]
    else:
        one, _, other = clause[mark.end() :].partition(",")
    if mark[1].lower() not in ("after", "following"):
        one, other = other, one
    yield "earlier", _said(one)
    yield "later", _said(other)


_MARK = re.compile(r",? ?\b(before|after|following|then)\b ", re.IGNORECASE)


_REASON = re.compile(r",? because\b|,? since\b", re.IGNORECASE)


def _said(text: str) -> frozenset[str]:
    return frozenset((*content(text), *re.findall(r"\d+(?:\.\d+)?", text)))
