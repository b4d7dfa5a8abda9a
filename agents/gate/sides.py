"""Whether what is said of the one is said of the other: of the loading dose what is true of the
maintenance dose, first what comes second."""

from __future__ import annotations

from agents.facts import OPPOSITES, Facts
from agents.gate.order import in_order


def sides_changed(said: Facts, carrier: Facts) -> bool:
    """Whether opposites, or what comes earlier and later, have changed places."""
    if not (carrier.sides or said.turns):
        return False
    return any(_changed(group, said, carrier) for group in (*OPPOSITES, _STEPS))


_STEPS = frozenset({"earlier", "later"})


def _changed(group: frozenset[str], said: Facts, carrier: Facts) -> bool:
    own, told = _of(group, carrier), _of(group, said)
    turns = [turn for turn in said.turns if turn in group]
    several = len({*turns}) > 1
    astray = several and not in_order(turns, [turn for turn in carrier.turns if turn in group])
    if len(own) < 2 or (several and len(told) < 2):
        return astray
    if not told and turns:
        told = {turns[0]: said.words.union(*((one.low, one.high) for one in said.amounts))}
    moved = [_astray(cue, words, own, carrier) for cue, words in told.items() if cue in own]
    if group == _STEPS:
        return any(stray for stray, _ in moved) and not any(home for _, home in moved)
    if not any(stray or home for stray, home in moved):
        return astray
    return any(stray and not home for stray, home in moved)


def _of(group: frozenset[str], one: Facts) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for cue, words in one.sides:
        if cue in group:
            found[cue] = found.get(cue, frozenset()) | words
    return found


def _astray(
    cue: str, words: frozenset[str], own: dict[str, frozenset[str]], carrier: Facts
) -> tuple[frozenset[str], frozenset[str]]:
    """Which words stand with a cue that in the carrier stand with its opposite alone, and which
    with the cue alone."""
    words -= carrier.settings | carrier.conditions
    others = frozenset[str]().union(*(found for other, found in own.items() if other != cue))
    return (words & others) - own[cue], (words & own[cue]) - others
