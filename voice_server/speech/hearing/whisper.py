"""faster-whisper: the good recogniser, one model shared by all calls.

`whisper://base.en` names a model that is fetched on first use into the data folder,
`whisper:///path/to/model` a CTranslate2 folder. Decodes run in a few threads, the ends of
utterances first; options: `device` (cpu, cuda), `compute` (int8, float16 …).
"""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from storage.faults import Busy, Invalid
from voice_server.speech.engine_url import EngineUrl
from voice_server.speech.engines import Hypothesis
from voice_server.speech.hearing.whisper_model import WhisperDecoder, fetched_model
from voice_server.speech.hearing.whisper_utterance import Job, WhisperUtterance
from voice_server.speech.voices.threads import be_nice

MOST_UTTERANCES = 32
"""Utterances open at the same time; one more is refused."""

HOTWORDS = 60
"""Words of the library that a decode is biased towards."""

ONE_THREAD_MODELS = ("tiny", "base")
"""Models that are faster with one thread per decode, whatever the machine has."""


@asynccontextmanager
async def open_whisper(
    url: EngineUrl, *, decoders: int, data: Path, progress: Callable[[str, float | None], None]
) -> AsyncIterator[WhisperTranscriber]:
    """The model behind `url`, warm. Raises Invalid for a folder that holds none, EngineDown when
    it can neither be found nor fetched."""
    url.only(("device", "compute"))
    name = url.place or "base.en"
    if name.startswith("/"):
        folder = Path(name)
        if not await asyncio.to_thread((folder / "model.bin").is_file):
            raise Invalid(
                "hearing.model",
                f"{url.setting}: that folder holds no faster-whisper model.",
                field=url.setting,
                remedy="Name a folder with model.bin, config.json and tokenizer.json.",
            )
    else:
        folder = await fetched_model(name, data / "models", progress)
    progress("Loading the recogniser", None)
    small = any(part in folder.name or part in name for part in ONE_THREAD_MODELS)
    pool = ThreadPoolExecutor(decoders, thread_name_prefix="whisper", initializer=be_nice)
    try:
        decoder = await asyncio.get_running_loop().run_in_executor(
            pool,
            lambda: WhisperDecoder(
                folder,
                device=url.text("device", "cpu"),
                compute=url.text("compute", "int8"),
                threads=1 if small else max(1, (os.cpu_count() or 1) // decoders),
                workers=decoders,
            ),
        )
        transcriber = WhisperTranscriber(Path(name).name, decoder, pool)
        tasks = [asyncio.create_task(transcriber.work()) for _ in range(decoders)]
        try:
            yield transcriber
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            transcriber.shut()
    finally:
        await asyncio.to_thread(pool.shutdown, cancel_futures=True)


class WhisperTranscriber:
    """Takes decodes in order of urgency: ends of utterances, then what is still being said."""

    fallback = False
    remedy = ""

    def __init__(self, name: str, decoder: WhisperDecoder, pool: ThreadPoolExecutor) -> None:
        self.label = f"recogniser faster-whisper {name}"
        self._decoder = decoder
        self._pool = pool
        self._jobs: asyncio.PriorityQueue[Job] = asyncio.PriorityQueue()
        self._open: set[WhisperUtterance] = set()

    async def open_utterance(self, on_partial: Callable[[Hypothesis], None]) -> WhisperUtterance:
        """Begin an utterance. Raises Busy when too many are open."""
        if len(self._open) >= MOST_UTTERANCES:
            raise Busy(
                "hearing.busy",
                "Too many people are speaking at the same time.",
                retry_after_s=2,
                remedy="Raise VOICE_HEARING__DECODERS if this happens often.",
            )
        utterance = WhisperUtterance(self._jobs.put_nowait, on_partial, self._open.discard)
        self._open.add(utterance)
        return utterance

    async def learn(self, text: str) -> None:
        """Bias decoding towards the library's long words: drugs, diseases, tests."""
        words = await asyncio.to_thread(hotwords, text)
        self._decoder.hotwords = " ".join(words) or None

    async def work(self) -> None:
        """Decode, job by job, until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            job = await self._jobs.get()
            if not job.wanted():
                continue
            try:
                found: Any = await loop.run_in_executor(self._pool, self._decoder.decode, job.audio)
            except RuntimeError:  # what CTranslate2 raises, from out of memory to a bad device
                job.failed()
            else:
                job.done(found)

    def shut(self) -> None:
        """End every open utterance in EngineDown."""
        for utterance in list(self._open):
            utterance.fail()


def hotwords(text: str) -> list[str]:
    """The long words of `text`, those that occur most often first."""
    plain = ("ing", "tion", "tions", "ment", "ness", "able", "ally", "ed", "ly", "ents", "ence")
    words = (word.strip(".,:;()[]*|\"'").lower() for word in text.split())
    counts = Counter(w for w in words if len(w) >= 7 and w.isalpha() and not w.endswith(plain))
    return [word for word, _ in counts.most_common(HOTWORDS)]
