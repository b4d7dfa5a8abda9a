"""Opus, mono, 20 ms at a time, straight on libopus, with in-band FEC and concealment.

libopus is the copy that PyAV's wheel carries, else the system's. Calls keep the GIL on purpose:
each takes 0.02-0.2 ms, less than waiting behind another thread to get the GIL back.
"""

from __future__ import annotations

import ctypes
import ctypes.util
from pathlib import Path

import av

from storage.faults import EngineDown

FRAME_MS = 20
CLOCK_HZ = 48_000
"""RTP clock of Opus, whatever rate it is coded at (RFC 7587 section 4.1)."""

MOST_PACKET_SAMPLES = 5760
"""Longest Opus packet, 120 ms, in RTP clock ticks (RFC 6716 section 3.1)."""

LEAST_LOSS = 10
"""Percent of loss to expect of any network: below it libopus sends no FEC at our bit rate, and from
it on the packets are no larger."""

_APPLICATION_VOIP = 2048
_SET_BITRATE = 4002
_SET_COMPLEXITY = 4010
_SET_INBAND_FEC = 4012
_SET_PACKET_LOSS_PERC = 4014
_SET_SIGNAL = 4024
_SIGNAL_VOICE = 3001
_RESET_STATE = 4028
_MOST_BYTES = 1275


class OpusError(Exception):
    """libopus refused a packet or a setting. Carries its error number only."""


class OpusEncoder:
    """Mono s16le PCM to Opus packets of 20 ms, with FEC for the loss the far end reports.

    Complexity 1 takes half the time of 5 and is as close to the original at this bit rate.
    """

    def __init__(
        self, rate_hz: int = 24_000, *, bitrate: int = 28_000, complexity: int = 1, loss: int = 0
    ) -> None:
        self._lib = _libopus()
        error = ctypes.c_int()
        self._state = self._lib.opus_encoder_create(
            rate_hz, 1, _APPLICATION_VOIP, ctypes.byref(error)
        )
        _check(error.value)
        self.frame_bytes = rate_hz * FRAME_MS // 1000 * 2
        self._samples = self.frame_bytes // 2
        self._out = ctypes.create_string_buffer(_MOST_BYTES)
        self._loss = -1
        self._set(_SET_BITRATE, bitrate)
        self._set(_SET_COMPLEXITY, complexity)
        self._set(_SET_INBAND_FEC, 1)
        self._set(_SET_SIGNAL, _SIGNAL_VOICE)
        self.expect_loss(loss)

    def encode(self, pcm: bytes) -> bytes:
        """One packet for exactly `frame_bytes` of PCM. Raises OpusError for any other length."""
        if len(pcm) != self.frame_bytes:
            raise OpusError("frame length")
        size = self._lib.opus_encode(self._state, pcm, self._samples, self._out, _MOST_BYTES)
        _check(size)
        return self._out.raw[:size]

    def expect_loss(self, percent: int) -> None:
        """Spend bits on FEC for this much packet loss, LEAST_LOSS to 100 percent."""
        percent = max(LEAST_LOSS, min(100, percent))
        if percent != self._loss:
            self._set(_SET_PACKET_LOSS_PERC, percent)
            self._loss = percent

    def _set(self, request: int, value: int) -> None:
        _check(self._lib.opus_encoder_ctl(self._state, request, ctypes.c_int(value)))

    def __del__(self) -> None:
        if state := getattr(self, "_state", None):
            self._lib.opus_encoder_destroy(state)


