"""Turns number words into digits, so that "two point five" and "2.5" are the same."""

from __future__ import annotations

import re
from decimal import Decimal

from agents.saying.units import BY_WRITTEN

_SMALL = {
    name: value
    for value, name in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen".split()
    )
}
_TENS = {
    name: 10 * value
    for value, name in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2
    )
}
_BIG = {"thousand": 1000, "million": 1_000_000}
_WORD = "|".join([*_SMALL, *_TENS, *_BIG, "hundred"])
_RUN = re.compile(
    rf"\b(?:(?:a )?(?=hundred|thousand|million))?(?:{_WORD})"
    rf"(?:(?:[ -]|,? and )(?:{_WORD})\b)*"
    rf"(?: point(?: (?:{'|'.join(_SMALL)})\b)+(?: (?:thousand|million)\b)?)?(?![A-Za-z])",
    re.IGNORECASE,
)
_NOUGHT = re.compile(r"\b(?:nought|naught|oh) point\b", re.IGNORECASE)
_AND_A = re.compile(rf"\b({_WORD}|\d+)[ -]and[ -]a[ -](half|quarter)\b(?!-)", re.IGNORECASE)
_POINT = {"half": ("point five", ".5"), "quarter": ("point two five", ".25")}
_POINT_FIRST = re.compile(
    rf"(?:^|(?<=[,(:;] )|(?<=\bof )|(?<=\bto )|(?<=\bor )|(?<=\bgive )|(?<=\bthan ))"
    rf"(?=point(?: (?:{'|'.join(_SMALL)}))+ ([a-zµ%]+))",
    re.IGNORECASE,
)
_MULTIPLE = re.compile(r"(?<![\d.,])(\d+(?:\.\d+)?) (thousand|million)\b", re.IGNORECASE)
_PARTS_SAID = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_OF = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}
_FRACTION = re.compile(
    rf"\b(one|two|three|four|five)[ -]({'|'.join(_OF)})s?\b(?! (?:dose|line|day|week|trimester))",
    re.IGNORECASE,
)
_NEXT = re.compile(r"[\s-]*([A-Za-zµ%°]+)")


def with_digits(text: str) -> str:
    """`text` with its number words as digits. A lone "one" counts only before a unit."""
    if not _RUN.search(text) and " and a " not in text:
        return text
    text = _NOUGHT.sub("zero point", text)
    text = _POINT_FIRST.sub(lambda m: "zero " if m[1].lower() in BY_WRITTEN else "", text)
    text = _AND_A.sub(_with_part, text)
    text = _MULTIPLE.sub(lambda m: _times(m[1], m[2].lower()), text)
    text = _FRACTION.sub(lambda m: f"{_PARTS_SAID[m[1].lower()]}/{_OF[m[2].lower()]}", text)
    return _RUN.sub(lambda match: _digits(match, text), text)


def _digits(match: re.Match[str], text: str) -> str:
    said = match.group().lower()
    words = re.findall(r"[a-z]+", said)
    following = _NEXT.match(text, match.end())
    if words in (["one"], ["zero"]) and not (
        following and (following[1] in BY_WRITTEN or following[1] == "times")
    ):
        return match.group()
    joint = " and " if " and " in said else " "
    return joint.join(_value(run) for run in _split(words))


def _with_part(match: re.Match[str]) -> str:
    """ "two and a half" is two point five."""
    said, digits = _POINT[match[2].lower()]
    return f"{match[1]}{digits}" if match[1].isdigit() else f"{match[1]} {said}"


def _times(number: str, big: str) -> str:
    return f"{(Decimal(number) * _BIG[big]).normalize():f}"


def _split(words: list[str]) -> list[list[str]]:
    """Runs that are one number each: "ten twenty" is two, "twenty five" is one."""
    runs: list[list[str]] = [[]]
    for index, word in enumerate(words):
        last = runs[-1][-1] if runs[-1] else ""
        if word == "and":
            continue
        fits = (
            not last
            or "point" in runs[-1]
            or word in ("hundred", "point", *_BIG)
            or last in ("hundred", *_BIG)
            or (last in _TENS and word in _SMALL and 0 < _SMALL[word] < 10)
        )
        if index and words[index - 1] == "and" and last not in ("hundred", *_BIG):
            fits = False
        if last in ("hundred", *_BIG) and words[index + 1 : index + 2] == [last]:
            fits = False  # "one hundred and two hundred"
        if fits:
            runs[-1].append(word)
        else:
            runs.append([word])
    return runs


def _value(words: list[str]) -> str:
    whole = words[: words.index("point")] if "point" in words else words
    total = group = 0
    for word in whole:
        if word == "hundred":
            group = (group or 1) * 100
        elif word in _BIG:
            total, group = total + (group or 1) * _BIG[word], 0
        elif word != "a":
            group += _SMALL.get(word, 0) + _TENS.get(word, 0)
    after = words[len(whole) + 1 :]
    decimals = "".join(str(_SMALL[word]) for word in after if word not in _BIG)
    number = f"{total + group}.{decimals}" if decimals else str(total + group)
    return _times(number, after[-1]) if after and after[-1] in _BIG else number
