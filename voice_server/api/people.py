"""Accounts, for admins."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from storage.people import LONGEST_PASSWORD
from storage.records import Person, Role
from voice_server.api.dependencies import MOST_BODY_BYTES, Stores, open_stores
from voice_server.auth.permissions import may

router = APIRouter(prefix="/api/people", tags=["people"], max_body_size=MOST_BODY_BYTES)

LONGEST_EMAIL = 254
LONGEST_NAME = 200

Admin = Annotated[Person, Depends(may("people:manage"))]
Open = Annotated[Stores, Depends(open_stores)]


class NewPerson(BaseModel):
    """An account to be made. The password is for one use: its owner chooses another."""

    model_config = ConfigDict(str_strip_whitespace=True)

    email: str = Field(max_length=LONGEST_EMAIL, pattern=r"^[^@\s]+@[^@\s]+$")
    name: str = Field(min_length=1, max_length=LONGEST_NAME)
    role: Role
    password: str = Field(max_length=LONGEST_PASSWORD)


class PersonChange(BaseModel):
    """What is left out stays as it is."""

    model_config = ConfigDict(str_strip_whitespace=True)

    name: str | None = Field(None, min_length=1, max_length=LONGEST_NAME)
    role: Role | None = None
    disabled: bool | None = None
    password: str | None = Field(None, max_length=LONGEST_PASSWORD)


class PersonRow(BaseModel):
    """An account as an admin sees it."""

    id: UUID
    email: str
    name: str
    role: Role
    disabled: bool
    created_at: datetime


class People(BaseModel):
    """Everyone, by name."""

    people: list[PersonRow]


@router.get("")
async def people(stores: Open, _: Admin) -> People:
    """Every account."""
    return People(people=[_row(person) for person in await stores.people.list()])


@router.post("", status_code=201)
async def create(body: NewPerson, stores: Open, admin: Admin) -> PersonRow:
    """Make an account."""
    person = await stores.people.create(
        email=body.email,
        name=body.name,
        role=body.role,
        password=body.password,
        must_change=True,
        by=admin,
    )
    return _row(person)


@router.patch("/{person_id}")
async def change(person_id: UUID, body: PersonChange, stores: Open, admin: Admin) -> PersonRow:
    """Change an account. Someone disabled, or given a new password, is signed out at once."""
    person = await stores.people.update(
        person_id,
        by=admin,
        name=body.name,
        role=body.role,
        disabled=body.disabled,
        password=body.password,
    )
    return _row(person)


def _row(person: Person) -> PersonRow:
    return PersonRow(
        id=person.id,
        email=person.email,
        name=person.name,
        role=person.role,
        disabled=person.disabled,
        created_at=person.created_at,
    )
