"""One way of writing: number words as digits, "q6h" as every 6 hours, "cannot" as can not."""

from __future__ import annotations

import re
from collections.abc import Callable

from agents.facts.phrases import PHRASES
from agents.number_words import with_digits
from agents.saying.units import UNITS


def plain(sentence: str) -> str:
    """The sentence in that way of writing."""
    text = _PART.sub(r"one-\1", sentence)
    text = _SHORT.sub(lambda match: _SHORT_FORMS[match.group()], with_digits(text))
    for pattern, other in _REWRITES:
        text = pattern.sub(other, text)
    return text


_PART = re.compile(r"\ba (third|quarter|fifth|sixth|eighth|tenth)(?= (?:of|to)\b)(?! of an hour)")
_TIME_UNITS = "hours?|hrs?|h|minutes?|mins?|days?|weeks?|months?|seconds?|years?"
_UNIT_WORDS = "|".join(
    sorted({w for u in UNITS for w in (u.one, *u.written) if w.isalpha()}, key=len, reverse=True)
)
_PERSONS = "adults|children|child|people|patients|women|men|those|anyone"
_REWRITES: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"[\u2010\u2011]"), "-"),
    (re.compile(r"[\u202f\u00a0\u2009]"), " "),
    *PHRASES,
    (re.compile(rf"\b(give|giving|take|use|gets?|of) (?:1|one) (?!(?:{_UNIT_WORDS}|to|in|and|of|"
                r"per|further|more|additional|single|hundred|thousand)\b)(?=[a-z]{3,} )", re.I),
     r"\1 a single "),
    (re.compile(r"\bnon-(?=[a-z]{3})(?!steroidal)", re.I), "non"),
    (re.compile(r"\b1 (?:single )?dose\b"), "a single dose"),
    (re.compile(r"\b(\w+) monotherapy\b", re.I), r"\1 alone"),
    (re.compile(rf"\b({_PERSONS}) (?:who are |of )?(?:aged )?(over|above|under|below) "
                rf"(\d+)(?![\d.]*\d)(?! ?(?:(?:{_UNIT_WORDS}|to)\b|[%µ°/–-]))", re.I),
     r"\1 \2 \3 years"),
    (re.compile(rf"\b({_PERSONS}) (?:who are )?over (?=\d+ years)", re.I), r"\1 above "),
    (re.compile(r"\b(\d+) or (?=older|younger)"), r"\1 years or "),
    (re.compile(r"\baged (\d+) or (?=over|above|under)"), r"aged \1 years or "),
    (re.compile(r"(\d) (?:an?|per|each) (?=minute\b)"), r"\1/"),
    (re.compile(r"\b(10\^\d+) per (?=lit)"), r"\1/"),
    (re.compile(rf"\bwithin (?=\d[\d.]*(?: ?[-–] ?| to )\d[\d.]*(?! ?(?:{_TIME_UNITS})\b)\b)"), ""),
    (re.compile(rf"\bwithin (\d+(?: ?[-–] ?| to )\d+ (?:{_TIME_UNITS})) of\b"), r"\1 after"),
    (re.compile(rf"\b(within|in|over) the (?:last|past) (?=(?:{_TIME_UNITS})\b)"), r"\1 1 "),
    (re.compile(r"\b(\w+) who (?:is|are) not (\w+)(?=[,;.]|$)"), r"non\2 \1"),
    (re.compile(r"\bone (or|to) (?=\d)", re.I), r"1 \1 "),
    (re.compile(r"\ba fortnight\b"), "14 days"),
    (re.compile(r"\bno longer\b(?! than)"), "not"),
    (re.compile(r" any ?(?:more|longer)(?=[,.;]|$)"), ""),
    (re.compile(r"\b(?:divided|split) into (\d+) doses\b"), r"in \1 divided doses"),
    (re.compile(r"( or (?:more|above|less|below)) (?:an|each|every|per) (hour)\b"), r"/\2\1"),
    (re.compile(r"\b(?:may|can) be repeated(?= every)"), "repeated as needed"),
    (re.compile(rf"\bone (?:more|further) (?=(?:{_TIME_UNITS})\b)"), "another 1 "),
    (re.compile(r"\b(?:at once(?! daily)|(?:straight|right) away|without delay)\b"), "immediately"),
    (re.compile(r"\b(?:(?:leav|miss)(?:e|ed|es|ing)? out|skip(?:s|ped|ping)?)\b"), "withhold"),
    (re.compile(r"\blow molecular weight (or|and) unfractionated heparin"),
     r"low molecular weight heparin \1 unfractionated heparin"),
    (re.compile(r"\babove all\b"), "especially"),
    (re.compile(r"^Under (?=[A-Z])"), "In "),
    (re.compile(r"\b(\d+) and a half (?=[a-z])"), r"\1.5 "),
    (re.compile(r"(?<=, )(\d+) days (?=in total|altogether)"), r"for \1 days "),
    (re.compile(r"\ban? (\d+)-(day|week|month) course\b"), r"for \1 \2s"),
    (re.compile(r"\b(not|never) let\b", re.I), r"\1 allow"),
    (re.compile(r"\b(?:leav(?:e|es|ing) hospital|go(?:es|ing)? home)\b", re.I), "discharge"),
    (re.compile(r"\b(if|when)\b([^,;:]+),? or (?:if|when) ", re.I), r"\1\2 or "),
    (re.compile(r"\bbefore (?:starting|giving|beginning) ", re.I), "before "),
    (re.compile(r"(^|[,;] )where (?=(?:\w+ ){1,4}(?:is|are|has|have)\b)", re.I), r"\1if "),
    (re.compile(r"\brul(?:e|es|ed|ing) out\b", re.I), "excludes"),
    (re.compile(r"\b(\d+) (?:more|further|additional) (?=[a-z])"), r"another \1 "),
    (re.compile(r"\b(\d) or (\d)\b(?![.,]?\d)"),
     lambda match: f"{match[1]}{'–' if int(match[2]) == int(match[1]) + 1 else ' or '}{match[2]}"),
    (re.compile(rf"(\d[\d.,]* ?(?:{_UNIT_WORDS})) (bolus|infusion)\b"), r"\2 of \1"),
    (re.compile(r"\b(\d+) (\d[\d.]* ?[A-Za-z]+) (vials|tablets|capsules|doses|ampoules)\b"),
     r"\1 \3 of \2"),
    (re.compile(r"\b(?:is|are) the same as (?=\d)", re.I), "equals "),
    (re.compile(r",? (?:and|then|and then|followed by) continued (?:at|with) (?=\d)"), ", then "),
    (re.compile(r"\bover (?=24 hours)", re.I), "in "),
    (re.compile(r"(\d ?(?:mL|L|m?c?g|m?c?g/kg|units)\b[^:]*; )(?:infusion )?time: (?=\d)",
                re.I), r"\1over "),
    (re.compile(r"\b(more|less) (?!time)([a-z]+) than\b", re.I), r"\2 \1 than"),
    (re.compile(rf"\b(?:an?|another|a further) ((?:\d+ )?(?:{_TIME_UNITS})) later\b"), r"after \1"),
    (re.compile(rf"(\d+(?:–\d+)? (?:{_TIME_UNITS})) later\b"), r"after \1"),
    (re.compile(r"\b[qQ] ?(\d+)(?: ?[-–] ?(\d+))? ?h(?:rs?|ourly|ours?)?\b"), r"every \1–\2 hours"),
    (re.compile(r"(?<![\w.])(\d+)(?:(?: ?[-–] ?| to )(\d+))?[ -]hourly\b"), r"every \1–\2 hours"),
    (re.compile(r"(\d)– hours"), r"\1 hours"),
    (re.compile(rf"\bevery (\d+) to (\d+) ({_TIME_UNITS})\b"), r"every \1–\2 \3"),
    (re.compile(r"\bevery 24 hours\b"), "once daily"),
    (re.compile(r"\b(?:per cent|pct)\b"), "%"),
    (re.compile(r"\bper (day|week|month)\b"), r"each \1"),
    (re.compile(rf"(\b(?:{_UNIT_WORDS})|[µ%]) per (?=(?:{_UNIT_WORDS})\b)"), r"\1/"),
    (re.compile(r"(/ ?(?:kg|kilogram|m2)) each day\b"), r"\1/day"),
    (re.compile(r"\b(?:rather than|in place of)\b", re.I), "instead of"),
    (re.compile(r"(?<=[A-Za-z])(?<!kg)(?<!m2)(?<!kilogram)/ ?day\b"), " each day"),
    (re.compile(r"\b(?:must|should|may) not be (\w+) (?:for )?longer than\b", re.I), r"\1 at most"),
    (re.compile(r"\b(?:the )?max(?:imum)? ((?:\w+ ){0,2}(?:dose|rate|speed)\b[^,;:.\d]{0,80}?)"
                r"(:| is| are) (?=\d)", re.I), r"\1\2 at most "),
    (re.compile(r"\bin the first (?=\d)", re.I), "within the first "),
    (re.compile(r"\b(?:a )?quarter of an hour\b", re.I), "15 minutes"),
    (re.compile(r"\bstart(?:s|ed)? (?:with|at) (.{3,60}?)(?:,| and)? "
                r"(?:then |(?:then )?continu(?:es|ed) (?:with|at) )"),
     r"is \1, then "),
    (re.compile(r"\b(?:lasts?|continues?)(?: for)? (?=(?:at least |at most |about )?\d)"),
     "is for "),
    (re.compile(r"\bunless there (?:is|are)(?: an?)?\b", re.I), "without"),
    (re.compile(r",? outside (?=\w)"), ", except in "),
    (re.compile(r"\bpregnant wom[ae]n\b", re.I), "pregnancy"),
    (re.compile(r"\bfor (a|\d+) weeks?\b", re.I),
     lambda match: f"for {7 * int(match[1].replace('a', '1'))} days"),
    (re.compile(r"\b(?:no|not|never) (?:(?:more|later|longer|greater|higher|older|faster) than|"
                r"above|over)\b", re.I), "at most"),
    (re.compile(r"\b(?:no|not|never) (?:(?:less|fewer|earlier|sooner|lower|younger|shorter|smaller|"
                r"slower) than|below|under)\b", re.I), "at least"),
    (re.compile(rf"\b(?:at most|within) (\d[\d.]* (?:{_TIME_UNITS})) after\b"), r"within \1 of"),
    (re.compile(r"\b(?:with|and) no\b", re.I), "without"),
    (re.compile(r"\b(is|are|was|were) no(?= \w)", re.I), r"\1 not"),
    (re.compile(rf"\bover (?=\d[\d.,]*(?!\d)(?! ?(?:[-–] ?|to )\d| ?(?:{_TIME_UNITS})\b))"),
     "above "),
    (re.compile(rf"\(((?:{_UNIT_WORDS})\b[^():]{{0,30}})\): ?((?:(?:above|below|under|at least|"
                r"up to|less than|more than) )?\d[\d.]*(?:(?:[-–]| to )\d[\d.]*)?)"
                r"(?=;|$| or (?:above|below|more|less))"), r": \2 \1"),
    (re.compile(r"\bup to (?:a |the )?max(?:imum)?(?: of)?\b", re.I), "at most"),
    (re.compile(r"(\d) (points|doses|times|readings|risk factors) or (more|fewer|less)\b"),
     r"\1 or \3 \2"),
    (re.compile(r"(\w+)(?: with |/)(tazobactam|clavulanic acid|sulbactam)\b"), r"\1-\2"),
    (re.compile(r"\b(?:by|as an?) (intravenous|subcutaneous|intramuscular) injection\b"), r"\1"),
    (re.compile(r"\bhalf an hour\b", re.I), "30 minutes"),
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
