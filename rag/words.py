"""Text to comparable words: what a clinician writes, says, or a recogniser makes of it.

Units, numbers as digits or as words, British and American spelling, hyphens and inflection all
come out the same: "Fifteen milligrams", "15 mg" and "15mg" are `15`, `mg`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer

_TOKEN = re.compile(
    r"\d+(?:[.,]\d+)*(?:\s?(?:st|nd|rd|th)\b)?|[a-z][a-z0-9]*(?:[-'][a-z0-9]+)*|%|°c", re.IGNORECASE
)
_GLUED = re.compile(r"(?<![A-Za-z0-9.,])(\d+(?:[.,]\d+)*)([A-Za-zµμ]+)")
_HOURLY = re.compile(r"\bq(\d+)h\b", re.IGNORECASE)
_DOTTED = re.compile(r"\b(?:[A-Za-z]\.){2,}")

STOPWORDS = frozenset(
    """a about an and any are as at be been being but by can could did do does for from get give
    given had has have having he her him his how i i'm if in into is it it's its just may me might
    must my of on or our please shall she should so some tell than that that's the their them then
    there these they this those to us was we were what what's when where which who whom why will
    with would you your per""".split()
)

_UNITS = {
    "mg": "milligram milligrams milligramme milligrammes mgs",
    "mcg": "microgram micrograms microgramme microgrammes ug µg μg mcgs",
    "ng": "nanogram nanograms",
    "g": "gram grams gramme grammes gm gms",
    "kg": "kilogram kilograms kilo kilos kgs",
    "ml": "millilitre millilitres milliliter milliliters mls cc",
    "l": "litre litres liter liters",
    "dl": "decilitre deciliter",
    "mmol": "millimole millimoles millimol mmols",
    "umol": "micromole micromoles micromol µmol μmol",
    "meq": "milliequivalent milliequivalents meqs",
    "unit": "units iu u international-units",
    "%": "percent pct",
    "hour": "hours hr hrs hourly h",
    "minute": "minutes min mins",
    "second": "seconds sec secs",
    "day": "days daily",
    "week": "weeks weekly",
    "mmhg": "mmhg",
    "kpa": "kilopascal kilopascals",
    "m2": "m²",
    "°c": "celsius centigrade",
}
_UNIT_OF = {name: unit for unit, names in _UNITS.items() for name in (unit, *names.split())}

_SMALL = {
    word: value
    for value, word in enumerate(
        """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
        fifteen sixteen seventeen eighteen nineteen""".split()
    )
}
_TENS = {
    word: 10 * value
    for value, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2
    )
}
_TIMES = {"once": "1", "twice": "2", "thrice": "3"}

_stemmer = snowballstemmer.stemmer("english")


@dataclass(frozen=True, slots=True)
class Word:
    """`stem` is compared; `surface` is the word as written, in the text's own case."""

    stem: str
    surface: str


