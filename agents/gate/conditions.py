"""Whether a sentence holds under the same conditions as the one that carries it."""

from __future__ import annotations

from agents.facts import Facts
from agents.gate.telling import telling_stems


def same_conditions(said: Facts, carrier: Facts) -> bool:
    """Exceptions must be the same, in order, and what is behind an "if" must stay there. One of
    them may put behind a "with" or an "in" what the other has behind its "if"; none leaves it out.
    """
    if _without_if(said) != _without_if(carrier):
        return False
    ifs, own_ifs = said.exceptions.count("if"), carrier.exceptions.count("if")
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
    needed = conditions - telling_stems()
    return bool(needed) and needed <= circumstances and (bool(ifs) or _all_figures(said, carrier))


def _strayed(one: Facts, other: Facts) -> bool:
    """Whether what one says only behind its "if" the other says only before it."""
    return bool((one.conditions - one.consequences) & (other.consequences - other.conditions))


def _all_figures(said: Facts, carrier: Facts) -> bool:
    """Whether no amount is left out."""
    return len(said.amounts) >= len(carrier.amounts)


def _without_if(one: Facts) -> list[str]:
    return [exception for exception in one.exceptions if exception != "if"]
