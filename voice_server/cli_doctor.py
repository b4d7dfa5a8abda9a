"""`voice-server doctor`: what runs on what, what is a fallback, and how to get the real thing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import httpx
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from agents.models import open_model
from agents.simulated import SimulatedModel
from rag.embedding import open_embedder
from storage.database import reach
from storage.faults import Fault
from storage.keyvalue import open_keyvalue
from voice_server.settings import Settings, load_settings
from voice_server.speech.opening import open_transcriber, open_voice
from voice_server.telemetry.log import open_log

WAIT_S = 3.0
_WORST_FIRST = ("down", "fallback", "ok")


@dataclass(frozen=True, slots=True)
class Finding:
    """What one seam would run on. `state` is 'ok', 'fallback' or 'down'."""

    seam: str
    engine: str
    state: str
    remedy: str = ""


def doctor() -> None:
    """Look at every engine as the settings have it. Exit code 1 when one is down."""
    settings = load_settings()
    open_log("WARNING")
    findings = asyncio.run(examine(settings))
    table = Table("part", "runs on", "state")
    marks = {"ok": "[green]ok[/]", "fallback": "[yellow]fallback[/]", "down": "[red]down[/]"}
    for one in findings:
        table.add_row(one.seam, escape(one.engine), marks[one.state])
    out = Console(highlight=False, soft_wrap=True)
    out.print(table)
    # Below the table, where no column cuts a command in two.
    for one in sorted(findings, key=lambda one: _WORST_FIRST.index(one.state)):
        if one.remedy:
            out.print(f"[bold]{one.seam}[/] {escape(one.remedy)}")
    if any(one.state == "down" for one in findings):
        raise SystemExit(1)


async def examine(settings: Settings) -> list[Finding]:
    """One finding a seam, in the order of the settings. Opens each engine and closes it again."""
    looks: list[tuple[str, Callable[[Settings], Awaitable[Finding]]]] = [
        ("server", _server),
        ("database", _database),
        ("key-value", _keyvalue),
        ("vectors", _vectors),
        ("embedder", _embedder),
        ("transcriber", _transcriber),
        ("voice", _voice),
        ("model", _model),
    ]
    findings = []
    for seam, look in looks:
        try:
            findings.append(await look(settings))
        except Fault as fault:
            findings.append(Finding(seam, fault.sentence, "down", fault.remedy))
    return findings


async def _server(settings: Settings) -> Finding:
    url = f"http://{settings.http.host}:{settings.http.port}"
    status = await _reach(f"{url}/api/health")
    if status is None:
        return Finding("server", "not running", "ok", "Start it with: make run")
    return Finding("server", url, "ok")


async def _database(settings: Settings) -> Finding:
    if settings.database.url == "embedded":
        return Finding(
            "database",
            f"embedded PostgreSQL in {settings.data}/postgres",
            "ok",
            "For more than one server: VOICE_DATABASE__URL=postgresql://…",
        )
    return Finding("database", await reach(settings.database.url), "ok")


async def _keyvalue(settings: Settings) -> Finding:
    async with open_keyvalue(settings.keyvalue.url) as keyvalue:
        await keyvalue.ping()
    if settings.keyvalue.url == "memory://":
        return Finding(
            "key-value",
            "in this process",
            "ok",
            "For more than one server: VOICE_KEYVALUE__URL=redis://…",
        )
    return Finding("key-value", urlsplit(settings.keyvalue.url).hostname or "", "ok")


async def _vectors(settings: Settings) -> Finding:
    if settings.vectors.url == "embedded":
        return Finding(
            "vectors",
            f"embedded Qdrant in {settings.data}",
            "ok",
            "For more than one server: VOICE_VECTORS__URL=https://…",
        )
    if await _reach(f"{settings.vectors.url.rstrip('/')}/readyz") is None:
        return Finding(
            "vectors",
            "the Qdrant server does not answer",
            "down",
            "Check VOICE_VECTORS__URL and that the server is up.",
        )
    return Finding("vectors", settings.vectors.url, "ok")


async def _embedder(settings: Settings) -> Finding:
    async with open_embedder(
        settings.embedder.url,
        data=settings.data,
        model=settings.embedder.model,
        api_key=settings.embedder.api_key.get_secret_value(),
    ) as embedder:
        state = "fallback" if embedder.reason else "ok"
        return Finding("embedder", embedder.label, state, embedder.reason)


async def _transcriber(settings: Settings) -> Finding:
    async with open_transcriber(
        settings.hearing.url, decoders=1, data=settings.data, progress=lambda sentence, share: None
    ) as transcriber:
        state = "fallback" if transcriber.fallback else "ok"
        return Finding("transcriber", transcriber.label, state, transcriber.remedy)


async def _voice(settings: Settings) -> Finding:
    with TemporaryDirectory() as folder:
        async with open_voice(settings.voice.url, data=Path(folder)) as voice:
            state = "fallback" if voice.fallback else "ok"
            return Finding("voice", voice.label, state, voice.remedy)


async def _model(settings: Settings) -> Finding:
    if not settings.model.url:
        return Finding(
            "model",
            "quotes the library word for word",
            "fallback",
            "Set VOICE_MODEL__URL and VOICE_MODEL__API_KEY to an OpenAI-compatible endpoint.",
        )
    async with open_model(
        settings.model.url,
        name=settings.model.name,
        api_key=settings.model.api_key.get_secret_value(),
        deadline_s=settings.model.deadline_s,
    ) as model:
        if isinstance(model, SimulatedModel):
            return Finding(
                "model",
                "says a given text, for rehearsals",
                "fallback",
                "Set VOICE_MODEL__URL to the address of a model.",
            )
    address = urlsplit(settings.model.url)
    by_http = address._replace(scheme=address.scheme.replace("ws", "http", 1)).geturl()
    if await _reach(by_http) is None:
        return Finding(
            "model",
            "the endpoint does not answer",
            "down",
            "Check VOICE_MODEL__URL, and that this machine can reach it.",
        )
    return Finding("model", f"{settings.model.name} at {settings.model.url}", "ok")


async def _reach(url: str) -> int | None:
    try:
        async with httpx.AsyncClient(timeout=WAIT_S, trust_env=False) as http:
            return (await http.get(url)).status_code
    except (httpx.HTTPError, ValueError):
        return None
