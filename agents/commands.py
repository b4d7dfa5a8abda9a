"""Voice commands: short things said to the assistant about the answer itself, not questions.

The claim that a command is about is the one being heard, or the last one heard; the caller binds
it, with `said_about`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from agents.claims import Claim
from rag.evidence import Found


class Command(StrEnum):
    """What is wanted."""

    STOP = "stop"
    SOURCE = "source"
    READ = "read"
    WHERE = "where"
    REPEAT = "repeat"
    SLOWER = "slower"
    GO_ON = "go on"


_PLEASE = r"(?:(?:please|okay|ok|hey|sorry|um|uh|can you|could you|would you|just)[\s,]+)*"
_END = r"(?:[\s,]+(?:please|now|again|for me|thanks|thank you))*[\s.?!]*$"
_COMMANDS: tuple[tuple[Command, str], ...] = (
    (Command.STOP, r"(?:stop(?: (?:it|talking|there|speaking))?|be quiet|quiet|shut up|enough|"
                   r"that'?s enough|that(?:'s| is) all|never ?mind|cancel)"),
    (Command.WHERE, r"(?:which|what) (?:page|section|trial|study|guideline|edition|document|"
                    r"chapter)"
                    r"(?: (?:is|was) (?:that|this|it)(?: (?:from|in|on))?)?|"
                    r"where (?:is|was) (?:that|this|it) "
                    r"(?:written|from)"),
    (Command.SOURCE, r"(?:what(?:'s| is| was)|which(?: is)?|tell me|give me|name) "
                     r"(?:the|your|that) "
                     r"(?:source|reference|citation|evidence)(?: (?:for|of) (?:that|this|it))?|"
                     r"(?:the )?source|where did you get (?:that|this|it)(?: from)?|"
                     r"where does (?:that|this|it) come from|says who|who says(?: (?:so|that))?|"
                     r"which source"),
    (Command.READ, r"(?:read|quote|show) (?:me )?(?:that|this|it|the (?:passage|source|text|"
                   r"paragraph|"
                   r"section|whole (?:passage|thing)))(?: (?:out|aloud|to me|out loud))*"),
    (Command.SLOWER, r"(?:(?:speak |say (?:that|it) |go |talk )?(?:more slowly|slower)|slow down)"),
    (Command.REPEAT, r"(?:(?:repeat|say) (?:that|this|it)(?: again| once more)?|repeat|again|"
                     r"once more|come again|pardon|(?:what did you say|what was that))"),
    (Command.GO_ON, r"(?:go on|continue|carry on|resume|keep going)"),
)  # fmt: skip
_PATTERNS = tuple(
    (command, re.compile(rf"^{_PLEASE}(?:{pattern}){_END}", re.IGNORECASE))
    for command, pattern in _COMMANDS
)

_CUT_IN = re.compile(
    r"^\W*(?:(?:stop(?: (?:it|talking|there|that))?|(?:wait|hold on|hang on)(?: a \w+)?|no|sorry|"
    r"excuse me|okay|ok|right|well|so|yes|yeah|thanks|thank you|please|hey|hello|listen|"
    r"never ?mind|enough|actually|u[hm]+|er+m?)\b[\s,.!?]+)+"
    r"(?=(?:what|how|when|which|who|where|why|can|could|should|may|do|does|is|are|tell|compare|"
    r"give me|i (?:want|need|meant|asked))\b)",
    re.IGNORECASE,
)


def command_in(text: str) -> Command | None:
    """The command that `text` is, from its first word to its last; None for anything more."""
    plain = " ".join(text.replace("’", "'").split())
    for command, pattern in _PATTERNS:
        if pattern.match(plain):
            return command
    return None


def behind_command(text: str) -> str:
    """The question behind what cut in: "stop, how is sepsis treated" asks how sepsis is treated.

    Unchanged where no question follows: "stop metformin when" is one about stopping.
    """
    return _CUT_IN.sub("", text, count=1)


def said_about(command: Command, claim: Claim | None, found: Sequence[Found]) -> tuple[Claim, ...]:
    """The answer to a command about `claim`, cited like it; a bare "Okay." for STOP and GO_ON.

    SLOWER and REPEAT say the claim again; the voice's pace is the caller's to set.
    """
    if command in (Command.STOP, Command.GO_ON):
        return (Claim("Okay.", ()),)
    if claim is None:
        return (Claim("I have not said anything yet.", ()),)
    if command in (Command.REPEAT, Command.SLOWER):
        return (claim,)
    cited = [one for one in found if one.passage.id in claim.citations]
    if not cited:
        return (Claim("That had no source.", ()),)
    one = cited[0]
    if command is Command.READ:
        return (Claim(one.passage.text, claim.citations),)
    return (Claim(_where(one), claim.citations),)


def _where(one: Found) -> str:
    edition = one.edition or (str(one.year) if one.year else "")
    parts = [one.title, edition, "superseded" if one.superseded else ""]
    if one.passage.section:
        parts.append(f"section {one.passage.section[-1].rstrip('?.')}")
    if one.passage.page:
        parts.append(f"page {one.passage.page}")
    said = ", ".join(part for part in parts if part)
    return f"That is from {said}." + (f" Source: {one.source}." if one.source else "")
