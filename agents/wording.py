"""One renderer from text to speech, so that a dose sounds the way it is meant.

Text is cut into shown tokens at white space; each gets the words that are said for it. The same
tokens drive the screen, the voice and the record of what was heard. Numbers lose a trailing zero
and keep a leading one; units and abbreviations are said in full; after a high-alert drug a dose is
read back digit by digit (ISMP).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from num2words import num2words

from agents.spoken_units import (
    ABBREVIATIONS,
    DOSE_UNITS,
    FRACTIONS,
    HIGH_ALERT,
    ROMAN,
    ROMAN_AFTER,
    SIGNS,
    UNITS,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A shown token and what is said for it; several words, one, or none."""

    shown: str
    spoken: str


@dataclass(frozen=True, slots=True)
class Wording:
    """A text as shown and as said."""

    tokens: tuple[Token, ...]

    @property
    def shown(self) -> str:
        """The text for the screen."""
        return " ".join(token.shown for token in self.tokens)

    @property
    def spoken(self) -> str:
        """The text for the voice."""
        return " ".join(token.spoken for token in self.tokens if token.spoken)

    def shown_after(self, spoken_words: int) -> str:
        """The shown text of which the first `spoken_words` words of `spoken` were said.

        A token counts once all its words were said.
        """
        said = 0
        shown = []
        for token in self.tokens:
            said += len(token.spoken.split())
            if said > spoken_words:
                break
            shown.append(token.shown)
        return " ".join(shown)


def word(text: str) -> Wording:
    """The wording of a sentence or a clause."""
    shown = text.split()
    alert = any(_bare(one).lower() in HIGH_ALERT for one in shown)
    return Wording(
        tuple(
            Token(
                one,
                _say(
                    one,
                    before=shown[index - 1] if index else "",
                    after=shown[index + 1] if index + 1 < len(shown) else "",
                    alert=alert,
                ),
            )
            for index, one in enumerate(shown)
        )
    )


_NUM = r"(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+)"
_AMOUNT = re.compile(rf"^(?P<sign>[<>≤≥~≈±+−-]|<=|>=)?(?P<number>{_NUM})(?P<unit>[^\d.].*)?$")
_RANGE = re.compile(
    rf"^(?P<sign>[<>≤≥~≈])?(?P<low>{_NUM})(?P<low_unit>[^\d\s–—-]*)[–—-](?P<high>{_NUM})"
    r"(?P<unit>[^\d].*)?$"
)
_PRESSURE = re.compile(r"^(\d{2,3})/(\d{2,3})(mmHg)?$")
_POWER = re.compile(r"^(?:[×x])?10(?:\^(-?\d+)|([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+))(?:/(.+))?$")
_EVERY = re.compile(r"^q(\d+)(?:[–-](\d+))?h(?:rs?|ourly)?$", re.IGNORECASE)
_TIME = re.compile(r"^([01]?\d|2[0-3]):([0-5]\d)$")
_RATIO = re.compile(r"^(\d{1,3}):(\d[\d,]*)$")
_LEAD = re.compile(r"^[(\[\"“'‘*_]+")
_TAIL = re.compile(r"[)\]\"”'’*_]*[.,;:!?…]*[)\]\"”'’*_]*$")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


def _say(token: str, *, before: str, after: str, alert: bool) -> str:
    if token in ABBREVIATIONS and token.endswith("."):
        return ABBREVIATIONS[token]
    core, pause = _parts(token)
    if not core:
        return ""
    said = _core(core, before=_bare(before), after=_bare(after), alert=alert)
    return said + pause if said else ""


def _parts(token: str) -> tuple[str, str]:
    """The token without its brackets and stops, and the stop that makes the voice pause."""
    body = _LEAD.sub("", token)
    tail = _TAIL.search(body)
    core = body[: tail.start()] if tail else body
    if core.count(".") and f"{core}." in ABBREVIATIONS:
        core = f"{core}."
    stops = re.findall(r"[.,;:!?]", tail.group()) if tail else []
    return core, {";": ",", ":": ","}.get(stops[-1], stops[-1]) if stops else ""


def _bare(token: str) -> str:
    return _parts(token)[0]


def _core(core: str, *, before: str, after: str, alert: bool) -> str:
    if core in ROMAN and before.lower() in ROMAN_AFTER:
        return _whole(ROMAN[core])
    if core in ABBREVIATIONS:
        return ABBREVIATIONS[core]
    if core in SIGNS:
        return SIGNS[core].strip(",")
    if core in FRACTIONS:
        return FRACTIONS[core]
    if core in UNITS and _is_number(before):
        return _unit(core, before)
    for pattern, say in _PATTERNS:
        if match := pattern.match(core):
            return say(match, after, alert)
    if "/" in core and (said := _per(core, "2")):
        return said
    return _plain(core)


def _say_amount(match: re.Match[str], after: str, alert: bool) -> str:
    number, unit = match["number"], (match["unit"] or "").strip()
    sign = SIGNS.get(match["sign"] or "", "")
    if match["sign"] in ("-", "−"):
        sign = "minus"
    if unit and not _is_unit(unit):
        return _plain(match.group())
    said = number_words(number)
    if alert and (unit or after) and (unit or after) in DOSE_UNITS:
        said = read_back(number)
    return " ".join(part for part in (sign, said, _unit(unit, number) if unit else "") if part)


