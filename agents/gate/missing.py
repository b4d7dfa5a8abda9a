"""What a sentence of a source lacks of what is to be said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from agents.conversational import substance_of
from agents.facts import QUALIFIERS, TIMES, Facts, facts, stems
from agents.gate.conditions import same_conditions
from agents.gate.figures import amounts_missing, rhythms_changed
from agents.gate.opposed import opposed
from agents.gate.order import keeps_order, not_in_order, told_apart
from agents.gate.roles import roles_changed
from agents.gate.sides import sides_changed
from agents.gate.source import Source, all_names, all_words, named
from agents.gate.telling import plain_stems, telling_stems
from agents.gate.turned import turned


def missing_in(said: Facts, carrier: Facts, source: Source) -> Iterator[str]:
    """What of `said` the sentence does not carry. Headings may give the subject, never a number."""
    headings = named(source.headings)
    about = stems(source.headings)
    subject = facts(source.headings)
    allowed = _subjects(carrier, headings)
    yield from (one.said for one in amounts_missing(said, carrier, allowed))
    yield from rhythms_changed(said, carrier)
    yield from (drug for drug in said.drugs if drug not in carrier.drugs and drug not in allowed)
    yield from (Counter(said.ways) - Counter(carrier.ways) - _infused(carrier)).keys()
    if told_apart(carrier):  # each has its own
        yield from (Counter(said.limits) - Counter(carrier.limits)).keys()
    else:
        yield from not_in_order(said.limits, carrier.limits)
    if said.negations != carrier.negations or turned(said, carrier):
        yield "not"
    if opposed(said, carrier):
        yield "the opposite"
    if not same_conditions(said, carrier):
        yield "a condition"
    kept = said.words | said.conditions | said.consequences | about | telling_stems()
    if any(one.isdisjoint(kept) for one in carrier.company if one):
        yield "what it is with"
    yield from ((said.cues - carrier.cues) - subject.cues).keys() - _implied(carrier, subject)
    if said.amounts:  # a figure for severe illness is no figure for all illness
        needed = (carrier.cues.keys() & QUALIFIERS) - said.cues.keys() - subject.cues.keys()
        yield from (cue for cue in needed if _SAID_BY.get(cue) not in said.cues)
    if sides_changed(said, carrier):
        yield "what is turned"
    for name in said.names - carrier.names - subject.names:
        if name not in all_names(source.text):
            yield name
    if not keeps_order(said, carrier, allowed) or roles_changed(said, carrier):
        yield "the order"
    content = substance_of(said.words)
    content = (content - telling_stems()) or content
    own_words = content - frozenset().union(*(stems(drug) for drug in allowed))
    if (
        len(own_words & carrier.words) < COVERED * len(own_words)
        or len(content & (carrier.words | about)) < COVERED_WITH_HEADINGS * len(content)
    ):  # fmt: skip
        yield "what it is about"
    strange = said.words - about - subject.words - plain_stems() - all_words(source.text)
    yield from sorted(word for word in strange if len(word) > 4 and not _kin(word, source))


COVERED = 0.65
"""Share of a sentence's words that its carrier must have."""
COVERED_WITH_HEADINGS = 0.8
"""Share that its carrier and the headings above it must have together."""


def _infused(carrier: Facts) -> Counter[str]:
    """What is given into a vein over some time is infused, unless it is a bolus."""
    infused = (
        "intravenous" in carrier.ways
        and "bolus" not in carrier.ways
        and any(one.limit == "over" and one.unit in TIMES for one in carrier.amounts)
    )
    return Counter({"infusion": 1} if infused else {})


def _implied(carrier: Facts, subject: Facts) -> set[str]:
    """What need not be said: who is pregnant is a woman, a loading dose is what one is loaded
    with."""
    cues = {*carrier.cues, *subject.cues}
    return {one for known, one in _IMPLY if known in cues}


_IMPLY = (
    ("pregnancy", "female"), ("breastfeeding", "female"),
    ("first", "start"), ("first-line", "first"), ("loading", "loaded"), ("loaded", "loading"),
)  # fmt: skip
_SAID_BY = {"loading": "loaded", "before": "trough"}
"""What another word says as well: a trough is what is measured before the next dose."""


def _kin(word: str, source: Source) -> bool:
    """Whether the source has the word in another form: "react" for "reactivity"."""
    return any(
        one.startswith(word)
        or (len(one) > 3 and word.startswith(one))
        or (one[:5] == word[:5] and word[:5] not in _OF_MANY)
        for one in all_words(source.text)
    )


_OF_MANY = frozenset("hyper intra inter super trans".split())
"""Beginnings that say little of a word."""


def _subjects(carrier: Facts, headings: tuple[str, ...]) -> frozenset[str]:
    """The headings' drugs that a sentence is about without naming them: only while it names none
    of its own."""
    return frozenset() if carrier.drugs else frozenset(headings)
