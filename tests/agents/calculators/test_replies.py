"""A calculation under way: several values at once, corrections, and numbers that speech blurs."""

from __future__ import annotations

import pytest

from agents.tools.calculators.repairs import repaired
from agents.tools.dialogue import calculate_by_voice

CLEARANCE = ("work out the creatinine clearance", "72", "female", "60 kilos")
GAP = ("anion gap sodium 140", "100", "24")


def heard(*turns: str) -> str:
    """What is said to the last of `turns`; "" where it is no part of the calculation."""
    history: list[tuple[str, str]] = []
    text = ""
    for said in turns:
        answer = calculate_by_voice(history, said)
        text = answer.text if answer else ""
        history.append((said, text))
    return text


@pytest.mark.parametrize(
    ("turns", "told"),
    [
        ((*CLEARANCE, "no, sixty-eight kilos", "95"), "weight 68 kg, creatinine 95 µmol/L"),
        ((*CLEARANCE, "no, sixty-eight", "95"), "weight 68 kg, creatinine 95 µmol/L"),
        ((*CLEARANCE, "I meant sixty-eight", "95"), "weight 68 kg, creatinine 95 µmol/L"),
        ((*CLEARANCE, "sorry, the weight is 68", "95"), "weight 68 kg, creatinine 95 µmol/L"),
        ((*CLEARANCE, "the weight is 68", "95"), "weight 68 kg, creatinine 95 µmol/L"),
        ((*CLEARANCE, "not 60, 68", "95"), "weight 68 kg, creatinine 95 µmol/L"),
        ((*CLEARANCE, "the weight is 68 kilos", "95"), "weight 68 kg, creatinine 95 µmol/L"),
        ((*CLEARANCE, "I meant male", "95"), "sex: male, weight 60 kg"),
        ((*CLEARANCE, "95", "no, the creatinine is 130"), "creatinine 130 µmol/L"),
        ((*CLEARANCE, "95", "no, 130"), "creatinine 130 µmol/L"),
        ((*CLEARANCE, "95", "sorry, sixty-eight kilos"), "weight 68 kg, creatinine 95 µmol/L"),
        (("egfr", "720", "no, 72", "female", "95"), "age 72 years"),
        (("egfr", "seventy two, sorry, seventy five", "female", "95"), "age 75 years"),
        ((*GAP, "no, 22"), "bicarbonate 22 mmol/L"),
        ((*GAP, "no, 22", "no, 23"), "bicarbonate 23 mmol/L"),
        (("mean arterial pressure 140 over 90", "no, 150 over 90"), "systolic blood pressure 150"),
        (("due date", "the third of march", "sorry, the thirteenth of march"), "13 March"),
    ],
)
def test_a_correction_changes_the_value_it_is_about(turns: tuple[str, ...], told: str) -> None:
    assert told in heard(*turns)


def test_a_number_that_may_answer_or_take_back_is_asked_for_with_its_name() -> None:
    assert (
        heard(*CLEARANCE, "sorry, 68") == "Say it with its name, please: age, weight or creatinine."
    )
    assert "weight 60 kg, creatinine 68 µmol/L" in heard(*CLEARANCE, "sorry, 68", "creatinine 68")
    whole = "anion gap sodium 140 chloride 100 bicarb 24"
    assert (
        heard(whole, "no, 22") == "Say it with its name, please: sodium, chloride or bicarbonate."
    )
    assert "bicarbonate 22 mmol/L" in heard(whole, "no, 22", "bicarb 22")


@pytest.mark.parametrize(
    "said",
    ["no, what's the dose of apixaban 5 mg", "which antibiotic for bicarb 22", "thank you"],
)
def test_what_is_no_correction_of_a_told_result_is_no_part_of_it(said: str) -> None:
    assert heard(*GAP, said) == ""


@pytest.mark.parametrize(
    ("turns", "told"),
    [
        (("mean arterial pressure", "one twenty over eighty"), ": 93 mmHg"),
        (("anion gap", "140, chloride 100 and bicarb 24"), ": 16 mmol/L"),
        (("anion gap", "sodium 140 chloride 100 bicarbonate 24"), ": 16 mmol/L"),
        (("mme", "oxycodone", "20 mg twice a day"), "daily dose 40 mg/day"),
        (("mme for oxycodone 20 mg every six hours",), "daily dose 80 mg/day"),
        (("mme", "oxycodone", "20 mg every five hours"), "What is the total dose in 24 hours"),
        (("wells score", "dvt"), "Cancer, treated in the past 6 months or palliative"),
        (("wells score", "the second one"), "Which one: "),
    ],
)
def test_a_reply_gives_all_that_is_said_in_it(turns: tuple[str, ...], told: str) -> None:
    assert told in heard(*turns)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("bmi six foot eleven stone", "weight 11 stone, height 6 ft"),
        ("bmi of 11 stone and 6 foot", "weight 11 stone, height 6 ft"),
        ("bmi six foot eleven stone four", "weight 158 lb, height 6 ft"),
        ("bmi five foot one seventy kilos", "weight 70 kg, height 61 in"),
        ("bmi 70 kg 5 foot 10 and a half", "height 70.5 in"),
        ("maintenance fluids for ten kilos five hundred grams", "weight 10.5 kg"),
        ("convert hydrocortisone 100 mg four times a day to prednisolone", ": 100 mg of"),
    ],
)
def test_sizes_and_doses_said_in_two_parts_are_one(said: str, told: str) -> None:
    assert told in heard(said)


