"""Messages wait for the channel, keep their order and numbers, and can be sent again."""

from __future__ import annotations

import json

from signaling.outbox import MOST_KEPT, Outbox


def numbers(texts: list[str]) -> list[int]:
    return [json.loads(text)["seq"] for text in texts]


def test_messages_before_the_channel_opens_are_sent_in_order_when_it_does() -> None:
    outbox = Outbox()
    assert outbox.push({"type": "a"}, open_now=False) is None
    assert outbox.push({"type": "b"}, open_now=False) is None
    waiting = outbox.opened()
    assert [json.loads(text)["type"] for text in waiting] == ["a", "b"]
    assert numbers(waiting) == [1, 2]
    assert outbox.opened() == []


def test_a_message_on_an_open_channel_goes_at_once() -> None:
    text = Outbox().push({"type": "a"}, open_now=True)
    assert text == '{"type":"a","seq":1}'


def test_a_resumed_caller_is_sent_exactly_what_it_missed() -> None:
    outbox = Outbox()
    for _ in range(5):
        outbox.push({"type": "x"}, open_now=True)
    outbox.push({"type": "x"}, open_now=False)
    assert numbers(outbox.replay(3)) == [4, 5, 6]
    assert outbox.opened() == []


def test_it_forgets_the_oldest_rather_than_grow() -> None:
    outbox = Outbox()
    for _ in range(3 * MOST_KEPT):
        outbox.push({"type": "x"}, open_now=False)
    assert len(outbox.replay(0)) == MOST_KEPT
    assert numbers(outbox.replay(0))[-1] == 3 * MOST_KEPT
