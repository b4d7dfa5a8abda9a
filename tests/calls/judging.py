"""One call with one thing said or sounded in it, in virtual time, and what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from perf.suites import Spoken, questions
from storage.records import Speaker
from tests.calls.following import Following, Judge
from tests.calls.stage import Stage, perform
from tests.virtual_time import run_virtual
from voice_server.speech.engines import Voice
from voice_server.speech.tone import ToneVoice

SPEAK_AT_S = 1.0
INTERRUPT_AT_S = 5.0
LONG_ANSWER = tuple(
    f"Sentence number {n} goes on about the treatment of the patient at some length."
    for n in "1234"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """`wait_s` runs from the end of the question to the answer's first sound."""

    cut_off: bool
    turns: int
    wait_s: float


@dataclass(frozen=True, slots=True)
class Disturbed:
    """What a sound over an answer did to it; times in seconds from the sound's onset."""

    stopped: bool
    ducked: bool
    duck_s: float | None
    stop_s: float | None
    words_off: int
    gap_s: float


def ask(one: Spoken) -> Asked:
    """Ask it in a call of its own."""
    end_s = SPEAK_AT_S + one.length_s
    stage = run_virtual(
        play([(SPEAK_AT_S, one)], ("It is five hundred micrograms.",), until=end_s + 4)
    )
    sounds = stage.audible()
    early = [at for at in sounds if SPEAK_AT_S < at < end_s]
    after = [at for at in sounds if at >= end_s]
    return Asked(bool(early), len(callers(stage)), after[0] - end_s if after else 9.0)


def disturb(one: Spoken, voice: ToneVoice, *, until: float = 22.0) -> Disturbed:
    """Let it sound over a long answer."""
    script = [question(), (INTERRUPT_AT_S, one)]
    stage = run_virtual(play(script, LONG_ANSWER, until=until, voice=voice))
    onset_s = INTERRUPT_AT_S
    quiet = [at for at, peak in stage.sounded if onset_s < at < onset_s + 2 and peak < 1600]
    silent_s = stage.quiet_from(onset_s) - onset_s
    said = [turn for turn in stage.turns if turn.speaker is Speaker.ASSISTANT]
    stopped = bool(said) and said[0].interrupted
    off = 0 if stopped else _words_off(stage)
    return Disturbed(
        stopped,
        stage.call is not None and stage.call.conversation.counts.ducks > 0,
        (quiet[0] - onset_s) if quiet else None,
        silent_s,
        off,
        _longest_gap(stage, onset_s),
    )


def _longest_gap(stage: Stage, onset_s: float) -> float:
    """The longest silence within three seconds of the sound."""
    last, longest = onset_s, 0.0
    for at, peak in stage.sounded:
        if onset_s < at < onset_s + 3 and peak > 0:
            longest, last = max(longest, at - last), at
    return longest


def _words_off(stage: Stage) -> int:
    """How many tones more or fewer sounded than the answer has words."""
    tones, sounding = 0, False
    for _, peak in stage.sounded:
        if (peak > 200) != sounding:
            sounding = not sounding
            tones += sounding
    return abs(tones - sum(len(one.split()) for one in LONG_ANSWER))


def interrupted(stage: Stage) -> bool:
    """Whether any answer was cut off."""
    return any(turn.interrupted for turn in stage.turns)


def callers(stage: Stage) -> list[str]:
    """What the caller is kept to have said, turn by turn."""
    return [turn.text_heard for turn in stage.turns if turn.speaker is Speaker.CALLER]


_QUESTION: list[Spoken] = []


def question() -> tuple[float, Spoken]:
    """The question that gets an answer going, and when it is asked."""
    if not _QUESTION:
        _QUESTION.append(questions()[1])
    return SPEAK_AT_S, _QUESTION[0]


async def play(
    script: Sequence[tuple[float, Spoken]],
    answer: Sequence[str],
    *,
    until: float,
    echo: tuple[float, float] | None = None,
    voice: Voice | None = None,
) -> Stage:
    """A call with real voice detection and end-of-turn model; see `perform`."""
    words = [
        (at_s + begin, at_s + end, word) for at_s, one in script for word, begin, end in one.words
    ]
    return await perform(
        [(at_s, one.audio) for at_s, one in script],
        until=until,
        answer=answer,
        transcriber=Following(words, asyncio.get_running_loop().time() + 0.1),
        voice=voice or ToneVoice(first_ms=50, word_ms=260),
        judge=Judge(),
        echo=echo,
    )
