"""How directly a sentence that answers a question does so."""

from __future__ import annotations

import re

from agents.asked import Asked, alike, circumstances, holds, kin_of, stems_of
from agents.facts import facts
from agents.quoted import (
    Line,
    absent,
    coverage,
    is_headed,
    is_under,
    meant_for,
    names_of,
    share_of,
    what_is_absent,
)
from agents.wants import is_against, is_dose
from rag.aspects import TREATED, Aspect, aspects_of


def fit(asked: Asked, one: Line) -> float:
    """How directly a sentence that answers does so: about 0 to 2."""
    score = coverage(asked, one) + _drugs(asked, one) + _figures(asked, one)
    score += 0.3 * _shared(asked, one.stems) + 0.2 * _shared(asked, stems_of(one.section))
    score += 0.15 * len(asked.wording & one.stems) / (len(asked.wording) or 1)
    for want in asked.wants:
        if want.held(one.text, one.facts, asked.facts):
            score += want.weight
        elif want.name != "verdict":
            score -= want.weight
    said, headed = circumstances(one.text), meant_for(one)
    score += 0.15 * len(asked.circumstances & said) + 0.05 * len(asked.circumstances & headed)
    free = asked.circumstances | asked.facts.cues.keys() | {"adult", "elderly", "loading"}
    score -= 0.12 * len((said | headed) - free)
    score += 0.15 * len({*asked.facts.ways} & {*one.facts.ways})
    score += 0.3 * len(absent(asked.said) & absent(one.text))
    score += 0.15 * min(sum(share_of(idea, one) > 0.5 for idea in asked.told), 4)
    if not asked.wanted("dose") and is_against(one.text) and _names_all(asked, one):
        score += 0.7
    return score + _aspect(asked, one) + _form(asked, one)


def _shared(asked: Asked, stems: frozenset[str]) -> float:
    return len(asked.words & stems) / (len(asked.words) or 1)


def _aspect(asked: Asked, one: Line) -> float:
    """A sentence of the section that is about what is asked comes before all others; of a page
    without such headings, one that names what is asked."""
    if not asked.aspects:
        return 0.0
    if is_headed(asked, one) and (
        shared := [asked.aspects.index(own) for own in one.aspects if own in asked.aspects]
    ):
        narrow = _NARROW.search(one.section) and not _NARROW.search(asked.said)
        return 0.6 - 0.15 * min(shared) - (0.4 if narrow else 0.0)
    if one.aspects:
        further = Aspect.FURTHER in one.aspects and Aspect.FIRST in asked.aspects
        return -0.1 if further else -0.4
    said = aspects_of(one.text)
    return 0.3 if asked.aspects != TREATED and any(own in asked.aspects for own in said) else 0.0


def _drugs(asked: Asked, one: Line) -> float:
    named = {*one.facts.drugs}
    score = -0.2 * sum(not (drug in named or kin_of(drug) & named) for drug in asked.given)
    if asked.drugs:
        score += 0.3 if asked.drugs & named else -0.1
        if one.facts.drugs and not {one.facts.drugs[0], *kin_of(one.facts.drugs[0])} & asked.drugs:
            score -= 0.3  # it is said of another drug
    return score


def _figures(asked: Asked, one: Line) -> float:
    """A figure in the question ("clearance 20") fits a range or a limit that holds it."""
    score = 0.0
    for figure in (*asked.facts.amounts, *asked.patient):
        fits = [holds(own, figure) for own in one.facts.amounts if alike(own, figure)]
        score += 0.5 if any(fits) else -0.25 if fits else 0.0
    return score


def _form(asked: Asked, one: Line) -> float:
    """A sentence that says the thing itself comes before a later step, a case, or an aside."""
    score = 0.0
    if _NEEDS_CONTEXT.match(one.text) or one.text[:1].islower():
        score -= 0.4
    if _ASIDE.search(one.text):
        score -= 0.2
    if not asked.wanted("second"):
        score -= 0.45 * len(_LATER.findall(one.text))
    lacking = facts(what_is_absent(asked.said)).ways
    if {*lacking} & {*one.facts.ways}:
        score -= 0.4
    if _DEFINES.search(one.text) and not _DEFINES.search(asked.said):
        score -= 0.4
    for this, other in (("before", "after"), ("after", "before")):
        if this in asked.facts.cues and other in one.facts.cues and this not in one.facts.cues:
            score -= 0.3
    if (absent(one.text) - absent(asked.said)) & stems_of(asked.said):
        score -= 0.4
    if asked.wanted("moment") and _NOT_DONE.search(one.text):
        score -= 0.3
    if _CAUTION.match(one.text) and not asked.wanted("verdict") and not asked.wanted("against"):
        score -= 0.2
    if (case := _CASE.match(one.text)) and not (asked.wanted("moment") and _more(asked, case[0])):
        score -= 0.3
    if one.is_row and not is_under(asked, one):
        score -= 0.2
    if not asked.wants and any(map(is_dose, one.facts.amounts)):
        score -= 0.2
    head = stems_of(" ".join(one.text.split()[:5]))
    heading = sum(any(name <= head for name in idea) for idea in asked.ideas)
    if heading:
        score += 0.1 + 0.2 * heading / len(asked.ideas)
    return score - 0.012 * max(0, len(one.stems - asked.words) - 6)


def _more(asked: Asked, case: str) -> bool:
    """Whether a case ("When DKA has resolved") says more than the question does."""
    return not stems_of(case) <= asked.words | frozenset().union(*names_of(asked))


def _names_all(asked: Asked, one: Line) -> bool:
    """Whether a sentence itself names the drug and all else that is asked about."""
    return (
        bool(asked.drugs or asked.given)
        and len(asked.ideas) > 1
        and all(any(name <= one.stems for name in idea) for idea in asked.ideas)
    )


_NARROW = re.compile(
    r"\b(?:high[- ]risk|massive|life[- ]threatening|severe|complicated|unstable|cardiac arrest)\b",
    re.IGNORECASE,
)
_NEEDS_CONTEXT = re.compile(
    r"^(?:it|its|this|that|these|those|they|he|she|then|also|however|such|both|otherwise)\b", re.I
)
_ASIDE = re.compile(
    r"\b(?:mistakes?|pitfalls?|no longer|formerly|previously|aims? to|some|may need|also)\b",
    re.IGNORECASE,
)
_LATER = re.compile(
    r"\b(?:still|further|repeat\w*|recurrent|recurrence|another|second|no response|alternative|"
    r"maximum single|(?:response|responds?) \b.*\b(?:poor|inadequate)|if \b.*\bpersists?)\b",
    re.IGNORECASE,
)
_CASE = re.compile(r"^(?:if|when|where|once|unless|after|in)\b[^,;]*", re.IGNORECASE)
_NOT_DONE = re.compile(r"\b(?:is|are) not (?:\w+ly )?(?:used|given|offered|needed)\b", re.I)
_DEFINES = re.compile(r"\b(?:means?|is called|what is|defin\w+)\b", re.IGNORECASE)
_CAUTION = re.compile(r"^(?:do not|never|avoid)\b", re.IGNORECASE)
