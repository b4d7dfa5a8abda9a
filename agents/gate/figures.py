"""Which amounts of a sentence are not in another: each needs its own, in order, with its drug and
the words beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from agents.conversational import everyday_stems
from agents.facts import TIMES, Amount, Beside, Facts, stems
from agents.gate.order import is_dose, strengths, told_apart
from agents.gate.telling import telling_stems


def amounts_missing(said: Facts, carrier: Facts, allowed: frozenset[str]) -> Iterator[Amount]:
    """The amounts of `said` that `carrier` does not have; a drug in `allowed` may be added to one
    that has none."""
    at = 0
    anywhere = told_apart(carrier)
    strength = strengths(carrier) == 1
    alike = _named(said) == _named(carrier)
    for index, amount in enumerate(said.amounts):
        loose = alike and not stems(amount.drug) & frozenset().union(*said.beside[index][0])
        free = anywhere or (strength and amount.unit == "%")
        for place in range(0 if free else at, len(carrier.amounts)):
            other = carrier.amounts[place]
            if _same(amount, other, allowed) or (
                loose and _same(replace(amount, drug=other.drug), other, allowed)
            ):
                if _belongs_elsewhere(said.beside[index][0], carrier, place, anywhere):
                    yield amount
                at = at if free else place + 1
                break
        else:
            at = at if free else len(carrier.amounts)
            yield amount


def rhythms_changed(said: Facts, carrier: Facts) -> Iterator[str]:
    """The times and frequencies that in the carrier are of another of its doses."""
    own = _rhythms(carrier)
    timed = {dose for dose, _ in own}
    for dose, rhythm in _rhythms(said) - own:
        if dose in timed and any(rhythm == other for _, other in own):
            yield rhythm.split(" ", 1)[1]


def _rhythms(one: Facts) -> frozenset[tuple[str, str]]:
    """Each time and frequency with the dose that it follows."""
    return _rhythms_in(one.order)


@lru_cache(maxsize=4096)
def _rhythms_in(order: tuple[str, ...]) -> frozenset[tuple[str, str]]:
    found, dose = set[tuple[str, str]](), ""
    for item in order:
        what, _, value = item.partition(" ")
        unit = value.split(" ", 2)[-1]
        if what == "amount" and unit not in TIMES:
            dose = item if is_dose(unit) else ""
        elif what in ("amount", "way") and dose:
            found.add((dose, item))
    return frozenset(found)


def _named(one: Facts) -> list[str]:
    """Drugs and amounts in order: where it is the same, each amount is of the same drug, unless
    one is said right beside it."""
    return [item for item in one.order if item.startswith(("drug", "amount"))]


def _same(amount: Amount, other: Amount, allowed: frozenset[str]) -> bool:
    if (amount.low, amount.high, amount.limit) != (other.low, other.high, other.limit):
        return False
    if amount.unit != other.unit and (amount.unit or other.unit not in _UNSPOKEN):
        return False
    return (
        amount.drug == other.drug
        or not amount.drug
        or (not other.drug and amount.drug in allowed)
        or (amount.drug == "insulin" and other.drug.endswith("insulin"))
    )


_UNSPOKEN = frozenset({"mmHg", "mL/minute", "mL/minute/1.73 m2"})
"""Units that may be left out, for what is measured in them is in no other."""


def _belongs_elsewhere(beside: Beside, carrier: Facts, at: int, anywhere: bool) -> bool:
    """Whether a word beside an amount stands beside another amount, and not beside this one, in
    the sentence that carries it: "relapse" with the figure for "respond"."""
    amount = carrier.amounts[at]
    plain = _named_stems(carrier.drugs) | _GIVING
    plain |= telling_stems() if anywhere else everyday_stems()
    own, before, either = set[str](), set[str](), set[str]()
    for one, ((left, right), near) in zip(carrier.amounts, carrier.beside, strict=True):
        if (one.low, one.high, one.unit) == (amount.low, amount.high, amount.unit):
            own |= near[0] | near[1]
            continue
        before |= left
        if one.unit == amount.unit:
            either |= left | right
    left, right = beside
    return bool(((left & before) | ((left | right) & either)) - own - plain)


_GIVING = stems("infuse infused infusion inject injected injection bolus")


@lru_cache(maxsize=2048)
def _named_stems(drugs: tuple[str, ...]) -> frozenset[str]:
    return stems(" ".join(drugs))
