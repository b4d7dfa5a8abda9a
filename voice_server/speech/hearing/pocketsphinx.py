"""PocketSphinx, the recogniser that needs no download: a few processes shared by all calls.

Utterances get a process in the order they began; one that finds none free is kept, audio and
all, until its turn. A process that dies is replaced, and the utterance it held ends in
EngineDown. `learn` builds a language model from the library; utterances begun afterwards use it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path

from loguru import logger

from storage.faults import EngineDown
from voice_server.speech.engine_url import EngineUrl
from voice_server.speech.engines import Hypothesis
from voice_server.speech.frames import Frame, Kind
from voice_server.speech.hearing.pocketsphinx_utterance import PocketSphinxUtterance, busy
from voice_server.speech.hearing.recogniser import LanguageFiles
from voice_server.speech.worker_process import WorkerProcess

WORKER = "voice_server.speech.pocketsphinx_worker"

MOST_WAITING = 8
"""Utterances kept waiting for a process; one more is refused."""

RESTART_S = (0.1, 1.0, 5.0, 30.0)
"""Pauses before a process that died is started again, in seconds; the last one repeats."""


@asynccontextmanager
async def open_pocketsphinx(
    url: EngineUrl, *, decoders: int, data: Path
) -> AsyncIterator[PocketSphinxTranscriber]:
    """`decoders` processes, their model loaded. Raises EngineDown when they do not start."""
    url.only(())
    transcriber = PocketSphinxTranscriber(decoders, data / "hearing")
    try:
        await transcriber.start()
        yield transcriber
    finally:
        await transcriber.close()


class PocketSphinxTranscriber:
    """The pool of processes."""

    label = "basic recogniser (PocketSphinx)"
    fallback = True
    remedy = (
        "For far fewer mistakes: set VOICE_HEARING__URL=whisper:///path/to/a/faster-whisper/model, "
        "or whisper://base.en where the model can be downloaded."
    )

    def __init__(self, decoders: int, folder: Path) -> None:
        self._decoders = decoders
        self._folder = folder
        self._language: LanguageFiles | None = None
        self._seats: list[_Seat] = []
        self._retiring: list[_Seat] = []
        self._waiting: deque[PocketSphinxUtterance] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._learning = asyncio.Lock()
        self._last_id = 0

    async def start(self) -> None:
        """Load the processes side by side, with what was learned last where there is such."""
        self._language = await asyncio.to_thread(_learned_last, self._folder)
        workers = await self._new_workers()
        if self._language is not None and any(isinstance(w, EngineDown) for w in workers):
            for worker in workers:
                if isinstance(worker, WorkerProcess):
                    await worker.stop()
            self._language = None
            workers = await self._new_workers()
        for worker in workers:
            if isinstance(worker, WorkerProcess):
                self._seat(worker)
        for worker in workers:
            if isinstance(worker, BaseException):
                raise worker

    async def close(self) -> None:
        """End all processes; utterances that are open end in EngineDown."""
        seats = [*self._seats, *self._retiring]
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for seat in seats:  # a task that never ran has cleaned up nothing
            await seat.worker.stop()
            if seat.utterance is not None:
                seat.utterance.fail()
        for utterance in list(self._waiting):
            utterance.fail()

    @property
    def processes(self) -> list[int]:
        """The process ids, for `doctor` and the bench."""
        return [seat.worker.pid for seat in self._seats]

    async def open_utterance(
        self, on_partial: Callable[[Hypothesis], None]
    ) -> PocketSphinxUtterance:
        """Begin an utterance. Raises Busy when too many wait, EngineDown when no process runs."""
        if not self._seats:
            raise EngineDown(
                "hearing.down",
                "I cannot hear at the moment.",
                remedy="The recogniser is being started again; try in a few seconds.",
            )
        self._last_id += 1
        utterance = PocketSphinxUtterance(self._last_id, on_partial, self._left)
        if seat := next((seat for seat in self._seats if seat.free), None):
            seat.take(utterance)
        elif len(self._waiting) < MOST_WAITING:
            self._waiting.append(utterance)
        else:
            raise busy()
        return utterance

    async def learn(self, text: str) -> None:
        """Make the library's words and phrases more likely, and pronounce the unknown ones."""
        from voice_server.speech.hearing.learning import learned

        async with self._learning:
            language = await learned(text, self._folder)
            if language is None or language == self._language:
                return
            self._language = language
            for seat in list(self._seats):
                if seat in self._seats:
                    fresh = await self._new_worker(language)
                    self._retire(seat)
                    self._seat(fresh)

    def _left(self, utterance: PocketSphinxUtterance) -> None:
        """An utterance has ended: its process takes the one that has waited longest."""
        if utterance in self._waiting:
            self._waiting.remove(utterance)
        for seat in self._seats:
            if seat.utterance is utterance:
                seat.utterance = None
                self._fill(seat)
        for seat in self._retiring:
            if seat.utterance is utterance:
                seat.utterance = None
                seat.worker.kill()

    def _fill(self, seat: _Seat) -> None:
        if self._waiting:
            seat.take(self._waiting.popleft())

    def _retire(self, seat: _Seat) -> None:
        if seat in self._seats:
            self._seats.remove(seat)
            self._retiring.append(seat)
        if seat.utterance is None:
            seat.worker.kill()

    async def _new_workers(self) -> list[WorkerProcess | BaseException]:
        return await asyncio.gather(
            *(self._new_worker(self._language) for _ in range(self._decoders)),
            return_exceptions=True,
        )

    async def _new_worker(self, language: LanguageFiles | None) -> WorkerProcess:
        if language is None:
            return await WorkerProcess.started(WORKER)
        return await WorkerProcess.started(WORKER, str(language.model), str(language.dictionary))

    def _seat(self, worker: WorkerProcess) -> None:
        seat = _Seat(worker)
        self._seats.append(seat)
        self._run(self._attend(seat))
        self._fill(seat)

    async def _attend(self, seat: _Seat) -> None:
        """Pass on what a process says; replace it when it ends unasked."""
        try:
            async for frame in seat.worker.frames():
                utterance = seat.utterance
                if utterance is not None and frame.utterance == utterance.id:
                    utterance.told(frame)
        finally:
            await seat.worker.stop()
            unasked = seat in self._seats
            (self._seats if unasked else self._retiring).remove(seat)
            if seat.utterance is not None:
                seat.utterance.fail()
                seat.utterance = None
        if unasked:
            logger.warning("A recogniser process ended; it is started again.")
            self._run(self._restart())

    async def _restart(self) -> None:
        attempt = 0
        while True:
            await asyncio.sleep(RESTART_S[min(attempt, len(RESTART_S) - 1)])
            try:
                self._seat(await self._new_worker(self._language))
                return
            except EngineDown:
                attempt += 1
                logger.error("The recogniser process did not start.")

    def _run(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _learned_last(folder: Path) -> LanguageFiles | None:
    """The newest files that `learn` has made in `folder`."""
    models = sorted(folder.glob("*.arpa"), key=lambda path: path.stat().st_mtime)
    files = [LanguageFiles(model, model.with_suffix(".dict")) for model in models]
    return next((f for f in reversed(files) if f.dictionary.exists()), None)


class _Seat:
    """A process and the utterance it hears."""

    def __init__(self, worker: WorkerProcess) -> None:
        self.worker = worker
        self.utterance: PocketSphinxUtterance | None = None

    @property
    def free(self) -> bool:
        return self.utterance is None

    def take(self, utterance: PocketSphinxUtterance) -> None:
        self.utterance = utterance
        self.worker.send(Frame(Kind.OPEN, utterance.id))
        utterance.seated(self.worker)
