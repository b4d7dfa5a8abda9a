"""How a drug name sounds, as a short key, and how alike two keys are."""

from __future__ import annotations

import re
from functools import lru_cache

_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"[^a-z]", ""), (r"ph", "f"), (r"th", "t"), (r"sch|tch|ch", "k"), (r"ck", "k"),
        (r"gh", "g"), (r"qu", "kw"), (r"x", "ks"), (r"c(?=[eiy])", "s"), (r"c", "k"),
        (r"g(?=[eiy])", "j"), (r"z", "s"), (r"y|ee|ea|ie|ei", "i"), (r"oo|ou", "u"),
        (r"ai|ay", "a"), (r"[aou]", "a"), (r"[ei]", "i"), (r"h", ""), (r"dj", "j"),
        (r"(.)\1+", r"\1"), (r"[ai]$", ""),
    )
)  # fmt: skip


@lru_cache(maxsize=32768)
def key(name: str) -> str:
    """Consonants as they sound, vowels as one of two kinds: "phenytoin" is `finatain`-like."""
    sound = name.lower()
    for pattern, other in _RULES:
        sound = pattern.sub(other, sound)
    return sound


@lru_cache(maxsize=65536)
def likeness(one: str, other: str) -> float:
    """How alike two keys are, from 0 to 1; a vowel counts half a consonant."""
    if one == other:
        return 1.0
    previous = [0.0]
    for char in other:
        previous.append(previous[-1] + _weight(char))
    for a in one:
        current = [previous[0] + _weight(a)]
        for at, b in enumerate(other, 1):
            change = 0.0 if a == b else max(_weight(a), _weight(b))
            current.append(
                min(previous[at] + _weight(a), current[-1] + _weight(b), previous[at - 1] + change)
            )
        previous = current
    whole = max(sum(map(_weight, one)), sum(map(_weight, other))) or 1.0
    return 1.0 - previous[-1] / whole


def pairs_of(sound: str) -> frozenset[str]:
    """The pairs of neighbouring sounds, to find candidates quickly."""
    return frozenset(sound[at : at + 2] for at in range(len(sound) - 1))


def _weight(sound: str) -> float:
    return 0.5 if sound in "ai" else 1.0
