"""One PocketSphinx decoder, fed audio and asked for words. It blocks and holds the GIL: it lives
in a process of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from pocketsphinx import Decoder

from voice_server.speech.engines import HEARING_RATE_HZ
from voice_server.speech.hearing.level import EvenLevel
from voice_server.speech.hearing.stability import StablePrefix
from voice_server.speech.hearing.voicing import VoicedTime

PARTIAL_MS = 120
"""Audio between two looks at the hypothesis."""

HOLD_MS = 480
"""Words are stable when they have not changed for this long."""

LOOSE_WORDS = 2
"""The newest words, which are never stable: what follows them still moves them."""

FIRST_MEANS = "44,-5,0,5,2,-4,-1,-2,-5,-2,-6,-1,1"
"""Cepstral means that every utterance starts with: those of clear speech at the level that
`level.py` brings it to. PocketSphinx moves them only after 8 s of speech."""

KEPT_BYTES = HEARING_RATE_HZ * 2
"""Sound kept from before a voice is noticed: 1 s. Older sound is never decoded."""

FILLERS = frozenset("a the and of in to it oh uh um huh mm hmm".split())
"""Words that breaths and noises are taken for; alone they are nothing that was said."""

_BYTES_PER_MS = HEARING_RATE_HZ * 2 // 1000
_SILENCE = bytes(HEARING_RATE_HZ // 5)
"""PocketSphinx refuses to end an utterance without audio."""

_STEP_BYTES = HEARING_RATE_HZ * 2 // 50

_VARIANT = re.compile(r"\(\d+\)$")


@dataclass(frozen=True, slots=True)
class LanguageFiles:
    """A language model (ARPA) and a dictionary made for this library."""

    model: Path
    dictionary: Path


class Recogniser:
    """Utterances one after another: `start`, `feed` …, `finish`."""

    def __init__(self, language: LanguageFiles | None) -> None:
        """Load the model (0.5 s). Without `language`, general English."""
        options: dict[str, object] = {"fwdflat": False, "loglevel": "FATAL"}
        if language is not None:
            options |= {"lm": str(language.model), "dict": str(language.dictionary)}
        self._decoder = Decoder(**options)
        self._open = False
        self.start()
        self.finish()

    def start(self) -> None:
        """Begin an utterance, as if no other had been heard: nothing carries over."""
        if self._open:
            self._decoder.process_raw(_SILENCE)
            self._decoder.end_utt()
        self._decoder.set_cmn(FIRST_MEANS)
        self._decoder.start_utt()
        self._level = EvenLevel()
        self._voice = VoicedTime()
        self._before = bytearray()
        self._silent_bytes = 0
        self._stable = StablePrefix(hold_ms=HOLD_MS, loose_words=LOOSE_WORDS)
        self._heard_ms = self._looked_ms = 0.0
        self._last: tuple[list[str], list[str]] = ([], [])
        self._open = True

    def feed(self, pcm: bytes) -> tuple[str, str] | None:
        """Decode `pcm`. (stable words, words that may change) when they are news, else None."""
        self._heard_ms += len(pcm) / _BYTES_PER_MS
        self._before += pcm
        if not self._ready():
            return None
        if self._heard_ms - self._looked_ms < PARTIAL_MS:
            return None
        self._looked_ms = self._heard_ms
        split = self._stable.update(self._words(), int(self._heard_ms))
        if split == self._last:
            return None
        self._last = split
        return " ".join(split[0]), " ".join(split[1])

    def finish(self) -> str:
        """The final words; '' when there was no voice."""
        rest = self._level.flush() + bytes(self._before) if self._voice.enough else _SILENCE
        self._decoder.process_raw(rest or _SILENCE)
        self._decoder.end_utt()
        self._open = False
        words = self._words() if self._voice.enough else []
        return "" if FILLERS.issuperset(words) else " ".join(words)

    def _ready(self) -> bool:
        """Decode what has come, step by step whatever its pieces were; False before a voice."""
        at = 0
        ready = bytearray()
        while len(self._before) - at >= _STEP_BYTES + self._silent_bytes:
            step = bytes(self._before[at + self._silent_bytes :][:_STEP_BYTES])
            if self._voice.enough:
                ready += self._level.feed(step)
                at += _STEP_BYTES
                continue
            self._voice.feed(step)
            self._silent_bytes += _STEP_BYTES
            if self._voice.enough:
                ready += self._level.feed(bytes(self._before[: self._silent_bytes]))
                at, self._silent_bytes = self._silent_bytes, 0
            elif self._silent_bytes > KEPT_BYTES:
                del self._before[:_STEP_BYTES]
                self._silent_bytes -= _STEP_BYTES
        del self._before[:at]
        if ready:
            self._decoder.process_raw(bytes(ready))
        return self._voice.enough

    def _words(self) -> list[str]:
        found = self._decoder.hyp()
        return [_VARIANT.sub("", word) for word in found.hypstr.split()] if found else []
