"""The engines of a rehearsal's server: each call has its own, and they are told apart by the
address it was placed at, `/line/<key>/…`.

The address sets a context variable that the call's tasks inherit; the engines that the server
shares look there whose turn it is.
"""

from __future__ import annotations

import contextvars
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, aclosing, asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any

from agents.answering import Answerer, open_answerer
from agents.chat import open_chat
from agents.claims import Claim
from agents.clinician import History
from agents.models import Model
from agents.simulated import SimulatedModel
from rag.evidence import Evidence
from rag.library import Library
from voice_server.assembly import Openers, Progress
from voice_server.rehearsing.ear import LOWEST_HZ, SCALE
from voice_server.rehearsing.prompted import PromptedHearing
from voice_server.rehearsing.script import Engines
from voice_server.rehearsing.tool_asking import ToolAsking
from voice_server.speech.audio import Resampler
from voice_server.speech.engines import Hypothesis, SpokenAudio, Transcriber, Utterance, Voice
from voice_server.speech.opening import open_transcriber, open_voice
from voice_server.speech.tone import ToneVoice

_line: contextvars.ContextVar[Line | None] = contextvars.ContextVar("line", default=None)


class Line:
    """The engines of one call; None stands for what the server has."""

    def __init__(self, engines: Engines | None) -> None:
        self.hearing: PromptedHearing | None = None
        self.voice: ToneVoice | None = None
        self.model: Model | None = None
        self.endpoint: ToolAsking | None = None
        if engines is None:
            return
        self.hearing = PromptedHearing(
            partial_ms=engines.partial_ms,
            final_ms=engines.final_ms,
            fails_after=engines.hearing_fails_after,
        )
        self.voice = ToneVoice(
            hz=LOWEST_HZ,
            first_ms=engines.voice_first_ms,
            word_ms=engines.word_ms,
            scale=SCALE,
            down_after=engines.voice_fails_after,
        )
        if engines.tool is not None:
            self.endpoint = ToolAsking(
                engines.tool, engines.answer, first_s=engines.model_first_ms / 1000
            )
        elif engines.answer:
            self.model = SimulatedModel(engines.answer, first_s=engines.model_first_ms / 1000)


App = Callable[[Any, Any, Any], Any]


def by_line(app: App, lines: Mapping[str, Line]) -> App:
    """The application, at one more address for each call: `/line/<key>` before every path.

    `POST /line/<key>/cue` tells the call's recogniser what is being said;
    `/line/<key>/v1` is the language model of a call whose model asks for tools.
    """

    async def route(scope: Any, receive: Any, send: Any) -> None:
        path = scope.get("path", "")
        if scope["type"] != "http" or not path.startswith("/line/"):
            await app(scope, receive, send)
            return
        key, _, rest = path.removeprefix("/line/").partition("/")
        line = lines[key]
        if rest == "cue":
            cue = json.loads((await receive())["body"])
            if line.hearing is not None:
                line.hearing.cue(cue["text"], sound_ms=cue["sound_ms"], length_s=cue["length_s"])
            await send({"type": "http.response.start", "status": 204, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        if rest.startswith("v1/") and line.endpoint is not None:
            await line.endpoint(scope, receive, send)
            return
        _line.set(line)
        await app({**scope, "path": f"/{rest}", "raw_path": f"/{rest}".encode()}, receive, send)

    return route


@asynccontextmanager
async def open_models(lines: Mapping[str, Line], url: str) -> AsyncIterator[None]:
    """Models that ask for tools are reached over HTTP, as real ones are: at the server's `url`."""
    async with AsyncExitStack() as stack:
        for key, line in lines.items():
            if line.endpoint is not None:
                line.model = await stack.enter_async_context(
                    open_chat(f"{url}/line/{key}/v1", name="simulated", api_key="", deadline_s=10.0)
                )
        yield


def openers(lines: Mapping[str, Line]) -> Openers:
    """What opens the server's engines: the installed ones only where a call asks for them."""
    installed = any(line.hearing is None for line in lines.values())

    @asynccontextmanager
    async def transcriber(
        url: str, *, decoders: int, data: Path, progress: Progress
    ) -> AsyncIterator[Transcriber]:
        if not installed:
            yield LineTranscriber(None)
            return
        async with open_transcriber(url, decoders=decoders, data=data, progress=progress) as real:
            yield LineTranscriber(real)

    @asynccontextmanager
    async def voice(url: str, *, data: Path) -> AsyncIterator[Voice]:
        if not installed:
            yield LineVoice(ToneVoice())
            return
        async with open_voice(url, data=data) as real:
            yield LineVoice(real)

    @asynccontextmanager
    async def answerer(url: str, *, library: Library, **options: Any) -> AsyncIterator[Answerer]:
        async with open_answerer(url, library=library, **options) as real:
            yield LineAnswerer(real, library)

    # What a line's voice does, its rehearsal wants to hear: no other speaks for it.
    return Openers(
        transcriber=transcriber, voice=voice, spare=lambda _: nullcontext(), answerer=answerer
    )


class LineTranscriber:
    """Hears each call with its own recogniser."""

    label = "rehearsal"
    fallback = False
    remedy = ""

    def __init__(self, installed: Transcriber | None) -> None:
        self._installed = installed

    async def open_utterance(self, on_partial: Callable[[Hypothesis], None]) -> Utterance:
        """See `Transcriber`."""
        line = _line.get()
        if line is not None and line.hearing is not None:
            return line.hearing.open(on_partial)
        if self._installed is None:
            raise LookupError("this call has no recogniser")
        return await self._installed.open_utterance(on_partial)

    async def learn(self, text: str) -> None:
        """See `Transcriber`."""
        if self._installed is not None:
            await self._installed.learn(text)


class LineVoice:
    """Speaks in each call with its own voice."""

    label = "rehearsal"
    fallback = False
    remedy = ""

    def __init__(self, installed: Voice) -> None:
        self._installed = installed
        self.rate_hz = ToneVoice.rate_hz

    async def say(self, text: str) -> AsyncGenerator[SpokenAudio, None]:
        """See `Voice`."""
        line = _line.get()
        if line is not None and line.voice is not None:
            async with aclosing(line.voice.say(text)) as hum:
                async for piece in hum:
                    yield piece
            return
        resampler = Resampler(self._installed.rate_hz, self.rate_hz)
        async with aclosing(self._installed.say(text)) as speech:
            async for piece in speech:
                yield SpokenAudio(resampler.feed(piece.pcm), piece.words)
        yield SpokenAudio(resampler.flush(), ())


class LineAnswerer(Answerer):
    """Answers each call with its own model; quotes the library where it has none."""

    def __init__(self, installed: Answerer, library: Library) -> None:
        super().__init__(None, library)
        self._installed = installed
        self._quoting = Answerer(None, library)
        self._of_lines = library

    def answer(
        self, question: str, history: History, evidence: Evidence
    ) -> AsyncGenerator[Claim, None]:
        """See `Answerer`."""
        line = _line.get()
        if line is None or line.hearing is None:
            return self._installed.answer(question, history, evidence)
        chosen = Answerer(line.model, self._of_lines) if line.model else self._quoting
        return chosen.answer(question, history, evidence)
