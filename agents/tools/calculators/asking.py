"""The ways to make an input: a number, a grade, yes or no, a choice, a date."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from agents.tools.calculators.model import Input, Scale, Value
from agents.tools.calculators.units import table

When = tuple[str, Callable[[Value], bool]]


def number(
    name: str,
    label: str,
    scale: Mapping[str, Scale] | str,
    low: float,
    high: float,
    *aliases: str,
    question: str = "",
    when: When | None = None,
    standard: str = "",
) -> Input:
    """A number; `scale` is one unit or a table whose first unit is the canonical one."""
    named = table(scale) if isinstance(scale, str) else scale
    several = len(set(named.values())) > 1
    ask = f"What is the {label}, and in which unit?" if several else f"What is the {label}?"
    return Input(
        name=name,
        label=label,
        kind="number",
        question=question or ask,
        unit=next(iter(named)),
        units=named,
        low=low,
        high=high,
        aliases=(label, *aliases),
        when=when,
        standard=standard,
    )


def yesno(
    name: str, label: str, *aliases: str, question: str = "", when: When | None = None
) -> Input:
    """A criterion; an alias marked "<" is one case of it, one marked ">" is wider than it."""
    return Input(
        name=name,
        label=label,
        kind="yesno",
        question=question or f"{label[0].upper()}{label[1:]}: yes or no?",
        aliases=(label, *(alias.lstrip("<>") for alias in aliases)),
        affirms_only=frozenset(a[1:] for a in aliases if a.startswith("<")),
        denies_only=frozenset(a[1:] for a in aliases if a.startswith(">")),
        when=when,
    )


def choice(
    name: str,
    label: str,
    choices: Mapping[str, str],
    spoken: Mapping[str, tuple[str, ...]] | None = None,
    *,
    aliases: tuple[str, ...] = (),
    question: str = "",
    when: When | None = None,
    standard: str = "",
) -> Input:
    """One of `choices` (value → shown); `spoken` adds the ways each is said."""
    shown = list(choices.values())
    several = any("," in words or " or " in words for words in shown)
    between, last = ("; ", "; or ") if several else (", ", " or ")
    listed = between.join(shown[:-1]) + last + shown[-1]
    return Input(
        name=name,
        label=label,
        kind="choice",
        question=question or f"{label[0].upper()}{label[1:]}: {listed}?",
        choices=choices,
        spoken_choices=spoken or {},
        aliases=(label, *aliases),
        when=when,
        standard=standard,
    )


def graded(name: str, label: str, low: int, high: int, *aliases: str, question: str = "") -> Input:
    """A whole number on a short scale, such as the three parts of the coma scale."""
    ask = question or f"{label[0].upper()}{label[1:]}, from {low} to {high}?"
    return replace(number(name, label, "", low, high, *aliases, question=ask), whole=True)


def day(
    name: str,
    label: str,
    low: int,
    high: int,
    *aliases: str,
    question: str = "",
    standard: str = "",
) -> Input:
    """A date from `low` to `high` days from today."""
    return Input(
        name=name,
        label=label,
        kind="date",
        question=question or f"What is the date of the {label}?",
        low=low,
        high=high,
        aliases=(label, *aliases),
        standard=standard,
    )


def bounded(known: Input, low: float, high: float) -> Input:
    """The same input with another plausible range, in its canonical unit."""
    return replace(known, low=low, high=high)
