"""The claim gate: a sentence is spoken only if one sentence of one source carries it whole.

Every number with its unit, limit and drug, every route, frequency, negation and turning word must
stand together, in the same order, in one sentence (or table row) of a cited passage, whose
headings may name the drug. Nothing is recombined across sentences. Deterministic; asks no model.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from agents.clauses import moved, parts
from agents.conversational import everyday_stems, is_conversational, substance_of
from agents.facts import QUALIFIERS, Amount, Beside, Facts, facts, kind_of, stems
from agents.formulary import mentions
from rag.sentences import sentences

LIBRARY_SILENT = "The library does not say."
COVERED = 0.65
"""Share of a sentence's words that its carrier must have."""
COVERED_WITH_HEADINGS = 0.8
"""Share that its carrier and the headings above it must have together."""
NEAR = 0.3
"""A sentence with less of the words is about something else, and is not looked into."""
MENDABLE = 0.5
"""Share of the words that a passage's sentence must share to stand in for a refused one."""


@dataclass(frozen=True, slots=True)
class Source:
    """A passage or a tool's result as the gate sees it. `headings`: its title and section."""

    headings: str
    text: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a sentence may be spoken; `unsupported` names what nothing carries."""

    passed: bool
    unsupported: tuple[str, ...] = ()


def check(sentence: str, sources: Sequence[Source | str]) -> Verdict:
    """Whether each sentence in `sentence` is carried by one sentence of one source.

    Talk without clinical content passes without a source. A web address passes only if it stands
    in a source. An instruction to a machine never passes and never carries.
    """
    known = [one if isinstance(one, Source) else Source("", one) for one in sources]
    for address in addresses(sentence):
        if not any(address in source.text for source in known):
            return Verdict(False, (address,))
    missing: list[str] = []
    for part in sentences(sentence):
        missing += _unsupported(part, known)
    return Verdict(not missing, tuple(missing))


def read(sources: Sequence[Source | str]) -> None:
    """Take in the facts of the sources ahead of the first sentence. Some 10 ms for five passages:
    call it off the event loop."""
    for one in sources:
        source = one if isinstance(one, Source) else Source("", one)
        facts(source.headings)
        for carrier in carriers(source.text):
            facts(carrier)
            _other_forms(carrier)


def mend(sentence: str, sources: Sequence[Source | str]) -> str:
    """The passage's own sentence for what `sentence` tried to say, or LIBRARY_SILENT.

    It must name the same drugs, share at least half of the words, and pass the gate itself.
    """
    said = facts(sentence)
    best, most = LIBRARY_SILENT, MENDABLE
    for one in sources:
        source = one if isinstance(one, Source) else Source("", one)
        named = frozenset(_named(source.headings))
        for carrier in carriers(source.text):
            own = facts(carrier)
            if not {*said.drugs} <= {*own.drugs, *named}:
                continue
            shared = len(said.words & own.words) / (len(said.words) or 1)
            if shared > most and check(carrier, (source,)).passed:
                best, most = carrier, shared
    return best


class Gate:
    """Lets a written sentence pass, mends it once from its passages, or falls silent."""

    def __init__(self, sources: Sequence[Source | str]) -> None:
        self._sources = tuple(sources)

    def clear(self, sentence: str) -> str:
        """The sentence that may be spoken for `sentence`."""
        if check(sentence, self._sources).passed:
            return sentence
        return mend(sentence, self._sources)


def is_instruction(sentence: str) -> bool:
    """Whether a sentence of a document speaks to a machine rather than of medicine."""
    return bool(_INSTRUCTION.search(sentence))


def addresses(text: str) -> list[str]:
    """Web and mail addresses in a text, without the stop behind them."""
    return [match.group().rstrip(".,;:)") for match in _ADDRESS.finditer(text)]


def drugs_of(text: str) -> frozenset[str]:
    """Drugs and substances that a text names."""
    return frozenset(_named(text))


@lru_cache(maxsize=4096)
def carriers(text: str) -> tuple[str, ...]:
    """A passage's sentences that may carry a claim: none of a line that speaks to a machine, nor of
    the line that it announces."""
    kept: list[str] = []
    led = False
    for line in text.split("\n"):
        cut = sentences(line)
        orders = is_instruction(line) or any(is_instruction(one) for one in cut)
        if not (orders or led):
            kept += cut
        led = orders and line.rstrip().endswith((":", ",", "…", "..."))
    return tuple(kept)


def _unsupported(sentence: str, sources: Sequence[Source]) -> tuple[str, ...]:
    if is_instruction(sentence):
        return ("an instruction",)
    said = facts(sentence)
    if is_conversational(sentence, said.clinical):
        return ()
    best: tuple[str, ...] | None = None
    for source in sources:
        written = carriers(source.text)
        known = [facts(carrier) for carrier in written]
        closest = max((_likeness(said, one) for one in known), default=0.0)
        for text, carrier in zip(written, known, strict=True):
            if len(said.words & carrier.words) < NEAR * len(said.words):
                continue
            missing = tuple(_missing(said, carrier, source))
            if missing and len(said.words & carrier.words) >= MENDABLE * len(said.words):
                for other, left_out in _other_forms(text):
                    if said.words & left_out:
                        continue
                    missing = min(missing, tuple(_missing(said, other, source)), key=len)
                    if not missing:
                        break
            if not missing and _likeness(said, carrier) >= closest:
                return ()
            missing = missing or ("the sentence that it is from",)
            if best is None or len(missing) < len(best):
                best = missing
    return best or ("a source",)


@lru_cache(maxsize=4096)
def _other_forms(carrier: str) -> tuple[tuple[Facts, frozenset[str]], ...]:
    """The facts of a sentence's other forms, each with the words that it leaves out."""
    whole = facts(carrier)
    found = [(replace(facts(form), words=whole.words), frozenset[str]()) for form in moved(carrier)]
    for part in parts(carrier):
        own = facts(part)
        out = whole.words - own.words
        found += [(own, out), *((replace(facts(o), words=own.words), out) for o in moved(part))]
    return tuple(found)


