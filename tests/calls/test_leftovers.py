"""The memory of calls that ended."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import Iterator

import pytest

from tests.virtual_time import run_virtual
from voice_server.calls.leftovers import AFTER_S, Leftovers


class _Part:
    """Of a peer connection: it holds another, which holds it."""

    other: _Part


@pytest.fixture
def no_collector() -> Iterator[None]:
    """Python's own collector rests, as it does for long in a process that keeps much."""
    gc.disable()
    yield
    gc.enable()


def test_what_holds_itself_in_a_circle_is_given_back_soon_after_the_call(
    no_collector: None,
) -> None:
    async def end_a_call() -> bool:
        one, other = _Part(), _Part()
        one.other, other.other = other, one
        left = weakref.ref(one)
        del one, other
        leftovers = Leftovers()
        leftovers.collect_soon()
        leftovers.collect_soon()
        still_there = left() is not None
        await asyncio.sleep(AFTER_S + 0.1)
        return still_there and left() is None

    assert run_virtual(end_a_call())
