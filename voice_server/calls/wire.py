"""What travels on the data channel: RTVI, as pipecat's client libraries speak it.

Outbound, `Wire` turns what happens in a call into messages. Inbound, only the kinds listed in
`read` are understood; everything else a client might send is refused with an error message.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from pipecat import version as pipecat_version
from pipecat.processors.frameworks.rtvi import models as rtvi
from pydantic import BaseModel, ConfigDict, ValidationError

from agents.lookalike import tall_man
from rag.evidence import Found
from storage.records import Citation

Send = Callable[[dict[str, Any]], None]
LONGEST_QUESTION = 2000
"""Characters of a typed question."""


@dataclass(frozen=True, slots=True)
class Ready:
    """The client is ready; it speaks protocol `version`."""

    id: str
    version: str


@dataclass(frozen=True, slots=True)
class Typed:
    """A question typed in the conversation."""

    text: str


@dataclass(frozen=True, slots=True)
class Playout:
    """How far the client's loudspeaker is behind, in seconds."""

    delay_s: float


@dataclass(frozen=True, slots=True)
class HangUp:
    """The client ends the conversation."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A message we do not take, and why."""

    id: str
    reason: str


Inbound = Ready | Typed | Playout | HangUp | Refused


class _Envelope(BaseModel):
    model_config = ConfigDict(extra="ignore")
    label: str
    type: str
    id: str = ""
    data: dict[str, Any] | None = None


class _PlayoutData(BaseModel):
    delay_ms: float


def read(message: dict[str, Any]) -> Inbound:
    """One inbound message. Never raises; what cannot be used comes back as Refused."""
    try:
        envelope = _Envelope.model_validate(message)
        if envelope.label != rtvi.MESSAGE_LABEL:
            return Refused(envelope.id, "This is not an RTVI message.")
        data = envelope.data or {}
        match envelope.type:
            case "client-ready":
                return Ready(envelope.id, str(data.get("version", "")))
            case "disconnect-bot":
                return HangUp()
            case "send-text":
                text = rtvi.SendTextData.model_validate(data).content.strip()
                if not text or len(text) > LONGEST_QUESTION:
                    return Refused(envelope.id, f"Please type 1 to {LONGEST_QUESTION} characters.")
                return Typed(text)
            case "client-message":
                inner = rtvi.RawClientMessageData.model_validate(data)
                if inner.t == "playout":
                    delay_ms = _PlayoutData.model_validate(inner.d).delay_ms
                    return Playout(min(max(delay_ms, 0.0), 2000.0) / 1000)
    except ValidationError:
        return Refused(str(message.get("id", "")), "The message is not complete.")
    return Refused(envelope.id, "This kind of message is not taken.")


