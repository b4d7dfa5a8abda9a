"""A misheard drug is put right where it is clear, asked about where it is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from agents.follow_ups import rewrite_query
from agents.formulary import drugs
from agents.lookalike import hear, pairs, settle, tall_man

SAMPLE = Path(__file__).parents[2] / "rag" / "sample_library"


def test_the_lists_are_large_enough() -> None:
    assert len(pairs()) >= 120
    assert len(drugs()) >= 600


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("what is the dose of hydrolazine", "what is the dose of hydralazine"),
        ("rivaroxiban in renal failure", "rivaroxaban in renal failure"),
        ("enox aparin dose", "enoxaparin dose"),
        ("met formin and contrast", "metformin and contrast"),
        ("amio durone loading dose", "amiodarone loading dose"),
        ("lamotrigene dose", "lamotrigine dose"),
        ("metropolol dose", "metoprolol dose"),
        ("apixiban", "apixaban"),
        ("what is the vancomycin trough target", "what is the vancomycin trough target"),
        ("how do i treat severe hyperkalaemia", "how do i treat severe hyperkalaemia"),
    ],
)
def test_a_clear_mishearing_is_put_right(said: str, meant: str) -> None:
    assert hear(said).text == meant
    assert hear(said).question == ""


def test_where_two_names_survive_one_short_question_is_asked() -> None:
    heard = hear("what is the dose of hydraloxyzine")
    assert set(heard.between) == {"hydralazine", "hydroxyzine"}
    assert heard.question in (
        "Did you say hydralazine or hydroxyzine?", "Did you say hydroxyzine or hydralazine?",
    )  # fmt: skip
    assert len(heard.question.split()) <= 6


BLENDS = """buprirone bupropion buspirone, amlodarone amlodipine amiodarone, tramodone tramadol
    trazodone, azathiomycin azithromycin azathioprine, celeopram celecoxib citalopram, sertrizine
    cetirizine sertraline, chlorprzepoxide chlordiazepoxide chlorpromazine, clobzepam clobazam
    clonazepam, clozidine clonidine clozapine, dabigroban dabigatran argatroban, dexmedethasone
    dexamethasone dexmedetomidine, desipramide desipramine disopyramide, diltepam diazepam
    diltiazem, doxoxin digoxin doxepin, disopydamole dipyridamole disopyramide, edoxparin edoxaban
    enoxaparin, esomepolol esmolol esomeprazole, famotemide famotidine furosemide, glipazide
    glipizide gliclazide, fluvoetine fluoxetine fluvoxamine, levothrigine lamotrigine
    levothyroxine, levetioxacin levetiracetam levofloxacin, lamotudine lamivudine lamotrigine,
    losaopril lisinopril losartan, misoprolol metoprolol misoprostol, metronzolam midazolam
    metronidazole, prometperazine promethazine prochlorperazine, raloxirole ropinirole raloxifene,
    sitagaline sertraline sitagliptin, sumatliptin sumatriptan sitagliptin, tamsulimus tacrolimus
    tamsulosin, tiagidine tizanidine tiagabine, vincrelbine vincristine vinorelbine, tacrolosin
    tacrolimus tamsulosin, zolpclone zolpidem zopiclone, metolrexate methotrexate metolazone"""


@pytest.mark.parametrize("blend", [one.split() for one in BLENDS.split(",")])
def test_a_name_that_mixes_two_is_asked_about_and_not_settled(blend: list[str]) -> None:
    said, *names = blend
    heard = hear(f"what is the dose of {said}")
    assert set(heard.between) == set(names)
    history = [(f"what is the dose of {said}", heard.question)]
    assert settle(history, names[1]) == f"what is the dose of {names[1]}"


def test_a_name_that_was_heard_right_is_never_asked_about() -> None:
    names = [name.lower() for name in drugs()]
    assert len(names) >= 600
    assert [name for name in names if hear(f"what is the dose of {name}").question] == []
    assert [name for name in names if name not in hear(f"is {name} safe").text] == []


def test_a_small_misspelling_is_put_right_or_asked_about_with_the_name_that_was_meant() -> None:
    names = [name for name in drugs() if name.isalpha() and name.islower() and len(name) >= 8]
    settled = 0
    for name in names[::3]:
        middle = len(name) // 2
        heard = hear(f"dose of {name[:middle]}{name[middle + 1 :]}")
        settled += name in heard.text
        assert name in heard.text or name in heard.between or not heard.question, name
    assert settled >= 0.85 * len(names[::3])


def test_the_conversations_own_drug_settles_it() -> None:
    heard = hear("and the maximum of hydraloxyzine", settled=("hydralazine",))
    assert heard.question == ""
    assert "hydralazine" in heard.text


@pytest.mark.parametrize(
    "reply", ["hydralazine", "the second one", "I said hydralazine", "hydrolazine"]
)
def test_the_answer_to_the_question_completes_the_first_one(reply: str) -> None:
    question = "What is the dose of hydraloxyzine?"
    history = [(question, hear(question).question)]
    assert history[0][1] == "Did you say hydroxyzine or hydralazine?"
    assert settle(history, reply) == "What is the dose of hydralazine?"
    assert rewrite_query(history, reply) == "What is the dose of hydralazine?"
    assert settle([], reply) == reply
    cut_off = [(history[0][0], "Did you say hydroxyzine")]
    assert settle(cut_off, reply) == "What is the dose of hydralazine?"


def test_words_of_the_library_are_not_taken_for_drugs() -> None:
    changed = [
        line
        for page in SAMPLE.glob("*.md")
        for line in page.read_text("utf-8").splitlines()[12:60:3]
        if hear(line).text != line
    ]
    assert changed == []


def test_the_screen_shows_look_alikes_in_tall_man_letters() -> None:
    assert (
        tall_man("Hydralazine, not hydroxyzine, 25 mg.") == "hydrALAZINE, not hydrOXYzine, 25 mg."
    )
    assert tall_man("Aspirin 75 mg.") == "Aspirin 75 mg."
