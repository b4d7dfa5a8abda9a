"""Every drug the assistant knows by name: the library's table, further generics, and substances.

Names are public: international non-proprietary names, their national variants and brands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from rag.vocabulary import drug_groups

_FOLDER = Path(__file__).parent
_SUFFIXES = re.compile(
    r"^[a-z]{2,}(?:mab|nib|pril|sartan|olol|azole|mycin|micin|cillin|statin|gliptin|gliflozin|glutide|"
    r"parin|xaban|gatran|tidine|prazole|dipine|azepam|zolam|caine|[aeiou]vir|floxacin|cycline|"
    r"thiazide|semide|setron|triptan|dronate|curonium|profen|barbital|lukast|terol|tropium|"
    r"oxetine|triptyline|penem|cef|fungin|plase|relbine|rubicin|taxel|platin|trexate|stigmine|"
    r"zosin|afil|conazole|thromycin|peridol|perazine|promazine|fentanil|orphan|orphine|codone)$"
)
_NOT_DRUGS = frozenset("protocol control alcohol cholesterol parasol symbol glycerol".split())
_WORD = re.compile(r"[A-Za-z][\w+⁺²'’-]*")


@dataclass(frozen=True, slots=True)
class Mention:
    """A drug or substance named at `start` to `end` of a text."""

    name: str
    start: int
    end: int


def drugs() -> tuple[str, ...]:
    """The generic names, without substances and classes."""
    return _names()


def mentions(text: str) -> Iterator[Mention]:
    """Drugs and substances in the order they are named, whichever name is used. A word that is
    built like a drug name is taken for one, though no list has it."""
    table, firsts = _table()
    found = [(m.group().rstrip("'’-"), m.start()) for m in _WORD.finditer(text)]
    at = 0
    while at < len(found):
        longest = firsts.get(_plain(found[at][0]), 0)
        for length in range(min(longest, len(found) - at), 0, -1):
            run = found[at : at + length]
            key = " ".join(_plain(word) for word, _ in run)
            if (name := table.get(key)) and _adjacent(text, run):
                yield Mention(name, run[0][1], run[-1][1] + len(run[-1][0]))
                at += length
                break
        else:
            word, start = found[at]
            if name := table.get(_plain(word).replace("-", " ")):
                yield Mention(name, start, start + len(word))
                at += 1
                continue
            yield from _inside(word, start, table)
            at += 1


def brands_of(name: str) -> tuple[str, ...]:
    """The other names of a generic drug, as written in the lists."""
    return _groups().get(name, ())


@cache
def drug_classes() -> frozenset[str]:
    """Substances and classes: things given or measured that are no single drug."""
    return frozenset(name for name, _ in _rows("substances.txt"))


@cache
def classes_of(name: str) -> frozenset[str]:
    """The classes that a generic drug belongs to, as written in the list."""
    return frozenset(kind for kind, members in _rows("classes.txt") if name in members)


@cache
def members_of(kind: str) -> frozenset[str]:
    """The drugs of a class, named in the singular or the plural; none for what is no class."""
    wanted = kind.lower().removesuffix("s")
    return frozenset(
        one
        for name, members in _rows("classes.txt")
        if name.lower().removesuffix("s") == wanted
        for one in members
    )


def _inside(word: str, start: int, table: dict[str, str]) -> Iterator[Mention]:
    """A drug within a hyphenated or unknown word: "insulin-treated", "tozinameran-like"."""
    if "-" in word:
        offset = 0
        for part in word.split("-"):
            if name := table.get(_plain(part)) or _built_like_a_drug(part):
                yield Mention(name, start + offset, start + offset + len(part))
            offset += len(part) + 1
    elif name := _built_like_a_drug(word):
        yield Mention(name, start, start + len(word))


@lru_cache(maxsize=8192)
def _built_like_a_drug(word: str) -> str:
    low = word.lower()
    return low if len(low) >= 6 and low not in _NOT_DRUGS and _SUFFIXES.match(low) else ""


def _adjacent(text: str, run: list[tuple[str, int]]) -> bool:
    return all(
        text[start + len(word) : after].strip(" /-–’'") == ""
        for (word, start), (_, after) in zip(run, run[1:], strict=False)
    )


@cache
def _groups() -> dict[str, tuple[str, ...]]:
    groups = {name: tuple(others) for name, *others in drug_groups()}
    for name, others in _rows("more.txt"):
        groups.setdefault(name, others)
    return groups


@cache
def _names() -> tuple[str, ...]:
    return tuple(sorted(_groups(), key=str.lower))


@cache
def _table() -> tuple[dict[str, str], dict[str, int]]:
    """Names to generic names, and for each first word how many words a name may have."""
    table: dict[str, str] = {}
    for name, others in (*_groups().items(), *_rows("substances.txt")):
        for one in (name, *others):
            table[" ".join(_plain(part) for part in _WORD.findall(one))] = name
    firsts: dict[str, int] = {}
    for key in table:
        first, *rest = key.split()
        firsts[first] = max(firsts.get(first, 0), 1 + len(rest))
    return table, firsts


def _rows(file: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for line in (_FOLDER / file).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            name, _, others = line.partition(":")
            yield name.strip(), tuple(part.strip() for part in others.split(",") if part.strip())


@lru_cache(maxsize=16384)
def _plain(word: str) -> str:
    return word.lower().replace("’", "'").replace("⁺", "+").removesuffix("'s")
