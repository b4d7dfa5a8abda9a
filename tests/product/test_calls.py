"""The product on its embedded defaults: real calls with recorded audio, to a running server."""

from __future__ import annotations

import asyncio
import json
import math
import os
import subprocess
import sys
import wave
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from signaling.caller import Caller, open_caller, sign_in
from tests.browser.accounts import Account, Accounts
from tests.calls.conftest import Say, say, say_otherwise  # noqa: F401 - the fixtures
from tests.fixtures_server import Server

QUESTION = "What is the dose of adrenaline in anaphylaxis?"
PAGE = "Anaphylaxis"


@pytest.fixture
def blocking_allowed() -> bool:
    """The command line is run as a process."""
    return True


@pytest.fixture(scope="module")
def caller(accounts: Accounts) -> Account:
    return accounts.add("Cara Caller", "clinician")


def call(server: Server, who: Account, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "voice_server.cli", "call", "--url", server.url,
         "--email", who.email, *arguments],
        env=os.environ | {"CALL_PASSWORD": who.password, "COLUMNS": "300"},
        capture_output=True,
        text=True,
        timeout=100,
    )  # fmt: skip


def save(path: Path, speech: Any, rate_hz: int = 16_000, channels: int = 1) -> Path:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(rate_hz)
        out.writeframes(np.repeat(speech, channels).astype("<i2").tobytes())
    return path


@pytest.fixture
async def admin(server: Server, accounts: Accounts) -> AsyncIterator[httpx.AsyncClient]:
    """The server's API, as an admin sees it."""
    token = await sign_in(server.url, accounts.admin.email, accounts.admin.password)
    async with httpx.AsyncClient(
        base_url=server.url, headers={"Authorization": f"Bearer {token}"}
    ) as http:
        yield http


async def heard_words(line: Caller, count: int) -> None:
    """Return once this many words of the answer were heard."""
    async with asyncio.timeout(30):
        async for _, message in line.events:
            data = message.get("data") or {}
            if data.get("kind") == "words" and len(data["text"].split()) >= count:
                return


def test_a_recorded_question_is_answered_aloud_with_its_source(
    server: Server,
    caller: Account,
    say: Say,  # noqa: F811
    tmp_path: Path,
) -> None:
    asked = say("What is the dose of lorazepam in status epilepticus?")  # a short answer
    question = save(tmp_path / "question.wav", asked.repeat(3), 48_000, channels=2)
    heard = tmp_path / "answer.wav"
    done = call(server, caller, str(question), "--json", "--out", str(heard))
    assert done.returncode == 0, done.stderr
    [answer] = json.loads(done.stdout)
    assert "Status epilepticus" in answer["sources"][0]["title"]
    assert "0.1 mg/kg" in answer["answer"]
    assert answer["heard"] == answer["answer"]
    assert "lorazepam" in answer["transcript"]
    assert answer["notices"] == [], "the caller's microphone is open while the answer is heard"
    assert {"turn_end", "evidence", "first_audio"} <= answer["timeline_ms"].keys()
    with wave.open(str(heard)) as audio:
        samples = np.frombuffer(audio.readframes(audio.getnframes()), np.int16)
    assert np.abs(samples.astype(np.int32)).max() > 3000


async def test_the_conversation_is_kept_and_only_its_owner_and_reviewers_read_it(
    server: Server, accounts: Accounts, caller: Account
) -> None:
    token = await sign_in(server.url, caller.email, caller.password)
    async with open_caller(server.url, token) as line:
        _, known = await line.events.wait_for("call")
        line.message("send-text", {"content": QUESTION})
        await heard_words(line, 6)
        line.message("disconnect-bot")
        await line.events.wait_for("answer")
    call_id = known["data"]["call_id"]
    other, reviewer = accounts.add("Otto Other", "clinician"), accounts.add("Rae", "reviewer")

    def read(who: Account, path: str) -> httpx.Response:
        body = {"email": who.email, "password": who.password}
        with httpx.Client(base_url=server.url) as http:
            token = http.post("/api/session", json=body).json()["access_token"]
            return http.get(path, headers={"Authorization": f"Bearer {token}"})

    assert call_id in [one["id"] for one in read(caller, "/api/calls").json()["calls"]]
    transcript = read(caller, f"/api/calls/{call_id}").json()
    assert [turn["text_spoken"] for turn in transcript["turns"]][0] == QUESTION
    assert transcript["turns"][1]["citations"][0]["title"].startswith(PAGE)
    assert read(other, f"/api/calls/{call_id}").status_code == 404
    assert read(other, "/api/calls").json()["calls"] == []
    assert read(reviewer, f"/api/calls/{call_id}").status_code == 200
    opened = read(accounts.admin, "/api/audit").json()["events"][:20]
    assert any(
        event["action"] == "transcript.open" and event["actor"]["name"] == "Rae" for event in opened
    )