class Wire:
    """Says what happens in a call, in RTVI. In an answer's text, look-alike drug names have
    tall-man letters; what the caller said and the passages stand as they are."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._version = rtvi.PROTOCOL_VERSION
        self._person = ""

    def ready(self, ready: Ready, person_id: str) -> None:
        """Answer `client-ready`. A 1.x client is served in its own version."""
        self._person = person_id
        if ready.version.startswith(f"{rtvi.LEGACY_SUPPORTED_MAJOR}."):
            self._version = ready.version
        about = {"library": "pipecat-ai", "library_version": pipecat_version()}
        self._model(
            rtvi.BotReady(id=ready.id, data=rtvi.BotReadyData(version=self._version, about=about))
        )

    def refused(self, refused: Refused) -> None:
        """Tell the client that a message was not taken."""
        self._model(
            rtvi.ErrorResponse(id=refused.id, data=rtvi.ErrorResponseData(error=refused.reason))
        )

    def caller_started(self) -> None:
        """The caller began to speak."""
        self._model(rtvi.UserStartedSpeakingMessage())

    def caller_stopped(self) -> None:
        """The caller's turn ended."""
        self._model(rtvi.UserStoppedSpeakingMessage())

    def transcript(self, text: str, *, final: bool) -> None:
        """The caller's words so far."""
        data = rtvi.UserTranscriptionMessageData(
            text=text,
            final=final,
            user_id=self._person,
            timestamp=datetime.now(UTC).isoformat(timespec="milliseconds"),
        )
        self._model(rtvi.UserTranscriptionMessage(data=data))

    def answer_started(self) -> None:
        """The answer begins to sound."""
        self._model(rtvi.BotStartedSpeakingMessage())

    def answer_stopped(self) -> None:
        """The answer no longer sounds."""
        self._model(rtvi.BotStoppedSpeakingMessage())

    def claim_spoken(self, text: str) -> None:
        """A claim is being said; what official clients show as the bot's output."""
        data: dict[str, Any] = {"text": tall_man(text), "output_type": "sentence"}
        if self._version.startswith(f"{rtvi.LEGACY_SUPPORTED_MAJOR}."):
            data["spoken"] = True
        else:
            data |= {"will_be_spoken": True, "spoken_status": "completed"}
        self._model(rtvi.BotOutputMessage(data=rtvi.BotOutputMessageData.model_validate(data)))

    def state(self, state: str, turn: int) -> None:
        """`listening`, `thinking`, `speaking` or `busy`."""
        self._ours("state", state=state, turn=turn)

    def call(self, call_id: str, resume_token: str) -> None:
        """Which conversation this is, and the token that takes it up again."""
        self._ours("call", call_id=call_id, resume_token=resume_token)

    def evidence(self, turn: int, found: Sequence[Found]) -> None:
        """The passages an answer may draw on."""
        self._ours("evidence", turn=turn, passages=[passage_json(one) for one in found])

    def words(self, turn: int, text: str) -> None:
        """The answer as heard so far."""
        self._ours("words", turn=turn, text=tall_man(text))

    def cite(self, turn: int, passage_ids: Sequence[object], claim: str) -> None:
        """A claim with sources begins to sound."""
        sources = [str(one) for one in passage_ids]
        self._ours("cite", turn=turn, passage_ids=sources, claim=tall_man(claim))

    def cite_end(self, turn: int) -> None:
        """No claim sounds any more."""
        self._ours("cite_end", turn=turn)

    def answer(
        self,
        turn: int,
        *,
        text_spoken: str,
        text_heard: str,
        interrupted: bool,
        citations: Sequence[Citation],
    ) -> None:
        """An answer ended or was cut off."""
        self._ours(
            "answer",
            turn=turn,
            text_spoken=tall_man(text_spoken),
            text_heard=tall_man(text_heard),
            interrupted=interrupted,
            citations=[citation_json(citation) for citation in citations],
        )

    def timeline(self, turn: int, marks_ms: dict[str, float]) -> None:
        """When each step of the answer happened, from the end of the caller's speech."""
        self._ours("timeline", turn=turn, marks_ms=marks_ms)

    def notice(self, code: str, text: str) -> None:
        """A sentence the clinician should see."""
        self._ours("notice", code=code, text=text)

    def _ours(self, kind: str, **data: Any) -> None:
        self._model(rtvi.ServerMessage(data={"kind": kind, **data}))

    def _model(self, model: BaseModel) -> None:
        message = model.model_dump(exclude_none=True)
        message.setdefault("id", uuid4().hex[:8])
        self._send(message)


def passage_json(found: Found) -> dict[str, Any]:
    """A passage as the page shows it."""
    return {
        "passage_id": str(found.passage.id),
        "document_id": str(found.passage.document_id),
        "title": found.title,
        "section": " › ".join(found.passage.section),
        "page": found.passage.page,
        "edition": found.edition,
        "year": found.year,
        "superseded": found.superseded,
        "sample": found.sample,
        "text": found.passage.text,
    }


def citation_json(citation: Citation) -> dict[str, Any]:
    """A citation as the page shows it."""
    return {
        "passage_id": str(citation.passage_id),
        "document_id": str(citation.document_id),
        "title": citation.title,
        "section": citation.section,
        "page": citation.page,
        "claim": tall_man(citation.claim),
        "quote": citation.quote,
    }
