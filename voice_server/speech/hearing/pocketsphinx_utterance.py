"""One utterance on its way through a recogniser process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from storage.faults import Busy, EngineDown
from voice_server.speech.engines import HEARING_RATE_HZ, Hypothesis
from voice_server.speech.frames import Frame, Kind
from voice_server.speech.hearing.wording import as_text
from voice_server.speech.worker_process import WorkerProcess

FINISH_DEADLINE_S = 3.0
"""Longest wait for the final text, from `finish` on, when audio came no faster than it was said;
a recording that was fed at once gets twice the time that it is ahead."""

SEAT_DEADLINE_S = 8.0
"""Longest wait for a free process, from `finish` on."""

MOST_KEPT_BYTES = 30 * HEARING_RATE_HZ * 2
"""Audio kept while no process is free: 30 s."""


class PocketSphinxUtterance:
    """Waiting for a process, then heard by one, then over. Over means: `on_end` was told once."""

    def __init__(
        self,
        identity: int,
        on_partial: Callable[[Hypothesis], None],
        on_end: Callable[[PocketSphinxUtterance], None],
    ) -> None:
        self.id = identity
        self._on_partial = on_partial
        self._on_end = on_end
        self._worker: WorkerProcess | None = None
        self._kept = bytearray()
        self._lost = False
        self._over = False
        self._finishing = False
        self._heard_out = False
        self._fed_bytes = 0
        self._began = asyncio.get_running_loop().time()
        self._deadline = asyncio.timeout(None)
        self._final: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def feed(self, pcm: bytes) -> None:
        """Pass audio on, or keep it until a process is free."""
        if self._over or self._finishing:
            return
        self._fed_bytes += len(pcm)
        if self._worker is not None:
            sent = self._worker.send(Frame(Kind.AUDIO, self.id, bytes(pcm)))
            self._lost = self._lost or not sent
        elif len(self._kept) + len(pcm) <= MOST_KEPT_BYTES:
            self._kept += pcm
        else:
            self._lost = True

    async def finish(self) -> str:
        """The final text. Raises EngineDown when audio was lost, the process died or is late, Busy
        when no process came free."""
        if self._lost:
            self.fail()
        if not self._over and not self._finishing:
            self._finishing = True
            if self._worker is not None:
                self._worker.send(Frame(Kind.FINISH, self.id))
        try:
            waiting = self._worker is None and not self._over
            wait_s = SEAT_DEADLINE_S if waiting else FINISH_DEADLINE_S + 2 * self._ahead_s()
            async with asyncio.timeout(wait_s) as self._deadline:
                return await asyncio.shield(self._final)
        except TimeoutError:
            if self._worker is None:
                self.cancel()
                raise busy() from None
            self._worker.kill()
            self.fail()
            raise _down() from None
        except asyncio.CancelledError:
            self.cancel()
            raise

    def cancel(self) -> None:
        """Forget it; the process is free for the next one. A `finish` under way returns ''."""
        self._end()
        if not self._final.done():
            self._final.set_result("")

    def seated(self, worker: WorkerProcess) -> None:
        """A process has been told to begin: hand over what was kept."""
        self._worker = worker
        kept, self._kept = self._kept, bytearray()
        if kept:
            worker.send(Frame(Kind.AUDIO, self.id, bytes(kept)))
        if self._finishing:
            worker.send(Frame(Kind.FINISH, self.id))
            if not self._deadline.expired():
                within_s = FINISH_DEADLINE_S + 2 * len(kept) / (2 * HEARING_RATE_HZ)
                self._deadline.reschedule(asyncio.get_running_loop().time() + within_s)

    def told(self, frame: Frame) -> None:
        """The process has words."""
        if frame.kind is Kind.PARTIAL and not self._finishing:
            stable, changing = frame.payload.decode().split("\n")
            text = as_text(f"{stable} {changing}")
            settled = as_text(stable)
            if text and not text.startswith(settled):
                settled = ""
            self._on_partial(Hypothesis(text, settled, final=False))
        elif frame.kind is Kind.FINAL:
            self._heard_out = True
            self._end()
            if not self._final.done():
                self._final.set_result(as_text(frame.payload.decode()))

    def fail(self) -> None:
        """The process is gone, late or has lost audio."""
        self._end()
        if not self._final.done():
            self._final.set_exception(_down())
            self._final.exception()  # finish may never be called; that is no error

    def _ahead_s(self) -> float:
        heard_s = self._fed_bytes / (2 * HEARING_RATE_HZ)
        return max(0.0, heard_s - (asyncio.get_running_loop().time() - self._began))

    def _end(self) -> None:
        if self._over:
            return
        self._over = True
        if self._worker is not None and not self._heard_out:
            self._worker.send(Frame(Kind.CANCEL, self.id))
        self._on_end(self)


def busy() -> Busy:
    """Nobody to hear this utterance."""
    return Busy(
        "hearing.busy",
        "Too many people are speaking at the same time.",
        retry_after_s=2,
        remedy="Raise VOICE_HEARING__DECODERS if this happens often.",
    )


def _down() -> EngineDown:
    return EngineDown(
        "hearing.down",
        "I could not hear that.",
        remedy="Say it again; the recogniser is being started again.",
    )
