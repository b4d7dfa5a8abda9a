"""What is said in place of a sentence that may not be spoken."""

from __future__ import annotations

from collections.abc import Sequence

from agents.facts import facts
from agents.gate.judging import LONGEST, check
from agents.gate.source import Source, carriers, known, named


def mend(sentence: str, sources: Sequence[Source | str]) -> str:
    """The passage's own sentence for what `sentence` tried to say, or LIBRARY_SILENT.

    It must name the same drugs, share at least half of the words, and pass the gate itself.
    """
    if len(sentence) > LONGEST:
        return LIBRARY_SILENT
    said = facts(sentence)
    best, most = LIBRARY_SILENT, MENDABLE
    for source in known(sources):
        headings = frozenset(named(source.headings))
        for carrier in carriers(source.text):
            own = facts(carrier)
            if not {*said.drugs} <= {*own.drugs, *headings}:
                continue
            shared = len(said.words & own.words) / (len(said.words) or 1)
            if shared > most and check(carrier, (source,)).passed:
                best, most = carrier, shared
    return best


LIBRARY_SILENT = "The library does not say."
MENDABLE = 0.5
"""Share of the words that a passage's sentence must share to stand in for a refused one."""
