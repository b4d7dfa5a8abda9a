"""Judges a sentence: every number with its unit, limit and drug, every route, frequency, negation
and turning word must stand together, in the same order, in one sentence (or table row) of a cited
passage, whose headings may name the drug. Nothing is recombined across sentences. Deterministic;
asks no model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from agents.conversational import is_conversational, substance_of
from agents.facts import Facts, facts
from agents.gate.forms import other_forms
from agents.gate.instructions import is_instruction
from agents.gate.missing import missing_in
from agents.gate.source import Source, addresses, carriers, denied, known
from agents.gate.telling import telling_stems
from rag.sentences import sentences


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
    at_hand = known(sources)
    for address in addresses(sentence):
        if not any(address in source.text for source in at_hand):
            return Verdict(False, (address,))
    missing: list[str] = []
    for part in sentences(sentence):
        missing += _unsupported(part, at_hand)
    return Verdict(not missing, tuple(missing))


def read(sources: Sequence[Source | str]) -> None:
    """Take in the facts of the sources ahead of the first sentence. Some 10 ms for five passages:
    call it off the event loop."""
    for source in known(sources):
        facts(source.headings)
        for carrier in carriers(source.text):
            facts(carrier)
            other_forms(carrier)


def _unsupported(sentence: str, sources: Sequence[Source]) -> tuple[str, ...]:
    if len(sentence) > LONGEST:
        return ("a sentence of such a length",)
    if is_instruction(sentence):
        return ("an instruction",)
    said = facts(sentence)
    if is_conversational(sentence, said.clinical):
        return ()
    best: tuple[str, ...] = ()
    for source in sources:
        written = carriers(source.text)
        for text, carrier in zip(written, map(facts, written), strict=True):
            if len(said.words & carrier.words) < NEAR * len(said.words):
                continue
            if text in denied(source.text) and not (said.negations or said.words <= carrier.words):
                continue
            missing = _lacking(said, text, carrier, source, len(best) or MOST_NAMED)
            if not missing and _is_closest(said, carrier, written):
                return ()
            missing = missing or ("the sentence that it is from",)
            if not best or len(missing) < len(best):
                best = missing
    return best or ("a source",)


def _lacking(said: Facts, text: str, carrier: Facts, source: Source, most: int) -> tuple[str, ...]:
    """What neither a sentence of the source nor another form of it carries; at most `most`."""
    missing = tuple(islice(missing_in(said, carrier, source), most))
    if missing and len(said.words & carrier.words) >= CLOSE * len(said.words):
        for other, left_out in other_forms(text):
            if said.words & left_out:
                continue
            fewer = islice(missing_in(said, other, source), len(missing))
            missing = min(missing, tuple(fewer), key=len)
            if not missing:
                break
    return missing


def _is_closest(said: Facts, carrier: Facts, written: Sequence[str]) -> bool:
    """Whether no other sentence of its passage is more like what is said. A figure must come from
    the sentence that is most like it, so that none is borrowed from the one beside it."""
    own = _likeness(said, carrier)
    return all(_likeness(said, facts(other)) <= own for other in written if facts(other).amounts)


def _likeness(said: Facts, carrier: Facts) -> float:
    """How much two sentences are about the same, from 0 to 1; all is alike without a figure."""
    if not said.amounts:
        return 1.0
    content = substance_of(said.words | carrier.words) - telling_stems()
    return len(said.words & carrier.words & content) / (len(content) or 1)


LONGEST = 1000
"""Characters. What is longer is not for the ear; that bounds the work for one sentence."""
NEAR = 0.3
"""A sentence with less of the words is about something else, and is not looked into."""
CLOSE = 0.5
"""Share of the words from which a sentence's other forms are tried as well."""
MOST_NAMED = 8
"""How many missing things are named at the most."""
