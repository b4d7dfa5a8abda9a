"""The bench: our server beside pipecat and FastRTC, with the same engines and recordings.

    python -m perf.bench [--quick] [--runs 3] [--only voice,barge,pauses,sounds,load]
                         [--servers "ours,pipecat,pipecat tuned,fastrtc"]

Every server is the only one running while it is measured. `voice` and `barge` hear by a script of
fixed texts; in `pauses` and `sounds` the recogniser follows what is really being said. For `load`
the server has core 0 to itself and the callers the others.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from loguru import logger

from perf.bench.following import append
from perf.bench.load import COUNTS, climb
from perf.bench.parts import over_answers, voice_to_voice
from perf.bench.report import Figures, print_table
from perf.bench.servers import NAMES, running
from perf.suites import Spoken, disturbances, interruptions, paused_utterances, questions

PARTS = ("voice", "barge", "pauses", "sounds", "load")


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much of each suite is played, and how often the timed parts are repeated."""

    runs: int
    questions: int = 10
    barge_ins: int = 12
    every: int = 1
    """Of the pause and sound suites, every so many-th."""


def main() -> None:
    """Measure what was asked for and print the table."""
    logger.remove()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the server under test ends too
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true", help="a short pass, one run")
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--only", default=",".join(PARTS))
    options.add_argument("--servers", default="ours,pipecat,pipecat tuned,fastrtc")
    chosen = options.parse_args()
    names, parts = chosen.servers.split(","), chosen.only.split(",")
    if unknown := [one for one in names if one not in NAMES] + [
        one for one in parts if one not in PARTS
    ]:
        options.error(f"not known: {', '.join(unknown)}")
    sizes = Sizes(1, 4, 4, 10) if chosen.quick else Sizes(chosen.runs)
    figures = {name: Figures() for name in names}
    for part in parts:
        repeats = sizes.runs if part in ("voice", "barge", "load") else 1
        for run in range(repeats):
            for name in names:
                print(f"{part}, {name}, run {run + 1} of {repeats}", flush=True)
                _MEASURES[part](name, sizes, figures[name])
    print_table(figures)


def _voice(name: str, sizes: Sizes, into: Figures) -> None:
    asked = questions()[: sizes.questions]
    warm_up = asked[-1:]  # everything has been used once
    with running(name, asked=[one.text for one in warm_up + asked[:-1]]) as server:
        asyncio.run(voice_to_voice(server, warm_up))
        into.voice.append(asyncio.run(voice_to_voice(server, asked)))


def _barge(name: str, sizes: Sizes, into: Figures) -> None:
    sounds = [one for one in interruptions() if len(one.text.split()) > 2][: sizes.barge_ins]
    with running(name, long=True) as server:
        into.barge.append(asyncio.run(over_answers(server, questions()[1], sounds, chained=True)))


def _pauses(name: str, sizes: Sizes, into: Figures) -> None:
    suite = paused_utterances()[:: sizes.every]
    with tempfile.NamedTemporaryFile() as script:
        path = Path(script.name)
        with running(name, script=path) as server:
            into.pauses = asyncio.run(voice_to_voice(server, suite, _following(path)))


def _sounds(name: str, sizes: Sizes, into: Figures) -> None:
    with tempfile.NamedTemporaryFile() as script:
        path = Path(script.name)
        with running(name, long=True, script=path) as server:
            question, says = questions()[1], _following(path)
            into.disturbed = asyncio.run(
                over_answers(
                    server,
                    question,
                    disturbances()[:: sizes.every],
                    says,
                    chained=name != "ours",  # the peers' answers do not go on
                )
            )
            into.interrupted = asyncio.run(
                over_answers(server, question, interruptions()[:: sizes.every], says, chained=True)
            )


def _load(name: str, sizes: Sizes, into: Figures) -> None:
    counts = COUNTS[name.partition(" ")[0]]
    before = os.sched_getaffinity(0)
    question = questions()[1]
    with running(name, asked=(question.text,), core=0) as server:
        os.sched_setaffinity(0, before - {0} or before)
        try:
            into.load.append(asyncio.run(climb(server, question, counts)))
        finally:
            os.sched_setaffinity(0, before)


def _following(script: Path) -> Callable[[Spoken, float], None]:
    return lambda sound, at_s: append(script, at_s, sound.words)


_MEASURES = {
    "voice": _voice, "barge": _barge, "pauses": _pauses, "sounds": _sounds, "load": _load,
}  # fmt: skip


if __name__ == "__main__":
    main()
