"""Half an hour of noise and silence on the line: a whole call must hear no word and take no turn.

    python -m perf.quiet_call [--minutes 30] [--speed 6]

The call is the real one: ear, voice activity, turn taking and the basic recogniser in its process.
Its clock follows the audio, which is fed faster than real time.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

from loguru import logger

from agents.claims import Claim
from perf.noises import RATE_HZ, as_pcm, ward_noises
from rag.evidence import Evidence
from storage.records import Person, Speaker, Turn
from tests.calls.stage import CLINICIAN
from voice_server.calls.call import Call, Engines, History
from voice_server.speech.opening import open_transcriber
from voice_server.speech.tone import ToneVoice
from voice_server.speech.turn_judge import open_turn_models

FRAME = RATE_HZ // 50
LEVELS = (100.0, 400.0, 1500.0)
"""RMS of 32768: about -50, -38 and -27 dBFS."""
PIECE_S = 30


def main() -> None:
    """Play it and say what was heard."""
    logger.remove()
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=30)
    options.add_argument("--speed", type=float, default=6.0, help="times real time")
    chosen = options.parse_args()
    asyncio.run(_play(chosen.minutes, chosen.speed))


async def _play(minutes: float, speed: float) -> None:
    position_s = 0.0
    turns: list[Turn] = []
    messages: list[str] = []
    shown: list[str] = []

    class Leg:
        def send(self, message: dict[str, Any]) -> None:
            data = message.get("data")
            kind = data.get("kind") if isinstance(data, dict) else None
            messages.append(str(kind or message["type"]))
            if message["type"] == "user-transcription" and message["data"]["text"].strip():
                shown.append(message["data"]["text"])

        async def close(self) -> None:
            return

    async def search(person: Person, question: str, history: History) -> Evidence:
        return Evidence(question, (), True, "", 0.0)

    async def answering(
        question: str, history: History, evidence: Evidence
    ) -> AsyncGenerator[Claim, None]:
        yield Claim("The library does not say.", ())

    with tempfile.TemporaryDirectory() as folder:
        async with (
            open_transcriber(
                "pocketsphinx://", decoders=1, data=Path(folder), progress=lambda *_: None
            ) as transcriber,
            open_turn_models() as (judge, detector),
        ):
            call = Call(
                call_id=str(uuid4()),
                person=CLINICIAN,
                engines=Engines(transcriber, ToneVoice(), judge, detector),
                search=search,
                answer=answering,
                keep=turns.append,
                idle_s=1e9,
                clock=lambda: position_s,
            )
            call.attach(Leg())
            running = asyncio.create_task(call.run())
            await asyncio.sleep(0.2)
            began = time.monotonic()
            for name, pcm in _pieces(minutes):
                before = len(messages)
                for at in range(0, len(pcm), FRAME * 2):
                    call.on_audio(pcm[at : at + FRAME * 2], int(position_s * 1000), False)
                    call.speak()
                    position_s += 0.02
                    ahead_s = position_s / speed - (time.monotonic() - began)
                    await asyncio.sleep(max(0.0, ahead_s))
                if len(messages) > before:
                    print(f"{name}: {', '.join(sorted(set(messages[before:])))}", flush=True)
            call.end("done")
            await running
    heard = [turn.text_heard for turn in turns if turn.speaker is Speaker.CALLER]
    spoken = [turn.text_spoken for turn in turns if turn.speaker is Speaker.ASSISTANT]
    print(
        f"{position_s / 60:.1f} minutes of noise and silence in {time.monotonic() - began:.0f} s: "
        f"{sum(len(text.split()) for text in heard)} words in {len(heard)} turns of the caller, "
        f"{len(spoken)} answers, {len(shown)} transcripts shown in passing"
    )
    for text in (*heard, *dict.fromkeys(shown)):
        print(f"  {text}")


def _pieces(minutes: float) -> Iterator[tuple[str, bytes]]:
    """(what it is, 16 kHz s16le): every noise at every level, silence between, until the time is
    up."""
    noises = ward_noises(PIECE_S)
    left_s = minutes * 60
    while True:
        for level in LEVELS:
            for name, wave in noises.items():
                for label, pcm in (
                    (f"{name} at {level:.0f}", as_pcm(wave, level)),
                    (f"silence after {name}", bytes(PIECE_S * RATE_HZ * 2)),
                ):
                    if left_s <= 0:
                        return
                    yield label, pcm[: int(min(left_s, PIECE_S) * RATE_HZ) // FRAME * FRAME * 2]
                    left_s -= PIECE_S


if __name__ == "__main__":
    main()
