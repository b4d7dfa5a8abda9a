"""What a question asks for, and how well a sentence answers it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from agents.facts import Amount, Facts, facts
from agents.formulary import classes_of, drug_classes, members_of
from rag.vocabulary import matches
from rag.words import words

_AMOUNT = re.compile(
    r"\b(?:doses?|dosage|dosing|how (?:much|many|long|often|fast|high|low|quickly|soon)|rate|"
    r"levels?|target|range|threshold|maximum|minimum|limit|when|intervals?|cut ?off|duration|"
    r"concentration|windows?|time frame)\b",
    re.IGNORECASE,
)
_WHETHER = re.compile(
    r"\b(?:contra-?indicat\w*|safe|avoid\w*|can (?:i|we|you|she|he|they)|should|allowed|is it|"
    r"may (?:i|we)|stop|withh\w+)\b",
    re.IGNORECASE,
)
_FIRST = re.compile(r"\bfirst[ -](?:line|choice)|\binitial\b|\bto start\b", re.IGNORECASE)
_LEVEL = re.compile(r"\b(?:doses?|dosage|dosing|how much|how many)\b", re.IGNORECASE)
_DOSE_UNITS = ("mg", "mcg", "g", "unit", "mL", "mmol", "IU", "tablet")
_TIMED = re.compile(
    r"\b(?:when|how (?:long|often|soon|fast|quickly)|duration|interval|window|time frame)\b", re.I
)
_TREAT = re.compile(
    r"\b(?:treat\w*|manage\w*|(?:do|should|to) (?:i|we|you)? ?(?:give|do|use)|give for)\b",
    re.IGNORECASE,
)
_PRESSURE = re.compile(r"\b(?:blood|arterial|systolic|diastolic) pressure\b|\b(?:bp|map)\b", re.I)
_NORMAL_ORGAN = re.compile(r"\bnormal (?:renal|kidney|hepatic|liver) function\b", re.IGNORECASE)
_CLEARANCE = re.compile(r"\b(?:CrCl|creatinine clearance|e?GFR)\b", re.IGNORECASE)
_ORGANS = frozenset({"renal", "hepatic"})
_GRADES = {"severe": 3, "high": 3, "moderate": 2, "mild": 1, "low": 1}
_TIME = ("minute", "hour", "day", "week", "month", "second", "year")
_CONDITION_CUES = frozenset(
    "adult child pregnancy breastfeeding renal hepatic dialysis elderly mild moderate severe "
    "loading maintenance peak trough".split()
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question taken apart."""

    stems: frozenset[str]
    ideas: tuple[tuple[frozenset[str], ...], ...]
    facts: Facts
    amount: bool
    dose: bool
    time: bool
    whether: bool
    first: bool
    treat: bool
    pressure: bool

    def fit(
        self,
        text: str,
        own: frozenset[str],
        said: Facts,
        title: frozenset[str],
        headings: frozenset[str],
    ) -> float:
        """How well a sentence answers, about 0 to 2. Its own words count more than its headings;
        it should be about the drug and the condition asked about, and hold what was asked for."""
        above = title | headings
        score = sum(max(_share(name, own, above) for name in idea) for idea in self.ideas)
        score /= len(self.ideas) or 1
        if title:
            score += 0.25 * len(self.stems & title) / len(title)
        score += self._drug(said, above) + self._wanted(said)
        cues = said.cues.keys() | ({"renal"} if _CLEARANCE.search(text) else set())
        score += 0.15 * len(self._conditions() & cues)
        score -= 0.1 * len(said.cues.keys() & _CONDITION_CUES - self.facts.cues.keys())
        headed = facts(" ".join(sorted(above))).cues.keys()
        score -= 0.2 * len(self._conditions() - cues - headed)
        score += self._figures(said) + self._kind(text, said)
        if self.contradicted_by(text, said):
            score -= 0.5
        for match in re.finditer(r"\bnon-([a-z]+)", text, re.IGNORECASE):
            if _stem(match[1]) in self.stems:
                score -= 0.4
        return score

    def _drug(self, said: Facts, above: frozenset[str]) -> float:
        classes = drug_classes()
        drugs = {drug for drug in self.facts.drugs if drug not in classes}
        if not drugs:
            return 0.0
        if drugs & {*said.drugs}:
            return 0.5
        others = {drug for drug in said.drugs if drug not in classes}
        if any(classes_of(drug) & {*map(str, said.drugs)} for drug in drugs):
            return 0.3
        named_above = any(_stem(drug.split()[0]) in above for drug in drugs)
        return 0.2 if named_above and not others else -0.3

    def contradicted_by(self, text: str, said: Facts) -> bool:
        """Whether a sentence is about other patients than the question: children for adults,
        mild illness for severe, normal function for failing."""
        asked, own = self.facts.cues.keys(), said.cues.keys()
        for one, other in (("adult", "child"), ("child", "adult")):
            if one in asked and other in own and one not in own:
                return True
        if asked & _ORGANS and _NORMAL_ORGAN.search(text):
            return True
        grades = {_GRADES[cue] for cue in asked if cue in ("severe", "moderate", "mild")}
        shown = {_GRADES[cue] for cue in own if cue in _GRADES} if "everity" in text else set()
        return bool(grades and shown and not grades & shown)

    def about_others(self, said: Facts) -> bool:
        """Whether a sentence is about other drugs than those asked about, and not about them."""
        classes = drug_classes()
        drugs = {drug for drug in self.facts.drugs if drug not in classes}
        asked = drugs or {*self.facts.drugs}
        allowed = asked.union(*(members_of(drug) for drug in self.facts.drugs))
        stems = {drug.split()[0] for drug in allowed}  # "magnesium" is magnesium sulfate too
        return bool(asked and said.drugs) and not any(d.split()[0] in stems for d in said.drugs)

    def _kind(self, text: str, said: Facts) -> float:
        """A treatment is something given or done; a pressure is in its own unit."""
        score = 0.0
        if self.treat:
            given = any(one.unit.split("/")[0] in _DOSE_UNITS for one in said.amounts)
            score += 0.25 if said.drugs and (given or said.ways) else -0.1
        if self.pressure:
            score += 0.4 if any(one.unit in ("mmHg", "kPa") for one in said.amounts) else -0.2
        return score

    def _wanted(self, said: Facts) -> float:
        score = 0.0
        units = [amount.unit for amount in said.amounts]
        if self.amount:
            score += 0.25 if units else -0.15
        if self.dose:
            score += 0.3 if any(unit.split("/")[0] in _DOSE_UNITS for unit in units) else -0.1
        if self.time:
            score += 0.2 if any(unit in _TIME for unit in units) or "before" in said.cues else 0.0
        if self.whether:
            score += 0.2 if said.negations or "safe" in said.cues else 0.0
        if self.first:
            score += 0.4 if "first-line" in said.cues else 0.0
        return score

    def _conditions(self) -> frozenset[str]:
        return frozenset(self.facts.cues.keys() & _CONDITION_CUES)

    def _figures(self, said: Facts) -> float:
        """A figure in the question ("clearance 20") fits a range or a limit that holds it."""
        score = 0.0
        for asked in self.facts.amounts:
            fits = [holds(amount, asked) for amount in said.amounts if _alike(amount, asked)]
            if any(fits):
                score += 0.5
            elif fits:
                score -= 0.25
        return score