def _likeness(said: Facts, carrier: Facts) -> float:
    """How much two sentences are about the same, from 0 to 1. A figure must come from the sentence
    that is most like what is said, so that none is borrowed from the one beside it."""
    if not said.amounts:
        return 1.0
    return len(said.words & carrier.words) / (len(said.words | carrier.words) or 1)


def _missing(said: Facts, carrier: Facts, source: Source) -> Iterator[str]:
    """What of `said` the sentence does not carry. Headings may give the subject, never a number."""
    headings = _named(source.headings)
    about = stems(source.headings)
    subject = facts(source.headings)
    allowed = _subjects(carrier, headings)
    yield from (one.said for one in _amounts_missing(said, carrier, allowed))
    yield from (drug for drug in said.drugs if drug not in carrier.drugs and drug not in allowed)
    yield from (Counter(said.ways) - Counter(carrier.ways)).keys()
    yield from _not_in_order(said.limits, carrier.limits)
    if said.negations != carrier.negations or _turned(said, carrier):
        yield "not"
    if said.exceptions != carrier.exceptions:
        yield "a condition"
    yield from ((said.cues - carrier.cues) - subject.cues).keys()
    if said.amounts:  # a figure for severe illness is no figure for all illness
        yield from (carrier.cues.keys() & QUALIFIERS) - said.cues.keys() - subject.cues.keys()
    for name in said.names - carrier.names - subject.names:
        if name not in _all_names(source.text):
            yield name
    plain = "insulin" in said.drugs and "soluble insulin" not in said.drugs
    free = _free(carrier)
    if not all(
        _in_order(
            _order(said, allowed, free, kinds, plain_insulin=plain),
            _order(carrier, frozenset(), free, kinds, plain_insulin=plain),
        )
        for kinds in (_FIGURES, _NAMES)
    ):
        yield "the order"
    content = substance_of(said.words)
    own_words = content - frozenset().union(*(stems(drug) for drug in allowed))
    if (
        len(own_words & carrier.words) < COVERED * len(own_words)
        or len(content & (carrier.words | about)) < COVERED_WITH_HEADINGS * len(content)
    ):  # fmt: skip
        yield "what it is about"
    strange = said.words - about - subject.words - everyday_stems() - _all_words(source.text)
    yield from sorted(word for word in strange if len(word) > 4)


def _subjects(carrier: Facts, headings: tuple[str, ...]) -> frozenset[str]:
    """The headings' drugs that a sentence is about without naming them: only while it names none
    of its own."""
    return frozenset() if carrier.drugs else frozenset(headings)


