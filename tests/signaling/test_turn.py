"""Through a real TURN server (coturn), with the short-lived credentials that the page is given."""

from __future__ import annotations

import asyncio
import shutil
import socket
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiortc import RTCIceServer

from signaling.ice import IceConfig, IceServer
from tests.signaling.clients import LegLog, OwnClient

TURNSERVER = shutil.which("turnserver") or ""
SECRET = "north"

pytestmark = pytest.mark.skipif(not TURNSERVER, reason="coturn is not installed")


@pytest.fixture
async def turn(tmp_path: Path) -> AsyncIterator[IceConfig]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        *(TURNSERVER, "-n", "--no-cli", "--no-tls", "--no-dtls", "--no-stdout-log", "--no-stun"),
        *("--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1", f"--listening-port={port}"),
        *("--use-auth-secret", f"--static-auth-secret={SECRET}", "--realm=ward"),
        *("--allow-loopback-peers", f"--pidfile={tmp_path}/pid", f"--userdb={tmp_path}/db"),
        f"--log-file={tmp_path}/log",
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(10):
            while True:
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", port)
                except ConnectionError:
                    await asyncio.sleep(0.05)
                else:
                    writer.close()
                    break
        yield IceConfig(turn=(f"turn:127.0.0.1:{port}?transport=udp",), turn_secret=SECRET)
    finally:
        process.kill()
        await process.wait()


def for_client(servers: tuple[IceServer, ...]) -> list[RTCIceServer]:
    return [RTCIceServer(list(s.urls), s.username, s.credential) for s in servers]


def relayed_candidates(sdp: str) -> int:
    return sum("typ relay" in line for line in sdp.splitlines() if line.startswith("a=candidate"))


async def test_a_caller_with_nothing_but_a_relay_is_connected(turn: IceConfig) -> None:
    log = LegLog()
    far = OwnClient(interfaces=("none",), servers=for_client(turn.servers("ada", time.time())))
    try:
        offer = await far.offer()
        assert relayed_candidates(offer) > 0
        assert offer.count("typ host") == 0
        sdp, _ = await log.leg.answer(offer)
        await far.accept(sdp)
        await log.until(lambda: len(log.frames) >= 25)
    finally:
        await log.leg.close()
        await far.peer.close()


async def test_a_leg_with_nothing_but_a_relay_is_connected(turn: IceConfig) -> None:
    log = LegLog(interfaces=("none",), ice_servers=turn.servers("ada", time.time()))
    far = OwnClient()
    try:
        sdp, _ = await log.leg.answer(await far.offer())
        assert relayed_candidates(sdp) > 0
        await far.accept(sdp)
        await log.until(lambda: len(log.frames) >= 25)
        assert log.leg.state == "connected"
    finally:
        await log.leg.close()
        await far.peer.close()


@pytest.mark.parametrize(("secret", "age_s"), [("south", 0), (SECRET, 7200)])
async def test_forged_and_expired_credentials_get_no_relay(
    turn: IceConfig, secret: str, age_s: float
) -> None:
    forged = IceConfig(turn=turn.turn, turn_secret=secret)
    servers = forged.servers("ada", time.time() - age_s)
    far = OwnClient(interfaces=("127.0.0.1",), servers=for_client(servers))
    try:
        assert relayed_candidates(await far.offer()) == 0
    finally:
        await far.peer.close()
