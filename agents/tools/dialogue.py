"""Calculators by voice: recognised in what the caller says, asking for what is missing one thing
at a time over several turns.

The state is the conversation itself, replayed from its history, so that nothing has to be kept
beside it. Nothing is assumed: only the caller's own words give a value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from agents.tools.calculators import CALCULATORS, run
from agents.tools.calculators.model import Input, Missing, Raw, Result
from agents.tools.calculators.quantities import quantities
from agents.tools.calculators.recognise import (
    Recognised,
    Unclear,
    choose,
    recognise,
    seeks_more,
)
from agents.tools.calculators.replies import hear
from agents.tools.calculators.shown import spoken_list
from agents.tools.calculators.spoken_numbers import normalised
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
    """A calculation that waits for `wanted`; or, if that is None, for which of `keys` is meant, or
    only for a correction of what was told. `last` is the input given last."""

    keys: tuple[str, ...]
    raw: Mapping[str, Raw]
    wanted: Input | None
    question: str = ""
    words: str = ""
    last: Input | None = None


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
        return _Open(asked.keys, {}, None, asked.question, said), Said(asked.question)
    if isinstance(asked, Recognised):
        return _go_on(asked.key, {**_known(waiting, asked), **asked.raw})
    if waiting is None:
        return None, None
    if len(waiting.keys) > 1:
        if chosen := choose(waiting.keys, waiting.words, said):
            return _go_on(chosen.key, chosen.raw)
        return (waiting, Said(waiting.question)) if _tries(said) else (None, None)
    return _replied(waiting, said)


def _known(waiting: _Open | None, asked: Recognised) -> Mapping[str, Raw]:
    """What was said before, where the same calculation goes on and nothing contradicts it: another
    value by the calculation's name is another patient."""
    if waiting is None or waiting.wanted is None or waiting.keys != (asked.key,):
        return {}
    same = all(waiting.raw.get(name, value) == value for name, value in asked.raw.items())
    return waiting.raw if same else {}


def _replied(waiting: _Open, said: str) -> tuple[_Open | None, Said | None]:
    """A value for what was asked, or a correction; else something other than the calculation."""
    (key,) = waiting.keys
    calculator = CALCULATORS[key]
    if waiting.wanted is None and seeks_more(said):
        return None, None
    named_now = waiting.wanted is None and waiting.question  # the answer to "with its name, please"
    words = f"no, {said}" if named_now else said
    reply = hear(calculator, words, wanted=waiting.wanted, last=waiting.last, known=waiting.raw)
    if reply is not None and reply.given:
        return _go_on(key, {**waiting.raw, **reply.given}, reply.given)
    if reply is not None:
        numbers = [one for one in calculator.inputs if one.kind == "number"]
        labels = [i.label for i in numbers if i is waiting.wanted or i.name in waiting.raw]
        question = f"Say it with its name, please: {spoken_list(labels, 'or')}."
        return replace(waiting, question=waiting.question or question), Said(question)
    if waiting.wanted is not None and _tries(said):
        return waiting, Said(waiting.question)
    return None, None


def _tries(said: str) -> bool:
    """Whether what was not understood was still an answer, not something else."""
    words = said.split()
    if len(words) <= 4:
        return not said.rstrip().endswith("?")
    figures = any(quantities(normalised(said)))
    return figures and len(words) <= 8 and not seeks_more(said)


def _go_on(
    key: str, known: Mapping[str, Raw], given: Mapping[str, Raw] | None = None
) -> tuple[_Open | None, Said]:
    """The result, or the next question; `given` is what was said last of what is known."""
    raw, new = dict(known), list(known if given is None else given)
    last = CALCULATORS[key].input(new[0]) if len(new) == 1 else None
    try:
        outcome = run(key, raw)
    except Invalid as refused:
        wanted = CALCULATORS[key].input(refused.field)
        raw.pop(refused.field, None)
        sentence = f"{refused.sentence} {refused.remedy}".strip()
        if wanted is None:
            return None, Said(sentence)
        told = Said(f"{sentence} {wanted.question}")
        return _Open((key,), raw, wanted, wanted.question, last=wanted), told
    if isinstance(outcome, Missing):
        last = outcome.next if outcome.wants == "unit" else last
        return _Open((key,), raw, outcome.next, outcome.question, last=last), Said(outcome.question)
    text = outcome.text
    if outcome.interpretation:
        text = f"{text} {outcome.interpretation.rstrip('.')}."
    return _Open((key,), raw, None, last=last), Said(text, outcome)
