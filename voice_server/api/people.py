"""Accounts, for administrators; reviewers see the names, to filter by person."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from storage.records import Person, Role
from voice_server.api.dependencies import StoresOf
from voice_server.auth.permissions import may

router = APIRouter(prefix="/api/people", tags=["people"])
EMAIL = r"^[^@\s]+@[^@\s]+$"


class NewPerson(BaseModel):
    """An account to be made. The password is for one use: they choose their own."""

    model_config = ConfigDict(extra="forbid")
    email: str = Field(pattern=EMAIL, max_length=254)
    name: str = Field(min_length=1, max_length=100)
    role: Role
    password: str


class PersonChange(BaseModel):
    """What is to change; what is left out stays."""

    model_config = ConfigDict(extra="forbid")
    name: str | None = Field(None, min_length=1, max_length=100)
    role: Role | None = None
    disabled: bool | None = None
    password: str | None = None


class PersonRow(BaseModel):
    """One account."""

    id: UUID
    email: str
    name: str
    role: Role
    disabled: bool
    created_at: datetime


class People(BaseModel):
    """All accounts, by name."""

    people: list[PersonRow]


@router.get("")
async def list_people(
    stores: StoresOf, person: Annotated[Person, Depends(may("people:read"))]
) -> People:
    """Everyone with an account."""
    return People(people=[_row(one) for one in await stores.people.list()])


@router.post("", status_code=201)
async def create_person(
    new: NewPerson, stores: StoresOf, person: Annotated[Person, Depends(may("people:write"))]
) -> PersonRow:
    """Make an account."""
    return _row(
        await stores.people.create(
            email=new.email,
            name=new.name,
            role=new.role,
            password=new.password,
            must_change=True,
            by=person,
        )
    )


@router.patch("/{person_id}")
async def change_person(
    person_id: UUID,
    change: PersonChange,
    stores: StoresOf,
    person: Annotated[Person, Depends(may("people:write"))],
) -> PersonRow:
    """Change an account, disable it, or give it a new one-time password."""
    return _row(await stores.people.update(person_id, by=person, **change.model_dump()))


def _row(person: Person) -> PersonRow:
    return PersonRow(
        id=person.id,
        email=person.email,
        name=person.name,
        role=person.role,
        disabled=person.disabled,
        created_at=person.created_at,
    )
