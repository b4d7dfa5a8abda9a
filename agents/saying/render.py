"""Says each piece of a text, looking at its neighbours: "IV" is a route, "grade IV" is four."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from agents.saying.abbreviations import (
    ENGLISH_IN_CAPITALS,
    FREQUENCIES,
    GREEK,
    HIGH_ALERT,
    LABEL_BEFORE,
    MONTHS,
    NUMERAL_AFTER,
    ROMAN,
    ROUTES,
    SCORE_BEFORE,
    SIGNS,
    SPECIAL,
)
from agents.saying.numbers import (
    digits_one_by_one,
    number_words,
    ordinal_words,
    read_back,
    whole_words,
    without_separators,
    year_words,
)
from agents.saying.pieces import Kind, Piece
from agents.saying.units import BY_WRITTEN, Compound, compound

_NUMERIC = frozenset({Kind.NUMBER, Kind.FRACTION, Kind.POWER, Kind.ORDINAL, Kind.TIME})
_FRACTIONS = {
    "1/2": "one half", "½": "one half", "1/3": "one third", "⅓": "one third",
    "2/3": "two thirds", "⅔": "two thirds", "1/4": "one quarter", "¼": "one quarter",
    "3/4": "three quarters", "¾": "three quarters", "1/8": "one eighth", "⅛": "one eighth",
}  # fmt: skip
_AND_A = {"½": "a half", "⅓": "a third", "⅔": "two thirds", "¼": "a quarter",
          "¾": "three quarters", "⅛": "an eighth"}  # fmt: skip
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−–", "0123456789---")
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_MONTH_NAMES = (
    "January February March April May June July August September October November December"
).split()
_PERIODS = frozenset("hour h day week month year minute min".split())
_EVERY_UNIT = {"h": "hour", "d": "day", "m": "minute", "w": "week"}


class Sayer:
    """Says the pieces of one text; `alert[i]` tells that piece i is in a high-alert sentence."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._pieces = pieces
        self._alert = _alerts(pieces)
        self._shouted = _shouted(pieces)

    def say(self, at: int) -> str:
        """The words for piece `at`; '' when it is silent, a stop when it only makes a pause."""
        return _SAY[self._pieces[at].kind](self, at)

    def _near(self, at: int) -> Piece | None:
        return self._pieces[at] if 0 <= at < len(self._pieces) else None

    def _kind(self, at: int) -> Kind | None:
        piece = self._near(at)
        return piece.kind if piece else None

    def _text(self, at: int) -> str:
        piece = self._near(at)
        return piece.text if piece else ""

    def _word_before(self, at: int) -> str:
        """The word before, past a dash, a stop or other numerals ("stages III–IV")."""
        at -= 1
        while (piece := self._near(at)) and (
            piece.kind in (Kind.DASH, Kind.NUMBER, Kind.BRACKET)
            or piece.text in ROMAN
            or piece.text.lower() in ("and", "or", "to", "/", ",")
        ):
            at -= 1
        return self._text(at).lower()

    def _number(self, at: int) -> str:
        text = self._text(at)
        plain = without_separators(text)
        if self._text(at - 1).lower() in LABEL_BEFORE and "." in plain:
            head, _, tail = plain.partition(".")
            return f"{number_words(head)} point {digits_one_by_one(tail)}"
        if self._is_year(at, plain):
            return year_words(int(plain))
        unit = self._unit_of(at)
        if self._alert[at] and unit is not None and unit.dose and unit.key != "mL":
            return read_back(text)
        return number_words(text)

    def _is_year(self, at: int, plain: str) -> bool:
        if not re.fullmatch(r"(?:19|20)\d\d", plain) or len(self._text(at)) != 4:
            return False
        before = self._near(at - 1)
        if before is not None and before.kind in (Kind.SIGN,):
            return False
        after = self._kind(at + 1)
        if after is Kind.DASH and self._kind(at + 2) is Kind.NUMBER:
            return self._kind(at + 3) is not Kind.UNIT
        return after not in (Kind.UNIT, Kind.SIGN, Kind.POWER)

    def _unit_of(self, at: int) -> Compound | None:
        """The unit a number counts: its own, or that of the range it begins."""
        for ahead in (1, 3, 2, 4):
            between = [self._near(at + step) for step in range(1, ahead)]
            if all(one is not None and (one.kind in (Kind.DASH, Kind.NUMBER) or one.text == "to")
                   for one in between):  # fmt: skip
                if self._kind(at + ahead) is Kind.UNIT:
                    return compound(self._text(at + ahead))
        return None

    def _fraction(self, at: int) -> str:
        text = self._text(at).replace("⁄", "/").replace("∕", "/")
        if text in _FRACTIONS and self._word_before(at) not in SCORE_BEFORE:
            return _FRACTIONS[text]
        if text[-1] in _AND_A:
            return f"{number_words(text[:-1])} and {_AND_A[text[-1]]}"
        top, bottom = (part.strip() for part in text.split("/"))
        between = "out of" if self._word_before(at) in SCORE_BEFORE else "over"
        return f"{number_words(top)} {between} {number_words(bottom)}"

    def _power(self, at: int) -> str:
        exponent = re.sub(r"^10(?:\^|\*\*|\*)?", "", self._text(at)).translate(_SUPERSCRIPTS)
        minus = "minus " if exponent.startswith("-") else ""
        times = "times " if self._kind(at - 1) is Kind.NUMBER else ""
        return f"{times}ten to the {minus}{number_words(exponent.lstrip('-'))}"

    def _time(self, at: int) -> str:
        hour, minute = (int(part) for part in self._text(at).split(":"))
        clock = self._text(at + 1).lower().replace(".", "") in ("am", "pm")
        if not minute:
            if clock:
                return whole_words(hour)
            zero = "zero " if 0 < hour < 10 else ""
            return f"{zero}{whole_words(hour)} hundred hours"
        return f"{whole_words(hour)} {'oh ' if minute < 10 else ''}{whole_words(minute)}"

    def _ratio(self, at: int) -> str:
        top, bottom = self._text(at).split(":")
        return f"{number_words(top)} to {number_words(bottom)}" if len(bottom) < 3 else (
            f"{number_words(top)} in {number_words(bottom)}"
        )  # fmt: skip

    def _date(self, at: int) -> str:
        text = self._text(at)
        if "/" in text:
            day, month, year = text.split("/")
            return f"{number_words(day)} slash {number_words(month)} slash {year_words(int(year))}"
        year, month, day = text.split("-")
        said = year_words(int(year)) if 1900 <= int(year) < 2100 else number_words(year)
        return f"{ordinal_words(int(day))} of {_MONTH_NAMES[int(month) - 1]} {said}"

    def _ordinal(self, at: int) -> str:
        return ordinal_words(int(self._text(at)[:-2]))

    def _plain_number(self, at: int) -> str:
        text = without_separators(self._text(at))
        if len(text) <= 2 and text.isdigit() and 1 <= int(text) <= 31:
            if self._text(at + 1).lower().rstrip(".") in MONTHS and self._kind(at + 1) is Kind.WORD:
                return f"{ordinal_words(int(text))} of"
            if self._text(at - 1).lower() in MONTHS and self._kind(at - 1) is Kind.WORD:
                if self._text(at - 1) not in ("may", "march"):
                    return ordinal_words(int(text))
        return self._number(at)

    def _every(self, at: int) -> str:
        numbers = re.findall(r"\d+", self._text(at))
        unit = re.search(r"[A-Za-z]+$", self._text(at))
        low, high = numbers[0], numbers[1] if len(numbers) > 1 else ""
        letters = unit.group().lower() if unit else "h"
        named = {"mo": "month"}.get(letters[:2]) or _EVERY_UNIT[letters[0]]
        if high:
            return f"every {number_words(low)} to {number_words(high)} {named}s"
        return f"every {named}" if low == "1" else f"every {number_words(low)} {named}s"

    def _unit(self, at: int) -> str:
        written = compound(self._text(at))
        said = [] if written.numerator is None else [self._unit_name(at, written)]
        for one in written.per:
            if one.number:
                said.append(f"per {number_words(one.number)} {one.unit.many}")
            else:
                said.append(f"per {one.unit.one}")
        return " ".join(said)

    def _unit_name(self, at: int, written: Compound) -> str:
        unit = written.numerator
        assert unit is not None  # noqa: S101 - asked for only then
        if self._text(at) in (unit.one, unit.many) and unit.key != "%":
            return self._text(at)
        before = self._near(at - 1)
        if before is not None and before.kind is Kind.DASH:  # "a 5-mg tablet", "72-year-old"
            return unit.one
        if before is not None and before.kind in (Kind.WORD, Kind.SPECIAL):
            return (
                unit.one
                if before.text.lower() in ("per", "a", "an", "each", "every", "/")
                else unit.many
            )
        if before is None or before.kind not in _NUMERIC:
            return unit.many
        if before.kind is Kind.FRACTION:
            plain = before.text in ("1/2", "½", "1/4", "¼", "3/4", "¾", "1/3", "⅓", "2/3", "⅔")
            return unit.one if plain else unit.many
        one = before.kind is Kind.NUMBER and number_words(before.text) == "one"
        return unit.one if one and self._kind(at - 2) is not Kind.DASH else unit.many

    def _special(self, at: int) -> str:
        text = self._text(at)
        if text in ROMAN and self._word_before(at) in NUMERAL_AFTER:
            return whole_words(ROMAN[text])
        if text == "OD" and self._kind(at - 1) not in (Kind.UNIT, Kind.SPECIAL, Kind.WORD):
            return "O D"
        if text == "PR" and self._text(at + 1).lower() in ("interval", "segment", "prolongation"):
            return "P R"
        if text.lower() == "stat" and self._text(at + 1).lower() in ("dose", "doses"):
            return "immediate"
        if text in ("bid", "mane") and not (
            self._kind(at - 1) is Kind.UNIT
            or self._text(at - 1).isupper()
            or self._kind(at + 1) is Kind.DASH
        ):
            return text
        return SPECIAL[text]

    def _sign(self, at: int) -> str:
        text = self._text(at)
        if text == "×" and self._lasts(at):
            return "for"
        if SIGNS[text] == "at most" and self._text(at - 1).lower() == "at":
            return "no more than"
        return SIGNS[text]

    def _dash(self, at: int) -> str:
        before, here, after = self._near(at - 1), self._pieces[at], self._near(at + 1)
        if after is None or before is None:
            return "minus" if after and after.glued and after.kind is Kind.NUMBER else ""
        ends = before.kind in _NUMERIC or before.kind is Kind.UNIT or before.text in ROMAN
        begins = after.kind in _NUMERIC or after.kind is Kind.SIGN or (
            after.kind is Kind.DASH and self._kind(at + 2) is Kind.NUMBER
        ) or after.text in ROMAN  # fmt: skip
        if before.text in FREQUENCIES and after.text in FREQUENCIES:
            return "to"
        if ends and begins and here.glued == after.glued:
            return "to" if here.glued or self._rises(at) else "minus"
        if after.kind is Kind.NUMBER and after.glued and not here.glued:
            return "minus"
        if (
            after.kind is Kind.NUMBER
            and after.glued
            and before.kind in (Kind.DASH, Kind.SIGN, Kind.BRACKET)
        ):
            return "minus"
        if here.glued and after.glued:
            return ""
        return ","

    def _rises(self, at: int) -> bool:
        low = self._near(at - 1)
        if low is not None and low.kind is Kind.UNIT:
            low = self._near(at - 2)
        high = self._near(at + 1)
        if (
            low is None
            or high is None
            or low.kind is not Kind.NUMBER
            or high.kind is not Kind.NUMBER
        ):
            return True
        return float(without_separators(low.text)) <= float(without_separators(high.text))

    def _word(self, at: int) -> str:
        text = self._text(at).replace("’", "'").replace("‑", "-").translate(_SUBSCRIPTS)
        for letter, name in GREEK.items():
            text = text.replace(letter, name)
        if text in ("x", "X") and self._between_numbers(at):
            return "for" if self._lasts(at) else "times"
        if text == "pm" and self._kind(at - 1) in _NUMERIC:
            return "P M"
        if text == "am" and self._kind(at - 1) in _NUMERIC:
            return "A M"
        if text in ROMAN and self._word_before(at) in NUMERAL_AFTER:
            return whole_words(ROMAN[text])
        if self._word_before(at) in NUMERAL_AFTER and (roman := _roman_with_letter(text)):
            return roman
        if self._shouted:
            return text.lower() if text.isupper() and len(text) > 1 else text
        return " ".join(_one_word(part) for part in text.split("-")) if _mixed(text) else text

    def _lasts(self, at: int) -> bool:
        """Whether a multiplication sign stands for how long: "TDS × 5 days"."""
        if self._kind(at + 1) is not Kind.NUMBER or self._kind(at - 1) in _NUMERIC:
            return False
        unit = self._unit_of(at + 1)
        return unit is not None and unit.key in ("minute", "hour", "day", "week", "month")

    def _between_numbers(self, at: int) -> bool:
        return self._kind(at + 1) in _NUMERIC or self._kind(at - 1) in _NUMERIC

    def _stop(self, at: int) -> str:
        text = self._text(at)
        before, following = self._near(at - 1), self._near(at + 1)
        if before and following and len(before.text) == 1 and before.text.isupper():
            if text == "." and before.glued is False and following.text.islower():
                return ""  # H. pylori
            if text == ":" and following.glued and len(following.text) == 1:
                return "to"  # I:E
        if text in (".", ":") and following is not None and following.glued and following.kind in (
            Kind.NUMBER, Kind.WORD, Kind.UNIT):  # fmt: skip
            return ","
        return {"…": ".", "...": ".", ";": ",", ":": ","}.get(text, text)

    def _bracket(self, at: int) -> str:
        if self._text(at) in "([{":
            return "," if at else ""
        return "" if at == len(self._pieces) - 1 else ","

    def _other(self, at: int) -> str:
        text = self._text(at)
        if text == "/":
            before, after = self._near(at - 1), self._near(at + 1)
            if before and after and Kind.NUMBER in (before.kind, after.kind):
                return "per" if after.kind in (Kind.UNIT, Kind.WORD) else "over"
            if before and after and before.text in ROUTES and after.text in ROUTES:
                return "or"
            if before and after and before.text.startswith("PaO") and after.text.startswith("FiO"):
                return "over"
            if before and after and Kind.SPECIAL in (before.kind, after.kind):
                return ","
            if after and after.text.lower() in _PERIODS:
                return "per"
        return ""


