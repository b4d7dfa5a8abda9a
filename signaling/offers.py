"""Offers, answers and trickled candidates as SmallWebRTC clients send and expect them.

`read_offer` refuses what cannot become a call before any socket is opened.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiortc import InvalidAccessError, InvalidStateError, RTCIceCandidate
from aiortc.exceptions import InternalError, OperationError
from aiortc.sdp import SessionDescription, candidate_from_sdp

from storage.faults import Invalid

MOST_SDP_BYTES = 64_000
MOST_SECTIONS = 8
MOST_CANDIDATES = 100
MOST_CANDIDATE_BYTES = 1_000


@dataclass(frozen=True, slots=True)
class Offer:
    """A caller's session description. With `pc_id` it belongs to a call that is already up;
    `restart_pc` then asks for a new peer connection under the same call. `request_data` is the
    page's own, e.g. {"resume_token": …, "seen": 12}."""

    sdp: str
    type: str = "offer"
    pc_id: str | None = None
    restart_pc: bool = False
    request_data: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """Our session description, and the id that candidates and hang-up name."""

    sdp: str
    type: str
    pc_id: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """One trickled candidate line; '' is the end of candidates (RFC 8838 section 8.2)."""

    candidate: str
    sdp_mid: str | None = None
    sdp_mline_index: int | None = None


def read_offer(offer: Offer) -> SessionDescription:
    """The parsed description. Raises Invalid("offer.sdp" or "offer.type") saying what is wrong."""
    if offer.type != "offer":
        raise Invalid("offer.type", "This is not an offer.", field="type")
    if len(offer.sdp) > MOST_SDP_BYTES:
        raise _unusable("It is too long.")
    with sdp_errors():
        description = SessionDescription.parse(offer.sdp)
    if not 1 <= len(description.media) <= MOST_SECTIONS:
        raise _unusable("It describes no media, or too much.")
    if sum(len(media.ice_candidates) for media in description.media) > MOST_CANDIDATES:
        raise _unusable("It names too many addresses.")
    for media in description.media:
        if media.ice is None or not (media.ice.usernameFragment and media.ice.password):
            raise _unusable("The ICE credentials are missing.")
        if media.dtls is None or not media.dtls.fingerprints:
            raise _unusable("The DTLS fingerprint is missing.")
    audio = [media for media in description.media if media.kind == "audio"]
    if not audio:
        raise _unusable("It carries no audio.")
    if not any(codec.mimeType.lower() == "audio/opus" for codec in audio[0].rtp.codecs):
        raise _unusable("It does not offer the Opus codec.")
    return description


def ice_ufrag(description: SessionDescription) -> str:
    """What tells one peer connection's offers from another's (RFC 8839 section 5.4)."""
    ice = description.media[0].ice
    return "" if ice is None else ice.usernameFragment or ""


def without_mdns(sdp: str) -> str:
    """The description without candidates that only multicast DNS could resolve.

    Such a peer is found all the same, by its own connectivity checks to us; resolving the name
    would hold up the answer.
    """
    lines = sdp.splitlines(keepends=True)
    return "".join(x for x in lines if not (x.startswith("a=candidate:") and _is_mdns(x)))


def with_voice_parameters(sdp: str) -> str:
    """Our description with Opus set for speech: in-band FEC wanted (RFC 7587 section 6.1)."""
    lines: list[str] = []
    for line in sdp.splitlines():
        lines.append(line)
        if line.startswith("a=rtpmap:") and " opus/48000" in line.lower():
            payload_type = line.removeprefix("a=rtpmap:").split(" ")[0]
            lines.append(f"a=fmtp:{payload_type} minptime=10;useinbandfec=1")
    return "\r\n".join(lines) + "\r\n"


def read_candidate(candidate: Candidate) -> RTCIceCandidate | None:
    """The candidate, or None for the end of candidates and for what cannot be used (mDNS names,
    TCP). Raises Invalid("offer.candidate") when it is malformed."""
    text = candidate.candidate.removeprefix("candidate:").strip()
    if not text or _is_mdns(text):
        return None
    try:
        if len(text) > MOST_CANDIDATE_BYTES:
            raise ValueError("length")
        parsed = candidate_from_sdp(text)
        if not 0 < parsed.port < 65536:
            raise ValueError("port")
    except (ValueError, IndexError, AssertionError):
        raise Invalid(
            "offer.candidate", "The network address sent cannot be read.", field="candidates"
        ) from None
    if parsed.protocol.lower() != "udp":
        return None
    parsed.sdpMid = candidate.sdp_mid
    parsed.sdpMLineIndex = candidate.sdp_mline_index
    return parsed


@contextmanager
def sdp_errors() -> Iterator[None]:
    """Maps what aiortc raises on a description that it cannot use to Invalid("offer.sdp")."""
    try:
        yield
    except (
        ValueError,
        LookupError,
        AssertionError,
        AttributeError,
        TypeError,
        StopIteration,
        InvalidAccessError,
        InvalidStateError,
        InternalError,
        OperationError,
    ):
        raise _unusable("It is malformed.") from None


def _is_mdns(line: str) -> bool:
    parts = line.split(" ")
    return len(parts) > 4 and parts[4].lower().endswith(".local")


def _unusable(reason: str) -> Invalid:
    return Invalid(
        "offer.sdp",
        f"The call could not be set up: the browser's offer cannot be used. {reason}",
        field="sdp",
        remedy="Reload the page and try again.",
    )
