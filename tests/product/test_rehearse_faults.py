"""Rehearsals guard against every known fault of turn-taking; the documentation says which."""

from __future__ import annotations

import re
from pathlib import Path

from voice_server.rehearsing.reading import read_scripts

ROOT = Path(__file__).parents[2]
TURN_TAKING = range(14, 38)


def test_each_fault_is_guarded_by_the_calls_that_the_documentation_names() -> None:
    guarding: dict[int, set[str]] = {}
    for call in read_scripts([ROOT / "tests" / "rehearsals"]):
        for fault in call.faults:
            guarding.setdefault(fault, set()).add(call.name)
    page = (ROOT / "docs" / "rehearsals.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| .* \| (.*) \|$", page, re.MULTILINE)
    told = {int(fault): set(names.split(" · ")) for fault, names in rows}
    assert sorted(told) == list(TURN_TAKING)
    assert {fault: guarding[fault] for fault in TURN_TAKING} == told
