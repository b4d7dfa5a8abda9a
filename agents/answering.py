"""From a question and its evidence to claims that may be spoken: one entry for both kinds of model.

With a language model, its stream is cut into sentences (`written`), each `[n]` becomes a citation,
and each sentence passes the gate, is mended from its passage, or is replaced. Without one, the
library is quoted. Calculations are code either way.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from uuid import UUID

from agents import lookalike
from agents.asides import is_aside
from agents.claims import Claim
from agents.clinician import History, messages_for, prompt
from agents.commands import command_in, said_about
from agents.conversational import small_talk
from agents.extractive import Vectors, answer, nothing
from agents.facts import facts, stems
from agents.formulary import drug_classes
from agents.gate import LIBRARY_SILENT, Source, carriers, check, drugs_of, mend, read
from agents.lookalike import hear, settle
from agents.models import Model, open_model
from agents.reply import Message, ToolCall
from agents.second_look import carries
from agents.tools import Tool, calculate_by_voice, call, tools_for
from agents.wording import word
from agents.written import Opening, written
from rag.evidence import Evidence, Found
from rag.library import Library
from rag.sentences import sentences
from storage.faults import Fault

MARK = re.compile(r"\s*\[(\d+(?:\s*,\s*\d+)*)\]")

MOST_TOOL_ROUNDS = 2
MOST_MESSAGES = 60


class Answerer:
    """Answers questions for all calls. `label` is what the page calls it. With `second_look` the
    model also checks what it wrote, from the second sentence on."""

    def __init__(self, model: Model | None, library: Library, *, second_look: bool = False) -> None:
        self._model = model
        self._library = library
        self._second_look = second_look
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
        """Claims in the order they are to be spoken. Raises EngineDown when the model fails.

        A calculation is done, or its next input asked for, from the caller's own words alone. Where
        two drug names may have been said, the caller is asked which.
        """
        if history and (command := command_in(question)):
            for claim in said_about(command, last_heard(history, evidence.found), evidence.found):
                yield claim
            return
        before = " ".join(asked for asked, _ in history[-3:])
        heard = await asyncio.to_thread(hear, settle(history, question), tuple(drugs_of(before)))
        question = heard.text
        if (talk := small_talk(question)) and evidence.weak:
            yield Claim(talk, ())
        elif heard.question:
            yield Claim(heard.question, ())
        elif said := calculate_by_voice(history, question):
            yield Claim(said.text, ())
        elif self._model is None or evidence.weak:
            vectors = await self._vectors(question, evidence) if self._model is None else None
            for claim in await asyncio.to_thread(answer, question, evidence, vectors):
                yield claim
        else:
            async with aclosing(self._written(self._model, question, history, evidence)) as claims:
                async for claim in claims:
                    yield claim

    async def _written(
        self, model: Model, question: str, history: History, evidence: Evidence
    ) -> AsyncGenerator[Claim, None]:
        """What the model writes, sentence by sentence, each as it may be spoken."""
        known = [source_of(one) for one in evidence.found]
        # The passages are read for the gate while the model is at its first words.
        reading = asyncio.get_running_loop().run_in_executor(None, read, known)
        tools = tools_for(history, question, lambda _: _at_hand(evidence))
        functions = [tool.as_function() for tool in tools if tool.pure]
        messages = messages_for(question, history, evidence)
        results: list[Source] = []
        said: set[str] = set()
        for _ in range(MOST_TOOL_ROUNDS + 1):
            calls: list[ToolCall] = []
            opening = ""
            async with aclosing(written(model.reply(messages, functions), calls)) as pieces:
                async for piece in pieces:
                    await reading
                    if isinstance(piece, Opening):
                        if not said and (claim := clear_opening(piece.text, evidence.found)):
                            opening = claim.text
                            yield claim
                        continue
                    claim = clear(piece, evidence.found, results)
                    if claim is not None and opening:
                        claim, opening = behind(opening, claim), ""
                    if claim is None or not claim.text or claim.text in said:
                        continue
                    if self._second_look and said:
                        claim = await seconded(model, claim, evidence.found)
                    said.add(claim.text)
                    yield claim
            if not calls:
                break
            messages += await _called(tools, calls, results)
            functions = functions if len(messages) < MOST_MESSAGES else []
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
    url: str,
    *,
    model: str,
    api_key: str,
    deadline_s: float,
    library: Library,
    second_look: bool = False,
) -> AsyncIterator[Answerer]:
    """The answerer that the settings name. Raises Invalid for an address that is none."""
    await asyncio.to_thread(warm)
    async with open_model(url, name=model, api_key=api_key, deadline_s=deadline_s) as opened:
        yield Answerer(opened, library, second_look=second_look)


def warm() -> None:
    """Read the tables and the prompt, so that no call waits for them. Blocks for some 300 ms."""
    prompt()
    check("Aspirin is 300 mg.", ("Aspirin is 300 mg.",))
    calculate_by_voice((), "creatinine clearance")
    drug_classes()
    lookalike.warm()
    word("Aspirin 300 mg.")


def clear(sentence: str, found: Sequence[Found], results: Sequence[Source] = ()) -> Claim | None:
    """A written sentence as it may be spoken: as it is, mended, or "the library does not say".

    `results` are what tools found. The passages that the sentence names are asked first; one that
    carries it is cited, whichever the sentence named.
    """
    named = [int(n) for mark in MARK.findall(sentence) for n in mark.split(",")]
    text = " ".join(MARK.sub("", sentence).split())
    if not any(char.isalnum() for char in text):
        return None
    if is_aside(text) or check(text, ()).passed:
        return Claim(text, ())
    first = [found[n - 1] for n in named if 0 < n <= len(found)]
    for one in (*first, *(other for other in found if other not in first)):
        if check(text, (source_of(one),)).passed:
            return Claim(text, (one.passage.id,))
    for result in results:
        if check(text, (result,)).passed:
            return Claim(text, ())
    for one in first or found:
        mended = mend(text, (source_of(one),))
        if mended != LIBRARY_SILENT:
            return Claim(mended, (one.passage.id,))
    return Claim(LIBRARY_SILENT, ())


async def seconded(model: Model, claim: Claim, found: Sequence[Found]) -> Claim:
    """The claim, where the model too finds it in its passage or it stands there word for word; else
    the passage's own sentence."""
    cited = [one for one in found if one.passage.id in claim.citations]
    if not cited or any(claim.text in one.passage.text for one in cited):
        return claim
    if await carries(model, cited[0].passage.text, claim.text):
        return claim
    mended = mend(claim.text, (source_of(cited[0]),))
    return Claim(mended, () if mended == LIBRARY_SILENT else claim.citations)


