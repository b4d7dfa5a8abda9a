"""Says words and abbreviations: "IV" is a route, "grade IV" is four, "MRSA" is spelled."""

from __future__ import annotations

import re

from agents.saying.abbreviations import ENGLISH_IN_CAPITALS, GREEK, NUMERAL_AFTER, ROMAN, SPECIAL
from agents.saying.line import NUMERIC, Line
from agents.saying.numbers import number_words, whole_words
from agents.saying.pieces import Kind
from agents.saying.units import BY_WRITTEN


def word(line: Line, at: int) -> str:
    """A word, or letters that are spelled."""
    text = line.text(at).replace("’", "'").replace("‑", "-").translate(_SUBSCRIPTS)
    for letter, name in GREEK.items():
        text = text.replace(letter, name)
    if text in ("x", "X") and line.between_numbers(at):
        return "for" if line.lasts(at) else "times"
    if text == "pm" and line.kind(at - 1) in NUMERIC:
        return "P M"
    if text == "am" and line.kind(at - 1) in NUMERIC:
        return "A M"
    if text in ROMAN and line.word_before(at) in NUMERAL_AFTER:
        return whole_words(ROMAN[text])
    if line.word_before(at) in NUMERAL_AFTER and (roman := _roman_with_letter(text)):
        return roman
    if line.shouted:
        return text.lower() if text.isupper() and len(text) > 1 else text
    return " ".join(_one_word(part) for part in text.split("-")) if _mixed(text) else text


def special(line: Line, at: int) -> str:
    """An abbreviation that is said as what it stands for."""
    text = line.text(at)
    if text in ROMAN and line.word_before(at) in NUMERAL_AFTER:
        return whole_words(ROMAN[text])
    if text == "OD" and line.kind(at - 1) not in (Kind.UNIT, Kind.SPECIAL, Kind.WORD):
        return "O D"
    if text == "PR" and line.text(at + 1).lower() in ("interval", "segment", "prolongation"):
        return "P R"
    if text.lower() == "stat" and line.text(at + 1).lower() in ("dose", "doses"):
        return "immediate"
    if text in ("bid", "mane") and not (
        line.kind(at - 1) is Kind.UNIT
        or line.text(at - 1).isupper()
        or line.kind(at + 1) is Kind.DASH
    ):
        return text
    return SPECIAL[text]


def _mixed(text: str) -> bool:
    return any(char.isupper() or char.isdigit() for char in text[1:]) or (
        len(text) > 1 and text.isupper()
    )


def _roman_with_letter(text: str) -> str:
    """ "VIIa" is "seven A", as in factor VIIa."""
    match = re.fullmatch(r"([IVX]+)([ab])", text)
    return (
        f"{whole_words(ROMAN[match[1]])} {match[2].upper()}" if match and match[1] in ROMAN else ""
    )


def _one_word(text: str) -> str:
    """An abbreviation letter by letter with its numbers, a shouted word as a word."""
    if text in SPECIAL:
        return SPECIAL[text]
    if text in ENGLISH_IN_CAPITALS:
        return text.lower()
    if text == "Xa":
        return "ten A"
    if text.isalpha():
        if text.isupper():
            return text.lower() if len(text) > 5 else " ".join(text)
        if re.fullmatch(r"[A-Z]{2,5}s", text):
            return " ".join(text[:-1]) + "s"
        if re.fullmatch(r"[a-z][A-Z]{2,}", text):
            return " ".join(text.upper())
        return text
    said = []
    for part in re.findall(r"\d+|[^\W\d_]+|'[a-z]+|[²³⁰-⁹]+", text):
        if part.isdigit():
            said.append(number_words(part))
        elif len(part) <= 3 and (part.isupper() or len(part) == 1):
            said.append(" ".join(part.upper()))
        elif said and part in BY_WRITTEN:
            said.append(BY_WRITTEN[part].many)
        else:
            said.append(_one_word(part) if part.isalpha() and part != text else part)
    return " ".join(said)


_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
