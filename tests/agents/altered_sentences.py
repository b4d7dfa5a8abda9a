"""Sentences from real passages, as they stand and altered in one clinical fact each.

Written apart from the gate: it works on the text alone, by plain replacement.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rag.chunking import cut
from rag.loading import load
from rag.sentences import sentences

HERE = Path(__file__).parent
SAMPLE = HERE.parents[1] / "rag" / "sample_library"
DRUGS = (
    "apixaban rivaroxaban warfarin heparin enoxaparin insulin metformin gentamicin vancomycin "
    "amoxicillin ceftriaxone meropenem morphine fentanyl oxycodone salbutamol ipratropium "
    "prednisolone hydrocortisone dexamethasone amiodarone digoxin bisoprolol furosemide aspirin "
    "clopidogrel lorazepam diazepam midazolam phenytoin levetiracetam valproate naloxone "
    "flumazenil acetylcysteine paracetamol ibuprofen trimethoprim nitrofurantoin ketamine "
    "propofol noradrenaline adrenaline alteplase lithium doxycycline metoclopramide adenosine "
    "carvedilol omeprazole dabigatran edoxaban potassium magnesium calcium"
).split()
UNITS = {
    "mg": ("mcg", "g"), "mcg": ("mg",), "micrograms": ("mg",), "g": ("mg",), "mL": ("L",),
    "units": ("mL",), "mmol/L": ("mg/dL",), "mg/kg": ("mg", "mcg/kg"), "mL/min": ("mL/h",),
    "hours": ("days", "minutes"), "minutes": ("hours",), "days": ("weeks",), "mmol": ("mg",),
    "weeks": ("days",), "mmHg": ("kPa",), "mg/L": ("mg/mL",), "g/L": ("g/dL",),
}  # fmt: skip
NEGATIONS = (
    (r"\bdo not\b", "always"), (r"\bis not\b", "is"), (r"\bare not\b", "are"),
    (r"\bnever\b", "always"),
    (r"\bavoid\b", "use"), (r"\bavoided\b", "used"), (r"\bcontraindicated\b", "recommended"),
    (r"\bwithheld\b", "given"), (r"\bwithout\b", "with"), (r"\bunless\b", "if"),
    (r"\bis given\b", "is not given"), (r"\bis (?=\d)", "is not "), (r"^Give\b", "Do not give"),
    (r"\bstop\b", "continue"), (r"\bstopped\b", "continued"), (r"\bare given\b", "are never given"),
    (r"\bshould be\b", "should not be"), (r"\bis used\b", "is avoided"), (r"\bNot\b", "Always"),
)  # fmt: skip
COMPARATORS = (
    (r"\bbelow\b", "above"), (r"\babove\b", "below"), (r"≥", "≤"), (r"≤", "≥"), (r"<", ">"),
    (r">", "<"), (r"\bat least\b", "at most"), (r"\bat most\b", "at least"),
    (r"\bup to\b", "at least"),
    (r"\bmaximum\b", "minimum"), (r"\bmore than\b", "less than"), (r"\bless than\b", "more than"),
    (r"\bor more\b", "or less"), (r"\bor above\b", "or below"), (r"\bwithin\b", "after"),
    (r"\bor below\b", "or above"), (r"\bunder\b", "over"), (r"\bmaximum of\b", "minimum of"),
)  # fmt: skip
WAYS = (
    (r"\bIV\b", "PO"), (r"\bintravenously\b", "by mouth"), (r"\bby mouth\b", "intravenously"),
    (r"\bIM\b", "IV"), (r"\btwice daily\b", "once daily"), (r"\bonce daily\b", "twice daily"),
    (r"\bthree times daily\b", "twice daily"), (r"\bfour times daily\b", "three times daily"),
)  # fmt: skip
REWORDED = (
    (r"(\d)–(\d)", r"\1 to \2"), (r"\bmcg\b", "micrograms"), (r"\btwice daily\b", "BD"),
    (r"\bonce daily\b", "once a day"), (r"\bintravenously\b", "IV"), (r"\bby mouth\b", "PO"),
    (r"≥ ?(?=\d)", "at least "), (r"(\d) mg\b", r"\1 milligrams"),
    (r"\bbelow (?=\d)", "less than "),
    (r"\babove (?=\d)", "> "), (r"\b5 (?=mg|days)", "five "), (r"\b10 (?=mg|units)", "ten "),
    (r"\bup to (?=\d)", "no more than "), (r"\bmL/min\b", "millilitres per minute"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence, the passage it comes from, and what was altered ('' for nothing)."""

    text: str
    headings: str
    passage: str
    altered: str