def clear_opening(opening: str, found: Sequence[Found]) -> Claim | None:
    """A circumstance ("In acute kidney injury,") that may be said before its sentence is whole:
    one that a passage has word for word, or that passes the gate. None where it has to wait."""
    plain = opening.rstrip(",")
    for one in found:
        for carrier in carriers(one.passage.text):
            if re.search(rf"\b{re.escape(plain)}\b", carrier, re.IGNORECASE):
                return Claim(opening, (one.passage.id,))
        if check(plain, (source_of(one),)).passed:
            return Claim(opening, (one.passage.id,))
    return None


def behind(opening: str, claim: Claim) -> Claim:
    """What is said behind an opening that was said already. A sentence that was put in the place
    of the written one holds only if it is of the same circumstance."""
    if claim.text.lower().startswith(opening.lower()):
        return Claim(claim.text[len(opening) :].lstrip(), claim.citations)
    return Claim(LIBRARY_SILENT, ())


def last_heard(history: History, found: Sequence[Found]) -> Claim | None:
    """The sentence that was heard last, with the passage among `found` that carries it."""
    heard = sentences(history[-1][1]) if history else []
    if not heard:
        return None
    text = re.sub(r"^From [^:]{1,120}: ", "", heard[-1])
    own = facts(text).words
    best = max(found, key=lambda one: len(own & stems(one.passage.text)), default=None)
    if best is None or len(own & stems(best.passage.text)) < 0.6 * len(own):
        return Claim(text, ())
    return Claim(text, (best.passage.id,))


def source_of(found: Found) -> Source:
    """A found passage as the gate sees it."""
    return Source(" ".join((found.title, *found.passage.section)), found.passage.text)


async def _at_hand(evidence: Evidence) -> Evidence:
    """What was found for the question, for a tool that looks in the library: it reads nothing that
    the caller may not."""
    return evidence


async def _called(
    tools: Sequence[Tool], calls: Sequence[ToolCall], results: list[Source]
) -> list[Message]:
    """Run what may be run, each within its time; the messages that tell the model of it."""
    asked = [
        {"id": one.id, "type": "function",
         "function": {"name": one.name, "arguments": one.arguments}}
        for one in calls
    ]  # fmt: skip
    told: list[Message] = [{"role": "assistant", "content": None, "tool_calls": asked}]
    for one in calls:
        result = await call(tools, one.name, one.arguments)
        results += result.sources
        told.append({"role": "tool", "tool_call_id": one.id, "content": result.text})
    return told
