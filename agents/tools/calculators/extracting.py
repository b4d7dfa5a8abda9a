"""The inputs of one calculator from a spoken question: only what was said, with its unit."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from itertools import pairwise

from agents.tools.calculators.dates import find_date
from agents.tools.calculators.mentions import (
    Mention,
    form,
    mentions,
    occurrences,
    others_denied,
    polarity,
)
from agents.tools.calculators.model import Calculator, Input, Quantity, Raw, Scale
from agents.tools.calculators.quantities import Heard, quantities
from agents.tools.calculators.spoken_doses import opioids, smoking, steroids

Span = tuple[int, int]
#: Units that can mean only one kind of input; the number needs no name beside it.
_TELLING = frozenset(
    ("kg", "lb", "stone", "cm", "ft", "in", "m", "°C", "°F", "ms", "bpm", "mg/day", "µg/h", "mL")
)
_FILLERS = (
    r"(?:\s+|\s*,\s*)(?:(?:of|is|was|at|=|equals|equal to|a|an|about|around|approximately|roughly|"
    r"now|today|currently|level|value|result|measured|measures|reads|reading|count|came|comes|back|"
    r"as|up to|the|his|her|was just|'s|on|ratio|interval|conversion)\s+)*"
)
_AFTER = re.compile(_FILLERS)
#: What makes a value one of the past, which says nothing of now.
_ONCE = (
    r"last (?:week|month|year|night|time)|yesterday|previously|before|at baseline|"
    r"\d+ (?:days?|weeks?|months?|years?|hours?) ago"
)
_ALTERNATIVE = re.compile(
    r"^\s*(?:to|or|then|or maybe)\s+-?\d"
    rf"|^[\s,]*(?:{_ONCE})\b|^[\s,]*(?:and|but)?\s*(?:(?:is|it's) )?(?:now|today|currently)\s+-?\d"
)
_ALTERNATED = re.compile(r"\d\s*(?:to|or|or maybe)\s+$")
_OLD = re.compile(
    r"\bold\b|y/?o\b|(?=\s*(?:woman|man|male|female|lady|gentleman|girl|boy|patient)\b)"
)
_SEX = re.compile(r"\b(?:woman|man|male|female|lady|gentleman|girl|boy) ?,?\s*$")
_PRESSURE = re.compile(r"(?<![\w.])(\d{2,3}) (?:over|on) (\d{2,3})(?![\w.])")
_GENERIC = frozenset(
    "none normal other mild moderate severe major slight absent possible definite present elective "
    "high low emergency actual ideal adjusted medium soft firm mid blue pale pink limp active slow "
    "irregular moderately slightly highly anterior posterior closed".split()
)
_PAST = re.compile(
    r"\b(?:previous|prior|past|former|formerly|ex|history of|stopped|quit|(?:gave|given) up)"
    r"(?: an?)?\s*$"
)
#: Criteria that are an absence or good news: "nothing else" does not deny them.
_GOOD_SIGNS = frozenset(
    ("no_cough", "no_hypotension", "no_copd", "no_dehydration", "outpatient", "solid_tumour",
     "attends_rapidly", "alternative", "no_alternative")
)  # fmt: skip


def extract(calculator: Calculator, text: str, blocked: Span, today: date) -> dict[str, Raw]:
    """What normalised `text` says of the calculator's inputs.

    `blocked` is where the calculator's own name stands. An input said twice with different
    values, hedged, or given as a range is left out, and so asked for.
    """
    special = _SPECIAL.get(calculator.key)
    raw: dict[str, Raw] = special(text) if special else {}
    numbers = [i for i in calculator.inputs if i.kind == "number" and i.name not in raw]
    raw.update(_numbers(numbers, text))
    for wanted in calculator.inputs:
        if wanted.kind == "choice" and wanted.name not in raw and wanted.name not in _SPOKEN_APART:
            chosen = chosen_in(wanted, text, blocked)
            if chosen is not None:
                raw[wanted.name] = chosen
        if wanted.kind == "date" and (found := _date(wanted, text, today)):
            raw[wanted.name] = found
    raw.update(_yes_and_no(calculator, text, blocked))
    if re.search(r"\b(?:on|room|breathing) air\b", text):
        if calculator.input("fio2") and "fio2" not in raw:
            raw["fio2"] = Quantity(21, "%")
        if calculator.input("oxygen"):
            raw["oxygen"] = False
    return {name: value for name, value in raw.items() if calculator.input(name)}


def chosen_in(
    wanted: Input, text: str, blocked: Span = (0, 0), *, alone: bool = False
) -> str | None:
    """The one choice of `wanted` that `text` names outside `blocked`.

    `alone` accepts a choice without its input's name beside it, as in a reply.
    """
    names = [
        (value, spoken)
        for value, shown in wanted.choices.items()
        for spoken in (value.replace("_", " "), shown, *wanted.spoken_choices.get(value, ()))
    ]
    found = {
        mention.name
        for mention in mentions(text, names)
        if (mention.end <= blocked[0] or mention.start >= blocked[1])
        and (alone or _stands(wanted, text, mention))
    }
    return found.pop() if len(found) == 1 else None


def _stands(wanted: Input, text: str, mention: Mention) -> bool:
    """Whether a choice is said clearly enough: by itself, or beside its input's name."""
    words = text[mention.start : mention.end]
    plain = len(words) >= 3 and words not in _GENERIC and not re.match(r"[-+\d]", words)
    named = any(occurrences(words, alias) for alias in wanted.aliases)
    if (plain or named) and not re.search(r"\b(?:no|not|without)\s+$", text[: mention.start]):
        return True
    for alias in wanted.aliases:
        for start, end in occurrences(text, alias):
            if end <= mention.start and _AFTER.fullmatch(text[end : mention.start]):
                return True
            if mention.end <= start and re.fullmatch(r"\s+(?:of )?", text[mention.end : start]):
                return True
    return words.startswith("no ")


