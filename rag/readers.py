"""Who may read a document, and who may change the library."""

from __future__ import annotations

from storage.faults import NotAllowed
from storage.records import Document, Person, Role


def readers_of(actor: Person) -> tuple[str, ...]:
    """The names under which `actor` may read."""
    return ("everyone", f"role:{actor.role}", f"person:{actor.id}")


def may_read(actor: Person, document: Document) -> bool:
    """Whether a document is for `actor`; an admin, who manages the library, sees all."""
    return actor.role is Role.ADMIN or not set(readers_of(actor)).isdisjoint(document.readers)


def must_manage(actor: Person) -> None:
    """Raises NotAllowed for anyone but an admin."""
    if actor.role is not Role.ADMIN:
        raise NotAllowed(
            "library.not_allowed",
            "Only an administrator may change the library.",
            remedy="Ask an administrator.",
        )
