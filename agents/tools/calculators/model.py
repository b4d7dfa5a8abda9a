"""The shapes of a clinical calculator: what it asks for, what it is given, what it answers.

A calculator is a value: its inputs, its publication and one pure function over checked inputs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Kind = Literal["number", "choice", "yesno", "date"]
Value = float | str | bool | date


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as it was said; `unit` is None when none was said."""

    value: float
    unit: str | None = None


Raw = Quantity | str | bool


@dataclass(frozen=True, slots=True)
class Scale:
    """How a unit becomes the canonical one: canonical = value × factor + offset."""

    factor: float
    offset: float = 0.0

    def canonical(self, value: float) -> float:
        return value * self.factor + self.offset

    def said(self, canonical: float) -> float:
        return (canonical - self.offset) / self.factor


@dataclass(frozen=True, slots=True)
class Input:
    """One thing a calculator needs.

    `low` and `high` bound a plausible value in the canonical `unit`; for a date they are days
    from today. `choices` maps the value to what is shown. `aliases` are the ways it is spoken;
    `spoken_choices` the ways each choice is. Of a yes/no, an alias in `affirms_only` is one case of
    it ("aspirin" of "antiplatelet or NSAID"), so that its absence says nothing; one in
    `denies_only` is wider than it, so that its presence says nothing. `when` names an earlier
    input and the values for which this one matters. `standard` is set only where the
    publication itself fixes what holds when nothing else is said (sea level, actual weight,
    today); it is then said in the result. `whole` numbers take no fraction. A yes/no that is
    an absence ("absence of cough") is asked for and told as its `opposite` ("cough"), so that "no"
    means one thing.
    """

    name: str
    label: str
    kind: Kind
    question: str
    unit: str = ""
    units: Mapping[str, Scale] = field(default_factory=dict)
    low: float = 0.0
    high: float = 0.0
    choices: Mapping[str, str] = field(default_factory=dict)
    spoken_choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    affirms_only: frozenset[str] = frozenset()
    denies_only: frozenset[str] = frozenset()
    when: tuple[str, Callable[[Value], bool]] | None = None
    standard: str = ""
    whole: bool = False
    opposite: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """The checked inputs of one calculation, numbers in canonical units.

    `said` keeps each number with the unit it was given in.
    """

    values: Mapping[str, Value]
    said: Mapping[str, Quantity]
    today: date

    def number(self, name: str) -> float:
        value = self.values[name]
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise TypeError(f"{name} is no number")
        return float(value)

    def choice(self, name: str) -> str:
        value = self.values[name]
        if not isinstance(value, str):
            raise TypeError(f"{name} is no choice")
        return value

    def yes(self, name: str) -> bool:
        return self.values[name] is True

    def day(self, name: str) -> date:
        value = self.values[name]
        if not isinstance(value, date):
            raise TypeError(f"{name} is no date")
        return value

    def has(self, name: str) -> bool:
        return name in self.values

    def unit(self, name: str) -> str:
        """The unit in which `name` was said, e.g. "mmol/L"."""
        return self.said[name].unit or ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a formula gives: `value` in `unit`, `shown` as the publication rounds it."""

    value: float | date
    unit: str
    shown: str
    interpretation: str = ""
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Calculator:
    """A published formula or score."""

    key: str
    name: str
    aliases: tuple[str, ...]
    purpose: str
    inputs: tuple[Input, ...]
    reference: str
    compute: Callable[[Given], Outcome]

    def input(self, name: str) -> Input | None:
        return next((wanted for wanted in self.inputs if wanted.name == name), None)


@dataclass(frozen=True, slots=True)
class Result:
    """An answer that can be spoken and checked.

    `text` is one or two sentences with the value and every input read back; `steps` show the
    arithmetic; `inputs_read_back` holds one entry an input, as it was said.
    """

    key: str
    value: float | date
    unit: str
    text: str
    interpretation: str
    steps: tuple[str, ...]
    reference: str
    inputs_read_back: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """What is still needed, in the order of asking; only the first is asked now.

    `wants` says whether the first lacks its value or only the unit of the number given.
    """

    key: str
    inputs: tuple[Input, ...]
    wants: Literal["value", "unit"]
    question: str

    @property
    def next(self) -> Input:
        return self.inputs[0]
