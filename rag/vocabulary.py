"""What different words name the same thing: drugs and their brands, abbreviations and their
meaning. The tables are `synonyms/drugs.txt` and `synonyms/abbreviations.txt`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rag.words import Word, words

TABLES = Path(__file__).parent / "synonyms"

Stems = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """A name found at `words[start:end]`. `means` are the stems of the same thing's other names;
    `drug` is the generic name when it is a drug, else ''."""

    start: int
    end: int
    means: tuple[Stems, ...]
    drug: str
    abbreviation: bool


@dataclass(frozen=True, slots=True)
class _Entry:
    means: tuple[Stems, ...]
    drug: str
    abbreviation: bool


def matches(found: Sequence[Word]) -> Iterator[Match]:
    """Every known name in a run of words, the longest first at each place; names may overlap."""
    table, longest = _table()
    for start, first in enumerate(found):
        for length in range(min(longest.get(first.stem, 0), len(found) - start), 0, -1):
            stems = tuple(word.stem for word in found[start : start + length])
            if entry := table.get(stems):
                yield Match(start, start + length, entry.means, entry.drug, entry.abbreviation)
                break


def drugs_named(text: str) -> frozenset[str]:
    """Generic names of the drugs that `text` names, whichever name it uses."""
    return frozenset(match.drug for match in matches(words(text)) if match.drug)


def warm() -> None:
    """Read the tables now, so that no search waits for them. Blocks for some 100 ms."""
    _table()
    letters_known()


@cache
def drug_groups() -> tuple[tuple[str, ...], ...]:
    """For each drug: its generic name, then its other names, as written in the table."""
    return tuple((name, *others) for name, others in _rows("drugs.txt", ","))


@cache
def letters_known() -> frozenset[str]:
    """Abbreviations in lower case, without spaces: what letters said one by one may spell."""
    return frozenset(name.lower() for name, _ in _rows("abbreviations.txt", ";") if " " not in name)


def _rows(file: str, separator: str) -> Iterator[tuple[str, list[str]]]:
    for line in (TABLES / file).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            name, _, others = line.partition(":")
            yield name.strip(), [part.strip() for part in others.split(separator)]


@cache
def _table() -> tuple[dict[Stems, _Entry], dict[str, int]]:
    """The names, and of those that begin with the same stem how many words the longest has."""
    means: dict[Stems, list[Stems]] = defaultdict(list)
    drug: dict[Stems, str] = {}
    short: set[Stems] = set()
    for generic, *names in drug_groups():
        own = _stems(generic)
        drug[own] = generic
        means[own] = means[own]
        for name in names:
            means[_stems(name)].append(own)
            drug[_stems(name)] = generic
    for name, expansions in _rows("abbreviations.txt", ";"):
        key = _stems(name)
        if name != name.lower() and " " not in name:
            short.add(key)
        for expansion in expansions:
            full = _stems(expansion)
            means[key].append(full)
            means[full].append(key)
            if full in drug:
                drug[key] = drug[full]
    table = {
        key: _Entry(tuple(others), drug.get(key, ""), key in short)
        for key, others in means.items()
        if key
    }
    longest: dict[str, int] = {}
    for key in table:
        longest[key[0]] = max(longest.get(key[0], 0), len(key))
    return table, longest


def _stems(name: str) -> Stems:
    return tuple(word.stem for word in words(name))
