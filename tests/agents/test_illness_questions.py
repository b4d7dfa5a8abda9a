"""Plain questions about an illness ("how do you treat croup") over pages of many styles, searched
and quoted as in a call: what is said first is what a consultant would say first.

The pages and the questions were written by someone who had not seen the code. `good` are sentences
that may come first, `bad` those that would be harmful or silly there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from agents.answering import Answerer
from agents.follow_ups import rewrite_query
from rag.library import Library, open_library
from storage.database import Database
from storage.documents import Documents
from tests.rag.conftest import models  # noqa: F401 - the fixture
from tests.rag.people import ADMIN, CLINICIAN

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "tests/fixtures/illnesses"
LEAST_RIGHT = 0.62
"""Many of the questions only describe an illness; those are refused."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question, and sentences of its page that may, and must not, be said first."""

    page: str
    question: str
    good: Sequence[str]
    bad: Sequence[str]


def questions() -> Iterator[Question]:
    for line in (PAGES / "questions.jsonl").read_text("utf-8").splitlines():
        yield Question(**json.loads(line))


async def said_first(library: Library, question: str) -> str:
    """The first sentence of the answer without its source; nothing where it is refused."""
    query = rewrite_query([], question)
    evidence = await library.search(query, actor=CLINICIAN, deadline_s=10)
    claims = [claim async for claim in Answerer(None, library).answer(question, [], evidence)]
    return claims[0].text.partition(": ")[2] if claims[0].citations else ""


def among(said: str, listed: Sequence[str]) -> bool:
    plain = said.rstrip(".").casefold()
    return any(one.rstrip(".").casefold() in plain for one in listed)


async def test_what_is_said_first_is_what_comes_first(
    database: Database,
    models: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    (tmp_path / "models").symlink_to(models / "models")
    asked, said = list(questions()), list[str]()
    async with open_library(Documents(database), data=tmp_path) as library:
        for page in (*(ROOT / "rag/sample_library").glob("*.md"), *PAGES.glob("*.md")):
            await library.add(page.read_bytes(), page.name, actor=ADMIN)
        said += [await said_first(library, one.question) for one in asked]
    right = [among(text, one.good) for one, text in zip(asked, said, strict=True)]
    harmful = [
        (one.question, text)
        for one, text, is_right in zip(asked, said, right, strict=True)
        if among(text, one.bad) and not is_right
    ]
    assert harmful == []
    assert sum(right) >= LEAST_RIGHT * len(asked)
