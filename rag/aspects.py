"""What a section is about, by its heading, and which section a plain question about an illness is
answered from: "how do you treat croup" from "Immediate management" or "What is given first?",
not from "Who goes home?". Pure.

The words are those of guidelines and ward protocols in general; a page that has no such headings
is searched by its sentences alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache


class Aspect(StrEnum):
    """What can be said about an illness."""

    FIRST = "first treatment"
    TREATMENT = "treatment"
    FURTHER = "further treatment"
    FAILURE = "no response"
    AVOID = "what to avoid"
    RECOGNITION = "recognition"
    DIAGNOSIS = "diagnosis"
    TESTS = "tests"
    MONITORING = "monitoring"
    ADMISSION = "admission"
    DISCHARGE = "discharge"
    PREVENTION = "prevention"
    CAUSES = "causes"
    DEFINITION = "definition"


TREATED = (Aspect.FIRST, Aspect.TREATMENT)
"""What is done for an illness."""

OF_TREATMENT = frozenset({*TREATED, Aspect.FURTHER, Aspect.FAILURE})
"""Sections that say anything of it."""


@lru_cache(maxsize=4096)
def aspects_of(heading: str) -> tuple[Aspect, ...]:
    """What a section with this heading is about; of treatment only where it names nothing else, or
    both: "assessment and treatment"."""
    found = [aspect for aspect, pattern in _HEADINGS if pattern.search(heading)]
    if found:
        return (*found, Aspect.TREATMENT) if _AND_TREATMENT.search(heading) else tuple(found)
    if not _TREATMENT.search(heading):
        return ()
    return (Aspect.FIRST,) if _FIRST.search(heading) else (Aspect.TREATMENT,)


def aspects_under(sections: Sequence[str]) -> tuple[Aspect, ...]:
    """What is said under these headings, the outermost first: what the innermost one tells that
    tells anything. The outermost of several is the page's own, and tells nothing of its parts."""
    return next(filter(None, map(aspects_of, reversed(sections[1:] or sections))), ())


@lru_cache(maxsize=1024)
def aspects_asked(question: str) -> tuple[Aspect, ...]:
    """The aspects a question may be answered from, the best first; none for one that asks for
    nothing of the kind."""
    for pattern, aspects in _QUESTIONS:
        if pattern.search(question):
            return aspects
    return ()


def without_aspect(question: str) -> str:
    """The question without the words that say which aspect is meant."""
    for pattern, _ in _QUESTIONS:
        question = pattern.sub(" ", question)
    return question


def _words(*words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)


_FAILS = (
    r"(?:do(?:es)?|did|is|are|has|have|was|were)(?:n'?t| not) (?:\w+ )?"
    r"(?:respond\w*|work\w*|improv\w*|settl\w*|stop\w*|help\w*|resolv\w*|control\w*|recover\w*|"
    r"enough|"
    r"(?:come|go|get|getting|going|coming) (?:down|up|away|better))|"
    r"(?:no|lack of|poor|inadequate) (?:response|improvement)|"
    r"not (?:respond\w*|work\w*|improv\w*|settl\w*|getting better)|"
    r"(?:get(?:s|ting)?|is) worse|refractory|resistant|fail(?:s|ed|ing|ure to respond)?|"
    r"treatment failure|"
    r"second[- ](?:line|choice)|deteriorat\w*|worsen\w*|despite|escalat\w*|persist\w*|"
    r"(?:stays?|remains?|still) (?:\w+ )?(?:low|high|raised|hypotensive|unwell|febrile|shocked)|"
    r"if (?:\w+ ){1,4}(?:continues?|recurs?|returns?|goes on)|if (?:\w+ ){0,3}still|"
    r"still (?:\w+ ){1,4}after|came back"
)
_HEADINGS = (
    (Aspect.FAILURE, _words(_FAILS, "rescue", "third[- ]line")),
    (Aspect.DISCHARGE, _words(r"discharg\w*", r"(?:go|goes|going|sent|send) home", r"leaves?",
                              "going home", "leaving", r"follow[- ]?up", "afterwards", "clinic",
                              "aftercare", "after (?:the )?(?:acute|recovery)", "observed after")),
    (Aspect.ADMISSION, _words(r"admit\w*", "admission", "stays? in", r"referr?\w*",
                              "where to treat", "critical care", "intensive care",
                              "who needs hospital")),
    (Aspect.AVOID, _words(r"avoid\w*", r"contra-?indicat\w*", r"cautions?", r"pitfalls?",
                          r"mistakes?", r"not (?:be )?(?:done|given|used|do|to do|give|use|needed)",
                          r"do not", "never", r"warnings?", "limits?", "maximum",
                          "make (?:it|things|them) worse")),
    (Aspect.MONITORING, _words(r"monitor\w*", r"observ\w*", "watch", "watched")),
    (Aspect.PREVENTION, _words(r"prevent\w*", r"prophyla\w*", "recurrence", "vaccination")),
    (Aspect.CAUSES, _words(r"causes?", r"triggers?", "why", "who gets", "risk factors?",
                           r"precipitants?", "aetiology", "epidemiology")),
    (Aspect.RECOGNITION, _words(r"recogni\w*", r"signs?", r"symptoms?", r"present\w*",
                                "features?", "suspect", r"spot\w*", "clinical picture",
                                "when to think")),
    (Aspect.DIAGNOSIS, _words(r"diagnos\w*", "criteria", r"confirm\w*", r"definitions?",
                              "assessment", r"severity", r"how severe", r"scor\w+")),
    (Aspect.TESTS, _words(r"tests?", r"investigat\w*", "bloods?", "imaging", "work[- ]?up",
                          "laboratory", "scans?", "samples?")),
    (Aspect.DEFINITION, _words(r"what (?:is|are) (?:it|this|they)", r"defin\w*", "background",
                               "overview", r"what (?:does|do) \w+(?: \w+)? mean")),
    (Aspect.FURTHER, _words("further", "else", "other", "later", "next", r"follow(?:s|ing)",
                            "subsequent", "ongoing", "additional", r"adjuncts?", "supportive",
                            "maintenance", "step ?down", "long[- ]term", "then", "once stable")),
)  # fmt: skip
_FIRST = _words("first", r"immediate(?:ly)?", "initial", "at once", "emergency", "urgent",
                "on arrival", "resuscitation", r"first[- ]line", "step 1", "start(?:ing)?",
                r"straight ?away", "acute (?:treatment|management|care)", "stat")  # fmt: skip
