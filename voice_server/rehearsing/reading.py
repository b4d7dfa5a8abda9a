"""Scripts read from YAML.

An unknown key, a wrong value or a moment that cannot come is refused with file, call, field and
what to do about it.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin

import yaml
from pydantic import ValidationError

from storage.faults import Invalid
from voice_server.rehearsing.script import Call, Part, Script

SUFFIXES = (".yaml", ".yml")


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
        why = getattr(error, "problem", None) or "it cannot be read as text"
        raise Invalid(
            "script.unreadable",
            f"{path}{line}: this is not YAML: {why}.",
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
    where = [part for part in first["loc"] if not _is_branch(part)]
    field = "".join(f"[{p + 1}]" if isinstance(p, int) else f".{p}" for p in where).lstrip(".")
    name = ""
    if len(where) > 1 and where[0] == "calls" and isinstance(where[1], int):
        call = content["calls"][where[1]]
        if isinstance(call, dict) and isinstance(call.get("name"), str):
            name = f", call “{call['name']}”"
    message, remedy = _IN_WORDS.get(first["type"], (first["msg"], _ALL))
    if first["type"] == "extra_forbidden":
        near = difflib.get_close_matches(str(where[-1]), _known(where[:-1]), n=1, cutoff=0.0)
        message = "there is no such field"
        remedy = f"Did you mean {near[0]}?" if near else _ALL
    message = message.removeprefix("Value error, ")
    place = f"{path}{name}: {field}" if field else f"{path}{name}"
    return Invalid("script.invalid", f"{place}: {message}.", field=field or "FILE", remedy=remedy)


_ALL = "docs/rehearsals.md shows every field and what it takes."
_QUOTES = (
    'Put it into quotes: YAML takes a bare no, yes or 7 for something else than text, "no" not.'
)
_IN_WORDS = {
    "missing": ("this field is missing", _ALL),
    "model_type": ("this is not a mapping of fields", "Write it as `name: value`."),
    "dict_type": ("this is not a mapping of fields", "Write it as `name: value`."),
    "list_type": ("this is not a list", "Begin each item with a dash, or write [one, two]."),
    "string_type": ("this is not a text", _QUOTES),
}


def _is_branch(part: int | str) -> bool:
    """Whether a part of an error's place is one way to read the field, and not a field."""
    return isinstance(part, str) and ("[" in part or part in ("Engines", "Echo", "Text", "str"))


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
