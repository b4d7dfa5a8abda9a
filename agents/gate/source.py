"""What a claim may rest on: a passage, the sentences of it that may carry, and what it names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from agents.facts import facts
from agents.formulary import mentions
from agents.gate.instructions import is_instruction
from rag.sentences import sentences


@dataclass(frozen=True, slots=True)
class Source:
    """A passage or a tool's result as the gate sees it. `headings`: its title and section."""

    headings: str
    text: str


def known(sources: Sequence[Source | str]) -> tuple[Source, ...]:
    """The sources, a bare text as one without headings."""
    return tuple(one if isinstance(one, Source) else Source("", one) for one in sources)


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


@lru_cache(maxsize=4096)
def denied(text: str) -> frozenset[str]:
    """The items of lists that a "do not … in:" or "… is stopped in:" announces."""
    found, leads = set[str](), False
    for line in filter(None, map(str.strip, text.split("\n"))):
        if leads and not line.endswith(":"):
            found.update(sentences(line))
            leads = line.endswith((";", ","))
        else:
            leads = line.endswith(":") and bool(facts(line).negations)
    return frozenset(found)


def addresses(text: str) -> list[str]:
    """Web and mail addresses in a text, without the stop behind them."""
    return [match.group().rstrip(".,;:)") for match in _ADDRESS.finditer(text)]


def drugs_of(text: str) -> frozenset[str]:
    """Drugs and substances that a text names."""
    return frozenset(named(text))


@lru_cache(maxsize=4096)
def named(text: str) -> tuple[str, ...]:
    """The same in the order they are named."""
    return tuple(dict.fromkeys(mention.name for mention in mentions(text)))


@lru_cache(maxsize=2048)
def all_words(text: str) -> frozenset[str]:
    """The stems of all sentences that may carry."""
    return frozenset().union(*(facts(one).words for one in carriers(text)))


@lru_cache(maxsize=2048)
def all_names(text: str) -> frozenset[str]:
    """Their scores and terms that hold digits."""
    return frozenset().union(*(facts(one).names for one in carriers(text)))


_ADDRESS = re.compile(
    r"(?:https?|ftp)://\S+|\bwww\.\S+|\b[\w.+-]+@[\w-]+\.\w{2,}|"
    r"\b(?:[a-z0-9-]+\.)+(?:com|org|net|io|edu|gov|info|biz|uk|co|ru|cn|xyz|app|dev|health|example)\b\S*",
    re.IGNORECASE,
)
