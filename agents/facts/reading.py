"""The facts of a sentence, in the order they are said, in one form however they are written.

"Fifteen milligrams twice a day", "15 mg BD" and "15mg b.i.d." give the same facts. Nothing is
converted: 1 g and 1000 mg stay different. Drugs are bound to the amounts next to them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from agents.facts.amounts import AGAINST, Amount, bind, measure
from agents.facts.conditions import (
    circumstances,
    company,
    conditions,
    conjuncts,
    consequences,
    joints,
    settings,
)
from agents.facts.cues import cues, kind_of
from agents.facts.names import names
from agents.facts.plain import plain
from agents.facts.scope import (
    Beside,
    beside,
    coordinated,
    deeds,
    excepted,
    is_had,
    is_with,
    joined,
    negated,
    of_whom,
)
from agents.facts.sides import Side, sides
from agents.facts.words import meaning
from agents.formulary import mentions
from agents.saying.pieces import pieces


@dataclass(frozen=True, slots=True)
class Facts:
    """Drugs and amounts are in the order in which they are said; words are stems.

    `order` interleaves drugs, amounts and ways (routes and frequencies). `cues` counts words that
    turn the meaning (increase, first-line, severe), `turns` has them in order. `names` are scores
    and terms that hold digits or turn on a prefix. `beside` has, for each amount, the one word and
    the two words on each side of it in its clause, `beside_drugs` the same for each drug; `deeds`
    the words behind each drug, and whether they are done to it. `together` are the drugs that are
    named in one breath, `companions` those behind a "with", `joined` the "and" or "or" between
    drugs. `negated` holds the drugs, amounts and words of the clauses that a negation is in,
    `of_whom` whether one follows each "who", `excepted` the word behind each "without".
    `conditions` are the words behind an "if", `consequences` the others, `circumstances` and
    `settings` what else tells for whom or when, `company` what stands behind each "with",
    `conjuncts` what must all be so, `joints` the "and" or "or" between them. `sides` are the words
    on either side of a contrast.
    """

    amounts: tuple[Amount, ...]
    drugs: tuple[str, ...]
    ways: tuple[str, ...]
    negations: int
    exceptions: tuple[str, ...]
    limits: tuple[str, ...]
    cues: Counter[str]
    turns: tuple[str, ...]
    names: frozenset[str]
    order: tuple[str, ...]
    words: frozenset[str]
    beside: tuple[tuple[Beside, Beside], ...]
    beside_drugs: tuple[tuple[str, Beside, Beside], ...]
    together: tuple[tuple[str, ...], ...]
    companions: frozenset[str]
    joined: frozenset[tuple[str, str, str]]
    negated: frozenset[str]
    of_whom: tuple[bool, ...]
    excepted: frozenset[str]
    deeds: frozenset[tuple[str, str, bool]]
    conditions: frozenset[str]
    consequences: frozenset[str]
    circumstances: frozenset[str]
    settings: frozenset[str]
    company: tuple[frozenset[str], ...]
    conjuncts: tuple[frozenset[str], ...]
    joints: frozenset[str]
    sides: tuple[Side, ...]

    @property
    def clinical(self) -> bool:
        """Whether there is anything that only a source may say."""
        return bool(self.amounts or self.drugs or self.ways or self.names or self.cues)


@lru_cache(maxsize=4096)
def facts(sentence: str) -> Facts:
    """The facts of one sentence."""
    text = plain(sentence)
    found = list(cues(text))
    limits = [(at, value) for kind, at, value in found if kind == "limit"]
    named = [
        (m.name, m.start, m.end)
        for m in mentions(text)
        if not text[m.end :].startswith((" clearance", "-driven"))
    ]
    named = sorted([*named, *_named_again(text, named)], key=lambda one: one[1])
    cut = pieces(text)
    measured = list(measure(text, cut))
    amounts = tuple(bind(text, measured, limits, named))
    negations = [at for kind, at, _ in found if kind == "not"]
    runs = coordinated(text, named)
    apart = list(dict.fromkeys(runs))
    near = dict(zip(apart, beside(text, apart), strict=True))
    had = {start for _, start, _ in named if is_had(text, start)}
    order = sorted(
        [
            (start, f"{'had' if start in had else 'drug'} {name}")
            for name, start, end in named
            if not AGAINST.match(text, end)
        ]
        + [(at, f"amount {one.low} {one.high} {one.unit}") for at, one in amounts]
        + [
            (at, _way(value))
            for kind, at, value in found
            if kind == "way" and text.find(" ", at) + 1 not in had
        ]
    )
    return Facts(
        amounts=tuple(one for _, one in amounts),
        drugs=tuple(dict.fromkeys(name for name, _, _ in named)),
        ways=tuple(value for kind, _, value in found if kind == "way"),
        negations=len(negations),
        exceptions=tuple(value for kind, _, value in found if kind == "except"),
        limits=tuple(value for _, value in limits),
        cues=Counter(value for kind, _, value in found if kind == "cue"),
        turns=tuple(value for kind, _, value in found if kind == "cue"),
        names=frozenset(names(text, cut)),
        order=tuple(value for _, value in order),
        words=meaning(text, named),
        beside=tuple(beside(text, [(start, end) for start, end, *_ in measured])),
        beside_drugs=tuple((name, *near[run]) for (name, *_), run in zip(named, runs, strict=True)),
        together=tuple(
            tuple(name for (name, *_), other in zip(named, runs, strict=True) if other == run)
            for run in apart
        ),
        companions=frozenset(name for name, start, end in named if is_with(text, start, end)),
        joined=frozenset(joined(text, named)),
        negated=frozenset(negated(text, negations, amounts, named)),
        of_whom=of_whom(text),
        excepted=excepted(text),
        deeds=frozenset(deeds(text, named)),
        conditions=conditions(text),
        consequences=consequences(text),
        circumstances=circumstances(text),
        settings=settings(text),
        company=company(text),
        conjuncts=conjuncts(text),
        joints=joints(text),
        sides=tuple(sides(text, [(at, value) for kind, at, value in found if kind == "cue"])),
    )


def _named_again(text: str, named: list[tuple[str, int, int]]) -> Iterator[tuple[str, int, int]]:
    """ "The concentrate", behind "prothrombin complex concentrate"."""
    for name, start, end in named:
        last = text[start:end].rpartition(" ")[2]
        if last != text[start:end]:
            for match in re.finditer(rf"\bthe ({re.escape(last)})\b", text[end:]):
                at = end + match.start(1)
                if not any(first <= at < stop for _, first, stop in named):
                    yield name, at, end + match.end()


def _way(value: str) -> str:
    return f"{kind_of(value)} {value}"
