"""Whether a sound over our own voice is the caller cutting in: a state machine without I/O.

The answer ducks at the first hint, pauses when the sound goes on like speech, stops for good when
the words say so, and comes back when it was a cough, a breath or an "mm-hm".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto


class Move(Enum):
    """What is to be done about the sound."""

    DUCK = auto()
    PAUSE = auto()
    CHECK = auto()
    """The sound is over: ask the transcriber what it was."""
    STOP = auto()
    RESUME = auto()


@dataclass(frozen=True, slots=True)
class BargeInRules:
    """Seconds of speech, or of silence after it."""

    pause_after_voice_s: float = 0.15
    check_after_quiet_s: float = 0.08
    least_voice_s: float = 0.13
    """Less than this is no word but a command: a scrap of our own echo may be heard as one."""
    sure_voice_s: float = 0.45
    """The first words of less than this are only believed when they ask for silence: heard to its
    end, "rate" may be "right"."""
    answer_within_s: float = 0.8


class _Stage(Enum):
    CLEAR = auto()
    DUCKED = auto()
    PAUSED = auto()


class BargeIn:
    """One answer's defence against noise, and its surrender to the caller."""

    def __init__(self, rules: BargeInRules | None = None) -> None:
        self._rules = rules or BargeInRules()
        self.reset()

    def reset(self) -> None:
        """A new answer, or none: nothing is over our voice."""
        self._stage = _Stage.CLEAR
        self._last_voice_s = self._voiced_s = 0.0
        self._checked = False
        self._begun = ""
        """Words before a dip that may yet become a backchannel, "I" of "I see"; else they count."""
        self._perhaps = False
        """Words of a short sound so far that mean it, if they are what is said."""

    @property
    def undecided(self) -> bool:
        """Something sounded over our voice and it is not yet known what it was."""
        return self._stage is not _Stage.CLEAR

    def hint(self, now: float) -> list[Move]:
        """A window that may hold a voice ended at `now`."""
        self._checked = False
        self._last_voice_s = now
        if self._stage is not _Stage.CLEAR:
            return []
        self.reset()
        self._stage, self._last_voice_s = _Stage.DUCKED, now
        return [Move.DUCK]

    def voice(self, now: float, window_s: float) -> list[Move]:
        """A window of speech that is not our own echo ended at `now`."""
        moves = self.hint(now)
        self._voiced_s += window_s
        # What goes on like speech gets the floor until its words say what it is.
        if self._stage is _Stage.DUCKED and self._voiced_s >= self._rules.pause_after_voice_s:
            self._stage = _Stage.PAUSED
            moves.append(Move.PAUSE)
        return moves

    def words(self, text: str) -> list[Move]:
        """What the caller is heard to say over our voice (our own words already taken out)."""
        text = f"{self._begun} {text}".strip()
        if not self._means_it(text) or _may_become_one(text):
            return []
        if self._voiced_s < self._rules.sure_voice_s and not _asks_for_silence(text):
            self._perhaps = True
            return []
        self.reset()
        return [Move.STOP]

    def checked(self, text: str) -> list[Move]:
        """The transcriber's last word on a sound, which may have gone on meanwhile."""
        text = f"{self._begun} {text}".strip()
        if self.undecided and _may_become_one(text) and not is_backchannel(text):
            self._begun = text
            return []
        stopped = self._means_it(text) or (self._perhaps and not text)
        if not stopped and not self._checked:
            return []
        self.reset()
        return [Move.STOP if stopped else Move.RESUME]

    def _means_it(self, text: str) -> bool:
        if self._voiced_s < self._rules.least_voice_s:
            return only_stops(text)
        return not is_backchannel(text)

    def tick(self, now: float) -> list[Move]:
        """Time has passed."""
        if self._stage is _Stage.CLEAR:
            return []
        quiet = now - self._last_voice_s
        if not self._checked and quiet >= self._rules.check_after_quiet_s:
            self._checked = True
            return [Move.CHECK]
        if quiet >= self._rules.answer_within_s and self._begun:
            self.reset()
            return [Move.STOP]
        if quiet >= self._rules.answer_within_s:
            # How long it sounded is kept: the transcriber's word may only be late.
            self._stage, self._checked = _Stage.CLEAR, False
            return [Move.RESUME]
        return []


_PHRASE_LIST = (
    "i see", "got it", "makes sense", "of course", "thank you", "very good", "very well",
    "all right", "that's right", "that is right", "good to know", "go on",
)  # fmt: skip
_PHRASES = re.compile(rf"\b(?:{'|'.join(_PHRASE_LIST)})\b")
_BACKCHANNELS = frozenset(
    "mm mhm mmhm hmm hm mm-hm mm-hmm uh-huh uhhuh huh ah aha oh ooh uh um er erm eh "
    "okay ok right yeah yep yup yes sure fine good great nice cool alright exactly indeed "
    "true correct thanks".split()
)


def is_backchannel(text: str) -> bool:
    """Whether the words only say "I am listening": "mm-hm", "okay", "yeah I see", or nothing."""
    rest = _PHRASES.sub(" ", text.lower().replace("’", "'"))
    return all(word in _BACKCHANNELS for word in re.findall(r"[a-z0-9'\-]+", rest))


_STOPS = frozenset(
    "stop wait no hold on hang quiet be enough pause cancel please sorry excuse me a moment one "
    "second minute just talking speaking now that's thank you thanks it there okay".split()
)
_STOPPING = frozenset("stop wait no hold hang quiet enough pause cancel excuse".split())


def only_stops(text: str) -> bool:
    """Whether the words ask for silence and nothing else: "stop", "no, wait a moment"."""
    return _asks_for_silence(text) and all(word in _STOPS for word in _words(text))


def _asks_for_silence(text: str) -> bool:
    return any(word in _STOPPING for word in _words(text))


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z']+", text.lower().replace("’", "'"))


def _may_become_one(partial: str) -> bool:
    """Whether a word more could make it a backchannel: "i" of "i see"."""
    text = partial.lower().replace("’", "'").rstrip(" .,")
    return any(
        text.endswith(begun) and is_backchannel(text.removesuffix(begun)) for begun in _BEGINNINGS
    )


_BEGINNINGS = tuple(
    " ".join(phrase.split()[:count])
    for phrase in _PHRASE_LIST
    for count in range(1, len(phrase.split()))
)
