"""How far a word reaches: what stands beside an amount, and what a negation is about."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.facts.amounts import Amount, Measured
from agents.facts.words import content

Beside = tuple[frozenset[str], frozenset[str]]
"""Stems before and behind an amount."""


def beside(text: str, measured: list[Measured]) -> Iterator[tuple[Beside, Beside]]:
    """For each amount, one and up to two stems before and behind it, none from across another
    amount or the joint of a clause."""
    ends = [0, *(end for _, end, *_ in measured)]
    starts = [*(start for start, *_ in measured), len(text)]
    for at, (start, end, *_) in enumerate(measured):
        before = content(_JOINT.split(text[ends[at] : start])[-1])[-2:]
        behind = content(_JOINT.split(text[end : starts[at + 1]])[0])[:2]
        yield (
            (frozenset(before[-1:]), frozenset(behind[:1])),
            (frozenset(before), frozenset(behind)),
        )


_JOINT = re.compile(r"[;:.](?=\s|$)|,? \b(?:whereas|while|but|when|if|unless|once|then)\b")


def negated(
    text: str,
    negations: list[int],
    amounts: tuple[tuple[int, Amount], ...],
    named: list[tuple[str, int, int]],
) -> Iterator[str]:
    """The amounts, drugs and stems of the clauses that a negation is in."""
    if not negations:
        return
    cuts = [0, *(match.start() for match in _CLAUSE.finditer(text)), len(text)]
    for start, end in zip(cuts, cuts[1:], strict=False):
        if any(start <= at < end for at in negations):
            yield from (one.said for at, one in amounts if start <= at < end)
            yield from (name for name, at, _ in named if start <= at < end)
            yield from content(text[start:end])


_CLAUSE = re.compile(
    r";|,? ?\b(?:if|when|unless|because|whereas|while|although|but|rather than|instead of|until|"
    r"once (?!daily|a |weekly)|provided)\b|(?:,|\b(?:and|or)\b) ?(?=(?:and |or )?(?:do|does|is|are|"
    r"give|use|start|stop|avoid|never|not|then|should|must|may|can|continue|add|take)\b)",
    re.IGNORECASE,
)
