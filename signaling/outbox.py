"""Messages for the caller's data channel: numbered, kept until it opens, and for a replay."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Mapping
from typing import Any

MOST_KEPT = 256


class Outbox:
    """Numbers messages from 1 (`seq`, beside RTVI's own fields) and remembers the last `MOST_KEPT`.

    Pure: `push` and `replay` say what to send now; whoever holds the channel sends it.
    """

    def __init__(self) -> None:
        self.last_seq = 0
        self._kept: deque[tuple[int, str]] = deque(maxlen=MOST_KEPT)
        self._unsent: deque[str] = deque(maxlen=MOST_KEPT)

    def push(self, message: Mapping[str, Any], *, open_now: bool) -> str | None:
        """Number a message. Returns its text to send now, or None while the channel is not open."""
        self.last_seq += 1
        text = json.dumps({**message, "seq": self.last_seq}, separators=(",", ":"))
        self._kept.append((self.last_seq, text))
        if open_now:
            return text
        self._unsent.append(text)
        return None

    def opened(self) -> list[str]:
        """What waited for the channel, oldest first; it is not kept waiting again."""
        waiting = list(self._unsent)
        self._unsent.clear()
        return waiting

    def replay(self, after: int) -> list[str]:
        """What a caller who has seen message `after` has missed, as far as it is still kept."""
        self._unsent.clear()
        return [text for seq, text in self._kept if seq > after]