def test_no_of_one_criterion_answers_for_no_other() -> None:
    asked = ("chads vasc", "72", "female", "no")
    assert heard(*asked) == "Hypertension: yes or no?"
    assert heard(*asked, "no diabetes") == "Hypertension: yes or no?"
    assert heard(*asked, "no, but she has diabetes").startswith("Previous stroke")


@pytest.mark.parametrize(
    ("reply", "points"),
    [("no", 4), ("no cough", 4), ("absent", 4), ("yes", 3), ("yes she has a cough", 3)],
)
def test_an_absence_is_asked_for_so_that_no_means_that_it_is_absent(
    reply: str, points: int
) -> None:
    asked = ("centor score", "yes")
    assert heard(*asked) == "Cough: yes or no?"
    assert f": {points} points" in heard(*asked, reply, "yes", "yes")


def test_another_patient_keeps_nothing_of_the_one_before() -> None:
    first = "creatinine clearance 70 year old man 70 kilos"
    assert heard(first, "creatinine clearance 80 year old woman").startswith("What is the weight")


@pytest.mark.parametrize(
    ("said", "asks"),
    [
        ("egfr 55 year old woman creatinine one two five", "What is the creatinine"),
        ("corrected sodium glucose 30 sodium one three eight", "What is the sodium?"),
        ("bmi weight six eight kilos height 170", "What is the weight"),
        ("bmi height 170 seventy to eighty kilos", "What is the weight"),
        ("bmi height 170 seventy or eighty kilos", "What is the weight"),
        ("egfr 55 year old woman creatinine was 95 last month now 130", "What is the creatinine"),
        ("egfr 55 year old woman creatinine 95 yesterday", "What is the creatinine"),
        ("mme for oxycodone five to ten milligrams four times a day", "What is the total dose"),
        ("mean arterial pressure 80 over 120", "The diastolic blood pressure cannot be above the"),
        ("transferrin saturation iron 80 micromoles tibc 40 micromoles", "The serum iron cannot"),
    ],
)
def test_a_number_that_is_not_one_clear_number_is_asked_for(said: str, asks: str) -> None:
    assert heard(said).startswith(asks)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("creatinine 95 , no , 130", "creatinine 130"),
        ("weight 60 kilos , sorry , 68", "weight 68 kilos"),
        ("80 kilos 1 metre 70 , make that 85 kilos", "1 metre 70 85 kilos"),
        ("sodium 140 no chloride 100", "sodium 140 no chloride 100"),
        ("temp 38 5", "temp 38.5"),
        ("temperature is 38 5 degrees", "temperature is 38.5 degrees"),
        ("temp 38 5 litres of oxygen", "temp 38 5 litres of oxygen"),
        ("temp 38 5 days of cough", "temp 38 5 days of cough"),
        ("ph 7 3 5", "ph 7.35"),
        ("ph of 7 35", "ph of 7.35"),
    ],
)  # fmt: skip
def test_what_speech_blurs_is_put_right(text: str, meant: str) -> None:
    assert repaired(text) == meant


def test_urea_in_milligrams_is_asked_for_as_the_molecule_or_its_nitrogen() -> None:
    asked = "Is the urea 54 in mg/dL of urea nitrogen, mmol/L or mg/dL of urea?"
    begun = ("calculate the bisap score", "54 milligrams per decilitre")
    rest = ("no", "no", "50", "no")
    assert heard(*begun) == asked
    assert heard(*begun, "milligrams per decilitre") == asked
    assert "from urea 54 mg/dL urea" in heard(*begun, "milligrams per decilitre of urea", *rest)
    assert "from urea nitrogen 54 mg/dL" in heard(*begun, "urea nitrogen", *rest)
    assert "from urea nitrogen 54 mg/dL" in heard(
        begun[0], "bun 54 milligrams per decilitre", *rest
    )


@pytest.mark.parametrize(
    "rate", ["thirty mls an hour", "thirty an hour", "0.5 ml per kilo per hour"]
)
def test_an_hourly_urine_output_is_not_taken_for_that_of_a_day(rate: str) -> None:
    begun = "calculate the sofa score urine output"
    assert "That unit does not fit the urine output." in heard(f"{begun} {rate}")
