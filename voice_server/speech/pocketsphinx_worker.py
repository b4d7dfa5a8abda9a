"""A recogniser process: frames of audio on standard input, words on standard output.

    python -m voice_server.speech.pocketsphinx_worker [MODEL DICTIONARY]

It hears one utterance at a time and ends when its input is closed.
"""

from __future__ import annotations

import os
import select
import sys
from pathlib import Path

from voice_server.speech.engines import HEARING_RATE_HZ
from voice_server.speech.frames import Frame, FrameReader, Kind
from voice_server.speech.hearing.recogniser import LanguageFiles, Recogniser

NICENESS = 5
"""Recognition yields to the server's loop, whose audio is due every 20 ms."""

STEP_BYTES = HEARING_RATE_HZ * 2 // 10
"""Audio decoded between two looks at the input: 100 ms, so that a cancel is seen soon."""


def main() -> None:
    """Serve utterances until the input ends."""
    os.nice(NICENESS)
    language = LanguageFiles(Path(sys.argv[1]), Path(sys.argv[2])) if len(sys.argv) > 2 else None
    recogniser = Recogniser(language)
    _send(Frame(Kind.READY))
    _Conversation(recogniser).run()


class _Conversation:
    def __init__(self, recogniser: Recogniser) -> None:
        self._recogniser = recogniser
        self._utterance = 0
        self._pending = bytearray()
        self._finishing = False
        self._reader = FrameReader()

    def run(self) -> None:
        while True:
            busy = bool(self._pending or self._finishing)
            if select.select([0], [], [], 0 if busy else None)[0]:
                if not (chunk := os.read(0, 1 << 16)):
                    return
                for frame in self._reader.feed(chunk):
                    self._take(frame)
            self._step()

    def _take(self, frame: Frame) -> None:
        match frame.kind:
            case Kind.OPEN:
                self._recogniser.start()
                self._utterance, self._finishing = frame.utterance, False
                self._pending.clear()
            case Kind.AUDIO if frame.utterance == self._utterance:
                self._pending += frame.payload
            case Kind.FINISH if frame.utterance == self._utterance:
                self._finishing = True
            case Kind.CANCEL if frame.utterance == self._utterance:
                self._utterance, self._finishing = 0, False
                self._pending.clear()

    def _step(self) -> None:
        whole = len(self._pending) // 2 * 2
        step = bytes(self._pending[: min(STEP_BYTES, whole)])
        if step:
            del self._pending[: len(step)]
            if news := self._recogniser.feed(step):
                _send(Frame(Kind.PARTIAL, self._utterance, "\n".join(news).encode()))
        elif self._finishing:
            self._finishing = False
            text = self._recogniser.finish()
            _send(Frame(Kind.FINAL, self._utterance, text.encode()))
            self._utterance = 0
            self._pending.clear()


def _send(frame: Frame) -> None:
    rest = frame.packed()
    while rest:
        rest = rest[os.write(1, rest) :]


if __name__ == "__main__":
    main()
