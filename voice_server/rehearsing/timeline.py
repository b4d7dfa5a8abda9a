"""The picture of a call: lanes of spans and marks, from a rehearsed call or from a kept one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from voice_server.rehearsing.judging import Verdict
from voice_server.rehearsing.performance import Answered, Done

Kind = Literal["speech", "noise", "work", "voice", "soft", "silence"]


@dataclass(frozen=True, slots=True)
class Span:
    """Something that lasted, in seconds from the start."""

    from_s: float
    to_s: float
    kind: Kind
    label: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened at a moment. `above` is written beside it, the rest when pointed
    at."""

    at_s: float
    label: str
    shown: bool = False


@dataclass(frozen=True, slots=True)
class Lane:
    """One row of the picture."""

    name: str
    spans: tuple[Span, ...] = ()
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Delay:
    """A turn's way to its answer, in milliseconds from the end of the caller's speech."""

    question: str
    answer: str
    interrupted: bool
    steps: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """A call as a picture."""

    length_s: float
    lanes: tuple[Lane, ...]
    delays: tuple[Delay, ...]


STEPS = {
    "asked": "question known (prepared ahead)",
    "evidence": "passages found",
    "final_transcript": "last words transcribed",
    "turn_end": "end of turn decided",
    "first_text": "first sentence cleared",
    "first_voice": "voice began to make it",
    "first_audio": "first sound sent",
    "starved": "ran out of speech",
    "answer_end": "answer over",
}
"""The marks of a turn's timings, in words."""

_WORK = (("asked", "evidence", "search"), ("evidence", "first_text", "model"),
         ("first_text", "first_voice", "voice"))  # fmt: skip


def timeline_of(verdict: Verdict) -> Timeline:
    """A rehearsed call, as its caller's ear and the data channel knew it."""
    performance = verdict.performance
    sounding = [done for done in performance.done if done.pieces]
    partials = tuple(
        Mark(one.at_s, str(one.data["text"]))
        for one in performance.of("user-transcription")
        if not one.data.get("final")
    )
    turns = tuple(Mark(one.at_s, "end of turn") for one in performance.of("user-stopped-speaking"))
    answer = (
        tuple(
            Span(a, b, "soft" if softer else "voice", "softer" if softer else "")
            for a, b, softer in verdict.ear.sounding()
        )
        if verdict.ear
        else ()
    )
    notices = tuple(Mark(one.at_s, str(one.data["text"]), True) for one in performance.of("notice"))
    ends = tuple(
        Mark(one.ended_s, "stopped" if one.data["interrupted"] else "over", True)
        for one in verdict.answers
    )
    return Timeline(
        max(performance.length_s, 1.0),
        (
            Lane("caller", tuple(_spoken(sounding))),
            Lane("does", (), tuple(_acts(performance.done))),
            Lane("words", (), partials),
            Lane("turn", tuple(_silences(verdict)), turns),
            Lane("preparing", tuple(_work(verdict.answers))),
            Lane("answer at the ear", answer, ends),
            Lane("notices", (), notices),
        ),
        tuple(
            _delay(one.question, str(one.data["text_heard"]), bool(one.data["interrupted"]),
                   one.marks_ms)
            for one in verdict.answers
        ),
    )  # fmt: skip


