"""A tool that a language model may call, and what it gives back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from agents.gate import Source

Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a tool found. `text` goes back to the model; `sources` carry claims in the gate."""

    text: str
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Tool:
    """`schema` is the JSON schema of the arguments. A `pure` tool changes nothing; only such a one
    is run, for an answer is composed while the caller's turn is not yet confirmed."""

    name: str
    description: str
    schema: Schema
    pure: bool
    run: Callable[[Mapping[str, Any]], Awaitable[ToolResult]]
    allowed: Callable[[Mapping[str, Any]], bool]

    def as_function(self) -> Schema:
        """The tool as a chat-completions endpoint is told of it."""
        return {
            "type": "function",
            "function": {
                "name": self.name, "description": self.description, "parameters": self.schema,
            },
        }  # fmt: skip
