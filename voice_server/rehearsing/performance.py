"""What happened in a rehearsed call: what the caller did, what came back, and when.

All times are seconds from the moment the call was up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from signaling.listening import Heard
from voice_server.rehearsing.script import Call, Step


@dataclass(frozen=True, slots=True)
class Done:
    """A step as it was done; `pieces` are the stretches in which it sounded."""

    number: int
    step: Step
    began_s: float
    ended_s: float
    pieces: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """One message from the server. `kind` is its own, or that of our server-message."""

    at_s: float
    kind: str
    data: Mapping[str, Any]


@dataclass(slots=True)
class Performance:
    """A call from beginning to end. `missed` says what it waited for in vain; `refused` why it was
    not played at all; `late_s` how late the caller's own machine was at worst; `again` that it is
    the second time, by itself."""

    call: Call
    up_s: float = 0.0
    done: list[Done] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    heard: Heard | None = None
    length_s: float = 0.0
    missed: str = ""
    refused: str = ""
    late_s: float = 0.0
    again: bool = False

    def of(self, *kinds: str) -> list[Message]:
        """The messages of these kinds, in order."""
        return [message for message in self.messages if message.kind in kinds]


def messages_of(seen: Sequence[tuple[float, dict[str, Any]]], up_s: float) -> Iterator[Message]:
    """The data channel's messages as they are looked at here."""
    for at_s, message in seen:
        data = message.get("data")
        data = data if isinstance(data, dict) else {}
        kind = data.get("kind") if message.get("type") == "server-message" else message.get("type")
        yield Message(at_s - up_s, str(kind), data)


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer that sounded, with the question as it was heard."""

    began_s: float
    ended_s: float
    question: str
    asked_s: float
    data: Mapping[str, Any]
    marks_ms: Mapping[str, float]


def answers_of(performance: Performance) -> list[Answered]:
    """Every answer that ended, in order."""
    found = []
    question, asked_s = "", 0.0
    spoken: tuple[float, str, float] | None = None  # began, and the question as known then
    timelines = {message.data.get("turn"): message.data for message in performance.of("timeline")}
    for message in performance.messages:
        if message.kind == "user-transcription" and message.data.get("final"):
            question, asked_s = str(message.data["text"]), message.at_s
        elif message.kind == "bot-started-speaking":
            spoken = (message.at_s, question, asked_s)
        elif message.kind == "answer":
            began_s, heard_as, at_s = spoken or (message.at_s, question, asked_s)
            marks = timelines.get(message.data.get("turn"), {}).get("marks_ms", {})
            found.append(Answered(began_s, message.at_s, heard_as, at_s, message.data, marks))
            spoken = None
    return found
