"""Sentences that say something else than what would carry them, in nearly the same words."""

from __future__ import annotations

from pathlib import Path

import pytest

from agents.gate import check

ATTACKS = tuple(
    tuple(block.split("\n"))
    for block in Path(__file__)
    .with_name("gate_attacks.txt")
    .read_text("utf-8")
    .strip()
    .split("\n\n")
)
"""What the source says, and another thing."""


@pytest.mark.parametrize(("carried", "altered"), ATTACKS)
def test_another_thing_in_nearly_the_same_words_is_refused(carried: str, altered: str) -> None:
    assert check(carried, [carried]).passed
    assert not check(altered, [carried]).passed