class OpusDecoder:
    """Opus packets, mono or stereo, coded at any rate, to mono s16le PCM at `rate_hz`."""

    def __init__(self, rate_hz: int = 16_000) -> None:
        self._lib = _libopus()
        error = ctypes.c_int()
        self._state = self._lib.opus_decoder_create(rate_hz, 1, ctypes.byref(error))
        _check(error.value)
        self._divisor = CLOCK_HZ // rate_hz
        self._most = MOST_PACKET_SAMPLES // self._divisor
        self._out = ctypes.create_string_buffer(self._most * 2)

    def decode(self, packet: bytes) -> bytes:
        """The PCM of one packet. Raises OpusError when the packet is not Opus."""
        return self._run(packet, len(packet), self._most, 0)

    def recover(self, following: bytes, ticks: int) -> bytes:
        """The lost `ticks` (48 kHz) before `following`, from its FEC, guessed if it has none."""
        return self._run(following, len(following), ticks // self._divisor, 1)

    def conceal(self, ticks: int) -> bytes:
        """`ticks` (48 kHz) of lost audio, guessed from what came before; fades to silence."""
        return self._run(None, 0, ticks // self._divisor, 0)

    def reset(self) -> None:
        """Forget what came before: the next packet begins another stream."""
        _check(self._lib.opus_decoder_ctl(self._state, _RESET_STATE))

    def _run(self, packet: bytes | None, size: int, samples: int, fec: int) -> bytes:
        count = self._lib.opus_decode(self._state, packet, size, self._out, samples, fec)
        _check(count)
        return ctypes.string_at(self._out, count * 2)

    def __del__(self) -> None:
        if state := getattr(self, "_state", None):
            self._lib.opus_decoder_destroy(state)


def packet_ticks(packet: bytes) -> int:
    """Duration of a packet in 48 kHz ticks (RFC 6716 section 3.1), 0 if it is malformed."""
    if not packet:
        return 0
    configuration = packet[0] >> 3
    if configuration < 12:
        ticks = (480, 960, 1920, 2880)[configuration & 3]
    elif configuration < 16:
        ticks = (480, 960)[configuration & 1]
    else:
        ticks = 120 << (configuration & 3)
    code = packet[0] & 3
    if code == 3:
        if len(packet) < 2:
            return 0
        ticks *= packet[1] & 63
    elif code:
        ticks *= 2
    return ticks if ticks <= MOST_PACKET_SAMPLES else 0


def _check(value: int) -> None:
    if value < 0:
        raise OpusError(str(value))


def _libopus() -> ctypes.PyDLL:
    if _LIBRARY is None:
        raise EngineDown(
            "media.no_opus",
            "The Opus codec library is missing.",
            remedy="Install the PyAV wheel (pip install av) or the system package libopus0.",
        )
    return _LIBRARY


def _load() -> ctypes.PyDLL | None:
    package = Path(av.__file__).parent
    bundled = [
        str(path)
        for folder in (package.parent / "av.libs", package / ".dylibs")
        for path in sorted(folder.glob("*opus*"))
    ]
    for name in [*bundled, ctypes.util.find_library("opus") if not bundled else None]:
        if name:
            try:
                return _declare(ctypes.PyDLL(name))
            except OSError:
                continue
    return None


def _declare(lib: ctypes.PyDLL) -> ctypes.PyDLL:
    pointer, integer, size = ctypes.c_void_p, ctypes.c_int, ctypes.c_int32
    lib.opus_encoder_create.restype = lib.opus_decoder_create.restype = pointer
    lib.opus_encoder_create.argtypes = [size, integer, integer, pointer]
    lib.opus_decoder_create.argtypes = [size, integer, pointer]
    lib.opus_encode.argtypes = [pointer, ctypes.c_char_p, integer, pointer, size]
    lib.opus_decode.argtypes = [pointer, ctypes.c_char_p, size, pointer, integer, integer]
    # Variadic: only the fixed arguments are declared.
    lib.opus_encoder_ctl.argtypes = lib.opus_decoder_ctl.argtypes = [pointer, integer]
    lib.opus_encoder_destroy.argtypes = lib.opus_decoder_destroy.argtypes = [pointer]
    lib.opus_encoder_destroy.restype = lib.opus_decoder_destroy.restype = None
    return lib


_LIBRARY = _load()
