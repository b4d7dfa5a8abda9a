"""The words that bear on the meaning: routes, frequencies, limits, negations, and what turns it."""

from __future__ import annotations

import re
from collections.abc import Iterator


def cues(text: str) -> Iterator[tuple[str, int, str]]:
    """(kind, position, value) of every word that bears on the meaning."""
    low = _SENTENCE_CASE.sub(lambda match: match.group().lower(), text)
    low = re.sub(r"\b[A-Z][a-z]+\b", lambda match: match.group().lower(), low)
    low = re.sub(
        r"\b(?:NOT|NEVER|NO|AVOID|STOP|WITHOUT|UNLESS|ONLY|MAXIMUM|MINIMUM)\b",
        lambda match: match.group().lower(),
        low,
    )
    end = 0
    for start in _START.finditer(low):
        found = _CUES_OF.get(start.group())
        if start.start() >= end and found and (match := found.match(low, start.start())):
            kind, value, _ = _CUES[int((match.lastgroup or "g0")[1:])]
            yield kind, match.start(), value
            end = match.end()


def kind_of(way: str) -> str:
    """Whether a way is a route, a mode (bolus, infusion) or a frequency ("way")."""
    return "route" if way in ROUTES else "mode" if way in MODES else "way"


_CUES: tuple[tuple[str, str, str], ...] = (
    # routes and frequencies
    ("way", "by mouth", r"oral(?:ly)?|by mouth|PO|p\.o\.|"
                        r"the (?!first|second|third|next|last)(?:\w+ )?(?:tablet|capsule)s?"),
    ("way", "intravenous", r"intravenous(?:ly)?|IV|i\.v\.|iv|"
                              r"(?:in|into|through|via) (?:a|the) vein"),
    ("way", "intramuscular", r"intramuscular(?:ly)?|IM|i\.m\.|(?:in|into) (?:a|the) muscle"),
    ("way", "subcutaneous", r"subcutaneous(?:ly)?|SC|s\.c\.|subcut|under the skin"),
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
    ("way", "parenteral", r"parenteral(?:ly)?"),
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
    ("limit", "at least", r"at least|minimum|"
                          r"or (?:more|above|over(?! at)|higher|greater|older|longer)(?! \d)"),
    ("limit", "at most", r"at most|up to|maximum|max\.?|(?:limited|capped|restricted) (?:to|at)|"
                         r"or (?:less|below|under|lower|younger|shorter)(?! \d)"),
    ("limit", "less than", r"(?:less|fewer|lower|smaller|younger|shorter) than|below|under|"
                           r"(?:slower|lighter|earlier|sooner) than(?= \d)"),
    ("limit", "more than", r"(?:more|greater|higher|larger|older|longer) than|above|"
                           r"exceed(?:s|ing)?|(?:faster|heavier|later) than(?= \d)"),
    ("limit", "within", r"within"),
    ("limit", "about", r"about|approximately|approx\.?|around|roughly"),
    # negation
    ("not", "not", r"not|never|no|nor|neither|none|avoid(?:ed|s|ing|ance)?|withhold|withheld|"
                   r"contra-?indicat(?:e[sd]?|ions?)|omit(?:ted)?|stop(?:ped|s|ping)?|"
                   r"discontinu(?:ed?|ing|ation)|prohibited|refrain|hold(?:ing)?|held|suspend(?:ed)?|interrupt(?:ed)?|"
                   r"cease[sd]?|forbid(?:den)?|lacks?|fail(?:s|ed)? to|(?:is|are) against|"
                   r"(?:advi[sc]\w+|recommend\w*|caution\w*|warn\w*|decid\w+|guidance) against"),
    ("except", "unless", r"unless"),
    ("except", "except", r"except|other than|apart from|excluding"),
    ("except", "without", r"without"),
    ("except", "only", r"only|alone|on (?:its|their) own|by (?:itself|themselves)"),
    ("except", "instead", r"rather than|instead of|in place of"),
    ("except", "as needed", r"(?:as|if|when|where)(?: it is)? (?:needed|required|necessary)|"
                            r"PRN|prn|p\.r\.n\."),
    ("except", "possible", r"(?:if|when|where|wherever|whenever|as far as)(?: it is)?"
                           r"(?: at all)? (?:possible|practical|practicable|feasible)"),
    ("except", "if", r"if|when|whenever|provided|as long as|in case|"
                     r"once(?= (?!daily|every|per|or|and|then|an? (?:day|week|month))"
                     r"(?:[\w-]+ ){1,5}?(?:is|are|has|have|"
                     r"exceeds?|falls?|rises?|reach(?:es)?|remains?|drops?)\b)"),
    # words that turn the meaning
    ("cue", "raise", r"increas(?:e[sd]?|ing)|rais(?:e[sd]?|ing)|escalat\w+|rise[sn]?|"
                     r"climb(?:s|ed|ing)?"),
    ("cue", "lower", r"decreas(?:e[sd]?|ing)|reduc(?:e[sd]?|ing|tion)|lower(?:s|ed|ing)?|"
                     r"fall(?:s|en)?|drop(?:s|ped|ping)?|cut(?:s|ting)?"),
    ("cue", "halve", r"halve[sd]?|half"), ("cue", "double", r"doubl(?:e[sd]?|ing)"),
    ("cue", "start", r"start(?:s|ed|ing)?|begin(?:s|ning)?|initiat\w+|commenc\w+"),
    ("cue", "continue", r"continu(?:e[sd]?|ing)"),
    ("cue", "repeat", r"repeat(?:s|ed|ing)?"),
    ("cue", "before", r"before|prior to"), ("cue", "after", r"after(?:wards?)?|following"),
    ("cue", "first-line", r"first[- ]line|first[- ]choice"),
    ("cue", "second-line", r"second[- ]line|second[- ]choice"),
    ("cue", "third-line", r"third[- ]line"),
    ("cue", "modified release", r"(?:modified|slow|extended|prolonged)[- ]release|long[- ]acting"),
    ("cue", "slow", r"slow(?:ly)?"), ("cue", "fast", r"rapid(?:ly)?|fast|quick(?:ly)?"),
    ("cue", "mild", r"mild"), ("cue", "moderate", r"moderate"), ("cue", "severe", r"severe"),
    ("cue", "high", r"high"), ("cue", "low", r"low"),
    ("cue", "large", r"larger?(?! than)"), ("cue", "small", r"small(?:er)?(?! than)"),
    ("cue", "long", r"long(?:er)?(?! than| as)|more time"),
    ("cue", "short", r"short(?:er)?(?! than)|less time"),
    ("cue", "more", r"more(?! than)"), ("cue", "less", r"less(?! than)|fewer(?! than)"),
    ("cue", "adult", r"adults?"),
    ("cue", "child", r"child(?:ren)?|p(?:a)?ediatric|infants?|neonat\w+"),
    ("cue", "pregnancy", r"pregnan\w+"), ("cue", "breastfeeding", r"breast-?feeding|lactation"),
    ("cue", "renal", r"renal|kidney"), ("cue", "hepatic", r"hepatic|liver"),
    ("cue", "dialysis", r"(?:haemo|hemo)?dialysis"), ("cue", "elderly", r"elderly|frail"),
    ("cue", "loading", r"loading"), ("cue", "loaded", r"load(?:ed|s)?"),
    ("cue", "maintenance", r"maintenance"),
    ("cue", "peak", r"peak"), ("cue", "trough", r"trough"),
    ("cue", "systolic", r"systolic"), ("cue", "diastolic", r"diastolic"),
    ("cue", "first", r"first|1st"),
    ("cue", "second", r"second|2nd"),
    ("cue", "third", r"third|3rd"),
    ("cue", "acute", r"acute(?:ly)?"),
    ("cue", "chronic", r"chronic(?:ally)?"),
    ("cue", "male", r"m[ae]n|males?|boys?"),
    ("cue", "female", r"wom[ae]n|females?|girls?"),
    ("cue", "stable", r"stab(?:le|ly|ility)"),
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
    ("cue", "last", r"last|final(?:ly)?"),
    ("cue", "single", r"single|once"),
    ("cue", "twice", r"twice"),
    ("cue", "everyone", r"(?:every|all) (?:\w+ )?(?:patients?|persons?|people|adults?|cases?)|"
                        r"everyone|everybody"),
    ("cue", "despite", r"despite|regardless"),
    ("cue", "safe", r"safe(?:ly)?"),
    ("cue", "always", r"always|mandatory|must(?! (?:not|never|only))"),
)  # fmt: skip
QUALIFIERS = frozenset(
    "mild moderate severe adult child pregnancy breastfeeding renal hepatic dialysis elderly "
    "loading maintenance peak trough male female systolic diastolic halve double before "
    "after".split()
)
"""Cues that narrow whom or what a figure is for."""
OPPOSITES = tuple(
    frozenset(group.split(","))
    for group in (
        "raise,lower", "high,low", "large,small", "long,short", "more,less", "before,after",
        "first,second,third", "first-line,second-line,third-line", "mild,moderate,severe",
        "adult,child,elderly", "systolic,diastolic", "peak,trough", "loading,maintenance",
        "left,right", "positive,negative", "stable,unstable", "early,late", "arterial,venous",
        "acute,chronic", "male,female", "slow,fast", "normal,abnormal", "renal,hepatic",
        "start,continue", "halve,double", "modified release,immediate release",
    )
)  # fmt: skip
"""Cues that must not change places in a sentence."""
_START = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9]|[≥⩾≤⩽<>=~≈]")


