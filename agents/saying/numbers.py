"""Numbers as they are said, exactly: nothing is rounded, no digit that matters is lost."""

from __future__ import annotations

import re

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "- - twenty thirty forty fifty sixty seventy eighty ninety".split()
_SCALES = ("", " thousand", " million", " billion")
_ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth",
    "nine": "ninth", "twelve": "twelfth",
}  # fmt: skip
ENDS_A_NUMBER = frozenset([*_SMALL, *_TENS, "hundred", "thousand", "million", "billion"])
_LONGEST = 12
_POINT = str.maketrans("·∙,", "...")


def number_words(number: str) -> str:
    """A written number: "0.50" is "zero point five", ".5" too, "1,200" "one thousand two hundred",
    "1.0" "one". More than twelve digits, or a leading zero ("007"), are said one by one."""
    whole, _, decimals = without_separators(number).partition(".")
    if len(whole) > _LONGEST or (len(whole) > 1 and whole.startswith("0")):
        said = digits_one_by_one(whole)
    else:
        said = whole_words(int(whole or "0"))
    decimals = without_trailing_zeros(decimals)
    return f"{said} point {digits_one_by_one(decimals)}" if decimals else said


def whole_words(number: int) -> str:
    """A whole number below 10^12: 125 is "one hundred twenty-five"."""
    if number < 20:
        return _SMALL[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return _TENS[tens] + (f"-{_SMALL[ones]}" if ones else "")
    if number < 1000:
        hundreds, rest = divmod(number, 100)
        return f"{_SMALL[hundreds]} hundred" + (f" {whole_words(rest)}" if rest else "")
    groups = []
    for scale in _SCALES:
        number, rest = divmod(number, 1000)
        if rest:
            groups.append(whole_words(rest) + scale)
    return " ".join(reversed(groups))


def ordinal_words(number: int) -> str:
    """21 is "twenty-first"."""
    said = whole_words(number)
    head, mark, last = said.rpartition("-" if "-" in said.rpartition(" ")[2] else " ")
    if last in _ORDINALS:
        last = _ORDINALS[last]
    else:
        last = f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th"
    return head + mark + last


def year_words(number: int) -> str:
    """A year from 1900 to 2099: "nineteen ninety-eight", "two thousand four", "twenty nineteen"."""
    century, rest = divmod(number, 100)
    if 2000 <= number < 2010:
        return whole_words(number)
    if not rest:
        return f"{whole_words(century)} hundred"
    return f"{whole_words(century)} {'oh ' if rest < 10 else ''}{whole_words(rest)}"


def digits_one_by_one(digits: str) -> str:
    """ "15" is "one five"."""
    return " ".join(_SMALL[int(digit)] for digit in digits)


def read_back(number: str) -> str:
    """A dose said twice where it can be misheard: "fifteen, one five,". Below ten, once."""
    said = number_words(number)
    whole, _, decimals = without_separators(number).partition(".")
    decimals = without_trailing_zeros(decimals)
    if len(whole.lstrip("0")) < 2:
        return said
    point = f" point {digits_one_by_one(decimals)}" if decimals else ""
    return f"{said}, {digits_one_by_one(whole)}{point},"


def without_trailing_zeros(decimals: str) -> str:
    """Decimals without zeros at their end; "000" stays, for "10.000" may mean ten thousand."""
    return decimals if decimals == "000" else decimals.rstrip("0")


def without_separators(number: str) -> str:
    """ "1,000" and "1 000" (any space) as "1000"; "0,5", "2,5" and "0·5" with a point."""
    number = re.sub(r"[·∙]|^0,|,(?=\d{1,2}$)", lambda m: m[0].translate(_POINT), number)
    return "".join(char for char in number if char in ".0123456789")
