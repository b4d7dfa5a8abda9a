"""The bench's table: each figure of each server, and ours as a share of stock pipecat's."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from perf.bench.load import STEADY, Step
from perf.bench.parts import Interrupted, Waits

OURS, STOCK = "ours", "pipecat"


@dataclass(slots=True)
class Figures:
    """What was measured of one server: a list has an entry for each run."""

    voice: list[Waits] = field(default_factory=list)
    barge: list[Interrupted] = field(default_factory=list)
    pauses: Waits | None = None
    disturbed: Interrupted | None = None
    interrupted: Interrupted | None = None
    load: list[list[Step]] = field(default_factory=list)


def print_table(figures: Mapping[str, Figures]) -> None:
    """Markdown; a dash stands for what was not measured or did not happen."""
    ratio = OURS in figures and STOCK in figures
    head = ["", *figures, *(["ours / pipecat"] if ratio else [])]
    print(f"\n| {' | '.join(head)} |\n|{'---|' * len(head)}")
    for label, unit, value in _ROWS:
        values = {name: value(one) for name, one in figures.items()}
        if all(one is None for one in values.values()):
            continue
        cells = [_shown(one, unit) for one in values.values()]
        if ratio:
            ours, stock = values[OURS], values[STOCK]
            cells.append(f"{ours / stock:.2f}" if ours is not None and stock else "–")
        print(f"| {label} | {' | '.join(cells)} |")
    _print_failures(figures)


def _shown(value: float | None, unit: str) -> str:
    if value is None:
        return "–"
    match unit:
        case "ms":
            return f"{value * 1000:.0f} ms"
        case "%":
            return f"{value:.1%}"
        case "MB":
            return f"{value / 1e6:.1f} MB"
        case _:
            return f"{value:.0f}"


Value = Callable[[Figures], float | None]


def _percentile(samples: Callable[[Figures], Sequence[Sequence[float]]], rank: int) -> Value:
    """The median over the runs of each run's percentile."""

    def value(figures: Figures) -> float | None:
        runs = [float(np.percentile(one, rank)) for one in samples(figures) if len(one)]
        return statistics.median(runs) if runs else None

    return value


def _counted(runs: Callable[[Figures], Sequence[float]]) -> Value:
    def value(figures: Figures) -> float | None:
        counts = runs(figures)
        return statistics.median(counts) if counts else None

    return value


def _share(part: Callable[[Figures], tuple[int, int] | None]) -> Value:
    def value(figures: Figures) -> float | None:
        counts = part(figures)
        return counts[0] / counts[1] if counts and counts[1] else None

    return value


def steady(steps: Sequence[Step]) -> Step:
    """The most calls with every frame in time whose p95 is within 1.25 of one call's."""
    held = steps[0]
    for step in steps:
        if not step.whole or step.p95_s > STEADY * steps[0].p95_s:
            break
        held = step
    return held


def _per_call_memory(steps: Sequence[Step]) -> float | None:
    held = steady(steps)
    if held.calls < 2:
        held = steps[-1]
    if held.calls < 2:
        return None
    return (held.resident - steps[0].resident) / (held.calls - steps[0].calls)


_ROWS: tuple[tuple[str, str, Value], ...] = (
    ("voice to voice, p50", "ms", _percentile(lambda f: [r.waits_s for r in f.voice], 50)),
    ("voice to voice, p95", "ms", _percentile(lambda f: [r.waits_s for r in f.voice], 95)),
    ("questions without an answer", "", _counted(lambda f: [r.unanswered for r in f.voice])),
    ("barge-in to the duck, p50", "ms", _percentile(lambda f: [r.ducks_s for r in f.barge], 50)),
    ("barge-in to the duck, p95", "ms", _percentile(lambda f: [r.ducks_s for r in f.barge], 95)),
    ("barge-in to silence, p50", "ms", _percentile(lambda f: [r.silences_s for r in f.barge], 50)),
    ("barge-in to silence, p95", "ms", _percentile(lambda f: [r.silences_s for r in f.barge], 95)),
    ("barge-ins not obeyed", "", _counted(lambda f: [len(r.not_stopped) for r in f.barge])),
    (
        "false cut-offs on the pause suite", "%",
        _share(lambda f: (len(f.pauses.cut_off), f.pauses.asked) if f.pauses else None),
    ),
    (
        "voice to voice on the pause suite, p50", "ms",
        _percentile(lambda f: [f.pauses.waits_s] if f.pauses else [], 50),
    ),
    (
        "false barge-ins over coughs, backchannels, noises", "%",
        _share(lambda f: (len(f.disturbed.stopped), f.disturbed.played) if f.disturbed else None),
    ),
    (
        "interruptions lost", "%",
        _share(
            lambda f: (
                (len(f.interrupted.not_stopped), f.interrupted.played) if f.interrupted else None
            )
        ),
    ),
    (
        "interruption suite, onset to silence, p95", "ms",
        _percentile(lambda f: [f.interrupted.silences_s] if f.interrupted else [], 95),
    ),
    ("calls on one core", "", _counted(lambda f: [steady(one).calls for one in f.load])),
    (
        "CPU per call in conversation, at that many", "%",
        _counted(lambda f: [steady(one).cores / steady(one).calls for one in f.load]),
    ),
    (
        "CPU of a single call", "%",
        _counted(lambda f: [one[0].cores for one in f.load]),
    ),
    (
        "memory per further call", "MB",
        _counted(lambda f: [m for one in f.load if (m := _per_call_memory(one)) is not None]),
    ),
)  # fmt: skip


def _print_failures(figures: Mapping[str, Figures]) -> None:
    """What the shares above consist of."""
    for name, one in figures.items():
        for label, names in (
            ("cut off", one.pauses.cut_off if one.pauses else []),
            ("stopped by", one.disturbed.stopped if one.disturbed else []),
            ("not stopped by", one.interrupted.not_stopped if one.interrupted else []),
        ):
            if names:
                print(f"\n{name}, {label}: {'; '.join(names)}")