def _by_initial() -> dict[str, re.Pattern[str]]:
    """For each character the cues that begin with it, so that a word is held against few."""
    rows: dict[str, list[str]] = {}
    for index, (_, _, pattern) in enumerate(_CUES):
        own: dict[str, list[str]] = {}
        for choice in _choices(pattern):
            for initial in _initials(choice):
                own.setdefault(initial, []).append(choice)
        for initial, choices in own.items():
            rows.setdefault(initial, []).append(f"(?P<g{index}>{'|'.join(choices)})")
    return {
        initial: re.compile(
            f"(?:{'|'.join(found)})" + (r"(?![A-Za-z0-9])" if initial.isalnum() else "")
        )
        for initial, found in rows.items()
    }


def _choices(pattern: str) -> list[str]:
    """The alternatives of a pattern, cut at the bars outside brackets."""
    found, depth = [""], 0
    for char in pattern:
        depth += (char in "([") - (char in ")]")
        if char == "|" and not depth:
            found.append("")
        else:
            found[-1] += char
    return found


def _initials(choice: str) -> set[str]:
    """The characters that an alternative can begin with."""
    if not choice.startswith("(?:"):
        return {choice[0]}
    close = next(
        at
        for at in range(len(choice))
        if choice[: at + 1].count("(") == choice[: at + 1].count(")") > 0
    )
    found = {one for inner in _choices(choice[3:close]) for one in _initials(inner)}
    rest = choice[close + 1 :]
    return found | _initials(rest[1:]) if rest.startswith("?") else found


_CUES_OF = _by_initial()
_SENTENCE_CASE = re.compile(r"^[\W\d]*([A-Z][a-z]+)")

ROUTES = frozenset(value for _, value, _ in _CUES[:18])
MODES = frozenset({"continuous", "bolus", "infusion"})
