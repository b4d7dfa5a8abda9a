"""A question that asks for several things, as the questions it is made of. Pure."""

from __future__ import annotations

import re

from rag.vocabulary import drugs_named

MOST_PARTS = 4
_ASKS = r"(?:what|how|when|which|should|can|is|are|does|do|who|where)"
_SEVERAL = re.compile(rf"(?:\?\s+|,?\s+and\s+(?={_ASKS}\b)|;\s+|\.\s+)", re.IGNORECASE)
_COMPARE = re.compile(
    r"^(?P<lead>.*?)\b(?:compare|comparison of|comparing|differences? between|choose between)\s+"
    r"(?P<things>.+?)(?P<where>\s+(?:in|for|with|when|if|at|during|after|among|on)\s.+)?[?.]*$",
    re.IGNORECASE,
)
_VERSUS = re.compile(
    r"^(?P<lead>.*?)\b(?P<things>[\w-]+(?:\s+(?:versus|vs\.?|or|and|compared (?:to|with))\s+"
    r"[\w-]+)+)(?P<where>.*)$",
    re.IGNORECASE,
)
_JOINT = re.compile(
    r"\s*(?:,\s*(?:and|or)?|\b(?:versus|vs\.?|and|or|with|to|compared (?:to|with))\b)\s*",
    re.IGNORECASE,
)


def decompose(question: str) -> tuple[str, ...]:
    """The questions within: "compare apixaban and rivaroxaban in CrCl 25" is one for each drug.

    A plain question comes back alone. At most MOST_PARTS.
    """
    text = " ".join(question.split())
    if match := _COMPARE.match(text):
        things = _things(match["things"])
        if len(things) > 1:
            where = match["where"] or ""
            return tuple(f"{thing}{where}".rstrip("?. ") for thing in things)[:MOST_PARTS]
    pieces = [piece.strip(" ?.,") for piece in _SEVERAL.split(text)]
    whole = [piece for piece in pieces if len(piece.split()) > 1]
    if len(whole) > 1:
        return tuple(whole)[:MOST_PARTS]
    if match := _VERSUS.match(text):
        things = _things(match["things"])
        if len(things) > 1 and all(drugs_named(thing) for thing in things):
            lead, where = match["lead"], match["where"]
            return tuple(f"{lead}{thing}{where}".strip(" ?.") for thing in things)[:MOST_PARTS]
    return (question,)


def _things(text: str) -> list[str]:
    return [thing.strip() for thing in _JOINT.split(text) if thing.strip()]
