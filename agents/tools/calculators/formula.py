"""Formulae that give one number: the arithmetic, the digits shown, the reading."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from agents.tools.calculators.model import Calculator, Given, Input, Outcome
from agents.tools.calculators.shown import fixed, rounded


def formula(
    key: str,
    name: str,
    *,
    aliases: tuple[str, ...],
    purpose: str,
    reference: str,
    inputs: Sequence[Input],
    value: Callable[[Given], float],
    unit: str,
    decimals: int,
    arithmetic: Callable[[Given], str] | str,
    read: Callable[[float, Given], str] | str = "",
    shown: Callable[[float, Given], str] | None = None,
) -> Calculator:
    """A calculator for one equation.

    `value` is kept at full precision; the text shows it with `decimals`, as published.
    `arithmetic` is the equation with or without its numbers, `read` the interpretation of the
    value as shown, so that the two never contradict each other.
    """

    def compute(given: Given) -> Outcome:
        exact = value(given)
        plain = f"{fixed(exact, decimals)}{'%' if unit == '%' else f' {unit}' if unit else ''}"
        worked = arithmetic if isinstance(arithmetic, str) else arithmetic(given)
        return Outcome(
            value=exact,
            unit=unit,
            shown=shown(exact, given) if shown else plain,
            interpretation=read if isinstance(read, str) else read(rounded(exact, decimals), given),
            steps=(f"{worked} = {plain}",),
        )

    return Calculator(key, name, aliases, purpose, tuple(inputs), reference, compute)
