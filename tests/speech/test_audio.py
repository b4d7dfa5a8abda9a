"""Recordings of every kind become what a transcriber is fed; what is not audio is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile

from storage.faults import Invalid
from voice_server.speech.audio import Resampler, load_audio, save_wav


def hum(rate_hz: int, channels: int, seconds: float = 1.0) -> npt.NDArray[np.float64]:
    wave = 0.3 * np.sin(2 * np.pi * 440 * np.arange(int(rate_hz * seconds)) / rate_hz)
    return np.repeat(wave[:, None], channels, axis=1)


def pitch_hz(pcm: npt.NDArray[np.int16], rate_hz: int) -> float:
    middle = pcm[len(pcm) // 4 : 3 * len(pcm) // 4]
    return float(np.count_nonzero(np.diff(np.signbit(middle))) / 2 / (len(middle) / rate_hz))


@pytest.mark.parametrize("form", ["WAV", "FLAC", "OGG", "MP3"])
@pytest.mark.parametrize("rate_hz", [8000, 16000, 24000, 44100, 48000])
@pytest.mark.parametrize("channels", [1, 2])
def test_any_recording_keeps_its_pitch_and_length(
    tmp_path: Path, form: str, rate_hz: int, channels: int
) -> None:
    path = tmp_path / f"hum.{form.lower()}"
    soundfile.write(path, hum(rate_hz, channels), rate_hz, format=form)
    pcm = load_audio(path)
    assert pcm.dtype == np.int16
    assert pcm.ndim == 1
    assert len(pcm) == pytest.approx(16_000, rel=0.08)  # MP3 pads its ends
    assert pitch_hz(pcm, 16_000) == pytest.approx(440, rel=0.02)


@pytest.mark.parametrize("content", [b"", b"RIFF", b"not audio at all " * 100, b"\0" * 4000])
def test_a_file_that_is_not_audio_is_refused_with_a_remedy(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "speech.wav"
    path.write_bytes(content)
    with pytest.raises(Invalid) as refused:
        load_audio(path)
    assert refused.value.remedy


def test_a_missing_or_empty_recording_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        load_audio(tmp_path / "nowhere.wav")
    save_wav(tmp_path / "empty.wav", b"", 16_000)
    with pytest.raises(Invalid):
        load_audio(tmp_path / "empty.wav")


def test_what_is_saved_is_loaded_again(tmp_path: Path) -> None:
    pcm = np.arange(-8000, 8000, dtype=np.int16)
    save_wav(tmp_path / "ramp.wav", pcm.tobytes(), 16_000)
    assert np.max(np.abs(load_audio(tmp_path / "ramp.wav").astype(int) - pcm)) <= 1


@pytest.mark.parametrize("from_hz", [16_000, 22_050, 24_000])
@pytest.mark.parametrize("piece", [320, 441, 7])
def test_samples_in_equal_samples_out_at_the_new_rate(from_hz: int, piece: int) -> None:
    wave = (hum(from_hz, 1)[:, 0] * 32767).astype(np.int16)
    resampler = Resampler(from_hz, 24_000)
    for _ in range(2):
        out = b"".join(
            resampler.feed(wave[i : i + piece].tobytes()) for i in range(0, len(wave), piece)
        )
        held_ms = 1000 * (1 - len(out) / 2 / 24_000)
        assert held_ms < 40
        out += resampler.flush()
        pcm = np.frombuffer(out, np.int16)
        assert abs(len(pcm) - 24_000) <= 1
        assert pitch_hz(pcm, 24_000) == pytest.approx(440, rel=0.01)
