"""Whether a sentence holds under the same conditions as the one that carries it."""

from __future__ import annotations

from dataclasses import replace

from agents.facts import FIGURE, Facts, stems
from agents.gate.telling import telling_stems


def same_conditions(said: Facts, carrier: Facts) -> bool:
    """Exceptions must be the same, in order, and what is behind an "if" must stay there. One of
    them may put behind a "with" or an "in" what the other has behind its "if"; none leaves it out.
    """
    only = carrier.exceptions.count("only")
    if 0 < only < said.exceptions.count("only"):  # "only A, and only B" is "only A and B"
        said = replace(said, exceptions=_with_only(said.exceptions, only))
    if _without_if(said) != _without_if(carrier):
        return False
    ifs, own_ifs = said.exceptions.count("if"), carrier.exceptions.count("if")
    if _leaves_one_out(said, carrier) or _joined_otherwise(said, carrier):
        return False
    if ifs == own_ifs:
        return said.exceptions == carrier.exceptions and not (
            ifs == 1 and (_strayed(said, carrier) or _strayed(carrier, said))
        )
    if max(ifs, own_ifs) > 1:
        return False
    conditions, circumstances = (
        (said.conditions, carrier.circumstances)
        if ifs
        else (carrier.conditions, said.circumstances)
    )
    needed = (conditions - telling_stems() - _BEING - {FIGURE}) or conditions & {FIGURE}
    return bool(needed) and needed <= circumstances and _all_figures(said, carrier)


_BEING = stems("cause occur develop happen arise blood serum plasma level")
"""That something is so, or what it is measured in, is no condition of itself."""


def _with_only(exceptions: tuple[str, ...], count: int) -> tuple[str, ...]:
    """The exceptions with no more than `count` of "only"."""
    at = [place for place, one in enumerate(exceptions) if one == "only"][count:]
    return tuple(one for place, one in enumerate(exceptions) if place not in at)


def _strayed(one: Facts, other: Facts) -> bool:
    """Whether what one says only behind its "if" the other says only before it; "in severe
    asthma" may stand in either, where the other's own condition is kept."""
    strayed = (one.conditions - one.consequences) & (other.consequences - other.conditions)
    kept = other.conditions - telling_stems() <= one.conditions | {FIGURE}
    return bool(strayed - {FIGURE} - (other.settings if kept else frozenset()))


def _leaves_one_out(said: Facts, carrier: Facts) -> bool:
    """Whether one of several conditions is not said at all."""
    told = said.words | {FIGURE} if said.amounts else said.words
    return len(carrier.conjuncts) > 1 and any(
        one.isdisjoint(told) for one in carrier.conjuncts if one - telling_stems()
    )


def _joined_otherwise(said: Facts, carrier: Facts) -> bool:
    """Whether "and" has become "or", where nothing is denied."""
    joints = said.joints | carrier.joints
    return (
        len(said.joints) == len(carrier.joints) == 1
        and len(joints) > 1
        and not (said.negations or carrier.negations or "without" in carrier.exceptions)
    )


def _all_figures(said: Facts, carrier: Facts) -> bool:
    """Whether no amount is left out."""
    return len(said.amounts) >= len(carrier.amounts)


def _without_if(one: Facts) -> list[str]:
    return [exception for exception in one.exceptions if exception != "if"]
