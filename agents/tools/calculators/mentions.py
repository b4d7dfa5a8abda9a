"""Where names stand in a normalised text, and whether what they name is affirmed or denied."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from agents.tools.calculators.spoken_numbers import normalised

_NEGATORS = re.compile(
    r"\b(?:no|non|nil|not|neither|lacks|lacking|minus|without|denies|denied|never|"
    r"negative for|absence of|free of|excluding|nor|isn't|hasn't|doesn't|"
    r"don't|wasn't|didn't|has no|is not|does not)\b"
)
_BREAKS = re.compile(
    r"\b(?:but|with|who|which|because|although|however|then|plus|also|has(?! no\b)|she|he|they|"
    r"is(?! not)|takes|on|yes)\b"
)
_HEDGED_BEFORE = re.compile(
    r"\b(?:risk of|family history of|rule out|ruled out|possible|possibly|maybe|query|suspected|"
    r"suspicion of|unsure about|perhaps|might have|may have|screen for|whether|prevent|for|if|"
    r"pre|borderline|gestational|no longer|"
    r"(?:mother|father|parents?|brother|sister|siblings?|husband|wife|partner|son|daughter|"
    r"uncle|aunt)(?:'s)?(?: (?:is|was|has|had|with|who has|who had))?)"
    r"(?: (?:a|an|the|any))?\s*$"
)
_HEDGED_AFTER = re.compile(
    r"^\s*(?:(?:is|was|now|has) )?(?:risk|score|index|prevention|rule|unknown|not known|unclear|"
    r"unlikely|possible|suspected|resolved|in remission|in the family)\b"
)
_ANSWERED = re.compile(
    r"^\s*(?:, (?=(?:yes|no)\s*(?:$|,))|is )?(yes|no|present|absent|positive|negative)\b"
)
_DENIED_AFTER = re.compile(
    r"^\s*(?:(?:is|was|has|been|now) )*(?:excluded|ruled out|denied|free|not present|not diagnosed|"
    r"not been diagnosed|not there)\b"
)
_SMALL = frozenset(
    "a an the any known history of prior previous current evidence signs sign have had got been is "
    "been be hx her his their significant active recent past to on using taking".split()
)
_ALL_OTHERS_NO = re.compile(
    r"\b(?:nothing else|none of the (?:others?|rest)|otherwise (?:none|nothing|negative|no)|"
    r"all (?:the )?(?:others?|rest) (?:are |is )?(?:no|negative|absent)|"
    r"no others?(?=\s*(?:$|,|and\b))|"
    r"no other (?:known |medical )?(?:risk factors?|criteria|history|conditions?|"
    r"problems?|comorbidit\w+|items?|features?|findings?|signs?))(?!\w)"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in the text."""

    name: str
    start: int
    end: int


@lru_cache(maxsize=8192)
def form(spoken: str) -> str:
    """A name as it appears in normalised text."""
    return normalised(spoken)


@lru_cache(maxsize=8192)
def _pattern(spoken: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.^]){re.escape(form(spoken))}(?!\w)(?!'\w)")


def occurrences(text: str, spoken: str) -> list[tuple[int, int]]:
    """The spans of `spoken` as whole words in normalised `text`."""
    wanted = form(spoken)
    if not wanted or wanted not in text:
        return []
    return [found.span() for found in _pattern(spoken).finditer(text)]


def mentions(text: str, names: Iterable[tuple[str, str]]) -> list[Mention]:
    """Mentions of (name, spoken) pairs, longest first wherever they overlap, in text order."""
    taken: list[Mention] = []
    for name, spoken in sorted(names, key=lambda pair: -len(form(pair[1]))):
        for start, end in occurrences(text, spoken):
            clash = [m for m in taken if m.start < end and start < m.end]
            if all(m.start == start and m.end == end and m.name != name for m in clash):
                taken.append(Mention(name, start, end))
    return sorted(taken, key=lambda mention: (mention.start, mention.name))


def others_denied(text: str) -> bool:
    """Whether the caller said that everything else is absent: "nothing else"."""
    return _ALL_OTHERS_NO.search(text) is not None


def polarity(text: str, mention: Mention, all_mentions: Sequence[Mention]) -> bool | None:
    """True if affirmed, False if denied, None where it cannot be told (asked for then)."""
    before, after = text[: mention.start], text[mention.end :]
    answered = _ANSWERED.match(after)
    if answered and (answered.group(1) != "no" or _answers(text, mention, answered, all_mentions)):
        return answered.group(1) in {"yes", "present", "positive"}
    if _DENIED_AFTER.match(after):
        return False
    if _HEDGED_AFTER.match(after) or _HEDGED_BEFORE.search(before):
        return None
    if _NEGATORS.match(text, mention.start):
        return True
    negators = [found for found in _NEGATORS.finditer(before)]
    if not negators:
        return True
    between = re.sub(r"^\s*(?:on|using|taking)\b", "", text[negators[-1].end() : mention.start])
    if _BREAKS.search(between):
        return True
    return _denied(text, negators[-1].end(), mention, all_mentions)


def _answers(
    text: str, mention: Mention, answered: re.Match[str], all_mentions: Sequence[Mention]
) -> bool:
    """Whether "no" after a name answers it, and does not deny what follows ("hypertension no
    diabetes"): it ends there, or every name up to the last has its answer after it."""
    rest = text[mention.end + answered.end() :]
    if not rest.strip() or re.match(r"^\s*,", rest):
        return True
    last = all_mentions[-1]
    answer = re.match(r"^\s*(?:yes|no)(?=\s*(?:$|,))", text[last.end :])
    return last.start > mention.start and answer is not None


def _denied(
    text: str, start: int, mention: Mention, all_mentions: Sequence[Mention]
) -> bool | None:
    """Whether a denial that ends at `start` reaches `mention` through the list between them."""
    chain: list[str] = []
    at = start
    place = -1
    while at < len(text):
        here = next((m for m in all_mentions if m.start == at), None)
        if here is not None:
            if _NEGATORS.match(text, here.start):
                break
            if here.start == mention.start:
                place = len(chain)
            chain.append("name")
            at = here.end
            continue
        word = re.match(r"\s*([^\s]+)", text[at:])
        if word is None:
            break
        begin = at + word.start(1)
        if begin != at and any(m.start == begin for m in all_mentions):
            at = begin
            continue
        if word.group(1) in {"or", "nor", "and", ","}:
            chain.append(word.group(1))
        elif word.group(1) not in _SMALL:
            break
        at += word.end()
    if place < 0:
        return True
    while chain and chain[-1] == ",":
        chain.pop()
    if chain[: place + 1].count("name") == 1:
        return False
    listed = ("or" in chain or "nor" in chain) and "and" not in chain
    return False if listed else None
