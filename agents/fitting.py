"""Whether one sentence of a passage answers a question at all: it is about the drugs, patients and
illness asked about, and holds what is wanted."""

from __future__ import annotations

import re
from collections.abc import Callable

from agents.asked import (
    LIMITS,
    OF_PATIENTS,
    OF_STEPS,
    Asked,
    Name,
    alike,
    circumstances,
    holds,
    kin_of,
    names_illness,
    stems_of,
)
from agents.facts.cues import ROUTES
from agents.formulary import drug_classes
from agents.quoted import (
    COVERED,
    Line,
    absent,
    coverage,
    is_headed,
    is_under,
    meant_for,
    names_of,
    share_of,
)
from agents.wants import OF_SECTIONS, TREATMENT
from rag.aspects import OF_TREATMENT, TREATED, Aspect, aspects_of

HALF = 0.5
"""The same as COVERED where the sentence is a treatment and only a condition was named."""


def answers(asked: Asked, one: Line) -> bool:
    """Whether a sentence is about the drugs and patients asked about, and holds what is wanted."""
    needed = [
        want.held(one.text, one.facts, asked.facts)
        or (want.name in OF_SECTIONS and is_under(asked, one))
        for want in asked.wants
        if want.needed
    ]
    return (
        bool(asked.ideas or asked.circumstances)
        and is_about(asked, one)
        and coverage(asked, one) >= (HALF if asked.of_told or _treats(asked, one) else COVERED)
        and _names_known(asked, one)
        and _for_whom(asked) <= circumstances(one.text) | meant_for(one)
        and (any(needed) if needed and asked.several else all(needed))
        and _stands_right(asked, one)
    )


def _stands_right(asked: Asked, one: Line) -> bool:
    """Whether a sentence stands in no section about something else than is asked; one that is to
    say what to do does so by itself, or its section does, on a page about the illness."""
    if not asked.aspects:
        return True
    treated = asked.aspects == TREATED
    if one.aspects and (OF_TREATMENT if treated else {*asked.aspects}).isdisjoint(one.aspects):
        return not treated and _says_itself(asked, one)
    if not treated or (one.aspects and is_headed(asked, one)):
        return True
    return asked.wanted("name") or TREATMENT.held(one.text, one.facts, asked.facts)


def _says_itself(asked: Asked, one: Line) -> bool:
    """Whether a sentence holds what is wanted, or names what a section would be about."""
    if any(aspect in asked.aspects for aspect in aspects_of(one.text)):
        return True
    held = (want.held(one.text, one.facts, asked.facts) for want in asked.wants if want.needed)
    return Aspect.FAILURE not in asked.aspects and any(held)


def is_about(asked: Asked, one: Line) -> bool:
    """Whether a sentence is about the drugs asked about, by their route, and no other patients."""
    return (
        _names_drugs(asked, one)
        and _by_route(asked, one)
        and not _in_passing(asked, one)
        and not _contradicted(asked, one)
        and not _opposite(asked, one)
        and not _outside(asked, one)
        and not _about_others(asked, one)
        and not _for_another(asked, one)
        and _supported(asked, one)
    )


def _for_whom(asked: Asked) -> frozenset[str]:
    """The circumstances a sentence must be meant for; of two steps to choose from, either."""
    return asked.circumstances - OF_STEPS if asked.choice else asked.circumstances


def _treats(asked: Asked, one: Line) -> bool:
    wants = [want for want in asked.wants if want.name == "what to do"]
    named = asked.drugs or asked.given or len(asked.ideas) > max(len(asked.known), 1)
    return not named and any(want.held(one.text, one.facts, asked.facts) for want in wants)


def _names_known(asked: Asked, one: Line) -> bool:
    """Whether each condition that has a name is named, or all else is, if it is much."""
    if asked.of_told or asked.choice or _treats(asked, one):
        return any(share_of(idea, one) > 0.5 for idea in asked.ideas)
    missing = sum(share_of(idea, one) <= 0.5 for idea in asked.known)
    named = sum(share_of(idea, one) >= 0.75 for idea in asked.ideas)
    return not missing or (named >= 2 and missing + named == len(asked.ideas))


