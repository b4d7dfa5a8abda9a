"""The mouth of one call: it owns the answer's audio and gives out 20 ms when a packet is due.

Nothing is sent ahead, so an interruption is heard at once. An answer may be prepared while it is
held (the caller has only paused) and is played when it is released. Each answer has a number, its
generation; audio of any other generation is dropped here, at the last hop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agents.claims import Claim
from voice_server.calls.heard import HeardLedger, SpokenClaim

MOUTH_RATE_HZ = 24_000
FRAME = MOUTH_RATE_HZ // 50
"""Samples in one packet of 20 ms."""
AHEAD_S = 8.0
"""Speech kept ready beyond what was played; the voice waits for room above it."""
BEHIND_S = 4.0
"""Speech kept after it was played, to come back to a word."""
DUCKED_GAIN = 0.18
PLAYOUT_DELAY_S = 0.08
"""How far the caller's loudspeaker is behind, until the caller's client reports it."""


@dataclass(frozen=True, slots=True)
class Heard:
    """How an answer ended: all of it, and the part that was heard."""

    generation: int
    text_spoken: str
    text_heard: str
    interrupted: bool
    claims: tuple[Claim, ...]


class _Answer:
    def __init__(self, generation: int, held: bool) -> None:
        self.generation = generation
        self.held = held
        self.complete = False
        self.ledger = HeardLedger(MOUTH_RATE_HZ)
        self.audio = np.zeros(0, np.int16)
        self.base = 0  # position of audio[0]
        self.written = 0  # position after the last sample
        self.position = 0  # next sample to send
        self.words_sent = 0
        self.started = False


class Mouth:
    """What is being said, sample by sample."""

    def __init__(
        self,
        *,
        clock: Callable[[], float],
        on_started: Callable[[int], None],
        on_words: Callable[[int, str, Claim | None], None],
        on_finished: Callable[[Heard], None],
    ) -> None:
        self._clock = clock
        self._on_started = on_started
        self._on_words = on_words
        self._on_finished = on_finished
        self._answer: _Answer | None = None
        self._gain = self._target_gain = 1.0
        self._paused = False
        self._room = asyncio.Event()
        self._silent_since: float | None = None
        self.playout_delay_s = PLAYOUT_DELAY_S
        self.sample_rate_hz = MOUTH_RATE_HZ

    # what the pipeline writes

    def begin(self, generation: int, *, held: bool) -> None:
        """A new answer is on its way; what was there and not yet finished is dropped."""
        self._answer = _Answer(generation, held)
        self._paused = False
        self._gain = self._target_gain = 1.0
        self._silent_since = None
        self._room.set()

    def claim(self, generation: int, claim: SpokenClaim) -> None:
        """The audio that follows says this claim."""
        if answer := self._mine(generation):
            answer.ledger.expect_claim(claim)

    def write(
        self, generation: int, audio: NDArray[np.int16], words: list[tuple[int, int]]
    ) -> None:
        """Speech at `MOUTH_RATE_HZ`; words as (first, last) sample from the answer's start."""
        if answer := self._mine(generation):
            answer.ledger.expect_words(words)
            answer.audio = np.concatenate((answer.audio, audio))
            answer.written += len(audio)
            if answer.written - answer.position > AHEAD_S * MOUTH_RATE_HZ:
                self._room.clear()

    def written(self, generation: int) -> int:
        """The position at which the next sample of this answer will stand."""
        answer = self._mine(generation)
        return answer.written if answer else 0

    def complete(self, generation: int) -> None:
        """Nothing more will be written to this answer."""
        if answer := self._mine(generation):
            answer.complete = True
            if not answer.held and answer.written == 0:
                self._finish(answer, interrupted=False)

    async def room(self) -> None:
        """Wait until the answer may be written further ahead."""
        await self._room.wait()

    def _mine(self, generation: int) -> _Answer | None:
        answer = self._answer
        return answer if answer is not None and answer.generation == generation else None

    # what the conversation decides

    @property
    def generation(self) -> int | None:
        """The answer in the mouth, if there is one."""
        return self._answer.generation if self._answer else None

    @property
    def speaking(self) -> bool:
        """Whether an answer has begun to sound and is not over (it may be paused)."""
        return self._answer is not None and self._answer.started

    @property
    def waiting(self) -> bool:
        """Whether an answer is on its way and has not begun to sound."""
        return self._answer is not None and not self._answer.started

    @property
    def paused(self) -> bool:
        """Whether the answer has stopped to listen."""
        return self._paused

    def release(self, generation: int) -> None:
        """The turn is confirmed: the held answer may sound."""
        if answer := self._mine(generation):
            answer.held = False
            if answer.complete and answer.written == 0:
                self._finish(answer, interrupted=False)

    def hold(self, generation: int) -> None:
        """Keep an answer that has not begun to sound for a little longer."""
        if (answer := self._mine(generation)) and not answer.started:
            answer.held = True

    def drop(self) -> None:
        """Throw away an answer that nobody heard."""
        self._answer = None
        self._room.set()

    def duck(self) -> None:
        """Speak more softly, within one packet."""
        self._target_gain = DUCKED_GAIN

    def pause(self) -> None:
        """Fall silent and keep the place."""
        self._paused = True

    def resume(self) -> None:
        """Go on at full voice; after a pause, from the beginning of the word that was cut."""
        self._target_gain = 1.0
        if self._paused and self._answer:
            answer = self._answer
            heard = answer.ledger.position_heard(self._clock(), 0.0)
            answer.position = max(answer.base, answer.ledger.word_start_before(heard))
            self._gain = 1.0
        self._paused = False

    def stop(self) -> None:
        """End the answer here; what was heard of it is reported."""
        if self._answer:
            self._finish(self._answer, interrupted=True)

    def said_lately(self) -> str:
        """The words being said now and just before, for the echo guard."""
        answer = self._answer
        if answer is None:
            return ""
        return " ".join(spoken.wording.spoken for spoken in answer.ledger.claims_around())

    def claim_sounding(self) -> Claim | None:
        """The claim that the caller is hearing."""
        return self._answer.ledger.claim_at(self._answer.position) if self._answer else None

    def starved_s(self) -> float:
        """How long an answer that has begun has had nothing to say, in seconds."""
        return 0.0 if self._silent_since is None else self._clock() - self._silent_since

    # what the leg pulls

    def pull(self) -> NDArray[np.int16] | None:
        """The next 20 ms at `MOUTH_RATE_HZ`, or None for silence."""
        answer = self._answer
        if answer is None or answer.held:
            return None
        fading = self._paused and self._gain > 0.0
        if self._paused and not fading:
            return None
        start = answer.position - answer.base
        piece = answer.audio[start : start + FRAME]
        if len(piece) < FRAME and not answer.complete:
            if answer.started and self._silent_since is None:
                self._silent_since = self._clock()
            return None
        if len(piece) == 0:
            self._finish(answer, interrupted=False)
            return None
        self._silent_since = None
        self._advance(answer, len(piece))
        frame = np.zeros(FRAME, np.int16)
        frame[: len(piece)] = piece
        target = 0.0 if fading else self._target_gain
        if self._gain != 1.0 or target != 1.0:
            ramp = np.linspace(self._gain, target, FRAME, dtype=np.float32)
            frame = (frame * ramp).astype(np.int16)
        self._gain = target
        return frame

    def _advance(self, answer: _Answer, samples: int) -> None:
        answer.position += samples
        answer.ledger.sent(answer.position, self._clock())
        if not answer.started:
            answer.started = True
            self._on_started(answer.generation)
        words = answer.ledger.words_heard(answer.position)
        if words > answer.words_sent:
            answer.words_sent = words
            self._on_words(
                answer.generation,
                answer.ledger.text_heard(answer.position),
                answer.ledger.claim_at(answer.position),
            )
        behind = answer.position - answer.base - int(BEHIND_S * MOUTH_RATE_HZ)
        if behind > MOUTH_RATE_HZ:
            answer.audio = answer.audio[behind:].copy()
            answer.base += behind
        if answer.written - answer.position < AHEAD_S * MOUTH_RATE_HZ:
            self._room.set()

    def _finish(self, answer: _Answer, *, interrupted: bool) -> None:
        self._answer = None
        self._room.set()
        self._silent_since = None
        position = answer.written
        if interrupted:
            position = answer.ledger.position_heard(self._clock(), self.playout_delay_s)
        self._on_finished(
            Heard(
                generation=answer.generation,
                text_spoken=answer.ledger.text_spoken(),
                text_heard=answer.ledger.text_heard(position),
                interrupted=interrupted,
                claims=answer.ledger.claims_heard(position),
            )
        )
