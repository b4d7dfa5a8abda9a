"""Access tokens: short-lived, signed with the server's secret, bound to one signed-in session."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import jwt

from storage.faults import Invalid, NotSignedIn

ISSUER = "voice-server"
AUDIENCE = "voice-server-api"
SHORTEST_SECRET = 32
"""Bytes of key that HS256 needs (RFC 7518 section 3.2)."""
_ALGORITHM = "HS256"


@dataclass(frozen=True, slots=True)
class Claims:
    """Whom an access token speaks for, and the session it belongs to."""

    person_id: UUID
    session_id: UUID


class Tokens:
    """Signs and reads access tokens that live for `life`. `clock` gives Unix time, in seconds."""

    def __init__(
        self, secret: str, life: timedelta, *, clock: Callable[[], float] = time.time
    ) -> None:
        self._secret = secret
        self._clock = clock
        self.life_s = int(life.total_seconds())

    def issue(self, person_id: UUID, session_id: UUID) -> str:
        """An access token for this session."""
        now = int(self._clock())
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": str(person_id),
            "sid": str(session_id),
            "jti": secrets.token_urlsafe(12),
            "iat": now,
            "exp": now + self.life_s,
        }
        return jwt.encode(claims, self._secret, algorithm=_ALGORITHM)

    def read(self, token: str) -> Claims:
        """Raises NotSignedIn for a token that is forged, expired, or meant for something else."""
        try:
            claims = jwt.decode(
                token,
                self._secret,
                algorithms=[_ALGORITHM],
                issuer=ISSUER,
                audience=AUDIENCE,
                # Times are checked below, against our own clock.
                options={
                    "require": ["iss", "aud", "sub", "sid", "jti", "iat", "exp"],
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
            if float(claims["exp"]) <= self._clock():
                raise not_signed_in()
            return Claims(UUID(claims["sub"]), UUID(claims["sid"]))
        except (jwt.PyJWTError, ValueError, TypeError, AttributeError):
            raise not_signed_in() from None


def not_signed_in() -> NotSignedIn:
    """Said alike for every token that is not good, so that it tells nothing about why."""
    return NotSignedIn(
        "session.required", "You are not signed in.", remedy="Please sign in and try again."
    )


def open_secret(given: str, data: Path) -> str:
    """The secret that signs tokens: `given`, or one made once and kept in `data`, mode 0600.

    Blocks. Raises Invalid when the given one is too short to be safe.
    """
    if given:
        if len(given.encode()) < SHORTEST_SECRET:
            raise Invalid(
                "secret.short",
                f"VOICE_ACCOUNTS__SECRET is shorter than {SHORTEST_SECRET} bytes.",
                field="VOICE_ACCOUNTS__SECRET",
                remedy="Make one with: openssl rand -base64 48",
            )
        return given
    kept = data / "secret"
    data.mkdir(parents=True, exist_ok=True)
    made = data / f".secret.{os.getpid()}.{secrets.token_hex(4)}"
    made.touch(mode=0o600)
    try:
        made.write_text(secrets.token_urlsafe(48))
        # A link is made whole or not at all, so two servers starting at once agree on one secret.
        os.link(made, kept)
    except FileExistsError:
        pass
    finally:
        made.unlink()
    return kept.read_text()
