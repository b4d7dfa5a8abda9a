"""The one place that opens what the server is made of, bottom-up, in one stack.

Whatever opens here is closed here, in reverse order. The URLs in the settings pick the
implementations; nothing above this file knows which one it got.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from loguru import logger

from agents.answering import Answerer, open_answerer
from agents.follow_ups import rewrite_query
from rag.evidence import Evidence
from rag.library import Library, open_library
from rag.sample import index_sample
from signaling.ice import read_config
from signaling.resume import ResumeTokens
from storage.audit import Audit
from storage.calls import Calls
from storage.database import Database, open_database
from storage.documents import Documents
from storage.faults import Fault
from storage.jobs import Jobs
from storage.keyvalue import KeyValue, open_keyvalue
from storage.people import People, ensure_admin
from storage.records import Person
from storage.sessions import Sessions
from voice_server.api.dependencies import Stores
from voice_server.auth.throttle import Throttle
from voice_server.auth.tokens import Tokens, open_secret
from voice_server.calls.call import Engines, History, Searching
from voice_server.calls.switchboard import Switchboard, running
from voice_server.settings import Settings
from voice_server.speech.engines import Transcriber, Voice
from voice_server.speech.opening import open_spare, open_transcriber, open_voice
from voice_server.speech.turn_judge import open_turn_models

SETTLE_S = 0.5
"""Changes of the library that come within this time are learnt together, in seconds."""

Progress = Callable[[str, float | None], None]
"""Told what is going on: a short sentence, and the share done (0 to 1) where it is known."""


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """What one seam runs on. `remedy` is how to get the real thing when it is a fallback."""

    seam: str
    engine: str
    fallback: bool = False
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Assembly:
    """Everything that is open. `first_password` is there only at the very first start."""

    settings: Settings
    stores: Stores
    library: Library
    switchboard: Switchboard
    status: tuple[EngineStatus, ...]
    first_password: str | None


@dataclass(frozen=True, slots=True)
class Openers:
    """What opens the engines; a rehearsal brings its own."""

    transcriber: Callable[..., AbstractAsyncContextManager[Transcriber]] = open_transcriber
    voice: Callable[..., AbstractAsyncContextManager[Voice]] = open_voice
    spare: Callable[[Voice], AbstractAsyncContextManager[Voice | None]] = open_spare
    answerer: Callable[..., AbstractAsyncContextManager[Answerer]] = open_answerer


@asynccontextmanager
async def open_assembly(
    settings: Settings, progress: Progress, openers: Openers | None = None
) -> AsyncIterator[Assembly]:
    """Open everything, ready for the first call. Raises a Fault that names what will not open."""
    openers = openers or Openers()
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        progress("Starting the database", None)
        database = await enter(open_database(settings.database.url, settings.data))
        keyvalue = await enter(open_keyvalue(settings.keyvalue.url))
        secret = await asyncio.to_thread(
            open_secret, settings.accounts.secret.get_secret_value(), settings.data
        )
        stores = _stores(settings, database, keyvalue, secret)
        first_password = await ensure_admin(stores.people, settings.admin_email)
        await stores.calls.finish_abandoned()

        progress("Opening the library", None)
        library = await enter(_library(settings, stores, progress))
        if settings.sample_library:
            await index_sample(library, progress)

        progress("Loading the recogniser and the voice", None)
        transcriber = await enter(
            openers.transcriber(
                settings.hearing.url,
                decoders=settings.hearing.decoders,
                data=settings.data,
                progress=progress,
            )
        )
        voice = await enter(openers.voice(settings.voice.url, data=settings.data))
        spare = await enter(openers.spare(voice))
        judge, detector = await enter(open_turn_models())
        answerer = await enter(
            openers.answerer(
                settings.model.url,
                model=settings.model.name,
                api_key=settings.model.api_key.get_secret_value(),
                deadline_s=settings.model.deadline_s,
                library=library,
                second_look=settings.model.second_look,
            )
        )
        status = _status(settings, library, transcriber, voice, answerer)
        switchboard = Switchboard(
            engines=Engines(transcriber, voice, judge, detector, spare),
            engine_labels={one.seam: one.engine for one in status},
            search=_search(settings, library),
            answer=answerer.answer,
            store=stores.calls,
            ice=read_config(
                stun=settings.ice.stun,
                turn=settings.ice.turn,
                turn_secret=settings.ice.turn_secret.get_secret_value(),
                interfaces=settings.ice.interfaces,
            ),
            resume=ResumeTokens(secret),
            most=settings.calls.most,
            idle_s=settings.calls.idle_minutes * 60.0,
        )
        await enter(running(switchboard))
        progress("Teaching the recogniser the library's words", None)
        await _learn(library, transcriber)
        await enter(_learning(library, transcriber))
        yield Assembly(settings, stores, library, switchboard, status, first_password)


def _stores(settings: Settings, database: Database, keyvalue: KeyValue, secret: str) -> Stores:
    return Stores(
        database=database,
        keyvalue=keyvalue,
        people=People(database),
        sessions=Sessions(database, timedelta(days=settings.accounts.refresh_days)),
        calls=Calls(database),
        audit=Audit(database),
        documents=Documents(database),
        jobs=Jobs(database),
        tokens=Tokens(secret, timedelta(minutes=settings.accounts.access_minutes)),
        throttle=Throttle(keyvalue),
        secure_cookie=settings.accounts.secure_cookie,
    )


def _library(
    settings: Settings, stores: Stores, progress: Progress
) -> AbstractAsyncContextManager[Library]:
    return open_library(
        stores.documents,
        data=settings.data,
        jobs=stores.jobs,
        vectors_url=settings.vectors.url,
        vectors_key=settings.vectors.api_key.get_secret_value(),
        embedder_url=settings.embedder.url,
        embedder_model=settings.embedder.model,
        embedder_key=settings.embedder.api_key.get_secret_value(),
        keyvalue=None if settings.keyvalue.url == "memory://" else stores.keyvalue,
        on_progress=lambda sentence: progress(sentence, None),
    )


def _search(settings: Settings, library: Library) -> Searching:
    async def search(person: Person, question: str, history: History) -> Evidence:
        return await library.search(
            rewrite_query(history, question),
            actor=person,
            limit=settings.search.passages,
            deadline_s=settings.search.deadline_ms / 1000,
        )

    return search


async def _learn(library: Library, transcriber: Transcriber) -> None:
    try:
        await transcriber.learn(await library.words())
    except Fault as fault:
        logger.warning("the recogniser did not learn the library: {}", fault.code)


@asynccontextmanager
async def _learning(library: Library, transcriber: Transcriber) -> AsyncIterator[None]:
    """Keep the recogniser's words those of the library, in the background."""
    changed = asyncio.Event()

    async def learn() -> None:
        while True:
            await changed.wait()
            await asyncio.sleep(SETTLE_S)
            changed.clear()
            await _learn(library, transcriber)

    unsubscribe = library.subscribe(changed.set)
    task = asyncio.get_running_loop().create_task(learn(), name="learning")
    try:
        yield
    finally:
        unsubscribe()
        task.cancel()
        await asyncio.wait([task])


def _status(
    settings: Settings,
    library: Library,
    transcriber: Transcriber,
    voice: Voice,
    answerer: Answerer,
) -> tuple[EngineStatus, ...]:
    def store(url: str, embedded: str) -> str:
        return embedded if url in ("embedded", "memory://") else urlsplit(url).hostname or url

    return (
        EngineStatus("database", store(settings.database.url, "embedded PostgreSQL")),
        EngineStatus("key-value", store(settings.keyvalue.url, "in this process")),
        EngineStatus("vectors", store(settings.vectors.url, "embedded Qdrant")),
        EngineStatus(
            "embedder",
            library.embedder.label,
            bool(library.embedder.reason),
            library.embedder.reason,
        ),
        EngineStatus("hearing", transcriber.label, transcriber.fallback, transcriber.remedy),
        EngineStatus("voice", voice.label, voice.fallback, voice.remedy),
        EngineStatus("model", answerer.label, answerer.fallback, answerer.remedy),
    )
