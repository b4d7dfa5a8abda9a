"""What the sample library says, in other words: the same is spoken, one changed fact is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from agents.gate import Source, check
from rag.sentences import sentences
from tests.agents.altered_sentences import library_passages

MOST_BLOCKED = 0.057
"""The share of true ones that is replaced by the library's own sentence. The aim is 0.05."""


class Pair(NamedTuple):
    """A sentence of the library said in other words, and the same with one fact changed."""

    kind: str
    source: Source
    true: str
    altered: str


def pairs() -> Iterator[Pair]:
    """The pairs of paraphrases.txt: what is changed, the library's sentence, true, altered."""
    where = {
        one: Source(headings, passage)
        for headings, passage in library_passages()
        for one in sentences(passage)
    }
    text = Path(__file__).with_name("paraphrases.txt").read_text("utf-8")
    for block in text.strip().split("\n\n"):
        kind, sentence, true, altered = block.split("\n")
        yield Pair(kind, where[sentence], true, altered)


PAIRS = tuple(pairs())


def test_there_are_enough_of_each_kind() -> None:
    kinds = [one.kind for one in PAIRS]
    assert len(kinds) >= 250
    for kind in ("number", "unit", "drug", "negation", "comparator", "route", "frequency"):
        assert kinds.count(kind) >= 10, kind


@pytest.mark.parametrize("kind", sorted({one.kind for one in PAIRS}))
def test_no_paraphrase_with_one_fact_changed_is_spoken(kind: str) -> None:
    altered = [(one.altered, one.source) for one in PAIRS if one.kind == kind]
    assert [text for text, source in altered if check(text, [source]).passed] == []


def test_few_true_paraphrases_are_blocked() -> None:
    blocked = [one.true for one in PAIRS if not check(one.true, [one.source]).passed]
    assert len(blocked) <= MOST_BLOCKED * len(PAIRS), blocked


@pytest.mark.parametrize(
    ("carried", "turned"),
    [
        ("Digoxin is reduced by half when amiodarone is started.",
         "Amiodarone is reduced by half when digoxin is started."),
        ("Alteplase is not given if the blood pressure is above 185/110 mmHg.",
         "The blood pressure is above 185/110 mmHg if alteplase is not given."),
        ("Repeat once after 10 minutes if seizures continue.", "Repeat once after 10 minutes."),
        ("Alteplase is not given if the blood pressure is above 185/110 mmHg.",
         "Alteplase is not given."),
        ("A large dose causes withdrawal, so a small dose of naloxone is given.",
         "A small dose causes withdrawal, so a large dose of naloxone is given."),
        ("Naloxone acts for a shorter time than many opioids.",
         "Naloxone acts for more time than many opioids."),
        ("Check fluoroquinolone safety warnings before levofloxacin.",
         "Check levofloxacin safety warnings before fluoroquinolone."),
        ("Vasopressin is added once noradrenaline is at 0.25 mcg/kg/min.",
         "Vasopressin is added."),
    ],
)  # fmt: skip
def test_roles_and_conditions_stay_where_they_are(carried: str, turned: str) -> None:
    assert check(carried, [carried]).passed
    assert not check(turned, [carried]).passed
