"""The claim gate: a sentence is spoken only if one sentence of one source carries it whole."""

from agents.gate.instructions import is_instruction
from agents.gate.judging import Verdict, check, read
from agents.gate.mending import LIBRARY_SILENT, mend
from agents.gate.source import Source, addresses, carriers, drugs_of

__all__ = [
    "LIBRARY_SILENT",
    "Source",
    "Verdict",
    "addresses",
    "carriers",
    "check",
    "drugs_of",
    "is_instruction",
    "mend",
    "read",
]
