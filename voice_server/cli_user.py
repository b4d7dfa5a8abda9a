"""`voice-server user …`: accounts, for whoever looks after the server's machine.

It works on the data folder of a server that is stopped and on the database of one that runs, so a
lost administrator's password has a way back. Every change is in the audit trail, with the user of
the machine who made it.
"""

from __future__ import annotations

import asyncio
import os
import pwd
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Annotated, TypeVar

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from storage.database import Database, open_database, open_pool
from storage.embedded_postgres import running_url
from storage.faults import Invalid, NotAllowed, NotFound
from storage.people import People, one_time_password
from storage.records import Person, Role
from voice_server.api.people import NewPerson
from voice_server.settings import Settings, load_settings

user = typer.Typer(
    help="List, add and change accounts, on the server's own machine.", no_args_is_help=True
)
out = Console(highlight=False, soft_wrap=True)

Result = TypeVar("Result")
Email = Annotated[str, typer.Argument(help="their e-mail address")]


@user.command("list")
def list_people() -> None:
    """List every account."""
    table = Table(Column("e-mail", no_wrap=True), "name", "role", "")
    for person in _with_people(lambda people: people.list()):
        table.add_row(
            escape(person.email), escape(person.name), person.role, "disabled" * person.disabled
        )
    out.print(table)


@user.command()
def add(
    email: Email,
    name: Annotated[str, typer.Option(help="their name, as it stands in the audit trail")],
    role: Annotated[Role, typer.Option(help="what they may do")] = Role.CLINICIAN,
) -> None:
    """Make an account and print its one-time password."""
    password = one_time_password()
    wanted = _checked(email, name, role, password)

    async def create(people: People) -> None:
        if not await people.count():
            raise NotFound(
                "people.none",
                "There is no account yet.",
                remedy="Start the server once: it makes the first administrator.",
            )
        await people.create(
            email=wanted.email,
            name=wanted.name,
            role=wanted.role,
            password=password,
            must_change=True,
            note=_note(),
        )

    _with_people(create)
    _show(wanted.email, password)


@user.command("reset-password")
def reset_password(email: Email) -> None:
    """Print a new one-time password; the person is signed out everywhere."""
    password = one_time_password()

    async def reset(people: People) -> None:
        person = await _named(people, email)
        if person.disabled:
            raise NotAllowed(
                "person.disabled",
                f"The account {person.email} is disabled.",
                remedy="Enable it first: voice-server user enable.",
            )
        await people.update(person.id, by=None, password=password, note=_note())

    _with_people(reset)
    _show(email, password)


@user.command("role")
def change_role(
    email: Email, role: Annotated[Role, typer.Argument(help="what they may do")]
) -> None:
    """Give someone another role; they are signed out everywhere."""
    _change(email, role=role)
    out.print(f"{email} has the role {role.value} now.")


@user.command()
def disable(email: Email) -> None:
    """Let someone in no more, and sign them out everywhere. What they said is kept."""
    _change(email, disabled=True)
    out.print(f"{email} is disabled.")


@user.command()
def enable(email: Email) -> None:
    """Let someone in again."""
    _change(email, disabled=False)
    out.print(f"{email} is enabled.")


def _checked(email: str, name: str, role: Role, password: str) -> NewPerson:
    try:
        return NewPerson(email=email, name=name, role=role, password=password)
    except ValidationError as error:
        field = str(error.errors()[0]["loc"][0])
        what = {"email": "an e-mail address", "name": "a name"}.get(field, f"a {field}")
        raise Invalid(
            "person.invalid", f"That is not {what}.", field=field, remedy="Check it, and try again."
        ) from None


def _change(email: str, *, role: Role | None = None, disabled: bool | None = None) -> None:
    async def change(people: People) -> None:
        person = await _named(people, email)
        await people.update(person.id, by=None, role=role, disabled=disabled, note=_note())

    _with_people(change)


async def _named(people: People, email: str) -> Person:
    wanted = email.strip().lower()
    for person in await people.list():
        if person.email.lower() == wanted:
            return person
    raise NotFound(
        "person.unknown",
        f"Nobody has the e-mail address {email}.",
        remedy="voice-server user list shows every account.",
    )


def _show(email: str, password: str) -> None:
    out.print(f"One-time password for [bold]{email}[/]: [bold]{password}[/]")
    out.print("It is shown this once. They choose a password of their own at the first sign-in.")


def _note() -> dict[str, str]:
    """Who it was, as the machine knows them."""
    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        name = str(os.getuid())
    return {"by": f"{name} at the server's command line"}


def _with_people(work: Callable[[People], Awaitable[Result]]) -> Result:
    async def run() -> Result:
        async with _database(load_settings()) as database:
            return await work(People(database))

    return asyncio.run(run())


@asynccontextmanager
async def _database(settings: Settings) -> AsyncIterator[Database]:
    """The server's database, whether the server runs or not. Never makes a new one.

    Raises NotFound when there is none, NotAllowed when it belongs to another user.
    """
    if settings.database.url != "embedded":
        async with open_database(settings.database.url, settings.data) as database:
            yield database
        return
    try:
        there = (settings.data / "postgres").is_dir()
        running = await asyncio.to_thread(running_url, settings.data)
    except PermissionError:
        raise NotAllowed(
            "data.not_yours",
            f"You may not open the data folder {settings.data}.",
            remedy="Run this as the user that the server runs as.",
        ) from None
    if not there:
        raise NotFound(
            "data.none",
            f"There is no server's data in {settings.data}.",
            remedy="Name its folder with VOICE_DATA, or start the server once.",
        )
    if running is not None:
        async with open_pool(running) as database:
            yield database
        return
    async with open_database("embedded", settings.data) as database:
        yield database