def timeline_of_kept(call: Mapping[str, Any]) -> Timeline:
    """A kept call, as `GET /api/calls/{id}` gives it: what was stored of each turn."""
    start = datetime.fromisoformat(call["started_at"])

    def at_s(moment: str) -> float:
        return (datetime.fromisoformat(moment) - start).total_seconds()

    caller: list[Span] = []
    turns: list[Mark] = []
    work: list[Span] = []
    answers: list[Span] = []
    ends: list[Mark] = []
    delays: list[Delay] = []
    question = ""
    last_s = 1.0
    for turn in call["turns"]:
        last_s = max(last_s, at_s(turn["ended_at"]))
        if turn["speaker"] == "caller":
            question = str(turn["text_spoken"])
            if not any(
                other["speaker"] == "assistant" and other["started_at"] == turn["started_at"]
                for other in call["turns"]
            ):
                began_s = at_s(turn["started_at"])
                caller.append(Span(began_s, at_s(turn["ended_at"]), "speech", question))
            continue
        marks = turn["timings_ms"]
        # The answer's end is stored both as a moment and as a distance from the caller's speech.
        end_s = at_s(turn["ended_at"])
        voice_end_s = end_s - float(marks.get("answer_end", 0.0)) / 1000
        caller.append(Span(at_s(turn["started_at"]), voice_end_s, "speech", question))
        if "turn_end" in marks:
            turns.append(Mark(voice_end_s + marks["turn_end"] / 1000, "end of turn"))
        work += _work_of(marks, voice_end_s)
        if "first_audio" in marks:
            answers.append(
                Span(voice_end_s + marks["first_audio"] / 1000, end_s, "voice", turn["text_heard"])
            )
        ends.append(Mark(end_s, "stopped" if turn["interrupted"] else "over", True))
        delays.append(_delay(question, turn["text_heard"], turn["interrupted"], marks))
    return Timeline(
        last_s,
        (
            Lane("caller", tuple(caller)),
            Lane("turn", (), tuple(turns)),
            Lane("preparing", tuple(work)),
            Lane("answer", tuple(answers), tuple(ends)),
        ),
        tuple(delays),
    )


def _spoken(sounding: Sequence[Done]) -> Iterator[Span]:
    for done in sounding:
        label = done.step.say or done.step.noise or str(done.step.play)
        kind: Kind = "noise" if done.step.noise else "speech"
        for from_s, to_s in done.pieces:
            yield Span(from_s, to_s, kind, label)


def _acts(done: Sequence[Done]) -> Iterator[Mark]:
    for one in done:
        match one.step.does:
            case "type":
                yield Mark(one.began_s, f"types: {one.step.type}", True)
            case "mute":
                yield Mark(one.began_s, "muted" if one.step.mute else "unmuted", True)
            case "echo":
                yield Mark(one.began_s, "echo on" if one.step.echo else "echo off", True)
            case "network":
                yield Mark(one.began_s, "network changes", True)
            case "hang_up":
                yield Mark(one.began_s, "hangs up", True)


def _silences(verdict: Verdict) -> Iterator[Span]:
    """From the end of what was said to the end of the turn."""
    ends = [one.at_s for one in verdict.performance.of("user-stopped-speaking")]
    said = [done for done in verdict.performance.done if done.pieces and not done.step.noise]
    for end_s in ends:
        last = [done.ended_s for done in said if done.ended_s <= end_s + 0.05]
        if last and 0 < end_s - last[-1] < 10:
            yield Span(last[-1], end_s, "silence", f"{(end_s - last[-1]) * 1000:.0f} ms of silence")


def _work(answers: Sequence[Answered]) -> Iterator[Span]:
    for one in answers:
        first_ms = one.marks_ms.get("first_audio")
        if first_ms is not None:
            yield from _work_of(one.marks_ms, one.began_s - first_ms / 1000)


def _work_of(marks_ms: Mapping[str, float], voice_end_s: float) -> Iterator[Span]:
    for begins, ends, name in _WORK:
        if begins in marks_ms and ends in marks_ms:
            from_s, to_s = marks_ms[begins] / 1000, marks_ms[ends] / 1000
            label = f"{name} {(to_s - from_s) * 1000:.0f} ms"
            yield Span(voice_end_s + from_s, voice_end_s + to_s, "work", label)


def _delay(question: str, answer: str, interrupted: bool, marks_ms: Mapping[str, float]) -> Delay:
    steps = sorted(
        ((STEPS.get(name, name), float(at_ms)) for name, at_ms in marks_ms.items()),
        key=lambda step: step[1],
    )
    return Delay(question, answer, interrupted, tuple(steps))