def _say_range(match: re.Match[str], after: str, alert: bool) -> str:
    unit = (match["unit"] or "").strip()
    if unit and not _is_unit(unit):
        return _plain(match.group())
    parts = [SIGNS.get(match["sign"] or "", ""), number_words(match["low"])]
    if match["low_unit"]:
        parts.append(_unit(match["low_unit"], match["low"]))
    parts += ["to", number_words(match["high"]), _unit(unit, match["high"]) if unit else ""]
    return " ".join(part for part in parts if part)


def _say_power(match: re.Match[str], after: str, alert: bool) -> str:
    exponent = match[1] or match[2].translate(_SUPERSCRIPTS)
    times = "times " if match.group().startswith(("×", "x")) else ""
    power = number_words(exponent.lstrip("-"))
    minus = "minus " if exponent.startswith("-") else ""
    said = f"{times}ten to the {minus}{power}"
    return f"{said} per {_unit(match[3], '1')}" if match[3] else said


def _say_every(match: re.Match[str], after: str, alert: bool) -> str:
    high = f" to {number_words(match[2])}" if match[2] else ""
    return f"every {number_words(match[1])}{high} hours"


def _say_time(match: re.Match[str], after: str, alert: bool) -> str:
    hour, minute = int(match[1]), int(match[2])
    if minute:
        zero = "oh " if minute < 10 else ""
        return f"{_whole(hour)} {zero}{_whole(minute)}"
    return f"{_whole(hour)} hundred hours" if hour else "midnight"


def _say_pressure(match: re.Match[str], after: str, alert: bool) -> str:
    unit = f" {UNITS['mmHg'][1]}" if match[3] else ""
    return f"{number_words(match[1])} over {number_words(match[2])}{unit}"


def _say_ratio(match: re.Match[str], after: str, alert: bool) -> str:
    return f"{number_words(match[1])} in {number_words(match[2])}"


_PATTERNS = (
    (_EVERY, _say_every),
    (_TIME, _say_time),
    (_PRESSURE, _say_pressure),
    (_RATIO, _say_ratio),
    (_POWER, _say_power),
    (_RANGE, _say_range),
    (_AMOUNT, _say_amount),
)


def number_words(number: str) -> str:
    """A written number as it is said: "0.50" is "zero point five", "1,200" "one thousand two
    hundred", "1.0" "one"."""
    digits = number.replace(",", "")
    whole, _, decimals = digits.partition(".")
    decimals = decimals.rstrip("0")
    said = _whole(int(whole or "0"))
    if decimals:
        said += " point " + " ".join(_whole(int(digit)) for digit in decimals)
    return said


def read_back(number: str) -> str:
    """A dose said twice where it can be misheard: "fifteen, one five,"."""
    digits = number.replace(",", "").removesuffix(".0")
    said = number_words(number)
    if not digits.isdigit() or len(digits) < 2:
        return said
    return f"{said}, {' '.join(_whole(int(digit)) for digit in digits)},"


@lru_cache(maxsize=4096)
def _whole(number: int) -> str:
    return str(num2words(number, lang="en_GB")).replace("-", " ").replace(",", "")


def _is_number(token: str) -> bool:
    number = rf"[<>≤≥~≈±]?{_NUM}(?:[–-]{_NUM})?"
    return bool(re.fullmatch(number, token)) or token in FRACTIONS or bool(_PRESSURE.match(token))


def _is_unit(unit: str) -> bool:
    parts = [part for part in unit.strip("/").split("/") if part]
    return all(part in UNITS or part == "1.73m2" for part in parts)


def _unit(unit: str, number: str) -> str:
    first, *per = [part for part in unit.split("/") if part] or [""]
    one = re.fullmatch(r"1(?:\.0+)?", number) is not None or number in FRACTIONS
    if unit.startswith("/"):
        per, said = [first, *per], ""
    else:
        said = UNITS[first][0 if one else 1] if first in UNITS else _plain(first)
    return " ".join([said, *(f"per {UNITS.get(part, (part, part))[0]}" for part in per)]).strip()


def _per(core: str, number: str) -> str:
    parts = core.split("/")
    if all(part in UNITS for part in parts if part) and any(parts):
        return _unit(core, number)
    return ""


def _plain(core: str) -> str:
    """A word as it stands; digits inside it are said one by one, hyphens and slashes open it."""
    core = core.replace("’", "'")
    if core.isascii() and core.replace("'", "").isalpha():
        return core
    said = []
    for part in re.findall(rf"{_NUM}|[^\W\d_]+(?:'[a-z]+)?|[<>≤≥%±=]", core):
        if part in SIGNS:
            said.append(SIGNS[part])
        elif part == "%":
            said.append("percent")
        elif part[0].isdigit() or part[0] == ".":
            said.append(number_words(part))
        else:
            said.append(ABBREVIATIONS.get(part, part))
    return " ".join(said)
