"""Slows down guessing of passwords: sign-ins are counted by account and by network address.

Counts live in the key-value store, so all servers share them; when it does not answer, nobody
signs in (StoreDown).
"""

from __future__ import annotations

import hashlib
from ipaddress import IPv6Address, ip_address, ip_network

from storage.faults import TooOften
from storage.keyvalue import KeyValue

WINDOW_S = 15 * 60
MOST_BY_ACCOUNT = 10
MOST_BY_ADDRESS = 50
"""Wrong passwords in one window."""


class Throttle:
    """Call `admit` before a password is looked at, and `succeeded` when it was right."""

    def __init__(self, keyvalue: KeyValue) -> None:
        self._keyvalue = keyvalue

    async def admit(self, email: str, address: str) -> None:
        """Count a try. Raises TooOften when there were too many, StoreDown when none can count."""
        for key, most in (
            (_account(email), MOST_BY_ACCOUNT),
            (_network(address), MOST_BY_ADDRESS),
        ):
            count, left_s = await self._keyvalue.count(key, life_s=WINDOW_S)
            if count > most:
                minutes = -(-left_s // 60)
                raise TooOften(
                    "session.throttled",
                    "There were too many attempts to sign in.",
                    retry_after_s=left_s,
                    remedy=f"Please wait {minutes} minute{'s' if minutes > 1 else ''}"
                    " and try again.",
                )

    async def succeeded(self, email: str, address: str) -> None:
        """The password was right: the account's count starts over, and the try does not count
        against the address, which a whole ward may share."""
        await self._keyvalue.delete(_account(email))
        await self._keyvalue.take_back(_network(address))


def _account(email: str) -> str:
    # Only a digest: the store need not know who has an account.
    return "signin:account:" + hashlib.sha256(email.strip().lower().encode()).hexdigest()


def _network(address: str) -> str:
    try:
        parsed = ip_address(address)
    except ValueError:
        return "signin:address:unknown"
    if isinstance(parsed, IPv6Address):
        # One subscriber holds a whole /64.
        return f"signin:address:{ip_network((parsed, 64), strict=False)}"
    return f"signin:address:{parsed}"
