"""A language model behind the OpenAI Realtime protocol: text in, text out, over a WebSocket.

Each reply is asked for outside the server's own conversation, from the messages alone, so that
every implementation of the seam is told the same. Connections are kept for the next reply.
"""

from __future__ import annotations

import asyncio
import json
import logging
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from contextlib import aclosing, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit
from uuid import uuid4

import openai
from websockets.asyncio.client import connect  # noqa: F401 - what dialling would else import late
from websockets.exceptions import ConnectionClosed, WebSocketException

from agents.realtime_protocol import response_for, warm
from agents.reply import Delta, Function, Message, ToolCall, in_time, model_down

if TYPE_CHECKING:  # a tenth of a second, for those alone who use it
    from openai.resources.realtime.realtime import AsyncRealtimeConnection
    from openai.types.websocket_connection_options import WebSocketConnectionOptions

MOST_KEPT = 8
LARGEST_EVENT = 2**20
PARTING_S = 0.2
"""How long a server that is given up may take to hear of it."""


@dataclass(slots=True)
class _Session:
    """One connection. `heard_at`: when the server last sent anything."""

    connection: AsyncRealtimeConnection
    heard_at: float = 0.0

    async def event(self) -> Any:
        got = await self.connection.recv()
        self.heard_at = asyncio.get_running_loop().time()
        return got


class RealtimeModel:
    """Responses of a Realtime server, in text, so that each sentence passes the claim gate."""

    def __init__(
        self,
        client: openai.AsyncOpenAI,
        name: str,
        deadline_s: float,
        dial: WebSocketConnectionOptions,
    ) -> None:
        self.label = name
        self._client = client
        self._name = name
        self._deadline_s = deadline_s
        self._dial_options = dial
        self._kept: list[_Session] = []

    async def reply(
        self, messages: Sequence[Message], tools: Sequence[Function] = ()
    ) -> AsyncGenerator[Delta, None]:
        """See `Model`. The first words must come within the deadline."""
        async with aclosing(in_time(self._written(messages, tools), self._deadline_s)) as pieces:
            async for piece in pieces:
                yield piece

    async def close(self) -> None:
        """End the kept connections."""
        while self._kept:
            await _part(self._kept.pop())

    async def _written(
        self, messages: Sequence[Message], tools: Sequence[Function]
    ) -> AsyncGenerator[Delta, None]:
        asked = f"ask-{uuid4().hex}"
        with _faults():
            session, own = await self._begin(asked, response_for(messages, tools))
            ended: Any = None
            try:
                while ended is None:
                    event = await session.event()
                    _refuse(event, asked)
                    if event.type == "response.done" and event.response.id == own:
                        ended = event.response
                    elif getattr(event, "response_id", None) != own:
                        continue
                    elif event.type == "response.output_text.delta":
                        yield str(event.delta)
                    elif event.type == "response.function_call_arguments.delta":
                        yield ""
            except (GeneratorExit, asyncio.CancelledError):
                await self._give_up(session, own)
                raise
            except BaseException:
                await _part(session)
                raise
            await self._keep(session)
            if ended.status not in ("completed", "incomplete"):
                raise model_down()
            calls = _calls(ended) if ended.status == "completed" else []
        for call in calls:
            yield call

    async def _begin(self, asked: str, response: dict[str, Any]) -> tuple[_Session, str]:
        """A connection on which the reply has begun, and the reply's id. A kept connection that
        the server has closed meanwhile is replaced."""
        while self._kept:
            session = self._kept.pop()
            try:
                return session, await _create(session, asked, response)
            except ConnectionClosed:
                await _part(session)
            except BaseException:
                await _part(session)
                raise
        session = _Session(await self._dial())
        try:
            return session, await _create(session, asked, response)
        except BaseException:
            await _part(session)
            raise

    async def _dial(self) -> AsyncRealtimeConnection:
        return await self._client.realtime.connect(
            model=self._name, websocket_connection_options=self._dial_options
        ).enter()

    async def _give_up(self, session: _Session, own: str) -> None:
        """Tell the server that nobody listens any more. One that fell silent is not kept."""
        try:
            async with asyncio.timeout(PARTING_S):
                await session.connection.response.cancel(event_id=f"cancel-{own}", response_id=own)
        except BaseException as error:
            await _part(session)
            if not isinstance(error, TimeoutError | WebSocketException | OSError):
                raise
            return
        if asyncio.get_running_loop().time() - session.heard_at < self._deadline_s:
            await self._keep(session)
        else:
            await _part(session)

    async def _keep(self, session: _Session) -> None:
        if len(self._kept) < MOST_KEPT:
            self._kept.append(session)
        else:
            await _part(session)


@asynccontextmanager
async def open_realtime(
    url: str, *, name: str, api_key: str, deadline_s: float
) -> AsyncIterator[RealtimeModel]:
    """The model at `wss://host/v1/realtime` (`ws://` for one on this machine)."""
    client, dial = await asyncio.to_thread(_client, url, api_key)
    async with client:
        model = RealtimeModel(client, name, deadline_s, dial)
        try:
            yield model
        finally:
            await model.close()


async def _create(session: _Session, asked: str, response: dict[str, Any]) -> str:
    """Ask for a response; its id."""
    create: Any = session.connection.response.create
    await create(event_id=asked, response=response)
    while True:
        event = await session.event()
        _refuse(event, asked)
        if event.type == "response.created":
            return str(event.response.id)


def _refuse(event: Any, asked: str) -> None:
    """An error ends the reply, unless it is about another event than the one that asked for it."""
    if event.type == "error" and event.error.event_id in (None, asked):
        raise model_down()


def _calls(response: Any) -> list[ToolCall]:
    return [
        ToolCall(item.call_id, item.name, item.arguments)
        for item in response.output or ()
        if item.type == "function_call" and item.status != "incomplete"
    ]


async def _part(session: _Session) -> None:
    with suppress(WebSocketException, OSError):
        await session.connection.close()


def _client(url: str, api_key: str) -> tuple[openai.AsyncOpenAI, WebSocketConnectionOptions]:
    """The client, and how it dials. Blocks: certificates are read."""
    parts = urlsplit(url)
    base = parts._replace(path=parts.path.rstrip("/").removesuffix("/realtime"))
    client = openai.AsyncOpenAI(
        base_url=base._replace(scheme=parts.scheme.replace("ws", "http", 1)).geturl(),
        websocket_base_url=base.geturl(),
        api_key=api_key or "none",
        max_retries=0,
    )
    warm(client)
    quiet = logging.getLogger("agents.realtime.socket")  # at DEBUG it would log what was said
    quiet.setLevel(logging.WARNING)
    dial: dict[str, Any] = {
        "open_timeout": None,  # the deadline of the reply holds
        "close_timeout": PARTING_S,
        "max_size": LARGEST_EVENT,
        "compression": None,
        "logger": quiet,
    }
    if parts.scheme == "wss":
        dial["ssl"] = ssl.create_default_context()
    return client, cast("WebSocketConnectionOptions", dial)  # it passes on what it does not name


@contextmanager
def _faults() -> Iterator[None]:
    """What can go wrong on the way to a server and in what it sends, as EngineDown."""
    try:
        yield
    except (
        openai.OpenAIError,
        WebSocketException,
        OSError,
        json.JSONDecodeError,
        ValueError,
        AttributeError,
        TypeError,
        KeyError,
    ):
        raise model_down() from None
