"""People who search and manage the library in tests."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

from storage.records import Person, Role


def person(role: Role) -> Person:
    return Person(uuid4(), f"{role}@example.org", role.title(), role, False, datetime.now(UTC))


CLINICIAN, REVIEWER, ADMIN = (person(role) for role in Role)
