"""A rehearsal's script: calls with steps and expectations, read from YAML.

An unknown key, a wrong value or a moment that cannot come is refused with file, call and field.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, get_args, get_origin

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from storage.faults import Invalid
from voice_server.rehearsing.moments import Moment, read_moment
from voice_server.rehearsing.noises import NOISES

SUFFIXES = (".yaml", ".yml")


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
    voice: Literal["slt", "rms", "awb", "kal"] = "slt"
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
    engines: Engines | Literal["installed"] | None = None
    """`installed`: the recogniser, voice and model that the server has. Left out: the file's."""
    network: Network = Network()
    steps: list[Step] = Field(min_length=1)
    expect: Expected = Expected()


class Script(Part):
    """A file. `engines` are those of its calls that name none."""

    engines: Engines | Literal["installed"] = Engines()
    calls: list[Call] = Field(min_length=1)


def read_scripts(paths: Sequence[Path]) -> list[Call]:
    """The calls of these files, and of the YAML files in these folders, in order.

    Raises Invalid that names file, call and field.
    """
    calls: list[Call] = []
    seen: dict[str, Path] = {}
    for path in _files(paths):
        for call in _read(path).calls:
            if call.name in seen:
                raise Invalid(
                    "script.twice",
                    f"{path}: the call “{call.name}” is already in {seen[call.name]}.",
                    field="name",
                    remedy="Give each call a name of its own.",
                )
            seen[call.name] = path
            calls.append(call)
    return calls


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        found = [path]
        if path.is_dir():
            found = sorted(one for one in path.rglob("*") if one.suffix in SUFFIXES)
        if not found or not path.exists():
            raise Invalid(
                "script.missing",
                f"There is no script at {path}.",
                field="FILE",
                remedy="Name a YAML file, or a folder that holds some.",
            )
        yield from found


def _read(path: Path) -> Script:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        where = getattr(error, "problem_mark", None)
        line = f", line {where.line + 1}" if where else ""
        raise Invalid(
            "script.unreadable",
            f"{path}{line}: this is not YAML.",
            field="FILE",
            remedy="Check the indentation there, and put texts with a colon into quotes.",
        ) from None
    try:
        script = Script.model_validate(content)
    except ValidationError as error:
        raise _refused(path, content, error) from None
    return Script(calls=[_complete(path, script, call) for call in script.calls])


def _complete(path: Path, script: Script, call: Call) -> Call:
    """With the file's engines; recordings are named from the script's folder."""
    steps = []
    for number, step in enumerate(call.steps, 1):
        if step.play is not None:
            recording = path.parent / step.play
            if not recording.is_file():
                raise Invalid(
                    "script.recording",
                    f"{path}, call “{call.name}”: steps[{number}].play: "
                    f"there is no recording at {recording}.",
                    field=f"steps[{number}].play",
                    remedy="Name it from the script's folder.",
                )
            step = step.model_copy(update={"play": recording})
        steps.append(step)
    return call.model_copy(update={"steps": steps, "engines": call.engines or script.engines})


def _refused(path: Path, content: Any, error: ValidationError) -> Invalid:
    wrong = error.errors(include_url=False)
    # A misspelt field explains the missing one.
    first = next((one for one in wrong if one["type"] == "extra_forbidden"), wrong[0])
    where = [part for part in first["loc"] if part not in _UNION_BRANCHES]
    field = "".join(f"[{p + 1}]" if isinstance(p, int) else f".{p}" for p in where).lstrip(".")
    name = ""
    if len(where) > 1 and where[0] == "calls" and isinstance(where[1], int):
        call = content["calls"][where[1]]
        if isinstance(call, dict) and isinstance(call.get("name"), str):
            name = f", call “{call['name']}”"
    message, remedy = (
        first["msg"].removeprefix("Value error, "),
        "docs/rehearsals.md lists them all.",
    )
    if first["type"] == "extra_forbidden":
        known = _known(where[:-1])
        near = difflib.get_close_matches(str(where[-1]), known, n=1, cutoff=0.0)
        message = "there is no such field"
        remedy = f"Did you mean {near[0]}?" if near else remedy
    return Invalid("script.invalid", f"{path}{name}: {field}: {message}.", field=field,
                   remedy=remedy)  # fmt: skip


_UNION_BRANCHES = ("Engines", "Echo", "literal['installed']", "literal[False]", "Text",
                   "function-before[_text(), Text]", "str", "list[str]")  # fmt: skip


def _known(where: Sequence[int | str]) -> list[str]:
    """The fields of the mapping at this place."""
    part: type[Part] = Script
    for name in where:
        if isinstance(name, str) and name in part.model_fields:
            inner = _part_in(part.model_fields[name].annotation)
            if inner is None:
                break
            part = inner
    return list(part.model_fields)


def _part_in(annotation: Any) -> type[Part] | None:
    if isinstance(annotation, type) and not get_origin(annotation):
        return annotation if issubclass(annotation, Part) else None
    for inner in get_args(annotation):
        if isinstance(inner, type | UnionType) or get_args(inner):
            if found := _part_in(inner):
                return found
    return None
