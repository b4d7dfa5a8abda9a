"""When the caller's turn begins, pauses and ends: a state machine without I/O.

Voice windows, partial words, the end-of-turn judgement and final transcripts go in, each with the
time in seconds at which it was known; decisions come out. Every deadline counts from the last
window that held speech, never from when a result arrived.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import Enum, auto

WINDOW_S = 0.032
"""One voice-activity window: 512 samples at 16 kHz."""


@dataclass(frozen=True, slots=True)
class TurnRules:
    """How patient we are, in seconds of silence since the caller's last speech."""

    pause_after_s: float = 0.064
    speculate_after_s: float = 0.075
    judge_after_s: float = 0.13
    complete_after_s: float = 0.2
    unsure_after_s: float = 0.9
    incomplete_after_s: float = 1.3
    trailing_after_s: float = 1.7
    complete_above: float = 0.7
    unsure_above: float = 0.35
    final_within_s: float = 1.2
    unheard_voice_s: float = 0.35


@dataclass(frozen=True, slots=True)
class Began:
    """The caller has begun to speak."""


@dataclass(frozen=True, slots=True)
class Speculate:
    """Silence has begun: an answer to `text` may be prepared, and held."""

    text: str


@dataclass(frozen=True, slots=True)
class Judge:
    """Ask the end-of-turn model; its answer comes back through `judged(pause=…)`."""

    pause: int


@dataclass(frozen=True, slots=True)
class Finish:
    """Ask the transcriber for its final words; they come back through `final(pause=…)`."""

    pause: int


@dataclass(frozen=True, slots=True)
class Resumed:
    """The caller went on speaking: what was prepared for them is to be thrown away."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The turn is over. `silence_s` is how long the caller had been silent by then."""

    text: str
    silence_s: float


@dataclass(frozen=True, slots=True)
class Unheard:
    """Speech ended and no word was understood. `voiced_s` is how much speech there was."""

    voiced_s: float


Decision = Began | Speculate | Judge | Finish | Resumed | Ended | Unheard


class Phase(Enum):
    """Where the caller is in their turn."""

    IDLE = auto()
    SPEAKING = auto()
    PAUSED = auto()


