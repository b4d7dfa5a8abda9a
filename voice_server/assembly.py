"""The one place that opens what the server is made of, bottom-up, in one stack.

Whatever opens here is closed here, in reverse order. The URLs in the settings pick the
implementations; nothing above this file knows which one it got.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from loguru import logger

from agents.answering import Answerer, open_answerer
from agents.claims import Claim
from agents.follow_ups import rewrite_query
from rag.evidence import Evidence
from rag.library import Library, open_library
from rag.sample import index_sample
from signaling.ice import read_config
from signaling.resume import ResumeTokens
from storage.audit import Audit
from storage.calls import Calls
from storage.database import open_database
from storage.documents import Documents
from storage.faults import Fault
from storage.jobs import Jobs
from storage.keyvalue import open_keyvalue
from storage.people import People, ensure_admin
from storage.records import Person
from storage.sessions import Sessions
from voice_server.api.dependencies import Stores
from voice_server.auth.throttle import Throttle
from voice_server.auth.tokens import Tokens, open_secret
from voice_server.calls.call import Engines, History
from voice_server.calls.switchboard import Switchboard, running
from voice_server.settings import Settings
from voice_server.speech.engines import Transcriber, Voice
from voice_server.speech.opening import open_transcriber, open_voice
from voice_server.speech.turn_judge import open_turn_models

Progress = Callable[[str, float | None], None]
"""Told what is going on: a short sentence, and the share done (0 to 1) where it is known."""


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """What one seam runs on. `remedy` is how to get the real thing when it is a fallback."""

    seam: str
    engine: str
    fallback: bool = False
    remedy: str = ""


@dataclass(slots=True)
class Assembly:
    """Everything that is open. `first_password` is there only at the very first start."""

    settings: Settings
    stores: Stores
    library: Library
    switchboard: Switchboard
    engines: Engines
    status: tuple[EngineStatus, ...]
    first_password: str | None
    learning: asyncio.Task[None] | None = field(default=None)


@asynccontextmanager
async def open_assembly(settings: Settings, progress: Progress) -> AsyncIterator[Assembly]:
    """Open everything, ready for the first call. Raises a Fault that names what cannot be opened."""
    settings.data.mkdir(parents=True, exist_ok=True)
    async with AsyncExitStack() as stack:
        progress("Starting the database", None)
        database = await stack.enter_async_context(
            open_database(settings.database.url, settings.data)
        )
        keyvalue = await stack.enter_async_context(open_keyvalue(settings.keyvalue.url))
        secret = await asyncio.to_thread(
            open_secret, settings.accounts.secret.get_secret_value(), settings.data
        )
        stores = _stores(settings, database, keyvalue, secret)
        first_password = await ensure_admin(stores.people, settings.admin_email)

        progress("Opening the library", None)
        library = await stack.enter_async_context(_library(settings, stores, progress))
        if settings.sample_library:
            await index_sample(library, progress)

        progress("Loading the recogniser and the voice", None)
        transcriber = await stack.enter_async_context(
            open_transcriber(
                settings.hearing.url,
                decoders=settings.hearing.decoders,
                data=settings.data,
                progress=progress,
            )
        )
        voice = await stack.enter_async_context(open_voice(settings.voice.url, data=settings.data))
        judge, detector = await stack.enter_async_context(open_turn_models())
        answerer = await stack.enter_async_context(
            open_answerer(
                settings.model.url,
                model=settings.model.name,
                api_key=settings.model.api_key.get_secret_value(),
                deadline_s=settings.model.deadline_s,
                library=library,
            )
        )
        engines = Engines(transcriber, voice, judge, detector)
        status = _status(settings, library, transcriber, voice, answerer)
        switchboard = await stack.enter_async_context(
            running(_switchboard(settings, stores, library, engines, answerer, status, secret))
        )
        await stack.enter_async_context(_learning(library, transcriber))
        yield Assembly(settings, stores, library, switchboard, engines, status, first_password)
