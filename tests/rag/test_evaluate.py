"""Scores of a question set, and the sample library held against its own questions."""

from __future__ import annotations

import math
from asyncio import to_thread
from pathlib import Path

import pytest
import yaml

from rag.evaluate import Answer, Case, evaluate, keep, read_cases
from rag.formats import markdown
from rag.library import open_library
from rag.sample import PAGES, index_sample
from storage.database import Database
from storage.documents import Documents
from storage.faults import Invalid
from tests.rag.people import CLINICIAN

QUESTIONS = Path(__file__).parents[1] / "fixtures" / "questions" / "sample_questions.yaml"


async def test_scores_are_what_their_names_say() -> None:
    answers = {
        "first": Answer((frozenset({"A"}), frozenset({"B"})), ("has 5 mg", "x"), weak=False),
        "third": Answer((frozenset({"B"}),) * 2 + (frozenset({"a"}),), ("x", "y", "z"), weak=False),
        "nowhere": Answer((), (), weak=True),
        "none": Answer((), (), weak=True),
        "invented": Answer((frozenset({"A"}),), ("x",), weak=False),
    }

    async def ask(question: str, limit: int) -> Answer:
        return answers[question]

    cases = [
        Case("first", ("A",), ("5  MG",)),
        Case("third", ("A",), ("5 mg",)),
        Case("nowhere", ("A",), ()),
        Case("none", (), ()),
        Case("invented", (), ()),
    ]
    scores = await evaluate(ask, cases)
    assert (scores.questions, scores.recall_1, scores.recall_3) == (5, 1 / 3, 2 / 3)
    assert scores.mrr == pytest.approx((1 + 1 / 3) / 3)
    assert scores.ndcg_10 == pytest.approx((1 + 1 / math.log2(4)) / 3)
    assert (scores.supported, scores.wrongly_refused) == (0.5, 1 / 3)
    assert scores.rightly_refused == 0.5


async def test_the_last_run_is_kept_for_comparison(tmp_path: Path) -> None:
    async def ask(question: str, limit: int) -> Answer:
        return Answer((), (), weak=True)

    scores = await evaluate(ask, [Case("q", (), ())])

    def twice() -> None:
        assert keep(scores, tmp_path / "runs" / "a.json") is None
        before = keep(scores, tmp_path / "runs" / "a.json")
        assert before is not None
        assert before.rightly_refused == 1

    await to_thread(twice)


def test_a_set_names_the_line_that_cannot_be_used(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text('{"question": "a", "relevant": ["T"], "facts": ["f"]}\n\n{"question": "b"}\n')
    assert read_cases(path) == [Case("a", ("T",), ("f",)), Case("b", (), ())]
    path.write_text('{"question": "a"}\nnot json\n')
    with pytest.raises(Invalid, match=r"evaluate\.line") as refused:
        read_cases(path)
    assert "Line 2" in refused.value.sentence


async def test_the_sample_library_answers_its_questions_and_refuses_the_others(
    database: Database, models: Path, tmp_path: Path
) -> None:
    def prepared() -> list[Case]:
        (tmp_path / "models").symlink_to(models / "models")
        said = yaml.safe_load(QUESTIONS.read_text())
        titles = {p.name: markdown.load(p.read_bytes(), p.name).title for p in PAGES.glob("*.md")}
        asked = [
            Case(q["text"], (titles[q["document"]],), tuple(q["expected_facts"]))
            for q in said["questions"]
        ]
        return asked + [Case(q["text"], (), ()) for q in said["refusals"]]

    cases = await to_thread(prepared)
    async with open_library(Documents(database), data=tmp_path) as library:
        pages = await index_sample(library)
        assert pages == len(await library.documents()) >= 25
        assert all(document.sample for document in await library.documents())
        assert await index_sample(library) == 0

        async def ask(question: str, limit: int) -> Answer:
            evidence = await library.search(question, actor=CLINICIAN, limit=limit, deadline_s=10)
            return Answer(
                tuple(frozenset({found.title}) for found in evidence.found),
                tuple(found.passage.text for found in evidence.found),
                evidence.weak,
            )

        scores = await evaluate(ask, cases)
    assert scores.recall_1 >= 0.9
    assert scores.supported >= 0.9
    assert scores.wrongly_refused <= 0.05
    assert scores.rightly_refused >= 0.7
