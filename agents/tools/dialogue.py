"""Calculators by voice: recognised in what the caller says, asking for what is missing one thing
at a time over several turns.

The state is the conversation itself, replayed from its history, so that nothing has to be kept
beside it. Nothing is assumed: only the caller's own words give a value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agents.tools.calculators import CALCULATORS, run
from agents.tools.calculators.model import Input, Missing, Raw, Result
from agents.tools.calculators.recognise import Recognised, Unclear, hear_reply, recognise
from storage.faults import Invalid

History = Sequence[tuple[str, str]]
"""(what the caller said, what was heard in answer), oldest first."""


@dataclass(frozen=True, slots=True)
class Said:
    """What is said next in a calculation. `result` is set once it is done."""

    text: str
    result: Result | None = None


@dataclass(frozen=True, slots=True)
class _Open:
    """A calculation that waits for an answer: to `wanted`, or to which calculator is meant."""

    key: str
    raw: Mapping[str, Raw]
    wanted: Input | None
    question: str
    words: str = ""


def calculate_by_voice(history: History, said: str) -> Said | None:
    """What to say if `said` asks for a calculation or goes on with one; None if it does neither."""
    waiting: _Open | None = None
    for asked, _ in history:
        waiting, _ = _step(waiting, asked)
    _, answer = _step(waiting, said)
    return answer


def _step(waiting: _Open | None, said: str) -> tuple[_Open | None, Said | None]:
    """One thing the caller says: what is open afterwards, and what to say to it."""
    asked = recognise(said)
    if isinstance(asked, Unclear):
        return _Open("", {}, None, asked.question, said), Said(asked.question)
    if isinstance(asked, Recognised) and (waiting is None or waiting.key != asked.key):
        return _go_on(asked.key, dict(asked.raw))
    if waiting is None:
        return (None, None) if asked is None else _go_on(asked.key, dict(asked.raw))
    if waiting.wanted is None:  # which of several was meant
        chosen = recognise(f"{waiting.words} {said}")
        if isinstance(chosen, Recognised):
            return _go_on(chosen.key, dict(chosen.raw))
        return None, None
    raw = dict(waiting.raw)
    if isinstance(asked, Recognised):
        raw |= asked.raw
        return _go_on(waiting.key, raw)
    given = hear_reply(waiting.wanted, said, before=raw.get(waiting.wanted.name))
    if given is None:
        short = len(said.split()) <= 4 and not said.rstrip().endswith("?")
        return (waiting, Said(waiting.question)) if short else (None, None)
    raw[waiting.wanted.name] = given
    return _go_on(waiting.key, raw)


def _go_on(key: str, raw: dict[str, Raw]) -> tuple[_Open | None, Said]:
    try:
        outcome = run(key, raw)
    except Invalid as refused:
        wanted = CALCULATORS[key].input(refused.field)
        raw.pop(refused.field, None)
        sentence = f"{refused.sentence} {refused.remedy}".strip()
        if wanted is None:
            return None, Said(sentence)
        return _Open(key, raw, wanted, wanted.question), Said(f"{sentence} {wanted.question}")
    if isinstance(outcome, Missing):
        return _Open(key, raw, outcome.next, outcome.question), Said(outcome.question)
    told = outcome.text
    if outcome.interpretation:
        told = f"{told} {outcome.interpretation.rstrip('.')}."
    return None, Said(told, outcome)
