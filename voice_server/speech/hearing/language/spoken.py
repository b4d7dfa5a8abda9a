"""Written medical text as sentences of spoken words, the way clinicians say them aloud."""

from __future__ import annotations

import re
from collections.abc import Iterator

from voice_server.speech.hearing.language.counting import Sentence
from voice_server.speech.hearing.language.numbers import number_words

UNITS = {
    "mg": "milligrams",
    "g": "grams",
    "kg": "kilograms",
    "mcg": "micrograms",
    "µg": "micrograms",
    "μg": "micrograms",
    "ng": "nanograms",
    "ml": "milliliters",
    "l": "liters",
    "dl": "deciliter",
    "mmol": "millimoles",
    "µmol": "micromoles",
    "μmol": "micromoles",
    "mol": "moles",
    "mmhg": "millimeters of mercury",
    "iu": "international units",
    "u": "units",
    "h": "hours",
    "hr": "hours",
    "hrs": "hours",
    "min": "minutes",
    "mins": "minutes",
    "s": "seconds",
    "cm": "centimeters",
    "mm": "millimeters",
    "m": "meters",
    "bpm": "beats per minute",
    "meq": "milliequivalents",
    "kpa": "kilopascals",
    "°c": "degrees",
    "%": "percent",
}
PER = {
    "kg": "kilogram",
    "l": "liter",
    "ml": "milliliter",
    "dl": "deciliter",
    "h": "hour",
    "hr": "hour",
    "hour": "hour",
    "min": "minute",
    "minute": "minute",
    "day": "day",
    "dose": "dose",
    "m2": "square meter",
    "m²": "square meter",
}
SIGNS = {
    "<": "less than",
    ">": "greater than",
    "≤": "at most",
    "≥": "at least",
    "=": "equals",
    "+": "plus",
    "±": "plus or minus",
    "&": "and",
    "×": "times",
    "%": "percent",
}
FORMS = {
    "iv": "i. v.",
    "im": "i. m.",
    "po": "by mouth",
    "sc": "subcutaneous",
    "pr": "p. r.",
    "od": "once daily",
    "bd": "twice daily",
    "bid": "twice daily",
    "tds": "three times daily",
    "tid": "three times daily",
    "qds": "four times daily",
    "qid": "four times daily",
    "prn": "p. r. n.",
    "eg": "for example",
    "vs": "versus",
}

_SENTENCE_END = re.compile(r"(?<=[.!?;:])\s+|[\n|•·]+|\s[-–—]\s|[()\[\]]")
_TOKEN = re.compile(
    r"\d+(?:[.,]\d+)*|[A-Za-zµμ°][A-Za-z0-9µμ'’²]*|[<>≤≥=+±&×%/]|[-–—](?=\d)", re.UNICODE
)
_CAPITALS = re.compile(r"[A-Z][A-Z0-9]{1,5}$")
_VOWEL = re.compile(r"[AEIOUY]")


def sentences(text: str) -> Iterator[tuple[Sentence, float]]:
    """The sentences of `text` as lower-case words, each with its weight. One with abbreviations
    comes twice, spelled ('d. k. a.') and as words ('mrsa'), at half the weight each."""
    for piece in _SENTENCE_END.split(text):
        tokens = _TOKEN.findall(re.sub(r"https?://\S+", " ", piece))
        spelled = spoken_words(tokens, spell=True)
        as_words = spoken_words(tokens, spell=False)
        if spelled == as_words:
            if spelled:
                yield spelled, 1.0
        else:
            yield spelled, 0.5
            yield as_words, 0.5


def spoken_words(tokens: list[str], *, spell: bool) -> Sentence:
    """The words of `tokens`; abbreviations letter by letter, or as words where they have vowels."""
    words: list[str] = []
    for before, written, after in zip(["", *tokens], tokens, [*tokens[1:], ""], strict=False):
        words.extend(_said(before, written, after, spell=spell).split())
    return tuple(words)


def _said(before: str, written: str, after: str, *, spell: bool) -> str:
    lower = written.lower().replace("’", "'").strip("'")
    if written[0].isdigit():
        return number_words(written)
    if written in "-–—":
        return "to"
    if written == "/":
        return "per" if after.lower() in PER else "or" if not after[:1].isdigit() else "over"
    if before == "/" and lower in PER:
        return PER[lower]
    if (before[:1].isdigit() or lower in {"mmol", "mcg", "mg"}) and lower in UNITS:
        return UNITS[lower]
    if written in SIGNS:
        return SIGNS[written]
    if lower in FORMS and (written.isupper() or lower in {"eg", "vs", "bd", "tds", "qds"}):
        return FORMS[lower]
    if _CAPITALS.match(written) and (spell or len(written) < 4 or not _VOWEL.search(written)):
        return " ".join(number_words(c) if c.isdigit() else f"{c.lower()}." for c in written)
    if any(character.isdigit() for character in lower):
        parts = re.findall(r"\d+|[a-z]+", lower)
        return " ".join(number_words(p) if p.isdigit() else _letters_or_word(p) for p in parts)
    return _letters_or_word(lower)


def _letters_or_word(lower: str) -> str:
    """A single letter is spelled, except the words 'a' and 'i'."""
    return f"{lower}." if len(lower) == 1 and lower.isalpha() and lower not in "ai" else lower
