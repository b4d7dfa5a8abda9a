"""Turn-taking judged on the suites, in virtual time: cut-offs, lost interruptions, false alarms.

    python -m perf.turn_suites [--only pauses,disturbances,interruptions,echo] [--each]

The call is the real one with Silero, webrtcvad and smart-turn; the recogniser follows the script's
own words with the lag of a streaming one, model and voice have simulated latencies. Nothing waits
in real time, so the figures are the same on any machine.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from loguru import logger

from agents.wording import word
from perf.suites import (
    VOICES,
    Spoken,
    disturbances,
    interruptions,
    paused_utterances,
    questions,
)
from storage.records import Speaker
from tests.calls.stage import Stage, perform
from tests.virtual_time import run_virtual
from voice_server.speech.engines import Hypothesis, SpokenAudio, Voice
from voice_server.speech.opening import open_voice
from voice_server.speech.tone import ToneVoice
from voice_server.speech.turn_judge import SmartTurn

LAG_S = 0.15
"""From the end of a word to the partial transcript that has it."""
FINAL_S = 0.03
SPEAK_AT_S = 1.0
INTERRUPT_AT_S = 5.0
SPOKEN_ANSWER = (
    "From Hyperkalaemia: give ten units of soluble insulin with twenty five grams of glucose.",
    "Check the potassium and the glucose again after one hour, and repeat if it is still high.",
    "Give calcium gluconate first when the electrocardiogram has changed.",
)
LONG_ANSWER = tuple(
    f"Sentence number {n} goes on about the treatment of the patient at some length."
    for n in "1234"
)


def main() -> None:
    """Run the suites and print a table."""
    logger.remove()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="pauses,disturbances,interruptions,echo")
    parser.add_argument("--each", action="store_true", help="name every failure")
    chosen = parser.parse_args()
    rows: list[tuple[str, str]] = []
    for name in chosen.only.split(","):
        found, failures = _SUITES[name]()
        rows += found
        if chosen.each:
            for failure in failures:
                print(f"  {name}: {failure}")
    print("| figure | value |\n|---|---|")
    for label, value in rows:
        print(f"| {label} | {value} |")


Result = tuple[list[tuple[str, str]], list[str]]


def _pauses() -> Result:
    suite = paused_utterances()
    outcomes = [_ask(one) for one in suite]
    cut = [one.name for one, outcome in zip(suite, outcomes, strict=True) if outcome.cut_off]
    split = [one.name for one, outcome in zip(suite, outcomes, strict=True) if outcome.turns > 1]
    plain = [_ask(one) for one in questions()]
    waits = [outcome.wait_s for outcome in plain]
    paused_waits = [o.wait_s for o in outcomes if not o.cut_off]
    return [
        ("questions with pauses inside: an answer sounded before the end", _of(cut, suite)),
        ("the same, kept as more than one turn", _of(split, suite)),
        ("voice to voice after those, p50 / p95", _spread(paused_waits)),
        ("voice to voice after plain questions, p50 / p95", _spread(waits)),
    ], [f"cut off: {name}" for name in cut] + [f"split: {name}" for name in split]


def _disturbances() -> Result:
    suite = disturbances()
    outcomes = [_disturb(one, ToneVoice(first_ms=50, word_ms=260)) for one in suite]
    gaps = [one for one, o in zip(suite, outcomes, strict=True) if o.gap_s >= 0.3]
    stopped = [one.name for one, o in zip(suite, outcomes, strict=True) if o.stopped]
    ducked = [one for one, o in zip(suite, outcomes, strict=True) if o.ducked]
    repeated = [o.words_off for o in outcomes]
    return [
        ("sounds over an answer that stopped it", _of(stopped, suite)),
        ("sounds over an answer that ducked it", _of(ducked, suite)),
        ("sounds over an answer that paused it for 300 ms or more", _of(gaps, suite)),
        ("words repeated or lost after one, most", str(max(repeated))),
    ], [f"stopped by: {name}" for name in stopped]


def _interruptions() -> Result:
    suite = interruptions()
    outcomes = [_disturb(one, Hum()) for one in suite]
    lost = [one.name for one, o in zip(suite, outcomes, strict=True) if not o.stopped]
    ducks = [o.duck_s for o in outcomes if o.duck_s is not None]
    stops = [o.stop_s for o in outcomes if o.stopped and o.stop_s is not None]
    return [
        ("interruptions lost", _of(lost, suite)),
        ("onset to duck, p50 / p95", _spread(ducks)),
        ("onset to silence, p50 / p95", _spread(stops)),
    ], [f"lost: {name}" for name in lost]


def _echo() -> Result:
    """Our own speech comes back: over whole answers, and while the caller cuts in."""
    voices = [Recorded.of(url, SPOKEN_ANSWER) for url in VOICES]
    gains_db, delays_s = (-10, -15, -20, -25, -30), (0.07, 0.1, 0.13, 0.16, 0.2)
    rooms = [(gain, delay, voice) for gain in gains_db for delay in delays_s for voice in voices]
    failures, deaf, turns = [], [], 0
    cutting_in = [one for one in interruptions() if "soft" not in one.name]
    for number, (gain_db, delay_s, voice) in enumerate(rooms):
        echo = (10 ** (gain_db / 20), delay_s)
        alone = run_virtual(
            _perform([_question()], SPOKEN_ANSWER, until=30, echo=echo, voice=voice)
        )
        turns += 1
        if _interrupted(alone) or len(_callers(alone)) != 1:
            failures.append(f"stopped itself: {voice.name}, {gain_db} dB, {delay_s * 1000:.0f} ms")
        over = cutting_in[number % len(cutting_in)]
        script = [_question(), (INTERRUPT_AT_S, over)]
        double = run_virtual(_perform(script, SPOKEN_ANSWER, until=30, echo=echo, voice=voice))
        if not _interrupted(double):
            deaf.append(f"deaf to {over.name}: {voice.name}, {gain_db} dB, {delay_s * 1000:.0f} ms")
    return [
        (
            "answers stopped by their own echo (-10 to -30 dB, 70 to 200 ms)",
            f"{len(failures)} of {turns}",
        ),
        ("interruptions lost in that echo", f"{len(deaf)} of {turns}"),
    ], failures + deaf


_SUITES: dict[str, Callable[[], Result]] = {
    "pauses": _pauses,
    "disturbances": _disturbances,
    "interruptions": _interruptions,
    "echo": _echo,
}


# one call


@dataclass(frozen=True, slots=True)
class _Asked:
    cut_off: bool
    turns: int
    wait_s: float


@dataclass(frozen=True, slots=True)
class _Disturbed:
    stopped: bool
    ducked: bool
    duck_s: float | None
    stop_s: float | None
    words_off: int
    gap_s: float


def _ask(one: Spoken) -> _Asked:
    placed = _placed(one, SPEAK_AT_S)
    end_s = SPEAK_AT_S + one.length_s
    stage = run_virtual(_perform([placed], ("It is five hundred micrograms.",), until=end_s + 4))
    sounds = stage.audible()
    early = [at for at in sounds if SPEAK_AT_S < at < end_s]
    after = [at for at in sounds if at >= end_s]
    return _Asked(bool(early), len(_callers(stage)), after[0] - end_s if after else 9.0)


def _disturb(one: Spoken, voice: ToneVoice) -> _Disturbed:
    script = [_question(), _placed(one, INTERRUPT_AT_S)]
    stage = run_virtual(_perform(script, LONG_ANSWER, until=26, voice=voice))
    onset_s = INTERRUPT_AT_S
    quiet = [at for at, peak in stage.sounded if onset_s < at < onset_s + 2 and peak < 1600]
    silent_s = stage.quiet_from(onset_s) - onset_s
    said = [turn for turn in stage.turns if turn.speaker is Speaker.ASSISTANT]
    stopped = bool(said) and said[0].interrupted
    off = 0 if stopped else _words_off(stage, onset_s)
    return _Disturbed(
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


def _words_off(stage: Stage, onset_s: float) -> int:
    """How many tones more or fewer sounded than the answer has words."""
    tones, sounding = 0, False
    for _, peak in stage.sounded:
        if (peak > 200) != sounding:
            sounding = not sounding
            tones += sounding
    return abs(tones - sum(len(one.split()) for one in LONG_ANSWER))


def _interrupted(stage: Stage) -> bool:
    return any(turn.interrupted for turn in stage.turns)


def _callers(stage: Stage) -> list[str]:
    return [turn.text_heard for turn in stage.turns if turn.speaker is Speaker.CALLER]


_QUESTION: list[Spoken] = []


def _question() -> tuple[float, Spoken]:
    if not _QUESTION:
        _QUESTION.append(questions()[1])
    return _placed(_QUESTION[0], SPEAK_AT_S)


def _placed(one: Spoken, at_s: float) -> tuple[float, Spoken]:
    return at_s, one


async def _perform(
    script: Sequence[tuple[float, Spoken]],
    answer: Sequence[str],
    *,
    until: float,
    echo: tuple[float, float] | None = None,
    voice: Voice | None = None,
) -> Stage:
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


class Judge:
    """smart-turn, with the time it takes put on the virtual clock."""

    _model: SmartTurn | None = None

    async def completeness(self, pcm: bytes) -> float:
        """See `TurnJudge`."""
        await asyncio.sleep(0.06)
        Judge._model = Judge._model or SmartTurn()
        return await Judge._model.completeness(pcm)


class Hum(ToneVoice):
    """A voice without gaps, so that the moment of a duck can be seen."""

    def __init__(self) -> None:
        super().__init__(first_ms=50, word_ms=260)

    def _hum(self, hz: float, word_ms: float) -> bytes:
        at_s = np.arange(int(self.rate_hz * word_ms / 1000)) / self.rate_hz
        return (3276 * np.sin(2 * np.pi * 50 * at_s)).astype("<i2").tobytes()


class Recorded:
    """A voice that plays speech made before, so that it also runs in virtual time."""

    label, fallback, remedy = "recorded", True, ""

    def __init__(self, name: str, rate_hz: int, pieces: dict[str, list[SpokenAudio]]) -> None:
        self.name, self.rate_hz, self._pieces = name, rate_hz, pieces

    @staticmethod
    def of(url: str, sentences: Sequence[str]) -> Recorded:
        """The sentences in the voice that `url` names."""

        async def record() -> Recorded:
            with TemporaryDirectory() as folder:
                async with open_voice(url, data=Path(folder)) as voice:
                    pieces = {
                        text: [piece async for piece in voice.say(text)]
                        for text in (word(sentence).spoken for sentence in sentences)
                    }
                    return Recorded(url, voice.rate_hz, pieces)

        return asyncio.run(record())

    async def say(self, text: str) -> AsyncGenerator[SpokenAudio, None]:
        """See `Voice`."""
        await asyncio.sleep(0.05)
        for piece in self._pieces[text]:
            yield piece


class Following:
    """A recogniser that hears the script's words, each `LAG_S` after its end."""

    label, fallback, remedy = "follows the script", True, ""

    def __init__(self, words: Sequence[tuple[float, float, str]], began_s: float) -> None:
        self.words = list(words)
        self.began_s = began_s
        self.taken = 0

    async def open_utterance(self, on_partial: Callable[[Hypothesis], None]) -> FollowingUtterance:
        """See `Transcriber`."""
        return FollowingUtterance(self, on_partial)

    async def learn(self, text: str) -> None:
        """The script is known."""


