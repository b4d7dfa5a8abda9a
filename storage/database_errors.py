"""What PostgreSQL, its drivers and its socket raise, as Faults. Their text never goes further: it
can quote what somebody said."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
import psycopg
from sqlalchemy.exc import DBAPIError

from storage.faults import Conflict, Fault, Invalid, StorageFull, StoreDown

_DOWN = frozenset({"08", "28", "3D", "53", "57", "58", "F0", "XX"})
"""SQLSTATE classes in which the server cannot serve: connection, authorization, catalog, resources,
operator, system, configuration and internal errors (PostgreSQL manual, appendix A)."""

_CHANGED = frozenset({"23", "27", "40", "55"})
"""Integrity, triggered change, rollback, object not in its state: something else came between."""

_VALUE = frozenset({"21", "22"})
"""Cardinality and data: a value that cannot be kept."""

_OURS = frozenset(
    "01 02 03 09 0A 0B 0F 0L 0P 0Z 10 20 24 25 26 2B 2D 2F 34 38 39 3B 3F 42 44 54 72 HV P0".split()
)
"""A mistake of this program, or of the schema it works on."""

KNOWN = _DOWN | _CHANGED | _VALUE | _OURS | {"00"}


@contextmanager
def mapped_errors() -> Iterator[None]:
    """The one edge at which foreign exceptions of the database become Faults."""
    try:
        yield
    except (
        asyncpg.PostgresError,
        asyncpg.InterfaceError,
        asyncpg.InternalClientError,
        psycopg.Error,
        DBAPIError,
        OSError,  # the socket; TimeoutError is one
    ) as error:
        raise fault_for(error) from None


def fault_for(error: BaseException) -> Fault:
    """The fault that a database error means to a person."""
    if isinstance(error, DBAPIError) and error.orig is not None:
        error = error.orig
    if isinstance(error, asyncpg.exceptions.DataError):  # of the client too, before it is sent
        return _value()
    state = getattr(error, "sqlstate", None)
    if isinstance(error, (asyncpg.InternalClientError, psycopg.InterfaceError)):
        return _ours(error)
    if not isinstance(state, str) or state[:2] in _DOWN:
        return no_room() if state == "53100" else _down(error)
    if state == "25006":  # a standby that only reads
        return _down(error)
    if state == "23505":
        return Conflict("database.exists", "It already exists.")
    if state[:2] in _CHANGED:
        return Conflict(
            "database.changed", "It changed in the meantime.", remedy="Please try again."
        )
    return _value() if state[:2] in _VALUE else _ours(error)


def no_room() -> StorageFull:
    """No room is left where the database keeps its files."""
    return StorageFull(
        "database.full",
        "There is no room left to save this. Nothing that was saved is lost.",
        remedy="Free some space on the disk of the database.",
    )


def _down(error: BaseException) -> StoreDown:
    return StoreDown(
        "database.down",
        "The database does not answer. Please try again in a moment.",
        remedy=f"Check that PostgreSQL is up and can be reached ({type(error).__name__}).",
    )


def _value() -> Invalid:
    return Invalid("database.value", "A value cannot be kept.", remedy="Check what you sent.")


def _ours(error: BaseException) -> Fault:
    return Fault(
        "database.failed",
        "Something went wrong on the server.",
        remedy=f"Tell an administrator: the database refused ({type(error).__name__}).",
    )
