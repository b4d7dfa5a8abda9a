"""A section's heading tells what it is about, a question which sections answer it."""

from __future__ import annotations

import pytest

from rag.aspects import TREATED, Aspect, aspects_asked, aspects_of, aspects_under


@pytest.mark.parametrize(
    ("heading", "about"),
    [
        ("Immediate management", Aspect.FIRST), ("What is given first?", Aspect.FIRST),
        ("Emergency protocol", Aspect.FIRST), ("Antimicrobial treatment", Aspect.TREATMENT),
        ("What is the dose of adrenaline in anaphylaxis?", Aspect.TREATMENT),
        ("Choice of antibiotic", Aspect.TREATMENT), ("Further management", Aspect.FURTHER),
        ("What else is done in anaphylaxis?", Aspect.FURTHER),
        ("When treatment is not working", Aspect.FAILURE), ("Lack of improvement", Aspect.FAILURE),
        ("If the pressure does not recover", Aspect.FAILURE), ("Recognition", Aspect.RECOGNITION),
        ("How is it diagnosed?", Aspect.DIAGNOSIS), ("Investigations", Aspect.TESTS),
        ("When can the child go home?", Aspect.DISCHARGE), ("Cautions", Aspect.AVOID),
        ("What should be monitored?", Aspect.MONITORING), ("Common causes", Aspect.CAUSES),
    ],
)  # fmt: skip
def test_a_heading_tells_what_its_section_is_about(heading: str, about: Aspect) -> None:
    assert aspects_of(heading)[0] is about


def test_a_section_about_two_things_is_about_both() -> None:
    assert aspects_of("Assessment and treatment") == (Aspect.DIAGNOSIS, Aspect.TREATMENT)
    assert Aspect.TREATMENT not in aspects_of("Treatment failure")


def test_the_innermost_heading_tells_and_the_page_s_own_tells_nothing() -> None:
    assert aspects_under(("Croup protocol", "Treatment", "Doses by age")) == (Aspect.TREATMENT,)
    assert aspects_under(("Croup protocol", "Stepping down")) == ()
    assert aspects_under(("First aid",)) == (Aspect.FIRST,)


def test_a_heading_that_names_a_thing_alone_tells_nothing() -> None:
    assert aspects_of("Vancomycin") == ()
    assert aspects_of("Women") == ()


@pytest.mark.parametrize(
    ("question", "answered_from"),
    [
        ("how do you treat croup", TREATED), ("what do i do for pancreatitis", TREATED),
        ("someone is fitting what now", TREATED), ("first steps in suspected meningitis", TREATED),
        ("what if the fever does not settle", (Aspect.FAILURE, Aspect.FURTHER)),
        ("how is gout diagnosed", (Aspect.DIAGNOSIS, Aspect.RECOGNITION, Aspect.TESTS)),
        ("when can she go home", (Aspect.DISCHARGE,)),
        ("what should i avoid in thyroid storm", (Aspect.AVOID,)),
        ("who needs admission with croup", (Aspect.ADMISSION,)),
        ("apixaban in pregnancy", ()),
    ],
)  # fmt: skip
def test_a_question_tells_which_sections_answer_it(
    question: str, answered_from: tuple[Aspect, ...]
) -> None:
    assert aspects_asked(question) == answered_from
