"""What different words name the same thing: drugs and their brands, abbreviations and their
meaning, the ward's shorthand. The tables are `synonyms/drugs.txt` and `synonyms/abbreviations.txt`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rag.words import Word, words

TABLES = Path(__file__).parent / "synonyms"

Stems = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """A name found at `words[start:end]`. `means` are the stems of the same thing's other names;
    `drug` is the generic name when it is a drug, else ''; `full` is what an abbreviation, a brand
    or a plain word stands for, as written."""

    start: int
    end: int
    means: tuple[Stems, ...]
    drug: str
    abbreviation: bool
    full: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    means: tuple[Stems, ...]
    drug: str
    abbreviation: bool
    full: tuple[str, ...]


def matches(found: Sequence[Word]) -> Iterator[Match]:
    """Every known name in a run of words, the longest first at each place; names may overlap."""
    table, longest = _table()
    for start, first in enumerate(found):
        for length in range(min(longest.get(first.stem, 0), len(found) - start), 0, -1):
            stems = tuple(word.stem for word in found[start : start + length])
            if entry := table.get(stems):
                end = start + length
                yield Match(start, end, entry.means, entry.drug, entry.abbreviation, entry.full)
                break


def written_out(question: str) -> str:
    """A question with the ward's shorthand in full, "trop" as "troponin", and before it what a
    level said with its figure is called: "hyperkalaemia, potassium 6.8"."""
    full = _SHORT.sub(lambda match: _SHORTHAND[(match.lastindex or 1) - 1][0], question)
    named = [name for name in _disorders(full) if name not in full.lower()]
    return ", ".join((*named, full))


def glossed(question: str) -> str:
    """A question with the meaning of its abbreviations, brands and plain words behind it, for an
    encoder that may not know them."""
    found = words(question, spelled=letters_known())
    own = {word.stem for word in found}
    meanings = dict.fromkeys(
        name for match in matches(found) for name in match.full if not own.issuperset(_stems(name))
    )
    return f"{question} ({', '.join(meanings)})" if meanings else question


def drugs_named(text: str) -> frozenset[str]:
    """Generic names of the drugs that `text` names, whichever name it uses."""
    return frozenset(match.drug for match in matches(words(text)) if match.drug)


def warm() -> None:
    """Read the tables now, so that no search waits for them. Blocks for some 100 ms."""
    _table()
    letters_known()


@cache
def drug_groups() -> tuple[tuple[str, ...], ...]:
    """For each drug: its generic name, then its other names, as written in the table."""
    return tuple((name, *others) for name, others in _rows("drugs.txt", ","))


@cache
def letters_known() -> frozenset[str]:
    """Abbreviations in lower case, without spaces: what letters said one by one may spell."""
    return frozenset(name.lower() for name, _ in _rows("abbreviations.txt", ";") if " " not in name)


def _rows(file: str, separator: str) -> Iterator[tuple[str, list[str]]]:
    for line in (TABLES / file).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            name, _, others = line.partition(":")
            yield name.strip(), [part.strip() for part in others.split(separator)]


@cache
def _table() -> tuple[dict[Stems, _Entry], dict[str, int]]:
    """The names, and of those that begin with the same stem how many words the longest has."""
    means: dict[Stems, list[Stems]] = defaultdict(list)
    drug: dict[Stems, str] = {}
    short: set[Stems] = set()
    full: dict[Stems, list[str]] = defaultdict(list)
    for generic, *names in drug_groups():
        own = _stems(generic)
        drug[own] = generic
        means[own] = means[own]
        for name in names:
            means[_stems(name)].append(own)
            full[_stems(name)].append(generic)
            drug[_stems(name)] = generic
    for name, expansions in _rows("abbreviations.txt", ";"):
        key = _stems(name)
        if name != name.lower() and " " not in name:
            short.add(key)
        for expansion in expansions:
            other = _stems(expansion)
            means[key].append(other)
            means[other].append(key)
            full[key].append(expansion)
            if other in drug:
                drug[key] = drug[other]
    for whole, kinds in _KINDS.items():
        full[_stems(whole)] += kinds
        for kind in kinds:
            means[_stems(kind)].append(_stems(whole))
    table = {
        key: _Entry(tuple(others), drug.get(key, ""), key in short, tuple(full.get(key, ())))
        for key, others in means.items()
        if key
    }
    longest: dict[str, int] = {}
    for key in table:
        longest[key[0]] = max(longest.get(key[0], 0), len(key))
    return table, longest


def _stems(name: str) -> Stems:
    return tuple(word.stem for word in words(name))


def _disorders(question: str) -> Iterator[str]:
    """What levels said with their figure are called, where they lie outside the usual range."""
    found = words(question)
    for level, figure, after in zip(found, found[1:], [*found[2:], Word("", "")], strict=False):
        limits = _LEVELS.get(level.stem)
        given = after.stem in ("%", "g", "mg", "ml")
        if limits is None or given or not re.fullmatch(r"\d+(?:\.\d+)?", figure.stem):
            continue
        least, low, high, most, below, above = limits
        value = float(figure.stem)
        if least <= value < low:
            yield below
        elif high < value <= most:
            yield above


_LEVELS = {
    "potassium": (1.0, 3.5, 5.4, 10.0, "hypokalaemia", "hyperkalaemia"),
    "sodium": (90.0, 130.0, 150.0, 190.0, "hyponatraemia", "hypernatraemia"),
    "glucos": (0.5, 4.0, 11.0, 40.0, "hypoglycaemia", "hyperglycaemia"),
    "sugar": (0.5, 4.0, 11.0, 40.0, "hypoglycaemia", "hyperglycaemia"),
}
"""Of a serum level in mmol/L: the least that is likely said, the usual range (clearly outside of it
the word is right whichever laboratory measured), the most; what lies below and above."""

_KINDS = {
    "acute coronary syndrome": (
        "myocardial infarction", "heart attack", "MI", "AMI", "STEMI", "NSTEMI", "unstable angina",
    ),
    "thrombolysis": ("fibrinolysis", "alteplase", "tenecteplase"),
}  # fmt: skip
"""What is said of the whole holds of each kind; what is said of a kind, of no other."""

_SHORTHAND = (
    ("after", "post(?= (?!op|partum|natal|mortem|prandial|menopausal))"), ("amiodarone", "amio"),
    ("amoxicillin", "amox"), ("anti-embolism stockings", "teds|ted stockings"),
    ("antibiotics", "abx"), ("apixaban", "apix"), ("atrial fibrillation", "a ?fib"),
    ("benzodiazepine", "benzos?"), ("bicarbonate", "bicarb"), ("blood tests", "bloods"),
    ("calcium gluconate", "calc gluc"), ("ciprofloxacin", "cipro"), ("clarithromycin", "clarithro"),
    ("clopidogrel", "clopi"), ("Clostridioides difficile", r"c\.? ?diff"), ("conscious", "awake"),
    ("creatinine", "creat"), ("creatinine clearance", "(?<= a )clearance(?= of)"),
    ("cryoprecipitate", "cryo"), ("CURB-65", "curb(?:[ -]?65)?"), ("dabigatran", "dabi"),
    ("deep vein thrombosis", "clot in (?:the|his|her|my) leg|leg clot"),
    ("delirium tremens", "dts"), ("dexamethasone", "dexameth"), ("dose reduced", "dose reduction"),
    ("doxycycline", "doxy"), ("dual antiplatelet therapy", "dapt"), ("enoxaparin", "enox"),
    ("flucloxacillin", "fluclox"), ("furosemide", "furo"), ("gabapentin", "gaba"),
    ("gentamicin", "gent"), ("hydrocortisone", "hydrocort"),
    ("hypoglycaemia", "hypos?|low sugars?"),
    ("in status epilepticus", "in status(?! (?:epi|asth))"), ("kidney function", "kidneys"),
    ("levetiracetam", "levetir"), ("lorazepam", "loraz"),
    ("lower urinary tract infection", "cystitis"), ("magnesium sulfate", "mag sul(?:f|ph)"),
    ("magnesium", "mag"), ("meropenem", "mero"), ("midazolam", "midaz"),
    ("nebulised", "neb"), ("nebulisers", "nebs"), ("nitrofurantoin", "nitrofur"),
    ("noradrenaline", "norad"), ("oxygen saturation", "sats"),
    ("peak expiratory flow", "peak flow"), ("piperacillin with tazobactam", "pip[ -]?taz"),
    ("platelet", "plts?|plats"), ("prednisolone", "pred"), ("prophylaxis", "ppx"),
    ("pulmonary embolism", "clots? (?:i|o)n (?:the|his|her|my) lungs?|lung clot"),
    ("pyelonephritis", "pyelo"), ("rivaroxaban", "riva(?:rox)?"), ("spironolactone", "spiro"),
    ("ticagrelor", "tica"), ("transient ischaemic attack", "mini[ -]stroke"),
    ("trimethoprim", "trimeth"), ("troponin", "trops?"),
    ("urinary tract infection", "water infection"), ("vancomycin", "vanc"),
    ("vasopressor", "pressors?"),
    ("venous thromboembolism prophylaxis", "(?:dvt|vte|clot) (?:prophylaxis|prevention|ppx)"),
    ("vitamin K", "vit k"),
)  # fmt: skip
"""What the ward says for short, behind what it stands for. Each has one meaning there."""

_SHORT = re.compile(
    "|".join(rf"(\b(?:{short})(?![\w-]))" for _, short in _SHORTHAND), re.IGNORECASE
)
