"""What the server and an engine's process say to each other: small binary frames over pipes.

A frame is kind (1 byte), number of the utterance or text (4 bytes), length (4 bytes), little
endian, then the payload: audio as it is, text as UTF-8.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

_HEAD = struct.Struct("<BII")


class Kind(IntEnum):
    """OPEN to SAY go to the process, READY to END come from it.

    PARTIAL carries the stable words, a newline, and the words that may still change; SOUND
    carries a line of JSON with the words ([[text, start_s, end_s] …]), a newline, and audio.
    """

    OPEN = 1
    AUDIO = 2
    FINISH = 3
    CANCEL = 4
    SAY = 5
    READY = 16
    PARTIAL = 17
    FINAL = 18
    SOUND = 19
    END = 20


@dataclass(frozen=True, slots=True)
class Frame:
    """One message about one utterance (0 where it is about none)."""

    kind: Kind
    utterance: int = 0
    payload: bytes = b""

    def packed(self) -> bytes:
        """The bytes on the pipe."""
        return _HEAD.pack(self.kind, self.utterance, len(self.payload)) + self.payload


class FrameReader:
    """Cuts a stream of bytes into frames."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, chunk: bytes) -> Iterator[Frame]:
        """The frames that are complete after `chunk`. Raises ValueError for an unknown kind."""
        self._rest += chunk
        while len(self._rest) >= _HEAD.size:
            kind, utterance, length = _HEAD.unpack_from(self._rest)
            end = _HEAD.size + length
            if len(self._rest) < end:
                return
            payload = bytes(self._rest[_HEAD.size : end])
            del self._rest[:end]
            yield Frame(Kind(kind), utterance, payload)
