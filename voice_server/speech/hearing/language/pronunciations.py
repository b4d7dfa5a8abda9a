"""Pronunciations in ARPAbet for words that the CMU dictionary lacks, from eSpeak NG's IPA."""

from __future__ import annotations

from collections.abc import Iterable

from voice_server.speech.voices.espeak_library import EspeakLibrary

ACCENTS = ("en-us", "en-gb")
"""Each gives a variant: clinicians speak both, and eSpeak guesses new words differently."""

_PHONES = {
    "tʃ": "CH", "dʒ": "JH", "aɪ": "AY", "aʊ": "AW", "eɪ": "EY", "oʊ": "OW", "əʊ": "OW",
    "ɔɪ": "OY", "iə": "IH R", "ɪə": "IH R", "eə": "EH R", "ʊə": "UH R", "ɜː": "ER", "ɔː": "AO",
    "ɑː": "AA", "iː": "IY", "uː": "UW", "oː": "AO", "ɛː": "EH", "aː": "AA", "əl": "AH L",
    "n̩": "AH N", "l̩": "AH L", "m̩": "AH M", "ɚ": "ER", "ɝ": "ER", "ə": "AH", "ɐ": "AH",
    "ᵻ": "IH", "ɪ": "IH", "i": "IY", "u": "UW", "ʊ": "UH", "ɛ": "EH", "e": "EH", "æ": "AE",
    "a": "AE", "ʌ": "AH", "ɑ": "AA", "ɒ": "AA", "ɔ": "AO", "o": "OW", "ɜ": "ER", "p": "P",
    "b": "B", "t": "T", "d": "D", "k": "K", "ɡ": "G", "g": "G", "f": "F", "v": "V", "θ": "TH",
    "ð": "DH", "s": "S", "z": "Z", "ʃ": "SH", "ʒ": "ZH", "h": "HH", "m": "M", "n": "N",
    "ŋ": "NG", "l": "L", "ɫ": "L", "ɹ": "R", "r": "R", "ɾ": "T", "w": "W", "ʍ": "W", "j": "Y",
    "x": "K", "ʔ": "T", "ç": "HH",
}  # fmt: skip
_LONGEST = max(map(len, _PHONES))


def pronounced(words: Iterable[str]) -> dict[str, list[str]]:
    """One or two pronunciations of each word, e.g. {'apixaban': ['AH P IH K S AH B AE N']}."""
    found: dict[str, list[str]] = {word: [] for word in words}
    for accent in ACCENTS:
        espeak = EspeakLibrary(accent)
        for word, variants in found.items():
            phones = arpabet(espeak.phonemes(word))
            if phones and phones not in variants:
                variants.append(phones)
    return {word: variants for word, variants in found.items() if variants}


def arpabet(ipa: str) -> str:
    """IPA in ARPAbet without stress; symbols that English lacks are left out."""
    phones: list[str] = []
    at = 0
    while at < len(ipa):
        for length in range(_LONGEST, 0, -1):
            if phone := _PHONES.get(ipa[at : at + length]):
                phones.append(phone)
                at += length
                break
        else:
            at += 1
    text = " ".join(phones)
    return text.replace("ER R ", "ER ").replace("IH R R", "IH R").replace("EH R R", "EH R")
