"""Words that say the opposite of one another, in whatever they stand beside."""

from __future__ import annotations

from agents.facts import Facts, stems


def opposed(said: Facts, carrier: Facts) -> bool:
    """Whether a word has given way to its opposite: "permits" for "prevents"."""
    new, lost = said.words - carrier.words, carrier.words - said.words
    return any(
        (new & one and lost & other) or (new & other and lost & one) for one, other in _OPPOSED
    )


_OPPOSED = tuple(
    (stems(one), stems(other))
    for one, other in (
        ("prevent prevention protect block inhibit stop",
         "permit allow cause promote provoke trigger induce produce"),
        ("differ different differently distinct unlike",
         "equal equally equivalent same similar identical correspond match"),
        ("combination combined combine together", "alone monotherapy separate separately"),
        ("improve improves better benefit beneficial", "worsen worsens worse harm harmful"),
        ("include includes", "exclude excludes"),
        ("good well", "poor poorly bad badly"),
        ("agonist", "antagonist"),
        ("presence present", "absence absent"),
        ("routine routinely always usual usually often", "rare rarely seldom occasionally"),
        ("conscious awake", "unconscious asleep"),
        ("upper", "lower"),
        ("anterior front", "posterior back"),
        ("inpatient admit admitted admission", "outpatient discharge discharged"),
        ("gain", "loss lose"),
        ("increase rise raise", "decrease fall drop reduce"),
        ("quickly quick fast rapid rapidly immediately", "slow slowly gradual gradually"),
    )
)  # fmt: skip
