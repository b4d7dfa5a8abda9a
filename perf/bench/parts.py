"""What the bench measures on one running server. Times in seconds."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from perf.bench.servers import Running
from perf.bench.talking import Answered, Says, ask, calling, cut_in, hear_out, silence
from perf.suites import Spoken
from signaling.caller import Caller

SPEAK_OVER_AFTER_S = 1.7
"""Into the answer, so that there is a steady level to duck from."""
STOPPED_WITHIN_S = 2.0
BETWEEN_S = 0.4
QUIET_S = 1.2
"""The line has been quiet for this long before the next question."""


@dataclass(slots=True)
class Waits:
    """Voice to voice. `unanswered` counts questions without an answer, `cut_off` those that an
    answer interrupted."""

    asked: int = 0
    waits_s: list[float] = field(default_factory=list)
    unanswered: int = 0
    cut_off: list[str] = field(default_factory=list)


async def voice_to_voice(
    server: Running, questions: Sequence[Spoken], says: Says | None = None
) -> Waits:
    """Each question in one call, asked once the answer before is over."""
    found = Waits()
    async with calling(server) as line:
        for question in questions:
            found.asked += 1
            answer = await ask(line, question, says)
            if answer is None:
                found.unanswered += 1
                continue
            if answer.wait_s < 0:
                found.cut_off.append(question.name)
            else:
                found.waits_s.append(answer.wait_s)
            await _quiet(line, answer)
    return found


@dataclass(slots=True)
class Interrupted:
    """Sounds over answers: how fast each ducked and stopped them, which did not stop them."""

    played: int = 0
    ducks_s: list[float] = field(default_factory=list)
    silences_s: list[float] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)
    not_stopped: list[str] = field(default_factory=list)


async def over_answers(
    server: Running,
    question: Spoken,
    sounds: Sequence[Spoken],
    says: Says | None = None,
    *,
    chained: bool,
) -> Interrupted:
    """Each sound over a long answer. One that is not stopped goes on for the next sound.

    `chained`: what sounds after a stop is a new answer, and the next sound comes over that; else
    it is heard out, for it may be the old one going on.
    """
    found = Interrupted()
    waiting = list(sounds)
    answer: Answered | None = None
    async with calling(server) as line:
        while waiting:
            answer = answer or await ask(line, question, says)
            if answer is None:
                raise RuntimeError(f"{server.name} no longer answers")
            await asyncio.sleep(SPEAK_OVER_AFTER_S)
            stopped = False
            while not stopped and waiting and _now() - answer.from_s < LONG_S - 5:
                stopped = await _speak_over(line, waiting.pop(0), says, found, resumes=not chained)
            after_s = _now()
            if not (stopped and chained):
                await _quiet(line, answer)
                answer = None
            elif await silence(line, after_s, NEXT_ANSWER_S, after_s + NEXT_ANSWER_S + 0.1):
                answer = None
            else:
                answer = Answered(0.0, line.heard.first_audible(after_s) or _now())
    return found


async def _speak_over(
    line: Caller, sound: Spoken, says: Says | None, found: Interrupted, *, resumes: bool
) -> bool:
    """Whether the answer stopped. One that `resumes` may hold its breath and go on: it did if it
    sounds again, and the server calls no answer interrupted."""
    began_s = _now()
    cut = await cut_in(line, sound, within_s=STOPPED_WITHIN_S, says=says)
    found.played += 1
    if cut.duck_s is not None:
        found.ducks_s.append(cut.duck_s)
    went_on = cut.silent_s is None
    if cut.silent_s is not None:
        found.silences_s.append(cut.silent_s)
        if resumes:
            after_s = _now()
            quiet = await silence(line, after_s, GOES_ON_S, after_s + GOES_ON_S + 0.1)
            went_on = quiet is None and not _called_interrupted(line, began_s)
    if went_on:
        found.not_stopped.append(sound.name)
        await asyncio.sleep(BETWEEN_S)
        return False
    found.stopped.append(sound.name)
    return True


def _called_interrupted(line: Caller, since_s: float) -> bool:
    return any(
        at_s >= since_s and data.get("kind") == "answer" and data.get("interrupted")
        for at_s, message in line.events.seen
        if isinstance(data := message.get("data"), dict)
    )


GOES_ON_S = 2.0
NEXT_ANSWER_S = 2.5
LONG_S = 22.0
"""How long a long answer sounds."""


async def _quiet(line: Caller, answer: Answered) -> None:
    """Hear the answer out, and what follows it."""
    await hear_out(line, answer)
    now = _now()
    await silence(line, now - 0.5, QUIET_S, now + 40)


def _now() -> float:
    return asyncio.get_running_loop().time()
