"""What a follow-up asks for in full: "and in pregnancy?" keeps the subject of the question before.

Deterministic; used for the search, so that the right passages are found.
"""

from __future__ import annotations

import re

from agents.clinician import History
from agents.gate import drugs_of

_CONTINUES = re.compile(
    r"^(?:and|but|or|what about|how about|and what about|what if|same|also|then|so)\b",
    re.IGNORECASE,
)
_REFERS = re.compile(r"\b(?:it|its|that|this|those|these|them|they|there)\b", re.IGNORECASE)
_LEAD = re.compile(
    r"^(?:(?:and|but|or|also|then|so)\b[\s,]*)?(?:(?:what|how) about|what if)?\s*", re.IGNORECASE
)
SHORT = 5


def rewrite_query(history: History, question: str) -> str:
    """The question as it is to be searched. Unchanged when it stands on its own."""
    if not history or not _depends(question):
        return question
    before = history[-1][0]
    rest = _LEAD.sub("", question).strip(" ?.")
    return f"{before.rstrip(' ?.')} {rest}" if rest else before


def _depends(question: str) -> bool:
    words = question.split()
    if _CONTINUES.match(question) and len(words) <= 2 * SHORT:
        return True
    return bool(_REFERS.search(question)) and not drugs_of(question) and len(words) <= 2 * SHORT