def asked_for(question: str) -> Asked:
    """The question taken apart."""
    return Asked(
        stems=frozenset(word.stem for word in words(question) if word.stem not in STOP),
        ideas=tuple(_ideas(question)),
        facts=facts(question),
        amount=bool(_AMOUNT.search(question)),
        dose=bool(_LEVEL.search(question)),
        time=bool(_TIMED.search(question)),
        whether=bool(_WHETHER.search(question)),
        first=bool(_FIRST.search(question)),
        treat=bool(_TREAT.search(question)) and not _TIMED.search(question),
        pressure=bool(_PRESSURE.search(question)),
    )


def _ideas(question: str) -> Iterator[tuple[frozenset[str], ...]]:
    """What the question names, each by all its names: "low sodium" is hyponatraemia too."""
    found = words(question)
    named = {match.start: match for match in reversed(list(matches(found)))}
    place = 0
    while place < len(found):
        match = named.get(place)
        end = match.end if match else place + 1
        own = frozenset(word.stem for word in found[place:end] if word.stem not in STOP)
        others = [frozenset(stems) - STOP for stems in match.means] if match else []
        if names := tuple(name for name in (own, *others) if name):
            yield names
        place = end


def _share(name: frozenset[str], own: frozenset[str], above: frozenset[str]) -> float:
    return (len(name & own) + 0.6 * len((name & above) - own)) / len(name)


def holds(amount: Amount, asked: Amount) -> bool:
    """Whether a range or a limit in a sentence takes in the figure that was asked about."""
    try:
        value, low = float(asked.low), float(amount.low)
        high = float(amount.high) if amount.high else None
    except ValueError:
        return amount.low == asked.low
    if high is not None:
        return low <= value <= high
    match amount.limit:
        case "less than":
            return value < low or (asked.limit == "less than" and value <= low)
        case "at most":
            return value <= low
        case "more than":
            return value > low or (asked.limit == "more than" and value >= low)
        case "at least":
            return value >= low
    return value == low


def _alike(amount: Amount, asked: Amount) -> bool:
    """Whether two amounts may measure the same: the same unit, or none was said."""
    limited = bool(amount.high) or amount.limit in ("less than", "at most", "more than", "at least")
    return amount.unit == asked.unit or (
        not asked.unit and limited and amount.unit.startswith(("mL/min", "mmol", "", "%"))
    )


def _stem(word: str) -> str:
    found = words(word)
    return found[0].stem if found else word.lower()


STOP = frozenset(
    "a an the of in on for to is are was be and or with what which how do does i should when can "
    "my me we you it this that give need patient have has much many there please tell about "
    "at by from would could any if as".split()
)