def words(text: str, *, spelled: Container[str] = frozenset()) -> list[Word]:
    """The words of `text` in order, stop words left out.

    Letters said one by one are joined where they spell one of `spelled` (lower case).
    """
    tokens = [token for part in _tokens(text) for token in _split(part)]
    found = _numbers(_join_letters(tokens, spelled) if spelled else tokens)
    return [Word(stem(token.lower()), token) for token in found if token.lower() not in STOPWORDS]


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The comparable form of one lower-case word."""
    if unit := _UNIT_OF.get(word):
        return unit
    if word in _TIMES:
        return _TIMES[word]
    if word[0].isdigit():
        return _number(word)
    if any(letter.isdigit() for letter in word):
        return word
    base = word.removesuffix("'s").replace("'", "")
    base = str(_stemmer.stemWord(base))
    base = base.replace("ae", "e").replace("oe", "e").replace("sulph", "sulf")
    if len(base) > 5 and base.endswith("is"):
        base = base[:-2] + "iz"
    if len(base) > 4 and base.endswith("our"):
        base = base[:-3] + "or"
    return base


def _tokens(text: str) -> list[str]:
    plain = text if text.isascii() else _ascii_where_possible(text)
    plain = _HOURLY.sub(r"every \1 hours", plain)
    plain = _DOTTED.sub(lambda match: match.group().replace(".", ""), plain)
    plain = _GLUED.sub(
        lambda match: f"{match[1]} {match[2]}" if match[2].lower() in _UNIT_OF else match.group(),
        plain,
    )
    return _TOKEN.findall(plain)


def _ascii_where_possible(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text)
    plain = "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c))
    return re.sub(r"[\u2010-\u2015\u2212]", "-", plain).replace("\u2019", "'")


def _split(token: str) -> list[str]:
    """A hyphenated word counts as its parts and, written solid, as itself."""
    if "-" not in token:
        return [token]
    parts = token.split("-")
    spoken_number = all(part.lower() in _SMALL or part.lower() in _TENS for part in parts)
    return parts if spoken_number else [*parts, "".join(parts)]


def _number(digits: str) -> str:
    plain = re.sub(r"\D+$", "", digits)
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", plain):
        plain = plain.replace(",", "")
    plain = plain.replace(",", ".")
    if plain.count(".") == 1:
        plain = plain.rstrip("0").rstrip(".")
    return plain.lstrip("0") or "0" if "." not in plain else plain


def _join_letters(tokens: list[str], spelled: Container[str]) -> list[str]:
    """d, k, a → dka; h, b, a, one, c → hba1c."""
    letters = [_letter(token) for token in tokens]
    result: list[str] = []
    place = 0
    while place < len(tokens):
        run = place
        while run < len(tokens) and letters[run]:
            run += 1
        ends = (end for end in range(run, place + 1, -1) if "".join(letters[place:end]) in spelled)
        end = next(ends, place)
        result.append("".join(letters[place:end]) if end > place else tokens[place])
        place = max(end, place + 1)
    return result


def _letter(token: str) -> str:
    said = token.lower()
    if 0 <= _SMALL.get(said, -1) < 10:
        return str(_SMALL[said])
    return said if len(said) == 1 and said.isalnum() else ""


def _numbers(tokens: list[str]) -> list[str]:
    """Numbers said as words become digits: "two point five" → 2.5, "one hundred and ten" → 110."""
    result: list[str] = []
    place = 0
    while place < len(tokens):
        value, used = _spoken(tokens, place)
        if used:
            result.append(value)
            place += used
        else:
            result.append(tokens[place])
            place += 1
    return result


def _spoken(tokens: list[str], start: int) -> tuple[str, int]:
    """The number said from `start` on, and how many tokens it took (0: none)."""
    total, current, place, last = 0, 0, start, "begin"
    while place < len(tokens):
        said = tokens[place].lower()
        following = tokens[place + 1].lower() if place + 1 < len(tokens) else ""
        if said in _SMALL and last in ("begin", "scale") or said in _SMALL and last == "tens":
            if last == "tens" and not 0 < _SMALL[said] < 10:
                break
            current, last = current + _SMALL[said], "small"
        elif said in _TENS and last in ("begin", "scale"):
            current, last = current + _TENS[said], "tens"
        elif said == "hundred" and last in ("small", "tens"):
            current, last = current * 100, "scale"
        elif said == "thousand" and last != "begin":
            total, current, last = total + current * 1000, 0, "scale"
        elif said == "and" and last == "scale" and (following in _SMALL or following in _TENS):
            pass
        else:
            break
        place += 1
    if place == start:
        return "", 0
    value, used = str(total + current), place - start
    after = tokens[place : place + 1]
    if after and after[0].lower() == "point":
        fraction = ""
        place += 1
        while place < len(tokens) and 0 <= _SMALL.get(tokens[place].lower(), -1) < 10:
            fraction += str(_SMALL[tokens[place].lower()])
            place += 1
        if fraction:
            return f"{value}.{fraction}", place - start
    return value, used
