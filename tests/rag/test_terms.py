"""Clinicians' words find each other: however they are written, said or recognised."""

from __future__ import annotations

import pytest

from rag.terms import (
    TOLD_WEIGHT,
    document_sparse,
    document_terms,
    query_sparse,
    query_terms,
    told_and_asked,
)
from rag.vocabulary import TABLES, drugs_named, glossed, written_out


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


@pytest.mark.parametrize(
    ("said", "full"),
    [
        ("trops and sats in acs", "troponin and oxygen saturation in acs"),
        ("Vanc dose", "vancomycin dose"),
        ("mag sulf in torsades", "magnesium sulfate in torsades"),
        ("how do I treat a hypo", "how do I treat a hypoglycaemia"),
        ("hypo-osmolar", "hypo-osmolar"),
        ("post thrombolysis", "after thrombolysis"),
        ("a post-partum haemorrhage", "a post-partum haemorrhage"),
    ],
)
def test_the_wards_shorthand_is_written_out(said: str, full: str) -> None:
    assert written_out(said) == full


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("a potassium of six point eight", "hyperkalaemia, a potassium of six point eight"),
        ("her sodium is 108", "hyponatraemia, her sodium is 108"),
        ("sugar of two", "hypoglycaemia, sugar of two"),
        ("a potassium of 4.2", "a potassium of 4.2"),
        ("potassium 40 mmol in a bag", "potassium 40 mmol in a bag"),
        ("glucose 20 percent", "glucose 20 percent"),
        ("glucose 25 g", "glucose 25 g"),
        ("hyperkalaemia of 6.8", "hyperkalaemia of 6.8"),
    ],
)
def test_a_level_far_from_usual_is_called_by_its_name(said: str, named: str) -> None:
    assert written_out(said) == named


def test_an_encoder_is_told_what_short_names_stand_for() -> None:
    assert glossed("when is ffp given") == "when is ffp given (fresh frozen plasma)"
    assert glossed("clexane dose") == "clexane dose (enoxaparin)"
    assert glossed("enoxaparin dose") == "enoxaparin dose"


def test_a_kind_is_found_by_its_whole_and_no_other_kind() -> None:
    assert "coronari" in query_terms("statin after a heart attack")
    assert not {"nstemi"} & set(query_terms("pci in stemi"))


ACCOUNT = (
    "i have a patient who is eighty four she was found on the floor this morning and she is on "
    "ramipril which she takes every day and how she fell nobody knows "
)


@pytest.mark.parametrize(
    "question",
    ["what should i give first", "how much calcium do i give and how fast", "should she go on niv",
     "can you tell me the dose of calcium gluconate", "when do i repeat it"],
)  # fmt: skip
def test_a_long_account_ends_in_the_question(question: str) -> None:
    assert told_and_asked(ACCOUNT + question) == (ACCOUNT.strip(), question)
    assert told_and_asked(question) == ("", question)


def test_what_was_told_counts_less_than_what_is_asked() -> None:
    told, asked = query_sparse("", "ramipril"), query_sparse("ramipril")
    assert told.indices == asked.indices
    assert told.values == [TOLD_WEIGHT * value for value in asked.values]
