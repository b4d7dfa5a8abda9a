"""Answers by quoting: the sentences of the best passages that answer the question, word for word.

Spoken as a quotation with its source said, never as the assistant's own advice.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from agents.claims import Claim
from agents.facts import facts
from agents.gate import drugs_of, is_instruction
from rag.citing import spoken_source
from rag.evidence import Evidence, Found
from rag.sentences import sentences
from rag.words import words

NOTHING_FOUND = "I found nothing about that in the library."
MOST_SENTENCES = 3
MOST_WORDS = 45
"""A spoken answer longer than this is hard to follow; the rest is on the screen."""
WORTH = 0.62
"""A further sentence is said if it scores at least this share of the best one."""

Vectors = Mapping[UUID, tuple[tuple[str, NDArray[np.float32]], ...]]

_ASKS_AMOUNT = re.compile(
    r"\b(?:dose|dosage|how (?:much|many|long|often|fast|high|low)|what rate|level|target|range|"
    r"threshold|maximum|minimum|limit|when|interval|cut ?off)\b",
    re.IGNORECASE,
)
_ASKS_WHETHER = re.compile(
    r"\b(?:contra-?indicat\w*|safe|avoid\w*|can (?:i|we|you|she|he|they)|should|allowed|is it)\b",
    re.IGNORECASE,
)
_NEEDS_CONTEXT = re.compile(r"^(?:it|this|that|these|those|they|he|she|then|also|however)\b", re.I)
_NOT_CONTENT = re.compile(r"^(?:sample content|check the current edition|source)|\|", re.IGNORECASE)
_STOP = frozenset(
    "a an the of in on for to is are was be and or with what which how do does i should when can "
    "my me we you it this that give need patient have has much many there please tell about "
    "at by from would could any if as".split()
)


@dataclass(frozen=True, slots=True)
class _Candidate:
    text: str
    found: Found
    place: int
    score: float


def answer(question: str, evidence: Evidence, vectors: Vectors | None = None) -> tuple[Claim, ...]:
    """One to three quoted sentences with their passages, or a plain word that there is nothing.

    `vectors` holds the passages' sentences with their dense vectors; under the id `UUID(int=0)`
    stands the question's own.
    """
    if evidence.weak or not evidence.found:
        return (Claim(nothing(evidence), ()),)
    candidates = _candidates(question, evidence, vectors)
    if not candidates:
        return (Claim(NOTHING_FOUND, ()),)
    best = max(candidates, key=lambda one: one.score)
    more = [
        one for one in candidates
        if one is not best
        and one.found.passage.document_id == best.found.passage.document_id
        and one.score >= WORTH * best.score
    ]  # fmt: skip
    room = MOST_WORDS - len(best.text.split())
    chosen = []
    for one in sorted(more, key=lambda one: -one.score)[: MOST_SENTENCES - 1]:
        room -= len(one.text.split())
        if room >= 0:
            chosen.append(one)
    chosen.sort(key=lambda one: (one.found.passage.ordinal, one.place))
    first = Claim(f"From {spoken_source(best.found)}: {best.text}", (best.found.passage.id,))
    return (first, *(Claim(one.text, (one.found.passage.id,)) for one in chosen))


def nothing(evidence: Evidence) -> str:
    """What is said when there is nothing to quote, by reason."""
    match evidence.reason:
        case "empty_library":
            return "The library is empty. Please ask an administrator to add documents."
        case "deadline" | "unavailable":
            return "The library does not answer at the moment. Please ask again."
    return NOTHING_FOUND


def _candidates(question: str, evidence: Evidence, vectors: Vectors | None) -> list[_Candidate]:
    asked = _content(question)
    drugs = drugs_of(question)
    amount = bool(_ASKS_AMOUNT.search(question))
    whether = bool(_ASKS_WHETHER.search(question))
    own_vector = _own(vectors)
    found = []
    for rank, one in enumerate(evidence.found):
        headings = _content(" ".join((one.title, *one.passage.section)))
        known = dict(vectors.get(one.passage.id, ())) if vectors else {}
        for place, text in enumerate(sentences(one.passage.text)):
            if _NOT_CONTENT.search(text) or is_instruction(text) or len(text.split()) < 3:
                continue
            said = facts(text)
            own = _content(text)
            # Headings count, but the sentence's own words count more.
            covered = len(asked & own) + 0.6 * len((asked & headings) - own)
            score = covered / (len(asked) or 1)
            if drugs:
                score += 0.5 if drugs & {*said.drugs} else -0.25
            if amount:
                score += 0.3 if said.amounts else -0.15
            if whether and said.negations:
                score += 0.15
            if _NEEDS_CONTEXT.match(text):
                score -= 0.3
            if own_vector is not None and text in known:
                score += 0.8 * float(known[text] @ own_vector)
            score += 0.35 / (1 + rank)
            found.append(_Candidate(_tidy(text), one, place, score))
    return [one for one in found if math.isfinite(one.score)]


def _own(vectors: Vectors | None) -> NDArray[np.float32] | None:
    rows = vectors.get(UUID(int=0)) if vectors else None
    return rows[0][1] if rows and rows[0][1].size else None


def _content(text: str) -> set[str]:
    return {word.stem for word in words(text) if word.stem not in _STOP}


def _tidy(text: str) -> str:
    text = re.sub(r"^[-*•\d.)\s]+(?=[A-Z])", "", text.replace("**", "").replace("__", ""))
    return text if text.endswith((".", "!", "?")) else f"{text}."
