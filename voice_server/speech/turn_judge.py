"""The end-of-turn model (smart-turn, shipped with pipecat) and the voice detector (Silero), shared.

Both are loaded once per process, in a thread. The detector's weights serve every call; each call
keeps only its own recurrent state.
"""

from __future__ import annotations

import asyncio
import copy
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import resources
from typing import Protocol

import numpy as np
from pipecat.audio.turn.smart_turn.local_smart_turn_v3 import LocalSmartTurnAnalyzerV3
from pipecat.audio.vad.silero import SileroOnnxModel
from pipecat.metrics.metrics import TurnMetricsData

from voice_server.speech.engines import HEARING_RATE_HZ

LONGEST_S = 8
"""Seconds of audio the end-of-turn model looks at."""


class TurnJudge(Protocol):
    """Says how likely a turn is complete, from its sound."""

    async def completeness(self, pcm: bytes) -> float:
        """Probability, 0 to 1, for 16 kHz mono s16le audio that ends in a pause."""


class SmartTurn:
    """smart-turn v3.2, one judgement at a time (about 60 ms each)."""

    def __init__(self) -> None:
        self._analyzer = LocalSmartTurnAnalyzerV3()
        self._analyzer.set_sample_rate(HEARING_RATE_HZ)
        self._one = asyncio.Lock()

    async def completeness(self, pcm: bytes) -> float:
        """See `TurnJudge`. Earlier audio than the last eight seconds is not looked at."""
        async with self._one:
            self._analyzer.clear()
            self._analyzer.append_audio(pcm[-LONGEST_S * HEARING_RATE_HZ * 2 :], True)
            _, metrics = await self._analyzer.analyze_end_of_turn()
        return metrics.probability if isinstance(metrics, TurnMetricsData) else 0.0

    async def close(self) -> None:
        """Give the model's thread back."""
        await self._analyzer.cleanup()


class VoiceDetector:
    """Silero on windows of 512 samples at 16 kHz; `for_call` shares the weights."""

    def __init__(self) -> None:
        path = resources.files("pipecat.audio.vad.data").joinpath("silero_vad.onnx")
        self._model = SileroOnnxModel(str(path))

    def for_call(self) -> VoiceDetector:
        """The same weights with a state of its own."""
        twin = copy.copy(self)
        twin._model = copy.copy(self._model)
        twin.reset()
        return twin

    def reset(self) -> None:
        """Forget what was heard; the next window stands alone."""
        self._model.reset_states()

    def confidence(self, window: bytes) -> float:
        """Probability of speech in 512 samples, s16le. About 0.15 ms."""
        samples = np.frombuffer(window, np.int16).astype(np.float32) / 32768.0
        return float(self._model(samples, HEARING_RATE_HZ)[0].item())


@asynccontextmanager
async def open_turn_models() -> AsyncIterator[tuple[SmartTurn, VoiceDetector]]:
    """Both models, loaded in a thread and warmed by one inference each."""

    def load() -> tuple[SmartTurn, VoiceDetector]:
        detector = VoiceDetector()
        detector.confidence(bytes(1024))
        return SmartTurn(), detector

    smart_turn, detector = await asyncio.to_thread(load)
    await smart_turn.completeness(bytes(HEARING_RATE_HZ))
    try:
        yield smart_turn, detector
    finally:
        await smart_turn.close()
