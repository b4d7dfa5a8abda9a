"""The server is not interrupted by its own voice."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soxr
from numpy.typing import NDArray

from voice_server.calls.echo import EchoGuard, is_our_own
from voice_server.speech.opening import open_voice


async def _speech(tmp_path: Path, voice_url: str, text: str) -> NDArray[np.int16]:
    async with open_voice(voice_url, data=tmp_path) as voice:
        pcm = b"".join([piece.pcm async for piece in voice.say(text)])
        speech: NDArray[np.int16] = soxr.resample(
            np.frombuffer(pcm, np.int16), voice.rate_hz, 24_000
        )
        return speech


def _echo_windows(
    guard: EchoGuard,
    ours: NDArray[np.int16],
    microphone: NDArray[np.int16],
    sound: NDArray[np.int16],
    least: int = 60,
) -> tuple[int, int]:
    """(windows called echo, windows in which `sound` is at least this loud all along)."""
    echo = loud = 0
    for index in range(min(len(ours) // 480, len(microphone) // 320)):
        guard.played(ours[index * 480 : (index + 1) * 480])
        frame = microphone[index * 320 : (index + 1) * 320]
        guard.heard(frame.tobytes())
        now = sound[index * 320 - 2560 : (index + 1) * 320]
        if index > 40 and np.abs(now.reshape(-1, 320)).max(axis=1).min() > least:
            loud += 1
            echo += guard.is_echo()
    return echo, loud


@pytest.mark.parametrize("level_db", [-10, -20, -30])
@pytest.mark.parametrize("delay_ms", [70, 200])
async def test_our_voice_from_a_loudspeaker_is_known_as_echo(
    tmp_path: Path, level_db: int, delay_ms: int
) -> None:
    ours = await _speech(tmp_path, "flite://slt", "Give ten units of insulin with glucose now.")
    back = soxr.resample(ours.astype(np.float32), 24_000, 16_000) * 10 ** (level_db / 20)
    delayed = np.concatenate((np.zeros(16 * delay_ms), back))[: len(back)]
    noise = np.random.default_rng(1).normal(0, 3, len(back))
    heard = (delayed + noise).astype(np.int16)
    echo, loud = _echo_windows(EchoGuard(), ours, heard, heard)
    assert loud > 10
    assert echo >= 0.95 * loud


async def test_our_voice_is_known_as_echo_when_a_stalling_network_plays_it_in_pieces(
    tmp_path: Path,
) -> None:
    ours = await _speech(tmp_path, "flite://slt", "Give ten units of insulin with glucose now.")
    back = soxr.resample(ours.astype(np.float32), 24_000, 16_000) * 0.18
    clean, piece, jump = 16 * 1200, 16 * 100, 16 * 60
    pieces = [back[: clean + 3 * jump]]
    for number, at in enumerate(range(clean, len(back) - piece - 3 * jump, piece)):
        begins = at + number % 4 * jump
        pieces.append(back[begins : begins + piece])
    noise = np.random.default_rng(1).normal(0, 3, len(back))
    joined = np.concatenate((np.zeros(16 * 120), *pieces))[: len(back)]
    heard = (joined + noise[: len(joined)]).astype(np.int16)
    echo, loud = _echo_windows(EchoGuard(), ours, heard, heard)
    assert loud > 40
    assert echo == loud


async def test_a_caller_who_speaks_over_our_voice_is_not_taken_for_echo(tmp_path: Path) -> None:
    ours = await _speech(tmp_path, "flite://slt", "Give ten units of insulin with glucose now.")
    caller = await _speech(tmp_path, "flite://rms", "Wait, what about the potassium level today?")
    back = soxr.resample(ours.astype(np.float32), 24_000, 16_000) * 0.1
    speech = soxr.resample(caller.astype(np.float32), 24_000, 16_000)
    size = min(len(back), len(speech))
    mixed = (back[:size] + speech[:size]).astype(np.int16)
    caller = speech[:size].astype(np.int16)
    echo, loud = _echo_windows(EchoGuard(), ours, mixed, caller, least=1500)
    assert loud > 5
    assert echo <= 0.2 * loud


def test_words_we_are_saying_are_not_the_callers() -> None:
    said = "give ten units of soluble insulin with twenty five grams of glucose"
    assert is_our_own("units of insulin", said)
    assert not is_our_own("what about pregnancy", said)
    assert not is_our_own("stop", said + " stop")
