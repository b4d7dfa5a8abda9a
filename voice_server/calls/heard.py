"""What the caller has heard of an answer: a sample-exact ledger of what was played.

It knows nothing of how speech is made. Words are entered with the samples they occupy; the mouth
reports each piece it sends; the caller's playout delay is taken off. History, transcript and
resume read from here, so an answer that was cut off is remembered as it was heard.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from agents.claims import Claim
from agents.wording import Wording


@dataclass(frozen=True, slots=True)
class SpokenClaim:
    """A claim and how it is worded for the voice."""

    claim: Claim
    wording: Wording


class HeardLedger:
    """One answer, from its first sample. Positions are samples at the mouth's rate."""

    def __init__(self, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._claims: list[SpokenClaim] = []
        self._claim_starts: list[int] = []  # index of each claim's first word
        self._middles: list[int] = []  # the sample at which each word counts as heard
        self._starts: list[int] = []
        self._sent: deque[tuple[float, int]] = deque(maxlen=500)  # (time, position) per packet

    def expect_claim(self, claim: SpokenClaim) -> None:
        """The words that follow belong to this claim."""
        self._claims.append(claim)
        self._claim_starts.append(len(self._middles))

    def expect_words(self, spans: Sequence[tuple[int, int]]) -> None:
        """Words with their first and last sample, in order."""
        for start, end in spans:
            self._starts.append(start)
            self._middles.append((start + end) // 2)

    def sent(self, position: int, now: float) -> None:
        """Everything up to `position` has left for the caller by `now`."""
        self._sent.append((now, position))

    def position_heard(self, now: float, delay_s: float) -> int:
        """How far the caller's loudspeaker is, `delay_s` behind what was sent."""
        for at, position in reversed(self._sent):
            if at <= now - delay_s:
                return position
        return 0

    def words_heard(self, position: int) -> int:
        """How many words sound before `position`."""
        return bisect_right(self._middles, position)

    def word_start_before(self, position: int) -> int:
        """The sample where the word that is sounding at `position` began."""
        index = bisect_right(self._starts, position) - 1
        return self._starts[index] if index >= 0 else 0

    def text_spoken(self) -> str:
        """The whole answer as shown."""
        return " ".join(spoken.claim.text for spoken in self._claims)

    def text_heard(self, position: int) -> str:
        """The part of the answer that sounds before `position`, as shown."""
        words = self.words_heard(position)
        parts: list[str] = []
        for index, spoken in enumerate(self._claims):
            mine = words - self._claim_starts[index]
            if mine <= 0:
                break
            parts.append(spoken.wording.shown_after(mine))
        return " ".join(part for part in parts if part)

    def claims_heard(self, position: int) -> tuple[Claim, ...]:
        """The claims of which at least one word sounded before `position`."""
        words = self.words_heard(position)
        return tuple(
            spoken.claim
            for index, spoken in enumerate(self._claims)
            if self._claim_starts[index] < words
        )

    def claims_around(self) -> tuple[SpokenClaim, ...]:
        """The claim that is being sent and its neighbours, for telling our echo from the caller."""
        position = self._sent[-1][1] if self._sent else 0
        word = max(0, self.words_heard(position) - 1)
        index = max(0, bisect_right(self._claim_starts, word) - 1)
        return tuple(self._claims[max(0, index - 1) : index + 2])

    def claim_at(self, position: int) -> Claim | None:
        """The claim that is sounding at `position`."""
        word = bisect_right(self._starts, position) - 1
        index = bisect_right(self._claim_starts, word) - 1 if word >= 0 else -1
        return self._claims[index].claim if index >= 0 else None
