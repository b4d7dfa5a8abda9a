"""What a caller says to a calculation under way: the value asked for, others beside it, or a
correction of one given before ("no, sixty-eight", "sorry, the weight is 68")."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from agents.tools.calculators.dates import find_date
from agents.tools.calculators.extracting import chosen_in, extract
from agents.tools.calculators.model import Calculator, Input, Quantity, Raw
from agents.tools.calculators.quantities import parse_quantity, quantities
from agents.tools.calculators.repairs import repaired
from agents.tools.calculators.spoken_numbers import normalised
from agents.tools.calculators.units import unit_at

_NO = re.compile(
    r"(?:no|nope|not|none|never|negative|absent|without|she doesn't|he doesn't|she hasn't|"
    r"he hasn't|false)\b"
)
_YES = re.compile(r"(?:yes|yeah|yep|yup|correct|present|positive|true|she does|he does)\b")
_UNSURE = re.compile(
    r"\b(?:not sure|unsure|don't know|do not know|no idea|unknown|not known|unclear|not clear|"
    r"maybe|perhaps|possibly|pending|awaiting|no (?:data|result|record)|"
    r"not (?:yet )?(?:been )?(?:tested|done|measured|checked|available|recorded))\b"
)
_CORRECTS = re.compile(
    r"(?:(?:no|nope|sorry|wait|hang on|oh|actually|correction|i mean|i meant|i said|"
    r"make (?:that|it)|change (?:that|it) to|that should (?:be|have been)|not -?\d[\d.]*)\b[\s,]*)+"
)
_POLITE = re.compile(r"(?:(?:sorry|wait|hang on|oh|actually)[\s,]*)+")
"""Marks of a correction that may open an answer as well."""
_NITROGEN = re.compile(r"\bnitrogen\b|\bb ?u ?n\b")
_FILLERS = re.compile(r"(?:(?:it's|it is|that's|that is|its|but|rather|it was|should be)\s+)*")


@dataclass(frozen=True, slots=True)
class Reply:
    """What was heard, by input. `unnamed` tells that a number takes another back, but not which."""

    given: Mapping[str, Raw]
    unnamed: bool = False


def hear(
    calculator: Calculator,
    text: str,
    *,
    wanted: Input | None,
    last: Input | None,
    known: Mapping[str, Raw],
    today: date | None = None,
) -> Reply | None:
    """What `text` says in a calculation that waits for `wanted`, or that has been told if None;
    `last` is the input given last, `known` all that were given. None if it says nothing of it."""
    said, day = repaired(normalised(text)), today or date.today()
    named = extract(calculator, said, (0, 0), day)
    marks = _CORRECTS.match(said)
    rest = _FILLERS.sub("", said[marks.end() :], count=1) if marks else ""
    heard = list(quantities(rest))
    answers_no = wanted is not None and wanted.kind == "yesno" and not set(named) & set(known)
    if marks is None or not (named or heard) or (named and answers_no):
        return _answered(calculator, said, wanted, named, known, day) if wanted else None
    if named:
        return Reply(_in_their_units(known, named))
    if last is not None and last.kind == "date":
        found = find_date(rest, day)
        return Reply({last.name: found}) if found else None
    if len(heard) > 1 or not _alone(rest, heard[0].start, heard[0].end):
        return None
    either = wanted is not None and wanted.kind == "number" and wanted is not last
    if last is None or last.kind != "number":
        numbers = [i for i in calculator.inputs if i.kind == "number" and i.name in known]
        last = numbers[0] if len(numbers) == 1 else None
    if last is None or (either and _POLITE.fullmatch(marks[0])):
        return Reply({}, unnamed=True)
    return Reply(_in_their_units(known, {last.name: heard[0].quantity}))


def hear_reply(
    wanted: Input, text: str, *, before: Raw | None = None, today: date | None = None
) -> Raw | None:
    """The answer to the question for `wanted`; None if `text` does not answer it.

    `before` is the bare number that was said, where only its unit was asked for.
    """
    said = normalised(text)
    if wanted.kind == "number":
        pointed = repaired(f"{wanted.label} {said}")[len(wanted.label) + 1 :]
        return _number_reply(wanted, pointed, before)
    if wanted.kind == "choice":
        return chosen_in(wanted, said, alone=True)
    if wanted.kind == "date":
        return find_date(said, today or date.today())
    if _UNSURE.search(said):
        return None
    if _NO.match(said):
        return bool(wanted.opposite)
    return not wanted.opposite if _YES.match(said) else None


def _alone(rest: str, start: int, end: int) -> bool:
    """Whether a number is all that is said beside "please" and the like."""
    around = f"{rest[:start]} {rest[end:]}"
    return len(re.sub(r"\b(?:please|the|was|is|a|an|of|at)\b|,", "", around).split()) < 2


def _answered(
    calculator: Calculator,
    said: str,
    wanted: Input,
    named: Mapping[str, Raw],
    known: Mapping[str, Raw],
    today: date,
) -> Reply | None:
    """The value asked for, with others that were said beside it by their names."""
    given = _in_their_units(known, named)
    if wanted.name not in given:
        parts = _parts(calculator, said, today) if named else [said]
        for part in parts:
            raw = hear_reply(wanted, part, before=known.get(wanted.name), today=today)
            if raw is not None:
                given[wanted.name] = raw
                break
    return Reply(given) if given else None


def _parts(calculator: Calculator, said: str, today: date) -> Iterator[str]:
    """The parts of a reply that name no input: what is left to answer the question."""
    for part in re.split(r"\s*,\s*|\s+and\s+", said):
        if part and not extract(calculator, part, (0, 0), today):
            yield part


def _in_their_units(known: Mapping[str, Raw], new: Mapping[str, Raw]) -> dict[str, Raw]:
    """`new`, where a number that takes back another keeps the unit that was said with that."""
    return {
        name: Quantity(raw.value, old.unit)
        if isinstance(raw, Quantity)
        and raw.unit is None
        and isinstance(old := known.get(name), Quantity)
        else raw
        for name, raw in new.items()
    }


def _number_reply(wanted: Input, said: str, before: Raw | None) -> Raw | None:
    heard = list(quantities(said))
    if len(heard) == 1:
        return _told_apart(wanted, heard[0].quantity, said)
    if not heard and isinstance(before, Quantity):
        found = [hit for at in _starts(said) if (hit := unit_at(said[at:]))]
        units = {unit for unit, _ in found if unit in wanted.units}
        longest = max((size for _, size in found), default=0)
        best = {unit for unit, size in found if size == longest and unit in wanted.units}
        chosen = best if len(best) == 1 else units
        if not chosen and "mg/dL urea" in wanted.units and _NITROGEN.search(said):
            chosen = {"mg/dL"}
        if len(chosen) != 1:
            return None
        told = _told_apart(wanted, Quantity(before.value, chosen.pop()), said)
        return told if told.unit else None
    if not heard:
        return parse_quantity(said)
    return None


def _told_apart(wanted: Input, quantity: Quantity, said: str) -> Quantity:
    """Urea in mg/dL has no unit yet, until it is said to be the molecule or its nitrogen."""
    if quantity.unit == "mg/dL" and "mg/dL urea" in wanted.units and not _NITROGEN.search(said):
        return Quantity(quantity.value)
    return quantity


def _starts(said: str) -> list[int]:
    return [0, *(found.end() for found in re.finditer(r"\s+", said))]
