"""Sentences of made-up drug monographs: as written, said another way, and altered in one fact.

Nothing here is medicine: drugs, doses and conditions are thrown together, so that no word of the
sample library helps the gate.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from agents.saying.numbers import number_words

_DRUGS = (
    "amlodipine ramipril atorvastatin sertraline citalopram olanzapine topiramate pregabalin "
    "naproxen celecoxib ondansetron cyclizine azithromycin cefalexin flucloxacillin linezolid "
    "aciclovir fluconazole tinzaparin ticagrelor prasugrel verapamil diltiazem losartan "
    "eplerenone empagliflozin gliclazide azathioprine ciclosporin cabergoline terlipressin"
).split()
_FOR = (
    "hypertension,cellulitis,community-acquired pneumonia,nausea after surgery,acute mania,"
    "rheumatoid arthritis,influenza,variceal bleeding,stable angina,type 2 diabetes,shingles"
).split(",")
_UNITS = {
    "mg": "milligrams", "mcg": "micrograms", "g": "grams", "units": "units",
    "mg/kg": "milligrams per kilogram", "mmol": "millimoles",
}  # fmt: skip
_ROUTES = (
    ("by mouth", "PO", "orally"), ("intravenously", "IV", "by intravenous injection"),
    ("subcutaneously", "SC", "by subcutaneous injection"), ("intramuscularly", "IM", "IM"),
)  # fmt: skip
_RATES = (
    ("once daily", "OD", "once a day"), ("twice daily", "BD", "twice a day"),
    ("three times daily", "TDS", "three times a day"), ("every 6 hours", "q6h", "6-hourly"),
    ("every 8 hours", "q8h", "every eight hours"), ("once weekly", "once a week", "once weekly"),
)  # fmt: skip
_NUMBERS = "2 2.5 5 7.5 10 12.5 20 25 40 50 75 100 150 200 250 400 500 0.5 0.25 1.25".split()
_FOR_HOW_LONG = ("3 days", "5 days", "7 days", "14 days", "6 weeks", "3 months")
_LIMITS = (
    ("below", "less than", "above"), ("above", "more than", "below"),
    ("at least", "≥", "at most"), ("at most", "no more than", "at least"),
)  # fmt: skip
_MEASURED = (
    ("creatinine clearance", "mL/min", ("15", "30", "45")),
    ("potassium", "mmol/L", ("3.5", "5.5")),
    ("platelet count", "× 10^9/L", ("50", "100")), ("weight", "kg", ("50", "60", "120")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """A passage with sentences that it carries and sentences that it does not."""

    headings: str
    passage: str
    true: tuple[str, ...]
    altered: tuple[str, ...]


def written_cases() -> Iterator[Case]:
    """The cases of gate_cases.txt: H headings, S a source's sentence, T true, A altered."""
    text = (Path(__file__).parent / "gate_cases.txt").read_text("utf-8")
    for block in text.split("H: ")[1:]:
        headings, *lines = block.strip().split("\n")
        of = {key: [one[3:] for one in lines if one[0] == key] for key in "STA"}
        yield Case(headings, "\n".join(of["S"]), (*of["S"], *of["T"]), tuple(of["A"]))


def monographs(count: int, seed: int) -> Iterator[Case]:
    """`count` generated cases."""
    rng = random.Random(seed)  # noqa: S311 - for repeatable sentences
    for at in range(count):
        made = _KINDS[at % len(_KINDS)](_Parts(rng))
        passage, true, altered = made
        kept = tuple(one for one in altered if one not in (passage, *true))
        yield Case("Formulary monograph", passage, (passage, *true), kept)


class _Parts:
    """What one monograph is made of; a name with a 2 is another one of its kind."""

    def __init__(self, rng: random.Random) -> None:
        self.drug, self.drug2, self.drug3 = rng.sample(_DRUGS, 3)
        self.n, self.n2 = rng.sample(_NUMBERS, 2)
        self.unit, self.unit2 = rng.sample(sorted(_UNITS), 2)
        self.route, self.route2 = rng.sample(_ROUTES, 2)
        self.rate, self.rate2 = rng.sample(_RATES, 2)
        self.long, self.long2 = rng.sample(_FOR_HOW_LONG, 2)
        self.ill = rng.choice(_FOR)
        self.limit = rng.choice(_LIMITS)
        self.lab, self.lab_unit, values = rng.choice(_MEASURED)
        self.v, self.v2 = rng.sample(values, 2)
        self.words = _UNITS[self.unit]


Made = tuple[str, tuple[str, ...], tuple[str, ...]]


def _dose(p: _Parts) -> Made:
    name = p.drug.capitalize()
    tail = f"{p.rate[0]} for {p.long}."
    passage = f"{name} for {p.ill} is {p.n} {p.unit} {p.route[0]} {tail}"
    true = (
        f"For {p.ill}, give {p.drug} {p.n} {p.unit} {p.route[1]} {p.rate[1]} for {p.long}.",
        f"The dose of {p.drug} for {p.ill} is {p.n} {p.words} {p.route[2]} {p.rate[2]}.",
        f"{name} {number_words(p.n)} {p.words} {p.route[0]} {p.rate[0]} is given for {p.ill}.",
        f"In {p.ill}, {p.drug} is given at {p.n} {p.unit} {p.rate[0]} {p.route[1]}.",
    )
    altered = (
        passage.replace(f" {p.n} ", f" {p.n2} ", 1), passage.replace(name, p.drug2.capitalize()),
        passage.replace(f" {p.unit} ", f" {p.unit2} ", 1), passage.replace(p.long, p.long2),
        passage.replace(p.route[0], p.route2[0]), passage.replace(p.rate[0], p.rate2[0]),
        passage.replace(" is ", " is not ", 1),
        f"For {p.ill}, give {p.drug} {p.n2} {p.unit} {p.route[1]} {p.rate[1]} for {p.long}.",
        f"For {p.ill}, give {p.drug2} {p.n} {p.unit} {p.route[1]} {p.rate[1]} for {p.long}.",
        f"Do not give {p.drug} {p.n} {p.unit} {p.route[1]} {p.rate[1]} for {p.ill}.",
    )  # fmt: skip
    return passage, true, altered


