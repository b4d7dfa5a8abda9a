"""A client that offers a connection id it had: of its own lost call, of nobody's, of another's."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest

from signaling.caller import Caller, open_caller, sign_in
from tests.browser.accounts import Account, Accounts
from tests.fixtures_server import Server, start, stop

LOOPBACK = ("127.0.0.1",)


@pytest.fixture
def blocking_allowed() -> bool:
    """Accounts are made over a blocking client."""
    return True


@pytest.fixture(scope="module")
def local() -> Iterator[Server]:
    """A server whose media stays on the loopback address; it has nothing to read or to learn."""
    with TemporaryDirectory(prefix="voice-test-") as folder:
        data, log = Path(folder) / "data", Path(folder) / "log"
        process, url, password = start(
            data,
            log,
            VOICE_ICE__INTERFACES="127.0.0.1",
            VOICE_VOICE__URL="tone://",
            VOICE_HEARING__URL="scripted://",
            VOICE_SAMPLE_LIBRARY="false",
        )
        try:
            yield Server(url, "admin@example.org", password, data, log, process.pid)
        finally:
            stop(process)


@pytest.fixture(scope="module")
def people(local: Server) -> Iterator[Accounts]:
    made = Accounts(local)
    yield made
    made.close()


@pytest.fixture(scope="module")
def caller(people: Accounts) -> Account:
    return people.add("Rea Connect", "clinician")


async def call_id(line: Caller, after_s: float = 0.0) -> str:
    """Which conversation the line is in."""
    _, known = await line.events.wait_for("call", after_s=after_s)
    return str(known["data"]["call_id"])


async def offer_again(line: Caller, pc_id: str) -> str:
    """Offer a new connection in the name of `pc_id`; the conversation that answers."""
    line.pc_id = pc_id
    now = asyncio.get_running_loop().time()
    await line.connect({}, deadline_s=10, renew=True)
    return await call_id(line, now)


async def gone(http: httpx.AsyncClient, pc_id: str) -> None:
    """Wait until the server has noticed that the connection is lost."""
    nothing = {"pc_id": pc_id, "candidates": []}
    while True:
        if (await http.patch("/api/offer", json=nothing)).status_code == 404:
            return
        await asyncio.sleep(0.05)


async def test_a_lost_call_goes_on_when_its_owner_offers_its_connection_id(
    local: Server, caller: Account
) -> None:
    token = await sign_in(local.url, caller.email, caller.password)
    async with (
        open_caller(local.url, token, interfaces=LOOPBACK) as line,
        httpx.AsyncClient(base_url=local.url, headers={"Authorization": f"Bearer {token}"}) as http,
    ):
        before, pc_id = await call_id(line), line.pc_id
        peer, line._peer = line._peer, None
        assert peer is not None
        await peer.close()
        await gone(http, pc_id)
        assert await offer_again(line, pc_id) == before
        assert line.pc_id != pc_id


async def test_an_unknown_connection_id_starts_a_new_call(local: Server, caller: Account) -> None:
    token = await sign_in(local.url, caller.email, caller.password)
    async with open_caller(local.url, token, interfaces=LOOPBACK) as line:
        before = await call_id(line)
        assert await offer_again(line, f"call-{'0' * 32}") != before


async def test_anothers_connection_id_starts_a_new_call_and_leaves_the_others_alone(
    local: Server, people: Accounts, caller: Account
) -> None:
    other = people.add("Otto Other", "clinician")
    token = await sign_in(local.url, caller.email, caller.password)
    others = await sign_in(local.url, other.email, other.password)
    async with (
        open_caller(local.url, token, interfaces=LOOPBACK) as line,
        open_caller(local.url, others, interfaces=LOOPBACK) as second,
    ):
        before = await call_id(line)
        assert await offer_again(second, line.pc_id) != before
        assert second.pc_id != line.pc_id
        now = asyncio.get_running_loop().time()
        line.message("send-text", {"content": "What is the dose of adrenaline in anaphylaxis?"})
        await line.events.wait_for("words", after_s=now)
        assert "words" not in [
            (message.get("data") or {}).get("kind") for _, message in second.events.seen
        ]
