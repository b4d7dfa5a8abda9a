"""The pieces of one text, each with its neighbours: what is said hangs on what stands beside it."""

from __future__ import annotations

from collections.abc import Sequence

from agents.saying.abbreviations import ENGLISH_IN_CAPITALS, HIGH_ALERT, ROMAN
from agents.saying.pieces import Kind, Piece
from agents.saying.units import Compound, compound


class Line:
    """`alert[i]` tells that piece i is in a high-alert sentence; `shouted`, that the text is set in
    capitals, so that capitals mark no abbreviation."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.pieces = pieces
        self.alert = _alerts(pieces)
        self.shouted = _shouted(pieces)

    def near(self, at: int) -> Piece | None:
        """The piece at a place; None beyond the ends."""
        return self.pieces[at] if 0 <= at < len(self.pieces) else None

    def kind(self, at: int) -> Kind | None:
        """What the piece at a place is."""
        piece = self.near(at)
        return piece.kind if piece else None

    def text(self, at: int) -> str:
        """The text of the piece at a place; '' beyond the ends."""
        piece = self.near(at)
        return piece.text if piece else ""

    def word_before(self, at: int) -> str:
        """The word before, past a dash, a stop or other numerals ("stages III–IV")."""
        at -= 1
        while (piece := self.near(at)) and (
            piece.kind in (Kind.DASH, Kind.NUMBER, Kind.BRACKET)
            or piece.text.rstrip("ab") in ROMAN
            or piece.text.lower() in ("and", "or", "to", "/", ",")
        ):
            at -= 1
        return self.text(at).lower()

    def unit_of(self, at: int) -> Compound | None:
        """The unit a number counts: its own, or that of the range it begins."""
        for ahead in (1,) if self.kind(at + 1) is Kind.NUMBER else (1, 3, 2, 4):
            between = [self.near(at + step) for step in range(1, ahead)]
            if all(one is not None and (one.kind in (Kind.DASH, Kind.NUMBER) or one.text == "to")
                   for one in between):  # fmt: skip
                if self.kind(at + ahead) is Kind.UNIT:
                    return compound(self.text(at + ahead))
        return None

    def lasts(self, at: int) -> bool:
        """Whether a multiplication sign stands for how long: "TDS × 5 days"."""
        if self.kind(at - 1) in NUMERIC:
            return False
        ranged = self.kind(at + 1) is Kind.NUMBER and self.kind(at + 2) is Kind.DASH
        last = at + 3 if ranged else at + 1  # "× 3–5/7"
        if self.kind(last) is Kind.FRACTION:
            return self.text(last).rpartition("/")[2] in ("7", "52", "12")
        if self.kind(at + 1) is not Kind.NUMBER:
            return False
        unit = self.unit_of(at + 1)
        return unit is not None and unit.key in ("minute", "hour", "day", "week", "month")

    def between_numbers(self, at: int) -> bool:
        """Whether there is a number on either side."""
        return self.kind(at + 1) in NUMERIC or self.kind(at - 1) in NUMERIC


NUMERIC = frozenset({Kind.NUMBER, Kind.FRACTION, Kind.POWER, Kind.ORDINAL, Kind.TIME})


def _alerts(pieces: Sequence[Piece]) -> list[bool]:
    """For each piece, whether its sentence names a high-alert drug."""
    alerts: list[bool] = []
    begun, alert = 0, False
    for at, piece in enumerate(pieces):
        if piece.kind in (Kind.WORD, Kind.SPECIAL):
            alert = alert or any(part in HIGH_ALERT for part in piece.text.lower().split("-"))
        following = pieces[at + 1] if at + 1 < len(pieces) else None
        if following is None or (piece.text in ".!?" and not following.glued):
            alerts += [alert] * (at + 1 - begun)
            begun, alert = at + 1, False
    return alerts


def _shouted(pieces: Sequence[Piece]) -> bool:
    """Whether the text is set in capitals."""
    words = [one.text for one in pieces if one.kind is Kind.WORD and len(one.text) > 1]
    read = any(one in ENGLISH_IN_CAPITALS or len(one) > 5 for one in words)  # not "HR RR GCS CRP"
    return len(words) >= 4 and read and all(one.isupper() for one in words)
