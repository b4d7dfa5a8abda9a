"""pipecat's voice agent as its documentation builds it, with simulated engines.

    python -m perf.bench.serve_pipecat --port N [--tuned] [--long] [--script FILE]

The services are ordinary pipecat services around the engines that our own server uses. `--tuned`
has the settings with which pipecat is fastest: no model in the end of turn, short voice-activity
waits, 20 ms output chunks, finals without a wait.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import BackgroundTasks, FastAPI
from loguru import logger
from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.audio.vad.vad_analyzer import VADParams
from pipecat.frames.frames import (
    Frame,
    InterimTranscriptionFrame,
    LLMContextFrame,
    LLMFullResponseEndFrame,
    LLMFullResponseStartFrame,
    StartFrame,
    TranscriptionFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import (
    LLMContextAggregatorPair,
    LLMUserAggregatorParams,
)
from pipecat.processors.frame_processor import FrameDirection
from pipecat.services.llm_service import LLMService
from pipecat.services.settings import LLMSettings, STTSettings, TTSSettings
from pipecat.services.stt_service import STTService
from pipecat.services.tts_service import TTSService
from pipecat.transports.base_transport import TransportParams
from pipecat.transports.smallwebrtc.connection import SmallWebRTCConnection
from pipecat.transports.smallwebrtc.request_handler import (
    SmallWebRTCRequest,
    SmallWebRTCRequestHandler,
)
from pipecat.transports.smallwebrtc.transport import SmallWebRTCTransport
from pipecat.turns.user_stop import SpeechTimeoutUserTurnStopStrategy
from pipecat.turns.user_turn_strategies import UserTurnStrategies
from pipecat.workers.runner import WorkerRunner

from agents.simulated import SimulatedModel
from perf.bench.following import Following
from perf.bench.simulated import (
    LONG,
    MODEL_FIRST_S,
    PARTIAL_MS,
    SHORT,
    VOICE_FIRST_S,
    VOICE_HZ,
    WORD_S,
)
from voice_server.speech.engines import Hypothesis, Transcriber, Utterance
from voice_server.speech.scripted import ScriptedTranscriber
from voice_server.speech.tone import ToneVoice

STT_P99_S = 0.25
"""What a service states that has its final words at once: the wait of a stop without a final."""


def main() -> None:
    """Serve until ended."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--port", type=int, required=True)
    options.add_argument("--tuned", action="store_true")
    options.add_argument("--long", action="store_true")
    options.add_argument("--script", type=Path)
    chosen = options.parse_args()
    logger.remove()
    logger.add(sys.stderr, level="WARNING")
    uvicorn.run(_app(chosen), port=chosen.port, log_level="warning")


def _app(chosen: argparse.Namespace) -> FastAPI:
    handler = SmallWebRTCRequestHandler()
    transcriber: Transcriber = (
        Following(chosen.script)
        if chosen.script
        else ScriptedTranscriber(("how is it treated in an adult",), partial_ms=PARTIAL_MS)
    )
    text = LONG if chosen.long else SHORT

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        yield
        await handler.close()

    app = FastAPI(lifespan=life)

    @app.post("/api/offer")
    async def offer(request: SmallWebRTCRequest, background: BackgroundTasks) -> Any:
        async def connected(connection: SmallWebRTCConnection) -> None:
            background.add_task(_talk, connection, transcriber, text, tuned=chosen.tuned)

        return await handler.handle_web_request(
            request=request, webrtc_connection_callback=connected
        )

    return app


