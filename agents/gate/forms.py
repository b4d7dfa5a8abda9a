"""The other ways in which one sentence of a source says the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from agents.clauses import moved, parts
from agents.facts import Facts, facts, plain


@lru_cache(maxsize=4096)
def other_forms(carrier: str) -> tuple[tuple[Facts, frozenset[str]], ...]:
    """The facts of a sentence's other forms, each with the words that it leaves out."""
    carrier = plain(carrier)
    whole = facts(carrier)
    forms = [*_turned_round(carrier), *_row_in_words(carrier)]
    if ";" not in carrier or ":" in carrier:  # what is behind a semicolon stays there
        forms += moved(carrier)
    found = [(_as_in(whole, form), frozenset[str]()) for form in forms]
    found += [(replace(facts(one), words=whole.words), frozenset()) for one in _recast(carrier)]
    for part in (*parts(carrier), *_without_its_reason(carrier)):
        own = facts(part)
        out = whole.words - own.words
        forms = [*moved(part), *_turned_round(part)]
        found += [(own, out), *((_as_in(own, form), out) for form in forms)]
    return tuple(found[:MOST_FORMS])


MOST_FORMS = 24
"""A sentence of very many clauses is not turned round in every way."""


def _as_in(own: Facts, form: str) -> Facts:
    """The facts of a form, in which each drug still stands beside the words of the sentence."""
    return replace(
        facts(form),
        words=own.words,
        beside_drugs=own.beside_drugs,
        deeds=own.deeds,
        companions=own.companions,
        sides=own.sides,
    )


def _turned_round(sentence: str) -> Iterator[str]:
    """Said from the other end: "A is equivalent to B", "A is the first choice",
    "do A before B"."""
    plain = sentence.strip().rstrip(".")
    for pattern, form in _ROUND:
        if match := pattern.match(plain):
            yield match.expand(form)
    if (match := _LAST.match(plain)) and not (
        re.search(r"\d", match[1]) and re.search(r"\d", match[2])
    ):
        yield f"{match[2]}, {match[1]}"


def _recast(sentence: str) -> Iterator[str]:
    """ "A is reversed by B" as "B reversed A", "A is 5 mg, added to B" as "add A 5 mg to B", "A is
    used to reverse B" as "reverse B with A"."""
    plain = sentence.strip().rstrip(".")
    if match := _PASSIVE.match(plain):
        yield match.expand(r"\3 \2 \1\4")
    if match := _ADDED.match(plain):
        yield match.expand(r"add \1 to \2")
    if match := _USED.match(plain):
        yield match.expand(r"\2\3 with \1\4")


def _without_its_reason(sentence: str) -> Iterator[str]:
    if match := _REASON.match(sentence.strip()):
        yield match[1]


def _row_in_words(row: str) -> Iterator[str]:
    """ "Peak at 1 hour: 5 mg/L" as "Peak: 5 mg/L at 1 hour", "Route: A; Dose equal to B: 5 mg" as
    "5 mg A equal to B"."""
    plain = row.strip().rstrip(".")
    if _HEADED.search(plain):
        yield _HEADED.sub(r"\1: \3 \2", plain)
    if match := _EQUAL.match(plain):
        yield f"{match[3]} {match[1]} {match[2]}"


_HEADED = re.compile(r"([^:;]+?) ((?:at|after|before|in|of) [^:;]*\d[^:;]*): ([^:;]+)")
_EQUAL = re.compile(r"[^:;]+: ([^:;]+); [^:;]*?((?:equal|equivalent) to [^:;]+): ([^:;]+)$")
_PASSIVE = re.compile(
    r"([^,;:]+?) (?:is|are) ((?:\w+ ){0,3}?\w+ed) (?:by|with) ([^,;:]+)((?:, .*)?)$"
)
_ADDED = re.compile(r"(.+), added to ([^,;:]+)$")
_USED = re.compile(
    r"([^,;:]+?) (?:is|are) (not )?used (?:for|to) ((?:revers|treat|prevent)[^,;:]+?)"
    r"((?:,| unless| when| if).*)?$"
)
_ROUND = (
    (re.compile(r"(.*\b[Ll]oading dose: [^;]+); Maintenance dose: (.+)$"), r"\1, then \2"),
    (re.compile(r"([^,;:]+) (is|are) (equivalent|equal) to ([^,;:]+)$"), r"\4 \2 \3 to \1"),
    (re.compile(r"(.*?)\bwithout (.*)$"), r"\1there is no \2"),
    (re.compile(r"([^,;:]+?) (is|are) (the [^,;:]+)((?:, because .*)?)$"), r"\3 \2 \1\4"),
    (re.compile(r"[Tt]reat ([^,;:]+?) with ([^,;:]+)$"), r"give \2 for \1"),
    (re.compile(r"([^,;:]+?) only after ([^,;:]+)((?:,.*)?)$"), r"\2, then \1\3"),
)  # fmt: skip
_LAST = re.compile(r"([^;:]+?),? ((?:before|after|during|from) [^,;:]+)$")
_REASON = re.compile(r"(.+?),? (?:because|since) [^;]+$")
