"""Answers by quoting: the sentences of the best passages that answer the question, word for word.

Spoken as a quotation with its source said, never as the assistant's own advice.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from agents.asked import Asked, asked_for, stems_of
from agents.claims import Claim
from agents.commands import behind_command
from agents.directness import fit
from agents.fitting import answers
from agents.gate import addresses, carriers, is_instruction
from agents.quoted import Line, is_titled, is_under, line
from rag.evidence import Evidence, Found

NOTHING_FOUND = "I found nothing about that in the library."
MORE_ON_CARD = "The rest is on the card."
MOST_SENTENCES = 3
MOST_WORDS = 60
"""Of an answer, about 25 s. A sentence is never cut: what no longer fits is left on the card."""
WORTH = 0.8
"""A further sentence is said if it scores at least this share of the best one."""
CLEAR = 0.3
"""By how much the best row of a table must lead to be said before those above it."""
LEAST = 0.6
"""Below this score even the best sentence does not answer the question."""

Vectors = Mapping[UUID, tuple[tuple[str, NDArray[np.float32]], ...]]

_NOT_CONTENT = re.compile(
    r"^(?:sample content|check the current edition|sources?\b|see also)|\|", re.IGNORECASE
)
_ADVICE = re.compile(
    r"^\W*(?:never |always |do not )?(?:give|take|use|administer|inject|stop)\b", re.I
)
"""A title that is advice is not said before a quotation."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    line: Line
    found: Found
    place: int
    score: float
    answers: bool


def answer(question: str, evidence: Evidence, vectors: Vectors | None = None) -> tuple[Claim, ...]:
    """One to three quoted sentences with their passages, or a plain word that there is nothing.

    `vectors` holds the passages' sentences with their dense vectors; under the id `UUID(int=0)`
    stands the question's own.
    """
    if evidence.weak or not evidence.found:
        return (Claim(nothing(evidence), ()),)
    asked = asked_for(_whole(question, evidence))
    candidates = list(_candidates(asked, evidence, vectors))
    if asked.aspects:
        candidates = _first_things_first(asked, candidates)
    candidates.sort(key=lambda one: -one.score)
    answering = [one for one in candidates if one.answers]
    of_it = [one for one in answering if is_under(asked, one.line) and is_titled(asked, one.line)]
    best = next(iter(of_it or answering), None)
    if best is None or best.score < LEAST:
        return (Claim(_unanswered(asked, evidence), ()),)
    if asked.aspects:
        best, *candidates = _section_from(best, candidates, asked)
    chosen, words, left = [best], len(best.line.text.split()), False
    for one in candidates:
        if len(chosen) == MOST_SENTENCES:
            break
        same = one.found.passage.document_id == best.found.passage.document_id
        if not (same and _is_worth(one, best) and _wanted(asked, one, best) and _adds(one, chosen)):
            continue
        words += len(one.line.text.split())
        if left := words > MOST_WORDS:
            break
        chosen.append(one)
    first, *rest = chosen if asked.aspects else _in_order(chosen)
    return (
        Claim(f"From {source_said(first.found)}: {first.line.text}", (first.found.passage.id,)),
        *(Claim(one.line.text, (one.found.passage.id,)) for one in rest),
        *((Claim(MORE_ON_CARD, ()),) if left else ()),
    )


def _whole(question: str, evidence: Evidence) -> str:
    """A follow-up as it was searched, with what it leaves unsaid; else the question."""
    question = behind_command(question)
    return evidence.query if stems_of(question) <= stems_of(evidence.query) else question


def nothing(evidence: Evidence) -> str:
    """What is said when there is nothing to quote, by reason."""
    match evidence.reason:
        case "empty_library":
            return "The library is empty. Please ask an administrator to add documents."
        case "deadline" | "unavailable":
            return "The library does not answer at the moment. Please ask again."
    return NOTHING_FOUND


def _unanswered(asked: Asked, evidence: Evidence) -> str:
    """That no sentence answers, and which page is about the drug or the illness asked about."""
    names = [name for idea in asked.ideas for name in idea]
    for found in evidence.found:
        if any(name <= stems_of(found.title) for name in names):
            return f"I found nothing that answers that. The closest page is {source_said(found)}."
    return NOTHING_FOUND


def source_said(found: Found) -> str:
    """What a quotation is from, its first clause at most seven words: "Vancomycin, 2019 edition,
    superseded". The edition is said only of one that is superseded."""
    title = found.title.strip()
    if is_instruction(title) or addresses(title) or _ADVICE.search(title):
        title = "a document without a plain title"
    clause = re.split(r"[,:;(]| [–—-] ", title)[0].split()
    if len(clause) > 7:
        title = " ".join(clause[:7])
    if not found.superseded:
        return title
    edition = found.edition or (str(found.year) if found.year else "")
    if edition and "edition" not in edition.lower():
        edition = f"{edition} edition"
    return ", ".join(part for part in (title, edition, "superseded") if part)


