"""Says words and abbreviations: "IV" is a route, "grade IV" is four, "MRSA" is spelled."""

from __future__ import annotations

import re

from agents.saying.abbreviations import (
    CURRENCY,
    ENGLISH_IN_CAPITALS,
    FREQUENCIES,
    GREEK,
    MEASURED,
    NUMERAL_AFTER,
    ROMAN,
    ROUTES,
    SMALL_ROUTES,
    SPECIAL,
)
from agents.saying.figures import SCALES, SUPERSCRIPTS, TH, secondary
from agents.saying.line import NUMERIC, Line
from agents.saying.marks import PERIODS, numbered
from agents.saying.numbers import number_words, whole_words
from agents.saying.pieces import Kind
from agents.saying.units import BY_WRITTEN


def word(line: Line, at: int) -> str:
    """A word, or letters that are spelled."""
    text = line.text(at).replace("’", "'").replace("‑", "-").translate(_SUBSCRIPTS)
    text = re.sub(rf"(?<=[A-Z])(?=[{''.join(GREEK)}])", "-", text)  # TNFα
    text = re.sub("^[µμ]-", "mu-", text)
    for letter, name in GREEK.items():
        text = text.replace(letter, name)
    if re.fullmatch(r"(?:[A-Z]|chi)²", text):  # I², χ²; not a reference, "aspirin²"
        return f"{text[:-1]} squared"
    if line.text(at - 1) == "⁺" and re.fullmatch("[⁰¹²³⁴-⁹]+", text):
        return number_words(text.translate(SUPERSCRIPTS))  # 34⁺⁶
    if text in TH and line.pieces[at].glued and line.kind(at - 1) is Kind.FRACTION:
        return ""
    if text in ("x", "X") and line.between_numbers(at):
        return "for" if line.lasts(at) else "times"
    if text == "pm" and line.kind(at - 1) in NUMERIC:
        return "P M"
    if text == "am" and line.kind(at - 1) in NUMERIC:
        return "A M"
    if text in SCALES and line.text(at - 2) in CURRENCY:
        return f"{text} {CURRENCY[line.text(at - 2)]}"
    if numbered(line, at):
        return "number" if text == "No" else "numbers"
    if beside := _beside_a_number(line, at):
        return beside
    if _is_numeral(line, at):
        return whole_words(ROMAN[text])
    low, _, high = text.partition("-")
    if low in ROMAN and ROMAN[low] < ROMAN.get(high, 0):
        return f"{whole_words(ROMAN[low])} to {whole_words(ROMAN[high])}"  # NYHA II-IV
    if line.word_before(at) in NUMERAL_AFTER and (roman := _roman_with_letter(text)):
        return roman
    if line.shouted:
        return text.lower() if text.isupper() and len(text) > 1 else text
    if text == "IT" and not (line.text(at - 1).isupper() or line.text(at + 1).isupper()):
        return "I T"
    if re.fullmatch(r"([A-Z]{1,2})\d+-[A-Z]{1,2}\d+", text):
        return " to ".join(_one_word(part) for part in text.split("-"))  # V2-V3
    return " ".join(_one_word(part) for part in text.split("-")) if _mixed(text) else text


def _beside_a_number(line: Line, at: int) -> str:
    """What letters mean by the number, the unit or the slash that they stand beside."""
    text, before = line.text(at), line.near(at - 1)
    if before is None:
        return _before_a_number(line, at)
    if before.text in ("/", "×") and text in PERIODS:
        return PERIODS[text] if before.text == "/" else f"{PERIODS[text]}s"
    if before.text == "/" and text == "L" and line.kind(at - 2) is Kind.SPECIAL:
        return "litre"
    if before.kind is Kind.DASH and before.glued and line.kind(at - 2) is Kind.NUMBER:
        if text in _SHORT:  # "30-min infusion"
            return BY_WRITTEN[text].one
    if text == "in" and before.kind is Kind.NUMBER and line.text(at - 2) in ("ft", "feet", "foot"):
        return "inches"
    if before.kind is Kind.UNIT and text in _PACKED:
        return BY_WRITTEN[text].one if text[-1] != "s" else BY_WRITTEN[text].many
    if text in MEASURED and before.text in ("↑", "↓"):
        return MEASURED[text]
    if text.lower() in _BY_A_MEAL and before.text in FREQUENCIES:
        return _BY_A_MEAL[text.lower()]
    if text in SMALL_ROUTES and _is_route(line, at):
        return SMALL_ROUTES[text]
    if before.kind is Kind.UNIT and text in _AFTER_A_DOSE and not line.shouted:
        after = line.near(at + 1)
        if (
            after is None
            or after.kind is Kind.SPECIAL
            or not (after.kind is Kind.NUMBER or after.text.isupper())
        ):
            return _AFTER_A_DOSE[text]
    return _before_a_number(line, at)