def _names_drugs(asked: Asked, one: Line) -> bool:
    """Each drug, class and substance asked about is named in the sentence or above it, or what it
    belongs to, or what belongs to it."""
    above = stems_of(f"{one.section} {one.title}")
    named = [
        drug in one.facts.drugs
        or any(_singular(other) in kin_of(drug) for other in one.facts.drugs)
        or stems_of(drug) <= one.stems | above
        or stems_of(drug.split()[0]) <= one.stems
        for drug in asked.drugs | asked.given
    ]
    return any(named) if asked.choice and named else all(named)


def _about_others(asked: Asked, one: Line) -> bool:
    """Whether a sentence is about other drugs than those asked about, and not about them."""
    named = {*one.facts.drugs}
    own = {drug.split()[0] for drug in asked.drugs or asked.given}  # "magnesium" is its sulfate too
    if not own or any(drug.split()[0] in own or kin_of(drug) & asked.given for drug in named):
        return False
    if not asked.drugs and any(name <= one.stems for name in names_of(asked)):
        return False
    others = named - (drug_classes() if asked.drugs else asked.given)
    return bool(others) and not _EXAMPLE.search(one.text)


def _for_another(asked: Asked, one: Line) -> bool:
    """Whether a sentence gives the drug for an illness that was not asked about ("calcium gluconate
    for hypocalcaemia"), and neither it nor its section names all that was."""
    if not asked.drugs or (given := _GIVEN_FOR.search(one.text)) is None:
        return False
    illness, near = stems_of(given[1]), one.stems | stems_of(one.section)
    return (
        names_illness(given[1])
        and not any(name <= illness for idea in (*asked.ideas, *asked.told) for name in idea)
        and not all(any(name <= near for name in idea) for idea in asked.ideas)
    )


def _supported(asked: Asked, one: Line) -> bool:
    """Whether a sentence is about something that an account told, where only a drug is asked of;
    one that is meant for such patients is."""
    if not (asked.told and asked.only_drugs) or asked.circumstances & OF_PATIENTS:
        return True
    return any(share_of(idea, one) >= 0.7 for idea in asked.told)


def _by_route(asked: Asked, one: Line) -> bool:
    """By the routes asked about, if it names any."""
    routes = ROUTES & {*asked.facts.ways} - {"epidural", "intrathecal"}
    own = ROUTES & {*one.facts.ways}
    return bool(asked.facts.negations) or not routes or not own or routes <= own


def _in_passing(asked: Asked, one: Line) -> bool:
    """Whether what is asked about is absent, or comes only behind "together with", "because", or a
    condition behind "to prevent"."""
    missing = absent(one.text) - absent(asked.said)
    main = stems_of(_PASSING.split(one.text, maxsplit=1)[0]) - missing
    treated = stems_of(_PREVENTED.sub(" ", one.text))
    return any(map(_only_outside(main, one), asked.ideas[:1])) or (
        "prevent" not in asked.words and any(map(_only_outside(treated, one), asked.known))
    )


def _only_outside(part: Name, one: Line) -> Callable[[tuple[Name, ...]], bool]:
    """Tells of something asked about whether a sentence names it, but not in this part."""

    def outside(idea: tuple[Name, ...]) -> bool:
        named = [name for name in idea if name <= one.stems]
        return bool(named) and not any(name <= part for name in named)

    return outside


