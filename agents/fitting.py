"""How well one sentence of a passage answers a question: whether it answers at all, and how
directly."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

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
    stems_of,
)
from agents.facts import Facts, facts
from agents.facts.cues import ROUTES
from agents.formulary import drug_classes
from agents.wants import is_against, is_dose

COVERED = 0.55
"""The least share of what a question names that a sentence and its headings must name."""
TREATED = 0.5
"""The same where the sentence is a treatment and only a condition was named."""


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence as it can be said alone, and what stands above it."""

    text: str
    stems: frozenset[str]
    facts: Facts
    title: str
    section: str

    @property
    def is_row(self) -> bool:
        """Whether it is a row of a table, cell by cell."""
        return bool(re.match(r"[^:;.]{1,80}: [^;]+; [^:;]{1,80}: ", self.text))


def line(text: str, title: str, section: str) -> Line:
    """A sentence under its title and section."""
    return Line(text, stems_of(text), facts(text), title, section)


def answers(asked: Asked, one: Line) -> bool:
    """Whether a sentence is about the drugs and patients asked about, and holds what is wanted."""
    needed = [want.held(one.text, one.facts, asked.facts) for want in asked.wants if want.needed]
    return (
        bool(asked.ideas or asked.circumstances)
        and is_about(asked, one)
        and coverage(asked, one) >= (TREATED if asked.of_told or _treats(asked, one) else COVERED)
        and _names_known(asked, one)
        and _for_whom(asked) <= circumstances(one.text) | _headed(one)
        and (any(needed) if needed and asked.several else all(needed))
    )


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
        and _supported(asked, one)
    )


def _for_whom(asked: Asked) -> frozenset[str]:
    """The circumstances a sentence must be meant for; of two steps to choose from, either."""
    return asked.circumstances - OF_STEPS if asked.choice else asked.circumstances


def coverage(asked: Asked, one: Line) -> float:
    """The share of what the question names that is named: in the sentence in full, in its
    headings a little less."""
    if not asked.ideas:
        return COVERED
    return sum(_best(idea, one) for idea in asked.ideas) / len(asked.ideas)


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
    said, headed = circumstances(one.text), _headed(one)
    score += 0.15 * len(asked.circumstances & said) + 0.05 * len(asked.circumstances & headed)
    free = asked.circumstances | asked.facts.cues.keys() | {"adult", "elderly", "loading"}
    score -= 0.12 * len((said | headed) - free)
    score += 0.15 * len({*asked.facts.ways} & {*one.facts.ways})
    score += 0.3 * len(_absent(asked.said) & _absent(one.text))
    score += 0.15 * min(sum(_best(idea, one) > 0.5 for idea in asked.told), 4)
    if not asked.wanted("dose") and is_against(one.text) and _names_all(asked, one):
        score += 0.7
    return score + _form(asked, one)


def _shared(asked: Asked, stems: frozenset[str]) -> float:
    return len(asked.words & stems) / (len(asked.words) or 1)


def _treats(asked: Asked, one: Line) -> bool:
    wants = [want for want in asked.wants if want.name == "what to do"]
    named = asked.drugs or asked.given or len(asked.ideas) > max(len(asked.known), 1)
    return not named and any(want.held(one.text, one.facts, asked.facts) for want in wants)


@lru_cache(maxsize=8192)
def _absent(text: str) -> frozenset[str]:
    """What a text says is not there: "no bleeding", "without bleeding"."""
    return frozenset().union(*(stems_of(match) for match in _ABSENT.findall(text)))


def _names_known(asked: Asked, one: Line) -> bool:
    """Whether each condition that has a name is named, or all else is, if it is much."""
    if asked.of_told or asked.choice or _treats(asked, one):
        return any(_best(idea, one) > 0.5 for idea in asked.ideas)
    missing = sum(_best(idea, one) <= 0.5 for idea in asked.known)
    named = sum(_best(idea, one) >= 0.75 for idea in asked.ideas)
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
    if not asked.drugs and any(name <= one.stems for name in _names(asked)):
        return False
    others = named - (drug_classes() if asked.drugs else asked.given)
    return bool(others) and not _EXAMPLE.search(one.text)


def _supported(asked: Asked, one: Line) -> bool:
    """Whether a sentence is about something that an account told, where only a drug is asked of;
    one that is meant for such patients is."""
    if not (asked.told and asked.only_drugs) or asked.circumstances & OF_PATIENTS:
        return True
    return any(_best(idea, one) >= 0.7 for idea in asked.told)


