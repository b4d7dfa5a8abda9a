"""Piper (`piper:///path/voice.onnx`), the natural voice: an optional extra in its own process.

Texts are said one after another in the order asked, so calls that feed clause by clause share
the process evenly. A process that dies is replaced; the text it was saying ends in EngineDown.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from importlib.util import find_spec
from pathlib import Path

from loguru import logger

from storage.faults import EngineDown, Invalid
from voice_server.speech.engine_url import EngineUrl
from voice_server.speech.engines import SpokenAudio, SpokenWord
from voice_server.speech.frames import Frame, Kind
from voice_server.speech.voices.loudness import CALIBRATION, gain_for, louder
from voice_server.speech.worker_process import WorkerProcess

WORKER = "voice_server.speech.piper_worker"

MOST_WAITING = 64
"""Texts that may wait for the process; beyond that the voice says that it is overloaded."""

PIECE_DEADLINE_S = 10.0
"""Longest wait for a piece of audio, in seconds."""

RESTART_S = (0.1, 1.0, 5.0, 30.0)
"""Pauses before a process that died is started again, in seconds; the last one repeats."""


@asynccontextmanager
async def open_piper(url: EngineUrl) -> AsyncIterator[PiperVoice]:
    """The voice in the file that `url` names, warm.

    Raises Invalid where there is no such file, EngineDown where Piper is not installed or the
    voice does not load.
    """
    model = Path(url.only(()).place)
    if not await asyncio.to_thread(lambda: model.is_file() and Path(f"{model}.json").is_file()):
        raise Invalid(
            "voice.model",
            f"{url.setting}: there is no Piper voice at that path.",
            field=url.setting,
            remedy="Name a voice.onnx that has its voice.onnx.json beside it.",
        )
    if find_spec("piper") is None:
        raise EngineDown(
            "voice.missing",
            "Piper is not installed.",
            remedy="Install it with `.venv/bin/pip install piper-tts`, or use flite://slt.",
        )
    voice = PiperVoice(model)
    try:
        await voice.start()
        yield voice
    finally:
        await voice.close()


class PiperVoice:
    """One Piper process and the texts that wait for it."""

    fallback = False
    remedy = ""

    def __init__(self, model: Path) -> None:
        self.label = f"natural voice (Piper {model.stem})"
        self.rate_hz = 22_050
        self._model = model
        self._gain = 1.0
        self._worker: WorkerProcess | None = None
        self._attending: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._number = 0
        self._said: asyncio.Queue[Frame | None] = asyncio.Queue()

    async def start(self) -> None:
        """Load the process and find the voice's level. Raises EngineDown."""
        worker = await WorkerProcess.started(WORKER, str(self._model))
        self.rate_hz = int(worker.greeting)
        self._worker = worker
        self._attending = asyncio.create_task(self._attend(worker))
        calibration = [piece.pcm async for piece in self.say(CALIBRATION)]
        self._gain = gain_for(b"".join(calibration))

    async def close(self) -> None:
        """End the process."""
        if self._attending is not None:
            self._attending.cancel()
            await asyncio.gather(self._attending, return_exceptions=True)
        if self._worker is not None:
            await self._worker.stop()

    @property
    def process(self) -> int | None:
        """The process id, None while it is being started again."""
        return self._worker.pid if self._worker is not None else None

    async def say(self, text: str) -> AsyncGenerator[SpokenAudio, None]:
        """Speak `text`; the first audio comes when its first stretch is computed."""
        if not text.split():
            return
        if self._waiting >= MOST_WAITING:
            raise EngineDown("voice.overloaded", "I have too much to say at the moment.")
        self._waiting += 1
        try:
            async with self._turn:
                async with aclosing(self._say(text)) as pieces:
                    async for piece in pieces:
                        yield piece
        finally:
            self._waiting -= 1

    async def _say(self, text: str) -> AsyncGenerator[SpokenAudio, None]:
        self._number += 1
        number, worker = self._number, self._worker
        if worker is None or not worker.send(Frame(Kind.SAY, number, text.encode())):
            raise _down()
        try:
            while True:
                try:
                    async with asyncio.timeout(PIECE_DEADLINE_S):
                        frame = await self._said.get()
                except TimeoutError:
                    worker.kill()
                    raise _down() from None
                if frame is None:
                    raise _down()
                if frame.utterance != number:
                    continue
                if frame.kind is Kind.END:
                    return
                line, _, pcm = frame.payload.partition(b"\n")
                words = tuple(SpokenWord(*word) for word in json.loads(line))
                yield SpokenAudio(louder(pcm, self._gain), words)
        finally:
            worker.send(Frame(Kind.CANCEL, number))

    async def _attend(self, worker: WorkerProcess) -> None:
        """Pass on what the process says; replace it when it ends."""
        attempt = 0
        while True:
            async for frame in worker.frames():
                self._said.put_nowait(frame)
            self._worker = None
            self._said.put_nowait(None)
            await worker.stop()
            logger.warning("The voice's process ended; it is started again.")
            while self._worker is None:
                await asyncio.sleep(RESTART_S[min(attempt, len(RESTART_S) - 1)])
                attempt += 1
                try:
                    worker = await WorkerProcess.started(WORKER, str(self._model))
                except EngineDown:
                    logger.error("The voice's process did not start.")
                else:
                    self._said = asyncio.Queue()
                    self._worker = worker


def _down() -> EngineDown:
    return EngineDown(
        "voice.down",
        "I cannot speak at the moment.",
        remedy="Try again; `voice-server doctor` says how the voice is set up.",
    )
