"""Number words to digits in a recogniser's lower-case text.

"one hundred thirty" → "130", "thirty eight point five" → "38.5", "one oh five" → "105",
"one thirty over eighty" → "130 over 80", "twenty twenty six" → "2026", "e three v four m five"
→ "eyes 3 verbal 4 motor 5". Everything else is left as it was said.
"""

from __future__ import annotations

import re

UNITS = {
    "zero": 0,
    "oh": 0,
    "nought": 0,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
}
TEENS = {
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "thirteen": 13,
    "fourteen": 14,
    "fifteen": 15,
    "sixteen": 16,
    "seventeen": 17,
    "eighteen": 18,
    "nineteen": 19,
}
TENS = {
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fourty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}
ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13,
    "fourteenth": 14, "fifteenth": 15, "sixteenth": 16, "seventeenth": 17, "eighteenth": 18,
    "nineteenth": 19, "twentieth": 20, "thirtieth": 30,
}  # fmt: skip
#: Words whose small number is whole, so that none that follows is its second half.
_COMPLETED = frozenset(
    "foot feet ft stone stones st grade class stage type killip eye eyes verbal motor".split()
)
MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"

#: Names that carry a number word which is no number of its own.
_NAMES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"\bs ?p ?o ?(?:two|2)\b", "spo2"),
        (r"\bf ?i ?o ?(?:two|2)\b", "fio2"),
        (r"\bp ?a ?c ?o ?(?:two|2)\b", "paco2"),
        (r"\bp ?c ?o ?(?:two|2)\b", "pco2"),
        (r"\bp ?a ?o ?(?:two|2)\b", "pao2"),
        (r"\bp ?o ?(?:two|2)\b", "po2"),
        (r"\bo ?(?:two|2)\b", "o2"),
        (r"\bh ?c ?o ?(?:three|3)\b", "hco3"),
        (r"\bh ?b ?a ?(?:one|1) ?c\b", "hba1c"),
        (r"\ba ?(?:one|1) ?c\b", "a1c"),
        (r"\bc ?h ?a ?(?:(?:two|2) ?)?d ?s ?(?:(?:two|2)\b)?[ -]*(?=v)", "chads2 "),
        (r"\babcd ?(?:two|2|squared)\b", "abcd2"),
        (r"\ba b c d (?:two|2)\b", "abcd2"),
        (r"\bnews[ -]?(?:two|2)\b", "news2"),
        (r"\bscale (?:one|1)\b", "scale-one"),
        (r"\bscale (?:two|2)\b", "scale-two"),
        (r"\bapache[ -]?(?:two|2|ii)\b", "apache2"),
        (r"\bmeld (?:three|3)(?: point (?:zero|oh|o)|\.0)?\b", "meld3"),
        (r"\bfib[ -]?(?:four|4)\b", "fib4"),
        (r"\bcurb[ -]?(?:sixty[ -]five|65)\b", "curb65"),
        (r"\bcrb[ -]?(?:sixty[ -]five|65)\b", "crb65"),
        (r"\bc r b (?:sixty[ -]five|65)\b", "crb65"),
        (r"\bphq[ -]?(?:nine|9)\b", "phq9"),
        (r"\bp h q (?:nine|9)\b", "phq9"),
        (r"\bgad[ -]?(?:seven|7)\b", "gad7"),
        (r"\bg a d (?:seven|7)\b", "gad7"),
        (r"\b(?:four|4) (?:two|2) (?:one|1)\b|\b4-2-1\b", "four-two-one"),
        (r"\b(?:four|4)[ -]?t'?s\b", "four-ts"),
        (r"\b(?:ten|10) (?:to|e|times) the (?:nine|ninth|9)\b", "10^9"),
        (r"\be ?(\d|one|two|three|four) ?v ?(\d|one|two|three|four|five) "
         r"?m ?(\d|one|two|three|four|five|six)\b", r"eyes \1 verbal \2 motor \3"),
    )
)  # fmt: skip
_LAKHS = re.compile(
    r"(?<![\d.])(\d+(?:\.\d+)?|\.\d+) ?(?:lakhs?|lacs?)\b(?: (?:and )?(\d{4,5})\b)?"
)


def normalised(text: str) -> str:
    """Lower case, without sentence punctuation, number words as digits, names kept whole."""
    lowered = text.lower().replace("₂", "2").replace("μ", "µ").replace("’", "'")
    lowered = re.sub(r"(?<=\d),(?=\d{3}\b)", "", lowered)
    lowered = re.sub(r"[?!;:]|,(?=\s|$)|\.(?=\s|$)", " , ", lowered)
    lowered = re.sub(r"(?<=\d)\s*/\s*(?=\d)", " over ", lowered)
    lowered = re.sub(r"(?<=[a-z])-(?=[a-z0-9])|(?<=\d)-(?=[a-z])", " ", lowered)
    lowered = re.sub(r"\s+", " ", lowered).strip()
    for pattern, replacement in _NAMES:
        lowered = pattern.sub(replacement, lowered)
    counted = re.sub(r"\bminus (?=\d)", "-", digits(lowered))
    counted = re.sub(r"(?<![\d.])(\d+) and a half\b", r"\1.5", counted)
    counted = _LAKHS.sub(_lakhs, counted)
    return re.sub(r"\s+", " ", counted).strip()


def _lakhs(found: re.Match[str]) -> str:
    """ "1.5 lakh" → 150000, "1 lakh 20000" → 120000."""
    return str(round(float(found[1]) * 100_000) + int(found[2] or 0))