def _alerts(pieces: Sequence[Piece]) -> list[bool]:
    """For each piece, whether its sentence names a high-alert drug."""
    alerts: list[bool] = []
    begun, alert = 0, False
    for at, piece in enumerate(pieces):
        if piece.kind in (Kind.WORD, Kind.SPECIAL):
            alert = alert or any(part in HIGH_ALERT for part in piece.text.lower().split("-"))
        following = pieces[at + 1] if at + 1 < len(pieces) else None
        if following is None or (piece.text in ".!?" and not following.glued):
            alerts += [alert] * (at + 1 - begun)
            begun, alert = at + 1, False
    return alerts


def _shouted(pieces: Sequence[Piece]) -> bool:
    """Whether the text is set in capitals, so that capitals mark no abbreviation."""
    words = [one.text for one in pieces if one.kind is Kind.WORD and len(one.text) > 1]
    return len(words) >= 4 and all(one.isupper() for one in words)


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


_SAY: dict[Kind, Callable[[Sayer, int], str]] = {
    Kind.NUMBER: Sayer._plain_number,
    Kind.FRACTION: Sayer._fraction,
    Kind.POWER: Sayer._power,
    Kind.TIME: Sayer._time,
    Kind.RATIO: Sayer._ratio,
    Kind.DATE: Sayer._date,
    Kind.ORDINAL: Sayer._ordinal,
    Kind.EVERY: Sayer._every,
    Kind.UNIT: Sayer._unit,
    Kind.SPECIAL: Sayer._special,
    Kind.SIGN: Sayer._sign,
    Kind.DASH: Sayer._dash,
    Kind.WORD: Sayer._word,
    Kind.STOP: Sayer._stop,
    Kind.BRACKET: Sayer._bracket,
    Kind.OTHER: Sayer._other,
}
