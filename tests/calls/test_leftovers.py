"""The memory of calls that ended."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import AsyncGenerator, Iterator

import pytest

from agents.claims import Claim
from rag.evidence import Evidence
from signaling.ice import read_config
from signaling.offers import Offer
from signaling.resume import ResumeTokens
from storage.calls import Calls
from storage.database import Database
from storage.records import Person
from tests.calls.stage import SoundsComplete
from tests.signaling.clients import OwnClient
from voice_server.calls.call import Engines, History
from voice_server.calls.leftovers import AFTER_S, keep_for_good
from voice_server.calls.switchboard import Switchboard, running
from voice_server.speech.scripted import ScriptedTranscriber
from voice_server.speech.tone import ToneVoice
from voice_server.speech.turn_judge import VoiceDetector


@pytest.fixture
def no_collector() -> Iterator[None]:
    """Python's own collector rests, as it does for long in a process that keeps much."""
    gc.disable()
    yield
    gc.enable()


async def search(person: Person, question: str, history: History) -> Evidence:
    return Evidence(question, (), True, "empty_library", 0.0)


async def answering(
    question: str, history: History, evidence: Evidence
) -> AsyncGenerator[Claim, None]:
    yield Claim("The library is empty.", ())


async def test_a_call_that_ended_is_given_back_soon(
    no_collector: None, database: Database, clinician: Person
) -> None:
    switchboard = Switchboard(
        engines=Engines(ScriptedTranscriber(("hello",)), ToneVoice(), SoundsComplete(),
                        await asyncio.to_thread(VoiceDetector)),
        engine_labels={},
        search=search,
        answer=answering,
        store=Calls(database),
        ice=read_config(interfaces="127.0.0.1"),
        resume=ResumeTokens("a secret of the test's own, long enough"),
        most=1,
        idle_s=60.0,
    )  # fmt: skip
    async with running(switchboard):
        far = OwnClient()
        answer = await switchboard.connect(clinician, Offer(await far.offer()))
        await far.accept(answer.sdp)
        async with asyncio.timeout(8):
            await far.open.wait()
        [call] = switchboard._calls.values()
        left = weakref.ref(call)
        del call
        await switchboard.hang_up(clinician, answer.pc_id)
        await far.peer.close()
        async with asyncio.timeout(AFTER_S + 8):
            while left() is not None:  # noqa: ASYNC110 - nothing tells of it
                await asyncio.sleep(0.05)


def test_what_the_server_keeps_for_good_is_not_looked_at_again() -> None:
    kept = [["a table"]]
    assert any(one is kept for one in gc.get_objects())
    keep_for_good()
    try:
        assert not any(one is kept for one in gc.get_objects())
    finally:
        gc.unfreeze()
