"""A question taken apart: what it is about, for whom, and what it wants to hear."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from agents.facts import Amount, Facts, facts
from agents.formulary import classes_of, drug_classes, members_of
from agents.wants import OF_DRUGS, OF_SECTIONS, TIMED, WANTS, WHAT_TO_DO, Want, wants_in
from rag.aspects import TREATED, Aspect, aspects_asked, without_aspect
from rag.terms import told_and_asked
from rag.vocabulary import matches, written_out
from rag.words import words

Name = frozenset[str]
"""The stems of one name of a thing."""

CIRCUMSTANCES = frozenset(
    "child pregnancy breastfeeding renal hepatic dialysis allergy loading maintenance peak "
    "trough".split()
)
"""What must be said of the same patients, or of the same step, for a sentence to answer."""

OF_STEPS = frozenset({"loading", "maintenance", "peak", "trough"})
OF_PATIENTS = CIRCUMSTANCES - OF_STEPS

NARROWING = CIRCUMSTANCES | frozenset("elderly mild moderate severe adult".split())
"""Cues that a sentence has and the question lacks make it a narrower case."""


@dataclass(frozen=True, slots=True)
class Asked:
    """`ideas` are the things it names, each by all its names; `drugs` the single drugs of them,
    `given` the classes and substances; `known` the ideas that the vocabulary has a name for, drugs
    aside. `several` tells that two things are asked at once, `choice` that one of them is to be
    chosen; `wording` has the words that say what is wanted. Of a long account before the question
    `told` are the things it names; if the question itself names nothing, it is about the conditions
    among them (`of_told`), and half of them are enough. `only_drugs` tells that it names drugs and
    nothing they are given for; `patient` has the age and the weight. Where it is about an
    illness, `aspects` are the sections that answer it."""

    ideas: tuple[tuple[Name, ...], ...]
    drugs: frozenset[str]
    given: frozenset[str]
    known: tuple[tuple[Name, ...], ...]
    several: bool
    choice: bool
    wording: frozenset[str]
    words: frozenset[str]
    said: str
    facts: Facts
    circumstances: frozenset[str]
    wants: tuple[Want, ...]
    told: tuple[tuple[Name, ...], ...] = ()
    of_told: bool = False
    only_drugs: bool = False
    patient: tuple[Amount, ...] = ()
    aspects: tuple[Aspect, ...] = ()

    @property
    def narrow(self) -> bool:
        """Whether it is about some of the patients, or wants a name."""
        cues = self.circumstances | self.facts.cues.keys()
        return self.wanted("name") or bool(cues & (NARROWING - {"adult"}))

    def wanted(self, name: str) -> bool:
        """Whether this kind of thing is asked for."""
        return any(want.name == name for want in self.wants)


def asked_for(said: str) -> Asked:
    """What was said taken apart; of a long account the question at its end is what is asked."""
    said = re.sub(r"\bnot pregnant\b", "non-pregnant", written_out(said), flags=re.IGNORECASE)
    said = _CHILD_OF.sub(r"\2 year old \1", said)
    told, question = told_and_asked(said)
    question = _FAILED.sub(" second-line ", question)
    told_of = tuple(_ideas(told))
    told_drugs = _single_drugs(told)
    if len(told_drugs) == 1 and not _single_drugs(question):
        question = _IT.sub(next(iter(told_drugs)), question, count=1)
    ideas = tuple(_ideas(question))
    conditions = tuple(idea for idea in told_of if idea[1])
    of_told = not ideas and bool(conditions)
    ideas = ideas or conditions
    drugs = _single_drugs(question)
    given = frozenset() if of_told else frozenset().union(*(given for *_, given in ideas)) - drugs
    wants = wants_in(question, of_drugs=bool(drugs or given))
    aspects = _aspects(question, wants, drugs | given)
    meant = circumstances(question) & CIRCUMSTANCES
    if aspects == TREATED:
        meant -= OF_STEPS  # "initial treatment" is no loading dose
    chosen = bool(drugs) or any(want.name == "name" for want in wants)
    return Asked(
        ideas=tuple(names for names, _, _ in ideas),
        known=tuple(names for names, known, _ in ideas if known),
        several=bool(_SEVERAL.search(question)),
        choice=bool(re.search(r"\bor\b", question, re.IGNORECASE)),
        wording=stems_of(question) - stems_of(_without_wants(question)),
        words=stems_of(question),
        drugs=drugs,
        given=given,
        said=question,
        facts=facts(question),
        circumstances=meant | _patient(told, chosen=chosen),
        wants=wants,
        told=tuple(names for names, _, _ in told_of),
        of_told=of_told,
        only_drugs=all(given for *_, given in ideas),
        patient=tuple(one for one in facts(told).amounts if one.unit in ("kg", "year old")),
        aspects=aspects,
    )


def _aspects(question: str, wants: tuple[Want, ...], named: frozenset[str]) -> tuple[Aspect, ...]:
    """The sections that answer a question about an illness; its bare name asks what to do. One that
    wants a figure, or is about drugs, is answered by what is said of them, wherever it stands: but
    a drug that failed is not what is asked about."""
    needed = {want.name for want in wants if want.needed}
    plain, asked = named <= drug_classes(), aspects_asked(question)
    if asked and asked != TREATED:
        failed = asked[0] is Aspect.FAILURE
        if (failed and _NEXT.search(question)) or ((plain or failed) and not needed & OF_DRUGS):
            return asked
    needed -= OF_SECTIONS - TIMED
    if plain and needed == {"name"}:
        return TREATED
    if needed or (named and not _TAKEN.search(question)):
        return ()
    bare = WHAT_TO_DO in wants and not _QUESTION_WORD.match(question)
    return asked or (TREATED if bare else ())


def _single_drugs(text: str) -> frozenset[str]:
    return frozenset(drug for drug in facts(text).drugs if drug not in drug_classes())


def _patient(told: str, *, chosen: bool) -> frozenset[str]:
    """What an account says of the patient that a sentence must be meant for. How well an organ
    works matters where a drug was named or is to be chosen."""
    plain = _ABSENT.sub(" ", told)
    asked = OF_PATIENTS if chosen else OF_PATIENTS - {"renal", "hepatic", "dialysis"}
    return circumstances(plain) & asked


@lru_cache(maxsize=8192)
def circumstances(text: str) -> frozenset[str]:
    """For whom, and for which step, a text is meant."""
    text = re.sub(r"\bnon-pregnan\w+", "", text, flags=re.IGNORECASE)
    found = set(facts(text).cues.keys() & NARROWING)
    for cue, pattern in _CIRCUMSTANCE_WORDS:
        if pattern.search(text):
            found.add(cue)
    if any(one.unit == "year old" and _number(one.low) < 16 for one in facts(text).amounts):
        found.add("child")
    return frozenset(found)


@lru_cache(maxsize=8192)
def names_illness(text: str) -> bool:
    """Whether a text names an illness that the vocabulary knows."""
    return any(known for _, known, _ in _ideas(text))


def kin_of(drug: str) -> frozenset[str]:
    """A drug's classes, or a class's drugs, by their names in the singular."""
    return frozenset(name.removesuffix("s") for name in (*classes_of(drug), *members_of(drug)))


@lru_cache(maxsize=8192)
def stems_of(text: str) -> frozenset[str]:
    """The words of a text that carry meaning, as stems."""
    return frozenset(word.stem for word in words(text) if word.stem not in STOP)


LIMITS = ("less than", "at most", "within", "more than", "at least")
"""What an amount may be the end of, so that another one lies inside or outside."""


def holds(amount: Amount, asked: Amount) -> bool:
    """Whether a range or a limit in a sentence takes in the figure that was asked about."""
    try:
        value, low = float(asked.low), float(amount.low)
        high = float(amount.high) if amount.high else None
    except ValueError:
        return amount.low == asked.low
    if high is not None:
        return low <= value <= high
    match amount.limit:
        case "less than":
            return value < low or (asked.limit == "less than" and value <= low)
        case "at most" | "within":
            return value <= low
        case "more than":
            return value > low or (asked.limit == "more than" and value >= low)
        case "at least":
            return value >= low
    return value == low


def alike(amount: Amount, asked: Amount) -> bool:
    """Whether two amounts may measure the same: the same unit, or none was said."""
    limited = bool(amount.high) or amount.limit in LIMITS
    return asked.unit.removesuffix(" old") in (amount.unit, amount.unit.removesuffix("/hour")) or (
        not asked.unit
        and limited
        and (not amount.unit or amount.unit.startswith(("mL/min", "mmol", "%")))
    )


def _ideas(question: str) -> Iterator[tuple[tuple[Name, ...], bool, frozenset[str]]]:
    """What the question names, each by all its names, whether it is a known name of no drug, and
    what of it is given: "low sodium" is hyponatraemia too, a drug its class. The words that say
    what is wanted, or of whom, name nothing."""
    found = words(_without_wants(question))
    named = {match.start: match for match in reversed(list(matches(found)))}
    place = 0
    while place < len(found):
        match = named.get(place)
        graded = match is None and found[place].stem in ("low", "high")
        end = match.end if match else place + 1 + graded
        surface = " ".join(word.surface for word in found[place:end])
        if own := frozenset(word.stem for word in found[place:end]) - STOP:
            others = [frozenset(stems) - STOP for stems in match.means] if match else []
            condition = graded or bool(match and not match.drug)
            several = end - place > 1 and condition
            named_drugs = frozenset() if several else frozenset(facts(surface).drugs)
            other = (*(() if others else named_drugs), *_kin_in(surface), *_nouns_of(surface))
            kin = [stems_of(name) for name in other]
            names = tuple(name for name in (own, *others, *kin) if name)
            if not _names_nothing(surface, own):
                yield names, condition and not named_drugs, named_drugs
        place = end


def _kin_in(surface: str) -> Iterator[str]:
    for name in facts(surface).drugs or (surface,):
        yield from kin_of(name)


def _nouns_of(surface: str) -> Iterator[str]:
    """The condition that an adjective is of: "anaphylactic" of anaphylaxis."""
    for ending, noun in _ADJECTIVES:
        if surface.lower().endswith(ending):
            yield f"{surface[: -len(ending)]}{noun}"


def _names_nothing(surface: str, own: Name) -> bool:
    """Whether words are a figure, a route, or a circumstance that is looked for by itself."""
    figure = all(stem.replace(".", "").isdigit() for stem in own)
    said = facts(surface)
    plain = circumstances(surface) & CIRCUMSTANCES and not _NAMED_CIRCUMSTANCE.search(surface)
    route = {*said.ways} - {"epidural", "intrathecal"}
    return figure or bool(route) or bool(plain)


def _without_wants(question: str) -> str:
    for want in WANTS:
        if want.name not in ("pressure", "name"):
            question = want.asked.sub(" ", question)
    return without_aspect(question)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("inf")


_NEXT = re.compile(r"\b(?:what next|what now|now what|then what|what then)\b", re.IGNORECASE)
_QUESTION_WORD = re.compile(
    r"\W*(?:what|which|how|when|where|who|why|is|are|do|does|can|should)\b", re.IGNORECASE
)
_TAKEN = re.compile(r"\b(?:overdos\w+|poison\w*|toxicity|too much|swallowed)\b", re.IGNORECASE)
"""A drug that made ill is the illness."""
_IT = re.compile(r"\b(?:it|this|that)\b", re.IGNORECASE)
_CHILD_OF = re.compile(
    r"\b(child|boy|girl|kid|toddler) (?:of|aged) (\w+)\b(?! (?:month|week|day|kilo|kg|year))",
    re.IGNORECASE,
)
_ABSENT = re.compile(
    r"\b(?:no|not|isn't|without|never|normal)\b(?: \w+){1,3}|"
    r"\b(?:renal|kidney|liver) (?:function )?(?:tests?|enzymes|profile)\b|"
    r"\b(?:renal|kidney|liver) (?:function )?(?:is |are )?(?:fine|normal|ok|okay|good)\b",
    re.IGNORECASE,
)
_FAILED = re.compile(
    r"\b(?:(?:and |but )?(?:if|when|once|after|because|since|as) (?:\w+ ){1,3}|\w+ )"
    r"(?:(?:hasn't|haven't|has not|didn't|did not|doesn't|does not|isn't|is not|don't) "
    r"(?:work\w*|help\w*|respond\w*|enough|control\w*)|(?:has |have )?failed|fails)\b",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r"\band (?:what|which|how|when|where)\b", re.IGNORECASE)
_FIRST_STEP = (
    r"\b(?:load(?:ing)?|single dose|at first|initial(?:ly)?|first dose|starting dose|starts? at|"
    r"dose (?:\w+ ){0,3}to start)\b|\bthen \d"
)
_NAMED_CIRCUMSTANCE = re.compile(r"eclamp|dialysis", re.IGNORECASE)
_ADJECTIVES = (
    ("lactic", "laxis"), ("aemic", "aemia"), ("emic", "emia"), ("amptic", "ampsia"),
    ("eptic", "epsis"), ("betic", "betes"), ("matic", "ma"), ("otic", "osis"), ("itic", "itis"),
)  # fmt: skip
_CIRCUMSTANCE_WORDS = tuple(
    (cue, re.compile(pattern, re.IGNORECASE))
    for cue, pattern in (
        ("renal", r"\b(?:CrCl|creatinine clearance|e?GFR|dialysis)\b"),
        ("allergy", r"\ballerg\w+"),
        ("loading", _FIRST_STEP),
        ("pregnancy", r"\b(?:trimesters?|eclampsia|eclamptic|unborn|f(?:o)?etus|f(?:o)?etal)\b"),
        ("child", r"\b(?:toddlers?|baby|babies|boy|girl|newborn)\b"),
    )
)
_STOP = (
    "a an the of in on for to is are was be and or with what which how do does i should when can "
    "my me we you it this that give need patient have has much many there please tell about "
    "at by from would could any if as not no so safe use useful start treat line choice equal "
    "agent drug most acute adult man woman men women case mean work under above over below percent "
    "after before during let get done check early late day hour week minute per time adjust "
    "adjustment lady gentleman chap fellow guy someone somebody person people old young year "
    "bring put go goes going gone went come came stay keep really actually just still now up down "
    "today yesterday tomorrow morning night best one they're we're i'm i've isn't hasn't don't "
    "doesn't haven't criteria who work works worked working better know taken took now show shows "
    "say says said find look looking see think thinking want wondering hello thanks sorry "
)
STOP = frozenset({*_STOP.split(), *(word.stem for word in words(_STOP))})
"""Words that name nothing."""
