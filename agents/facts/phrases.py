"""Other words for the same, each brought into one: "isn't available" and "unavailable", "first A,
and then B" and "A followed by B", "don't go above 10 mg" and "at most 10 mg"."""

from __future__ import annotations

import re
from collections.abc import Callable

Rewrite = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]

_VERBS = {"re": "are", "ve": "have", "ll": "will", "d": "would"}
_UN = (
    r"(?:available|changed|clear|common|confirmed|controlled|known|likely|necessary|reliable|"
    r"responsive|safe|suitable|treated|wanted)\b"
)
_IN = r"(?:adequate|appropriate|effective|sufficient|valid)\b"
_NEGATIONS: tuple[Rewrite, ...] = (
    (re.compile(r"\b(?:can['’]t|cannot|unable to)\b", re.I), "can not"),
    (re.compile(r"\bwon['’]t\b", re.I), "will not"),
    (re.compile(r"n['’]t\b"), " not"),
    (re.compile(r"\b(it|that|there|who)['’]s\b", re.I), r"\1 is"),
    (re.compile(r"['’](re|ve|ll|d)\b"), lambda match: f" {_VERBS[match[1]]}"),
    (re.compile(rf"\b(?:un(?={_UN})|in(?={_IN})|im(?=possible|probable))", re.I), "not "),
    (re.compile(r"\bis independent of\b"), "does not depend on"),
)
"""Negations that are part of a word."""
_ABSENT: tuple[Rewrite, ...] = (
    (re.compile(
        r"\b(?:if|when|where) (?:there (?:is|are) (?:no|not an?y?)|(?:you|they|the patient) "
        r"(?:can not (?:get|obtain)|(?:do|does) not have|ha(?:s|ve) no))\b", re.I), "without"),
    (re.compile(
        r"\b(?:if|when|where) ((?:[\w-]+ ){1,3}?)(?:is|are) not (?:available|possible)\b", re.I),
     r"without \1"),
    (re.compile(
        r"\b(?:who (?:is|are|do|does) not (?:already |currently )?(?:on|taking|take|have|"
        r"receiving)|who ha(?:s|ve) no|not (?:already |currently )?(?:on|taking))\b"), "without"),
    (re.compile(r"\bwho (?:is|are) not (?=(?:actively )?\w+ing\b)"), "without "),
)  # fmt: skip
"""What is not there is what one is without."""
_STEPS: tuple[Rewrite, ...] = (
    (re.compile(
        r"(?<!the )(?<!a )(?<!at )\bfirst,? (?!(?:line|choice|dose)\b|\d)(?=[^;.]*\bthen\b)", re.I),
     ""),
    (re.compile(r",? first(?=,? (?:and )?(?:only )?then\b)"), ""),
    (re.compile(r",? and (?:only )?then\b|,? (?:and )?follow(?:ed| it)? (?:by|with)\b"), ", then"),
    (re.compile(r"\bgives? (?:a second|another|a further|a repeat) dose of ", re.I), "repeat "),
    (re.compile(r"\bgive ((?:[\w-]+ ){1,4}?)again\b", re.I), r"repeat \1"),
    (re.compile(
        r"\b(?:after|if|when|once) ([^,;:]+?) (?:(?:has|have) )?fail(?:s|ed)? to "
        r"(?:stop|control|treat|relieve|terminate) ([^,;:.]+)", re.I),
     r"if \2 does not respond to \1"),
    (re.compile(
        r"\b(?:while|when) (?:the patient|a patient|patients|they) (?:is|are) "
        r"(?:on|taking|receiving) ", re.I), "during "),
)  # fmt: skip
"""What comes after what."""
_LIMITS: tuple[Rewrite, ...] = (
    (re.compile(
        r"\b(?:(?:do|must|should) not|not to|never|not) "
        r"(?:exceed(?:ing)?|go (?:above|over|beyond|past))\b", re.I), "at most"),
    (re.compile(
        r"\b(?:(?:must|should|may|do|can) not|never) ((?:be )?"
        r"(?:(?!(?:if|when|in|with|unless|after|for|to|used?)\b)[\w-]+ ){1,4}?)"
        r"(?:at )?(?:more|faster|higher|greater) than (?=\d)", re.I),
     r"\1at most "),
    (re.compile(r"\bat or (below|above) (?=\d)"),
     lambda match: "at most " if match[1] == "below" else "at least "),
    (re.compile(r"\b(?:ceiling|cap) of (?=\d)"), "maximum of "),
    (re.compile(r"\b(?:limit|keep|restrict|cap) ([A-Za-z-]+(?: [A-Za-z-]+){0,4}) to (?=\d)", re.I),
     r"\1 limited to "),
    (re.compile(r"\b(?:a )?total of (?=\d)"), ""),
    (re.compile(r"\bmade up to (?=\d)"), "to "),
    (re.compile(r"\bin the (?:last|past) (?=\d)"), "within the last "),
    (re.compile(r"\bfrom (?:the age of|age) (\d+)(?: years)?(?! ?(?:to|[-–]))"),
     r"at the age of \1 years or older"),
    (re.compile(r"\b(\d+(?: years)?) and (?=over|above|older|under|below|younger)"), r"\1 or "),
)  # fmt: skip
_STATEMENTS: tuple[Rewrite, ...] = (
    (re.compile(r"\b(systolic|diastolic)(?: blood)? pressure\b", re.I), r"\1"),
    (re.compile(
        r"\b(?:go(?:es|ing|ne)?|went|br(?:ings?|inging|ought)|com(?:es?|ing)|came|push(?:es|ed|ing)?|"
        r"dr(?:ives?|ove|iving))((?: [a-z]+){0,3}?) (up|down)\b", re.I),
     lambda match: ("rise" if match[2] == "up" else "fall") + match[1]),
    (re.compile(r"\bkeep (?:a close |an )?(?:eye|watch) on\b", re.I), "monitor"),
    (re.compile(
        r"^compared (?:with|to) ([^,;]+), ([^;.]+?\b(?:\w+er|more|less|better|worse))\b", re.I),
     r"\2 than \1"),
    (re.compile(r"\b(\w+er|more|less|better|worse) compared (?:with|to)\b"), r"\1 than"),
    (re.compile(
        r"^(?:An?|The) ([^,;:]+?) that is ([^,;:]+?) means (?:that )?you (?:should |must )?", re.I),
     r"if the \1 is \2, "),
    (re.compile(
        r"\b(\w[\w -]+?) ((?:is|are|has|have|does|do|needs?)\b[^;]*), because \1 ", re.I),
     r"\1 \2, because it "),
)  # fmt: skip
PHRASES: tuple[Rewrite, ...] = (*_NEGATIONS, *_ABSENT, *_STEPS, *_LIMITS, *_STATEMENTS)
