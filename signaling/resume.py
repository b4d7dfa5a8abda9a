"""Resume tokens: what a page shows to take up its call again after its network changed."""

from __future__ import annotations

import time
from collections.abc import Callable

import jwt

from storage.faults import NotAllowed

LIFE_S = 3600
_AUDIENCE = "resume"


class ResumeTokens:
    """Signs and reads tokens that bind a call to its person, for `life_s` seconds.

    A token opens no door by itself: the offer that carries it still needs the person's access
    token, and the call must still be held. `clock` gives Unix time.
    """

    def __init__(
        self, secret: str, *, life_s: int = LIFE_S, clock: Callable[[], float] = time.time
    ) -> None:
        self._secret = secret
        self._life_s = life_s
        self._clock = clock

    def issue(self, call_id: str, person_id: str) -> str:
        """A token for this call, good for this person only."""
        claims = {
            "aud": _AUDIENCE,
            "sub": person_id,
            "call": call_id,
            "exp": int(self._clock()) + self._life_s,
        }
        return jwt.encode(claims, self._secret, algorithm="HS256")

    def read(self, token: str, person_id: str) -> str:
        """The call's id. Raises NotAllowed when the token is forged, expired or someone else's."""
        try:
            claims = jwt.decode(
                token,
                self._secret,
                algorithms=["HS256"],
                audience=_AUDIENCE,
                options={"verify_exp": False, "require": ["exp", "sub", "call"]},
            )
            current = self._clock() < float(claims["exp"])
        except (jwt.PyJWTError, TypeError, ValueError):
            current = False
        if not current or claims["sub"] != person_id or not isinstance(claims["call"], str):
            raise NotAllowed(
                "call.resume",
                "This call cannot be taken up again.",
                remedy="Start a new call.",
                field="request_data.resume_token",
            )
        return str(claims["call"])
