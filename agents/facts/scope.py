"""How far a word reaches: what stands beside an amount, and what a negation is about."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.facts.amounts import AGAINST, Amount
from agents.facts.words import DOING, content

Beside = tuple[frozenset[str], frozenset[str]]
"""Stems before and behind an amount."""


def beside(text: str, spans: list[tuple[int, int]]) -> Iterator[tuple[Beside, Beside]]:
    """For each span (an amount, a drug), one and up to two stems before and behind it, none from
    across another span, a comma between two or the joint of a clause."""
    ends = [0, *(end for _, end in spans)]
    starts = [*(start for start, _ in spans), len(text)]
    opening = _OPENING.match(text)
    opened = opening.end() if opening else 0
    for at, (start, end) in enumerate(spans):
        if ends[at] < opened <= start and at:  # what opens the sentence has its own
            ends[at] = opened
        left, *cut = reversed(_JOINT.split(text[ends[at] : start]))
        right = _JOINT.split(text[end : starts[at + 1]])[0]
        before, behind = content(left)[-2:], content(right)[:2]
        if at and not cut:  # what is before a comma is the earlier one's
            left = left.split(",")[-1]
        if at + 1 < len(spans):
            right = right.split(",")[0]
        yield (
            (frozenset(content(left)[-1:]), frozenset(content(right)[:1])),
            (frozenset(before), frozenset(behind)),
        )


_OPENING = re.compile(
    r"(?:after|before|during|in|for|with|without|if|when|once|because|to)\b[^,;]*,", re.IGNORECASE
)
_JOINT = re.compile(
    r"[;:.](?=\s|$)|,? \b(?:whereas|while|but|when|if|unless|once|then)\b|"
    r",? \band (?=(?:in|for|during) )"
)


def coordinated(text: str, named: list[tuple[str, int, int]]) -> list[tuple[int, int]]:
    """For each drug the span of the drugs that it is named in one breath with: "A, B and C"."""
    runs: list[list[tuple[int, int]]] = []
    for _, start, end in named:
        if runs and _AND.fullmatch(text, runs[-1][-1][1], start):
            runs[-1].append((start, end))
        else:
            runs.append([(start, end)])
    return [(run[0][0], run[-1][1]) for run in runs for _ in run]


_AND = re.compile(r"(?:,|,? (and|or)(?: other)?|,? (?:such as|like|including)|/) ?")


def joined(text: str, named: list[tuple[str, int, int]]) -> Iterator[tuple[str, str, str]]:
    """Two drugs and the "and" or "or" between them."""
    for (one, _, end), (other, start, _) in zip(named, named[1:], strict=False):
        if (match := _AND.fullmatch(text, end, start)) and match[1]:
            yield min(one, other), max(one, other), match[1].lower()


def is_with(text: str, start: int, end: int) -> bool:
    """Whether a drug is what another is given or treated with: "with verapamil", "protamine is used
    to reverse"."""
    return bool(_WITH.search(text, max(0, start - 25), start) or _FOR.match(text, end))


_FOR = re.compile(r" (?:is|are) (?:not )?used (?:for|to) (?:the )?(?:revers|treat|prevent)")
_WITH = re.compile(r"\b(?:with|taking|alongside)(?: an?| the)? \Z", re.IGNORECASE)


def is_had(text: str, start: int) -> bool:
    """Whether a drug tells of which patient the sentence is: "in patients taking verapamil"."""
    return bool(_HAD.search(text, max(0, start - 60), start))


_HAD = re.compile(
    r"\b(?:patients?|people|persons?|who|women|men|those|someone|anyone|adults?)\b(?: \w+){0,4}? "
    r"(?:taking|takes?|on|without|with)(?: an?| the)?(?: oral| regular)? \Z",
    re.IGNORECASE,
)


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
            earlier = {
                name for name, at, last in named if at < start and not AGAINST.match(text, last)
            }
            if len(earlier) == 1 and _PRONOUN.search(text, start, end):
                yield from (f"it {name}" for name in earlier)
            yield from content(text[start:end])


def excepted(text: str) -> frozenset[str]:
    """The first stem behind each "without", "except" and "instead of"; all behind an "unless"."""
    return frozenset(
        stem
        for match in _EXCEPTION.finditer(text)
        for stem in content(match[1] or "")[:1] + content(match[2] or match[3] or "")
    )


_EXCEPTION = re.compile(
    r"\b(?:without|except|instead of)\b([^,;:]*)|^unless\b([^,;:]*)|\bunless\b([^;:]*)",
    re.IGNORECASE,
)


def of_whom(text: str) -> tuple[bool, ...]:
    """For each "who" whether it is followed by a "not"."""
    return tuple(bool(match[1]) for match in _WHO.finditer(text))


_WHO = re.compile(r"\bwho (?=((?:\w+ ){0,2}(?:not|never)\b)?)", re.IGNORECASE)


def deeds(text: str, named: list[tuple[str, int, int]]) -> Iterator[tuple[str, str, bool]]:
    """(drug, stem, whether it is done to the drug) of the words behind each drug: "digoxin is
    raised by" against "digoxin raises"."""
    starts = [*(start for _, start, _ in named), len(text)][1:]
    for (name, _, end), until in zip(named, starts, strict=True):
        done = _PASSIVE.match(text, end, until)
        passive = content(done[1])[-1:] if done else []
        for stem in content(_JOINT.split(text[end:until].split(",")[0])[0])[:4]:
            if stem not in _EITHER:
                yield name, stem, stem in passive


_EITHER = frozenset(content("start begin continue stop repeat"))
"""What a drug does and what is done to it are the same with these."""
_PASSIVE = re.compile(
    r"(?: [a-z]+){0,2}? (?:is|are|was|were|be|been|being) (?:[a-z]+ ){0,3}?([a-z]+(?:ed|wn|en))\b"
)


_PRONOUN = re.compile(r"\b(?:it|they|them)\b")
_CLAUSE = re.compile(
    r";|, as\b|,? ?\b(?:if|when|unless|because|since|whereas|while|although|but|rather than|"
    r"instead of|until|once (?!daily|a |weekly)|provided|as long as)\b|, and "
    r"(?=(?:\w+ ){1,4}(?:is|are) (?:avoided|contraindicated|stopped|withheld|omitted|not)\b)"
    rf"|\b(?:and|or) ?(?=(?:do|does|is|are|should|must|may|can|{DOING})\b)"
    rf"|, ?(?=(?:and |or )?(?:{DOING})\b)",
    re.IGNORECASE,
)
_FIRST_CLAUSE = re.compile(
    r"(?:if|when|while|once|because|although|unless|until|after|before|during|in|for|at|with)\b[^,;]*,",
    re.IGNORECASE,
)
