"""The words of a text that carry meaning, cut so that inflection does not matter."""

from __future__ import annotations

import re
from functools import lru_cache

from agents.saying.units import UNITS


@lru_cache(maxsize=8192)
def stems(text: str) -> frozenset[str]:
    """The stems of a text."""
    return frozenset(content(text))


def meaning(text: str, named: list[tuple[str, int, int]]) -> frozenset[str]:
    """The stems of a text with each drug under its generic name."""
    kept, at = "", 0
    for name, start, end in named:
        kept, at = f"{kept}{text[at:start]}{name}", end
    return stems(kept + text[at:])


def content(text: str) -> list[str]:
    """The stems in the order of their words."""
    return [_stem(word) for word in re.findall(r"[a-z]{3,}", text.lower()) if word not in STOPWORDS]


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    cut = _cut(word)
    return _FAMILY.get(cut, cut)


def _cut(word: str) -> str:
    return _DOUBLED.sub(r"\1", _ENDING.sub("", word))[:6]


_ENDING = re.compile(r"(?<=[a-z]{3})(?:ings?|ed|es|e|s)$")
_DOUBLED = re.compile(r"(?<=[a-z]{2})([bgmnpt])\1$")
_FAMILIES = """
    treat treatment | admit admitted admission | respond response responsive | malnourish
    malnutrition | damage injure injury | bleed haemorrhage | prevent prevention | recur
    recurrence recurrent | persist persistent persistence | suspect suspicion | absorb
    absorption | excrete excretion | clear clearance | adjust adjustment | replace replacement |
    impair impairment | assess assessment | measure measurement | improve improvement | require
    requirement | react reaction | resist resistant resistance | tolerate tolerance tolerant |
    likely likelihood | toxic toxicity | severe severity | stable stability | allergy allergic |
    fail failure | convert conversion | refer referral | weigh weight | child children | start
    begin commence initiate | increase rise risen rose raise
    escalate climb | reduce decrease lower cut cutting | fall drop | repeat again | heart
    cardiac | surgery surgical | sedate sedation | withdraw withdrawal | deficient deficiency |
    expose exposure | hydrate hydration | vary variation | differ different difference | salvage
    save | confirm confirmation | infuse infusion | inject injection | fluctuate fluctuation |
    obstruct obstruction | elevate elevation | examine examination | mobile mobility mobilise
"""
"""Words of one meaning in another part of speech, and plain words for the same thing."""
_FAMILY = {
    _cut(word): _cut(family.split()[0])
    for family in _FAMILIES.split("|")
    for word in family.split()[1:]
}
UNIT_WORDS = frozenset(
    part.lower() for unit in UNITS for name in unit.written for part in name.split()
)
DOING = "do|does|give|use|start|stop|avoid|never|not|then|continue|add|take"
"""Words that open what is to be done."""
STOPWORDS = (
    frozenset(
        """the and but for with from you your that this these those then than when which while what
    where who are was were been being has have had does did can could may might must shall
    should will would its his her their there here into onto over under between both each any
    all some such other also too more most less very per via use used using give given giving take
    taken once twice times daily day every least most than more less fewer greater lower higher
    above below over under exceed maximum minimum max within until oral orally mouth
    intravenous intravenously intramuscular intramuscularly subcutaneous subcutaneously
    required needed weekly night tds tid bid qid qds prn nocte mane subcut one two
    three four five six seven eight nine ten percent cent""".split()
    )
    | UNIT_WORDS
)