def _is_route(line: Line, at: int) -> bool:
    """Whether letters behind a dose, or beside another route, are a route: "5 mg im", "po/im"."""
    beside = [line.text(at + step) for step in (-2, 2) if line.text(at + step // 2) == "/"]
    return line.kind(at - 1) is Kind.UNIT or any(one in ROUTES for one in beside)


def _before_a_number(line: Line, at: int) -> str:
    """A symbol or an abbreviation that a number follows: "Na 125", "BE −5", "OR 1.5"."""
    text, after, limited = line.text(at), at + 1, line.kind(at + 1) in (Kind.SIGN, Kind.DASH)
    while line.kind(after) in (Kind.SIGN, Kind.DASH):
        after += 1
    listed = text in MEASURED and (
        line.text(at - 2) in MEASURED or line.kind(at - 2) is Kind.SPECIAL
    )
    beside = line.kind(at - 1) in (*NUMERIC, Kind.UNIT) and not listed
    if line.kind(after) is not Kind.NUMBER or beside:
        return ""
    if text == "min" and line.word_before(at) != "per" and not limited:
        return "minimum"
    unit = line.unit_of(after)
    if text in ("Cl", "Li") and unit and not unit.key.startswith(("mmol", "mEq")):
        return ""
    if text in MEASURED and line.word_before(at) not in ("vitamin", "vit"):
        return "" if unit and unit.dose and unit.key in ("mg", "mcg") else MEASURED[text]
    if text == "BE" and line.text(at - 1) not in ENGLISH_IN_CAPITALS and not line.shouted:
        return "base excess" if unit is None or unit.key.startswith("mmol") else ""
    told = limited or "." in line.text(after) or line.kind(at - 1) is Kind.BRACKET
    return "odds ratio" if text == "OR" and unit is None and told else ""


_PACKED = frozenset("tab tabs cap caps amp amps".split())
_SHORT = frozenset("min h hr d wk mo yr s".split())
_AFTER_A_DOSE = {
    "ON": "at night", "OM": "in the morning", "om": "in the morning", "IN": "intranasal",
    "IT": "intrathecal", "ID": "intradermal",
}  # fmt: skip
_BY_A_MEAL = {"ac": "before meals", "pc": "after meals"}


def special(line: Line, at: int) -> str:
    """An abbreviation that is said as what it stands for."""
    text = line.text(at)
    if _is_numeral(line, at):
        return whole_words(ROMAN[text])
    if text == "°" and secondary(line, at):
        return ""
    if text == "°" and line.text(at - 1) == "1":
        return "degree"
    if text == "min." and line.text(at - 1) == "/":
        return "minute."
    if text == "PE" and (line.kind(at - 1) is Kind.UNIT or line.text(at + 1) == "/"):
        return "P E"  # phenytoin equivalents: mg PE/kg
    if (
        text == "OD"
        and line.kind(at - 1) not in (Kind.UNIT, Kind.SPECIAL, Kind.WORD)
        and (line.text(at - 1) != ")")
    ):
        return "O D"
    if text == "PR" and _is_interval(line, at):
        return "P R"
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


def _is_numeral(line: Line, at: int) -> bool:
    """Whether letters are a Roman numeral: by the word before, or in a range, "IV–VI"."""
    if line.text(at) not in ROMAN:
        return False
    low = at if line.kind(at + 1) is Kind.DASH else at - 2
    ends = ROMAN.get(line.text(low), 0), ROMAN.get(line.text(low + 2), 0)
    ranged = line.kind(low + 1) is Kind.DASH and 0 < ends[0] < ends[1]
    return ranged or line.word_before(at) in NUMERAL_AFTER


def _is_interval(line: Line, at: int) -> bool:
    """Whether PR is of the electrocardiogram, or a receptor, by what follows."""
    after = line.near(at + 1)
    if after is not None and after.glued and after.text in ("-", "−", "–", "+"):
        return True
    place = at + 2 if line.kind(at + 1) is Kind.SIGN else at + 1
    unit = line.unit_of(place) if line.kind(place) is Kind.NUMBER else None
    return unit is not None and unit.key in ("ms", "second")


def _mixed(text: str) -> bool:
    return any(char.isupper() or char.isdigit() for char in text[1:]) or (
        len(text) > 1 and text.isupper()
    )


def _roman_with_letter(text: str) -> str:
    """ "VIIa" is "seven A", as in factor VIIa."""
    match = re.fullmatch(r"([IVX]+)([abcABC])", text)
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
    for part in re.findall(r"\d+|[a-z](?=[A-Z]\d)|[^\W\d_]+|'[a-z]+|[²³⁰-⁹]+", text):
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
