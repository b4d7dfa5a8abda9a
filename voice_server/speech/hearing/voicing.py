"""Was there a voice at all? Counts sound with a pitch, so that noise is never made into words."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from voice_server.speech.engines import HEARING_RATE_HZ

LEAST_VOICED_MS = 60.0
"""Voiced sound in the shortest answers, such as 'no' said softly."""

PITCH_HZ = (70, 400)
PERIODICITY = 0.22
"""Normalised autocorrelation, of the square root of the power spectrum, at the pitch: above it a
frame is voiced. Speech reaches 0.3 to 0.6, low rumble and breath stay below 0.2."""

PURE_TONE = 0.85
"""Share of the energy in three neighbouring bins above which a frame is a beep, not a voice."""

FLOOR_RMS = 60.0

_FRAME, _STEP = 640, 320
_STEP_MS = 1000 * _STEP / HEARING_RATE_HZ
_FFT = 2048
_RUMBLE = 90 * _FFT // HEARING_RATE_HZ
_LAGS = slice(HEARING_RATE_HZ // PITCH_HZ[1], HEARING_RATE_HZ // PITCH_HZ[0])


class VoicedTime:
    """How much of the audio fed so far was voiced, in milliseconds."""

    def __init__(self) -> None:
        self.voiced_ms = 0.0
        self._rest = np.zeros(0, np.float64)
        self._window = np.hanning(_FRAME)

    @property
    def enough(self) -> bool:
        """Somebody has spoken."""
        return self.voiced_ms >= LEAST_VOICED_MS

    def feed(self, pcm: bytes) -> None:
        """Look at mono s16le audio at 16 kHz."""
        if self.enough:
            return
        wave = np.concatenate([self._rest, np.frombuffer(pcm, np.int16).astype(np.float64)])
        count = max(0, (len(wave) - _FRAME) // _STEP + 1)
        self._rest = wave[count * _STEP :]
        if count:
            frames = np.lib.stride_tricks.sliding_window_view(wave, _FRAME)[::_STEP][:count]
            self.voiced_ms += _STEP_MS * int(np.count_nonzero(self._voiced(frames)))

    def _voiced(self, frames: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
        loud = np.sqrt(np.mean(frames**2, axis=1)) > FLOOR_RMS
        power = np.abs(np.fft.rfft(frames * self._window, _FFT)) ** 2
        power[:, :_RUMBLE] = 0.0
        correlation = np.fft.irfft(np.sqrt(power))[:, :_FRAME]
        best = (correlation[:, _LAGS] / (correlation[:, :1] + 1e-9)).max(axis=1)
        total = power.sum(axis=1) + 1e-9
        bins = np.add.reduceat(power, np.arange(0, power.shape[1], 8), axis=1) / total[:, None]
        neighbours = bins[:, :-1] + bins[:, 1:]
        return np.asarray(loud & (best > PERIODICITY) & (neighbours.max(axis=1) < PURE_TONE))
