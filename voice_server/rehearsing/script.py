"""A rehearsal's script: calls with steps and expectations."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from voice_server.rehearsing.moments import Moment, read_moment
from voice_server.rehearsing.noises import NOISES


class Part(BaseModel):
    """A mapping in a script."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(Part):
    """What a text must be. Case and the full stop at the end do not count."""

    contains: str | list[str] = Field(default_factory=list)
    lacks: str | list[str] = Field(default_factory=list)
    equals: str | None = None
    words: list[int] | None = Field(None, min_length=2, max_length=2)
    """The least and the most words."""


def _text(value: object) -> object:
    return {"contains": value} if isinstance(value, str) else value


TextOrPart = Annotated[Text, BeforeValidator(_text)]


class ToolAsked(Part):
    """A tool that the simulated model asks for before it answers, as a real model does: its
    arguments come in pieces."""

    name: str = Field(min_length=1)
    arguments: dict[str, str]
    piece_ms: float = Field(50, ge=0, le=5000)


class Engines(Part):
    """The simulated engines of one call: a recogniser that knows what is said, a voice that hums
    each word at a pitch of its own, and a model that writes `answer`. Without `answer` the library
    is quoted."""

    partial_ms: float = Field(120, ge=0, le=5000)
    """How far partial words are behind the speech."""
    final_ms: float = Field(60, ge=0, le=30_000)
    hearing_fails_after: int | None = Field(None, ge=0)
    """The recogniser is down after this many utterances."""
    voice_first_ms: float = Field(50, ge=0, le=30_000)
    word_ms: float = Field(150, ge=60, le=2000)
    voice_fails_after: int | None = Field(None, ge=0)
    """The voice is down after this many sentences."""
    answer: str = ""
    model_first_ms: float = Field(200, ge=0, le=30_000)
    tool: ToolAsked | None = None

    @model_validator(mode="after")
    def _tool_answers(self) -> Engines:
        if self.tool is not None and not self.answer:
            raise ValueError("tool: a model that asks for a tool needs an answer to give then")
        return self


class Network(Part):
    """What the wire does to both directions from here on."""

    loss: float = Field(0.0, ge=0, le=1)
    delay_ms: float = Field(0.0, ge=0, le=5000)
    jitter_ms: float = Field(0.0, ge=0, le=5000)
    down: bool = False


class Echo(Part):
    """The caller's loudspeaker comes back into the microphone."""

    gain_db: float = Field(-15.0, ge=-60, le=0)
    delay_ms: float = Field(120.0, ge=0, le=1000)


class StepExpected(Part):
    """What the caller's ear must notice after a sound begins, in milliseconds from its onset."""

    duck_ms: float | None = Field(None, gt=0)
    """The answer is softer, or silent, within this time."""
    silent_ms: float | None = Field(None, gt=0)
    """The answer has been silent for 300 ms, beginning within this time."""
    quiet_for_s: float | None = Field(None, gt=0)
    """Nothing sounds for this long after `silent_ms`."""
    goes_on_ms: float | None = Field(None, gt=0)
    """The answer sounds at its full level again within this time (or never gave way)."""


class Step(Part):
    """One thing the caller does. Exactly one of the first nine fields."""

    say: str | None = Field(None, min_length=1)
    """Spoken by the local voice; `[0.8]` is a pause of 0.8 seconds."""
    play: Path | None = None
    noise: str | None = None
    type: str | None = Field(None, min_length=1, max_length=2000)
    pause: float | None = Field(None, gt=0, le=120)
    echo: Echo | Literal[False] | None = None
    mute: bool | None = None
    network: Network | None = None
    hang_up: Literal[True] | None = None

    at: Annotated[Moment | None, BeforeValidator(read_moment)] = None
    """When; left out: as soon as the step before is over."""
    gain_db: float = Field(0.0, ge=-40, le=20)
    seed: int = Field(0, ge=0)
    for_s: float | None = Field(None, gt=0, le=120)
    """A noise goes on for this long."""
    heard_as: str | None = None
    """What the simulated recogniser makes of it; left out: speech is understood, noise is not."""
    voice: Literal["slt", "rms", "awb", "kal16"] = "slt"
    expect: StepExpected = StepExpected()

    @model_validator(mode="after")
    def _one_thing(self) -> Step:
        done = [name for name in DOES if getattr(self, name) is not None]
        if len(done) != 1:
            raise ValueError(f"a step does exactly one of {', '.join(DOES)}; here: {len(done)}")
        if self.noise is not None and self.noise not in NOISES:
            near = difflib.get_close_matches(self.noise, NOISES, n=1, cutoff=0.0)
            raise ValueError(f"noise: there is no {self.noise}; did you mean {near[0]}?")
        sounds = self.say is not None or self.play is not None or self.noise is not None
        if not sounds and self.expect != StepExpected():
            raise ValueError("expect: only a step that sounds can be waited for")
        return self

    @property
    def does(self) -> str:
        """Which of the fields is set."""
        return next(name for name in DOES if getattr(self, name) is not None)


DOES = ("say", "play", "noise", "type", "pause", "echo", "mute", "network", "hang_up")


class AnswerExpected(Part):
    """One answer, in the order they end."""

    transcript: TextOrPart | None = None
    text: TextOrPart | None = None
    heard: Literal["whole", "part", "nothing"] | None = None
    source: str | None = None
    """In the title of the first source."""
    any_source: str | None = None
    first_audio_ms: float | None = Field(None, gt=0)
    """From the caller's last speech, or the typed question, to the first sound at their ear."""
    interrupted: bool | None = None
    words_repeated: int | None = Field(None, ge=0)
    """Whole words sounded twice at the caller's ear, at the most."""
    words_lost: int | None = Field(None, ge=0)


class Expected(Part):
    """What must come of a call. All answers and all notices are listed; one more is a failure."""

    answers: list[AnswerExpected] = Field(default_factory=list)
    notices: list[str] = Field(default_factory=list)
    """Their codes."""
    notice_ms: float | None = Field(None, gt=0)
    """The first notice comes within this time after the caller's last sound before it."""
    answer_within_s: float = Field(20.0, gt=0, le=300)
    """How long the last answer is waited for after the last step."""
    then_quiet_s: float = Field(0.8, ge=0, le=60)
    """How long the line is watched for more than was expected."""


class Call(Part):
    """One call."""

    name: str = Field(min_length=1)
    covers: str = ""
    """What it guards against; shown in the reports."""
    faults: list[Annotated[int, Field(ge=1)]] = Field(default_factory=list)
    """Numbers of the known faults that it guards against."""
    engines: Engines | Literal["installed"] | None = None
    """`installed`: the recogniser, voice and model that the server has. Left out: the file's."""
    network: Network = Network()
    steps: list[Step] = Field(min_length=1)
    expect: Expected = Expected()

    @property
    def guards(self) -> str:
        """What it guards against, for the reports."""
        numbers = ", ".join(str(number) for number in self.faults)
        named = f"fault{'s' if len(self.faults) > 1 else ''} {numbers}" if self.faults else ""
        return ": ".join(part for part in (named, self.covers) if part)


class Script(Part):
    """A file. `engines` are those of its calls that name none."""

    engines: Engines | Literal["installed"] = Engines()
    calls: list[Call] = Field(min_length=1)