class FollowingUtterance:
    """One utterance of `Following`."""

    def __init__(self, script: Following, on_partial: Callable[[Hypothesis], None]) -> None:
        self._script, self._on_partial = script, on_partial
        self._loop = asyncio.get_running_loop()
        now = self._loop.time() - script.began_s
        # What was said long before this utterance was never listened to.
        while script.taken < len(script.words) and script.words[script.taken][1] < now - 0.5:
            script.taken += 1
        self._first = script.taken
        self._shown = 0
        self._open = True

    def feed(self, pcm: bytes) -> None:
        """A word is heard `LAG_S` after it was said."""
        words = self._words(LAG_S)
        if self._open and len(words) > self._shown:
            self._shown = len(words)
            self._loop.call_soon(self._tell, Hypothesis(" ".join(words), "", final=False))

    async def finish(self) -> str:
        """Every word said so far."""
        self._open = False
        words = self._words(-0.05)
        self._script.taken = max(self._script.taken, self._first + len(words))
        await asyncio.sleep(FINAL_S)
        return " ".join(words)

    def cancel(self) -> None:
        """Forget it."""
        self._open = False

    def _words(self, lag_s: float) -> list[str]:
        now = self._loop.time() - self._script.began_s
        return [word for _, end, word in self._script.words[self._first :] if end + lag_s <= now]

    def _tell(self, hypothesis: Hypothesis) -> None:
        if self._open:
            self._on_partial(hypothesis)


def _of(failed: Sequence[object], suite: Sequence[object]) -> str:
    return f"{len(failed)} of {len(suite)}"


def _spread(values_s: Sequence[float]) -> str:
    if not values_s:
        return "–"
    p50, p95 = np.percentile(values_s, [50, 95]) * 1000
    return f"{p50:.0f} / {p95:.0f} ms"


if __name__ == "__main__":
    main()
