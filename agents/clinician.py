"""What the model is told: the prompt, the conversation as it was heard, and the evidence.

Evidence belongs to one answer and never enters the history.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import resources

from agents.reply import Message
from rag.evidence import Evidence
from rag.sentences import sentences

PROMPT = "clinician-v2"
RECENT = 6
"""Exchanges given word for word; of older ones only the sentences with a number are kept."""
MOST_OLDER = 2000
"""Characters up to which older questions are kept beside the sentences with a number."""

History = Sequence[tuple[str, str]]
"""(question, answer as heard), oldest first."""


def messages_for(question: str, history: History, evidence: Evidence) -> list[Message]:
    """The messages of one request to the model."""
    messages = [{"role": "system", "content": f"{prompt()}\n\n{_passages(evidence)}"}]
    older, recent = history[:-RECENT], history[-RECENT:]
    if summary := summarise(older):
        messages.append({"role": "system", "content": f"Said earlier in this call: {summary}"})
    for asked, heard in recent:
        messages.append({"role": "user", "content": asked})
        messages.append({"role": "assistant", "content": heard or "(interrupted)"})
    messages.append({"role": "user", "content": question})
    return messages


def summarise(history: History) -> str:
    """Older exchanges in short, oldest first. Every sentence with a number stays whole, once; the
    question stays with it while there is room, newest first."""
    kept: list[str] = []
    told: set[str] = set()
    room = MOST_OLDER
    for asked, heard in reversed(history):
        numbers = [one for one in sentences(heard) if any(char.isdigit() for char in one)]
        new = [one for one in numbers if one not in told]
        told.update(new)
        line = f"Asked: {asked} Heard: {' '.join(new) or 'no figures.'}"
        room -= len(line)
        if room >= 0:
            kept.append(line)
        elif new:
            kept.append(" ".join(new))
    return "\n".join(reversed(kept))


def _passages(evidence: Evidence) -> str:
    if not evidence.found:
        return "Passages: none."
    blocks = []
    for index, one in enumerate(evidence.found, 1):
        where = " › ".join((one.title, *one.passage.section))
        state = " (superseded edition)" if one.superseded else ""
        blocks.append(f"[{index}] {where}{state}\n<<<\n{one.passage.text}\n>>>")
    return "Passages:\n\n" + "\n\n".join(blocks)


@cache
def prompt() -> str:
    """The instructions, as versioned in `agents/prompts`."""
    return resources.files("agents.prompts").joinpath(f"{PROMPT}.md").read_text(encoding="utf-8")
