"""When the caller's turn begins, pauses and ends: a state machine without I/O.

Voice windows, partial words, the end-of-turn judgement and final transcripts go in, each with the
time in seconds at which it was known; decisions come out. Every deadline counts from the last
window that held speech, never from when a result arrived.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import Enum, auto

from voice_server.calls.endings import Ending, ending_of

WINDOW_S = 0.032
"""One voice-activity window: 512 samples at 16 kHz."""


@dataclass(frozen=True, slots=True)
class TurnRules:
    """How patient we are, in seconds of silence since the caller's last speech."""

    pause_after_s: float = 0.03
    finish_after_s: float = 0.13
    finish_open_after_s: float = 0.2
    """Words that ask for more may be a recogniser that is behind: it is asked for the rest."""
    judge_after_s: tuple[float, ...] = (0.11, 0.2)
    """When the end-of-turn model listens, and listens again where it was not sure."""
    complete_above: float = 0.85
    surely_above: float = 0.9
    """What a second opinion must exceed to overrule the first."""
    second_thought_s: float = 0.4
    unsure_above: float = 0.35
    nothing_after_s: float = 0.9
    open_after_s: float = 1.5
    pending_after_s: float = 1.4
    bare_after_s: tuple[float, float, float] = (0.28, 1.1, 1.35)
    """For what sounds complete, unsure, and incomplete."""
    full_after_s: float = 0.3
    prepare_before_s: float = 0.4
    """How long before the end an answer to words that ask for more is prepared after all."""
    final_within_s: float = 1.2
    words_within_s: float = 4.0
    """The same while not a word is known: the recogniser may be busy with others."""
    unheard_voice_s: float = 0.5


@dataclass(frozen=True, slots=True)
class Began:
    """The caller has begun to speak."""


@dataclass(frozen=True, slots=True)
class Speculate:
    """Silence may have begun: an answer to `text` may be prepared, and held."""

    text: str
    voice_end_s: float


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
    """The turn is over: the caller last spoke at `voice_end_s`."""

    text: str
    voice_end_s: float


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
        self.replying = False
        """We asked something: what the caller says now answers it."""
        self._recent: deque[bool] = deque(maxlen=4)
        self._read = ("", False)
        self._reading = Ending.NOTHING
        self._pause = 0
        self.reset()

    def reset(self) -> None:
        """Forget the turn in progress; the next speech begins a new one."""
        self.phase = Phase.IDLE
        self._recent.clear()
        self._segments: list[str] = []
        self._awaited: dict[int, int] = {}
        """Pauses whose last word is not known yet: which segment it will replace."""
        self._partial = ""
        self._last_voice_s = 0.0
        self._voiced_s = 0.0
        self._first_pause = self._pause + 1
        self._speculated = ""
        self._new_pause()

    def _new_pause(self) -> None:
        self._pause += 1
        self._opinions: list[float] = []
        self._asked_judge = 0
        self._asked_finish = self._final_known = False

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
        self._speculated = ""
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
                    self._speculated = ""
                    self._await_final()
                    self._new_pause()
                self.phase = Phase.SPEAKING
        elif self.phase is Phase.IDLE and not any(self._recent):
            self._voiced_s = 0.0
        return decisions + self.tick(now)

    def _await_final(self) -> None:
        """The words of a segment that was closed stand until the transcriber's last word on it."""
        if self._asked_finish and not self._final_known:
            self._awaited[self._pause] = len(self._segments)
            self._segments.append(self._partial)
            self._partial = ""

    def hush(self) -> list[Decision]:
        """The caller's level fell. A whole question may end here, so its answer is begun before
        the voice detector is sure; it stays good for these words if the voice goes on."""
        text = self.text
        whole = self._ending(text) in (Ending.BARE, Ending.FULL)
        if self.phase is not Phase.SPEAKING or not whole or text == self._speculated:
            return []
        self._speculated = text
        return [Speculate(text, self._last_voice_s)]

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
            self._opinions.append(completeness)
        return self.tick(now)

    def final(self, text: str, pause: int, now: float) -> list[Decision]:
        """The transcriber's last word on the present segment.

        A segment that was finished while the caller went on still belongs to the turn.
        """
        if pause < self._first_pause and pause >= 0:
            return []  # of a turn that is over
        if pause in self._awaited:
            at = self._awaited.pop(pause)
            self._segments[at] = text or self._segments[at]
            return []
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
        text = self.text
        ending = self._ending(text)
        whole = ending in (Ending.BARE, Ending.FULL)
        deadline = self._deadline(ending)
        worth = whole or silence >= deadline - rules.prepare_before_s
        if text and worth and text != self._speculated:
            self._speculated = text
            decisions.append(Speculate(text, self._last_voice_s))
        if self._listens(silence, ending):
            self._asked_judge += 1
            decisions.append(Judge(self._pause))
        finish_at = rules.finish_after_s if whole else rules.finish_open_after_s
        if not self._asked_finish and silence >= finish_at:
            self._asked_finish = True
            decisions.append(Finish(self._pause))
        if silence >= deadline and self._asked_finish:
            patience = rules.final_within_s if text else rules.words_within_s
            if self._final_known or silence >= deadline + patience:
                decisions.append(self._end())
        return decisions

    def _ending(self, text: str) -> Ending:
        if (text, self.replying) != self._read:
            self._read = (text, self.replying)
            self._reading = ending_of(text, replying=self.replying)
        return self._reading

    def _listens(self, silence: float, ending: Ending) -> bool:
        """Whether the end-of-turn model should hear the pause now: where its word counts."""
        asked, times = self._asked_judge, self.rules.judge_after_s
        if ending is not Ending.BARE or asked == len(times) or asked > len(self._opinions):
            return False
        sure = any(opinion > self.rules.complete_above for opinion in self._opinions)
        return not sure and silence >= times[asked]

    def _deadline(self, ending: Ending) -> float:
        rules = self.rules
        match ending:
            case Ending.OPEN:
                return rules.open_after_s
            case Ending.PENDING:
                return rules.pending_after_s
            case Ending.NOTHING:
                return rules.nothing_after_s
            case Ending.FULL:
                return rules.full_after_s
        complete, unsure, incomplete = rules.bare_after_s
        opinions = self._opinions
        if not opinions:
            return unsure
        if opinions[0] > rules.complete_above:
            return complete
        if opinions[-1] > rules.surely_above:
            return rules.second_thought_s
        p = sum(opinions) / len(opinions)
        return unsure if p > rules.unsure_above else incomplete

    def _end(self) -> Decision:
        text, voiced, voice_end_s = self.text, self._voiced_s, self._last_voice_s
        self.reset()
        return Ended(text, voice_end_s) if text else Unheard(voiced)