def _contradicted(asked: Asked, one: Line) -> bool:
    """Whether a sentence is about other patients than the question: children for adults, mild
    illness for severe, normal function for failing, or prophylaxis for treatment."""
    wanted, own = asked.facts.cues.keys() | asked.circumstances, one.facts.cues.keys()
    for this, other in (("adult", "child"), ("child", "adult")):
        if this in wanted and other in own and this not in own:
            return True
    if wanted & {"renal", "hepatic"} and _NORMAL_ORGAN.search(one.text):
        return True
    if "dialysis" not in wanted and _ON_DIALYSIS.search(one.text):
        return True
    if "pregnancy" in asked.circumstances and _NOT_PREGNANT.search(one.text):
        return True
    for meant, not_meant in ((_TO_TREAT, _TO_PREVENT), (_TO_PREVENT, _TO_TREAT)):
        told = meant.search(asked.said) and not not_meant.search(asked.said)
        if told and not_meant.search(one.text) and not meant.search(one.text):
            return True
    grades = {_GRADES[cue] for cue in wanted if cue in ("severe", "moderate", "mild")}
    shown = {_GRADES[cue] for cue in own if cue in _GRADES} if "everity" in one.text else set()
    return bool(grades and shown and not grades & shown)


def _opposite(asked: Asked, one: Line) -> bool:
    """Whether a sentence is about unconscious patients where conscious ones were asked about, about
    hypokalaemia where hyperkalaemia was, or about the first line where that has failed."""
    own = one.stems | stems_of(one.section)
    headed = own | stems_of(one.title)
    for name in frozenset().union(*(*names_of(asked), *(n for idea in asked.told for n in idea))):
        other = _OTHER_POLE.get(name[:4] if name.startswith("hypo") else name[:5])
        pole = f"{other}{name.removeprefix('hyper').removeprefix('hypo')}" if other else ""
        if pole in headed and name not in headed:
            return True
    for word in asked.words:
        other = word.removeprefix("un") if word.startswith("un") else f"un{word}"
        if other in own and word not in own:
            return True
    cues = one.facts.cues
    return asked.wanted("second") and cues["first-line"] > 0 and not cues["second-line"]


def _outside(asked: Asked, one: Line) -> bool:
    """Whether a row, or a sentence of a range or a limit, is for others than the figure asked
    about."""
    for figure in (*asked.facts.amounts, *(asked.patient if one.is_row else ())):
        own = [amount for amount in one.facts.amounts if alike(amount, figure)]
        limits = all(amount.high or amount.limit in LIMITS for amount in own)
        if own and (one.is_row or limits) and not any(holds(amount, figure) for amount in own):
            return True
    return False


def _singular(name: str) -> str:
    return name.removesuffix("s")


_OTHER_POLE = {"hypo": "hyper", "hyper": "hypo"}
_GRADES = {"severe": 3, "high": 3, "moderate": 2, "mild": 1, "low": 1}
_NORMAL_ORGAN = re.compile(r"\bnormal (?:renal|kidney|hepatic|liver) function\b", re.IGNORECASE)
_ON_DIALYSIS = re.compile(r"\b(?:patients|people) on (?:haemo)?dialysis\b", re.IGNORECASE)
_TO_TREAT = re.compile(
    r"\b(?:(?:for|to) treat\w*|treatment dos\w+|therapeutic(?:ally)? dos\w+)\b", re.IGNORECASE
)
_TO_PREVENT = re.compile(r"\b(?:prophyla\w+|(?:for|to) prevent\w*)\b", re.IGNORECASE)
_NOT_PREGNANT = re.compile(r"\b(?:non-|not )pregnan", re.IGNORECASE)
_GIVEN_FOR = re.compile(r"^[^,;:.]{3,60}? for ([^,;:.]+?) (?:is|are|starts?)\b", re.IGNORECASE)
_EXAMPLE = re.compile(r"\b(?:such as|for example|like)\b", re.IGNORECASE)
_PREVENTED = re.compile(
    r"\b(?:to prevent|for (?:the )?prevention of|as prophylaxis (?:of|against))\b.*", re.IGNORECASE
)
_PASSING = re.compile(
    r"\b(?:together with|where|because|instead of|rather than|unless)\b", re.IGNORECASE
)
