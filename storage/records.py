"""The vocabulary every floor shares: what we keep, as plain frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What a person may do: a reviewer also reads everyone's calls, an admin also manages."""

    CLINICIAN = "clinician"
    REVIEWER = "reviewer"
    ADMIN = "admin"


class Speaker(StrEnum):
    """Who spoke a turn."""

    CALLER = "caller"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class Person:
    """Someone with an account. The password hash never leaves `storage.people`."""

    id: UUID
    email: str
    name: str
    role: Role
    disabled: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Document:
    """One edition of one text in the library.

    `readers` names who may read it: `everyone`, a role (`role:admin`) or a person (`person:<id>`).
    """

    id: UUID
    title: str
    source: str
    edition: str
    year: int | None
    media_type: str
    sha256: str
    size_bytes: int
    pages: int | None
    superseded_by: UUID | None
    sample: bool
    added_by: UUID | None
    added_at: datetime
    readers: tuple[str, ...] = ("everyone",)


@dataclass(frozen=True, slots=True)
class Passage:
    """A citable piece of a document: whole sentences, under its headings, on its page (1-based)."""

    id: UUID
    document_id: UUID
    ordinal: int
    section: tuple[str, ...]
    page: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A passage as it was cited in a turn, kept even if the document is removed later.

    `claim` is the sentence that was spoken, `quote` the passage text that carries it.
    """

    passage_id: UUID
    document_id: UUID
    title: str
    section: str
    page: int | None
    claim: str
    quote: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a call.

    For the assistant, `text_spoken` is the whole answer and `text_heard` the part that was
    played before an interruption. For the caller both are the transcript. `timings_ms` counts
    from the end of the caller's speech.
    """

    id: UUID
    call_id: UUID
    ordinal: int
    speaker: Speaker
    text_spoken: str
    text_heard: str
    interrupted: bool
    typed: bool
    started_at: datetime
    ended_at: datetime
    timings_ms: dict[str, float] = field(default_factory=dict)
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """One conversation from connect to hang-up. `ending` is empty while it lasts."""

    id: UUID
    person_id: UUID
    person_name: str
    started_at: datetime
    ended_at: datetime | None
    ending: str
    engines: dict[str, str] = field(default_factory=dict)
    turns: int = 0


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """Who did what to which thing, when. Links form a hash chain that can be verified."""

    id: int
    at: datetime
    actor_id: UUID | None
    actor_name: str
    action: str
    subject: str
    detail: dict[str, str]
    previous_hash: str
    hash: str
