"""What is clinical in a sentence, in one form however it is written."""

from agents.facts.amounts import TIMES, Amount
from agents.facts.conditions import FIGURE
from agents.facts.cues import OPPOSITES, QUALIFIERS, kind_of
from agents.facts.plain import plain
from agents.facts.reading import Facts, facts
from agents.facts.scope import Beside
from agents.facts.words import STOPWORDS, stems

__all__ = [
    "FIGURE",
    "OPPOSITES",
    "QUALIFIERS",
    "STOPWORDS",
    "TIMES",
    "Amount",
    "Beside",
    "Facts",
    "facts",
    "kind_of",
    "plain",
    "stems",
]
