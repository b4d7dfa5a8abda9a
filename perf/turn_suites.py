"""Turn-taking judged on the suites, in virtual time: cut-offs, lost interruptions, false alarms.

    python -m perf.turn_suites [--only pauses,disturbances,interruptions,echo] [--each]

The call is the real one with Silero, webrtcvad and smart-turn; the recogniser follows the script's
own words with the lag of a streaming one, model and voice have simulated latencies. Nothing waits
in real time, so the figures do not depend on the machine; the voice that speaks the suites is a
little different each time, so the pauses are played in three recordings of each.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence

import numpy as np
from loguru import logger

from perf.suites import VOICES, disturbances, interruptions, paused_utterances, questions
from tests.calls.following import Hum, Recorded
from tests.calls.judging import INTERRUPT_AT_S, ask, callers, disturb, interrupted, play, question
from tests.virtual_time import run_virtual
from voice_server.speech.tone import ToneVoice

RECORDINGS = 3
SPOKEN_ANSWER = (
    "From Hyperkalaemia: give ten units of soluble insulin with twenty five grams of glucose.",
    "Check the potassium and the glucose again after one hour, and repeat if it is still high.",
    "Give calcium gluconate first when the electrocardiogram has changed.",
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
    suite = [one for _ in range(RECORDINGS) for one in paused_utterances()]
    outcomes = [ask(one) for one in suite]
    cut = [one.name for one, outcome in zip(suite, outcomes, strict=True) if outcome.cut_off]
    split = [one.name for one, outcome in zip(suite, outcomes, strict=True) if outcome.turns > 1]
    plain = [ask(one) for _ in range(RECORDINGS) for one in questions()]
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
    outcomes = [disturb(one, ToneVoice(first_ms=50, word_ms=260)) for one in suite]
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
    outcomes = [disturb(one, Hum(), until=9.0) for one in suite]
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
        alone = run_virtual(play([question()], SPOKEN_ANSWER, until=30, echo=echo, voice=voice))
        turns += 1
        if interrupted(alone) or len(callers(alone)) != 1:
            failures.append(f"stopped itself: {voice.name}, {gain_db} dB, {delay_s * 1000:.0f} ms")
        over = cutting_in[number % len(cutting_in)]
        script = [question(), (INTERRUPT_AT_S, over)]
        double = run_virtual(play(script, SPOKEN_ANSWER, until=30, echo=echo, voice=voice))
        if not interrupted(double):
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


def _of(failed: Sequence[object], suite: Sequence[object]) -> str:
    return f"{len(failed)} of {len(suite)}"


def _spread(values_s: Sequence[float]) -> str:
    if not values_s:
        return "–"
    p50, p95 = np.percentile(values_s, [50, 95]) * 1000
    return f"{p50:.0f} / {p95:.0f} ms"


if __name__ == "__main__":
    main()
