"""The jitter buffer: never latches, accounts for all audio time, stays bounded."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signaling.media.arrival import TARGET_CEILING_S
from signaling.media.jitter import (
    MOST_HELD,
    Conceal,
    JitterBuffer,
    Play,
    Recover,
    Silence,
)
from tests.signaling.traces import PAYLOAD, TICKS, run_buffer, trace

BASE_S = 0.03


def test_a_clean_network_adds_no_delay() -> None:
    outcome = run_buffer(trace(30))
    assert np.max(outcome.delays_s(BASE_S)[:1500]) < 0.001
    assert outcome.most_held == 0


def test_lag_is_back_at_once_after_one_lost_packet_and_the_hole_is_recovered() -> None:
    outcome = run_buffer(trace(10, lose=[250]))
    delays = outcome.delays_s(BASE_S)
    assert outcome.kinds[250] is Recover
    assert delays[250] <= 0.021
    assert np.max(delays[251:500]) < 0.001


@pytest.mark.parametrize("reorder", [True, False])
def test_five_percent_loss_and_jitter_lose_no_time_and_add_little_delay(reorder: bool) -> None:
    arrivals = trace(120, loss=0.05, jitter_s=0.02, reorder=reorder)
    outcome = run_buffer(arrivals)
    delays = outcome.delays_s(BASE_S)[:6000]
    assert outcome.ticks / TICKS >= 0.99 * 6000
    assert len(outcome.handed_s) >= 0.99 * 6000
    assert np.mean(delays) <= 0.02
    assert np.percentile(delays, 99) <= 0.08


def test_one_percent_loss_for_ten_minutes_never_latches() -> None:
    outcome = run_buffer(trace(600, loss=0.01, jitter_s=0.01))
    delays = outcome.delays_s(BASE_S)[:30000]
    late = np.flatnonzero(delays > 0.1)
    assert len(late) == 0
    assert np.mean(delays[-1000:]) < 0.03


def test_a_burst_of_losses_is_concealed_and_the_last_one_recovered() -> None:
    outcome = run_buffer(trace(5, lose=[100, 101, 102]))
    assert [outcome.kinds[n] for n in (100, 101, 102, 103)] == [Conceal, Conceal, Recover, Play]
    assert outcome.delays_s(BASE_S)[103] < 0.001


def test_an_outage_keeps_the_clock_going_and_what_comes_late_is_still_handed_on() -> None:
    arrivals = trace(6)
    stalled = [
        a if not 100 <= a.number < 115 else type(a)(2.329, a.sent_s, a.number, a.timestamp)
        for a in arrivals
    ]
    buffer = JitterBuffer()
    kinds: list[type] = []
    for arrival in sorted(stalled, key=lambda a: (a.at_s, a.number)):
        # The network lets time pass in 20 ms steps, as the call's timer does.
        for step in buffer.pop(arrival.at_s - 0.001):
            kinds.append(type(step))
        buffer.insert(arrival.number, arrival.timestamp, PAYLOAD, arrival.at_s)
        kinds += [type(step) for step in buffer.pop(arrival.at_s)]
    assert kinds.count(Play) == 300
    assert kinds.count(Conceal) >= 8
    assert buffer.owed_ticks == kinds.count(Conceal) * TICKS
    assert buffer.counters.late == 0


def test_a_pause_of_the_sender_is_filled_with_silence() -> None:
    buffer = JitterBuffer()
    buffer.insert(0, 0, PAYLOAD, 0.0)
    buffer.insert(1, 5 * TICKS, PAYLOAD, 0.1)
    assert buffer.pop(0.1) == [Play(PAYLOAD, TICKS), Silence(4 * TICKS), Play(PAYLOAD, TICKS)]


def test_a_long_pause_is_not_filled() -> None:
    buffer = JitterBuffer()
    buffer.insert(0, 0, PAYLOAD, 0.0)
    buffer.pop(0.0)
    buffer.insert(1, 48000 * 600, PAYLOAD, 600.0)
    assert buffer.pop(600.0) == [Play(PAYLOAD, TICKS)]
    buffer.insert(2, 48000 * 600 + TICKS, PAYLOAD, 600.02)
    assert buffer.pop(600.02) == [Play(PAYLOAD, TICKS)]


def test_sequence_and_timestamp_wrap_is_not_noticed() -> None:
    plain = run_buffer(trace(20, loss=0.05, jitter_s=0.02))
    wrapped = run_buffer(trace(20, loss=0.05, jitter_s=0.02), offset=65000)
    far = run_buffer(trace(20, loss=0.05, jitter_s=0.02), offset=(1 << 32) // TICKS - 300)
    assert plain.kinds == wrapped.kinds == far.kinds


def test_duplicates_are_dropped() -> None:
    buffer = JitterBuffer()
    for number in range(10):
        for _ in range(2):
            buffer.insert(number, number * TICKS, PAYLOAD, number * 0.02)
    assert len(buffer.pop(0.2)) == 10
    buffer.insert(9, 9 * TICKS, PAYLOAD, 0.21)
    assert buffer.pop(0.21) == []
    assert buffer.counters.duplicate == 11


def test_a_reordering_network_is_waited_for_and_a_steady_one_is_not() -> None:
    late = [(n * 0.02 + (0.05 if n % 2 else 0.0), n) for n in range(40)]
    buffer = JitterBuffer()
    for at, number in sorted(late):
        buffer.insert(number, number * TICKS, PAYLOAD, at)
        buffer.pop(at)
    assert buffer.target_s == pytest.approx(0.05, abs=0.001)
    buffer.insert(40, 40 * TICKS, PAYLOAD, 0.84)
    buffer.pop(0.84)
    buffer.insert(42, 42 * TICKS, PAYLOAD, 0.85)
    assert buffer.pop(0.85) == []
    buffer.insert(41, 41 * TICKS, PAYLOAD, 0.86)
    assert [type(step) for step in buffer.pop(0.86)] == [Play, Play]

    steady = JitterBuffer()
    for number in (0, 1, 3):
        steady.insert(number, number * TICKS, PAYLOAD, number * 0.02)
    assert [type(step) for step in steady.pop(0.06)] == [Play, Play, Recover, Play]


def test_a_restarted_sequence_is_followed_and_a_stray_packet_is_not() -> None:
    buffer = JitterBuffer()
    for number in range(5):
        buffer.insert(number, number * TICKS, PAYLOAD, number * 0.02)
    buffer.pop(0.1)
    buffer.insert(30000, 77, PAYLOAD, 0.1)
    buffer.insert(5, 5 * TICKS, PAYLOAD, 0.1)
    assert buffer.pop(0.1) == [Play(PAYLOAD, TICKS)]
    for number in range(40000, 40003):
        buffer.insert(number, number * TICKS, PAYLOAD, 0.12)
    assert len(buffer.pop(0.12)) == 2


def test_a_lasting_change_of_delay_is_followed_within_a_second() -> None:
    arrivals = trace(10)
    slower = [
        a if a.number < 200 else type(a)(a.at_s + 0.3, a.sent_s, a.number, a.timestamp)
        for a in arrivals
    ]
    outcome = run_buffer(slower)
    assert set(outcome.kinds[n] for n in range(260, 500)) == {Play}


packets = st.tuples(
    st.integers(0, 65535), st.integers(0, 2**32 - 1), st.binary(max_size=8), st.floats(0, 0.2)
)


@settings(deadline=None, max_examples=60)
@given(st.lists(packets, max_size=150))
def test_any_packets_at_all_leave_it_bounded(
    sequence: list[tuple[int, int, bytes, float]],
) -> None:
    buffer = JitterBuffer()
    now = 0.0
    for number, timestamp, payload, later in sequence:
        now += later
        buffer.insert(number, timestamp, payload, now)
        steps = buffer.pop(now)
        assert sum(step.ticks for step in steps) <= 300 * 5760
        assert buffer.held <= MOST_HELD
        assert 0 <= buffer.target_s <= TARGET_CEILING_S


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.booleans(), min_size=50, max_size=200),
    st.lists(st.floats(0, 0.08), min_size=200, max_size=200),
    st.integers(0, 65535),
)
def test_under_any_loss_and_reordering_packets_play_once_in_order_and_time_is_whole(
    kept: list[bool], delays: list[float], first: int
) -> None:
    kept[0] = kept[-1] = True
    delays[0] = 0.0
    arrivals = sorted(
        (n * 0.02 + delay, n)
        for n, (keep, delay) in enumerate(zip(kept, delays, strict=False))
        if keep
    )
    buffer = JitterBuffer()
    played: list[int] = []
    ticks = 0
    for at, number in arrivals:
        buffer.insert(
            (first + number) & 0xFFFF, number * TICKS, PAYLOAD + number.to_bytes(2, "big"), at
        )
        for step in buffer.pop(at):
            ticks += step.ticks
            if isinstance(step, Play):
                played.append(int.from_bytes(step.payload[-2:], "big"))
    assert played == sorted(set(played))
    final = [step for n in range(40) for step in buffer.pop(arrivals[-1][0] + n * 0.001)]
    ticks += sum(step.ticks for step in final)
    first_played = arrivals[0][1] if not played else min(played)
    assert ticks - buffer.owed_ticks >= (len(kept) - first_played - 6) * TICKS
