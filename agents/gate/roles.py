"""Whether each drug does in a sentence what it does in the one that carries it."""

from __future__ import annotations

from agents.facts import Facts, stems
from agents.gate.telling import telling_stems


def roles_changed(said: Facts, carrier: Facts) -> bool:
    """Whether a word beside a drug stands beside another drug, and not beside this one, in the
    sentence that carries it: "reduce digoxin when amiodarone is started" the other way round."""
    if len({*said.drugs, *carrier.drugs}) < 2:
        return False
    if any(
        (name, stem, not done) in carrier.deeds and (name, stem, done) not in carrier.deeds
        for name, stem, done in said.deeds
    ):
        return True
    heads = {*said.drugs} - said.companions, {*carrier.drugs} - carrier.companions
    if said.companions & heads[1] and carrier.companions & heads[0]:  # A with B, and B with A
        return True
    names = stems(" ".join(carrier.drugs))
    for name, (before, behind), _ in said.beside_drugs:
        own, others = set[str](), set[str]()
        for other, (left, right), (wide_left, wide_right) in carrier.beside_drugs:
            if other == name:
                own |= wide_left | wide_right
            else:
                others |= left | right
        behind_it = {stem for other, stem, _ in carrier.deeds if other == name}
        strayed = (before | behind) & others
        if not own:
            done = {stem for other, stem, _ in carrier.deeds if other != name}
            strayed &= (done - carrier.settings) & {
                stem for other, stem, _ in said.deeds if other == name
            }
        if strayed - own - behind_it - names - telling_stems():
            return True
    return False
