"""A Piper process: texts on standard input, timed audio on standard output.

    python -m voice_server.speech.piper_worker VOICE.onnx

It says one text at a time, stretch by stretch, and ends when its input is closed. Piper is kept
out of the server's own process because it brings its own copy of eSpeak NG, which does not bear
a second one, and because of its licence.
"""

from __future__ import annotations

import itertools
import json
import os
import select
import sys
from collections import deque
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from piper import AudioChunk, PiperVoice

from voice_server.speech.frames import Frame, FrameReader, Kind
from voice_server.speech.voices.word_times import (
    Span,
    WordsByTime,
    later,
    proportional,
    stretches,
    timed,
)

NICENESS = 5
PIECE_S = 0.1
"""Audio in one frame, in seconds."""

QUIET = 0.01
"""Share of full scale below which the ends of a sentence count as silence."""


def main() -> None:
    """Serve texts until the input ends."""
    os.nice(NICENESS)
    voice = PiperVoice.load(sys.argv[1], include_alignments=True)
    for _ in voice.synthesize("Ready."):
        pass
    _send(Frame(Kind.READY, 0, str(voice.config.sample_rate).encode()))
    _Conversation(voice).run()


class _Conversation:
    def __init__(self, voice: PiperVoice) -> None:
        self._voice = voice
        self._reader = FrameReader()
        self._texts: deque[tuple[int, str]] = deque()
        self._cancelled: set[int] = set()

    def run(self) -> None:
        while self._listen(wait=not self._texts):
            if self._texts:
                number, text = self._texts.popleft()
                self._say(number, text)
                _send(Frame(Kind.END, number))
                self._cancelled.discard(number)

    def _listen(self, *, wait: bool) -> bool:
        """Take what has come; False when the input has ended."""
        while select.select([0], [], [], None if wait else 0)[0]:
            if not (chunk := os.read(0, 1 << 16)):
                return False
            for frame in self._reader.feed(chunk):
                if frame.kind is Kind.SAY:
                    self._texts.append((frame.utterance, frame.payload.decode()))
                elif frame.kind is Kind.CANCEL:
                    self._cancelled.add(frame.utterance)
            wait = False
        return True

    def _say(self, number: int, text: str) -> None:
        rate_hz = self._voice.config.sample_rate
        from_s = 0.0
        for words in stretches(text.split()):
            if number in self._cancelled or not self._listen(wait=False):
                return
            wave, spans = _spoken(self._voice, words)
            length_s = len(wave) / rate_hz
            by_time = WordsByTime(timed(words, spans, length_s))
            pcm = (np.clip(wave, -1, 1) * 32767).astype("<i2").tobytes()
            step = int(PIECE_S * rate_hz) * 2
            for at in range(0, max(1, len(pcm)), step):
                last = at + step >= len(pcm)
                end_s = float("inf") if last else (at + step) / 2 / rate_hz
                begun = later(by_time.until(end_s), from_s)
                line = json.dumps([[word.text, word.start_s, word.end_s] for word in begun])
                _send(Frame(Kind.SOUND, number, line.encode() + b"\n" + pcm[at : at + step]))
            from_s += length_s


def _spoken(
    voice: PiperVoice, words: list[str]
) -> tuple[npt.NDArray[np.float32], list[Span | None]]:
    """The audio of one stretch (-1 to 1), and the spans of its words in seconds."""
    chunks = list(voice.synthesize(" ".join(words), include_alignments=True))
    wave = np.concatenate(
        [chunk.audio_float_array for chunk in chunks] or [np.zeros(0, np.float32)]
    )
    rate_hz = voice.config.sample_rate
    spans = list(_aligned(chunks, rate_hz))
    if len(spans) == len(words):
        return wave, [*spans]
    loud = np.flatnonzero(np.abs(wave) > QUIET)
    first_s, last_s = (loud[0] / rate_hz, loud[-1] / rate_hz) if len(loud) else (0.0, 0.0)
    shared = proportional(words, last_s - first_s)
    return wave, [(first_s + start_s, first_s + end_s) for start_s, end_s in shared]


def _aligned(chunks: list[AudioChunk], rate_hz: int) -> Iterator[Span]:
    """A span for each group of phonemes between spaces, where the voice tells their lengths."""
    from_s = 0.0
    for chunk in chunks:
        at_s = from_s
        from_s += len(chunk.audio_float_array) / rate_hz
        groups = itertools.groupby(chunk.phoneme_alignments or [], lambda a: a.phoneme == " ")
        for space, alignments in groups:
            sounding = [a for a in alignments]
            end_s = at_s + sum(a.num_samples for a in sounding) / rate_hz
            if not space and any(a.phoneme not in "^$_" for a in sounding):
                yield at_s, end_s
            at_s = end_s


def _send(frame: Frame) -> None:
    rest = frame.packed()
    while rest:
        rest = rest[os.write(1, rest) :]


if __name__ == "__main__":
    main()
