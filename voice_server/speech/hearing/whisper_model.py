"""The faster-whisper model itself: found or fetched, loaded, and asked to decode a window.

What Whisper invents on silence, noise and loops is kept out: no earlier text is fed back, and
segments that are improbable, silent, repetitive or too fast to be speech are dropped.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from storage.faults import EngineDown
from voice_server.speech.engines import HEARING_RATE_HZ

LEAST_LOG_PROBABILITY = -1.0
MOST_NO_SPEECH = 0.6
MOST_COMPRESSION = 2.4
"""The gates of Whisper's own decoding (openai/whisper, transcribe.py)."""

MOST_WORDS_PER_S = 7.0
"""Faster is no speech."""

LONGEST_LOOP = 3
"""The same three words in a row may come this often."""

CONNECT_S = 3.0
"""Longest wait to learn whether models can be fetched at all."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a window that Whisper took as one, in seconds from the window's start."""

    text: str
    start_s: float
    end_s: float


class WhisperDecoder:
    """Decodes windows; safe to call from as many threads as it has workers."""

    def __init__(
        self, folder: Path, *, device: str, compute: str, threads: int, workers: int
    ) -> None:
        """Load and warm the model (blocks for a second or more). Raises EngineDown."""
        from faster_whisper import WhisperModel

        self.hotwords: str | None = None
        try:
            self._model = WhisperModel(
                str(folder),
                device=device,
                compute_type=compute,
                cpu_threads=threads,
                num_workers=workers,
                local_files_only=True,
            )
            self.decode(np.zeros(HEARING_RATE_HZ, np.float32))
        except (RuntimeError, ValueError, OSError) as broken:
            raise EngineDown(
                "hearing.model",
                "The recogniser's model does not load.",
                remedy=f"It is damaged or does not fit this machine ({type(broken).__name__}); "
                "fetch it again, or use pocketsphinx://.",
            ) from None

    def decode(self, audio: npt.NDArray[np.float32]) -> list[Segment]:
        """What is said in `audio` (16 kHz mono, -1 to 1). Blocks."""
        segments, _ = self._model.transcribe(
            audio,
            language="en",
            beam_size=1,
            temperature=0.0,
            condition_on_previous_text=False,
            no_speech_threshold=MOST_NO_SPEECH,
            log_prob_threshold=LEAST_LOG_PROBABILITY,
            compression_ratio_threshold=MOST_COMPRESSION,
            hotwords=self.hotwords,
            vad_filter=False,
        )
        length_s = len(audio) / HEARING_RATE_HZ
        return [
            Segment(unlooped(segment.text), segment.start, min(segment.end, length_s))
            for segment in segments
            if believable(
                segment.text,
                min(segment.end, length_s) - segment.start,
                segment.avg_logprob,
                segment.no_speech_prob,
                segment.compression_ratio,
            )
        ]


def believable(
    text: str, length_s: float, log_probability: float, no_speech: float, compression: float
) -> bool:
    """Whether a segment is speech rather than something made up."""
    words = text.split()
    return (
        bool(words)
        and log_probability >= LEAST_LOG_PROBABILITY
        and (no_speech <= MOST_NO_SPEECH or log_probability > LEAST_LOG_PROBABILITY / 2)
        and compression <= MOST_COMPRESSION
        and len(words) <= math.ceil(MOST_WORDS_PER_S * max(length_s, 0.5))
    )


def unlooped(text: str) -> str:
    """`text` up to where it begins to go round in circles."""
    words = text.split()
    for size in (1, 2, 3):
        for at in range(len(words) - size * LONGEST_LOOP):
            part = words[at : at + size]
            if words[at : at + size * (LONGEST_LOOP + 1)] == part * (LONGEST_LOOP + 1):
                return " ".join(words[: at + size])
    return " ".join(words)


async def fetched_model(
    name: str, folder: Path, progress: Callable[[str, float | None], None]
) -> Path:
    """The folder of the named model, fetched into `folder` where it is missing.

    Raises EngineDown when it is missing and cannot be fetched.
    """
    found = await asyncio.to_thread(_local, name, folder)
    if found is not None:
        return found
    if not await _reachable():
        raise _missing(name, "the network cannot be reached")
    progress(f"Fetching the recogniser's model {name}", None)
    try:
        return await asyncio.to_thread(_fetch, name, folder)
    except Exception as failure:  # the engine-thread boundary: whatever the download raises
        raise _missing(name, f"fetching it failed ({type(failure).__name__})") from None


def _local(name: str, folder: Path) -> Path | None:
    from faster_whisper.utils import download_model

    try:
        return Path(download_model(name, cache_dir=str(folder), local_files_only=True))
    except (OSError, ValueError):
        return None


def _fetch(name: str, folder: Path) -> Path:
    from faster_whisper.utils import download_model

    return Path(download_model(name, cache_dir=str(folder)))


async def _reachable() -> bool:
    from urllib.parse import urlsplit

    from huggingface_hub.constants import ENDPOINT

    hub = urlsplit(ENDPOINT)
    try:
        async with asyncio.timeout(CONNECT_S):
            _, writer = await asyncio.open_connection(hub.hostname, hub.port or 443)
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True


def _missing(name: str, reason: str) -> EngineDown:
    return EngineDown(
        "hearing.model",
        f"The recogniser's model {name} is not here, and {reason}.",
        remedy="Set VOICE_HEARING__URL=whisper:///path/to/a/faster-whisper/model, or let the "
        "server reach the internet once.",
    )


def joined(segments: Iterable[Segment]) -> list[str]:
    """The words of the segments in order."""
    return [word for segment in segments for word in segment.text.split()]
