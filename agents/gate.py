"""The claim gate: a sentence is spoken only if one passage carries all that is clinical in it.

Every number with its unit, drug, route, frequency, comparator and negation of the sentence must
stand together in one sentence of one passage (its headings name the drug too). Numbers are not
recombined across sentences. Deterministic; no model is asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from agents.spoken_units import UNITS
from rag.sentences import sentences
from rag.vocabulary import drugs_named

LIBRARY_SILENT = "The library does not say."


@dataclass(frozen=True, slots=True)
class Source:
    """A passage as the gate sees it. `headings` is its title and section, as one line."""

    headings: str
    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What is clinical in a sentence."""

    amounts: frozenset[tuple[float, str]]
    drugs: frozenset[str]
    directions: frozenset[str]
    comparators: frozenset[str]
    negated: bool

    @property
    def clinical(self) -> bool:
        """Whether there is anything to carry."""
        return bool(self.amounts or self.drugs or self.directions)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a sentence may be spoken; `unsupported` names the facts that nothing carries."""

    passed: bool
    unsupported: tuple[str, ...] = ()


def check(sentence: str, sources: Sequence[Source]) -> Verdict:
    """Whether one sentence of one source carries every clinical fact of `sentence`.

    A sentence without clinical content passes. A URL passes only if a source has it.
    """
    for url in _URL.findall(sentence):
        if not any(url.rstrip(".,)") in source.text for source in sources):
            return Verdict(False, (url,))
    said = facts(sentence)
    if not said.clinical:
        return Verdict(True)
    best: tuple[str, ...] | None = None
    for source in sources:
        named = drugs_of(source.headings)
        for carrier in sentences(source.text):
            missing = _missing(said, facts(carrier), named)
            if not missing:
                return Verdict(True)
            if best is None or len(missing) < len(best):
                best = missing
    return Verdict(False, best or ("everything",))


def mend(sentence: str, sources: Sequence[Source]) -> str:
    """The passage's own sentence for what `sentence` tried to say, or LIBRARY_SILENT.

    It must name the same drugs and share at least half of the words.
    """
    said = facts(sentence)
    own = _words(sentence)
    best, most = LIBRARY_SILENT, 0.5
    for source in sources:
        named = drugs_of(source.headings)
        for carrier in sentences(source.text):
            if not said.drugs <= facts(carrier).drugs | named or is_instruction(carrier):
                continue
            shared = len(own & _words(carrier)) / (len(own) or 1)
            if shared > most:
                best, most = carrier, shared
    return best


@lru_cache(maxsize=8192)
def facts(sentence: str) -> Facts:
    """The clinical facts of a sentence, in one form however they are written."""
    text = _plain(sentence)
    return Facts(
        amounts=frozenset(_amounts(text)),
        drugs=drugs_of(sentence),
        directions=frozenset(name for name, pattern in _DIRECTIONS.items() if pattern.search(text)),
        comparators=frozenset(
            name for name, pattern in _COMPARATORS.items() if pattern.search(text)
        ),
        negated=len(_NEGATION.findall(text)) % 2 == 1,
    )


@lru_cache(maxsize=8192)
def drugs_of(text: str) -> frozenset[str]:
    """Generic names of the drugs that a text names."""
    return drugs_named(text)


def is_instruction(sentence: str) -> bool:
    """Whether a sentence of a document speaks to a machine rather than of medicine."""
    return bool(_INSTRUCTION.search(sentence))


def _missing(said: Facts, carrier: Facts, named: frozenset[str]) -> tuple[str, ...]:
    missing = [f"{number:g} {unit}".strip() for number, unit in said.amounts - carrier.amounts]
    missing += sorted(said.drugs - carrier.drugs - named)
    missing += sorted(said.directions - carrier.directions)
    missing += sorted(said.comparators - carrier.comparators)
    # A limit that is left out turns "up to 4 g" into "4 g".
    if said.amounts:
        missing += sorted(carrier.comparators - said.comparators)
    if said.negated != carrier.negated:
        missing.append("negation")
    return tuple(missing)


_NUM = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+"
_WORDS = {
    "zero": 0,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
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
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
    "once": 1,
    "twice": 2,
}
_NUMBER_WORD = re.compile(
    r"\b(?P<tens>twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)[ -]"
    r"(?P<ones>one|two|three|four|five|six|seven|eight|nine)\b|\b(?P<word>"
    + "|".join(_WORDS)
    + r")\b(?! of\b)"
)
_UNIT = "|".join(sorted((re.escape(unit) for unit in UNITS), key=len, reverse=True))
_UNIT_WORDS = {said: one for one, many in set(UNITS.values()) for said in (one, many)}
_SAID_UNIT = "|".join(sorted((re.escape(unit) for unit in _UNIT_WORDS), key=len, reverse=True))
_AMOUNT = re.compile(
    rf"(?<![\w.])(?P<low>{_NUM})(?:\s*(?:[–—-]|to)\s*(?P<high>{_NUM}))?"
    rf"[\s-]*(?P<unit>(?:{_SAID_UNIT}|{_UNIT})(?![A-Za-z])(?:\s*(?:/|per)\s*"
    rf"(?:{_SAID_UNIT}|{_UNIT})(?![A-Za-z]))*)?"
)
_URL = re.compile(r"(?:https?://|www\.)\S+")
_NEGATION = re.compile(
    r"\b(?:not|n't|never|no|nor|neither|without|avoid(?:ed|ing)?|contra-?indicated|cannot|stop"
    r"(?:ped)?|withh(?:old|eld)|discontinued?|omit(?:ted)?|unless|unsafe)\b|n't\b"
)
_COMPARATORS = {
    "less": re.compile(
        r"<(?!=)|\b(?:less|fewer|lower|below|under|smaller) than\b|\bbelow\b|\bunder (?=\d)"
    ),
    "more": re.compile(
        r">(?!=)|\b(?:more|greater|higher|larger|over) than\b|\babove\b|\bover (?=\d+ ?%)|"
        r"\bexceed"
    ),
    "at least": re.compile(
        r"≥|>=|\bat least\b|\bor (?:more|above|over|higher|greater)\b|\bminimum\b"
    ),
    "at most": re.compile(
        r"≤|<=|\bat most\b|\bup to\b|\bor (?:less|below|under|lower)\b|\bmaximum\b|"
        r"\bno more than\b|\bnot (?:to )?exceed|\bwithin\b"
    ),
}
_DIRECTIONS = {
    "by mouth": re.compile(r"\b(?:oral(?:ly)?|by mouth|po)\b"),
    "intravenous": re.compile(r"\b(?:intravenous(?:ly)?|iv)\b"),
    "intramuscular": re.compile(r"\b(?:intramuscular(?:ly)?|im)\b"),
    "subcutaneous": re.compile(r"\b(?:subcutaneous(?:ly)?|sc|subcut)\b"),
    "nebulised": re.compile(r"\bnebuli[sz]"),
    "rectal": re.compile(r"\brectal"),
    "buccal": re.compile(r"\bbuccal"),
    "intranasal": re.compile(r"\b(?:intranasal|nasal)"),
    "intraosseous": re.compile(r"\bintraosse"),
    "once daily": re.compile(r"\b(?:once (?:a day|daily|every day)|od|qd)\b"),
    "twice daily": re.compile(r"\b(?:twice (?:a day|daily)|bd|bid|b\.i\.d)\b"),
    "three times daily": re.compile(r"\b(?:(?:three|3) times (?:a day|daily)|tds|tid)\b"),
    "four times daily": re.compile(r"\b(?:(?:four|4) times (?:a day|daily)|qds|qid)\b"),
    "as needed": re.compile(r"\b(?:as (?:needed|required)|prn)\b"),
}
_EVERY = re.compile(r"\bq(\d+)h\b|\b(\d+)(?:[–-](\d+))?[ -]hourly\b")
_INSTRUCTION = re.compile(
    r"\b(?:ignore|disregard|forget)\b.{0,40}\b(?:previous|prior|above|earlier|instruction|rules?)\b|"
    r"\b(?:system|developer) prompt\b|\byou are (?:now )?(?:an?|the) (?:ai|assistant|model)\b|"
    r"\bas an ai\b|\bassistant[:,]|\b(?:call|invoke|run|execute)\b.{0,20}\b(?:tool|function)\b|"
    r"\b(?:tell|reply|respond|answer|say)\b.{0,30}\b(?:the user|the clinician|exactly)\b",
    re.IGNORECASE,
)


def _plain(sentence: str) -> str:
    text = sentence.replace("−", "-").replace("‑", "-").replace("’", "'").replace("\u202f", " ")
    text = _NUMBER_WORD.sub(_digits, " ".join(_lower(word) for word in text.split()))
    return _EVERY.sub(
        lambda match: (
            f"every {match[1] or match[2]}" + (f"-{match[3]}" if match[3] else "") + " hours"
        ),
        text,
    )


def _lower(word: str) -> str:
    """Lower case but for units, where case has meaning (mL, U, mmHg)."""
    bare = word.strip("().,;:")
    return word if bare in UNITS or "/" in bare or any(c.isdigit() for c in bare) else word.lower()


def _digits(match: re.Match[str]) -> str:
    if match["tens"]:
        return str(_WORDS[match["tens"]] + _WORDS[match["ones"]])
    word = match["word"]
    return word if word in ("once", "twice") else str(_WORDS[word])


def _amounts(text: str) -> set[tuple[float, str]]:
    found = set()
    for match in _AMOUNT.finditer(text):
        unit = _unit(match["unit"] or "")
        for number in (match["low"], match["high"]):
            if number:
                found.add((float(number.replace(",", "")), unit))
    return found


@lru_cache(maxsize=512)
def _unit(written: str) -> str:
    parts = re.split(r"\s*(?:/|\bper\b)\s*", written.strip())
    return "/".join(
        UNITS[part][0] if part in UNITS else _UNIT_WORDS.get(part, part) for part in parts if part
    )


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"[a-z0-9]+", text.lower()) if len(word) > 2}
