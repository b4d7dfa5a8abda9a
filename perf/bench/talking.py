"""A caller of the bench: asks, hears the answer, cuts in. The same for every server.

Each server takes an offer at `/api/offer`, the peers through their own request handlers. What is
heard is timed as its packet arrives, so that no jitter buffer stands between server and ear.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import islice

import numpy as np

from perf.bench.servers import Running
from perf.suites import Spoken
from signaling.caller import Caller, Played, open_caller
from signaling.listening import AUDIBLE_PEAK, FRAME_S
from signaling.media.guarded_ice import local_addresses
from signaling.media.jitter import JitterBuffer, Step

NO_ANSWER_S = 6.0
LONGEST_ANSWER_S = 40.0
ANSWER_OVER_S = 0.7
"""Words of an answer are 60 ms apart, sentences a little more."""
SILENT_S = 0.3
STEADY_S = 1.5
DUCKED = 0.5
"""-6 dB."""
DUCK_HOLDS = 5
WORD_FRAMES = 15
Says = Callable[[Spoken, float], None]
"""Told what is being said and when it began, for a recogniser that follows."""


@asynccontextmanager
async def calling(server: Running) -> AsyncIterator[Caller]:
    """A call that is up."""
    async with open_caller(
        server.url, server.token, interfaces=_one_address(), low_cpu=True, keep_s=60, deadline_s=30
    ) as line:
        assert line._peer is not None
        line._peer.inbound.buffer = _AsItComes()
        await asyncio.sleep(0.5)
        yield line


class _AsItComes(JitterBuffer):
    """Packets in order, nothing made up while none come: a peer that falls silent may stop
    sending and go on later as if no time had passed."""

    def _bridge_drought(self, now: float, steps: list[Step]) -> None:
        return


def _one_address() -> tuple[str, ...]:
    """Stock aioice may speak on any pair it was offered; with one address there is one pair."""
    addresses = (one for one in local_addresses(()) if ":" not in one)
    return tuple(islice(addresses, 1))


@dataclass(frozen=True, slots=True)
class Answered:
    """When an answer sounded; `wait_s` from the last sample of the question to its first."""

    wait_s: float
    from_s: float


async def say(line: Caller, sound: Spoken, says: Says | None = None) -> Played:
    """Play it, and tell a recogniser that follows."""
    if says is not None:
        says(sound, _now())
    return await line.play(sound.audio)


async def ask(line: Caller, question: Spoken, says: Says | None = None) -> Answered | None:
    """Ask, and return as the answer begins; None if none comes. An answer that begins before the
    question is over has a negative wait."""
    began_s = _now()
    played = await say(line, question, says)
    while (found := line.heard.first_audible(began_s)) is None:
        if _now() > played.last_s + NO_ANSWER_S:
            return None
        await asyncio.sleep(0.02)
    return Answered(found - played.last_s, found)


async def hear_out(line: Caller, answer: Answered) -> float:
    """Wait until the answer is over; returns when it was."""
    end_s = await silence(line, answer.from_s, ANSWER_OVER_S, answer.from_s + LONGEST_ANSWER_S)
    return end_s or _now()


async def silence(line: Caller, after_s: float, for_s: float, until_s: float) -> float | None:
    """When the first silence of `for_s` since `after_s` began, waited for until `until_s`."""
    while True:
        began_s = after_s
        for at_s, end_s in _sounding(line, after_s):
            if at_s - began_s >= for_s:
                return began_s
            began_s = max(began_s, end_s)
        if _now() - began_s >= for_s + FRAME_S:
            return began_s
        if _now() > until_s:
            return None
        await asyncio.sleep(0.04)


def on_time(line: Caller, from_s: float, end_s: float) -> float:
    """Frames per second that came while an answer sounded."""
    came = sum(from_s <= one.at_s < end_s for one in line.heard)
    return came / max(FRAME_S, end_s - from_s)


@dataclass(frozen=True, slots=True)
class CutIn:
    """Seconds from the first sample of speech over an answer; None for what did not happen."""

    duck_s: float | None
    silent_s: float | None


async def cut_in(
    line: Caller, sound: Spoken, *, within_s: float, says: Says | None = None
) -> CutIn:
    """Speak over the answer; see when it ducks, and whether 300 ms of silence begin by `within_s`
    after what was said (or its beginning, for something short)."""
    began_s = _now()
    speaking = asyncio.create_task(say(line, sound, says))
    until_s = began_s + max(len(sound.audio) / 16_000, within_s)
    silent = await silence(line, began_s, SILENT_S, until_s + SILENT_S)
    played = await speaking
    duck = _ducked(line, played.first_s)
    return CutIn(
        None if duck is None or duck > until_s else duck - played.first_s,
        None if silent is None or silent > until_s else max(0.0, silent - played.first_s),
    )


def _sounding(line: Caller, after_s: float) -> list[tuple[float, float]]:
    """(first, end) of what was audible in each frame since `after_s`."""
    found = []
    for one in line.heard:
        if one.at_s >= after_s and (loud := one.loud()).size:
            rate_hz = line.heard.rate_hz
            found.append((one.at_s + loud[0] / rate_hz, one.at_s + (loud[-1] + 1) / rate_hz))
    return found


def _ducked(line: Caller, onset_s: float) -> float | None:
    """When the level first fell by 6 dB and stayed there, gaps between words left out.

    A frame counts as lower if the same place in the words before the onset was loud.
    """
    frames = [one for one in line.heard if one.at_s > onset_s - STEADY_S]
    peaks = np.array(
        [np.abs(np.frombuffer(one.pcm, np.int16).astype(np.int32)).max() for one in frames]
    )
    first = next((i for i, one in enumerate(frames) if one.at_s >= onset_s), 0)
    if first < 3 * WORD_FRAMES:
        return None
    usual = float(np.percentile(peaks[:first], 90))
    if usual < AUDIBLE_PEAK:
        return None
    lower = peaks <= DUCKED * usual
    for index in range(first, len(frames) - DUCK_HOLDS):
        before = index - -(-(index - first + 1) // WORD_FRAMES) * WORD_FRAMES
        if lower[index : index + DUCK_HOLDS].all() and not lower[before]:
            return frames[index].at_s
    return None


def _now() -> float:
    return asyncio.get_running_loop().time()
