"""A call that was kept, fetched from its server with the rights of who asks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from signaling.caller import sign_in
from signaling.server_api import client, request
from storage.faults import Invalid


async def kept_call(call_id: str, url: str, email: str, password: str) -> dict[str, Any]:
    """What the server's API says of a call. Raises NotFound for one this person may not read,
    Invalid for what is no call's id, NotSignedIn, Unavailable."""
    try:
        known = UUID(call_id)
    except ValueError:
        raise Invalid(
            "call.id",
            f"{call_id} is not the id of a call.",
            field="--call",
            remedy="The id is in the address of the call's page, under History.",
        ) from None
    async with client(url, await sign_in(url, email, password)) as http:
        return await request(http, "GET", f"/api/calls/{known}")
