"""Without a model the library is quoted: the sentences that answer, with their source said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agents.claims import Claim
from agents.extractive import MORE_ON_CARD, MOST_WORDS, answer
from agents.wording import word
from tests.agents.evidence_made import ACCOUNT, evidence, found, page


@pytest.mark.parametrize(
    ("name", "question", "expected"),
    [
        (
            "hyperkalaemia",
            "what is the dose of calcium gluconate in hyperkalaemia",
            "30 mL (6.8 mmol)",
        ),
        ("hyperkalaemia", "how much insulin and glucose do I give for hyperkalaemia", "10 units"),
        ("anaphylaxis", "adrenaline dose in anaphylaxis for adults", "500"),
        (
            "status-epilepticus",
            "what is the first line drug for status epilepticus",
            "benzodiazepine",
        ),
        ("blood-transfusion", "what is the haemoglobin threshold for transfusion", "70 g/L"),
    ],
)
def test_the_first_sentence_answers_the_question(name: str, question: str, expected: str) -> None:
    claims = answer(question, page(name))
    assert expected in claims[0].text
    assert claims[0].text.startswith("From ")


def test_what_is_said_further_holds_what_was_asked_for() -> None:
    doses = (
        "Adrenaline for anaphylaxis in adults is 500 mcg intramuscularly. "
        "The intramuscular dose of adrenaline for anaphylaxis has worked within 5 minutes."
    )
    known = evidence(found(doses, "Anaphylaxis"))
    claims = answer("what is the intramuscular dose of adrenaline in anaphylaxis", known)
    assert [claim.text for claim in claims] == [
        "From Anaphylaxis: Adrenaline for anaphylaxis in adults is 500 mcg intramuscularly."
    ]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("how long do i treat cellulitis", "Antibiotics for cellulitis are given for 7 days."),
        ("how is cellulitis treated", "Give flucloxacillin 1 g four times a day."),
        (
            "what dose of flucloxacillin if cellulitis persists",
            "Give flucloxacillin 1 g four times a day.",
        ),
    ],
)
def test_a_figure_is_found_in_whichever_section_it_stands(question: str, said: str) -> None:
    known = evidence(
        found("Give flucloxacillin 1 g four times a day.", "Cellulitis", "Treatment"),
        found("Antibiotics for cellulitis are given for 7 days.", "Cellulitis", "Course"),
    )
    assert answer(question, known)[0].text == f"From Cellulitis: {said}"


def test_the_page_about_the_illness_and_its_plain_case_come_first() -> None:
    known = evidence(
        found("Apixaban in pulmonary embolism is 10 mg.", "Renal dosing", "Dose in embolism"),
        found("Alteplase is 100 mg over 2 hours.", "Pulmonary embolism", "Massive: treatment"),
        found("Rivaroxaban is 15 mg twice daily.", "Pulmonary embolism", "Treatment"),
    )
    [claim, *_] = answer("how is pulmonary embolism treated", known)
    assert claim.text == "From Pulmonary embolism: Rivaroxaban is 15 mg twice daily."


def test_a_section_is_read_from_its_beginning() -> None:
    signs = "There is new pain at night in cord compression. Cord compression ends bladder control."
    known = evidence(found(signs, "Cord compression", "Suspect it when"))
    claims = answer("what are the signs of cord compression", known)
    assert [claim.text for claim in claims] == [
        "From Cord compression: There is new pain at night in cord compression.",
        "Cord compression ends bladder control.",
    ]


def test_what_is_written_first_is_said_first() -> None:
    first = found("Give propranolol 60 mg by mouth.", "Thyroid storm", "Drug treatment")
    later = found("Give lithium 300 mg by mouth.", "Thyroid storm", "Drug treatment", score=0.95)
    same_page = replace(later.passage, document_id=first.passage.document_id, ordinal=1)
    known = evidence(first, replace(later, passage=same_page))
    assert "propranolol" in answer("what do i give for thyroid storm", known)[0].text


def test_initial_treatment_is_no_loading_dose() -> None:
    known = evidence(found("Give dexamethasone 0.15 mg/kg.", "Croup", "Treatment"))
    assert "0.15 mg/kg" in answer("initial treatment of croup", known)[0].text


def test_a_dose_for_prophylaxis_is_not_said_for_treatment() -> None:
    lines = (
        "Enoxaparin for prophylaxis is 40 mg once daily.\n"
        "Enoxaparin for treatment is 1 mg/kg twice daily."
    )
    one = found(lines, "Enoxaparin")
    for asked, said in (("treatment", "1 mg/kg twice"), ("prophylaxis", "40 mg once")):
        [claim] = answer(f"what is the dose of enoxaparin for {asked}", evidence(one))
        assert said in claim.text


def test_a_question_that_cuts_in_with_stop_is_answered() -> None:
    known = page("hyperkalaemia")
    claims = answer("stop, how is hyperkalaemia treated", known)
    assert claims == answer("how is hyperkalaemia treated", known)
    assert claims[0].citations


def test_sentences_are_quoted_whole_and_cited() -> None:
    known = page("hyperkalaemia")
    claims = answer("what is the dose of calcium gluconate in hyperkalaemia", known)
    assert 1 <= len(claims) <= 3
    for claim in claims:
        [cited] = claim.citations
        passage = next(one.passage for one in known.found if one.passage.id == cited)
        assert claim.text.split(": ", 1)[-1].rstrip(".") in passage.text


def test_a_superseded_edition_is_said_to_be_one() -> None:
    old = found(
        "Apixaban is 5 mg twice daily in atrial fibrillation.",
        "Atrial fibrillation",
        edition="2019",
        superseded=True,
    )
    [claim] = answer("what is the dose of apixaban in atrial fibrillation", evidence(old))
    assert claim.text == (
        "From Atrial fibrillation, 2019 edition, superseded: "
        "Apixaban is 5 mg twice daily in atrial fibrillation."
    )


def test_the_first_clause_is_short_enough_to_be_spoken_at_once() -> None:
    title = "The emergency management of severe and refractory hyperkalaemia in the adult patient"
    one = found("Calcium gluconate 10% in hyperkalaemia is 30 mL.", title)
    [claim] = answer("what is the dose of calcium gluconate", evidence(one))
    first = word(claim.text).spoken.replace(":", ",").split(",")[0]
    assert len(first.split()) <= 8


def test_a_sentence_that_leans_on_the_one_before_does_not_come_first() -> None:
    one = found("It is 5 mg daily for warfarin. Warfarin is started at 5 mg daily.", "Warfarin")
    assert "Warfarin is started at 5 mg" in answer("dose of warfarin", evidence(one))[0].text


def test_a_figure_in_the_question_finds_the_range_that_holds_it() -> None:
    one = found(
        "Enoxaparin with CrCl 30–60 mL/min is 40 mg once daily. "
        "Enoxaparin with CrCl 15–29 mL/min is 20 mg once daily.",
        "Renal dosing",
    )
    claims = answer("dose of enoxaparin with creatinine clearance 20 mL/min", evidence(one))
    assert "20 mg once daily" in claims[0].text


def test_an_item_is_read_with_the_line_that_leads_to_it() -> None:
    one = found(
        "Acetylcysteine is given in these cases:\na staggered paracetamol overdose;", "Overdose"
    )
    [claim] = answer("when is acetylcysteine given in a staggered overdose", evidence(one))
    assert "Acetylcysteine is given in these cases: a staggered paracetamol overdose." in claim.text


def test_another_name_for_a_condition_counts_as_its_name() -> None:
    one = found(
        "Calcium is given in hyperkalaemia with ECG changes. Calcium is kept in the fridge.", "Ca"
    )
    claims = answer("when do you give calcium in high potassium", evidence(one))
    assert "in hyperkalaemia with ECG changes" in claims[0].text


@pytest.mark.parametrize(
    ("text", "title", "question", "expected"),
    [
        ("Gentamicin is limited to 7 days. Aminoglycosides are used in pregnancy only when no "
         "safer drug works.", "Gentamicin", "is gentamicin safe in pregnancy", "only when no"),
        ("Alteplase is 0.9 mg/kg. Blood pressure before thrombolysis must be 185/110 mmHg or "
         "lower.", "Stroke", "blood pressure limit before alteplase", "185/110"),
        ("Severe symptoms of hyponatraemia are vomiting and seizures. Hypertonic saline for severe "
         "hyponatraemia is 150 mL of 3% sodium chloride.", "Hyponatraemia",
         "seizure from low sodium", "150 mL"),
        ("The target blood pressure in pregnancy is 135/85 mmHg. Labetalol is the first-line drug "
         "for hypertension in pregnancy.", "Pregnancy", "which antihypertensive in pregnancy",
         "Labetalol"),
        ("Levetiracetam with CrCl 30–50 mL/min is 250 mg. Levetiracetam for status epilepticus is "
         "60 mg/kg as a single dose.", "Levetiracetam", "levetiracetam loading dose", "60 mg/kg"),
        ("Naloxone 2 mg is given if there is still no response. Naloxone in adults is 400 mcg at "
         "first.", "Naloxone", "naloxone dose", "400 mcg"),
        ("Thrombectomy is offered within 6 hours of onset. Alteplase is started within 4.5 hours "
         "of onset.", "Stroke", "alteplase time window", "4.5 hours"),
        ("Vancomycin causes flushing. Vancomycin runs no faster than 10 mg/min.", "Vancomycin",
         "vancomycin infusion rate", "10 mg/min"),
    ],
)  # fmt: skip
def test_the_sentence_holds_the_kind_of_thing_that_was_asked_for(
    text: str, title: str, question: str, expected: str
) -> None:
    assert expected in answer(question, evidence(found(text, title)))[0].text


def test_the_rows_of_a_table_that_fit_alike_are_said_as_they_are_written() -> None:
    rows = (
        "Serum potassium: above 5.5 mmol/L; Potassium in the infusion: none.\n"
        "Serum potassium: 3.5–5.5 mmol/L; Potassium in the infusion: 40 mmol/L.\n"
        "Serum potassium: below 3.5 mmol/L; Potassium in the infusion: senior review."
    )
    claims = answer("potassium replacement in dka", evidence(found(rows, "Ketoacidosis (DKA)")))
    assert [claim.text.split("infusion: ")[1] for claim in claims] == [
        "none.",
        "40 mmol/L.",
        "senior review.",
    ]


def test_what_no_longer_fits_into_half_a_minute_is_left_on_the_card() -> None:
    doses = " ".join(
        f"Give {dose} mg of adrenaline in anaphylaxis {'and look at the patient again ' * 4}"
        f"when the weight is {weight} kg."
        for dose, weight in ((10, 40), (20, 60), (30, 80))
    )
    known = evidence(found(doses, "Anaphylaxis"))
    claims = answer("what is the dose of adrenaline in anaphylaxis", known)
    assert claims[-1] == Claim(MORE_ON_CARD, ())
    quoted = claims[:-1]
    assert quoted
    assert sum(len(one.text.split()) for one in quoted) < MOST_WORDS + 5
    assert all(one.text.endswith("kg.") for one in quoted)


@pytest.mark.parametrize(
    ("told", "question", "text", "title", "expected"),
    [
        ("her potassium is six point eight", "what should i give first",
         "Calcium gluconate in hyperkalaemia is 30 mL intravenously.", "Hyperkalaemia", "30 mL"),
        ("on dabigatran for years", "how do i reverse it",
         "Warfarin is reversed with vitamin K 5 mg. Dabigatran is reversed with idarucizumab 5 g.",
         "Bleeding", "idarucizumab"),
        ("after a hip replacement", "how long should she stay on rivaroxaban",
         "Rivaroxaban after knee replacement is for 2 weeks. Rivaroxaban after hip replacement is "
         "for 5 weeks.", "Prophylaxis", "5 weeks"),
        ("her weight is fifty two kilos", "what dose of edoxaban should she be on",
         "Edoxaban is 60 mg once daily with a weight above 60 kg. Edoxaban is 30 mg once daily "
         "with a weight of 60 kg or less.", "Edoxaban", "30 mg"),
        ("with normal renal function", "what is the dose of apixaban for a dvt",
         "Apixaban for deep vein thrombosis is 10 mg twice daily.", "DVT", "10 mg"),
    ],
)  # fmt: skip
def test_the_question_at_the_end_of_an_account_is_answered_for_its_patient(
    told: str, question: str, text: str, title: str, expected: str
) -> None:
    claims = answer(ACCOUNT.format(told) + question, evidence(found(text, title)))
    assert expected in claims[0].text


def test_a_follow_up_is_answered_as_it_was_searched() -> None:
    one = found(
        "Metoprolol in heart failure is 12.5 mg. Metoprolol in atrial fibrillation is 5 mg over 2 "
        "minutes."
    )
    known = evidence(one, question="dose of metoprolol in atrial fibrillation")
    assert "over 2 minutes" in answer("and metoprolol", known)[0].text


@pytest.mark.parametrize(
    ("text", "question", "expected"),
    [
        ("Fresh frozen plasma is not used for reversal. Fresh frozen plasma is considered when the "
         "APTT ratio is above 1.5.", "when is ffp given", "above 1.5"),
        ("Blood pressure before thrombolysis must be 185/110 mmHg or lower. Blood pressure for the "
         "first 24 hours after thrombolysis is kept below 180/105 mmHg.",
         "bp target post thrombolysis", "180/105"),
        ("Furosemide without an oral diuretic is 20 mg. Furosemide with an oral diuretic is 1 to 2 "
         "times the oral dose.", "furosemide dose already on oral diuretic", "1 to 2 times"),
        ("A benzodiazepine is the first-line drug in seizures. Levetiracetam is the second-line "
         "drug in seizures.", "which drug for seizures if lorazepam hasn't worked", "Levetirac"),
        ("SIADH is suggested by urine sodium above 30 mmol/L. SIADH: fluid restriction is "
         "first-line treatment.", "siadh first line", "fluid restriction"),
        ("Vasopressin with noradrenaline is 0.03 units/min. Noradrenaline is 0.1 mcg/kg/min.",
         "noradrenaline dose", "0.1 mcg"),
        ("ECG changes of hyperkalaemia are tall T waves. Calcium gluconate in hyperkalaemia is "
         "30 mL when there are ECG changes.", "what are the ecg changes in high potassium", "tall"),
        ("Protamine 1 mg per 1 mg is given when enoxaparin was injected within 8 hours. Protamine "
         "0.5 mg per 1 mg is given when enoxaparin was injected more than 8 hours ago.",
         "protamine dose for clexane four hours ago", "1 mg per 1 mg"),
        ("Statins after acute coronary syndrome start with atorvastatin 80 mg.",
         "statin dose after mi", "80 mg"),
    ],
)  # fmt: skip
def test_the_sentence_that_fits_the_question_comes_first(
    text: str, question: str, expected: str
) -> None:
    assert expected in answer(question, evidence(found(text, "Ward handbook")))[0].text


def test_that_it_is_not_to_be_given_is_said_before_its_dose_for_something_else() -> None:
    one = found(
        "Nitrofurantoin for lower urinary tract infection is 100 mg twice daily for 7 days. "
        "Nitrofurantoin is not used for pyelonephritis.",
        "Urinary tract infection and pyelonephritis",
    )
    assert "is not used" in answer("nitrofurantoin for pyelo", evidence(one))[0].text
