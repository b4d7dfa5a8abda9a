"""Clinical calculators as code: `run(key, raw)` gives a result, or what is still missing.

Each has its formula, its publication, its units and ranges. Nothing that was not said is assumed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from agents.tools.calculators import (
    acid_base,
    body,
    bowel,
    caprini,
    chest_pain,
    clotting,
    comorbidity,
    conversions,
    critical,
    drugs,
    heart,
    infection,
    kidney,
    liver,
    lung,
    metabolic,
    neuro,
    obstetrics,
    rhythm,
    urine,
)
from agents.tools.calculators.model import Calculator, Input, Missing, Quantity, Raw, Result
from agents.tools.calculators.quantities import parse_quantity
from agents.tools.calculators.running import calculate
from storage.faults import NotFound

_AREAS = (
    kidney, urine, heart, chest_pain, rhythm, clotting, caprini, lung, infection, critical, liver,
    bowel, metabolic, acid_base, body, drugs, neuro, comorbidity, obstetrics, conversions,
)  # fmt: skip

CALCULATORS: dict[str, Calculator] = {
    calculator.key: calculator for area in _AREAS for calculator in area.CALCULATORS
}

__all__ = [
    "CALCULATORS",
    "Calculator",
    "Input",
    "Missing",
    "Quantity",
    "Raw",
    "Result",
    "parse_quantity",
    "run",
]


def run(key: str, raw: Mapping[str, Raw], *, today: date | None = None) -> Result | Missing:
    """Compute `key` from what was said.

    `raw` holds a `Quantity`, a choice or date as text, or a yes/no for each input name. Returns a
    `Missing` that names what is still needed, one question at a time. Raises `Invalid` (naming the
    field) for a value that cannot be used, `NotFound` for an unknown calculator.
    """
    calculator = CALCULATORS.get(key)
    if calculator is None:
        raise NotFound(
            "no_such_calculator",
            "There is no such calculator.",
            remedy="Ask for a calculator by its usual name.",
            field="key",
        )
    return calculate(calculator, raw, today=today)
