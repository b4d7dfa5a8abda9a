"""What kind of thing a question wants to hear (a dose, a limit, a time, a name, a verdict), known
by its words, and whether a sentence holds one."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from agents.facts import Amount, Facts
from agents.formulary import members_of


@dataclass(frozen=True, slots=True)
class Want:
    """`asked` knows it in a question. `held(text, said, question)` tells whether a sentence holds
    it. A sentence without what is `needed` does not answer."""

    name: str
    asked: re.Pattern[str]
    held: Callable[[str, Facts, Facts], bool]
    needed: bool
    weight: float = 0.25


TIMED = frozenset({"moment", "time", "duration"})
OF_SECTIONS = frozenset({"treatment", "against", "monitoring", "definition"}) | TIMED
"""What a whole section may be about: any sentence of it holds what is wanted."""
OF_DRUGS = frozenset({"dose", "rate", "formula", "equal", "half-life", "interaction"})
"""What only a sentence that has it can answer."""


def wants_in(question: str, *, of_drugs: bool) -> tuple[Want, ...]:
    """What a question wants. One that only names a condition asks what to do about it; one that
    names something given, whether it may be."""
    wanted = tuple(one for one in WANTS if one.asked.search(question))
    if wanted or _TOPIC.search(question):
        return wanted
    return (VERDICT,) if of_drugs and not _FOR.search(question) else (WHAT_TO_DO,)


def is_dose(amount: Amount) -> bool:
    """Whether an amount is of something given: no concentration, no pressure, no time."""
    head, _, per = amount.unit.partition("/")
    return head in _GIVEN and not per.startswith(("L", "dL", "mL"))


def is_rate(amount: Amount) -> bool:
    """Whether an amount is given or changes over time."""
    return amount.unit.endswith(("/hour", "/minute", "/second", "/day")) or (
        amount.unit in _TIME and amount.limit in ("over", "in")
    )


def is_time(amount: Amount) -> bool:
    """Whether an amount is a length of time."""
    return amount.unit.split(" ")[0] in _TIME


_GIVEN = frozenset("mg mcg g unit mL L mmol IU tablet ng MIU puff drop".split())
_TIME = frozenset("minute hour day week month second year".split())


def _dose(text: str, said: Facts, _: Facts) -> bool:
    return any(map(is_dose, said.amounts)) or bool(_OF_DOSES.search(text))


def _dose_amount(_: str, said: Facts, __: Facts) -> bool:
    return any(is_dose(one) and one.limit != "at most" for one in said.amounts)


def _rate(text: str, said: Facts, _: Facts) -> bool:
    if any(map(is_rate, said.amounts)) or re.search(r"\b(?:slowly|faster)\b", text, re.I):
        return True
    times = [one for one in said.amounts if is_time(one)]
    timed = any(one.limit not in (*_ENDS, "for", "every") for one in times)
    return len(times) < len(said.amounts) and (timed or bool(_HOURLY.search(text)))


def _most(text: str, said: Facts, _: Facts) -> bool:
    return "at most" in said.limits or bool(_MOST.search(text))


def _time(text: str, said: Facts, _: Facts) -> bool:
    return (
        any(map(is_time, said.amounts))
        or any(way.endswith(("ly", "day", "week", "month")) for way in said.ways)
        or bool(re.search(r"\b(?:immediately|at once|as soon as|without delay)\b", text, re.I))
    )


def _duration(text: str, said: Facts, _: Facts) -> bool:
    lasts = any(is_time(one) and one.limit not in ("every", "over") for one in said.amounts)
    return lasts or bool(re.search(r"\b(?:until|indefinite\w*|lifelong)\b", text, re.I))


def _window(_: str, said: Facts, __: Facts) -> bool:
    return any(is_time(one) and (one.high or one.limit in _ENDS) for one in said.amounts)


def _moment(text: str, said: Facts, _: Facts) -> bool:
    limited = any(
        (one.limit or is_time(one)) and one.limit not in ("over", "every", "for")
        for one in said.amounts
    )
    return limited or "if" in said.exceptions or bool(_OCCASION.search(text))


def _bound(text: str, said: Facts, _: Facts) -> bool:
    measured = [one for one in said.amounts if not is_time(one)]
    return bool(measured) and (
        any(one.high or one.limit for one in measured)
        or bool(
            re.search(
                r"\b(?:target|threshold|limit|cut-?off|range|level|maximum|minimum)\b", text, re.I
            )
        )
    )


def _name(text: str, said: Facts, question: Facts) -> bool:
    if question.cues["first-line"] and said.cues["first-line"]:
        return True
    new = {*said.drugs} - {*question.drugs} - _COMMON
    if asked := [members_of(one) for one in question.drugs if members_of(one)]:
        new = {drug for drug in new if any(drug in members for members in asked)}
    return bool(new) and not (is_against(text) and not said.cues["first-line"])


def _first(text: str, said: Facts, _: Facts) -> bool:
    return said.cues["first-line"] > 0 or bool(_CHOSEN.search(text))


def _second(_: str, said: Facts, __: Facts) -> bool:
    return said.cues["second-line"] > 0


def _verdict(text: str, said: Facts, _: Facts) -> bool:
    return bool(said.negations or _VERDICT.search(text))


def is_against(text: str) -> bool:
    """Whether a sentence says that something is not to be given or done."""
    return bool(_AGAINST.search(text))


def _treatment(text: str, said: Facts, _: Facts) -> bool:
    given = any(map(is_dose, said.amounts)) or bool(said.ways) or bool(_DONE.search(text))
    return (bool(said.drugs) and given) or said.cues["first-line"] > 0 or bool(_DO.match(text))


def _says(words: str) -> Callable[[str, Facts, Facts], bool]:
    pattern = re.compile(rf"\b(?:{words})", re.IGNORECASE)
    return lambda text, _, __: bool(pattern.search(text))


def _pressure(text: str, said: Facts, _: Facts) -> bool:
    return any(one.unit in ("mmHg", "kPa") for one in said.amounts)


def _stop(text: str, _: Facts, __: Facts) -> bool:
    return is_against(text) or bool(re.search(r"\b(?:unless|stop|continu\w+)\b", text, re.I))


def _equal(text: str, _: Facts, __: Facts) -> bool:
    return bool(re.search(r"\b(?:equivalent|equals?|divided by|multipl\w+|factors?)\b", text, re.I))


_COMMON = frozenset({"oxygen", "water", "creatinine", "haemoglobin", "lactate"})
_OF_DOSES = re.compile(
    r"\bdos(?:e|es|ing|age)\b|\bno (?:renal )?(?:dose )?adjustment\b|\bcontraindicated\b|"
    r"\bnot recommend",
    re.IGNORECASE,
)
_HOURLY = re.compile(r"\b(?:each|per|every) hour\b|\bhourly\b|/h\b", re.IGNORECASE)
_MOST = re.compile(r"\b(?:limit|maximum|exceed|no (?:faster|more)|fastest|up to)\b", re.I)
_ENDS = ("within", "less than", "at most", "more than", "at least", "after", "before")
_OCCASION = re.compile(
    r"\b(?:before|after|until|once|during|unless|immediately|at once|as soon as|"
    r"without delay|limit|indicated|(?:given|used|needed) (?:in|for|with))\b",
    re.IGNORECASE,
)
_DO = re.compile(
    r"^(?:give|stop|start|begin|treat|use|add|repeat|correct|replace|restore|switch|transfuse|"
    r"refer|admit|call|lay|nurse|cool|insert|place|take|check|keep|offer|apply|ensure|arrange|"
    r"perform|resuscitate|do not|never|avoid|secure|activate|change|remove)\b",
    re.IGNORECASE,
)
_DONE = re.compile(
    r"\b(?:treated with|reversed with|is given|are given|offers?|give|withhold)\b", re.I
)
_CHOSEN = re.compile(r"\b(?:of choice|preferred|first|offers?|recommends?)\b", re.IGNORECASE)
_VERDICT = re.compile(
    r"\b(?:safe\w*|only when|caution|can be (?:given|used)|may be (?:given|used|considered)|"
    r"(?:are|is) (?:widely |not )?(?:used|given|allowed|recommended|restarted|started|continued)|"
    r"allows?|of choice|harms?|defects|cross-reactivity|tolerate\w*)\b",
    re.IGNORECASE,
)
_AGAINST = re.compile(
    r"(?<!not )\bcontra-?indicat|\bavoid|\b(?:never|must not|do not)\b|\bnot (?:used|given|offered|"
    r"recommended|routinely)|\bnot recommend|\badvises against|"
    r"\b(?:rules? out|stopped|withh[eo]ld)",
    re.IGNORECASE,
)
_FOR = re.compile(r"\bfor\b", re.IGNORECASE)
_TOPIC = re.compile(
    r"\b(?:signs?|symptoms?|causes?|diagnos\w+|definition|define|what is|what are|changes|scor\w+|"
    r"criteria|tests?|risk|formula|calculat\w+|interaction|side effects?|half-?life|why|who)\b",
    re.IGNORECASE,
)


def _asks(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})(?:\b|(?<= ))", re.IGNORECASE)


TREATMENT = Want(
    "treatment",
    _asks(r"treat(?!ment line)\w*|manage\w*|what (?:do|should) (?:i|we) (?:do|give|use)"),
    _treatment,
    needed=True,
)
WHAT_TO_DO = Want(
    "what to do",
    _asks(r"how (?:do|should|can|to)(?! (?:i|we|you)? ?calculate)|replac\w+"),
    _treatment,
    needed=False,
    weight=0.4,
)
VERDICT = Want(
    "verdict",
    re.compile(
        r"\b(?:safe\w*|can (?:i|we|you|she|he|they)(?! tell)|allowed|may (?:i|we)|ok|okay)\b|"
        r"^\W*(?:(?:so|and|but) )?(?:should|do|does|is|are)\b",
        re.IGNORECASE,
    ),
    _verdict,
    needed=False,
)
WANTS = (
    Want("dose", _asks(r"dos(?:e|es|age|ing)|how much|how many"), _dose, needed=True),
    Want("dose amount", _asks(r"dos(?:e|es|age|ing)|how much"), _dose_amount, needed=False),
    Want(
        "rate",
        _asks(
            r"(?<!heart )(?<!respiratory )rates?(?! control)|how (?:fast|quickly|slowly)|fastest|"
            r"per hour|speed"
        ),
        _rate,
        needed=True,
    ),
    Want(
        "most",
        _asks(r"how fast|fastest|max|maximum|(?<!time )limits?|highest"),
        _most,
        needed=False,
    ),
    Want(
        "time",
        _asks(
            r"how (?:long|often|soon)|duration|intervals?|"
            r"when (?=(?:do|does|did) (?:\w+ ){1,4}(?:start|begin|occur|happen|peak))"
        ),
        _time,
        needed=True,
    ),
    Want("duration", _asks(r"how long(?! between)|duration"), _duration, needed=True),
    Want("window", _asks(r"windows?|time (?:frame|limit|cut ?off)"), _window, needed=True),
    Want(
        "moment",
        re.compile(
            r"^when\b|\bwhen (?=(?:do|does|did|should|can|could|is|are|to|would|will|must|may)\b)",
            re.IGNORECASE,
        ),
        _moment,
        needed=True,
    ),
    Want(
        "bound",
        _asks(
            r"(?<!time )limits?|targets?|thresholds?|cut ?offs?|max|maximum|minimum|ranges?|"
            r"highest|lowest|how (?:high|low)|aim for|at what|level"
        ),
        _bound,
        needed=True,
    ),
    Want(
        "name",
        _asks(
            r"(?:which|what(?! about)) (?:\w+ )?(?:drugs?|antibiotics?|anti\w+|painkillers?|"
            r"analgesics?|vasopressors?|steroids?|medicines?|medications?|agents?|sedatives?|benzodiazepines?|"
            r"inhibitors?|diuretics?|inotropes?|bronchodilators?|laxatives?)|of choice|"
            r"(?:reversal|second|first)[- ](?:line|agent|choice)(?: (?:drug|agent|antibiotic))?|"
            r"antidotes?|(?<!\w )antibiotics? (?:for|in)"
        ),
        _name,
        needed=True,
    ),
    Want(
        "first",
        _asks(
            r"first[ -](?:line|choice)|of choice|to start|which|"
            r"(?:give|do|use|start|try|comes|goes) first"
        ),
        _first,
        needed=False,
    ),
    Want("second", _asks(r"second[ -](?:line|choice)"), _second, needed=False),
    VERDICT,
    Want("against", _asks(r"contra-?indicat\w*|avoid\w*"), lambda text, *_: is_against(text), True),
    Want(
        "stop", _asks(r"(?:^|to |do i |should i |can i )(?:stop|hold|withhold)"), _stop, needed=True
    ),
    Want(
        "formula",
        _asks(r"formula|calculat\w+|equation"),
        _says(r"(?:equals|constant|divided by|multipl\w+|plus|minus)\b"),
        needed=True,
    ),
    Want(
        "pressure",
        _asks(r"(?:blood|arterial|systolic|diastolic) pressure|bp|map"),
        _pressure,
        needed=True,
    ),
    Want(
        "monitoring",
        _asks(r"monitor\w*|what (?:do|should) (?:i|we) (?:check|measure|watch)"),
        _says(r"monitor|measure|check|watch|record|level"),
        needed=True,
    ),
    Want("half-life", _asks(r"half[- ]li(?:fe|ves)"), _says("half[- ]li"), needed=True),
    Want(
        "interaction",
        _asks(r"interact\w*"),
        _says(
            r"interact|combin|together|concentration|levels?\b|inhibit|induc|"
            r"(?:not (?:given|taken)|caution|avoid\w*)\b.*\bwith\b"
        ),
        needed=True,
    ),
    Want(
        "side effect",
        _asks(r"(?:side|adverse) effects?"),
        _says(r"side effect|adverse|toxic|reaction|causes?\b|risk of"),
        needed=True,
    ),
    Want(
        "definition",
        _asks(r"definitions?|defin\w+|what counts as|what is meant by"),
        _says(
            r"mean(?:s|ing)\b|is called|defin|diagnosed when|(?:is|as) an? |"
            r"is \w+(?: \w+)? (?:that|which|with|below|above)\b"
        ),
        needed=True,
    ),
    Want("equal", _asks(r"convert|conversion|equals?|equivalent\w*|equate"), _equal, needed=False),
    TREATMENT,
    WHAT_TO_DO,
)
