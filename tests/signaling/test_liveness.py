"""Who is silent is not dead; who answers nothing is, soon. And nobody may send without end."""

from __future__ import annotations

from signaling.media.allowance import Allowance
from signaling.media.liveness import Liveness


def run(liveness: Liveness, until: float, heard_at: list[float]) -> dict[str, float]:
    """Check every 20 ms; returns when each state was entered."""
    entered: dict[str, float] = {}
    waiting = sorted(heard_at)
    for step in range(int(until / 0.02)):
        now = step * 0.02
        while waiting and waiting[0] <= now:
            liveness.heard(waiting.pop(0))
        state, _ = liveness.check(now)
        entered.setdefault(state, now)
    return entered


def test_reconnecting_within_two_seconds_and_closed_within_five() -> None:
    entered = run(Liveness(0.0), 10, [n * 0.02 for n in range(50)])
    assert entered["reconnecting"] - 0.98 <= 2.0
    assert entered["closed"] - 0.98 <= 5.0


def test_a_caller_who_is_heard_now_and_then_stays_connected() -> None:
    assert run(Liveness(0.0), 30, [n * 1.0 for n in range(30)]) == {"connected": 0.0}


def test_a_caller_who_comes_back_is_connected_again() -> None:
    liveness = Liveness(0.0)
    assert "reconnecting" in run(liveness, 3.0, [])
    liveness.heard(3.0)
    assert liveness.check(3.02) == ("connected", False)


def test_closed_is_final() -> None:
    liveness = Liveness(0.0)
    run(liveness, 6.0, [])
    liveness.heard(6.0)
    assert liveness.check(6.02) == ("closed", False)


def test_a_silent_far_end_is_asked_for_a_sign_of_life_several_times_before_it_counts_as_gone() -> (
    None
):
    liveness = Liveness(0.0)
    probes = [now for now in (step * 0.02 for step in range(90)) if liveness.check(now)[1]]
    assert probes[0] <= 0.7
    assert len(probes) >= 5


def test_an_allowance_takes_a_burst_then_the_rate_and_fills_up_again() -> None:
    allowance = Allowance(per_s=10, burst=30)
    assert sum(allowance.take(5.0) for _ in range(100)) == 30
    assert sum(allowance.take(5.0 + n / 1000) for n in range(1000)) in (9, 10)
    assert sum(allowance.take(60.0) for _ in range(100)) == 30
