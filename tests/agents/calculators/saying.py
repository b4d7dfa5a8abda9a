"""Short ways to write inputs in tests."""

from __future__ import annotations

from agents.tools.calculators import CALCULATORS, Quantity, Raw, Result, run

Said = float | str | bool | Quantity
Base = dict[str, Said]


def q(value: float, unit: str | None = None) -> Quantity:
    return Quantity(value, unit)


def raw(key: str, *present: str, **said: Said) -> dict[str, Raw]:
    """Inputs of `key`: numbers in canonical units, every yes/no false except those `present`."""
    answers: dict[str, Raw] = {}
    for wanted in CALCULATORS[key].inputs:
        if wanted.kind == "yesno":
            answers[wanted.name] = wanted.name in present
    unknown = set(present) - set(answers)
    assert not unknown, unknown
    for name, value in said.items():
        wanted_input = CALCULATORS[key].input(name)
        assert wanted_input is not None, name
        if isinstance(value, bool | str | Quantity):
            answers[name] = value
        else:
            answers[name] = Quantity(value, wanted_input.unit)
    return answers


def value(key: str, answers: dict[str, Raw]) -> float:
    """The value of a calculation that lacks nothing."""
    result = run(key, answers)
    assert isinstance(result, Result), result
    assert isinstance(result.value, int | float)
    return result.value
