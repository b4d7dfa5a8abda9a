"""A caller's requests to a server; what the server refuses comes back as its own fault."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from storage.faults import (
    Busy,
    Conflict,
    Fault,
    Invalid,
    NotAllowed,
    NotFound,
    NotSignedIn,
    Unavailable,
)


def client(base_url: str, token: str) -> httpx.AsyncClient:
    """A client that shows `token`, '' for none."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return httpx.AsyncClient(base_url=base_url, headers=headers, timeout=15.0)


async def request(
    http: httpx.AsyncClient, method: str, path: str, body: Mapping[str, object] | None = None
) -> dict[str, Any]:
    """The reply's JSON object. Raises the server's fault, Unavailable when none answers."""
    try:
        reply = await http.request(method, path, json=body)
        parsed = reply.json() if reply.content else {}
    except (httpx.HTTPError, ValueError):
        raise Unavailable(
            "server.unreachable",
            f"No voice server answers at {http.base_url}.",
            remedy="Start one with `make run`, or name its address.",
        ) from None
    if reply.is_success:
        return parsed if isinstance(parsed, dict) else {}
    raise _fault(reply, parsed if isinstance(parsed, dict) else {})


def _fault(reply: httpx.Response, body: Mapping[str, Any]) -> Fault:
    code = str(body.get("code", f"http.{reply.status_code}"))
    sentence = str(body.get("sentence", f"The server answered {reply.status_code}."))
    remedy = str(body.get("remedy", ""))
    if reply.status_code == Busy.status and "Retry-After" in reply.headers:
        wait = reply.headers["Retry-After"]
        seconds = int(wait) if wait.isdigit() else 30
        return Busy(code, sentence, retry_after_s=seconds, remedy=remedy)
    kinds: tuple[type[Fault], ...] = (Invalid, NotSignedIn, NotAllowed, NotFound, Conflict)
    for kind in kinds:
        if kind.status == reply.status_code:
            return kind(code, sentence, remedy=remedy, field=str(body.get("field", "")))
    return Unavailable(code, sentence, remedy=remedy)
