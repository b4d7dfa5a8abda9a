"""From a spoken question to a calculator and the inputs that were said; deterministic.

A question that only mentions a score ("the dose at a creatinine clearance of 25") is no request
for it. Where two calculators fit equally well, the caller is asked which.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from agents.tools.calculators import CALCULATORS
from agents.tools.calculators.drugs import STEROIDS
from agents.tools.calculators.extracting import extract
from agents.tools.calculators.mentions import form, occurrences
from agents.tools.calculators.model import Calculator, Quantity, Raw
from agents.tools.calculators.quantities import quantities
from agents.tools.calculators.repairs import repaired
from agents.tools.calculators.shown import spoken_list
from agents.tools.calculators.spoken_numbers import normalised


@dataclass(frozen=True, slots=True)
class Recognised:
    """The calculator asked for and what was said of its inputs."""

    key: str
    raw: Mapping[str, Raw]


@dataclass(frozen=True, slots=True)
class Unclear:
    """Several calculators fit; `question` asks which."""

    keys: tuple[str, ...]
    question: str


@dataclass(frozen=True, slots=True)
class _Named:
    calculator: Calculator
    start: int
    end: int


#: Words that settle which of two calculators with one name is meant.
_HINTS: dict[str, tuple[str, ...]] = {
    "wells_pe": ("pe", "pulmonary embolism", "p e"),
    "wells_dvt": ("dvt", "deep vein thrombosis", "d v t"),
    "timi_stemi": ("stemi", "st elevation"),
    "timi_nstemi": ("nstemi", "n stemi", "unstable angina", "non stemi"),
}
_ALBUMIN_FORMS = {name: f"{name}_corrected" for name in ("anion_gap", "delta_gap", "delta_ratio")}
_ASKS = re.compile(
    r"\b(?:calculate|compute|work out|figure out|estimate|convert|correct|score|do|run|need|want|"
    r"give me|get me|get|tell me|determine|find)(?: me)?(?: (?:a|an|the|her|his|their|my|this|"
    r"patient's|out))*\s*$"
)
_WHAT = re.compile(
    r"\b(?:what is|what's|whats|what would be|what was|how about)"
    r"(?: (?:a|an|the|her|his|their|my|this|patient's))+\s*$"
)
_GOES_ON = re.compile(
    r"^\s*(?:$|,|for (?:a|an|this|my|the|her|him|\d)|of (?:a|an|this|my|\d)|in (?:a|this|my)"
    r"|if|with|when|please|score|given|from|using)(?=\s|$|,)"
)
_STATED = re.compile(
    r"^\s*(?:is |was |of |at )*(?:below|above|under|over|less than|greater than|more than|at least|"
    r"between|<|>|≥|≤|lower than|higher than|up to|from)\s*\d"
)
_VALUE = re.compile(r"^\s*(?:(?:score|is|was|of|at|=|equals)\s+)*-?\d")
_AGE_AND_SEX = re.compile(
    r"(^|, |\bfor (?:an? )?|\bin an? |\bmy )(1[89]|[2-9]\d) ?([fm])(?=\s|,|$)"
)
_SEEKS = re.compile(r"\b(?:what|which|when|why|how|is|are|does|do|versus|vs|better|or)\b")
_QUESTION = re.compile(r"\b(?:what|which|when|why|how|versus|vs)\b")
#: So many inputs said at once describe a patient, whatever other words are among them.
_A_CASE = 4
_OTHER_WISH = re.compile(
    r"\b(?:dose|doses|dosing|dosage|treat|treated with|treatment|safe|contraindicated|recommended|"
    r"recommend|interact\w*|guidelines?|evidence|first line|side effects?|threshold|cut ?offs?|"
    r"should (?:i|we)|can (?:i|we|he|she|they)|start|stop|prescribe|means?|stands? for|defin\w+|"
    r"interpret\w*|validated|validation|sensitivity|specificity)\b"
)


def seeks_more(text: str) -> bool:
    """Whether `text` asks for something else than a calculation: a dose, a reason, a comparison."""
    said = normalised(text)
    return bool(_QUESTION.search(said) or _OTHER_WISH.search(said))


def recognise(text: str, *, today: date | None = None) -> Recognised | Unclear | None:
    """The calculator that `text` asks for, with the inputs said in it; None if it asks for none."""
    said = repaired(_AGE_AND_SEX.sub(_age_and_sex, normalised(text)))
    named = _named(said)
    asked = [
        (one, raw)
        for one in named
        for raw in [extract(one.calculator, said, (one.start, one.end), today or date.today())]
        if _asks_for(one, raw, said)
    ]
    if not asked:
        return None
    if len({one.calculator.key for one, _ in asked}) > 1:
        hinted = [(one, raw) for one, raw in asked if _hinted(one.calculator.key, said)]
        asked = hinted if len(hinted) == 1 else asked
    asked = _most_specific(asked)
    if len(asked) > 1:
        keys = tuple(dict.fromkeys(one.calculator.key for one, _ in asked))
        names = [CALCULATORS[key].name for key in keys]
        return Unclear(keys, f"Which one: {spoken_list(names, 'or')}?")
    one, raw = asked[0]
    return Recognised(one.calculator.key, raw)


def _age_and_sex(found: re.Match[str]) -> str:
    """ "54 f" at the head of a phrase is an age and a sex, not degrees or metres."""
    sex = "female" if found.group(3) == "f" else "male"
    return f"{found.group(1)}{found.group(2)} years old {sex}"


def _most_specific(
    asked: list[tuple[_Named, dict[str, Raw]]],
) -> list[tuple[_Named, dict[str, Raw]]]:
    """Without those that another one asked for refines: QTc beside QTc by Fridericia."""
    keys = {one.calculator.key for one, _ in asked}
    return [
        (one, raw)
        for one, raw in asked
        if not any(key.startswith(f"{one.calculator.key}_") for key in keys)
    ]


def choose(
    keys: Sequence[str], text: str, reply: str, *, today: date | None = None
) -> Recognised | None:
    """The one of `keys` that `reply` names, with what was said of it in `text` and in the reply."""
    answer = normalised(reply)
    named = {
        key
        for key in keys
        if _hinted(key, answer)
        or any(occurrences(answer, way) for way in (CALCULATORS[key].name, *_own(key, keys)))
    }
    if len(named) != 1:
        return None
    key = named.pop()
    said = repaired(normalised(f"{text} , {reply}"))
    return Recognised(key, extract(CALCULATORS[key], said, (0, 0), today or date.today()))


def _own(key: str, keys: Sequence[str]) -> set[str]:
    """The spoken names of `key` that none of the others has."""
    others = {alias for other in keys if other != key for alias in CALCULATORS[other].aliases}
    return set(CALCULATORS[key].aliases) - others


def _named(said: str) -> list[_Named]:
    """The calculators named in the text, longest names first where they overlap."""
    found = [
        _Named(calculator, start, end)
        for calculator in CALCULATORS.values()
        for alias in calculator.aliases
        for start, end in occurrences(said, alias)
    ]
    longest = [
        one
        for one in found
        if not any(
            other.start <= one.start
            and one.end <= other.end
            and other.end - other.start > one.end - one.start
            for other in found
        )
    ]
    kept = [one for one in longest if not _is_input_of_another(one, longest, said)]
    unique = {one.calculator.key: one for one in kept}
    return _with_albumin(said, list(unique.values()) or _steroid_question(said))


def _steroid_question(said: str) -> list[_Named]:
    """ "How much dexamethasone is forty milligrams of prednisolone": two steroids, one dose."""
    spoken = {name for name in STEROIDS if occurrences(said, name)}
    doses = [heard for heard in quantities(said) if heard.quantity.unit in {"mg", "mg/day"}]
    meant = re.search(r"\b(?:equivalent|equals?|how much|switch|convert|instead)\b", said)
    if len(spoken) == 2 and len(doses) == 1 and meant:
        return [_Named(CALCULATORS["steroid_conversion"], 0, 0)]
    return []


def _is_input_of_another(one: _Named, named: list[_Named], said: str) -> bool:
    """Whether the name is only an input of another calculator named ("SOFA with a GCS of 12")."""
    words = said[one.start : one.end]
    return any(
        other.calculator.key != one.calculator.key
        and (other.end <= one.start or other.start >= one.end)
        and words in _spoken_inputs_of(other.calculator.key)
        for other in named
    )


@cache
def _spoken_inputs_of(key: str) -> frozenset[str]:
    inputs = CALCULATORS[key].inputs
    names = {alias for wanted in inputs for alias in wanted.aliases}
    names |= {way for wanted in inputs for ways in wanted.spoken_choices.values() for way in ways}
    return frozenset(form(name) for name in names)


def _with_albumin(said: str, named: list[_Named]) -> list[_Named]:
    """A gap asked for together with an albumin value is the one corrected for albumin."""
    if not re.search(r"\balbumin (?:of |is |was )?\d", said):
        return named
    return [
        _Named(CALCULATORS[_ALBUMIN_FORMS[one.calculator.key]], one.start, one.end)
        if one.calculator.key in _ALBUMIN_FORMS
        else one
        for one in named
    ]


def _hinted(key: str, said: str) -> bool:
    return any(
        not re.search(r"\b(?:previous|prior|history of|signs of)\s+$", said[:start])
        for hint in _HINTS.get(key, ())
        for start, _ in occurrences(said, hint)
    )


def _asks_for(one: _Named, raw: Mapping[str, Raw], said: str) -> bool:
    before, after = said[: one.start], said[one.end :]
    if _STATED.match(after):
        return False
    asked = bool(_ASKS.search(before)) or bool(_WHAT.search(before) and _GOES_ON.match(after))
    if _VALUE.match(after) and len(raw) < 2 and not _value_is_input(raw, after):
        return False
    if asked:
        return True
    rest = before + " " + after
    if before.strip() in {"", "please", "a", "the", "an"}:
        figures = (
            re.search(r"\d", after) and not _OTHER_WISH.search(rest) and not _SEEKS.search(rest)
        )
        if figures or not after.strip():
            return True
    return len(raw) >= _A_CASE or (bool(raw) and not _OTHER_WISH.search(rest))


def _value_is_input(raw: Mapping[str, Raw], after: str) -> bool:
    """Whether the number that follows the calculator's name belongs to one of its inputs."""
    first = next(quantities(after), None)
    if first is None:
        return False
    pressure = re.match(r"^\D*(\d+) (?:over|on) (\d+)", after)
    if pressure and "systolic" in raw:
        return True
    return any(
        isinstance(value, Quantity) and value.value == first.quantity.value
        for value in raw.values()
    )
