"""Passages: nothing lost, nothing doubled, never without their context."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from rag.chunking import MOST_CHARS, cut
from rag.sentences import sentences
from rag.text import Block

words = st.text(st.sampled_from("abcdefgh0123456789µ%.,:;()/é"), min_size=1, max_size=12)
lines = st.lists(words, min_size=1, max_size=120).map(" ".join)
prose = st.lists(lines.map(lambda line: line.strip(".:") + "."), min_size=1, max_size=8).map(
    " ".join
)
blocks = st.lists(
    st.builds(
        Block,
        st.sampled_from(["paragraph", "item", "row"]),
        st.one_of(lines, prose, st.just("Give the following:")),
        st.sampled_from([(), ("Dose",), ("Dose", "Renal")]),
        st.sampled_from([None, 1, 2]),
    ),
    max_size=12,
)


def solid(text: str) -> str:
    return re.sub(r"\s+", "", text)


@given(blocks)
def test_no_text_is_lost_and_none_is_doubled(document: list[Block]) -> None:
    assert "".join(solid(p.text) for p in cut(document)) == "".join(solid(b.text) for b in document)


@given(blocks)
def test_passages_are_bounded_and_stay_under_their_headings(document: list[Block]) -> None:
    sections = {block.section for block in document}
    for piece in cut(document):
        assert 0 < len(piece.text) <= MOST_CHARS
        assert any(piece.section[: len(section)] == section for section in sections)


@given(blocks)
def test_a_short_item_or_row_is_never_cut(document: list[Block]) -> None:
    passages = [piece.text.split("\n") for piece in cut(document)]
    for block in document:
        if block.kind != "paragraph" and len(block.text) <= MOST_CHARS:
            assert any(block.text in passage for passage in passages)


@given(st.lists(prose, min_size=1, max_size=5))
def test_passages_begin_and_end_with_whole_sentences(paragraphs: list[str]) -> None:
    whole = [s for p in paragraphs for s in sentences(p)]
    found = [
        s
        for piece in cut([Block("paragraph", p) for p in paragraphs])
        for s in sentences(piece.text)
    ]
    short = [s for s in whole if len(s) <= MOST_CHARS]
    assert [s for s in found if s in short] == short


@given(st.text(max_size=400))
def test_sentences_hold_all_of_the_text(text: str) -> None:
    assert solid("".join(sentences(text))) == solid(text)


def test_medical_abbreviations_and_decimals_end_no_sentence() -> None:
    text = "Give 0.5 mg i.v. Then e.g. Apixaban 5 mg b.d. is used. Dr. Smith agrees? Yes. K+ 3.5."
    assert sentences(text) == [
        "Give 0.5 mg i.v. Then e.g. Apixaban 5 mg b.d. is used.",
        "Dr. Smith agrees?",
        "Yes.",
        "K+ 3.5.",
    ]


def test_a_dose_that_moves_to_the_next_passage_takes_its_drug_along() -> None:
    text = "Gentamicin is given once daily. " + "Check the level before the next dose. " * 25
    pieces = cut([Block("paragraph", text + "Reduce to 3 mg/kg in renal failure.", ("Dose",))])
    assert len(pieces) > 1
    assert "3 mg/kg" in pieces[-1].text
    assert pieces[-1].section == ("Dose", "gentamicin")


def test_a_dose_under_its_drugs_heading_needs_no_more() -> None:
    text = "Check the level. " * 70 + "Then give 5 mg/kg."
    assert {p.section for p in cut([Block("paragraph", text, ("Gentamicin",))])} == {
        ("Gentamicin",)
    }


def test_items_keep_the_words_that_introduced_their_list() -> None:
    items = [
        Block("item", f"Point {n}: " + "observe closely and write it down " * 6) for n in range(8)
    ]
    pieces = cut([Block("paragraph", "Stop the infusion if:"), *items])
    assert pieces[0].text.startswith("Stop the infusion if:\nPoint 0")
    assert len(pieces) > 1
    assert all(piece.section == ("Stop the infusion if",) for piece in pieces[1:])


def test_an_introduction_is_not_left_behind_at_the_end_of_a_passage() -> None:
    before = Block("paragraph", "Observe closely. " * 41)
    pieces = cut([before, Block("paragraph", "Give:"), Block("item", "adrenaline " * 30)])
    assert [piece.text.startswith("Give:\nadrenaline") for piece in pieces] == [False, True]


def test_a_unit_at_the_end_ends_its_sentence_and_an_initial_does_not() -> None:
    assert sentences("Give 1 g. Do not exceed 4 g. Then 5 L. Stop.") == [
        "Give 1 g.", "Do not exceed 4 g.", "Then 5 L.", "Stop.",
    ]  # fmt: skip
    assert sentences("Described by J. Smith. E. coli grows.") == [
        "Described by J. Smith.", "E. coli grows.",
    ]  # fmt: skip


def test_a_level_in_the_blood_is_no_dose_of_the_drug_before_it() -> None:
    row = Block("row", "Drug: Denosumab; Dose: 120 mg. " + "Given slowly. " * 60, ("Treatment",))
    level = Block("paragraph", "Admit everyone with calcium above 3.0 mmol/L.", ("Treatment",))
    assert cut([row, level])[-1].section == ("Treatment",)
    dose = Block("paragraph", "The dose is then 60 mg.", ("Treatment",))
    assert cut([row, dose])[-1].section == ("Treatment", "denosumab")
