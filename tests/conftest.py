"""Guards that hold for every test, and the fixtures all packages share."""

from __future__ import annotations

import asyncio
import gc
import ipaddress
import logging
import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any

import psutil
import pytest
from blockbuster import BlockBuster
from loguru import logger
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

pytest_plugins = ["tests.fixtures_storage", "tests.fixtures_server"]

_OWN_NETWORKS = tuple(
    ipaddress.ip_network(network) for network in ("127.0.0.0/8", "::1/128", "10.99.0.0/16")
)
"""Loopback, and the tests' own network namespaces."""
_THIS_MACHINE = frozenset(
    address.address.split("%")[0] for of in psutil.net_if_addrs().values() for address in of
)
"""Its own addresses: WebRTC between two processes here may choose them."""


def _only_our_own_hosts(event: str, arguments: tuple[Any, ...]) -> None:
    if event not in ("socket.connect", "socket.sendto"):
        return
    address = arguments[1]
    if not isinstance(address, tuple) or not address:
        return
    try:
        host = ipaddress.ip_address(str(address[0]).split("%")[0])
    except ValueError:
        return
    if str(host) in _THIS_MACHINE or host.is_unspecified:
        return
    if not any(host in network for network in _OWN_NETWORKS):
        raise PermissionError(f"a test may not reach {host}")


sys.addaudithook(_only_our_own_hosts)


_SERVED = ("tests/browser/", "tests/product/")
"""Folders whose tests talk to the one running server."""


class _SideBySide(LoadScopeScheduling):  # type: ignore[misc]
    """How the processes of `make test` share the tests: those that talk to the running server stay
    with one of them; every other file stays whole."""

    def _split_scope(self, nodeid: str) -> str:
        return "server" if nodeid.startswith(_SERVED) else nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> _SideBySide | None:
    return _SideBySide(config, log) if config.getoption("dist") == "loadscope" else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first."""
    items.sort(key=lambda item: not item.nodeid.startswith(_SERVED))


@pytest.fixture(autouse=True)
async def no_leaked_task(request: pytest.FixtureRequest) -> AsyncIterator[None]:
    """A test leaves no task behind on its loop."""
    before = asyncio.all_tasks()
    yield
    for _ in range(20):
        left = {task for task in asyncio.all_tasks() - before if not task.done()}
        left.discard(asyncio.current_task())
        if not left:
            return
        await asyncio.sleep(0.05)
    pytest.fail(f"tasks left running: {sorted(task.get_name() for task in left)}")


@pytest.fixture
def blocking_allowed() -> bool:
    """Override in a module whose tests must block the loop themselves."""
    return False


@pytest.fixture(autouse=True)
def no_blocking_call(blocking_allowed: bool) -> Iterator[None]:
    """Our own code never blocks the event loop."""
    if blocking_allowed:
        yield
        return
    blockbuster = BlockBuster(["voice_server", "agents", "rag", "signaling", "storage"])
    blockbuster.activate()
    try:
        yield
    finally:
        blockbuster.deactivate()


class ErrorRecords(list[str]):
    """ERROR lines that were logged; a test that means them clears them."""


@pytest.fixture(autouse=True)
def errors_logged() -> Iterator[ErrorRecords]:
    """No ERROR line that the test did not ask for."""
    records = ErrorRecords()

    class Catch(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(f"{record.name}: {record.getMessage()}")

    handler = Catch(level=logging.ERROR)
    logging.getLogger().addHandler(handler)
    sink = logger.add(lambda message: records.append(str(message)), level="ERROR")
    try:
        yield records
    finally:
        logging.getLogger().removeHandler(handler)
        logger.remove(sink)
    assert not records, f"unexpected errors were logged: {records}"


@pytest.fixture(autouse=True, scope="session")
def quiet_log() -> Iterator[None]:
    """The log of a test run is what the guards look at, not the terminal."""
    logger.remove()
    yield
    gc.collect()
