"""Numbers as they are read aloud."""

from __future__ import annotations

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "zero ten twenty thirty forty fifty sixty seventy eighty ninety".split()


def number_words(written: str) -> str:
    """'1.5' is 'one point five', '1,200' 'one thousand two hundred', '007' 'zero zero seven'."""
    whole, _, fraction = written.replace(",", "").partition(".")
    said = cardinal(int(whole)) if len(whole) < 10 and not whole.startswith("00") else None
    if said is None:
        said = " ".join(_ONES[int(digit)] for digit in whole)
    if fraction:
        digits = " ".join(_ONES[int(digit)] for digit in fraction if digit.isdigit())
        said += f" point {digits}"
    return said


def cardinal(number: int) -> str:
    """A whole number below 10^9."""
    if number < 20:
        return _ONES[number]
    if number < 100:
        rest = number % 10
        return _TENS[number // 10] + (f" {_ONES[rest]}" if rest else "")
    for size, name in ((1_000_000, "million"), (1000, "thousand"), (100, "hundred")):
        if number >= size:
            rest = number % size
            return f"{cardinal(number // size)} {name}" + (f" {cardinal(rest)}" if rest else "")
    raise ValueError(number)