def _prohibition(p: _Parts) -> Made:
    when = f"the {p.lab} is {p.limit[0]} {p.v} {p.lab_unit}"
    again = f"the {p.lab} is {p.limit[1]} {p.v} {p.lab_unit}"
    name = p.drug.capitalize()
    passage = f"Do not use {p.drug} when {when}."
    true = (
        f"{name} should not be used when {when}.", f"Avoid {p.drug} if {again}.",
        f"{name} is contraindicated when {when}.", f"When {again}, do not use {p.drug}.",
    )  # fmt: skip
    altered = (
        passage.replace("Do not use", "Use"), passage.replace("Do not use", "Always use"),
        passage.replace(p.limit[0], p.limit[2]), passage.replace(p.drug, p.drug2),
        passage.replace(p.v, p.v2), f"{name} should be used when {when}.",
        f"{name} is safe when {when}.", f"Use {p.drug} when the {p.lab} is not {p.v}.",
    )  # fmt: skip
    return passage, true, altered


def _preference(p: _Parts) -> Made:
    one, two = f"{p.drug} {p.n} {p.unit}", f"{p.drug2} {p.n2} {p.unit}"
    rate = p.rate[0]
    passage = f"{one.capitalize()} {rate} is preferred to {two} {rate} in {p.ill}."
    true = (f"In {p.ill}, {one} {p.rate[1]} is preferred to {two} {p.rate[1]}.",)
    altered = (
        f"{two.capitalize()} {rate} is preferred to {one} {rate} in {p.ill}.",
        f"{p.drug.capitalize()} {p.n2} {p.unit} {rate} is preferred to {two} {rate}.",
        f"{p.drug2.capitalize()} {p.n} {p.unit} {rate} is preferred in {p.ill}.",
        f"{one.capitalize()} {rate} is not preferred to {two} {rate} in {p.ill}.",
    )
    return passage, true, altered


def _condition(p: _Parts) -> Made:
    when = f"the {p.lab} is {p.limit[0]} {p.v} {p.lab_unit}"
    again = f"the {p.lab} is {p.limit[1]} {p.v} {p.lab_unit}"
    dose = f"{p.drug} to {p.n} {p.unit}"
    unless = f"unless {p.ill} is present."
    passage = f"Reduce {dose} {p.rate[0]} if {when}, {unless}"
    true = (
        f"If {again}, reduce {dose} {p.rate[1]}, {unless}",
        f"{p.drug.capitalize()} is reduced to {p.n} {p.words} {p.rate[0]} if {when}, {unless}",
    )
    altered = (
        passage.replace("Reduce", "Increase"), passage.replace(p.limit[0], p.limit[2]),
        passage.replace("unless", "if"), passage.replace(f" {p.n} ", f" {p.n2} "),
        passage.replace(f" {p.v} ", f" {p.v2} "), passage.replace(p.drug, p.drug2),
        f"Reduce {dose} {p.rate[0]} if {when}.", f"Do not reduce {dose} {p.rate[0]} if {when}.",
    )  # fmt: skip
    return passage, true, altered


def _loading(p: _Parts) -> Made:
    name, then = p.drug.capitalize(), f"{p.n2} {p.unit} {p.rate[0]}."
    passage = (
        f"{name} is loaded with {p.n} {p.unit} {p.route[0]} over 30 minutes, followed by {then}"
    )
    true = (
        f"Load {p.drug} with {p.n} {p.unit} {p.route[1]} over 30 minutes, then {then}",
        f"Give {p.drug} {p.n} {p.words} {p.route[0]} over thirty minutes, followed by {then}",
    )
    altered = (
        passage.replace(f"{p.n} {p.unit} {p.route[0]}", f"{p.n2} {p.unit} {p.route[0]}"),
        passage.replace("30 minutes", "30 hours"), passage.replace("30 minutes", "3 minutes"),
        passage.replace(p.route[0], p.route2[0]), passage.replace("followed", "preceded"),
        passage.replace(p.rate[0], p.rate2[0]), passage.replace(name, p.drug2.capitalize()),
    )  # fmt: skip
    return passage, true, altered


def _combination(p: _Parts) -> Made:
    one, two = p.drug, p.drug2
    passage = f"{one.capitalize()} and {two} must not be combined in {p.ill}."
    true = (
        f"Do not combine {one} and {two} in {p.ill}.",
        f"In {p.ill}, {one} and {two} must never be combined.",
        f"{one.capitalize()} must not be combined with {two} in {p.ill}.",
    )
    altered = (
        passage.replace("must not", "must"), passage.replace(two, p.drug3),
        f"Combine {one} and {two} in {p.ill}.", f"{one} and {two} may be combined in {p.ill}.",
        passage.replace("combined", "omitted"),
    )  # fmt: skip
    return passage, true, altered


_KINDS = (_dose, _prohibition, _preference, _condition, _loading, _combination)
