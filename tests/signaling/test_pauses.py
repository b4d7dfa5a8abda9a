"""A sender that pauses and goes on where it stopped, and a network that delivers late: nothing that
arrives is thrown away, nothing waits, and the time given out twice is paid back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from signaling.media.inbound import InboundAudio
from signaling.media.jitter import MOST_OWED_TICKS, Conceal
from signaling.media.opus import CLOCK_HZ
from signaling.media.rtp import RtpPacket
from tests.signaling.traces import (
    FRAME_S,
    TICKS,
    Arrival,
    encode,
    held_back,
    held_up,
    speech,
    steps_of,
    trace,
)

STREAM_S = 12.0
PACKETS = 600
PAUSED_AT = 200


def heard(arrivals: list[Arrival], *, until_s: float) -> list[tuple[float, bytes, bool]]:
    """(when, PCM, whether it was guessed) of each frame that the receive path hands out."""
    frames: list[tuple[float, bytes, bool]] = []
    now = 0.0
    path = InboundAudio(lambda pcm, at_ms, guessed: frames.append((now, pcm, guessed)))
    events: list[tuple[float, Arrival | None]] = [(a.at_s, a) for a in arrivals]
    events += [(FRAME_S * i + 0.007, None) for i in range(int(until_s / FRAME_S))]
    for at, arrival in sorted(events, key=lambda event: event[0]):
        now = at
        if arrival is not None:
            number, timestamp = arrival.number & 0xFFFF, arrival.timestamp & 0xFFFFFFFF
            path.packet(RtpPacket(96, number, timestamp, 7, arrival.payload), at)
        path.tick(at)
    return frames


@pytest.mark.parametrize("pause_s", [0.1, 0.3, 0.7, 1.5, 2.5, 10.0])
def test_all_that_comes_after_a_pause_is_played_the_moment_it_comes(pause_s: float) -> None:
    arrivals = held_back(trace(STREAM_S), PAUSED_AT, pause_s)
    buffer, handed = steps_of(arrivals)
    played = {one.number: one.at_s for one in handed if one.number >= 0}
    assert list(played) == list(range(PACKETS))
    assert max(played[a.number] - a.at_s for a in arrivals) == 0
    assert buffer.owed_ticks == 0
    assert buffer.counters.late == 0


def test_a_pause_right_after_the_senders_clock_jumped_is_one_like_any_other() -> None:
    jumped = [
        replace(a, timestamp=a.timestamp + 48_000 * 600 * (a.number >= PAUSED_AT - 1))
        for a in held_back(trace(STREAM_S), PAUSED_AT, 0.5)
    ]
    buffer, handed = steps_of(jumped)
    assert [one.number for one in handed if one.number >= 0] == list(range(PACKETS))
    assert buffer.owed_ticks == 0


def test_many_pauses_one_after_another_lose_nothing() -> None:
    arrivals = trace(STREAM_S)
    for first in range(50, PACKETS, 50):
        arrivals = held_back(arrivals, first, 0.4)
    buffer, handed = steps_of(arrivals)
    assert [one.number for one in handed if one.number >= 0] == list(range(PACKETS))
    assert buffer.owed_ticks == 0
    given_s = sum(one.step.ticks for one in handed) / CLOCK_HZ
    assert given_s == pytest.approx(arrivals[-1].at_s, rel=0.15)


def test_a_pause_is_concealed_once_and_a_stall_after_it_for_its_own_length_only() -> None:
    arrivals = held_back(held_back(trace(STREAM_S), PAUSED_AT, 1.5), PAUSED_AT + 10, 0.2)
    _, handed = steps_of(arrivals)
    resumed = next(one.at_s for one in handed if one.number == PAUSED_AT)
    concealed = [one for one in handed if isinstance(one.step, Conceal)]
    assert sum(one.at_s < resumed for one in concealed) * FRAME_S == pytest.approx(1.4, abs=0.05)
    assert 1 <= sum(one.at_s > resumed for one in concealed) <= 5


def test_a_network_that_reorders_is_waited_for_as_long_after_a_pause_as_before() -> None:
    def swapped(a: Arrival) -> Arrival:
        late_s = 0.05 if a.number % 10 == 5 else 0.0
        return Arrival(a.at_s + late_s, a.sent_s, a.number, a.timestamp)

    arrivals = sorted(
        map(swapped, held_back(trace(STREAM_S), PAUSED_AT, 1.5)), key=lambda a: a.at_s
    )
    _, handed = steps_of(arrivals)
    played = {one.number for one in handed if one.number >= 0}
    lost = set(range(PACKETS)) - played
    assert not [number for number in lost if number > 50]


def test_the_first_packet_after_a_pause_may_be_lost_and_the_next_wait_no_longer_than_for_any() -> (
    None
):
    arrivals = held_back(trace(STREAM_S, jitter_s=0.08), PAUSED_AT, 1.5)
    arrivals = sorted((a for a in arrivals if a.number != PAUSED_AT), key=lambda a: a.at_s)
    _, handed = steps_of(arrivals)
    played = {one.number: one.at_s for one in handed}
    assert max(played[a.number] - a.at_s for a in arrivals if a.number in played) <= 0.22


def test_speech_on_either_side_of_a_pause_is_heard_whole_and_time_goes_on() -> None:
    sound = np.concatenate([speech(4, 24_000), speech(8, 24_000) // 200])
    arrivals = held_back(trace(STREAM_S, payloads=encode(sound)), PAUSED_AT, 0.8)
    frames = heard(arrivals, until_s=arrivals[-1].at_s)
    assert sum(not guessed for _, _, guessed in frames) == PACKETS
    assert len(frames) == pytest.approx((STREAM_S + 0.8) / FRAME_S, abs=8)


@pytest.mark.parametrize("outage_s", [0.4, 1.0, 2.0, 4.0])
def test_all_that_an_outage_held_up_is_handed_on(outage_s: float) -> None:
    arrivals = held_up(trace(STREAM_S), PAUSED_AT, PAUSED_AT + round(outage_s / FRAME_S))
    buffer, handed = steps_of(arrivals)
    assert [one.number for one in handed if one.number >= 0] == list(range(PACKETS))
    concealed = sum(isinstance(one.step, Conceal) for one in handed)
    assert buffer.owed_ticks == pytest.approx(concealed * TICKS, abs=TICKS)
    assert concealed > 0
    assert buffer.owed_ticks <= MOST_OWED_TICKS


def test_outages_one_after_another_owe_no_more_than_one_can() -> None:
    arrivals = trace(STREAM_S)
    for first in (50, 150, 250):
        arrivals = held_up(arrivals, first, first + 75)
    buffer, _ = steps_of(arrivals)
    assert buffer.owed_ticks == MOST_OWED_TICKS


def test_a_sender_whose_clock_runs_fast_owes_nothing_for_a_pause_long_ago() -> None:
    arrivals = held_back(trace(120), PAUSED_AT, 1.5)
    fast = [replace(a, timestamp=round(a.timestamp * 1.001)) for a in arrivals]
    buffer, _ = steps_of(fast)
    assert buffer.owed_ticks == 0


@pytest.mark.parametrize("loudness", [1.0, 0.3])
def test_what_an_outage_gave_out_twice_is_paid_back_even_by_one_who_never_pauses(
    loudness: float,
) -> None:
    voice = (speech(60, 24_000) * loudness).astype(np.int16)
    arrivals = held_up(trace(60, payloads=encode(voice)), PAUSED_AT, PAUSED_AT + 75)
    frames = heard(arrivals, until_s=60)
    ahead = [(n + 1) * FRAME_S - (at - frames[0][0]) for n, (at, _, _) in enumerate(frames)]
    resumed = next(n for n, (at, _, _) in enumerate(frames) if at >= (PAUSED_AT + 75) * FRAME_S)
    assert max(ahead[resumed : resumed + 100]) > 1.2
    assert max(ahead[-500:]) <= 0.13
    skipped = 60 / FRAME_S - sum(not guessed for _, _, guessed in frames)
    assert skipped <= 1.5 / FRAME_S
