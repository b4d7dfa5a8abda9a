"""The order in which drugs, amounts, routes and frequencies are named."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from agents.facts import TIMES, Amount, Facts, kind_of


def keeps_order(said: Facts, carrier: Facts, subjects: frozenset[str]) -> bool:
    """Whether what `said` names follows as in the sentence that carries it; the headings' drugs,
    `subjects`, may stand anywhere."""
    plain = "insulin" in said.drugs and "soluble insulin" not in said.drugs
    free = _free(carrier)
    return all(
        in_order(
            _order(said, subjects, free, kinds, plain_insulin=plain),
            _order(_as_named(carrier, said), frozenset(), free, kinds, plain_insulin=plain),
        )
        for kinds in (_FIGURES, _NAMES)
    )


def _as_named(carrier: Facts, said: Facts) -> Facts:
    """With the drugs that are named in one breath ("A and B") in the order of `said`; not where
    each may have a figure of its own."""
    runs = [run for run in carrier.together if len(run) > 1]
    if len(carrier.amounts) > 1 or not runs:
        return carrier
    order = list(carrier.order)
    for run in runs:
        places = [order.index(f"drug {name}") for name in run if f"drug {name}" in order]
        names = sorted((order[at] for at in places), key=[*said.order, *order].index)
        for at, name in zip(sorted(places), names, strict=True):
            order[at] = name
    return replace(carrier, order=tuple(order))


_FIGURES = frozenset({"amount", "way", "mode", "route"})
_NAMES = frozenset({"drug", "route"})


def told_apart(one: Facts) -> bool:
    """Whether no two amounts could be taken for each other; two doses could, in any unit."""
    kinds = [kind(amount) for amount in one.amounts]
    return len(set(kinds)) == len(kinds)


def kind(amount: Amount) -> str:
    """What an amount measures: a dose, a time with its limit, or what its unit alone is for."""
    if amount.unit in TIMES:
        return f"time {amount.limit}"
    return "dose" if is_dose(amount.unit) else amount.unit


def is_dose(unit: str) -> bool:
    """Whether something is given in this unit, not measured."""
    return bool(unit) and not _MEASURED.search(unit)


_MEASURED = re.compile(r"/(?:L|dL|mL|minute|hour|µL|mmol)|^mmHg|^kPa")


def strengths(one: Facts) -> int:
    """How many amounts are in percent; a single one may stand on either side of its drug."""
    return sum(amount.unit == "%" for amount in one.amounts)


def not_in_order(said: Sequence[str], carrier: Sequence[str]) -> Iterator[str]:
    """The first of `said` that cannot be had from `carrier` by leaving things out."""
    rest = iter(carrier)
    for item in said:
        if item not in rest:
            yield item.removeprefix("drug ").removeprefix("amount ").strip()
            return


def in_order(said: Sequence[str], carrier: Sequence[str]) -> bool:
    """Whether `said` can be had from `carrier` by leaving things out."""
    return not list(not_in_order(said, carrier))


def _order(
    one: Facts,
    without: frozenset[str],
    free: frozenset[str],
    kinds: frozenset[str],
    *,
    plain_insulin: bool,
) -> tuple[str, ...]:
    """What of these kinds follows what, but for those whose place is `free`. An amount is bound
    to its drug already. `plain_insulin`: soluble insulin counts as insulin."""
    return tuple(
        "drug insulin" if plain_insulin and item == "drug soluble insulin" else item
        for item in one.order
        if (kind := item.split(" ", 1)[0]) in kinds
        and kind not in free
        and not (item.endswith(" %") and "strength" in free)
        and item.removeprefix("drug ") not in without
    )


def _free(carrier: Facts) -> frozenset[str]:
    """What may be said anywhere in the sentence: a single drug or route, the frequency of a single
    amount, and amounts that measure different things."""
    free = {"drug"} if len(carrier.drugs) <= 1 else set[str]()
    free |= {"strength"} if strengths(carrier) == 1 else set()
    if "instead" in carrier.exceptions:
        return frozenset(free)
    kinds = Counter(kind_of(way) for way in set(carrier.ways))
    free |= {kind for kind in ("route", "mode") if kinds[kind] <= 1}
    if (
        told_apart(carrier)
        and max(kinds["way"], kinds["mode"]) <= 1
        and (kinds["route"] <= 1 or len(carrier.drugs) > 1)
    ):
        free |= {"amount", "way"}
    return frozenset(free)
