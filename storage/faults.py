"""Everything that can go wrong and be said to a person, in one tree.

    Fault                     a failure with a code, a sentence and a remedy
    ├── Invalid               the caller sent something we cannot use (names the field)
    ├── NotSignedIn           no valid access token
    ├── NotAllowed            signed in, and not permitted
    ├── NotFound              no such thing, or not the caller's to see
    ├── Conflict              it is already so, or changed underneath
    ├── Busy                  no capacity now; says when to try again
    │   └── TooOften          this caller asked too often
    └── Unavailable           a dependency does not answer
        ├── EngineDown        transcriber, voice or model
        ├── StoreDown         database, key-value, vectors
        └── StorageFull       no room left to keep what was said

A fault never carries what a patient or clinician said.
"""

from __future__ import annotations


class Fault(Exception):
    """A failure that a person can be told about.

    `code` is stable and machine-readable, `sentence` is shown (and, in a call, spoken),
    `remedy` says what to do next; `retryable` says whether the same request may succeed later.
    """

    status = 500
    retryable = False

    def __init__(self, code: str, sentence: str, *, remedy: str = "", field: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence
        self.remedy = remedy
        self.field = field


class Invalid(Fault):
    """The request cannot be used; `field` names the part to mend."""

    status = 422


class NotSignedIn(Fault):
    """No valid access token came with the request."""

    status = 401


class NotAllowed(Fault):
    """The person is signed in and may not do this."""

    status = 403


class NotFound(Fault):
    """Nothing there, or nothing the person may see; the two are not told apart."""

    status = 404


class Conflict(Fault):
    """The thing already exists or changed underneath."""

    status = 409


class Busy(Fault):
    """No capacity now. `retry_after_s` is when to try again, in seconds."""

    status = 503
    retryable = True

    def __init__(self, code: str, sentence: str, *, retry_after_s: int, remedy: str = "") -> None:
        super().__init__(code, sentence, remedy=remedy)
        self.retry_after_s = retry_after_s


class TooOften(Busy):
    """The caller asked too often."""

    status = 429


class Unavailable(Fault):
    """A dependency does not answer."""

    status = 503
    retryable = True


class EngineDown(Unavailable):
    """The transcriber, the voice or the model does not answer."""


class StoreDown(Unavailable):
    """The database, the key-value store or the vector index does not answer."""


class StorageFull(Unavailable):
    """No room is left on the disk that keeps the data."""

    status = 507
