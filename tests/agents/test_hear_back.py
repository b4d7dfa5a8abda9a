"""What the embedded voice says of a dose, the embedded ear hears as the same numbers."""

from __future__ import annotations

import shutil

import pytest

from perf.hear_back import hear_back, numbers

STRINGS = (
    "insulin 15 units", "morphine 2.5–5 mg IV q4h PRN", "88–92 %", "K+ 3.5–5.0 mmol/L",
    "amoxicillin 500 mg PO TDS × 5 days", "1/2 tablet", "adrenaline 1:10,000", "HR > 120 bpm",
    "BP 90/60 mmHg", "eGFR 30–59 mL/min/1.73 m²", "heparin 5,000 units SC BD", "≥ 65 years",
)  # fmt: skip


@pytest.mark.skipif(shutil.which("flite") is None, reason="flite is not installed")
def test_at_least_ten_of_twelve_doses_come_back_with_their_numbers() -> None:
    rows = hear_back(STRINGS)
    assert all(numbers(row.spoken) for row in rows)
    assert sum(row.numbers_kept for row in rows) >= 10, [
        row for row in rows if not row.numbers_kept
    ]