def digits(text: str) -> str:
    """`text` with each run of number words as one number."""
    words = text.split()
    out: list[str] = []
    at = 0
    while at < len(words):
        number, taken = _number_at(words, at)
        if number is None:
            out.append(words[at])
            at += 1
        else:
            out.append(number)
            at += taken
    return " ".join(out)


def _number_at(words: list[str], at: int) -> tuple[str | None, int]:
    """The number that starts at `at` and how many words it takes."""
    whole, taken = _whole_at(words, at)
    ordinal, ordinal_taken = _ordinal_at(words, at)
    if ordinal is not None and ordinal_taken > taken:
        return ordinal, ordinal_taken
    start_of_fraction = at + taken
    if (
        start_of_fraction + 1 < len(words)
        and words[start_of_fraction] in {"point", "decimal"}
        and (fraction := _fraction_at(words, start_of_fraction + 1))[0]
    ):
        return f"{whole if whole is not None else 0}.{fraction[0]}", taken + 1 + fraction[1]
    if whole is None:
        return None, 0
    if words[start_of_fraction : start_of_fraction + 3] == ["and", "a", "half"]:
        return f"{whole}.5", taken + 3
    return str(whole), taken


def _whole_at(words: list[str], at: int) -> tuple[int | None, int]:
    if words[at] == "a" and at + 1 < len(words) and words[at + 1] in {"hundred", "thousand"}:
        first, taken = 1, 1
    elif re.fullmatch(r"\d+", words[at]) and _next(words, at + 1) in {
        "hundred",
        "thousand",
        "point",
    }:
        first, taken = int(words[at]), 1
    else:
        small = _below_hundred(words, at)
        if small is None:
            return None, 0
        first, taken = small
    if _next(words, at + taken) not in {"hundred", "thousand"}:
        return _paired(words, at, first, taken)
    total, pending = 0, first
    while _next(words, at + taken) in {"hundred", "thousand"}:
        if words[at + taken] == "hundred":
            pending *= 100
        else:
            total, pending = total + pending * 1000, 0
        taken += 1
        skip = 1 if _next(words, at + taken) == "and" else 0
        more = _below_hundred(words, at + taken + skip)
        if more is None:
            break
        follows = _next(words, at + taken + skip + more[1])
        if follows == "hundred" and pending:
            break
        pending += more[0]
        taken += skip + more[1]
        if follows == "thousand" and total:
            break
    return total + pending, taken


def _paired(words: list[str], at: int, first: int, taken: int) -> tuple[int, int]:
    """Numbers said in two halves: "one thirty", "one oh five", "twenty twenty six"; but not where
    the first half is complete: "five foot nine, seventy kilos", "killip two, ninety"."""
    if at and words[at - 1] in _COMPLETED:
        return first, taken
    if 1 <= first <= 9 and taken == 1:
        if _next(words, at + 1) in {"oh", "o"} and _next(words, at + 2) in UNITS:
            return first * 100 + UNITS[words[at + 2]], 3
        more = _below_hundred(words, at + 1)
        if more is not None and more[0] >= 10:
            return first * 100 + more[0], 1 + more[1]
    if first in {19, 20} and taken == 1:
        if _next(words, at + 1) in {"oh", "o"} and _next(words, at + 2) in UNITS:
            return first * 100 + UNITS[words[at + 2]], 3
        more = _below_hundred(words, at + 1)
        if more is not None and more[0] >= 10:
            return first * 100 + more[0], 1 + more[1]
    return first, taken


def _below_hundred(words: list[str], at: int) -> tuple[int, int] | None:
    word = _next(words, at)
    if word in TENS:
        unit = UNITS.get(_next(words, at + 1), 0)
        return (TENS[word] + unit, 2) if unit else (TENS[word], 1)
    if word in TEENS:
        return TEENS[word], 1
    if word in UNITS:
        return UNITS[word], 1
    return None


def _ordinal_at(words: list[str], at: int) -> tuple[str | None, int]:
    """A day of the month: only beside "of" or a month, so that "second" stays a word."""
    word = words[at]
    value, taken = ORDINALS.get(word, 0), 1
    if word in {"twenty", "thirty"} and _next(words, at + 1) in ORDINALS:
        value, taken = TENS[word] + ORDINALS[words[at + 1]], 2
    if not value:
        return None, 0
    before = words[at - 1] if at else ""
    before = words[at - 2] if before == "the" and at > 1 else before
    after = _next(words, at + taken)
    beside = re.fullmatch(MONTHS, before) or re.fullmatch(MONTHS, after)
    dated = after == "of" and re.fullmatch(MONTHS, _next(words, at + taken + 1))
    return (str(value), taken) if beside or dated else (None, 0)


def _fraction_at(words: list[str], at: int) -> tuple[str, int]:
    """The digits after "point": said one by one ("two five") or as a number ("twenty five")."""
    singles = ""
    taken = 0
    while _next(words, at + taken) in UNITS:
        singles += str(UNITS[words[at + taken]])
        taken += 1
    if singles:
        return singles, taken
    if re.fullmatch(r"\d+", _next(words, at)):
        return words[at], 1
    more = _below_hundred(words, at)
    return (str(more[0]), more[1]) if more else ("", 0)


def _next(words: list[str], at: int) -> str:
    return words[at] if 0 <= at < len(words) else ""
