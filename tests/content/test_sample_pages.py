"""The sample pages are what they say: marked, sourced, precise and short enough to be spoken."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from rag.formats import markdown

LIBRARY = Path(__file__).parents[2] / "rag" / "sample_library"
QUESTIONS = Path(__file__).parents[1] / "fixtures" / "questions" / "sample_questions.yaml"
NOTICE = "Sample content, not for clinical use."
PAGES = sorted(LIBRARY.glob("*.md"))

UNIT = re.compile(
    r"""^\s?(?:
        (?:mg|mcg|g|kg|mL|L|mmol|micromol|ng|units?|mOsm|kPa|mmHg|mg·h|%|°C|×10\^9)(?![A-Za-z])
      | \s?(?:hours?|minutes?|days?|weeks?|months?|years?|seconds?)\b
    )""",
    re.VERBOSE,
)
DRUGS = (
    "adrenaline|alteplase|amiodarone|amoxicillin|apixaban|cefalexin|ciprofloxacin|edoxaban"
    "|enoxaparin|fondaparinux|furosemide|gabapentin|glucagon|hydrocortisone|idarucizumab"
    "|levetiracetam|lorazepam|magnesium sulfate|naloxone|nitrofurantoin|prednisolone"
    "|pregabalin|rivaroxaban|salbutamol|tenecteplase|ticagrelor|tranexamic acid|vancomycin"
)
DOSE = re.compile(rf"\b(?:{DRUGS})\b[^.|]*? is (\d+(?:[.–/]\d+)*)(.{{0,12}})", re.IGNORECASE)


def parts(page: Path) -> tuple[dict[str, Any], str]:
    """Front matter and body of a page."""
    _, head, body = page.read_text(encoding="utf-8").split("---\n", 2)
    about: dict[str, Any] = yaml.safe_load(head)
    return about, body.lstrip("\n")


def lines() -> Iterator[tuple[str, str]]:
    """Every line of every page, with the page's name."""
    for page in PAGES:
        for line in parts(page)[1].splitlines():
            yield page.name, line


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
class TestEachPage:
    def test_says_that_it_is_a_sample_before_anything_else(self, page: Path) -> None:
        about, body = parts(page)
        assert body.splitlines()[0] == NOTICE
        assert about["notice"] == NOTICE
        assert about["sample"] is True

    def test_names_each_source_with_its_year(self, page: Path) -> None:
        about, _ = parts(page)
        assert about["sources"]
        for source in about["sources"]:
            assert set(source) == {"name", "year"}
            assert len(source["name"]) > 10
            assert 1970 <= source["year"] <= datetime.datetime.now(datetime.UTC).year
        assert about["year"] == max(source["year"] for source in about["sources"])

    def test_loads_with_its_title_its_sources_and_its_sections(self, page: Path) -> None:
        about, _ = parts(page)
        text = markdown.load(page.read_bytes(), page.name)
        assert text.title == about["title"]
        assert text.sample
        assert text.year == about["year"]
        assert text.edition == about["edition"]
        for source in about["sources"]:
            assert f"{source['name']} ({source['year']})" in text.source
        assert len({block.section for block in text.blocks}) >= 4

    def test_is_short_enough_to_be_read_at_a_glance(self, page: Path) -> None:
        words = parts(page)[1].split()
        assert 350 <= len(words) <= 800

    def test_has_tables_whose_rows_are_all_as_wide_as_their_header(self, page: Path) -> None:
        width = 0
        for line in parts(page)[1].splitlines():
            if line.startswith("|"):
                width = width or line.count("|")
                assert line.count("|") == width, line
            else:
                width = 0


def test_there_are_enough_pages_and_no_two_share_a_title() -> None:
    titles = [parts(page)[0]["title"].casefold() for page in PAGES]
    assert len(PAGES) >= 25
    assert len(set(titles)) == len(titles)


def test_numbers_and_units_are_written_in_one_way() -> None:
    """No bare microgram sign, no trailing zero in a dose, no naked decimal point, no hyphen
    where a range needs a dash, no space before a percent sign, no U for units."""
    wrong = re.compile(
        r"µ|μ|\bmicrograms?\b|\bmcgs\b|\b\d+\.0 (?:mg|g|mcg)\b|(?<![\d.])\.\d|\d ?- ?\d"
        r"|\d %|\b\d+ ?(?:U|IU)\b|\bcc\b|\b(?:QD|BID|TID|QDS|TDS|BD|OD)\b|\d(?:mg|mcg|mL|g/L)\b"
    )
    found = [(name, hit[0], line) for name, line in lines() if (hit := wrong.search(line))]
    assert not found


def test_a_dose_that_follows_its_drug_has_a_unit() -> None:
    doses = [(name, hit) for name, line in lines() for hit in DOSE.finditer(line)]
    assert len(doses) > 60
    bare = [
        (name, hit[0])
        for name, hit in doses
        if not UNIT.match(hit[2]) and not hit[2].startswith((" or ", " times"))
    ]
    assert not bare


def test_sentences_name_their_subject_and_speak_plainly() -> None:
    """A sentence is quoted aloud alone, so it never begins with a word that points back."""
    pointing = re.compile(
        r"(?:^|[.:] )(?:It|They|This|These|Those|Its|He|She) |click here|see above|see below|TODO",
        re.IGNORECASE,
    )
    found = [(name, line) for name, line in lines() if pointing.search(line)]
    assert not found


def test_questions_ask_pages_that_carry_the_expected_facts() -> None:
    asked = yaml.safe_load(QUESTIONS.read_text(encoding="utf-8"))
    questions = asked["questions"]
    assert len(questions) == 40
    assert len({question["document"] for question in questions[:20]}) == 20
    assert len({question["text"] for question in questions}) == 40
    for question in questions:
        page = LIBRARY / question["document"]
        assert page.is_file(), question["document"]
        assert question["expected_facts"]
        for fact in question["expected_facts"]:
            assert fact in parts(page)[1], (question["document"], fact)


def test_every_page_is_asked_for() -> None:
    asked = yaml.safe_load(QUESTIONS.read_text(encoding="utf-8"))
    assert {question["document"] for question in asked["questions"]} == {p.name for p in PAGES}


def test_refusals_are_fifteen_and_say_why() -> None:
    asked = yaml.safe_load(QUESTIONS.read_text(encoding="utf-8"))
    assert len(asked["refusals"]) == 15
    assert all(refusal["text"] and refusal["why"] for refusal in asked["refusals"])
