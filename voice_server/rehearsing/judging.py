"""Compares what happened in a call with what its script expects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from voice_server.rehearsing.ear import Ear, ear_of, repeated_and_lost
from voice_server.rehearsing.performance import Answered, Done, Performance, answers_of
from voice_server.rehearsing.script import AnswerExpected, Engines, StepExpected, Text

LOOK_S = 3.0
"""How far a step's effect is looked for, beyond its limit, to say how late it was."""


@dataclass(frozen=True, slots=True)
class Check:
    """One expectation: whether it held, and in words what was wanted and what came."""

    what: str
    held: bool
    wanted: str
    came: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """A call and its checks."""

    performance: Performance
    ear: Ear | None
    answers: list[Answered]
    checks: list[Check]

    @property
    def passed(self) -> bool:
        """Whether every expectation held."""
        return all(check.held for check in self.checks)

    @property
    def failures(self) -> list[Check]:
        """The expectations that did not hold."""
        return [check for check in self.checks if not check.held]

    @property
    def result(self) -> str:
        """In a word, or a few."""
        word = "passed" if self.passed else "failed"
        return f"{word}, played again by itself" if self.performance.again else word

    def first_audio_ms(self) -> list[float]:
        """For each answer, from the end of the question to its first sound at the ear."""
        found = []
        for answered in self.answers:
            first = _first_audio_ms(self.performance, answered)
            if first is not None:
                found.append(first)
        return found


def judge(performance: Performance) -> Verdict:
    """Every expectation of the call's script, looked at."""
    if performance.refused or performance.heard is None:
        came = performance.refused or "no call"
        return Verdict(performance, None, [], [Check("the call", False, "is up", came)])
    ear = ear_of(performance.heard, performance.up_s)
    answers = answers_of(performance)
    checks = list(_whole(performance, answers))
    for done in performance.done:
        checks += _step(done, ear)
    expected = performance.call.expect.answers
    for number, (wanted, answered) in enumerate(zip(expected, answers, strict=False), 1):
        checks += _answer(f"answer {number}", wanted, answered, performance, ear)
    return Verdict(performance, ear, answers, checks)


def _whole(performance: Performance, answers: list[Answered]) -> Iterator[Check]:
    if performance.missed:
        yield Check("steps", False, "are all done", performance.missed)
    expect = performance.call.expect
    told = "; ".join(f"“{_short(str(one.data['text_spoken']))}”" for one in answers)
    yield Check(
        "answers",
        len(answers) == len(expect.answers),
        str(len(expect.answers)),
        f"{len(answers)}{f': {told}' if told else ''}",
    )
    notices = [str(one.data["code"]) for one in performance.of("notice")]
    wanted = ", ".join(expect.notices) or "none"
    yield Check("notices", notices == expect.notices, wanted, ", ".join(notices) or "none")
    if expect.notice_ms is not None:
        came = performance.of("notice")
        after_ms = None
        if came:
            sounds = [one.ended_s for one in performance.done if one.pieces]
            last_s = max((at_s for at_s in sounds if at_s <= came[0].at_s), default=0.0)
            after_ms = round((came[0].at_s - last_s) * 1000, 1)
        yield _within("the first notice", after_ms, expect.notice_ms)


def _step(done: Done, ear: Ear) -> Iterator[Check]:
    expect: StepExpected = done.step.expect
    onset_s, where = done.began_s, f"step {done.number + 1}"
    if expect == StepExpected():
        return
    if ear.level_before(onset_s) is None:
        yield Check(where, False, "sounds over an answer", "nothing was being said")
        return
    if expect.duck_ms is not None:
        yield _within(
            f"{where} softens the answer",
            ear.gave_way_ms(onset_s, expect.duck_ms / 1000 + LOOK_S),
            expect.duck_ms,
        )
    if expect.silent_ms is not None:
        yield _within(
            f"{where} silences the answer",
            ear.silent_ms(onset_s, expect.silent_ms / 1000 + LOOK_S),
            expect.silent_ms,
        )
    if expect.quiet_for_s is not None:
        from_s = onset_s + (expect.silent_ms or 0.0) / 1000
        loudest = ear.sounds_between(from_s, from_s + expect.quiet_for_s)
        wanted = f"nothing for {expect.quiet_for_s:g} s"
        yield Check(
            f"{where} leaves it quiet", not loudest, wanted, "sound" if loudest else "nothing"
        )
    if expect.goes_on_ms is not None:
        full = ear.is_full(onset_s, onset_s + expect.goes_on_ms / 1000)
        yield Check(
            f"{where} lets the answer go on",
            full,
            f"full voice {expect.goes_on_ms:.0f} ms after the onset",
            "full voice" if full else "softer, silent or over",
        )


