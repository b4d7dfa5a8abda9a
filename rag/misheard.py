"""Drug names as a recogniser may write them: "rivaroxiban", "enox aparin". Pure.

Only words that neither the library nor the tables know are mended, so two drugs that sound alike
are never exchanged for one another.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import SequenceMatcher
from functools import cache, lru_cache

from rag.vocabulary import drug_groups
from rag.words import STOPWORDS

SHORTEST = 6
"""Shorter words are too easily something else."""

LIKE = 0.84
"""Share of letters in common (difflib) from which a word is a misheard name."""

CLEARLY = 0.04
"""By how much the best drug must be ahead of the next."""

_WORD = re.compile(r"[A-Za-z]+")


def mended(question: str, known: Callable[[str], bool]) -> str:
    """`question` with misheard drug names put right. `known` tells whether the library has a word
    (lower case)."""
    words = list(_WORD.finditer(question))
    result, at, place = [], 0, 0
    while place < len(words):
        word = words[place]
        following = words[place + 1] if place + 1 < len(words) else None
        split = following is not None and question[word.end() : following.start()].isspace()
        if split and following is not None:
            joined = (word[0] + following[0]).lower()
            whole = known(word[0].lower()) and known(following[0].lower())
            if joined in _names() and not whole:
                result += [question[at : word.start()], joined]
                at, place = following.end(), place + 2
                continue
        if (name := _meant(word[0].lower(), known)) != word[0].lower():
            result += [question[at : word.start()], name]
            at = word.end()
        place += 1
    return "".join((*result, question[at:]))


def _meant(word: str, known: Callable[[str], bool]) -> str:
    if len(word) < SHORTEST or word in STOPWORDS or word in _names() or known(word):
        return word
    return _nearest(word)


@lru_cache(maxsize=4096)
def _nearest(word: str) -> str:
    """The name that `word` is most like, or `word` itself when it is like those of two drugs."""
    likeness = []
    for name in _names():
        if name[0] != word[0] or abs(len(name) - len(word)) > 3:
            continue
        match = SequenceMatcher(None, name, word, autojunk=False)
        if match.quick_ratio() >= LIKE and (ratio := match.ratio()) >= LIKE:
            likeness.append((ratio, name))
    likeness.sort(reverse=True)
    if not likeness:
        return word
    best, name = likeness[0]
    drug = _names()[name]
    close = {_names()[other] for ratio, other in likeness if best - ratio < CLEARLY}
    return name if close == {drug} else word


@cache
def _names() -> dict[str, str]:
    """Every name of one word in the table of drugs, in lower case, and its generic name."""
    return {
        name.lower(): group[0]
        for group in drug_groups()
        for name in group
        if name.isalpha() and len(name) >= SHORTEST
    }
