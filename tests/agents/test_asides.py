"""An answer states what it assumes and names what is missing; nothing else slips through so."""

from __future__ import annotations

import pytest

from agents.answering import clear
from agents.asides import is_aside
from agents.claims import Claim
from agents.clinician import prompt
from agents.gate import LIBRARY_SILENT
from tests.agents.evidence_made import found

FOUND = (found("The dose of gentamicin is 5 mg/kg once daily."),)


@pytest.mark.parametrize(
    "sentence",
    [
        "I assume an adult with normal renal function.",
        "This assumes that the patient is not pregnant.",
        "Assuming an adult without kidney disease and no known allergies.",
        "I need the weight and the renal function.",
        "It depends on the creatinine clearance, which you did not give.",
        "The renal function is missing.",
        "What is the weight?",
        "Please tell me the age, the weight and the creatinine.",
        "Is the patient pregnant?",
    ],
)
def test_an_assumption_and_what_is_missing_may_be_said(sentence: str) -> None:
    assert clear(sentence, FOUND) == Claim(sentence, ())


@pytest.mark.parametrize(
    "sentence",
    [
        "I assume warfarin is safe in pregnancy.",
        "I assume an adult with normal renal function, so give 10 mg/kg.",
        "I need the weight and 500 mg of vancomycin.",
        "Assuming an adult, gentamicin 7 mg/kg is given.",
        "It depends on the weight, so double the dose.",
        "What is the weight? Give 20 mg.",
        "The potassium is not given in renal failure.",
        "Tell me the potassium chloride.",
        "I assume a creatinine clearance of 60.",
    ],
)
def test_nothing_is_advised_under_cover_of_an_assumption(sentence: str) -> None:
    assert not is_aside(sentence)
    claim = clear(sentence, FOUND)
    assert claim is not None
    assert claim.text in (LIBRARY_SILENT, FOUND[0].passage.text)


@pytest.mark.parametrize("example", ["I assume an adult with normal renal function.",
                                     "I need the weight and the renal function."])  # fmt: skip
def test_the_prompt_shows_how_it_is_said(example: str) -> None:
    assert f'"{example}"' in prompt()
    assert is_aside(example)
