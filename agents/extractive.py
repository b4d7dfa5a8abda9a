"""Answers by quoting: the sentences of the best passages that answer the question, word for word.

Spoken as a quotation with its source said, never as the assistant's own advice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from agents.asked import STOP, Asked, asked_for
from agents.claims import Claim
from agents.facts import Facts, facts
from agents.gate import addresses, carriers, is_instruction
from rag.evidence import Evidence, Found
from rag.words import words

NOTHING_FOUND = "I found nothing about that in the library."
MOST_SENTENCES = 3
WORTH = 0.74
"""A further sentence is said if it scores at least this share of the best one."""
LEAST = 0.45
"""Below this score even the best sentence does not answer the question."""

Vectors = Mapping[UUID, tuple[tuple[str, NDArray[np.float32]], ...]]

_NEEDS_CONTEXT = re.compile(
    r"^(?:it|its|this|that|these|those|they|he|she|then|also|however|such|both|otherwise)\b", re.I
)
_NOT_CONTENT = re.compile(
    r"^(?:sample content|check the current edition|sources?\b|see also)|\|", re.IGNORECASE
)
_ADVICE = re.compile(
    r"^\W*(?:never |always |do not )?(?:give|take|use|administer|inject|stop)\b", re.I
)
"""A title that is advice is not said before a quotation."""
_ASIDE = re.compile(
    r"\b(?:mistakes?|pitfalls?|no longer|formerly|previously|aims? to|some|may need)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Candidate:
    text: str
    found: Found
    place: int
    score: float
    facts: Facts


def answer(question: str, evidence: Evidence, vectors: Vectors | None = None) -> tuple[Claim, ...]:
    """One to three quoted sentences with their passages, or a plain word that there is nothing.

    `vectors` holds the passages' sentences with their dense vectors; under the id `UUID(int=0)`
    stands the question's own.
    """
    if evidence.weak or not evidence.found:
        return (Claim(nothing(evidence), ()),)
    asked = asked_for(question)
    candidates = list(_candidates(asked, evidence, vectors))
    best = max(candidates, key=lambda one: one.score, default=None)
    if best is None or best.score < LEAST:
        return (Claim(NOTHING_FOUND, ()),)
    chosen = [best]
    for one in sorted(candidates, key=lambda one: -one.score):
        if len(chosen) == MOST_SENTENCES or one.score < WORTH * best.score:
            break
        elsewhere = one.found.passage.document_id != best.found.passage.document_id
        others = asked.contradicted_by(one.text, one.facts) or asked.about_others(one.facts)
        if not (elsewhere or others) and _adds(one, chosen):
            chosen.append(one)
    rest = sorted(chosen[1:], key=lambda one: (one.found.passage.ordinal, one.place))
    first = Claim(f"From {source_said(best.found)}: {best.text}", (best.found.passage.id,))
    return (first, *(Claim(one.text, (one.found.passage.id,)) for one in rest))


def nothing(evidence: Evidence) -> str:
    """What is said when there is nothing to quote, by reason."""
    match evidence.reason:
        case "empty_library":
            return "The library is empty. Please ask an administrator to add documents."
        case "deadline" | "unavailable":
            return "The library does not answer at the moment. Please ask again."
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
    for rank, one in enumerate(evidence.found):
        title, headings = stems_of(one.title), stems_of(" ".join(one.passage.section))
        known = dict(vectors.get(one.passage.id, ())) if vectors else {}
        for place, (sentence, text) in enumerate(_with_lead(one.passage.text)):
            if _NOT_CONTENT.search(text) or addresses(text):
                continue
            if len(text.split()) < 3 or text.endswith((":", "?")):
                continue
            said = facts(text)
            score = asked.fit(text, stems_of(text), said, title, headings)
            if _NEEDS_CONTEXT.match(text) or text[:1].islower():
                score -= 0.4
            if _ASIDE.search(text):
                score -= 0.2
            if own_vector is not None and sentence in known:
                score += 0.6 * float(known[sentence] @ own_vector)
            score += 0.35 / (1 + rank) - 0.1 * one.superseded
            yield _Candidate(_tidy(text), one, place, score, said)


def _with_lead(text: str) -> Iterator[tuple[str, str]]:
    """Each sentence as it stands and as it can be said alone: an item keeps the line above it that
    ends in a colon."""
    lead = ""
    for line in text.split("\n"):
        for sentence in carriers(line):
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
        amounts = {(a.low, a.high, a.unit) for a in one.facts.amounts}
        known = {(a.low, a.high, a.unit) for a in other.facts.amounts}
        shared = len(one.facts.words & other.facts.words) / (len(one.facts.words) or 1)
        if amounts <= known and shared > 0.5:
            return False
    return True


def _own(vectors: Vectors | None) -> NDArray[np.float32] | None:
    rows = vectors.get(UUID(int=0)) if vectors else None
    return rows[0][1] if rows and rows[0][1].size else None


def stems_of(text: str) -> frozenset[str]:
    """The words of a text that carry meaning, as stems."""
    return frozenset(word.stem for word in words(text) if word.stem not in STOP)


def _tidy(text: str) -> str:
    text = re.sub(r"^[-*•\d.)\s]+(?=[A-Z])", "", text.replace("**", "").replace("__", ""))
    return text if text.endswith((".", "!", "?")) else f"{text.rstrip(';,')}."
