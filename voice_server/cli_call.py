"""`voice-server call`: place a real WebRTC call to a running server with recorded audio."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from signaling.caller import Caller, open_caller, sign_in
from storage.faults import Invalid
from voice_server.library_shelf import server_address
from voice_server.rehearsing.microphone import Microphone
from voice_server.settings import load_settings
from voice_server.speech.audio import Resampler, load_audio, save_wav
from voice_server.speech.engines import HEARING_RATE_HZ
from voice_server.speech.opening import open_voice

LEAD_IN_S = 0.4
"""Silence before the recording, in seconds, as a person needs before speaking."""

SPEECH_PEAK = 330
"""-40 dBFS: a sample beyond it is speech; the question ends with the last one."""
LONGEST_ANSWER_S = 180.0

Audio = Annotated[
    list[Path] | None, typer.Argument(help="recordings (WAV, FLAC, OGG, MP3), one question each")
]
Say = Annotated[
    list[str] | None, typer.Option(help="speak this text instead, with the local voice")
]
Type = Annotated[list[str] | None, typer.Option("--type", help="type this question instead")]
Out = Annotated[Path | None, typer.Option(help="write what was heard to this WAV file")]
AsJson = Annotated[bool, typer.Option("--json", help="print one JSON document")]
Url = Annotated[str, typer.Option(help="the server; default: where the settings put it")]
Email = Annotated[str, typer.Option(help="who calls")]
Password = Annotated[
    str,
    typer.Option(
        help="their password; better: put it in the environment variable CALL_PASSWORD",
        envvar="CALL_PASSWORD",
    ),
]
Wait = Annotated[float, typer.Option(help="longest wait for an answer, in seconds")]


@dataclass(slots=True)
class AnsweredQuestion:
    """One question and what came back. Times in milliseconds from the end of the question."""

    transcript: str = ""
    answer: str = ""
    heard: str = ""
    interrupted: bool = False
    sources: list[dict[str, Any]] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    first_audio_ms: float | None = None
    timeline_ms: dict[str, float] = field(default_factory=dict)


def call(
    audio: Audio = None,
    say: Say = None,
    typed: Type = None,
    out: Out = None,
    as_json: AsJson = False,
    url: Url = "",
    email: Email = "admin@example.org",
    password: Password = "",
    wait: Wait = 20.0,
) -> None:
    """Call a running server, ask, and print what was heard and answered."""
    if not (audio or say or typed):
        raise Invalid(
            "call.nothing",
            "There is nothing to ask.",
            field="AUDIO",
            remedy='Name a recording, or use --say "…" or --type "…".',
        )
    if not password:
        raise Invalid(
            "call.password",
            "No password was given.",
            field="--password",
            remedy="Set CALL_PASSWORD, or use --password.",
        )
    questions = asyncio.run(
        place(
            audio or [],
            say or [],
            typed or [],
            out=out,
            url=url or server_address(load_settings()),
            email=email,
            password=password,
            wait_s=wait,
        )
    )
    if as_json:
        typer.echo(json.dumps([asdict(question) for question in questions], indent=2))
    else:
        _print(questions)


async def place(
    audio: Sequence[Path],
    say: Sequence[str],
    typed: Sequence[str],
    *,
    out: Path | None,
    url: str,
    email: str,
    password: str,
    wait_s: float,
) -> list[AnsweredQuestion]:
    """Place one call and ask everything in turn. Raises the server's own faults, Unavailable
    without a server, Invalid for a file that is not audio."""
    recordings = [await asyncio.to_thread(_load, path) for path in audio]
    recordings += [await _speak(text) for text in say]
    token = await sign_in(url, email, password)
    async with open_caller(url, token, microphone=Microphone().pull) as caller:
        await caller.events.wait_for("call")
        answers = []
        for recording in recordings:
            answers.append(await _ask_aloud(caller, recording, wait_s))
        for text in typed:
            answers.append(await _ask_typed(caller, text, wait_s))
        if out is not None:
            pcm = caller.heard.samples().tobytes()
            await asyncio.to_thread(save_wav, out, pcm, caller.heard.rate_hz)
    return answers


def _load(path: Path) -> NDArray[np.int16]:
    return np.concatenate((np.zeros(int(LEAD_IN_S * HEARING_RATE_HZ), np.int16), load_audio(path)))


async def _speak(text: str) -> NDArray[np.int16]:
    with TemporaryDirectory() as folder:
        async with open_voice("auto", data=Path(folder)) as voice:
            pcm = b"".join([piece.pcm async for piece in voice.say(text)])
            resampler = Resampler(voice.rate_hz, HEARING_RATE_HZ)
    spoken = np.frombuffer(resampler.feed(pcm) + resampler.flush(), np.int16)
    return np.concatenate((np.zeros(int(LEAD_IN_S * HEARING_RATE_HZ), np.int16), spoken))


async def _ask_aloud(
    caller: Caller, recording: NDArray[np.int16], wait_s: float
) -> AnsweredQuestion:
    played = await caller.play(recording)
    last = np.flatnonzero(np.abs(recording.astype(np.int32)) > SPEECH_PEAK)
    silent_s = (len(recording) - (int(last[-1]) if last.size else 0)) / HEARING_RATE_HZ
    return await _answer(caller, played.first_s, played.last_s - silent_s, wait_s)


async def _ask_typed(caller: Caller, text: str, wait_s: float) -> AnsweredQuestion:
    now = asyncio.get_running_loop().time()
    caller.message("send-text", {"content": text})
    return await _answer(caller, now, now, wait_s)


async def _answer(
    caller: Caller, since_s: float, asked_s: float, wait_s: float
) -> AnsweredQuestion:
    """Collect what comes back until the answer has ended and its timeline is known."""
    result = AnsweredQuestion()
    deadline = asyncio.timeout(wait_s)
    try:
        async with deadline:
            async for at_s, message in caller.events:
                if at_s < since_s:
                    continue
                data = message.get("data") or {}
                kind = data.get("kind", message.get("type"))
                if kind == "user-transcription" and data["final"]:
                    result.transcript = data["text"]
                elif kind == "notice":
                    result.notices.append(data["text"])
                    if data["code"] == "hearing.nothing":
                        break
                elif kind == "state" and data["state"] == "speaking":
                    # It has begun; from here on the answer takes as long as it takes.
                    deadline.reschedule(asyncio.get_running_loop().time() + LONGEST_ANSWER_S)
                elif kind == "answer":
                    result.answer, result.heard = data["text_spoken"], data["text_heard"]
                    result.interrupted, result.sources = data["interrupted"], data["citations"]
                elif kind == "timeline":
                    result.timeline_ms = data["marks_ms"]
                    break
    except TimeoutError:
        result.notices.append("No answer came in time.")
    first = caller.heard.first_audible(asked_s)
    if first is not None:
        result.first_audio_ms = round((first - asked_s) * 1000, 1)
    return result


def _print(questions: Sequence[AnsweredQuestion]) -> None:
    out = Console(highlight=False)
    for one in questions:
        out.print(f"[bold]You said[/]   {escape(one.transcript) or '—'}")
        out.print(f"[bold]Answer[/]     {escape(one.answer) or '—'}")
        if one.interrupted:
            out.print(f"[bold]Heard[/]      {escape(one.heard)}")
        for notice in one.notices:
            out.print(f"[bold]Notice[/]     {escape(notice)}")
        shown = set()
        for source in one.sources:
            page = f", page {source['page']}" if source.get("page") else ""
            line = f"{source['title']} › {source['section']}{page}"
            if line not in shown:
                shown.add(line)
                out.print(f"[bold]Source[/]     {escape(line)}")
        table = Table(title="From the end of the question", show_header=True)
        table.add_column("step")
        table.add_column("ms", justify="right")
        for step, at_ms in sorted(one.timeline_ms.items(), key=lambda mark: mark[1]):
            table.add_row(step.replace("_", " "), f"{at_ms:.0f}")
        if one.first_audio_ms is not None:
            table.add_row("first audio at the caller's ear", f"{one.first_audio_ms:.0f}")
        out.print(table)
