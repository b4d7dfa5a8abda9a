"""Scores that are sums: each row of the published table is one item, its points beside it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from agents.tools.calculators.inputs import choice, yesno
from agents.tools.calculators.model import Calculator, Given, Input, Outcome
from agents.tools.calculators.shown import fixed, rounded

Steps = Sequence[tuple[float, float]]
LOWEST = float("-inf")


@dataclass(frozen=True, slots=True)
class Item:
    """One row: what it needs, and its points."""

    label: str
    inputs: tuple[Input, ...]
    points: Callable[[Given], float]


def tick(name: str, label: str, points: float, *aliases: str, question: str = "") -> Item:
    """A yes/no criterion worth `points`."""
    wanted = yesno(name, label, *aliases, question=question)
    return Item(label, (wanted,), lambda given: points if given.yes(name) else 0)


def absence(name: str, label: str, points: float, opposite: str, *aliases: str) -> Item:
    """A sign whose absence is worth `points`; it is asked for as its presence, `opposite`."""
    question = f"{opposite[0].upper()}{opposite[1:]}: yes or no?"
    wanted = replace(yesno(name, label, *aliases, question=question), opposite=opposite)
    return Item(label, (wanted,), lambda given: points if given.yes(name) else 0)


def pick(
    name: str,
    label: str,
    rows: Mapping[str, tuple[str, float]],
    spoken: Mapping[str, tuple[str, ...]] | None = None,
    *,
    aliases: tuple[str, ...] = (),
    question: str = "",
) -> Item:
    """One of several rows: value → (shown, points)."""
    shown = {value: row[0] for value, row in rows.items()}
    wanted = choice(name, label, shown, spoken, aliases=aliases, question=question)
    return Item(label, (wanted,), lambda given: rows[given.choice(name)][1])


def grade(
    wanted: Input,
    *steps: tuple[float, float],
    decimals: int = 2,
    also: Mapping[str, Steps] | None = None,
) -> Item:
    """A number looked up in a table of (lower bound, points), bounds inclusive, ascending.

    The value is rounded to `decimals` first, because published tables leave gaps between rows
    ("1.2 to 1.9", "2.0 to 3.4"). `also` holds the publication's own table for another unit.
    """

    def points(given: Given) -> float:
        unit = given.unit(wanted.name)
        if also and unit in also:
            said = given.said[wanted.name].value
            return looked_up(rounded(said, 0 if unit == "µmol/L" else 1), also[unit])
        return looked_up(rounded(given.number(wanted.name), decimals), steps)

    return Item(wanted.label, (wanted,), points)


def rule(label: str, points: Callable[[Given], float], *inputs: Input) -> Item:
    """A row that several inputs decide together."""
    return Item(label, inputs, points)


def looked_up(value: float, steps: Steps) -> float:
    """The points of the last row whose lower bound is at most `value`."""
    at = bisect_right([bound for bound, _ in steps], value) - 1
    if at < 0:
        raise ValueError("the table does not reach this low")
    return steps[at][1]


def banded(*rows: tuple[float, str]) -> Callable[[float, Given], str]:
    """An interpretation by the total: rows of (lower bound, sentence), ascending."""

    def read(total: float, _given: Given) -> str:
        return rows[max(bisect_right([bound for bound, _ in rows], total) - 1, 0)][1]

    return read


def score(
    key: str,
    name: str,
    *,
    aliases: tuple[str, ...],
    purpose: str,
    reference: str,
    items: Sequence[Item],
    read: Callable[[float, Given], str],
    most: float | None = None,
    base: float = 0,
) -> Calculator:
    """A calculator whose value is `base` plus the sum of its items' points."""
    inputs = tuple({wanted.name: wanted for item in items for wanted in item.inputs}.values())

    def compute(given: Given) -> Outcome:
        steps = []
        total = float(base)
        for item in items:
            points = item.points(given)
            total += points
            if points:
                steps.append(f"{item.label}: {fixed(points, 1)}")
        of = f" out of {fixed(most, 1)}" if most is not None else ""
        plural = "point" if total == 1 else "points"
        return Outcome(
            value=total,
            unit="points",
            shown=f"{fixed(total, 1)} {plural}{of}",
            interpretation=read(total, given),
            steps=(*steps, f"total {fixed(total, 1)}"),
        )

    return Calculator(key, name, aliases, purpose, inputs, reference, compute)