async def _talk(
    connection: SmallWebRTCConnection, transcriber: Transcriber, text: str, *, tuned: bool
) -> None:
    params = TransportParams(audio_in_enabled=True, audio_out_enabled=True)
    vad, strategies = SileroVADAnalyzer(), None
    if tuned:
        params.audio_out_10ms_chunks = 2
        vad = SileroVADAnalyzer(
            params=VADParams(confidence=0.5, start_secs=0.064, stop_secs=0.1, min_volume=0.0)
        )
        strategies = UserTurnStrategies(
            stop=[SpeechTimeoutUserTurnStopStrategy(user_speech_timeout=0.1)]
        )
    transport = SmallWebRTCTransport(webrtc_connection=connection, params=params)
    user, assistant = LLMContextAggregatorPair(
        LLMContext([{"role": "developer", "content": "Answer briefly."}]),
        user_params=LLMUserAggregatorParams(vad_analyzer=vad, user_turn_strategies=strategies),
    )
    worker = PipelineWorker(
        Pipeline(
            [
                transport.input(),
                _Hearing(transcriber),
                user,
                _Writing(SimulatedModel(text, first_s=MODEL_FIRST_S)),
                _Speaking(ToneVoice(first_ms=VOICE_FIRST_S * 1000, word_ms=WORD_S * 1000)),
                transport.output(),
                assistant,
            ]
        ),
        params=PipelineParams(enable_metrics=True, enable_usage_metrics=True),
    )

    @transport.event_handler("on_client_disconnected")  # type: ignore[untyped-decorator]
    async def gone(transport: SmallWebRTCTransport, client: Any) -> None:
        await worker.cancel()

    runner = WorkerRunner(handle_sigint=False)
    await runner.add_workers(worker)
    await runner.run()


class _Hearing(STTService):
    """A streaming recogniser: interim words as they come, the final ones when asked for them."""

    def __init__(self, transcriber: Transcriber) -> None:
        super().__init__(
            ttfs_p99_latency=STT_P99_S, settings=STTSettings(model="simulated", language=None)
        )
        self._transcriber = transcriber
        self._utterance: Utterance | None = None

    async def start(self, frame: StartFrame) -> None:
        """Listen."""
        await super().start(frame)
        await self._listen()

    async def run_stt(self, audio: bytes) -> AsyncGenerator[Frame | None, None]:
        """See `STTService`."""
        if self._utterance is not None:
            self._utterance.feed(audio)
        yield None

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """The end of speech asks for the final words, as Deepgram's and others' services do."""
        await super().process_frame(frame, direction)
        if isinstance(frame, VADUserStoppedSpeakingFrame) and self._utterance is not None:
            self.request_finalize()  # type: ignore[no-untyped-call]
            utterance = self._utterance
            text = await utterance.finish()
            await self._listen()
            if text:
                self.confirm_finalize()  # type: ignore[no-untyped-call]
                await self.push_frame(TranscriptionFrame(text, "", _now()))

    async def _listen(self) -> None:
        self._utterance = await self._transcriber.open_utterance(self._partial)

    def _partial(self, hypothesis: Hypothesis) -> None:
        self.create_task(self.push_frame(InterimTranscriptionFrame(hypothesis.text, "", _now())))


class _Writing(LLMService[Any]):
    """The simulated model."""

    def __init__(self, model: SimulatedModel) -> None:
        super().__init__(
            settings=LLMSettings(
                model="simulated", system_instruction=None, temperature=None, max_tokens=None,
                top_p=None, top_k=None, frequency_penalty=None, presence_penalty=None, seed=None,
                filter_incomplete_user_turns=False, user_turn_completion_config=None,
            )
        )  # fmt: skip
        self._model = model

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """A context in, the answer's text out."""
        await super().process_frame(frame, direction)
        if not isinstance(frame, LLMContextFrame):
            await self.push_frame(frame, direction)
            return
        await self.push_frame(LLMFullResponseStartFrame())
        async for piece in self._model.reply(()):
            await self._push_llm_text(str(piece))
        await self.push_frame(LLMFullResponseEndFrame())


class _Speaking(TTSService):
    """The tone voice, streamed as a local voice's service does it."""

    def __init__(self, voice: ToneVoice) -> None:
        super().__init__(
            push_start_frame=True,
            push_stop_frames=True,
            settings=TTSSettings(model="tone", voice="tone", language=None),
        )
        self._voice = voice

    async def run_tts(self, text: str, context_id: str) -> AsyncGenerator[Frame | None, None]:
        """See `TTSService`."""
        async for frame in self._stream_audio_frames_from_iterator(
            self._pieces(text), in_sample_rate=VOICE_HZ, context_id=context_id
        ):
            yield frame

    async def _pieces(self, text: str) -> AsyncIterator[bytes]:
        async for piece in self._voice.say(text):
            yield piece.pcm


def _now() -> str:
    return datetime.now(UTC).isoformat()


if __name__ == "__main__":
    main()
