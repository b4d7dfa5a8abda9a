"""What a follow-up asks for in full: "and in pregnancy?" keeps the subject of the question before.

Deterministic; used for the search, so that the right passages are found.
"""

from __future__ import annotations

import re

from agents.clinician import History
from agents.commands import behind_command, command_in
from agents.formulary import drug_classes, mentions
from agents.lookalike import hear, settle

_CONTINUES = re.compile(
    r"^(?:and|but|or|also|then|so|what about|how about|what if|same|okay and|ok and)\b", re.I
)
_LEAD = re.compile(
    r"^(?:(?:okay|ok|and|but|or|also|then|so)\b[\s,]*)*(?:(?:what|how) about|what if|same for)?\s*",
    re.IGNORECASE,
)
_REFERS = re.compile(r"\b(?:it|its|that|this|those|these|them|they)\b", re.IGNORECASE)
_EXPLETIVE = re.compile(
    r"\bis it (?:\w+ )?(?:to|that|for)\b|\b(?:in|for|with|during) (?:this|that|these|those) \w+|"
    r"\bthis (?:man|woman|patient|lady|gentleman|child|boy|girl)\b",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"^(?:what(?:'s| is| are)? (?:the |a )?)?(?:maximum|max|minimum|loading|maintenance|usual|"
    r"starting|initial|renal|paediatric|dose|duration|interval|target|level|side effects?|"
    r"contra-?indications?|monitoring|alternatives?|how (?:long|often|fast|much))\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"\b(?:in|with|for|during|if|when|after|before)\b.*$|\b(?:adults?|children|pregnan\w+|renal\b.*)",
    re.IGNORECASE,
)
_CIRCUMSTANCE = re.compile(
    r"\s*\b(?:in|with|for|during)\s+(?:(?:a|an|the|severe|mild|moderate|chronic|acute)\s+)*"
    r"(?:pregnan\w+|breast-?feeding|renal\b[\w ]*|kidney\b[\w ]*|liver\b[\w ]*|hepatic\b[\w ]*|"
    r"children|adults?|the elderly|elderly\b[\w ]*|dialysis|obesity|old age)",
    re.IGNORECASE,
)
SHORT = 10
"""A longer question that does not begin as a follow-up stands on its own."""


def rewrite_query(history: History, question: str) -> str:
    """The question as it is to be searched. Unchanged when it stands on its own.

    "And in pregnancy?" takes the place of the circumstance that was asked about before, "what
    about gentamicin?" that of the drug; a pronoun stands for the subject; a bare "what's the
    maximum?" is asked about the subject of the question before. A misheard drug name is put
    right, and a command ("what's the source?") is about the question before.
    """
    before = _standing(history)
    if before and command_in(question) is not None:
        return before
    question = behind_command(hear(settle(history, question)).text)
    if not before or not _depends(question):
        return question
    rest = _LEAD.sub("", question).strip(" ?.,")
    if not rest:
        return before
    drugs, known = _drugs(rest), _drugs(before)
    if drugs and known and _only_drugs(rest):
        return _instead(before, known[0], rest)
    if _CONDITION.match(rest):
        return f"{_CIRCUMSTANCE.sub('', before).rstrip(' ?.')} {rest}"
    if not known and list(mentions(rest)) and (condition := _condition_of(before)):
        return f"{rest} {condition}"
    subject = _subject(before)
    if _REFERS.search(rest) and known:
        return f"{_REFERS.sub(known[0], rest, count=1)} {_condition_of(before)}".strip()
    return f"{subject} {rest}"


def _standing(history: History) -> str:
    """The last question that stood on its own, with what its follow-ups added."""
    standing = ""
    for asked, _ in history:
        plain = asked.strip(" ?.")
        if not plain or command_in(asked) is not None:
            continue
        if standing and _depends(asked):
            standing = rewrite_query([(standing, "")], asked)
        else:
            standing = plain
    return standing.rstrip(" ?.")


def _depends(question: str) -> bool:
    words = question.split()
    if _CONTINUES.match(question) and len(words) <= SHORT:
        return True
    if len(words) > SHORT:
        return False
    if _REFERS.search(question) and not _EXPLETIVE.search(question):
        return True
    if _drugs(question):
        return False
    return len(words) <= 6 and bool(_BARE.match(question) or _CONDITION.match(question))


def _drugs(text: str) -> list[str]:
    classes = drug_classes()
    return [text[m.start : m.end] for m in mentions(text) if m.name not in classes]


def _only_drugs(rest: str) -> bool:
    return len(rest.split()) <= 3 and not _CONDITION.search(rest)


def _instead(before: str, known: str, rest: str) -> str:
    return re.sub(re.escape(known), rest, before, count=1)


def _subject(before: str) -> str:
    """What the question before was about: its drug and circumstance, or else all of it."""
    drugs = _drugs(before)
    return f"{drugs[0]} {_condition_of(before)}".strip() if drugs else before


def _condition_of(before: str) -> str:
    match = re.search(r"\b(?:in|for|with)\b (?!a dose|what).+$", before, re.IGNORECASE)
    return match.group() if match else ""
