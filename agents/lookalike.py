"""Drug names that look or sound alike: which one was meant, and how to show it.

A misheard name is put right where one drug fits clearly; where two do, the caller is asked. A name
that was heard exactly is believed, unless its listed twin sounds nearly the same.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, lru_cache
from os.path import commonprefix
from pathlib import Path

from agents.conversational import is_everyday
from agents.formulary import brands_of, drug_classes, drugs, mentions
from agents.phonetics import key, likeness, pairs_of

ALIKE = 0.8
"""From this likeness on, a name may be the one that was said."""
CLEARLY = 0.08
"""By how much the best candidate must lead to be taken without asking."""
LISTED = 0.12
"""The same for a listed twin of the best candidate, which may also be that much less alike."""
TWIN = 0.9
"""From this likeness on, a listed pair is asked about though the name was heard exactly."""
LETTERS = 0.72
"""The least share of letters in common (difflib)."""
MIXED = 0.85
"""The least share of a blend that must be the beginning of one name and the end of its twin."""
PART = 3
"""The fewest sounds of each."""
SHORTEST = 6
LONG = 8
"""Shorter brand names are too easily something else."""

_DATA = Path(__file__).parent / "formulary" / "confusable.txt"
_WORD = re.compile(r"[A-Za-z][A-Za-z'-]*")


@dataclass(frozen=True, slots=True)
class Heard:
    """What was said with its drug names put right. `question` is asked first when two names
    survive, `between` holds them."""

    text: str
    question: str = ""
    between: tuple[str, ...] = ()


def warm() -> None:
    """Read the names now. Blocks for some 100 ms."""
    _index()
    pairs()


def hear(said: str, settled: Sequence[str] = ()) -> Heard:
    """The transcript `said` with misheard drug names put right.

    `settled` are drugs the conversation is already about: one of them wins over its twin.
    """
    text, known = said, [said[start:end] for start, end in _known(said)]
    for start, end, wrong in _unknown(said):
        names = _meant(wrong)
        if not names:
            continue
        agreed = [name for name in names if name in settled]
        if len(names) == 1 or len(agreed) == 1:
            text = text.replace(said[start:end], (agreed or names)[0], 1)
        else:
            return _ask(said, names[0], names[1])
    for name in known:
        twin = _twin(name.lower())
        if twin and name.lower() not in settled and twin not in said.lower():
            if twin in settled:
                continue
            return _ask(text, name.lower(), twin)
    return Heard(text)


def settle(history: Sequence[tuple[str, str]], said: str) -> str:
    """What is asked once the caller has chosen between two names: the question before, with the
    name that was meant. `said` as it is, where no such choice was open."""
    if not history or not history[-1][1].startswith("Did you say"):
        return said
    choices = hear(history[-1][0]).between  # the question may have been heard only in part
    if len(choices) != 2:
        return said
    chosen = [name for name in choices if name in said.lower()]
    if len(chosen) != 1:
        near = sorted(choices, key=lambda name: -likeness(key(name), key(said)))
        if re.match(r"^\W*(?:the )?(?:first|former)\b", said, re.IGNORECASE):
            chosen = [choices[0]]
        elif re.match(r"^\W*(?:the )?(?:second|latter|last)\b", said, re.IGNORECASE):
            chosen = [choices[1]]
        elif likeness(key(near[0]), key(said)) >= 0.6:
            chosen = [near[0]]
        else:
            return said
    before = history[-1][0]
    for mention in mentions(before):
        if before[mention.start : mention.end].lower() in choices:
            return before[: mention.start] + chosen[0] + before[mention.end :]
    for start, end, wrong in _unknown(before):
        if any(name in choices for name in _meant(wrong)):
            return before[:start] + chosen[0] + before[end:]
    return f"{before.rstrip(' ?.')} {chosen[0]}"


def tall_man(text: str) -> str:
    """`text` for the screen, look-alike drug names in tall-man letters: "hydrALAZINE"."""
    return _WORD.sub(lambda match: _TALL.get(match.group().lower(), match.group()), text)


@cache
def pairs() -> tuple[tuple[str, str], ...]:
    """The listed pairs, in lower case."""
    return tuple((one.lower(), other.lower()) for one, other in _rows())


@lru_cache(maxsize=8192)
def _meant(wrong: str) -> tuple[str, ...]:
    """The names that a misheard one may stand for, the likeliest first."""
    near = _candidates(wrong, floor=ALIKE - LISTED)
    blend = _blended(wrong.lower())
    if blend and not (near and near[0][0] not in blend and near[0][1] >= ALIKE):
        return tuple(sorted(blend, key=lambda name: -likeness(key(name), key(wrong))))
    return tuple(_surviving(near)) if near and near[0][1] >= ALIKE else ()


@lru_cache(maxsize=8192)
def _blended(word: str) -> tuple[str, ...]:
    """The listed pair that `word` mixes: it begins like one name and ends like the other, and so is
    explained better than by either alone. Nothing where there is no such pair."""
    sound = key(word)
    best: tuple[float, tuple[str, ...]] = (0.0, ())
    for pair in pairs():
        one, other = (key(name) for name in pair)
        if len(sound) < MIXED * min(len(one), len(other)):
            continue
        alone = max(_ends(sound, one, one), _ends(sound, other, other))
        mixed = max(_ends(sound, one, other), _ends(sound, other, one))
        if mixed >= MIXED and mixed > alone:
            best = max(best, (alone, pair))
    return best[1]


def _ends(sound: str, first: str, last: str) -> float:
    """The share of a sound that is the beginning of one name and the end of another."""
    start = len(commonprefix((sound, first)))
    end = len(commonprefix((sound[::-1], last[::-1])))
    return min((start + end) / len(sound), 1.0) if min(start, end) >= PART else 0.0


def _surviving(near: Sequence[tuple[str, float]]) -> list[str]:
    """The candidates that may have been meant: close behind the best, or its listed twin."""
    best, most = near[0]
    listed = {name for pair in pairs() if best in pair for name in pair}
    return [name for name, score in near if score > most - (LISTED if name in listed else CLEARLY)]


def _ask(said: str, one: str, other: str) -> Heard:
    return Heard(said, f"Did you say {one} or {other}?", (one, other))


def _known(said: str) -> list[tuple[int, int]]:
    """Where a drug or substance of the lists is named."""
    return [(m.start, m.end) for m in mentions(said) if m.name in _listed()]


@cache
def _listed() -> frozenset[str]:
    return frozenset(drugs()) | drug_classes()


def _unknown(said: str) -> list[tuple[int, int, str]]:
    """Runs of one to four words that no list knows and that may be one misheard name."""
    taken = _known(said)
    words = [
        (m.start(), m.end(), m.group())
        for m in _WORD.finditer(said)
        if not any(start <= m.start() < end for start, end in taken)
    ]
    found: list[tuple[int, int, str]] = []
    for size in (4, 3, 2, 1):
        for at in range(len(words) - size + 1):
            run = words[at : at + size]
            start, end = run[0][0], run[-1][1]
            joined = "".join(word for _, _, word in run)
            if any(start < other_end and other < end for other, other_end, _ in found):
                continue
            if len(joined) < SHORTEST or all(is_everyday(word) for _, _, word in run):
                continue
            if size > 1 and (is_everyday(run[0][2]) or said[start:end].count(" ") != size - 1):
                continue
            if _candidates(joined, floor=ALIKE if size == 1 else 0.88) or (
                size <= 2 and _blended(joined.lower())
            ):
                found.append((start, end, joined))
    return sorted(found)


@lru_cache(maxsize=8192)
def _candidates_cached(word: str, floor: float) -> tuple[tuple[str, float], ...]:
    sound = key(word)
    if len(sound) < 4:
        return ()
    index, names = _index()
    votes = Counter(at for pair in pairs_of(sound) for at in index.get(pair, ()))
    scores: dict[str, float] = {}
    for at, shared in votes.items():
        name, spoken, other = names[at]
        if shared < 0.4 * (len(sound) - 1) or sound[0] != other[0]:
            continue
        letters = SequenceMatcher(None, word, spoken, autojunk=False).ratio()
        score = (likeness(sound, other) + letters) / 2
        if score >= floor and letters >= LETTERS:
            scores[name] = max(scores.get(name, 0.0), score)
    return tuple(sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:4])


def _candidates(word: str, floor: float = ALIKE) -> tuple[tuple[str, float], ...]:
    """(drug, likeness) of the names that sound like `word`, best first."""
    return _candidates_cached(word.lower(), floor)


@cache
def _index() -> tuple[dict[str, list[int]], list[tuple[str, str, str]]]:
    names = [
        (name, spoken.lower(), key(spoken))
        for name in drugs()
        if name not in drug_classes()
        for spoken in (name, *(other for other in brands_of(name) if len(other) >= LONG))
        if len(spoken) >= SHORTEST and len(key(spoken)) >= 4
    ]
    index: dict[str, list[int]] = defaultdict(list)
    for at, (_, _, sound) in enumerate(names):
        for pair in pairs_of(sound):
            index[pair].append(at)
    return index, names


@cache
def _twin(name: str) -> str:
    """The listed name that sounds nearly like `name`, or ''."""
    twins = [
        (likeness(key(name), key(other)), other)
        for one, two in pairs()
        for this, other in ((one, two), (two, one))
        if this == name
    ]
    best = max(twins, default=(0.0, ""))
    return best[1] if best[0] >= TWIN else ""


@cache
def _rows() -> tuple[tuple[str, str], ...]:
    rows = []
    for line in _DATA.read_text(encoding="utf-8").splitlines():
        if "|" in line and not line.startswith("#"):
            one, other = (part.strip() for part in line.split("|"))
            rows.append((one, other))
    return tuple(rows)


_TALL = {
    name.lower(): name for row in _rows() for name in row if any(char.isupper() for char in name)
}
"""Read with this module, for texts are shown where nothing may wait for a file."""
