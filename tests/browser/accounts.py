"""Accounts on the running server, made over its API."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any, Protocol

import httpx


class RunningServer(Protocol):
    """What the `server` fixture gives: a server with the sample library."""

    @property
    def url(self) -> str: ...

    @property
    def admin_email(self) -> str: ...

    @property
    def admin_password(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Account:
    """Someone who can sign in."""

    id: str
    name: str
    email: str
    password: str


class Accounts:
    """Signs the first admin in, and makes further people."""

    def __init__(self, server: RunningServer) -> None:
        self._http = httpx.Client(base_url=server.url, timeout=30)
        session = self._session(server.admin_email, server.admin_password)
        password = server.admin_password
        if session["must_change_password"]:
            password = f"own-{secrets.token_hex(12)}"
            self._choose(session, server.admin_password, password)
            session = self._session(server.admin_email, password)
        person = session["person"]
        self.admin = Account(person["id"], person["name"], person["email"], password)

    def add(self, name: str, role: str, *, settled: bool = True) -> Account:
        """A new person; `settled`: they have chosen their own password already."""
        password = f"once-{secrets.token_hex(12)}"
        email = f"{secrets.token_hex(6)}@example.org"
        body = {"email": email, "name": name, "role": role, "password": password}
        made = self._http.post("/api/people", json=body, headers=self._admin()).raise_for_status()
        if settled:
            own = f"own-{secrets.token_hex(12)}"
            self._choose(self._session(email, password), password, own)
            password = own
        return Account(made.json()["id"], name, email, password)

    def replace_password(self, account: Account) -> Account:
        """A one-time password, as an admin sets it; the person is signed out everywhere."""
        password = f"once-{secrets.token_hex(12)}"
        self._http.patch(
            f"/api/people/{account.id}", json={"password": password}, headers=self._admin()
        ).raise_for_status()
        return Account(account.id, account.name, account.email, password)

    def _admin(self) -> dict[str, str]:
        return _bearer(self._session(self.admin.email, self.admin.password))

    def _session(self, email: str, password: str) -> dict[str, Any]:
        body = {"email": email, "password": password}
        session: dict[str, Any] = (
            self._http.post("/api/session", json=body).raise_for_status().json()
        )
        return session

    def _choose(self, session: dict[str, Any], current: str, new: str) -> None:
        self._http.post(
            "/api/session/password", json={"current": current, "new": new}, headers=_bearer(session)
        ).raise_for_status()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()


def _bearer(session: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {session['access_token']}"}
