"""How well the library answers a set of questions whose answers are known.

A set is JSON lines: `question`; `relevant`, titles or ids of documents or ids of passages that
answer it (none: the right answer is that nothing was found); `facts`, texts that the answer needs.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from statistics import mean

from storage.faults import Invalid

DEPTH = 10
"""Passages asked for; recall, MRR and nDCG look no further."""

ANSWER_PASSAGES = 5
"""An answer is supported when the facts stand in the passages a model would be given."""


@dataclass(frozen=True, slots=True)
class Case:
    """A question and what answers it; nothing relevant means that it should be refused."""

    question: str
    relevant: tuple[str, ...]
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for a question: of each passage the names it goes by, and its text."""

    names: tuple[frozenset[str], ...]
    texts: tuple[str, ...]
    weak: bool


@dataclass(frozen=True, slots=True)
class Scores:
    """Means over the set, 0 to 1 (nan where the set has no such question); times in ms."""

    questions: int
    recall_1: float
    recall_3: float
    recall_5: float
    recall_10: float
    mrr: float
    ndcg_10: float
    supported: float
    wrongly_refused: float
    rightly_refused: float
    p50_ms: float
    p95_ms: float


Ask = Callable[[str, int], Awaitable[Answer]]
"""(question, how many passages) → what the library answers."""


async def evaluate(
    ask: Ask, cases: Sequence[Case], on_progress: Callable[[float], None] = lambda _: None
) -> Scores:
    """Ask every question and score the answers."""
    rows: list[dict[str, float]] = []
    times = []
    for done, case in enumerate(cases):
        started = time.perf_counter()
        answer = await ask(case.question, DEPTH)
        times.append((time.perf_counter() - started) * 1000)
        rows.append(_score(case, answer))
        on_progress((done + 1) / len(cases))
    values = {
        name: mean([row[name] for row in rows if name in row] or [math.nan])
        for name in (field.name for field in fields(Scores))
        if name not in ("questions", "p50_ms", "p95_ms")
    }
    times.sort()
    return Scores(
        questions=len(cases),
        p50_ms=times[len(times) // 2],
        p95_ms=times[min(len(times) - 1, int(len(times) * 0.95))],
        **values,
    )


def read_cases(path: Path) -> list[Case]:
    """The questions of a set. Raises Invalid naming the line that cannot be used."""
    cases = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            said = json.loads(line)
            cases.append(
                Case(
                    said["question"],
                    tuple(str(name) for name in said.get("relevant", ())),
                    tuple(str(fact) for fact in said.get("facts", ())),
                )
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Invalid(
                "evaluate.line",
                f"Line {number} of {path.name} is not a question of the set.",
                field="set",
                remedy='Write {"question": "…", "relevant": ["title"], "facts": ["text"]}.',
            ) from None
    if not cases:
        raise Invalid(
            "evaluate.empty",
            f"{path.name} holds no question.",
            field="set",
            remedy="Write one question a line, as JSON.",
        )
    return cases


def keep(scores: Scores, path: Path) -> Scores | None:
    """Keep the scores as the last run of their set; returns those of the run before, if any."""
    before = None
    if path.exists():
        try:
            before = Scores(**json.loads(path.read_text(encoding="utf-8")))
        except (ValueError, TypeError):
            before = None
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(scores)), encoding="utf-8")
    return before


def _score(case: Case, answer: Answer) -> dict[str, float]:
    if not case.relevant:
        return {"rightly_refused": float(answer.weak)}
    wanted = {name.casefold() for name in case.relevant}
    hits = [bool({name.casefold() for name in names} & wanted) for names in answer.names[:DEPTH]]
    first = hits.index(True) if True in hits else None
    row = {f"recall_{k}": float(any(hits[:k])) for k in (1, 3, 5, 10)}
    row["mrr"] = 0.0 if first is None else 1 / (first + 1)
    row["ndcg_10"] = 0.0 if first is None else 1 / math.log2(first + 2)
    row["wrongly_refused"] = float(answer.weak)
    if case.facts:
        given = _plain(" ".join(answer.texts[:ANSWER_PASSAGES]))
        supported = not answer.weak and all(_plain(fact) in given for fact in case.facts)
        row["supported"] = float(supported)
    return row


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