def _answer(
    where: str, wanted: AnswerExpected, answered: Answered, performance: Performance, ear: Ear
) -> Iterator[Check]:
    data = answered.data
    if wanted.transcript is not None:
        yield _text(f"{where}: transcript", wanted.transcript, answered.question)
    if wanted.text is not None:
        yield _text(f"{where}: text", wanted.text, str(data["text_spoken"]))
    if wanted.heard is not None:
        came = _heard(str(data["text_heard"]), str(data["text_spoken"]))
        yield Check(f"{where}: heard", came == wanted.heard, wanted.heard, came)
    titles = [str(one["title"]) for one in data["citations"]]
    if wanted.source is not None:
        first = titles[0] if titles else "none"
        held = wanted.source.casefold() in first.casefold()
        yield Check(f"{where}: source", held, wanted.source, first)
    if wanted.any_source is not None:
        held = any(wanted.any_source.casefold() in title.casefold() for title in titles)
        yield Check(f"{where}: a source", held, wanted.any_source, "; ".join(titles) or "none")
    if wanted.first_audio_ms is not None:
        yield _within(
            f"{where}: first sound", _first_audio_ms(performance, answered), wanted.first_audio_ms
        )
    if wanted.interrupted is not None:
        came = "interrupted" if data["interrupted"] else "not interrupted"
        want = "interrupted" if wanted.interrupted else "not interrupted"
        yield Check(f"{where}: ends", came == want, want, came)
    if wanted.words_repeated is not None or wanted.words_lost is not None:
        yield from _words(where, wanted, answered, performance, ear)


def _words(
    where: str, wanted: AnswerExpected, answered: Answered, performance: Performance, ear: Ear
) -> Iterator[Check]:
    engines = performance.call.engines
    if not isinstance(engines, Engines):
        yield Check(f"{where}: words", False, "can be counted", "only the simulated voice's can be")
        return
    # The last packets arrive a little after the message that the answer has ended.
    heard = ear.words(answered.began_s - 0.1, answered.ended_s + 0.5, engines.word_ms)
    repeated, lost = repeated_and_lost(heard)
    for what, most, came in (
        ("repeated", wanted.words_repeated, repeated),
        ("lost", wanted.words_lost, lost),
    ):
        if most is not None:
            name = f"{where}: words {what}"
            held = bool(heard) and came <= most
            yield Check(name, held, f"at most {most}", f"{came} of {len(heard)}")


def _text(what: str, wanted: Text, came: str) -> Check:
    held, wants, plain = True, [], _plain(came)
    for part in _list(wanted.contains):
        held = held and _plain(part) in plain
        wants.append(f"contains “{part}”")
    for part in _list(wanted.lacks):
        held = held and _plain(part) not in plain
        wants.append(f"lacks “{part}”")
    if wanted.equals is not None:
        held = held and _plain(wanted.equals) == plain
        wants.append(f"is “{wanted.equals}”")
    if wanted.words is not None:
        least, most = wanted.words
        held = held and least <= len(plain.split()) <= most
        wants.append(f"{least} to {most} words")
    return Check(what, held, ", ".join(wants), f"“{came}”")


def _first_audio_ms(performance: Performance, answered: Answered) -> float | None:
    """From the last speech, or the typed question, before the answer to its first sound."""
    asked = [
        done.ended_s if done.step.does != "type" else done.began_s
        for done in performance.done
        if done.step.does in ("say", "play", "type")
        and (done.ended_s if done.step.does != "type" else done.began_s) < answered.began_s
    ]
    if not asked or performance.heard is None:
        return None
    since_s = max(asked[-1], answered.asked_s - 3.0)
    # A new answer sounds after it is announced; what is heard before is the one it replaces.
    first = performance.heard.first_audible(performance.up_s + max(since_s, answered.began_s - 0.1))
    return None if first is None else round((first - performance.up_s - asked[-1]) * 1000, 1)


def _within(what: str, came_ms: float | None, most_ms: float) -> Check:
    held = came_ms is not None and came_ms <= most_ms
    came = "never" if came_ms is None else f"{came_ms:.0f} ms"
    return Check(what, held, f"within {most_ms:.0f} ms", came)


def _heard(heard: str, spoken: str) -> str:
    if heard == spoken:
        return "whole"
    if not heard:
        return "nothing"
    return "part" if spoken.startswith(heard.rstrip(" .…")) else "something else"


def _list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(" .?!")


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}…"
