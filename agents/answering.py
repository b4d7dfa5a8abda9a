"""From a question and its evidence to claims that may be spoken: one entry for both kinds of model.

With a language model, its stream is cut into sentences, each `[n]` becomes a citation, and each
sentence passes the gate, is mended from its passage, or is replaced. Without one, the library is
quoted.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from uuid import UUID

from agents.claims import Claim
from agents.clinician import History, messages_for
from agents.extractive import Vectors, answer, nothing
from agents.gate import LIBRARY_SILENT, Source, check, mend
from agents.models import Model, open_model
from rag.evidence import Evidence, Found
from rag.library import Library
from storage.faults import Fault

MARK = re.compile(r"\s*\[(\d+(?:\s*,\s*\d+)*)\]")
_ENDED = re.compile(r"(?<=[.!?])((?:\s*\[\d+(?:\s*,\s*\d+)*\])*[.!?]?)(?=\s+[A-Z\"“(]|\s*$)")


class Answerer:
    """Answers questions for all calls. `label` is what the page calls it."""

    def __init__(self, model: Model | None, library: Library) -> None:
        self._model = model
        self._library = library
        self.label = model.label if model else "quotes the library word for word"
        self.fallback = model is None
        self.remedy = (
            ""
            if model
            else "Set VOICE_MODEL__URL and VOICE_MODEL__API_KEY to an OpenAI-compatible endpoint."
        )

    async def answer(
        self, question: str, history: History, evidence: Evidence
    ) -> AsyncGenerator[Claim, None]:
        """Claims in the order they are to be spoken. Raises EngineDown when the model fails."""
        if self._model is None or evidence.weak:
            vectors = await self._vectors(question, evidence) if self._model is None else None
            for claim in answer(question, evidence, vectors):
                yield claim
            return
        said = 0
        stream = self._model.reply(messages_for(question, history, evidence))
        async with aclosing(_sentences(stream)) as written:
            async for sentence in written:
                if (cleared := clear(sentence, evidence.found)) is not None:
                    said += 1
                    yield cleared
        if not said:
            yield Claim(nothing(evidence), ())

    async def _vectors(self, question: str, evidence: Evidence) -> Vectors | None:
        """The sentences' vectors and the question's; None where they cannot be had in time."""
        if not evidence.found:
            return None
        try:
            vectors = dict(
                await self._library.sentences([one.passage.id for one in evidence.found])
            )
            own = await self._library.embed(question)
        except Fault:
            return None
        vectors[UUID(int=0)] = ((question, own),)
        return vectors


@asynccontextmanager
async def open_answerer(
    url: str, *, model: str, api_key: str, deadline_s: float, library: Library
) -> AsyncIterator[Answerer]:
    """The answerer that the settings name. Raises Invalid for an address that is none."""
    async with open_model(url, name=model, api_key=api_key, deadline_s=deadline_s) as opened:
        yield Answerer(opened, library)


def clear(sentence: str, found: tuple[Found, ...]) -> Claim | None:
    """A written sentence as it may be spoken: as it is, mended, or "the library does not say"."""
    named = [int(n) for mark in MARK.findall(sentence) for n in mark.split(",")]
    text = " ".join(MARK.sub("", sentence).split())
    if not any(char.isalnum() for char in text):
        return None
    cited = [found[n - 1] for n in named if 0 < n <= len(found)]
    for one in cited or found:
        source = Source(" ".join((one.title, *one.passage.section)), one.passage.text)
        if check(text, (source,)).passed:
            clinical = not check(text, ()).passed
            return Claim(text, (one.passage.id,) if clinical or cited else ())
    sources = [
        Source(" ".join((one.title, *one.passage.section)), one.passage.text)
        for one in cited or found
    ]
    text = mend(text, sources)
    if text == LIBRARY_SILENT:
        return Claim(text, ())
    carrier = next(one for one in cited or found if text in one.passage.text)
    return Claim(text, (carrier.passage.id,))


async def _sentences(stream: AsyncGenerator[str, None]) -> AsyncGenerator[str, None]:
    """Whole sentences, each with the marks that follow it, as soon as they are complete."""
    waiting = ""
    async with aclosing(stream) as pieces:
        async for piece in pieces:
            waiting += piece
            while (end := _ENDED.search(waiting)) and end.end() < len(waiting):
                yield waiting[: end.end()].strip()
                waiting = waiting[end.end() :].lstrip()
    if waiting.strip():
        yield waiting.strip()
