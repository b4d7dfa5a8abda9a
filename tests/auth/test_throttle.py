"""Guessing passwords is slow, by account and by address."""

from __future__ import annotations

import pytest
import redis.asyncio as redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.driver_info import DriverInfo

from storage.faults import StoreDown, TooOften
from storage.keyvalue import KeyValue
from voice_server.auth.throttle import MOST_BY_ACCOUNT, MOST_BY_ADDRESS, WINDOW_S, Throttle

DRIVER = DriverInfo()


@pytest.fixture
def throttle(keyvalue: KeyValue) -> Throttle:
    return Throttle(keyvalue)


async def test_an_account_is_closed_for_a_while_whatever_the_address(throttle: Throttle) -> None:
    for number in range(MOST_BY_ACCOUNT):
        await throttle.admit("ada@example.org", f"192.0.2.{number}")
    with pytest.raises(TooOften) as raised:
        await throttle.admit(" Ada@Example.org", "192.0.2.99")
    assert raised.value.status == 429
    assert 0 < raised.value.retry_after_s <= WINDOW_S
    assert "minute" in raised.value.remedy
    await throttle.admit("other@example.org", "192.0.2.99")


async def test_the_right_password_starts_the_account_over(throttle: Throttle) -> None:
    for _ in range(MOST_BY_ACCOUNT):
        await throttle.admit("ada@example.org", "192.0.2.1")
    await throttle.succeeded("ada@example.org", "192.0.2.1")
    await throttle.admit("ada@example.org", "192.0.2.1")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:1::1", "2001:db8:1:1:ffff::2"),
        ("", "not an address"),
    ],
)
async def test_an_address_is_closed_for_a_while_whatever_the_account(
    throttle: Throttle, first: str, second: str
) -> None:
    for number in range(MOST_BY_ADDRESS):
        await throttle.admit(f"{number}@example.org", first)
    with pytest.raises(TooOften):
        await throttle.admit("new@example.org", second)
    await throttle.admit("new@example.org", "2001:db8:1:2::1")


async def test_a_ward_that_shares_an_address_is_not_closed_by_signing_in(
    throttle: Throttle,
) -> None:
    for number in range(3 * MOST_BY_ADDRESS):
        await throttle.admit(f"{number}@example.org", "192.0.2.1")
        await throttle.succeeded(f"{number}@example.org", "192.0.2.1")
    await throttle.admit("new@example.org", "192.0.2.1")


async def test_nobody_is_admitted_when_tries_cannot_be_counted() -> None:
    keyvalue = KeyValue(redis.Redis(port=9, retry=Retry(NoBackoff(), 0), driver_info=DRIVER))
    with pytest.raises(StoreDown):
        await Throttle(keyvalue).admit("ada@example.org", "192.0.2.1")
