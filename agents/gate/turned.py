"""Whether what is denied has changed."""

from __future__ import annotations

from functools import cache

from agents.facts import Facts, stems
from agents.gate.order import kind


def turned(said: Facts, carrier: Facts) -> bool:
    """Whether a negation has moved: to another drug or amount, or from one word to another."""
    if said.of_whom and carrier.of_whom and any(said.of_whom) != any(carrier.of_whom):
        return True
    if _excepts_another(said, carrier) or _lost_its_non(said, carrier):
        return True
    if carrier.negated & _hedges() and not said.words & _hedges():
        return True
    if not said.negations:
        return _joined_otherwise(said, carrier)
    if any(
        (drug in said.negated) != (drug in carrier.negated)
        and f"it {drug}" not in said.negated | carrier.negated
        for drug in said.drugs
        if drug in carrier.drugs
    ):
        return True
    figures = {one.said for one in carrier.amounts}
    moved = said.negated & (figures | carrier.words) - carrier.negated
    plain = {one.said for one in carrier.amounts if not one.limit and kind(one) == "dose"}
    return bool(moved & (figures if carrier.negated & figures else plain)) or bool(
        moved and (carrier.negated & said.words) - said.negated
    )


@cache
def _hedges() -> frozenset[str]:
    """What is not done routinely may well be done."""
    return stems("routine routinely generally general usual usually typical typically always")


def _excepts_another(said: Facts, carrier: Facts) -> bool:
    """Whether "without" stands before another word: "A without B" against "B without A"."""
    return bool(said.excepted & carrier.words - carrier.excepted)


def _lost_its_non(said: Facts, carrier: Facts) -> bool:
    """Whether what is "non-invasive" has become invasive."""
    return bool(_with_non(carrier) & said.words - carrier.words)


def _with_non(one: Facts) -> frozenset[str]:
    return stems(" ".join(name[3:] for name in one.names if name.startswith("non")))


def _joined_otherwise(said: Facts, carrier: Facts) -> bool:
    """Whether "A and B" has become "A or B"."""
    own = {(one, other): joint for one, other, joint in carrier.joined}
    return any(own.get((one, other), joint) != joint for one, other, joint in said.joined)