_AND_TREATMENT = re.compile(
    r"(?:\band|,|&|/) (?:\w+ )?(?:treat|manag)|\b(?:treat|manag)\w+(?: and\b|,| &)", re.IGNORECASE
)
_TREATMENT = _words(
    _FIRST.pattern, r"treat\w*", r"manag\w*", r"therap\w*", r"given?", "do", "done",
    r"dos(?:e|es|ing)", "drugs?", "medicines?", "medications?", "fluids?", "antibiotics?",
    "antidotes?", "analgesia",
    "actions?", "steps?", "protocol", "regimens?", "reversed?", "insulin", "what helps",
)  # fmt: skip
_QUESTIONS = (
    (_words(_FAILS, r"what (?:comes )?next", "then what", "what then", "next (?:step|line)"),
     (Aspect.FAILURE, Aspect.FURTHER)),
    (_words(r"discharg\w*", r"(?:go|goes|going|sent|send) (?:\w+ )?home", "leave(?: hospital)?",
            r"follow[- ]?up", "let (?:her|him|them) go"),
     (Aspect.DISCHARGE,)),
    (_words(r"admit\w*", "admission", r"need(?:s)? (?:to be in )?hospital", r"referr?(?:al|ed)?",
            "(?:critical|intensive) care", "icu", "(?:come|stay) in"),
     (Aspect.ADMISSION,)),
    (_words(r"avoid\w*", r"(?:should|must)(?:n'?t| not| i not| we not)",
            r"not (?:to )?(?:do|give|use)", r"cautions?", r"pitfalls?", r"mistakes?", "dangerous"),
     (Aspect.AVOID,)),
    (_words(r"monitor\w*", "observations?", "watch for", "keep an eye on",
            r"what (?:do|should) (?:i|we) (?:check|measure|watch)"),
     (Aspect.MONITORING,)),
    (_words(r"prevent\w*", r"prophyla\w*"), (Aspect.PREVENTION,)),
    (_words(r"causes?", r"triggers?", r"risk factors?", r"precipitat\w*", "due to"),
     (Aspect.CAUSES,)),
    (_words(r"tests?(?: (?:do|should) (?:i|we) (?:send|order|do|ask for))?", r"investigat\w*",
            "blood tests?", "imaging", "work(?:ed)?[- ]?up", "what (?:do|should) (?:i|we) send",
            "labs?"),
     (Aspect.TESTS, Aspect.DIAGNOSIS)),
    (_words(r"diagnos\w*", r"confirm\w*", "criteria"),
     (Aspect.DIAGNOSIS, Aspect.RECOGNITION, Aspect.TESTS)),
    (_words(r"recogni\w*", "signs?", "symptoms?", r"present(?:s|ing|ation)?", "features?",
            "look(?:s)? like", "suspect", "how (?:do|can|would) (?:i|you|we) (?:tell|know|spot)"),
     (Aspect.RECOGNITION, Aspect.DIAGNOSIS)),
    (_words(r"treat\w*", r"manag\w*", r"therap\w*", "what (?:do|should|can|would) (?:i|we|you) "
            "(?:do|give|use|start with)", "what now", r"(?:first|immediate|initial) "
            r"(?:steps?|things?|actions?|priorit\w+)", "what (?:is|do i|to) (?:give|given|do|done)",
            "how (?:do|should) (?:i|we|you) (?:deal with|handle|approach)", "what helps",
            "plan"),
     TREATED),
)  # fmt: skip
