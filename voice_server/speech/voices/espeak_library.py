"""The C library of eSpeak NG that comes with `espeakng-loader`, as much as a voice needs.

Constants and layouts are those of eSpeak NG's speak_lib.h. The library is global to a process
and not reentrant.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable
from functools import cache

import espeakng_loader

_SYNCHRONOUS = 2
_DO_NOT_EXIT = 0x8000
_UTF8 = 1
_CHARACTERS = 1
_IPA = 0x02
_EVENT_END, _EVENT_WORD = 0, 1
_CONTINUE, _ABORT = 0, 1
_RATE_PARAMETER = 1

PIECE_MS = 40
"""Audio collected before a piece is handed over."""


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    )


class _Wanted(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_char_p),
        ("languages", ctypes.c_char_p),
        ("identifier", ctypes.c_char_p),
        ("gender", ctypes.c_ubyte),
        ("age", ctypes.c_ubyte),
        ("variant", ctypes.c_ubyte),
        ("reserved", ctypes.c_ubyte),
        ("score", ctypes.c_int),
        ("spare", ctypes.c_void_p),
    )


_OnPiece = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)

WordBegin = tuple[int, float]
"""Where a word begins: character of the text (0-based) and seconds from its first sample."""


class EspeakLibrary:
    """eSpeak NG speaking one language. Its calls block, and wait for one another."""

    def __init__(self, language: str, *, words_per_minute: int = 165) -> None:
        """Raises OSError when the library, its data or the language is missing."""
        self._language = language
        self._words_per_minute = words_per_minute
        self._espeak, self.rate_hz = _started()
        self._callback: object = None
        with _ONE_AT_A_TIME:
            self._choose_language()

    def _choose_language(self) -> None:
        name = self._language.encode()
        wanted = _Wanted(languages=name)
        if (
            self._espeak.espeak_SetVoiceByName(name) != 0
            and self._espeak.espeak_SetVoiceByProperties(ctypes.byref(wanted)) != 0
        ):
            raise OSError("eSpeak NG has no such language")
        self._espeak.espeak_SetParameter(_RATE_PARAMETER, self._words_per_minute, 0)

    def synthesize(self, text: str, on_piece: Callable[[bytes, list[WordBegin]], bool]) -> None:
        """Say `text`. `on_piece` gets mono s16le pieces and the words that begin in or before
        them; when it answers False the rest is not computed."""

        def piece(
            wave: ctypes._Pointer[ctypes.c_short], samples: int, events: ctypes._Pointer[_Event]
        ) -> int:
            begins = []
            index = 0
            while (event := events[index]).type != _EVENT_END:
                if event.type == _EVENT_WORD:
                    begins.append((event.text_position - 1, event.audio_position / 1000))
                index += 1
            pcm = ctypes.string_at(wave, 2 * samples) if wave and samples else b""
            return _CONTINUE if on_piece(pcm, begins) else _ABORT

        spoken = text.encode()
        with _ONE_AT_A_TIME:
            self._choose_language()
            self._callback = _OnPiece(piece)
            self._espeak.espeak_SetSynthCallback(self._callback)
            self._espeak.espeak_Synth(spoken, len(spoken) + 1, 0, _CHARACTERS, 0, _UTF8, None, None)

    def phonemes(self, text: str) -> str:
        """The pronunciation of `text` in IPA, a space between words."""
        rest = ctypes.c_char_p(text.encode())
        clauses = []
        with _ONE_AT_A_TIME:
            self._choose_language()
            while rest.value:
                spoken = self._espeak.espeak_TextToPhonemes(ctypes.byref(rest), _UTF8, _IPA)
                clauses.append((spoken or b"").decode())
        return " ".join(clauses)


_ONE_AT_A_TIME = threading.Lock()


@cache
def _started() -> tuple[ctypes.CDLL, int]:
    """(the library, its sample rate in Hz). It is started once: a second start corrupts it."""
    espeak = ctypes.CDLL(espeakng_loader.get_library_path())
    text, integer = ctypes.c_char_p, ctypes.c_int
    size, unsigned = ctypes.c_size_t, ctypes.c_uint
    espeak.espeak_Initialize.argtypes = [integer, integer, text, integer]
    espeak.espeak_SetVoiceByName.argtypes = [text]
    espeak.espeak_SetVoiceByProperties.argtypes = [ctypes.POINTER(_Wanted)]
    espeak.espeak_Synth.argtypes = [
        *(text, size, unsigned, integer, unsigned, unsigned),
        *(ctypes.POINTER(unsigned), ctypes.c_void_p),
    ]
    espeak.espeak_TextToPhonemes.argtypes = [ctypes.POINTER(text), integer, integer]
    espeak.espeak_TextToPhonemes.restype = text
    data = str(espeakng_loader.get_data_path()).encode()
    rate_hz = espeak.espeak_Initialize(_SYNCHRONOUS, PIECE_MS, data, _DO_NOT_EXIT)
    if rate_hz <= 0:
        raise OSError("eSpeak NG found no data")
    return espeak, rate_hz