class TurnTaking:
    """One caller's turns, from window to window."""

    def __init__(self, rules: TurnRules | None = None) -> None:
        self.rules = rules or TurnRules()
        self.phase = Phase.IDLE
        self._recent: deque[bool] = deque(maxlen=4)
        self._pause = 0
        self.reset()

    def reset(self) -> None:
        """Forget the turn in progress; the next speech begins a new one."""
        self.phase = Phase.IDLE
        self._recent.clear()
        self._segments: list[str] = []
        self._partial = ""
        self._last_voice_s = 0.0
        self._voiced_s = 0.0
        self._first_pause = self._pause + 1
        self._new_pause()

    def _new_pause(self) -> None:
        self._pause += 1
        self._completeness: float | None = None
        self._asked_judge = self._asked_finish = self._speculated = False
        self._final_known = False

    @property
    def text(self) -> str:
        """The turn's words so far."""
        return " ".join(part for part in (*self._segments, self._partial) if part)

    @property
    def voiced_s(self) -> float:
        """Seconds of speech in this turn."""
        return self._voiced_s

    @property
    def last_voice_s(self) -> float:
        """When the caller was last heard to speak."""
        return self._last_voice_s

    def reopen(self, text: str, now: float) -> None:
        """The turn that ended with `text` goes on: the caller was only pausing."""
        recent, voiced = list(self._recent), self._voiced_s
        segments = [text, *self._segments]
        partial = self._partial
        self.reset()
        self._recent.extend(recent)
        self._segments, self._partial, self._voiced_s = segments, partial, voiced
        self.phase, self._last_voice_s = Phase.SPEAKING, now

    def rearm(self, now: float) -> list[Decision]:
        """What was decided so far did not count (it sounded over our own voice); decide anew."""
        self._new_pause()
        if self.phase is Phase.IDLE:
            self.phase, self._last_voice_s = Phase.PAUSED, now
        return self.tick(now)

    def window(self, speech: bool, now: float) -> list[Decision]:
        """One voice-activity window ended at `now`."""
        self._recent.append(speech)
        decisions: list[Decision] = []
        if speech:
            self._last_voice_s = now
            self._voiced_s += WINDOW_S
            # An end of turn needs one window to be doubted, and three to be taken back:
            # a click in the pause is not the caller going on.
            needed = 3 if self.phase is Phase.PAUSED else 2
            if self.phase is not Phase.SPEAKING and sum(self._recent) >= needed:
                if self.phase is Phase.IDLE:
                    decisions.append(Began())
                else:
                    if self._speculated or self._asked_finish:
                        decisions.append(Resumed())
                    self._new_pause()
                self.phase = Phase.SPEAKING
        elif self.phase is Phase.IDLE and not any(self._recent):
            self._voiced_s = 0.0
        return decisions + self.tick(now)

    def words(self, text: str, now: float) -> list[Decision]:
        """The transcriber's words for the present segment. Words alone can begin a turn."""
        if not text or self._final_known:
            return []
        self._partial = text
        if self.phase is Phase.IDLE:
            self.phase = Phase.PAUSED
            self._new_pause()
            self._last_voice_s = now
            return [Began(), *self.tick(now)]
        return self.tick(now)

    def judged(self, completeness: float, pause: int, now: float) -> list[Decision]:
        """The end-of-turn model's probability that the turn is complete."""
        if pause == self._pause and self.phase is Phase.PAUSED:
            self._completeness = completeness
        return self.tick(now)

    def final(self, text: str, pause: int, now: float) -> list[Decision]:
        """The transcriber's last word on the present segment.

        A segment that was finished while the caller went on still belongs to the turn.
        """
        if pause < self._first_pause and pause >= 0:
            return []  # of a turn that is over
        if text:
            self._segments.append(text)
        if pause != self._pause:
            return []
        self._partial = ""
        self._final_known = True
        return self.tick(now)

    def tick(self, now: float) -> list[Decision]:
        """Time has passed."""
        if self.phase is Phase.IDLE:
            return []
        silence = now - self._last_voice_s
        rules = self.rules
        if self.phase is Phase.SPEAKING:
            if silence < rules.pause_after_s:
                return []
            self.phase = Phase.PAUSED
            self._new_pause()
        decisions: list[Decision] = []
        if not self._speculated and self.text and silence >= rules.speculate_after_s:
            self._speculated = True
            decisions.append(Speculate(self.text))
        if not self._asked_judge and silence >= rules.judge_after_s:
            self._asked_judge = True
            decisions.append(Judge(self._pause))
        deadline = self._deadline()
        if not self._asked_finish and silence >= deadline - 0.05:
            self._asked_finish = True
            decisions.append(Finish(self._pause))
        if silence >= deadline and self._asked_finish:
            if self._final_known or silence >= deadline + rules.final_within_s:
                decisions.append(self._end(silence))
        return decisions

    def _deadline(self) -> float:
        rules, p, text = self.rules, self._completeness, self.text
        if text and ends_open(text):
            return rules.trailing_after_s
        if p is None:
            return rules.unsure_after_s
        if p > rules.complete_above:
            return rules.unsure_after_s if ends_in_number(text) else rules.complete_after_s
        return rules.unsure_after_s if p > rules.unsure_above else rules.incomplete_after_s

    def _end(self, silence: float) -> Decision:
        text, voiced = self.text, self._voiced_s
        self.reset()
        return Ended(text, silence) if text else Unheard(voiced)


OPEN_ENDINGS = frozenset(
    # A question that ends in one of these is not over.
    "a an and any are as at be because between but by can could did do does during each for from "
    "give has have her his how if in into is it's its like many much my not of on or our over per "
    "should since so some such than that the their then these this those to um uh er erm under "
    "until was we were what what's when where whether which while who will with without would "
    "your versus plus minus times taking weighing aged about".split()
)
QUESTION_PAIRS = frozenset(
    # … unless the two last words end a question: "what is it for", "what do I start with".
    ("it for", "used for", "given for", "start with", "go with", "watch for", "look for", "do with")
)
NUMBER_WORDS = frozenset(
    "one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty "
    "fifty sixty seventy eighty ninety hundred thousand point".split()
)


def ends_open(text: str) -> bool:
    """Whether the words so far ask for more: they end in a function word, or trail off."""
    words = text.lower().rstrip(" .?!,…").split()
    if not words:
        return False
    if len(words) > 1 and f"{words[-2]} {words[-1]}" in QUESTION_PAIRS:
        return False
    if text.rstrip().endswith(("…", "...", ",", "-")):
        return True
    return words[-1] in OPEN_ENDINGS


def ends_in_number(text: str) -> bool:
    """Whether a unit may still follow: "a weight of sixty"."""
    words = text.lower().rstrip(" .?!,…").split()
    last = words[-1] if words else ""
    return last in NUMBER_WORDS or last.replace(".", "", 1).isdigit()
