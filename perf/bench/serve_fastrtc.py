"""FastRTC's ReplyOnPause as its documentation mounts it, with simulated engines.

    build/fastrtc/bin/python -m perf.bench.serve_fastrtc --port N --vad silero_vad.onnx
        [--tuned] [--long]

Runs in an environment of its own. FastRTC fetches its voice-activity weights from a model hub at
first use; here it is given the current Silero weights (`--vad`) through its own `model=` seam.
`--tuned` halves the chunk that pauses are looked for in.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import numpy as np
import onnxruntime
import uvicorn
from fastapi import FastAPI, Request
from fastrtc import AlgoOptions, ReplyOnPause, SileroVadOptions, Stream
from fastrtc.pause_detection.silero import SileroVADModel

from perf.bench.simulated import (
    LONG,
    MODEL_FIRST_S,
    MODEL_WORD_S,
    SHORT,
    VOICE_FIRST_S,
    VOICE_HZ,
    WORD_S,
)

WINDOW, CONTEXT = 512, 64
"""Samples of a window of Silero 5 and 6 at 16 kHz, and of the end of the one before it."""


def main() -> None:
    """Serve until ended."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--port", type=int, required=True)
    options.add_argument("--vad", required=True)
    options.add_argument("--tuned", action="store_true")
    options.add_argument("--long", action="store_true")
    chosen = options.parse_args()
    text = LONG if chosen.long else SHORT

    def reply(audio: tuple[int, Any]) -> Iterator[tuple[int, Any]]:
        time.sleep(MODEL_FIRST_S + MODEL_WORD_S * len(text.split(". ")[0].split()) + VOICE_FIRST_S)
        for _ in text.split():
            yield VOICE_HZ, WORD

    model = Silero(chosen.vad)
    model.warmup()
    stream = Stream(
        ReplyOnPause(
            reply,
            algo_options=AlgoOptions(audio_chunk_duration=0.3) if chosen.tuned else None,
            model_options=SileroVadOptions(window_size_samples=WINDOW),
            model=model,
            output_sample_rate=VOICE_HZ,
        ),
        modality="audio",
        mode="send-receive",
        concurrency_limit=1000,
    )
    app = FastAPI()
    stream.mount(app)

    @app.post("/api/offer")
    async def offer(request: Request) -> Any:
        body = await request.json()
        pc_id = uuid4().hex
        answer = await stream.handle_offer(
            {"sdp": body["sdp"], "type": "offer", "webrtc_id": pc_id},
            set_outputs=stream.set_additional_outputs(pc_id),
        )
        return {**answer, "pc_id": pc_id}

    uvicorn.run(app, port=chosen.port, log_level="warning")


class Silero(SileroVADModel):  # type: ignore[misc]
    """FastRTC's detector over the weights of Silero 5 and 6, whose state and context differ."""

    def __init__(self, path: str) -> None:
        options = onnxruntime.SessionOptions()
        options.inter_op_num_threads = options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(
            path, providers=["CPUExecutionProvider"], sess_options=options
        )

    def get_initial_state(self, batch_size: int) -> Any:
        """The recurrent state and the context, all zeros."""
        return (
            np.zeros((2, batch_size, 128), np.float32),
            np.zeros((batch_size, CONTEXT), np.float32),
        )

    def __call__(self, x: Any, state: Any, sr: int) -> Any:
        """Probability of speech in a window of 512 samples, and the state after it."""
        window = np.atleast_2d(x).astype(np.float32)
        hidden, context = state
        out, hidden = self.session.run(
            None,
            {
                "input": np.concatenate((context, window), axis=1),
                "state": hidden,
                "sr": np.array(sr, np.int64),
            },
        )
        return out, (hidden, window[:, -CONTEXT:])


def _word() -> Any:
    sounding = int(VOICE_HZ * WORD_S * 0.8)
    at_s = np.arange(sounding) / VOICE_HZ
    fade = np.minimum(1.0, np.minimum(at_s, at_s[::-1]) * 100)
    wave = np.zeros((1, int(VOICE_HZ * WORD_S)), np.int16)
    wave[0, :sounding] = 0.1 * fade * np.sin(2 * np.pi * 440 * at_s) * 32767
    return wave


WORD = _word()


if __name__ == "__main__":
    main()