def examples(seed: int = 7) -> tuple[list[Example], list[Example]]:
    """(true, altered) sentences from the sample library and the held-out text."""
    rng = random.Random(seed)  # noqa: S311 - for repeatable sentences
    true, altered = [], []
    for headings, passage in library_passages():
        for sentence in sentences(passage):
            if len(sentence.split()) < 4:
                continue
            true.append(Example(sentence, headings, passage, ""))
            reworded = _reworded(sentence)
            if reworded != sentence:
                true.append(Example(reworded, headings, passage, ""))
            for kind, text in _alterations(sentence, passage, rng):
                if text not in passage:
                    altered.append(Example(text, headings, passage, kind))
    return true, altered


def library_passages() -> Iterator[tuple[str, str]]:
    """(headings, passage) of the sample library and the held-out text."""
    for line in (HERE / "held_out.md").read_text("utf-8").splitlines():
        yield "", line
    for page in sorted(SAMPLE.glob("*.md")):
        text = load(page, page.name, "text/markdown")
        for piece in cut(text.blocks, text.title):
            yield " ".join((text.title, *piece.section)), piece.text


def _reworded(sentence: str) -> str:
    for pattern, other in REWORDED:
        sentence = re.sub(pattern, other, sentence)
    return sentence


def _alterations(sentence: str, passage: str, rng: random.Random) -> Iterator[tuple[str, str]]:
    numbers = list(re.finditer(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.]*\d)", sentence))
    others = sorted(set(re.findall(r"(?<![\w.])\d+(?:\.\d+)?(?![\w])", passage)))
    if numbers:
        one = rng.choice(numbers)
        value = float(one.group())
        choices = [n for n in (*others, f"{value * 10:g}", f"{value / 10:g}") if float(n) != value]
        yield "number", _put(sentence, one, rng.choice(choices))
    if len(numbers) > 1:
        first, second = rng.sample(numbers, 2)
        if first.start() > second.start():
            first, second = second, first
        if float(first.group()) != float(second.group()):
            text = _put(sentence, second, first.group())
            yield "swapped numbers", _put(text, first, second.group())
    for unit, wrong in UNITS.items():
        if match := re.search(rf"(?<=\d[ ]){re.escape(unit)}(?![\w/])", sentence):
            yield "unit", _put(sentence, match, rng.choice(wrong))
            break
    named = [m for d in DRUGS for m in re.finditer(rf"\b{d}\b", sentence, re.IGNORECASE)]
    if named:
        one = rng.choice(named)
        wrong_drug = rng.choice([d for d in DRUGS if d != one.group().lower()])
        yield "drug", _put(sentence, one, wrong_drug)
        near = [d for d in DRUGS if re.search(rf"\b{d}\b", passage, re.I)
                and not re.search(rf"\b{d}\b", sentence, re.I)]  # fmt: skip
        if near:
            yield "drug of the passage", _put(sentence, one, rng.choice(near))
    for kind, table in (("negation", NEGATIONS), ("comparator", COMPARATORS), ("way", WAYS)):
        for pattern, other in table:
            if match := re.search(pattern, sentence):
                yield kind, _put(sentence, match, other)
                break


def _put(sentence: str, match: re.Match[str], other: str) -> str:
    return sentence[: match.start()] + other + sentence[match.end() :]