def _numbers(wanted: list[Input], text: str) -> dict[str, Raw]:
    heard = list(quantities(text))
    raw: dict[str, Raw] = {}
    used = _spelt_out(heard, text)
    found = _PRESSURE.search(text)
    if found and any(i.name in {"systolic", "diastolic"} for i in wanted):
        for name, group in (("systolic", 1), ("diastolic", 2)):
            if any(i.name == name for i in wanted):
                raw[name] = Quantity(float(found.group(group)), "mmHg")
        used |= {h.start for h in heard if found.start() <= h.start < found.end()}
    hits = mentions(text, [(i.name, alias) for i in wanted for alias in i.aliases])
    units = {i.name: i.units for i in wanted}
    pairs = _paired(text, hits, [h for h in heard if h.start not in used], units)
    dropped: set[str] = set()
    for name, quantity in pairs:
        if name in raw or name in dropped or quantity.start in used:
            if name in raw and raw[name] != quantity.quantity and quantity.start not in used:
                dropped.add(name)
                raw.pop(name)
            continue
        used.add(quantity.start)
        if _one_of_two(quantity, text):
            dropped.add(name)
            continue
        raw[name] = _fitting(quantity.quantity, units[name], text, hits, name)
    for quantity in heard:
        if quantity.start in used or _one_of_two(quantity, text):
            continue
        takers = [i for i in wanted if _tells(i, quantity, text)]
        if len(takers) == 1 and takers[0].name not in dropped:
            if takers[0].name in raw:
                if raw[takers[0].name] != quantity.quantity:
                    raw.pop(takers[0].name)
                    dropped.add(takers[0].name)
                continue
            raw[takers[0].name] = quantity.quantity
            used.add(quantity.start)
    return raw


def _one_of_two(heard: Heard, text: str) -> bool:
    """Whether a number is an end of a range or one of two: "70 to 80 kg", "70 or 80"."""
    before, after = text[: heard.start], text[heard.end :]
    return bool(_ALTERNATIVE.match(after) or _ALTERNATED.search(before))


def _spelt_out(heard: list[Heard], text: str) -> set[int]:
    """Where numbers stand that may be the digits of one ("1 2 5"), and so are none by itself."""
    apart: set[int] = set()
    for one, next_one in pairwise(heard):
        single, follows = one.quantity.value < 10, next_one.quantity.value < 10
        bare = next_one.quantity.unit is None
        if one.quantity.unit is None and text[one.end : next_one.start].isspace():
            if (follows and bare) or (single and (follows or bare)):
                apart |= {one.start, next_one.start}
    return apart


def _fitting(said: Quantity, units: object, text: str, hits: list[Mention], name: str) -> Quantity:
    """Urea named as such in mg/dL is the molecule, not its nitrogen."""
    if said.unit == "mg/dL" and isinstance(units, dict) and "mg/dL urea" in units:
        words = {text[h.start : h.end] for h in hits if h.name == name}
        if words and not any("nitrogen" in w or "b u n" in w or "bun" in w for w in words):
            return Quantity(said.value, "mg/dL urea")
    if said.unit is not None and isinstance(units, dict) and said.unit not in units:
        return Quantity(said.value, said.unit)
    return said


