"""The two seams of speech: hearing (`Transcriber`) and speaking (`Voice`), shared by all calls.

An engine is opened once per process and never blocks the event loop: its work runs in a thread
or process of its own behind a bounded queue. The URL in the settings picks the implementation.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from typing import Protocol

HEARING_RATE_HZ = 16_000
"""Sample rate of everything a transcriber is fed: mono, signed 16-bit little endian."""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """What the transcriber believes so far in one utterance.

    `stable` is the prefix that no later hypothesis changes; `text` is all of it, `stable`
    included. Only what `finish` returns is final: it is decoded to the end and may correct both.
    """

    text: str
    stable: str
    final: bool


class Utterance(Protocol):
    """One stretch of the caller's speech being transcribed."""

    def feed(self, pcm: bytes) -> None:
        """Take 16 kHz mono s16le audio, any length. Returns at once; raises nothing."""

    async def finish(self) -> str:
        """No more audio will come: return the final text ('' when nothing was said).

        Raises EngineDown when the engine died or missed its deadline.
        """

    def cancel(self) -> None:
        """Forget this utterance and free its decoder. Idempotent, safe after `finish`."""


class Transcriber(Protocol):
    """Speech to text. `label` is what the page and the log call it, e.g. 'faster-whisper base.en'.

    `fallback` says that something better exists, `remedy` how to get it ('' when nothing does).
    """

    label: str
    fallback: bool
    remedy: str

    async def open_utterance(self, on_partial: Callable[[Hypothesis], None]) -> Utterance:
        """Begin an utterance; `on_partial` is called on the event loop as words settle.

        It is never called after `finish` or `cancel`; the final text comes from `finish` alone.
        Raises Busy when every decoder is taken, EngineDown when there is none.
        """

    async def learn(self, text: str) -> None:
        """Bias recognition towards the library's words. May take seconds, in the background."""


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """A word and when it sounds, in seconds from the first sample of its `say`."""

    text: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class SpokenAudio:
    """A piece of speech: mono s16le at the voice's rate, and the words that begin within it."""

    pcm: bytes
    words: tuple[SpokenWord, ...]


class Voice(Protocol):
    """Text to speech. `rate_hz` is the sample rate of what `say` yields.

    `label`, `fallback` and `remedy` are as in `Transcriber`.
    """

    label: str
    fallback: bool
    remedy: str
    rate_hz: int

    def say(self, text: str) -> AsyncGenerator[SpokenAudio, None]:
        """Speak `text` (already worded for speech), streaming. Closing the iterator stops the work.

        The words over all pieces are `text.split()`, in order. Raises EngineDown.
        """
