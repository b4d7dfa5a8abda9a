"""How numbers are shown: no trailing zero, a leading zero always, a thousands comma never."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal


def rounded(value: float, decimals: int = 0) -> float:
    """Half away from zero, as people round; floating noise below 1e-9 does not decide."""
    exact = Decimal(repr(round(value, 9)))
    step = Decimal(1).scaleb(-decimals)
    return float(exact.quantize(step, rounding=ROUND_HALF_UP))


def fixed(value: float, decimals: int = 0) -> str:
    """`value` rounded to `decimals`, without trailing zeros."""
    text = f"{rounded(value, decimals):.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text


def amount(value: float, unit: str) -> str:
    """A number as it was said with its unit, e.g. "1.2 mg/dL", "94%"."""
    text = fixed(value, 4) if abs(value) >= 0.01 else fixed(value, 6)
    if not unit or unit == "fraction":
        return text
    if unit.startswith("10^"):
        return f"{text} × {unit}"
    return f"{text}%" if unit == "%" else f"{text} {unit}"


def spoken_list(items: Sequence[str], last: str = "and") -> str:
    """ "a", "a and b", "a, b and c"."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"