def _amounts_missing(said: Facts, carrier: Facts, allowed: frozenset[str]) -> Iterator[Amount]:
    """The amounts of `said` that are not in `carrier` in the same order, each with its drug."""
    at = 0
    for index, amount in enumerate(said.amounts):
        while at < len(carrier.amounts):
            other = carrier.amounts[at]
            at += 1
            if _same(amount, other, allowed):
                if _belongs_elsewhere(said.beside[index][0], carrier, at - 1):
                    yield amount
                break
        else:
            yield amount


def _belongs_elsewhere(beside: Beside, carrier: Facts, at: int) -> bool:
    """Whether a word beside an amount stands beside another amount, and not beside this one, in
    the sentence that carries it: "relapse" with the figure for "respond"."""
    amount = carrier.amounts[at]
    plain = _named_stems(carrier.drugs) | everyday_stems() | _GIVING
    own, before, either = set[str](), set[str](), set[str]()
    for one, ((left, right), near) in zip(carrier.amounts, carrier.beside, strict=True):
        if (one.low, one.high, one.unit) == (amount.low, amount.high, amount.unit):
            own |= near[0] | near[1]
            continue
        before |= left
        if one.unit == amount.unit:
            either |= left | right
    left, right = beside
    return bool(((left & before) | ((left | right) & either)) - own - plain)


_GIVING = stems("infuse infused infusion inject injected injection bolus")


@lru_cache(maxsize=2048)
def _named_stems(drugs: tuple[str, ...]) -> frozenset[str]:
    return stems(" ".join(drugs))


def _same(amount: Amount, other: Amount, allowed: frozenset[str]) -> bool:
    if (amount.low, amount.high, amount.unit, amount.limit) != (
        other.low, other.high, other.unit, other.limit,
    ):  # fmt: skip
        return False
    return (
        amount.drug == other.drug
        or not amount.drug
        or (not other.drug and amount.drug in allowed)
        or (amount.drug == "insulin" and other.drug.endswith("insulin"))
    )


_FIGURES = frozenset({"amount", "way", "mode", "route"})
_NAMES = frozenset({"drug", "route"})


def _turned(said: Facts, carrier: Facts) -> bool:
    """Whether a negation has moved: to another drug or amount, or from one word to another."""
    if not said.negations:
        return False
    if any(
        (drug in said.negated) != (drug in carrier.negated)
        for drug in said.drugs
        if drug in carrier.drugs
    ):
        return True
    figures = {one.said for one in carrier.amounts}
    moved = said.negated & (figures | carrier.words) - carrier.negated
    return bool(moved & figures and carrier.negated & figures) or bool(
        moved and (carrier.negated & said.words) - said.negated
    )


def _order(
    one: Facts,
    without: frozenset[str],
    free: frozenset[str],
    kinds: frozenset[str],
    *,
    plain_insulin: bool,
) -> tuple[str, ...]:
    """What of these kinds follows what, but for those whose place is `free`. An amount is bound
    to its drug already. `plain_insulin`: soluble insulin counts as insulin."""
    return tuple(
        "drug insulin" if plain_insulin and item == "drug soluble insulin" else item
        for item in one.order
        if (kind := item.split(" ", 1)[0]) in kinds
        and kind not in free
        and item.removeprefix("drug ") not in without
    )


def _free(carrier: Facts) -> frozenset[str]:
    """A single drug or route, and the frequency of a single amount, may be said anywhere in the
    sentence."""
    free = {"drug"} if len(carrier.drugs) <= 1 else set[str]()
    if "instead" in carrier.exceptions:
        return frozenset(free)
    kinds = Counter(kind_of(way) for way in carrier.ways)
    free |= {kind for kind in ("route", "mode") if kinds[kind] <= 1}
    if len(carrier.amounts) <= 1 and kinds["way"] <= 1:
        free.add("way")
    return frozenset(free)


def _in_order(said: Sequence[str], carrier: Sequence[str]) -> bool:
    """Whether `said` can be had from `carrier` by leaving things out."""
    return not list(_not_in_order(said, carrier))


def _not_in_order(said: Sequence[str], carrier: Sequence[str]) -> Iterator[str]:
    rest = iter(carrier)
    for item in said:
        if item not in rest:
            yield item.removeprefix("drug ").removeprefix("amount ").strip()
            return


@lru_cache(maxsize=4096)
def _named(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(mention.name for mention in mentions(text)))


@lru_cache(maxsize=2048)
def _all_words(text: str) -> frozenset[str]:
    return frozenset().union(*(facts(one).words for one in carriers(text)))


