"""What an answer says about itself: what it assumes, and what it would have to know.

Such a sentence has no source, so it passes only where it is one of a few forms filled with words
from closed lists: facts about a patient, never a number, a drug or an advice.
"""

from __future__ import annotations

import re

_ORGAN = r"(?:renal|kidney|liver|hepatic)"
_FACT = (
    r"(?:(?:the|their|your|his|her)\s+)?(?:(?:patient's|current)\s+)?(?:"
    rf"age|weight|height|sex|{_ORGAN} function|creatinine clearance|creatinine|e?gfr|"
    r"allerg(?:y|ies)|allergy status|pregnancy status|potassium|sodium|inr|blood pressure|"
    r"heart rate|blood glucose|haemoglobin|platelet count|temperature|indication|route|severity|"
    r"bleeding risk|stroke risk|other drugs|drugs|medication|diagnosis)"
)
_FACTS = rf"{_FACT}(?:(?:,? and |,? or |, ){_FACT})*"
_GIVEN = r"which (?:you did not (?:give|say|mention)|i do not know|(?:is|are|was|were) not given)"
_ILL = rf"(?:{_ORGAN} (?:impairment|disease|failure)|(?:known )?allerg(?:y|ies)|pregnancy|bleeding)"
_WHO = r"(?:the|this|your) patient|she|he|they"
_STATE = (
    r"(?:"
    rf"(?:an? )?(?:adult|child|man|woman|patient)s?|normal {_ORGAN} function|no {_ILL}|"
    rf"(?:{_WHO}) (?:is|has) (?:an adult|not pregnant|not breast-?feeding|not on dialysis|"
    rf"normal {_ORGAN} function|no {_ILL}))"
)
_WITH = rf"(?: with(?:out| no)? (?:normal {_ORGAN} function|{_ILL})| who is not pregnant)?"
_STATES = rf"{_STATE}{_WITH}(?:(?:,? and |, ){_STATE}{_WITH})*"
_FORMS = re.compile(
    r"(?:"
    rf"(?:i (?:am )?assum(?:e|ing)|assuming|(?:this|that) assumes)(?: that)? {_STATES}|"
    rf"(?:it|that|this|the answer|the dose) depends on {_FACTS}(?:, {_GIVEN})?|"
    rf"i (?:would )?(?:need|do not know|have not been told)(?: to know)? {_FACTS}"
    r"(?: (?:first|to answer|to be sure|for that|for this))?|"
    rf"(?:please )?(?:tell|give) me {_FACTS}|"
    rf"(?:what|which) (?:is|are) {_FACTS}|"
    rf"{_FACTS} (?:is|are) (?:missing|needed|not known|not given)|"
    rf"you did not (?:give|say|mention) {_FACTS}|"
    rf"is (?:{_WHO}) (?:an adult|a child|pregnant|breast-?feeding|on dialysis)"
    r")[.?]?",
    re.IGNORECASE,
)


def is_aside(sentence: str) -> bool:
    """Whether the sentence names an assumption, or what is missing, and nothing else."""
    plain = " ".join(sentence.replace("’", "'").split())
    return _FORMS.fullmatch(plain) is not None
