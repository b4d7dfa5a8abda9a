"""Pronunciations guessed by the letter-to-sound rules of CMU's lexicon, where flite is installed.

The rules were trained on the CMU dictionary; the C library is that of flite 2 (libflite1).
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterable


def by_letters(words: Iterable[str]) -> dict[str, str]:
    """ARPAbet without stress for each word of letters; {} where flite is not installed."""
    try:
        flite = ctypes.CDLL("libflite.so.1", mode=ctypes.RTLD_GLOBAL)
        ctypes.CDLL("libflite_usenglish.so.1", mode=ctypes.RTLD_GLOBAL)
        cmu = ctypes.CDLL("libflite_cmulex.so.1", mode=ctypes.RTLD_GLOBAL)
    except OSError:
        return {}
    pointer, text = ctypes.c_void_p, ctypes.c_char_p
    for name, result, arguments in (
        ("lex_lookup", pointer, [pointer, text, text, pointer]),
        ("val_car", pointer, [pointer]),
        ("val_cdr", pointer, [pointer]),
        ("val_string", text, [pointer]),
        ("delete_val_list", None, [pointer]),
    ):
        function = getattr(flite, name)
        function.restype, function.argtypes = result, arguments
    cmu.cmu_lex_init.restype = pointer
    flite.flite_init()
    lexicon = cmu.cmu_lex_init()

    found: dict[str, str] = {}
    for word in words:
        if not (word.isascii() and word.isalpha()):
            continue
        entry = flite.lex_lookup(lexicon, word.encode(), None, None)
        phones = []
        at = entry
        while at:
            phones.append(flite.val_string(flite.val_car(at)).decode())
            at = flite.val_cdr(at)
        if phones:
            found[word] = " ".join(_arpabet(phone) for phone in phones)
            flite.delete_val_list(entry)
    return found


def _arpabet(phone: str) -> str:
    plain = phone.rstrip("012").upper()
    return "AH" if plain == "AX" else plain
