"""Recorded audio in and out: any file to what a transcriber is fed, rates changed on the fly."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from storage.faults import Invalid
from voice_server.speech.engines import HEARING_RATE_HZ

LONGEST_S = 3600.0
"""Longest recording that is loaded, in seconds."""

Samples = npt.NDArray[np.int16]


def load_audio(path: Path) -> Samples:
    """A WAV, FLAC, OGG or MP3 file of any rate, mono or stereo, as 16 kHz mono int16, shape
    (samples,). Blocks. Raises Invalid for a file that is missing, empty, too long or not audio.
    """
    if not path.is_file():
        raise Invalid(
            "audio.missing", "There is no such audio file.", field="file", remedy="Check the path."
        )
    try:
        with soundfile.SoundFile(path) as recording:
            if recording.frames > LONGEST_S * recording.samplerate:
                raise Invalid(
                    "audio.long",
                    "The recording is longer than an hour.",
                    field="file",
                    remedy="Cut it into shorter recordings.",
                )
            wave, rate_hz = recording.read(dtype="float32", always_2d=True), recording.samplerate
    except (soundfile.SoundFileError, TypeError):
        raise Invalid(
            "audio.unreadable",
            "That file is not audio that can be read.",
            field="file",
            remedy="Use WAV, FLAC, OGG or MP3.",
        ) from None
    if not len(wave):
        raise Invalid(
            "audio.empty",
            "The recording is empty.",
            field="file",
            remedy="Use a recording with sound.",
        )
    mono = np.nan_to_num(wave.mean(axis=1))
    if rate_hz != HEARING_RATE_HZ:
        mono = soxr.resample(mono, rate_hz, HEARING_RATE_HZ)
    return cast(Samples, (np.clip(mono, -1.0, 1.0) * 32767).astype(np.int16))


def save_wav(path: Path, pcm: bytes, rate_hz: int) -> None:
    """Write mono s16le samples as a WAV file. Blocks."""
    soundfile.write(path, np.frombuffer(pcm, np.int16), rate_hz, subtype="PCM_16", format="WAV")


class Resampler:
    """Changes the rate of mono s16le audio that arrives piece by piece.

    Over `feed` … `flush` the samples out are the samples in times the ratio of the rates, to
    within one; it holds back up to 40 ms until `flush`.
    """

    def __init__(self, from_hz: int, to_hz: int) -> None:
        self._same = from_hz == to_hz
        self._stream = soxr.ResampleStream(from_hz, to_hz, 1, dtype="int16", quality="HQ")

    def feed(self, pcm: bytes) -> bytes:
        """The audio that is ready after `pcm`."""
        return self._step(pcm, last=False)

    def flush(self) -> bytes:
        """The rest. The next `feed` begins a new stream."""
        rest = self._step(b"", last=True)
        self._stream.clear()
        return rest

    def _step(self, pcm: bytes, *, last: bool) -> bytes:
        if self._same:
            return pcm
        out = self._stream.resample_chunk(np.frombuffer(pcm, np.int16), last=last)
        return bytes(out.astype("<i2"))
