"""What a clinician reads is what the voice says, down to the digit."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.number_words import with_digits
from agents.reply import Delta
from agents.saying.abbreviations import HIGH_ALERT
from agents.wording import word
from agents.written import written
from tests.agents.number_reader import numbers_said

CORPUS = yaml.safe_load((Path(__file__).parent / "wording_corpus.yaml").read_text("utf-8"))


def test_the_corpus_is_large_enough() -> None:
    assert len(CORPUS) >= 1000


def test_every_written_string_is_said_as_it_is_meant() -> None:
    said = {row["shown"]: word(row["shown"]).spoken for row in CORPUS}
    assert said == {row["shown"]: row["spoken"] for row in CORPUS}


def test_what_is_said_is_plain_words_that_are_said_as_they_stand() -> None:
    for row in CORPUS:
        assert not re.search(r"[0-9<>≤≥%µ^×/]", row["spoken"]), row
        assert word(row["spoken"]).spoken == row["spoken"]


def test_a_dose_shows_no_trailing_zero_and_always_a_leading_one() -> None:
    assert word("give 1.0 mg then .5 mg").shown == "give 1 mg then 0.5 mg"
    assert word("morphine 10.00 mg").shown == "morphine 10 mg"
    assert word("INR 2.0 and pH 7.30").shown == "INR 2.0 and pH 7.30"
    assert word("1000 mg in 100 mL").shown == "1000 mg in 100 mL"


def test_a_lone_less_than_sign_truncates_nothing() -> None:
    wording = word("If K+ < 3.5 mmol/L, give potassium. Repeat < 2 h later.")
    assert wording.shown == "If K+ < 3.5 mmol/L, give potassium. Repeat < 2 h later."
    assert wording.spoken.endswith("Repeat less than two hours later.")


def test_only_doses_of_high_alert_drugs_are_read_back() -> None:
    assert "one five" in word("insulin 15 units").spoken
    assert "one five" not in word("amoxicillin 15 mg").spoken
    assert "one four" not in word("insulin if glucose is above 14 mmol/L").spoken
    said = word("Give insulin 12 units. Then paracetamol 500 mg.").spoken
    assert "one two" in said
    assert "five zero zero" not in said


@pytest.mark.parametrize(
    ("said", "digits"),
    [
        ("nought point five milligrams", "0.5 milligrams"),
        ("give point five milligrams", "give 0.5 milligrams"),
        ("at that point two doses were given", "at that point 2 doses were given"),
        ("two and a half tablets", "2.5 tablets"),
        ("one-and-a-half tablets", "1.5 tablets"),
        ("2 and a half hours", "2.5 hours"),
        ("two and a half-lives", "2 and a half-lives"),
        ("three and a quarter", "3.25"),
        ("one hundred and two hundred milligrams", "100 and 200 milligrams"),
        ("one thousand and two thousand units", "1000 and 2000 units"),
        ("five hundred and five thousand", "505000"),
        ("two point four million units", "2400000 units"),
        ("2.4 million units", "2400000 units"),
        ("one hundred and forty over ninety", "140 over 90"),
    ],
)
def test_number_words_are_the_number_that_is_meant(said: str, digits: str) -> None:
    assert with_digits(said) == digits


async def test_a_sentence_goes_on_after_an_abbreviation() -> None:
    async def stream() -> AsyncGenerator[Delta, None]:
        for piece in (
            "Give 10 mg, max. IV dose 20 mg/day [1]. ",
            "Avoid St. John's wort. ",
            "Stop.",
        ):
            yield piece

    assert [one async for one in written(stream(), [])] == [
        "Give 10 mg, max. IV dose 20 mg/day [1].", "Avoid St. John's wort.", "Stop.",
    ]  # fmt: skip


def test_what_was_heard_maps_back_to_what_was_shown() -> None:
    wording = word("Give 1.5 mg/kg (max. 90 mg) IV now.")
    words = wording.spoken.split()
    assert words[:8] == "Give one point five milligrams per kilogram, maximum".split()
    assert wording.shown_after(0) == ""
    assert wording.shown_after(1) == "Give"
    assert wording.shown_after(3) == "Give"  # half a number is not a dose
    assert wording.shown_after(4) == "Give 1.5"
    assert wording.shown_after(7) == "Give 1.5 mg/kg"
    assert wording.shown_after(8) == "Give 1.5 mg/kg (max."
    assert wording.shown_after(len(words)) == wording.shown


def test_a_silent_sign_counts_once_the_next_word_was_said() -> None:
    wording = word("mild — moderate")
    assert wording.spoken == "mild, moderate"
    assert wording.shown_after(1) == "mild"
    assert wording.shown_after(2) == "mild — moderate"


_UNITS = ["mg", "mcg", "µg", "g", "units", "mL", "mmol/L", "mg/kg", "mcg/kg/min", "%", "mmHg", "h"]
_amounts = st.one_of(
    st.integers(0, 999_999).map(str),
    st.decimals(0, 9999, places=2, allow_nan=False).map(lambda d: f"{d:f}"),
    st.integers(1000, 999_999).map(lambda n: f"{n:,}"),
)


@settings(max_examples=300, deadline=None)
@given(_amounts, st.sampled_from(_UNITS), st.sampled_from(["", "insulin ", "give ", "< ", "≥"]))
def test_no_number_is_dropped_or_changed(amount: str, unit: str, before: str) -> None:
    said = word(f"{before}{amount} {unit}").spoken
    assert numbers_said(said)[0] == pytest.approx(float(amount.replace(",", "")))


@settings(max_examples=200, deadline=None)
@given(st.lists(_amounts, min_size=1, max_size=4), st.sampled_from(_UNITS))
def test_every_number_of_a_sentence_is_said_in_order(amounts: list[str], unit: str) -> None:
    said = word(" and ".join(f"{amount} {unit}" for amount in amounts)).spoken
    assert numbers_said(said) == pytest.approx([float(a.replace(",", "")) for a in amounts])


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="abIVx 0159.,<>=-–—/()%µgmL+^", max_size=60))
def test_every_shown_token_is_kept_for_any_text(text: str) -> None:
    shown = word(text).shown
    squeezed = re.sub(r"[\s0.]", "", text)
    assert re.sub(r"[\s0.]", "", shown) == squeezed
    for digit in "159":
        assert text.count(digit) == shown.count(digit)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80))
def test_any_text_at_all_is_worded(text: str) -> None:
    wording = word(text)
    assert wording.shown_after(len(wording.spoken.split())) == wording.shown


_marks = st.sampled_from(
    "x X 5 10 1/2 3/7 4-6/52 - − – + ⁺ ⁶ / * ° 2 to No . £ million mg mL /kg kg−1 m−2 IV VI II-IV "
    "BD PO im age ( ) = √ ≤ ' \" th HER2 ER and B-cell Na → ↑ d1 3a % 24 h PE min. # 0 e 10⁹ 12:30 "
    "12.03.2024 NEWS2 | µ-opioid χ² tabs OD ON ac".split()
)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(_marks, st.sampled_from(["", " "])), max_size=9))
def test_any_row_of_clinical_marks_is_worded_and_shown_whole(row: list[tuple[str, str]]) -> None:
    text = "".join(mark + gap for mark, gap in row)
    assert re.sub(r"[\s0.]", "", word(text).shown) == re.sub(r"[\s0.]", "", text)


@pytest.mark.parametrize("text", ["insulin M3 20 units", "give 1:1000 5 mg", "at 12:30 5 mg"])
def test_two_numbers_side_by_side_are_kept_apart(text: str) -> None:
    assert re.search(r"(three|thousand|thirty), (twenty|five)", word(text).spoken)


_plain = st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=12).filter(
    lambda w: word(w).spoken == w and w not in HIGH_ALERT
)


@settings(max_examples=100, deadline=None)
@given(st.lists(_plain, min_size=1, max_size=12))
def test_plain_words_are_said_as_they_stand(words: list[str]) -> None:
    text = " ".join(words)
    assert word(text).spoken == text
    assert word(text).shown == text