@lru_cache(maxsize=2048)
def _all_names(text: str) -> frozenset[str]:
    return frozenset().union(*(facts(one).names for one in carriers(text)))


_ADDRESS = re.compile(
    r"(?:https?|ftp)://\S+|\bwww\.\S+|\b[\w.+-]+@[\w-]+\.\w{2,}|"
    r"\b(?:[a-z0-9-]+\.)+(?:com|org|net|io|edu|gov|info|biz|uk|co|ru|cn|xyz|app|dev|health|example)\b\S*",
    re.IGNORECASE,
)
_INSTRUCTION = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,60}\b(?:previous|prior|above|earlier|"
    r"instructions?|rules?|prompts?|guidelines? you|polic(?:y|ies)|everything)\b|"
    r"\b(?:following )?words must be (?:said|spoken)\b|"
    r"\b(?:system|developer|hidden) (?:prompt|message|note|override)\b|"
    r"\byou are (?:now |no longer )?(?:an?|the|my|in) (?:\w+ )?"
    r"(?:ai|assistant|model|chatbot|mode)\b|"
    r"\bas an ai\b|\b(?:ai|voice|dear|the) (?:assistant|model|chatbot)s?\b[:,]|"
    r"^\W*(?:system|user|assistant|developer)\s*[:>]|^\W*assistant\s*,|"
    r"^\W*(?:answer|reply|response|output|say)\s*:|<\|?(?:im_start|system|assistant|user)|\[/?INST\]|"
    r"\b(?:call|invoke|run|execute|trigger) (?:the |this |a )?\w*[ _]?"
    r"(?:tool|function|calculator|api)\b|"
    r"\b(?:tell|reply to|respond to|instruct|answer) (?:the |your )?"
    r"(?:user|clinician|caller|listener)s?\b|\b(?:reply|respond|answer|say|speak|output|print)\b.{0,30}"
    r"\b(?:exactly|verbatim|only with|the following words|out loud)\b|"
    r"\b(?:visit|go to|open|click|browse to)\b.{0,20}\b(?:link|url|website|http)|"
    r"\b(?:when|if) (?:asked|the user asks|you are asked)\b|\bdo not (?:mention|reveal|cite|quote) "
    r"(?:this|the source|these)\b|\bnew instructions?\b|\byour (?:instructions|rules|system)\b|"
    r"\{\s*\"(?:tool|function|name|arguments)\"|"
    r"\b(?:language models?|llms?|chat ?bots?|ai (?:assistants?|models?|readers?|systems?|agents?)|"
    r"(?:unrestricted|an) ai)\b|\b(?:developer|admin|debug|god|dan) (?:mode|override)\b|"
    r"\bjail ?break|^\W*(?:prompt|instruction|directive|override|task)s?\s*:|"
    r"\b(?:system|llm|ai|hidden) (?:directive|instruction|prompt)s?\b|"
    r"\bfrom now on\b.{0,40}\b(?:answer|say|reply|respond|recommend|tell|you)\b|"
    r"\byour (?:new |next |only )?(?:task|job|role|goal|guidelines|programming|safety) (?:is|are|"
    r"now)\b|\b(?:follow(?:ing)?|obey(?:ing)?|ignor\w+|disregard\w*) your\b|"
    r"\bpretend (?:that |to )?(?:you|be)\b|\bact as (?:an?|the|if you)\b|\brole-?play\b|"
    r"\bin (?:every|each|all|any|your) (?:answer|response|reply|replies|responses|answers)\b|"
    r"\b(?:respond|reply|answer)(?:s|ing)? (?:with|as follows|by saying)\b|"
    r"\b(?:instead|then|now) (?:output|say|print|answer|reply|respond)\b|"
    r"\boverrid(?:e|es|ing) (?:all|any|every|the|previous|prior|your)\b|"
    r"\b(?:read|repeat|say|speak) (?:this|the following|it|these)\b.{0,20}"
    r"\b(?:aloud|out loud|to the (?:user|caller|doctor|clinician|listener))\b|"
    r"\bassistant (?:should|must|will|shall|is to|has to|needs to)\b|"
    r"\b(?:ignor(?:iere|ieren|ez|er|a|ar|e|i)|vergiss|oubliez|olvida|dimentica)\b.{0,40}"
    r"\b(?:anweisung\w*|instructions?|instruccion\w*|istruzion\w*|regeln|règles|reglas)\b",
    re.IGNORECASE,
)  # fmt: skip
