"""For whom, when and at what value a sentence holds."""

from __future__ import annotations

import re

from agents.facts.words import DOING, UNIT_WORDS, content

FIGURE = "#"
"""Stands among the stems for a number."""


def conditions(text: str) -> frozenset[str]:
    """The stems of what is behind an "if", up to the end of its clause; its units, where it has no
    other words: "if the patient can take tablets"."""
    found = [match[1] for match in _CONDITION.finditer(text)]
    return frozenset(
        stem
        for one in found
        for stem in (_stems(one) if _stems(one) - _NEGATION else _stems(one) | _units(one))
    )


def consequences(text: str) -> frozenset[str]:
    """The stems of all but the conditions."""
    return _stems(_CONDITION.sub(" ", text))


def circumstances(text: str) -> frozenset[str]:
    """The stems of all that tells for whom, when or at what value: conditions, "in", "with", "for",
    and what stands before the colon of a table's cell."""
    found = [match.group(match.lastindex or 0) for match in _CIRCUMSTANCE.finditer(text)]
    return frozenset(stem for one in found for stem in _stems(one) | _units(one))


def settings(text: str) -> frozenset[str]:
    """The stems of "in severe asthma", "for adults", "with food", and of a cell's name."""
    found = [match.group(match.lastindex or 0) for match in _SETTING.finditer(text)]
    return frozenset(stem for one in found for stem in _stems(one))


def company(text: str) -> tuple[frozenset[str], ...]:
    """The stems of each "with purulent sputum", "with aspirin"."""
    return tuple(frozenset(content(match[1])) for match in _WITH.finditer(text))


def conjuncts(text: str) -> tuple[frozenset[str], ...]:
    """What must all be so for the sentence to hold: the parts of an "if" that "and" joins, and
    those of an "unless" in any way joined."""
    parts = [one for match in _CONDITION.finditer(text) for one in _AND.split(match[1])]
    parts += [one for match in _UNLESS.finditer(text) for one in _AND_OR.split(match[1])]
    return tuple(stems for one in parts if (stems := _stems(one)))


def joints(text: str) -> frozenset[str]:
    """Whether "and" or "or" joins the parts of its conditions."""
    return frozenset(
        joint.lower() for match in _CONDITION.finditer(text) for joint in _JOINT.findall(match[1])
    )


def _stems(text: str) -> frozenset[str]:
    return frozenset((*content(text), *(FIGURE for _ in _DIGIT.finditer(text))))


def _units(text: str) -> frozenset[str]:
    words = re.findall(r"[a-z]+", text.lower())
    return frozenset(word.rstrip("s") for word in words if word in UNIT_WORDS)


_NEGATION = frozenset({"not"})
_DIGIT = re.compile(r"\d")
_TO_DO = (
    f"{DOING}|consider|reduce|increase|check|measure|monitor|repeat|review|switch|halve|double|aim|"
    "keep|follow|ask|refer|call|change"
)
_UNTIL = rf"[^,;:]*(?:, (?:and|or|which|who) (?!(?:{_TO_DO})\b)[^,;:]*)?"
_IF = (
    r"if|when|whenever|once(?! (?:daily|weekly|monthly|every|per|an? (?:day|week|month))\b)|"
    r"provided|as long as|in case"
)
_CONDITION = re.compile(rf"\b(?:{_IF}) ({_UNTIL})", re.IGNORECASE)
_UNLESS = re.compile(rf"\b(?:unless|without|except) ({_UNTIL})", re.IGNORECASE)
_AND = re.compile(r",? and ", re.IGNORECASE)
_AND_OR = re.compile(r",? (?:and|or) |, ", re.IGNORECASE)
_JOINT = re.compile(r"\b(?:and|or)\b(?! (?:more|less|above|below|over|under|older|longer)\b)", re.I)
_CIRCUMSTANCE = re.compile(
    rf"\b(?:{_IF}|who|in|with|without|for|at|on|of|from|by|after|before|during|until|between) "
    rf"({_UNTIL})|(?:^|;)([^:;]+):|"
    r"^(?:an?|the) ([^,;:]*?\d[^,;:]*?) (?:is|are|means?|makes?|suggests?|indicates?|excludes)\b|"
    r"\b(?:is|are|means?) (an? [^,;:]*\d[^,;:]*)",
    re.IGNORECASE,
)
_PHRASE = (
    r"(?:(?!(?:is|are|was|were|if|when|once|unless|should|must|may|can|"
    r"give|given|has|have|needs?|takes?|gets?)\b)[\w-]+ ?){1,4}"
)
_SETTING = re.compile(rf"\b(?:in|for|with|during) ({_PHRASE})|(?:^|;)([^:;]+):", re.IGNORECASE)
_WITH = re.compile(rf"\bwith ({_PHRASE})", re.IGNORECASE)
