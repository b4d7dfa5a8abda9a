"""How far a word reaches: what stands beside an amount, and what a negation is about."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.facts.amounts import Amount
from agents.facts.words import content

Beside = tuple[frozenset[str], frozenset[str]]
"""Stems before and behind an amount."""


def beside(text: str, spans: list[tuple[int, int]]) -> Iterator[tuple[Beside, Beside]]:
    """For each span (an amount, a drug), one and up to two stems before and behind it, none from
    across another span or the joint of a clause."""
    ends = [0, *(end for _, end in spans)]
    starts = [*(start for start, _ in spans), len(text)]
    for at, (start, end) in enumerate(spans):
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
    first = _FIRST_CLAUSE.match(text)
    cuts = [0, *(match.start() for match in _CLAUSE.finditer(text)), len(text)]
    cuts = sorted({*cuts, first.end()}) if first else cuts
    for start, end in zip(cuts, cuts[1:], strict=False):
        if any(start <= at < end for at in negations):
            yield from (one.said for at, one in amounts if start <= at < end)
            yield from (name for name, at, _ in named if start <= at < end)
            yield from content(text[start:end])


_DOING = "do|does|give|use|start|stop|avoid|never|not|then|continue|add|take"
_CLAUSE = re.compile(
    r";|,? ?\b(?:if|when|unless|because|whereas|while|although|but|rather than|instead of|until|"
    r"once (?!daily|a |weekly)|provided)\b|, and (?=(?:\w+ ){1,4}(?:is|are) (?:avoided|"
    r"contraindicated|stopped|withheld|omitted|not)\b)|\b(?:and|or) ?(?=(?:do|does|is|are|"
    rf"should|must|may|can|{_DOING})\b)|, ?(?=(?:and |or )?(?:{_DOING})\b)",
    re.IGNORECASE,
)
_FIRST_CLAUSE = re.compile(r"(?:if|when|while|once|because|although|unless|until)\b[^,;]*,", re.I)


def conditions(text: str) -> frozenset[str]:
    """The stems of what is behind an "if", up to the end of its clause."""
    return _within(_CONDITION, text)


def consequences(text: str) -> frozenset[str]:
    """The stems of all but the conditions."""
    return frozenset(content(_CONDITION.sub(" ", text)))


def circumstances(text: str) -> frozenset[str]:
    """The stems of all that tells for whom, when or at what value: conditions, "in", "with", "for",
    and what stands before the colon of a table's cell."""
    return _within(_CIRCUMSTANCE, text)


def _within(pattern: re.Pattern[str], text: str) -> frozenset[str]:
    return frozenset(
        stem
        for match in pattern.finditer(text)
        for stem in content(match.group(1) or match.group(2))
    )


_UNTIL = r"[^,;:]*(?:, (?:and|or) [^,;:]*)?"
_CONDITION = re.compile(rf"\b(?:if|when|once|provided) ({_UNTIL})()", re.IGNORECASE)
_CIRCUMSTANCE = re.compile(
    rf"\b(?:if|when|once|provided|in|with|without|for|at|on|of|after|before|during|until|between) "
    rf"({_UNTIL})|([^:;]+):",
    re.IGNORECASE,
)