def _by_route(asked: Asked, one: Line) -> bool:
    """By the routes asked about, if it names any."""
    routes = ROUTES & {*asked.facts.ways} - {"epidural", "intrathecal"}
    own = ROUTES & {*one.facts.ways}
    return bool(asked.facts.negations) or not routes or not own or routes <= own


def _in_passing(asked: Asked, one: Line) -> bool:
    """Whether what is asked about is absent, or comes only behind "together with", "because", or a
    condition behind "to prevent"."""
    missing = _absent(one.text) - _absent(asked.said)
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
    illness for severe, normal function for failing."""
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
    grades = {_GRADES[cue] for cue in wanted if cue in ("severe", "moderate", "mild")}
    shown = {_GRADES[cue] for cue in own if cue in _GRADES} if "everity" in one.text else set()
    return bool(grades and shown and not grades & shown)


def _opposite(asked: Asked, one: Line) -> bool:
    """Whether a sentence is about unconscious patients where conscious ones were asked about, about
    hypokalaemia where hyperkalaemia was, or about the first line where that has failed."""
    own = one.stems | stems_of(one.section)
    headed = own | stems_of(one.title)
    for name in frozenset().union(*(*_names(asked), *(n for idea in asked.told for n in idea))):
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
    lacking = facts(" ".join(_ABSENT.findall(asked.said))).ways
    if {*lacking} & {*one.facts.ways}:
        score -= 0.4
    if _DEFINES.search(one.text) and not _DEFINES.search(asked.said):
        score -= 0.15
    for this, other in (("before", "after"), ("after", "before")):
        if this in asked.facts.cues and other in one.facts.cues and this not in one.facts.cues:
            score -= 0.3
    if (_absent(one.text) - _absent(asked.said)) & stems_of(asked.said):
        score -= 0.4
    if asked.wanted("moment") and _NOT_DONE.search(one.text):
        score -= 0.3
    if _CAUTION.match(one.text) and not asked.wanted("verdict") and not asked.wanted("against"):
        score -= 0.2
    if (case := _CASE.match(one.text)) and not (asked.wanted("moment") and _more(asked, case[0])):
        score -= 0.3
    if one.is_row:
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
    return not stems_of(case) <= asked.words | frozenset().union(*_names(asked))


def _names_all(asked: Asked, one: Line) -> bool:
    """Whether a sentence itself names the drug and all else that is asked about."""
    return (
        bool(asked.drugs or asked.given)
        and len(asked.ideas) > 1
        and all(any(name <= one.stems for name in idea) for idea in asked.ideas)
    )


def _names(asked: Asked) -> list[Name]:
    return [name for idea in asked.ideas for name in idea]


def _headed(one: Line) -> frozenset[str]:
    return circumstances(one.section) | circumstances(one.title)


def _best(idea: tuple[Name, ...], one: Line) -> float:
    return max(_share(name, one) for name in idea)


def _share(name: Name, one: Line) -> float:
    section, title = stems_of(one.section), stems_of(one.title)
    said, headed = name & one.stems, (name & section) - one.stems
    titled = (name & title) - one.stems - section
    found = len(said) + len(headed) + len(titled)
    points = len(said) + 0.75 * len(headed) + 0.7 * len(titled)
    return points * found / len(name) ** 2


def _singular(name: str) -> str:
    return name.removesuffix("s")


_OTHER_POLE = {"hypo": "hyper", "hyper": "hypo"}
_GRADES = {"severe": 3, "high": 3, "moderate": 2, "mild": 1, "low": 1}
_NORMAL_ORGAN = re.compile(r"\bnormal (?:renal|kidney|hepatic|liver) function\b", re.IGNORECASE)
_ON_DIALYSIS = re.compile(r"\b(?:patients|people) on (?:haemo)?dialysis\b", re.IGNORECASE)
_NOT_PREGNANT = re.compile(r"\b(?:non-|not )pregnan", re.IGNORECASE)
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
_ABSENT = re.compile(r"\b(?:no|without|non-?) ?(?:an? |any |the )?(\w+)", re.IGNORECASE)
_NOT_DONE = re.compile(r"\b(?:is|are) not (?:\w+ly )?(?:used|given|offered|needed)\b", re.I)
_DEFINES = re.compile(r"\b(?:means?|is called|what is|defin\w+)\b", re.IGNORECASE)
_CAUTION = re.compile(r"^(?:do not|never|avoid)\b", re.IGNORECASE)
_EXAMPLE = re.compile(r"\b(?:such as|for example|like)\b", re.IGNORECASE)
_PREVENTED = re.compile(r"\bto prevent\b.*", re.IGNORECASE)
_PASSING = re.compile(
    r"\b(?:together with|where|because|instead of|rather than|unless)\b", re.IGNORECASE
)