def test_a_file_that_is_not_audio_is_refused_with_a_sentence(
    server: Server, caller: Account, tmp_path: Path
) -> None:
    wrong = tmp_path / "question.wav"
    wrong.write_text("this is not audio")
    done = call(server, caller, str(wrong))
    assert done.returncode == 1
    assert "not audio" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_password_and_a_server_that_is_not_there_are_told_apart(
    server: Server, caller: Account
) -> None:
    wrong = Account(caller.id, caller.name, caller.email, "not the password at all")
    assert "not right" in call(server, wrong, "--type", QUESTION).stderr
    nowhere = Server("http://127.0.0.1:9", "", "", server.data, server.log, 0)
    assert "No voice server answers" in call(nowhere, caller, "--type", QUESTION).stderr


async def test_after_barge_in_what_is_kept_is_what_was_heard(
    server: Server,
    caller: Account,
    say_otherwise: Say,  # noqa: F811
) -> None:
    token = await sign_in(server.url, caller.email, caller.password)
    async with open_caller(server.url, token) as line:
        await line.events.wait_for("call")
        line.message("send-text", {"content": QUESTION})
        await line.events.wait_for("bot-started-speaking")
        await heard_words(line, 8)
        cut = asyncio.get_running_loop().time()
        await line.play(say_otherwise("Stop. Stop now please."))
        at, message = await line.events.wait_for("answer", after_s=cut)
        words = [
            event["data"]["text"].split()
            for when, event in line.events.seen
            if (event.get("data") or {}).get("kind") == "words" and when <= at
        ]
        answer = message["data"]
        assert answer["interrupted"]
        kept = answer["text_heard"].split()
        assert abs(len(kept) - len(words[-1])) <= 1
        assert len(kept) < len(answer["text_spoken"].split())
        silence = line.heard.silent_from(at)
        while silence is None:
            await asyncio.sleep(0.05)
            silence = line.heard.silent_from(at)
        assert silence - at < 0.5


async def test_calls_that_ended_leave_no_task_behind(
    server: Server, admin: httpx.AsyncClient, caller: Account
) -> None:
    token = await sign_in(server.url, caller.email, caller.password)

    async def tasks_at_rest(most: float = math.inf) -> int:
        """How many, once no call is left and there are at most so many."""
        async with asyncio.timeout(20):
            while True:
                held = (await admin.get("/api/status/process")).raise_for_status().json()
                if held["calls"] == 0 and held["tasks"] <= most:
                    return int(held["tasks"])
                await asyncio.sleep(0.1)

    before = await tasks_at_rest()
    for _ in range(3):
        async with open_caller(server.url, token) as line:
            await line.events.wait_for("call")
            line.message("send-text", {"content": QUESTION})
            await heard_words(line, 2)
            during = (await admin.get("/api/status/process")).json()
            assert during["calls"] == 1
            assert during["tasks"] > before
    assert await tasks_at_rest(before) <= before


async def test_a_question_asked_again_is_found_in_the_cache_and_admins_see_it(
    server: Server, admin: httpx.AsyncClient, caller: Account
) -> None:
    token = await sign_in(server.url, caller.email, caller.password)

    async def hits() -> int:
        reply = await admin.get("/api/status/process")
        return int(reply.raise_for_status().json()["caches"]["results"]["hits"])

    async with open_caller(server.url, token) as line:
        await line.events.wait_for("call")
        line.message("send-text", {"content": QUESTION})
        await heard_words(line, 2)
        before = await hits()
        line.message("send-text", {"content": QUESTION})
        cut_s, _ = await line.events.wait_for("answer", deadline_s=30)
        await line.events.wait_for("evidence", after_s=cut_s, deadline_s=30)
        assert await hits() == before + 1


async def test_only_admins_see_what_the_process_holds(server: Server, caller: Account) -> None:
    token = await sign_in(server.url, caller.email, caller.password)
    async with httpx.AsyncClient(
        base_url=server.url, headers={"Authorization": f"Bearer {token}"}
    ) as http:
        assert (await http.get("/api/status/process")).status_code == 403


async def test_offers_that_cannot_be_are_refused_and_the_server_goes_on(
    server: Server, caller: Account
) -> None:
    token = await sign_in(server.url, caller.email, caller.password)
    async with httpx.AsyncClient(
        base_url=server.url, headers={"Authorization": f"Bearer {token}"}
    ) as http:
        corrupt = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\nm=audio nine X\r\na=fingerprint:none"
        for body, code in (
            ({"sdp": corrupt, "type": "offer"}, "offer.sdp"),
            ({"sdp": "", "type": "offer"}, "offer.sdp"),
            ({"sdp": 7, "type": "offer"}, "request.invalid"),
            ({"type": "offer"}, "request.invalid"),
            (["sdp"], "request.invalid"),
        ):
            refused = await http.post("/api/offer", json=body)
            assert (refused.status_code, refused.json()["code"]) == (422, code), body
            assert refused.json()["sentence"]
        assert (await http.get("/api/status")).json()["calls"] == 0
    async with open_caller(server.url, token) as line:
        await line.events.wait_for("call")
