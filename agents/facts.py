"""What is clinical in a sentence, in the order it is said, in one form however it is written.

"Fifteen milligrams twice a day", "15 mg BD" and "15mg b.i.d." give the same facts. Nothing is
converted: 1 g and 1000 mg stay different. Drugs are bound to the amounts next to them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from agents.formulary import mentions
from agents.number_words import with_digits
from agents.saying.numbers import without_separators
from agents.saying.pieces import Kind, Piece, pieces
from agents.saying.units import UNITS, compound


@dataclass(frozen=True, slots=True)
class Amount:
    """A number, a range (`high` is set) or a ratio, with its unit and what limits it.

    `drug` is the one named nearest to it in the sentence, '' when none is named.
    """

    low: str
    high: str
    unit: str
    limit: str
    drug: str

    @property
    def said(self) -> str:
        """As it is told to a person."""
        number = f"{self.low} to {self.high}" if self.high else self.low
        return " ".join(part for part in (self.limit, number, self.unit) if part)


Beside = tuple[frozenset[str], frozenset[str]]
"""Stems before and behind an amount."""


@dataclass(frozen=True, slots=True)
class Facts:
    """`amounts` and `drugs` in order; `order` interleaves drugs, amounts and ways.

    `ways` are routes and frequencies in order; `cues` counts words that turn the meaning
    (increase, first-line, severe, unless); `names` are scores and terms that hold digits;
    `words` are the stems of all that carries meaning; `beside` has, for each amount, the stems
    next to it in its clause, and those and the ones behind them. `negated` holds the drugs,
    amounts and stems of the clauses that a negation is in.
    """

    amounts: tuple[Amount, ...]
    drugs: tuple[str, ...]
    ways: tuple[str, ...]
    negations: int
    exceptions: tuple[str, ...]
    limits: tuple[str, ...]
    cues: Counter[str]
    names: frozenset[str]
    order: tuple[str, ...]
    words: frozenset[str]
    beside: tuple[tuple[Beside, Beside], ...]
    negated: frozenset[str]

    @property
    def clinical(self) -> bool:
        """Whether there is anything that only a source may say."""
        return bool(self.amounts or self.drugs or self.ways or self.names or self.cues)


@lru_cache(maxsize=16384)
def facts(sentence: str) -> Facts:
    """The facts of one sentence."""
    text = _normal(sentence)
    found = list(_cues(text))
    limits = [(at, value) for kind, at, value in found if kind == "limit"]
    named = [
        (m.name, m.start, m.end)
        for m in mentions(text)
        if not text[m.end :].startswith(" clearance")
    ]
    cut = pieces(text)
    measured = list(_amounts(text, cut))
    amounts = tuple(_bound(text, measured, limits, named))
    negations = [at for kind, at, _ in found if kind == "not"]
    order = sorted(
        [(start, f"drug {name}") for name, start, _ in named]
        + [(at, f"amount {one.low} {one.high} {one.unit}") for at, one in amounts]
        + [(at, _way(value)) for kind, at, value in found if kind == "way"]
    )
    return Facts(
        amounts=tuple(one for _, one in amounts),
        drugs=tuple(dict.fromkeys(name for name, _, _ in named)),
        ways=tuple(value for kind, _, value in found if kind == "way"),
        negations=len(negations),
        exceptions=tuple(value for kind, _, value in found if kind == "except"),
        limits=tuple(value for _, value in limits),
        cues=Counter(value for kind, _, value in found if kind == "cue"),
        names=frozenset(_names(text, cut)),
        order=tuple(value for _, value in order),
        words=_meaning(text, named),
        beside=tuple(_beside(text, measured)),
        negated=frozenset(_negated(text, negations, amounts, named)),
    )


def _bound(
    text: str,
    measured: list[Measured],
    limits: list[tuple[int, str]],
    named: list[tuple[str, int, int]],
) -> Iterator[tuple[int, Amount]]:
    """Each amount where it starts, with its limit and drug. A time ("every 8 hours") belongs to
    the drug of the amount before it, unless another is named between them."""
    before, drug = 0, ""
    for at, end, low, high, unit in measured:
        kept = drug and unit in _TIMES and not any(before <= first < at for _, first, _ in named)
        if not (kept and not _APART.search(text, before, at)):
            drug = _nearest(text, at, end, named)
        before = end
        yield at, Amount(low, high, unit, _limit(text, at, end, limits, measured), drug)


_TIMES = frozenset({"minute", "hour", "day", "week", "month"})


def _negated(
    text: str,
    negations: list[int],
    amounts: tuple[tuple[int, Amount], ...],
    named: list[tuple[str, int, int]],
) -> Iterator[str]:
    if not negations:
        return
    cuts = [0, *(match.start() for match in _CLAUSE.finditer(text)), len(text)]
    for start, end in zip(cuts, cuts[1:], strict=False):
        if any(start <= at < end for at in negations):
            yield from (one.said for at, one in amounts if start <= at < end)
            yield from (name for name, at, _ in named if start <= at < end)
            yield from _content(text[start:end])


_CLAUSE = re.compile(
    r";|,? ?\b(?:if|when|unless|because|whereas|while|although|but|rather than|instead of|until|"
    r"once (?!daily|a |weekly)|provided)\b|(?:,|\b(?:and|or)\b) ?(?=(?:and |or )?(?:do|does|is|are|"
    r"give|use|start|stop|avoid|never|not|then|should|must|may|can|continue|add|take)\b)",
    re.IGNORECASE,
)


def _way(value: str) -> str:
    return f"{kind_of(value)} {value}"


def kind_of(way: str) -> str:
    """Whether a way is a route, a mode (bolus, infusion) or a frequency ("way")."""
    return "route" if way in ROUTES else "mode" if way in MODES else "way"


def _beside(text: str, measured: list[Measured]) -> Iterator[tuple[Beside, Beside]]:
    """For each amount, one and up to two stems before and behind it, none from across another
    amount or the joint of a clause."""
    ends = [0, *(end for _, end, *_ in measured)]
    starts = [*(start for start, *_ in measured), len(text)]
    for at, (start, end, *_) in enumerate(measured):
        before = _content(_JOINT.split(text[ends[at] : start])[-1])[-2:]
        behind = _content(_JOINT.split(text[end : starts[at + 1]])[0])[:2]
        yield (
            (frozenset(before[-1:]), frozenset(behind[:1])),
            (frozenset(before), frozenset(behind)),
        )


def _content(text: str) -> list[str]:
    return [_stem(word) for word in re.findall(r"[a-z]{3,}", text.lower()) if word not in STOPWORDS]


_JOINT = re.compile(r"[;:.](?=\s|$)|,? \b(?:whereas|while|but|when|if|unless|once|then)\b")


@lru_cache(maxsize=8192)
def stems(text: str) -> frozenset[str]:
    """The words that carry meaning, cut so that inflection does not matter."""
    return frozenset(_content(text))


def _stem(word: str) -> str:
    return _ENDING.sub("", word)[:6]


_ENDING = re.compile(r"(?<=[a-z]{3})(?:ings?|ed|es|e|s)$")


STOPWORDS = frozenset(
    """the and for with from that this these those then than when which while what where who
    are was were been being has have had does did can could may might must shall should will
    would its his her their there here into onto over under between both each any all some
    such other also more most less very per via use used using give given giving take taken
    once twice times daily day every least most than more less fewer greater lower higher
    above below over under exceed maximum minimum max within until oral orally mouth
    intravenous intravenously intramuscular intramuscularly subcutaneous subcutaneously
    required needed weekly night tds tid bid qid qds prn nocte mane subcut one two
    three four five six seven eight nine ten percent cent""".split()
) | {part.lower() for unit in UNITS for name in unit.written for part in name.split()}


def _meaning(text: str, named: list[tuple[str, int, int]]) -> frozenset[str]:
    """The stems of a text with each drug under its generic name."""
    kept, at = "", 0
    for name, start, end in named:
        kept, at = f"{kept}{text[at:start]}{name}", end
    return stems(kept + text[at:])


_TIME_UNITS = "hours?|hrs?|h|minutes?|mins?|days?|weeks?|months?|seconds?|years?"
_UNIT_WORDS = "|".join(
    sorted({w for u in UNITS for w in (u.one, *u.written) if w.isalpha()}, key=len, reverse=True)
)
_REWRITES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[\u2010\u2011]"), "-"),
    (re.compile(r"[\u202f\u00a0\u2009]"), " "),
    (re.compile(r"\b[qQ] ?(\d+)(?: ?[-–] ?(\d+))? ?h(?:rs?|ourly|ours?)?\b"), r"every \1–\2 hours"),
    (re.compile(r"(?<![\w.])(\d+)(?:(?: ?[-–] ?| to )(\d+))?[ -]hourly\b"), r"every \1–\2 hours"),
    (re.compile(r"(\d)– hours"), r"\1 hours"),
    (re.compile(rf"\bevery (\d+) to (\d+) ({_TIME_UNITS})\b"), r"every \1–\2 \3"),
    (re.compile(r"\bevery 24 hours\b"), "once daily"),
    (re.compile(r"\b(?:per cent|pct)\b"), "%"),
    (re.compile(r"\bper (day|week|month)\b"), r"each \1"),
    (re.compile(rf"(\b(?:{_UNIT_WORDS})|[µ%]) per (?=(?:{_UNIT_WORDS})\b)"), r"\1/"),
    (re.compile(r"(/ ?(?:kg|kilogram|m2)) each day\b"), r"\1/day"),
    (re.compile(r"\b(?:by|as an?) (intravenous|subcutaneous|intramuscular) injection\b"), r"\1"),
    (re.compile(r"\bhalf an hour\b", re.I), "30 minutes"),
    (re.compile(r"\b(?:(?:do|must|should) not|not to|never|not) exceed(?:ing)?\b"), "at most"),
    (re.compile(r"\b(?:no|not|never) (?:(?:more|later|longer|greater|higher|older|faster) than|"
                r"above|over)\b", re.I), "at most"),
    (re.compile(r"\b(?:no|not|never) (?:(?:less|fewer|earlier|sooner|lower|younger|shorter|smaller|"
                r"slower) than|below|under)\b", re.I), "at least"),
    (re.compile(r"\bcan't\b|\bcannot\b", re.I), "can not"),
    (re.compile(r"n['’]t\b"), " not"),
    (re.compile(rf"(\b(?:{_UNIT_WORDS})|[µ%]) (?:an?|each) (?=(?:hour|minute|second)\b)"), r"\1/"),
    (re.compile(rf"\b(within|over|in|for|after|before|every) an? (?=(?:{_TIME_UNITS})\b)"),
     r"\1 1 "),
    (re.compile(r"\bper hour\b"), "each hour"),
)  # fmt: skip


_SHORT_FORMS = {
    "CrCl": "creatinine clearance", "CrCL": "creatinine clearance", "BP": "blood pressure",
    "HR": "heart rate", "RR": "respiratory rate", "AF": "atrial fibrillation",
    "VTE": "venous thromboembolism", "DVT": "deep vein thrombosis", "PE": "pulmonary embolism",
    "AKI": "acute kidney injury", "CKD": "chronic kidney disease", "MI": "myocardial infarction",
    "UTI": "urinary tract infection", "CAP": "community-acquired pneumonia",
    "DKA": "diabetic ketoacidosis", "LVEF": "left ventricular ejection fraction",
    "NSAIDs": "non-steroidal anti-inflammatory drugs", "ICU": "intensive care unit",
    "COPD": "chronic obstructive pulmonary disease", "ACS": "acute coronary syndrome",
    "DOACs": "direct oral anticoagulants", "DOAC": "direct oral anticoagulant",
}  # fmt: skip
_SHORT = re.compile(rf"\b(?:{'|'.join(_SHORT_FORMS)})\b")


def _normal(sentence: str) -> str:
    text = _SHORT.sub(lambda match: _SHORT_FORMS[match.group()], with_digits(sentence))
    for pattern, plain in _REWRITES:
        text = pattern.sub(plain, text)
    return text


_CUES: tuple[tuple[str, str, str], ...] = (
    # routes and frequencies
    ("way", "by mouth", r"oral(?:ly)?|by mouth|PO|p\.o\.|"
                        r"the (?!first|second|third|next|last)(?:\w+ )?(?:tablet|capsule)s?"),
    ("way", "intravenous", r"intravenous(?:ly)?|IV|i\.v\.|iv"),
    ("way", "intramuscular", r"intramuscular(?:ly)?|IM|i\.m\."),
    ("way", "subcutaneous", r"subcutaneous(?:ly)?|SC|s\.c\.|subcut"),
    ("way", "nebulised", r"nebuli[sz]\w*|nebs?"),
    ("way", "inhaled", r"inhal(?:ed|ation)"),
    ("way", "rectal", r"rectal(?:ly)?|per rectum"),
    ("way", "buccal", r"buccal(?:ly)?"),
    ("way", "sublingual", r"sublingual(?:ly)?|under the tongue|SL"),
    ("way", "intranasal", r"intranasal(?:ly)?|nasal(?:ly)?"),
    ("way", "intraosseous", r"intraosseous(?:ly)?|IO"),
    ("way", "intrathecal", r"intrathecal(?:ly)?"),
    ("way", "epidural", r"epidural(?:ly)?"),
    ("way", "topical", r"topical(?:ly)?"),
    ("way", "transdermal", r"transdermal(?:ly)?|patch(?:es)?"),
    ("way", "vaginal", r"vaginal(?:ly)?"),
    ("way", "nasogastric", r"nasogastric|NG"),
    ("way", "four times daily", r"4 times (?:a day|daily)|QDS|QID|qds|qid|q\.[di]\.[sd]\."),
    ("way", "three times daily", r"3 times (?:a day|daily)|TDS|TID|tds|tid|t\.[di]\.[sd]\."),
    ("way", "twice daily", r"(?:twice|2 times) (?:a day|daily)|BD|BID|bd|bid|b\.(?:i\.)?d\."),
    ("way", "once daily", r"once (?:a day|daily|every day)|OD|QD|qd|o\.d\."),
    ("way", "twice weekly", r"twice (?:a week|weekly)"),
    ("way", "once monthly", r"once (?:a month|monthly)"),
    ("way", "once weekly", r"once (?:a week|weekly)"),
    ("way", "hourly", r"hourly|each hour|every hour|an hour"),
    ("way", "daily", r"daily|each day|every day|a day"),
    ("way", "weekly", r"weekly|each week|every week|a week"),
    ("way", "monthly", r"monthly|every month|a month"),
    ("way", "in the morning", r"in the morning|mane"),
    ("way", "alternate days", r"every other day|(?:on )?alternate days|QOD"),
    ("way", "as needed", r"as (?:needed|required)|PRN|prn|p\.r\.n\."),
    ("way", "at night", r"at night|at bedtime|nocte"),
    ("way", "continuous", r"continuous(?:ly)?"),
    ("way", "bolus", r"bolus(?:es)?"),
    ("way", "infusion", r"infusions?|infused?"),
    # limits
    ("limit", "at least", r"≥|>=|=>|⩾"),
    ("limit", "at most", r"≤|<=|=<|⩽"),
    ("limit", "less than", r"<"),
    ("limit", "more than", r">"),
    ("limit", "about", r"~|≈"),
    ("limit", "at least", r"at least|or (?:more|above|over|higher|greater|older)|minimum"),
    ("limit", "at most", r"at most|up to|or (?:less|below|under|lower|younger)|maximum|max\.?|"
                         r"limited to"),
    ("limit", "less than", r"(?:less|fewer|lower|smaller|younger|shorter) than|below|under"),
    ("limit", "more than", r"(?:more|greater|higher|larger|older|longer) than|above|"
                           r"exceed(?:s|ing)?"),
    ("limit", "within", r"within"),
    ("limit", "about", r"about|approximately|approx\.?|around"),
    # negation
    ("not", "not", r"not|never|no|nor|neither|none|avoid(?:ed|s|ing|ance)?|withhold|withheld|"
                   r"contra-?indicat(?:ed|ions?|es)|omit(?:ted)?|stop(?:ped|s|ping)?|unsafe|"
                   r"discontinu(?:ed?|ing|ation)|inappropriate|unsuitable|prohibited|refrain|"
                   r"ineffective|unnecessary|hold(?:ing)?|held|suspend(?:ed)?|interrupt(?:ed)?|"
                   r"cease[sd]?|forbid(?:den)?|lacks?|fail(?:s|ed)? to"),
    ("except", "unless", r"unless"),
    ("except", "except", r"except|other than|apart from|excluding"),
    ("except", "without", r"without"),
    ("except", "only", r"only|alone"),
    ("except", "instead", r"rather than|instead of|in place of"),
    ("except", "if", r"if|when|provided|once (?=(?:the |an? |no )?\w+ (?:\w+ )?(?:is|are|has|have|"
                     r"exceeds?|falls?|rises?|reach(?:es)?|remains?|drops?)\b)"),
    # words that turn the meaning
    ("cue", "raise", r"increas(?:e[sd]?|ing)|rais(?:e[sd]?|ing)|escalat\w+|rise[sn]?"),
    ("cue", "lower", r"decreas(?:e[sd]?|ing)|reduc(?:e[sd]?|ing|tion)|lower(?:s|ed|ing)?|"
                     r"fall(?:s|en)?"),
    ("cue", "halve", r"halve[sd]?|half"), ("cue", "double", r"doubl(?:e[sd]?|ing)"),
    ("cue", "start", r"start(?:s|ed|ing)?|begin|initiat\w+|commenc\w+"),
    ("cue", "continue", r"continu(?:e[sd]?|ing)"),
    ("cue", "repeat", r"repeat(?:s|ed|ing)?"),
    ("cue", "before", r"before|prior to"), ("cue", "after", r"after|following"),
    ("cue", "first-line", r"first[- ]line|first[- ]choice"),
    ("cue", "second-line", r"second[- ]line|second[- ]choice"),
    ("cue", "third-line", r"third[- ]line"),
    ("cue", "modified release", r"(?:modified|slow|extended|prolonged)[- ]release|long[- ]acting"),
    ("cue", "slow", r"slow(?:ly)?"), ("cue", "fast", r"rapid(?:ly)?|fast"),
    ("cue", "mild", r"mild"), ("cue", "moderate", r"moderate"), ("cue", "severe", r"severe"),
    ("cue", "high", r"high"), ("cue", "low", r"low"),
    ("cue", "adult", r"adults?"),
    ("cue", "child", r"child(?:ren)?|p(?:a)?ediatric|infants?|neonat\w+"),
    ("cue", "pregnancy", r"pregnan\w+"), ("cue", "breastfeeding", r"breast-?feeding|lactation"),
    ("cue", "renal", r"renal|kidney"), ("cue", "hepatic", r"hepatic|liver"),
    ("cue", "dialysis", r"(?:haemo|hemo)?dialysis"), ("cue", "elderly", r"elderly|frail"),
    ("cue", "loading", r"loading"), ("cue", "maintenance", r"maintenance"),
    ("cue", "peak", r"peak"), ("cue", "trough", r"trough"),
    ("cue", "systolic", r"systolic"), ("cue", "diastolic", r"diastolic"),
    ("cue", "first", r"first|1st"),
    ("cue", "second", r"second|2nd"),
    ("cue", "third", r"third|3rd"),
    ("cue", "acute", r"acute(?:ly)?"),
    ("cue", "chronic", r"chronic(?:ally)?"),
    ("cue", "male", r"m[ae]n|males?|boys?"),
    ("cue", "female", r"wom[ae]n|females?|girls?"),
    ("cue", "stable", r"stable"),
    ("cue", "unstable", r"unstable"),
    ("cue", "positive", r"positive"),
    ("cue", "negative", r"negative"),
    ("cue", "early", r"early|earlier"),
    ("cue", "late", r"late|later|delay(?:ed|s|ing)?"),
    ("cue", "immediate release", r"immediate[- ]release|short[- ]acting"),
    ("cue", "arterial", r"arterial|artery"),
    ("cue", "venous", r"venous|vein"),
    ("cue", "left", r"left"),
    ("cue", "right", r"right"),
    ("cue", "normal", r"normal"), ("cue", "abnormal", r"abnormal"), ("cue", "same", r"same"),
    ("cue", "despite", r"despite|regardless"),
    ("cue", "safe", r"safe(?:ly)?"), ("cue", "always", r"always|mandatory|must"),
)  # fmt: skip
QUALIFIERS = frozenset(
    "mild moderate severe adult child pregnancy breastfeeding renal hepatic dialysis elderly "
    "loading maintenance peak trough male female systolic diastolic halve double before "
    "after".split()
)
"""Cues that narrow whom or what a figure is for."""
_GROUPS = {f"g{index}": (kind, value) for index, (kind, value, _) in enumerate(_CUES)}
_CUE = re.compile(
    r"(?<![A-Za-z0-9])(?:"
    + "|".join(f"(?P<g{i}>{p})" for i, (_, _, p) in enumerate(_CUES) if p[0].isalpha())
    + r")(?![A-Za-z0-9])|"
    + "|".join(f"(?P<g{i}>{p})" for i, (_, _, p) in enumerate(_CUES) if not p[0].isalpha())
)
_SENTENCE_CASE = re.compile(r"^[\W\d]*([A-Z][a-z]+)")


def _cues(text: str) -> Iterator[tuple[str, int, str]]:
    """(kind, position, value) of every word that bears on the meaning."""
    low = _SENTENCE_CASE.sub(lambda match: match.group().lower(), text)
    low = re.sub(r"\b[A-Z][a-z]+\b", lambda match: match.group().lower(), low)
    low = re.sub(
        r"\b(?:NOT|NEVER|NO|AVOID|STOP|WITHOUT|UNLESS|ONLY|MAXIMUM|MINIMUM)\b",
        lambda match: match.group().lower(),
        low,
    )
    for match in _CUE.finditer(low):
        kind, value = _GROUPS[match.lastgroup or "g0"]
        yield kind, match.start(), value


ROUTES = frozenset(value for _, value, _ in _CUES[:17])
MODES = frozenset({"continuous", "bolus", "infusion"})
_NUMERIC = frozenset({Kind.NUMBER, Kind.FRACTION, Kind.RATIO, Kind.TIME, Kind.DATE, Kind.POWER})
_LABELS = frozenset("day week month year".split())
"""Words that tell what the number behind them counts: "week 12" is not "day 12"."""
_NAMING = frozenset("stage grade class type phase category group".split())
"""Words whose number is part of a name: "type 2 diabetes"."""
Measured = tuple[int, int, str, str, str]
"""(start, end, low, high, unit)"""


def _amounts(text: str, cut: list[Piece]) -> Iterator[Measured]:
    at, waiting = 0, list[Measured]()
    while at < len(cut):
        if cut[at].kind not in _NUMERIC or _in_name(cut, at) or _named_by(cut, at):
            if waiting and cut[at].text not in (",", "and", "or"):
                yield from waiting
                waiting = []
            at += 1
            continue
        start = at
        low, at = _value(cut, at)
        unit, at = _unit(cut, at)
        high = ""
        if _joins(text, cut, start, at) and cut[at + 1].kind in _NUMERIC:
            high, at = _value(cut, at + 1)
            other, at = _unit(cut, at)
            unit = f"{unit} to {other}" if unit and other and unit != other else other or unit
        if not unit and start and cut[start - 1].text.lower() in _LABELS:
            unit = f"{cut[start - 1].text.lower()} number"
        one = (cut[start].start, cut[at - 1].end, low, high, unit)
        if unit:  # "5, 10 and 15 mg": the earlier ones share the unit
            yield from ((*w[:4], unit) for w in waiting)
            waiting = []
            yield one
        else:
            waiting.append(one)
    yield from waiting


def _value(cut: list[Piece], at: int) -> tuple[str, int]:
    piece = cut[at]
    minus = (
        at > 0
        and cut[at - 1].kind is Kind.DASH
        and piece.glued
        and (at == 1 or (cut[at - 2].kind not in _NUMERIC and not cut[at - 1].glued))
    )
    if piece.kind is Kind.NUMBER:
        value = f"{Decimal(without_separators(piece.text)).normalize():f}"
        if at + 2 < len(cut) and cut[at + 1].text in ("×", "x") and cut[at + 2].kind is Kind.POWER:
            return f"{value}×{_power(cut[at + 2].text)}", at + 3
        return ("-" if minus else "") + value, at + 1
    if piece.kind is Kind.POWER:
        return _power(piece.text), at + 1
    return re.sub(r"[\s,]", "", piece.text), at + 1


def _power(text: str) -> str:
    exponent = re.sub(r"^10(?:\^|\*\*|\*)?", "", text)
    return "10^" + exponent.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−–", "0123456789---"))


def _unit(cut: list[Piece], at: int) -> tuple[str, int]:
    for skip in (0, 1):
        if skip and not (at < len(cut) and cut[at].kind is Kind.DASH):
            break
        if at + skip < len(cut) and cut[at + skip].kind is Kind.UNIT:
            key = compound(cut[at + skip].text).key
            return key, at + skip + 1
    return "", at


def _joins(text: str, cut: list[Piece], start: int, at: int) -> bool:
    """Whether the piece at `at` makes a range: a dash, "to", or "and" behind "between"."""
    if at + 1 >= len(cut):
        return False
    if cut[at].kind is Kind.DASH or cut[at].text.lower() == "to":
        return True
    return cut[at].text.lower() == "and" and bool(
        re.search(r"\bbetween\s*$", text[: cut[start].start], re.IGNORECASE)
    )


def _named_by(cut: list[Piece], at: int) -> bool:
    return at > 0 and cut[at - 1].text.lower() in _NAMING


def _in_name(cut: list[Piece], at: int) -> bool:
    """Whether a number belongs to a name, as in "IL-6": glued to letters by a dash."""
    return (
        at > 1
        and cut[at].glued
        and cut[at - 1].kind is Kind.DASH
        and cut[at - 1].glued
        and cut[at - 2].kind in (Kind.WORD, Kind.SPECIAL)
    )


def _limit(
    text: str, start: int, end: int, limits: list[tuple[int, str]], measured: list[Measured]
) -> str:
    """The limit that holds for the amount at `start`: close before it, or right behind it."""
    behind = re.match(r"\)?,? or (\w+)", text[end:])
    for at, value in limits:
        if behind and end <= at <= end + 4 and text[at : at + 2] == "or":
            return value
    earliest = max([e for _, e, *_ in measured if e <= start], default=0)
    before = [
        (at, value)
        for at, value in limits
        if max(earliest, start - 40) <= at < start and text[at : at + 3] != "or "
    ]
    if before:
        return before[-1][1]
    tail = re.search(r"\b([a-z]+)(?: (?:any|the|each|a))?\s*$", text[max(0, start - 14) : start])
    return tail[1] if tail and tail[1] in _LINKS else ""


_LINKS = frozenset({"every", "over", "for", "after", "before", "in", "until"})


def _nearest(text: str, start: int, end: int, named: list[tuple[str, int, int]]) -> str:
    """The drug nearest to an amount; one in another clause is further off."""
    best, distance = "", 10_000
    for name, first, last in named:
        low, high = (end, first) if first >= end else (last, start)
        gap = high - low + (_ELSEWHERE if _APART.search(text, low, high) else 0)
        if gap < distance:
            best, distance = name, gap
    return best


_ELSEWHERE = 60
_APART = re.compile(r"[,;]|\b(?:if|when|unless|because|whereas)\b")


_NAME = re.compile(
    r"\b(?=[A-Za-z0-9-]*[A-Za-z])(?=[A-Za-z-]*[0-9₀-₉])[A-Za-z][A-Za-z0-9₀-₉]*(?:-[A-Za-z0-9]+)*"
)
_POLAR = re.compile(r"\b(?:hyper|hypo|brady|tachy)[a-z]{3,}", re.IGNORECASE)
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


def _names(text: str, cut: list[Piece]) -> Iterator[str]:
    for match in _NAME.finditer(text):
        yield match.group().translate(_SUBSCRIPTS).lower().replace("-", "")
    for at, piece in enumerate(cut):
        if piece.kind in _NUMERIC and _named_by(cut, at):
            yield f"{cut[at - 1].text.lower()}{piece.text}"
        if piece.kind is Kind.UNIT and any(char.isdigit() for char in piece.text):
            yield compound(piece.text).key
    for match in _POLAR.finditer(text):
        yield match.group().lower()
