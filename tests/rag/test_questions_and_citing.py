"""Multi-step questions come apart; claims get the sentence that carries them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from rag.citing import cite, spoken_source
from rag.editions import newer, related
from rag.evidence import Found
from rag.questions import decompose
from storage.records import Document, Passage


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "Compare apixaban and rivaroxaban in CrCl 25",
            ("apixaban in CrCl 25", "rivaroxaban in CrCl 25"),
        ),
        (
            "what is the difference between hypokalaemia and hyponatraemia",
            ("hypokalaemia", "hyponatraemia"),
        ),
        (
            "dose of enoxaparin or dalteparin in pregnancy",
            ("dose of enoxaparin in pregnancy", "dose of dalteparin in pregnancy"),
        ),
        (
            "What is the dose of adrenaline and how often can I repeat it?",
            ("What is the dose of adrenaline", "how often can I repeat it"),
        ),
        (
            "How do I treat DKA? When do I add glucose?",
            ("How do I treat DKA", "When do I add glucose"),
        ),
    ],
)
def test_a_question_of_several_comes_apart(question: str, parts: tuple[str, ...]) -> None:
    assert decompose(question) == parts


@pytest.mark.parametrize(
    "question",
    [
        "what is the maximum dose of paracetamol",
        "insulin and glucose for high potassium",
        "how much magnesium sulfate in asthma and copd",
        "",
    ],
)
def test_a_plain_question_stays_whole(question: str) -> None:
    assert decompose(question) == (question,)


FOUND = Found(
    passage=Passage(
        uuid4(), uuid4(), 3, ("Dose", "Renal"), 7, "Check the level. Give 2.5 mg twice daily. Stop."
    ),
    title="Apixaban",
    source="Formulary",
    edition="",
    year=2019,
    superseded=True,
    sample=False,
    score=0.8,
    cosine=0.7,
)


def test_a_citation_quotes_the_sentence_that_carries_the_claim() -> None:
    citation = cite(FOUND, "It is 2.5 mg twice daily.")
    assert citation.quote == "Give 2.5 mg twice daily."
    assert (citation.title, citation.section, citation.page) == ("Apixaban", "Dose › Renal", 7)


def test_a_superseded_edition_is_said_to_be_one() -> None:
    assert spoken_source(FOUND) == "Apixaban, 2019 edition, superseded"
    assert spoken_source(replace(FOUND, edition="Third edition", superseded=False)) == (
        "Apixaban, Third edition"
    )


def document(
    title: str, *, source: str = "Ward", year: int | None = None, edition: str = ""
) -> Document:
    now = datetime.now(UTC)
    return Document(
        uuid4(),
        title,
        source,
        edition,
        year,
        "text/plain",
        uuid4().hex,
        1,
        None,
        None,
        False,
        None,
        now,
    )


def test_editions_of_one_work_are_recognised() -> None:
    old = document("Sepsis guideline 2019", source="Trust (2019)", year=2019)
    new = document("Sepsis Guideline, 2nd edition", source="Trust (2024)", year=2024)
    assert related(new, [document("Asthma"), old]) is old
    assert newer(new, old) == "new"
    assert newer(old, new) == "old"
    assert related(new, [replace(old, source="Another hospital")]) is None
    assert related(new, [replace(old, superseded_by=uuid4())]) is None


def test_without_years_the_higher_edition_or_the_later_addition_stands() -> None:
    assert newer(document("A", edition="2"), document("A", edition="10")) == "old"
    assert newer(document("A"), document("A")) == "new"