def _candidates(asked: Asked, evidence: Evidence, vectors: Vectors | None) -> Iterator[_Candidate]:
    own_vector = _own(vectors)
    for found in evidence.found:
        known = dict(vectors.get(found.passage.id, ())) if vectors else {}
        for place, (sentence, text) in enumerate(_with_lead(found.passage.text)):
            if _NOT_CONTENT.search(text) or addresses(text):
                continue
            if len(text.split()) < 3 or text.endswith((":", "?")):
                continue
            one = line(_tidy(text), found.title, found.passage.section)
            score = fit(asked, one) + 0.4 * found.score - 0.1 * found.superseded
            score -= min(0.02 * place, 0.1)  # what a section says first is its point
            if own_vector is not None and sentence in known:
                score += 0.6 * float(known[sentence] @ own_vector)
            yield _Candidate(one, found, place, score, answers(asked, one))


def _section_from(best: _Candidate, candidates: list[_Candidate], asked: Asked) -> list[_Candidate]:
    """The sentences of the best one's passage as they are written: from the first that answers
    about as well where the section is about what is asked and nothing narrower was asked, else from
    the best one on."""
    passage = best.found.passage.id
    written = sorted(
        (one for one in candidates if one.found.passage.id == passage), key=lambda one: one.place
    )
    under = is_under(asked, best.line) and not asked.narrow
    start = next(one for one in written if one is best or (under and _is_worth(one, best)))
    return [start, *(one for one in written if one.place > start.place)]


def _wanted(asked: Asked, one: _Candidate, best: _Candidate) -> bool:
    """Whether a further sentence holds all that is wanted and the best one holds; one read on in a
    section need not."""
    return bool(asked.aspects) or all(
        want.held(one.line.text, one.line.facts, asked.facts)
        for want in asked.wants
        if want.held(best.line.text, best.line.facts, asked.facts)
    )


def _is_worth(one: _Candidate, best: _Candidate) -> bool:
    return one.answers and one.score >= WORTH * best.score


def _first_things_first(asked: Asked, candidates: list[_Candidate]) -> list[_Candidate]:
    """What matters most is written first: of the sentences of a page that answer, in its sections
    about what is asked and in the others, each counts a little less than the one before it."""
    after = Counter[tuple[UUID, bool]]()
    counted = []
    for one in sorted(candidates, key=lambda one: (one.found.passage.ordinal, one.place)):
        part = (one.found.passage.document_id, is_under(asked, one.line))
        counted.append(replace(one, score=one.score - 0.05 * min(after[part], 8)))
        after[part] += one.answers
    return counted


def _with_lead(text: str) -> Iterator[tuple[str, str]]:
    """Each sentence as it stands and as it can be said alone: an item keeps the line above it that
    ends in a colon."""
    lead = ""
    for written in text.split("\n"):
        for sentence in carriers(written):
            if sentence.endswith(":"):
                lead = sentence
                yield sentence, sentence
            elif lead and sentence[:1].islower():
                yield sentence, f"{lead} {sentence}"
            else:
                lead = ""
                yield sentence, sentence


def _adds(one: _Candidate, chosen: list[_Candidate]) -> bool:
    """Whether a sentence says a figure or a thing that was not said yet."""
    for other in chosen:
        amounts = {(a.low, a.high, a.unit) for a in one.line.facts.amounts}
        known = {(a.low, a.high, a.unit) for a in other.line.facts.amounts}
        own = one.line.facts.words
        shared = len(own & other.line.facts.words) / (len(own) or 1)
        if amounts <= known and shared > 0.5:
            return False
    return True


def _in_order(chosen: list[_Candidate]) -> list[_Candidate]:
    """The best sentence first, the others as they are written. Rows of one table that fit equally
    well are all said as they are written."""
    best, *rest = chosen
    passage = best.found.passage
    table = all(one.line.is_row and one.found.passage.id == passage.id for one in chosen)
    if table and rest and best.score - rest[0].score < CLEAR:
        return sorted(chosen, key=lambda one: one.place)
    return [best, *sorted(rest, key=lambda one: (one.found.passage.ordinal, one.place))]


def _own(vectors: Vectors | None) -> NDArray[np.float32] | None:
    rows = vectors.get(UUID(int=0)) if vectors else None
    return rows[0][1] if rows and rows[0][1].size else None


def _tidy(text: str) -> str:
    text = re.sub(r"^[-*•\d.)\s]+(?=[A-Z])", "", text.replace("**", "").replace("__", ""))
    return text if text.endswith((".", "!", "?")) else f"{text.rstrip(';,')}."
