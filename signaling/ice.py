"""Which STUN and TURN servers a call may use, and short-lived TURN credentials for each person."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from storage.faults import Invalid

CREDENTIAL_S = 3600
"""Life of a TURN credential. An allocation that is up outlives it only until its next refresh."""


@dataclass(frozen=True, slots=True)
class IceServer:
    """One entry of RTCConfiguration.iceServers."""

    urls: tuple[str, ...]
    username: str = ""
    credential: str = ""

    def as_json(self) -> dict[str, object]:
        """As the page hands it to RTCPeerConnection."""
        entry: dict[str, object] = {"urls": list(self.urls)}
        if self.username:
            entry |= {"username": self.username, "credential": self.credential}
        return entry


@dataclass(frozen=True, slots=True)
class IceConfig:
    """What the deployment offers: STUN and TURN URLs, the TURN shared secret, and the local
    interfaces (names or addresses) that may carry media; none named means all."""

    stun: tuple[str, ...] = ()
    turn: tuple[str, ...] = ()
    turn_secret: str = ""
    interfaces: tuple[str, ...] = ()

    def servers(self, name: str, now: float) -> tuple[IceServer, ...]:
        """The servers for one person (`name` is any stable identifier) at Unix time `now`."""
        servers = [IceServer((url,)) for url in self.stun]
        if self.turn:
            username, credential = turn_credential(self.turn_secret, name, now)
            servers.append(IceServer(self.turn, username, credential))
        return tuple(servers)


def read_config(
    *, stun: str = "", turn: str = "", turn_secret: str = "", interfaces: str = ""
) -> IceConfig:
    """From the comma-separated settings. Raises Invalid naming the setting that cannot be used."""
    config = IceConfig(
        stun=_addresses(stun, ("stun:", "stuns:"), "VOICE_ICE__STUN"),
        turn=_addresses(turn, ("turn:", "turns:"), "VOICE_ICE__TURN"),
        turn_secret=turn_secret,
        interfaces=tuple(part.strip() for part in interfaces.split(",") if part.strip()),
    )
    if config.turn and not turn_secret:
        raise Invalid(
            "ice.turn_secret",
            "A TURN server is set without its shared secret.",
            field="VOICE_ICE__TURN_SECRET",
            remedy="Set it to the TURN server's static-auth-secret.",
        )
    return config


def turn_credential(
    secret: str, name: str, now: float, *, life_s: int = CREDENTIAL_S
) -> tuple[str, str]:
    """(username, password) of the TURN REST scheme: expiry and name, signed with HMAC-SHA1
    (draft-uberti-behave-turn-rest-00 section 2.2; coturn's `use-auth-secret`)."""
    username = f"{int(now) + life_s}:{name}"
    digest = hmac.new(secret.encode(), username.encode(), hashlib.sha1).digest()
    return username, base64.b64encode(digest).decode()


def _addresses(text: str, schemes: Sequence[str], field: str) -> tuple[str, ...]:
    urls = tuple(part.strip() for part in text.split(",") if part.strip())
    for url in urls:
        if not url.startswith(tuple(schemes)) or url.endswith(":"):
            raise Invalid(
                "ice.url",
                f"“{url}” is not an address of a {schemes[0].rstrip(':').upper()} server.",
                field=field,
                remedy=f"Write it as {schemes[0]}host:port.",
            )
    return urls
