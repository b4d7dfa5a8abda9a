"""A call is placed, completed and hung up, as SmallWebRTC clients do it; only translates."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import AliasChoices, BaseModel, Field

from signaling.offers import (
    MOST_CANDIDATES,
    MOST_SDP_BYTES,
    Candidate,
    Offer,
)
from storage.records import Person
from voice_server.auth.permissions import may

router = APIRouter(prefix="/api", tags=["calls"])

Speaker = Annotated[Person, Depends(may("calls:make"))]


class OfferBody(BaseModel):
    """A session description. `pc_id` and `restart_pc` renew the connection of a call that is up;
    `request_data` may carry {"resume_token", "seen"} to take up a call whose connection is lost."""

    sdp: str = Field(max_length=MOST_SDP_BYTES)
    type: str = Field("offer", max_length=20)
    pc_id: str | None = Field(None, max_length=100)
    restart_pc: bool | None = False
    request_data: dict[str, Any] | None = Field(
        None, validation_alias=AliasChoices("request_data", "requestData")
    )


class AnswerBody(BaseModel):
    """Our description, and the id that candidates and hang-up name."""

    sdp: str
    type: str
    pc_id: str


class CandidateBody(BaseModel):
    """One trickled candidate line; an empty one ends them."""

    candidate: str = Field(max_length=2_000)
    sdp_mid: str | None = Field(
        None, max_length=100, validation_alias=AliasChoices("sdp_mid", "sdpMid")
    )
    sdp_mline_index: int | None = Field(
        None, ge=0, le=100, validation_alias=AliasChoices("sdp_mline_index", "sdpMLineIndex")
    )


class CandidatesBody(BaseModel):
    """Candidates found after the offer."""

    pc_id: str = Field(max_length=100)
    candidates: list[CandidateBody] = Field(max_length=MOST_CANDIDATES)


class Accepted(BaseModel):
    """What pipecat's clients expect of a PATCH."""

    status: str = "success"


class IceServerBody(BaseModel):
    """One entry of RTCConfiguration.iceServers; TURN entries carry short-lived credentials."""

    urls: list[str]
    username: str | None = None
    credential: str | None = None


class IceServersBody(BaseModel):
    """What the page gives RTCPeerConnection."""

    iceServers: list[IceServerBody]  # noqa: N815 - the name the browser knows


@router.post("/offer")
async def offer(body: OfferBody, request: Request, person: Speaker) -> AnswerBody:
    """Place a call, renew its connection, or take it up again."""
    answer = await request.app.state.switchboard.connect(
        person,
        Offer(
            sdp=body.sdp,
            type=body.type,
            pc_id=body.pc_id or None,
            restart_pc=bool(body.restart_pc),
            request_data=body.request_data or {},
        ),
    )
    return AnswerBody(sdp=answer.sdp, type=answer.type, pc_id=answer.pc_id)


@router.patch("/offer")
async def candidates(body: CandidatesBody, request: Request, person: Speaker) -> Accepted:
    """Complete a call's network addresses."""
    found = [Candidate(one.candidate, one.sdp_mid, one.sdp_mline_index) for one in body.candidates]
    await request.app.state.switchboard.candidates(person, body.pc_id, found)
    return Accepted()


@router.delete("/offer/{pc_id}", status_code=204, response_class=Response)
async def hang_up(pc_id: str, request: Request, person: Speaker) -> None:
    """End the call."""
    await request.app.state.switchboard.hang_up(person, pc_id)


@router.get("/ice-servers", response_model_exclude_none=True)
async def ice_servers(request: Request, person: Speaker) -> IceServersBody:
    """STUN and TURN servers for this person's calls."""
    servers = request.app.state.switchboard.ice_servers(person)
    return IceServersBody(iceServers=[IceServerBody(**server) for server in servers])
