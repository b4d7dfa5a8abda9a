"""Clinicians' words find each other: however they are written, said or recognised."""

from __future__ import annotations

import pytest

from rag.terms import document_sparse, document_terms, query_sparse, query_terms
from rag.vocabulary import TABLES, drugs_named


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("fifteen milligrams", "15 mg"),
        ("two point five micrograms", "2.5 µg"),
        ("one hundred and twenty five units", "125 units"),
        ("twelve hundred", "1,200"),
        ("how much is 5.0mg", "5 mg"),
        ("eliquis", "apixaban"),
        ("apixaban", "Eliquis"),
        ("zosyn", "piperacillin"),
        ("epinephrine", "adrenaline"),
        ("d k a", "diabetic ketoacidosis"),
        ("diabetic ketoacidosis", "DKA"),
        ("h b a one c", "HbA1c"),
        ("c o p d", "COPD"),
        ("i v", "IV"),
        ("hyperkalemia", "hyperkalaemia"),
        ("anemia", "anaemia"),
        ("beta blocker", "beta-blocker"),
        ("coamoxiclav", "co-amoxiclav"),
        ("augmentin", "co-amoxiclav"),
        ("heart attack", "MI"),
        ("low potassium", "hypokalaemia"),
        ("every six hours", "q6h"),
        ("ninety two percent", "92 %"),
        ("chads vasc", "CHA2DS2-VASc"),
        ("treating seizures", "treatment of a seizure"),
    ],
)
def test_what_is_asked_finds_what_is_written(asked: str, written: str) -> None:
    assert set(query_terms(asked)) & set(document_terms(written))


@pytest.mark.parametrize(
    ("one", "other"),
    [("5 mg", "5 mcg"), ("1.5", "15"), ("0.5 g", "5 g"), ("hydralazine", "hydroxyzine")],
)
def test_what_differs_stays_apart(one: str, other: str) -> None:
    assert set(query_terms(one)) != set(query_terms(other))


def test_a_word_that_spells_like_an_abbreviation_is_left_alone_in_a_document() -> None:
    assert "arteri" not in document_terms("Show the map of the ward.")
    assert "arteri" in document_terms("Keep the MAP above 65 mmHg.")


def test_sparse_vectors_are_sorted_and_weigh_rising_frequency() -> None:
    once, often = document_sparse("vancomycin level"), document_sparse("vancomycin " * 5 + "level")
    assert once.indices == sorted(once.indices)
    place = query_sparse("vancomycin").indices[0]
    weight = {i: v for i, v in zip(often.indices, often.values, strict=True)}[place]
    assert weight > {i: v for i, v in zip(once.indices, once.values, strict=True)}[place]


def test_only_stop_words_give_no_terms() -> None:
    assert query_sparse("what is the").indices == []


def test_drugs_are_known_by_any_name() -> None:
    named = drugs_named("swap lovenox for fragmin, keep tylenol, and NAC if needed")
    assert named == {"enoxaparin", "dalteparin", "paracetamol", "acetylcysteine"}


def test_the_tables_are_as_large_as_promised_and_name_nothing_twice() -> None:
    pairs = []
    for file, separator in (("drugs.txt", ","), ("abbreviations.txt", ";")):
        rows = [r for r in (TABLES / file).read_text().splitlines() if r and not r.startswith("#")]
        names = [row.partition(":")[0] for row in rows]
        assert len(names) == len(set(names))
        pairs.append(sum(len(row.partition(":")[2].split(separator)) for row in rows))
    assert pairs[0] >= 250
    assert pairs[1] >= 150
