"""Reads number words back to numbers, written apart from the code that says them."""

from __future__ import annotations

_VALUES = {
    name: value
    for value, name in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen".split()
    )
} | {
    name: 10 * value
    for value, name in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2
    )
}
_BIG = {"thousand": 1000, "million": 1_000_000, "billion": 1_000_000_000}
_OURS = {*_VALUES, *_BIG, "hundred", "point"}


def numbers_said(text: str) -> list[float]:
    """The numbers of a spoken text, in order; a read-back after a comma counts as its own."""
    found: list[float] = []
    run: list[str] = []
    for word in text.replace("-", " ").split():
        bare = word.strip(",.;:!?")
        if bare in _OURS:
            run.append(bare)
        if run and (bare not in _OURS or word != bare):
            found.append(_value(run))
            run = []
    if run:
        found.append(_value(run))
    return found


def _value(words: list[str]) -> float:
    whole = words[: words.index("point")] if "point" in words else words
    decimals = words[len(whole) + 1 :]
    total = group = 0
    for word in whole:
        if word == "hundred":
            group *= 100
        elif word in _BIG:
            total, group = total + group * _BIG[word], 0
        else:
            group += _VALUES[word]
    fraction = "".join(str(_VALUES[word]) for word in decimals)
    return float(f"{total + group}.{fraction or 0}")