def _paired(
    text: str, hits: list[Mention], heard: list[Heard], units: Mapping[str, Mapping[str, Scale]]
) -> list[tuple[str, Heard]]:
    """Each name with its number: "sodium 140 chloride 100", or all the other way round.

    A number whose unit tells of another input ("forty percent oxygen, fifty years old") is not
    taken.
    """

    def fits(hit: Mention, number: Heard) -> bool:
        unit = number.quantity.unit
        telling = unit in _TELLING or unit == "years"
        return not telling or unit in units[hit.name]

    after: list[tuple[str, Heard]] = []
    before: list[tuple[str, Heard]] = []
    for hit in hits:
        following = next(
            (h for h in heard if h.start >= hit.end and fits(hit, h)
             and _AFTER.fullmatch(text[hit.end : h.start])),
            None,
        )  # fmt: skip
        leading = next(
            (h for h in heard if h.end <= hit.start and fits(hit, h)
             and re.fullmatch(r"\s+(?:of |degrees )?", text[h.end : hit.start])),
            None,
        )  # fmt: skip
        if following:
            after.append((hit.name, following))
        if leading:
            before.append((hit.name, leading))
    numbered = {name for name, _ in after} | {name for name, _ in before}
    reversed_order = (
        len({name for name, _ in before}) == len(numbered) > len({name for name, _ in after})
    )
    if reversed_order:
        return before
    named_after = {name for name, _ in after}
    return after + [pair for pair in before if pair[0] not in named_after]


def _tells(wanted: Input, heard: Heard, text: str) -> bool:
    """Whether a number's unit alone says that it is this input."""
    unit = heard.quantity.unit
    if unit == "years":
        if wanted.name != "age":
            return False
        return bool(
            _OLD.search(text[heard.start : heard.end])
            or _OLD.match(text, heard.end)
            or _SEX.search(text[: heard.start])
        )
    if unit is None and wanted.name == "age":
        return bool(_OLD.match(text, heard.end))
    if unit is None and wanted.name == "temperature":
        return bool(re.match(r"\s*degrees\b", text[heard.end :]))
    return unit in _TELLING and unit in wanted.units


def _date(wanted: Input, text: str, today: date) -> str | None:
    for alias in wanted.aliases:
        for _, end in occurrences(text, alias):
            if found := find_date(text[end : end + 48], today):
                return found
    return None


def _yes_and_no(calculator: Calculator, text: str, blocked: Span) -> dict[str, Raw]:
    asked = [i for i in calculator.inputs if i.kind == "yesno"]
    hits = [
        hit
        for hit in mentions(text, [(i.name, alias) for i in asked for alias in i.aliases])
        if hit.end <= blocked[0] or hit.start >= blocked[1]
    ]
    by_name = {wanted.name: wanted for wanted in asked}
    said: dict[str, set[bool | None]] = {}
    for hit in hits:
        told, words = polarity(text, hit, hits), text[hit.start : hit.end]
        if told is False and words in _forms(by_name[hit.name].affirms_only):
            continue
        if told and words in _forms(by_name[hit.name].denies_only):
            told = None
        if told and _past_only(by_name[hit.name], text[: hit.start]):
            told = None
        said.setdefault(hit.name, set()).add(told)
    raw: dict[str, Raw] = {}
    for name, answers in said.items():
        if answers in ({True}, {False}):
            raw[name] = answers == {True}
    if others_denied(text):
        for wanted in asked:
            if wanted.name not in said and wanted.name not in _GOOD_SIGNS:
                raw[wanted.name] = False
    return raw


def _forms(aliases: frozenset[str]) -> set[str]:
    return {form(alias) for alias in aliases}


def _past_only(wanted: Input, before: str) -> bool:
    """Whether a thing of the past is said where the criterion is about now."""
    current = re.search(r"\b(?:active|acute|current|new|ongoing|the past \w+)\b", wanted.label)
    return bool(current and _PAST.search(before))


_SPECIAL: dict[str, Callable[[str], dict[str, Raw]]] = {
    "steroid_conversion": steroids,
    "mme": opioids,
    "pack_years": smoking,
}
_SPOKEN_APART = frozenset({"from_steroid", "to_steroid"})
