"""Whether what is denied has changed."""

from __future__ import annotations

from agents.facts import Facts


def turned(said: Facts, carrier: Facts) -> bool:
    """Whether a negation has moved: to another drug or amount, or from one word to another."""
    if not said.negations:
        return False
    if any(
        (drug in said.negated) != (drug in carrier.negated)
        for drug in said.drugs
        if drug in carrier.drugs
    ):
        return True
    figures = {one.said for one in carrier.amounts}
    moved = said.negated & (figures | carrier.words) - carrier.negated
    return bool(moved & figures and carrier.negated & figures) or bool(
        moved and (carrier.negated & said.words) - said.negated
    )
