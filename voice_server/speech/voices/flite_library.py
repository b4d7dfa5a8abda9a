"""The C library of flite 2 (Debian package libflite1), as much of it as a voice needs.

Layouts are those of flite 2.2's cst_wave.h, cst_audio.h and cst_voice.h.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator

PIECE_FRAMES = 512
"""Least samples flite collects before it hands over a piece (32 ms at 16 kHz)."""

_CONTINUE, _STOP = 0, -1


class _Wave(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_char_p),
        ("sample_rate", ctypes.c_int),
        ("num_samples", ctypes.c_int),
        ("num_channels", ctypes.c_int),
        ("samples", ctypes.POINTER(ctypes.c_short)),
    )


class _Streaming(ctypes.Structure):
    pass


_OnPiece = ctypes.CFUNCTYPE(
    ctypes.c_int,
    ctypes.POINTER(_Wave),
    ctypes.c_int,
    ctypes.c_int,
    ctypes.c_int,
    ctypes.POINTER(_Streaming),
)
_Streaming._fields_ = (
    ("min_buffsize", ctypes.c_int),
    ("callback", _OnPiece),
    ("utterance", ctypes.c_void_p),
    ("item", ctypes.c_void_p),
    ("userdata", ctypes.c_void_p),
)

Token = tuple[str, float, float]
"""A whitespace-separated token, its start and end in seconds; 0, 0 when it has no sound."""


class FliteLibrary:
    """One flite voice. `synthesize` blocks, holds no lock of Python's, and is not reentrant."""

    rate_hz = 16_000

    def __init__(self, voice: str) -> None:
        """Load the voice `voice` (slt, rms …). Raises OSError when it is not installed."""
        self._flite = ctypes.CDLL("libflite.so.1", mode=ctypes.RTLD_GLOBAL)
        ctypes.CDLL("libflite_usenglish.so.1", mode=ctypes.RTLD_GLOBAL)
        ctypes.CDLL("libflite_cmulex.so.1", mode=ctypes.RTLD_GLOBAL)
        package = ctypes.CDLL(f"libflite_cmu_us_{voice}.so.1")
        pointer, text = ctypes.c_void_p, ctypes.c_char_p
        for name, result, arguments in (
            ("new_audio_streaming_info", ctypes.POINTER(_Streaming), []),
            ("audio_streaming_info_val", pointer, [ctypes.POINTER(_Streaming)]),
            ("feat_set", None, [pointer, text, pointer]),
            ("flite_synth_text", pointer, [text, pointer]),
            ("delete_utterance", None, [pointer]),
            ("utt_relation", pointer, [pointer, text]),
            ("relation_head", pointer, [pointer]),
            ("item_next", pointer, [pointer]),
            ("item_feat_string", text, [pointer, text]),
            ("ffeature_float", ctypes.c_float, [pointer, text]),
        ):
            function = getattr(self._flite, name)
            function.restype, function.argtypes = result, arguments
        register = getattr(package, f"register_cmu_us_{voice}")
        register.restype, register.argtypes = pointer, [pointer]
        self._flite.flite_init()
        self._voice: int = register(None)
        self._streaming = self._flite.new_audio_streaming_info()
        self._streaming.contents.min_buffsize = PIECE_FRAMES
        features = ctypes.cast(self._voice, ctypes.POINTER(pointer))[1]
        value = self._flite.audio_streaming_info_val(self._streaming)
        self._flite.feat_set(features, b"streaming_info", value)

    def synthesize(self, text: str, on_piece: Callable[[bytes, list[Token] | None], bool]) -> None:
        """Say `text`. `on_piece` gets mono s16le pieces, the first with the tokens of the text;
        when it answers False the rest is not computed."""
        going = True
        tokens_due = True

        def piece(
            wave: ctypes._Pointer[_Wave],
            start: int,
            size: int,
            last: int,
            info: ctypes._Pointer[_Streaming],
        ) -> int:
            nonlocal going, tokens_due
            tokens = list(self._tokens(info.contents.utterance)) if tokens_due else None
            tokens_due = False
            begin = ctypes.addressof(wave.contents.samples.contents) + 2 * start
            going = going and on_piece(ctypes.string_at(begin, 2 * size), tokens)
            return _CONTINUE if going else _STOP

        callback = _OnPiece(piece)
        self._streaming.contents.callback = callback
        utterance = self._flite.flite_synth_text(text.encode("ascii", "replace"), self._voice)
        if utterance:
            self._flite.delete_utterance(utterance)

    def _tokens(self, utterance: int) -> Iterator[Token]:
        start = b"R:Token.daughter1.R:SylStructure.daughter1.daughter1.R:Segment.p.end"
        end = b"R:Token.daughtern.R:SylStructure.daughtern.daughtern.R:Segment.end"
        item = self._flite.relation_head(self._flite.utt_relation(utterance, b"Token"))
        while item:
            name = self._flite.item_feat_string(item, b"name").decode("ascii", "replace")
            yield (
                name,
                self._flite.ffeature_float(item, start),
                self._flite.ffeature_float(item, end),
            )
            item = self._flite.item_next(item)
