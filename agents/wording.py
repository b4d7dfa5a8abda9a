"""One renderer from text to speech, so that a dose sounds the way it is meant.

Text is cut into shown tokens at white space; each gets the words that are said for it. The same
tokens drive the screen, the voice and the record of what was heard. Units and abbreviations are
said in full; a dose never shows or says a trailing zero and always has its leading one; with a
high-alert drug it is read back digit by digit (ISMP).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from agents.saying.line import Line
from agents.saying.pieces import Kind, Piece, pieces
from agents.saying.render import say
from agents.saying.units import compound


@dataclass(frozen=True, slots=True)
class Token:
    """A shown token and what is said for it: several words, one, or none."""

    shown: str
    spoken: str


@dataclass(frozen=True, slots=True)
class Wording:
    """A text as shown and as said."""

    tokens: tuple[Token, ...]

    @property
    def shown(self) -> str:
        """The text for the screen."""
        return " ".join(token.shown for token in self.tokens)

    @property
    def spoken(self) -> str:
        """The text for the voice."""
        return " ".join(token.spoken for token in self.tokens if token.spoken)

    def shown_after(self, spoken_words: int) -> str:
        """The shown text of which the first `spoken_words` words of `spoken` were said.

        A token counts once all its words were said; a silent one once the next word was.
        """
        said = counted = 0
        for at, token in enumerate(self.tokens):
            said += len(token.spoken.split())
            if said > spoken_words:
                break
            if token.spoken or said == 0:
                counted = at + 1
        if said <= spoken_words:
            counted = len(self.tokens)
        return " ".join(token.shown for token in self.tokens[:counted])


@lru_cache(maxsize=2048)
def word(text: str) -> Wording:
    """The wording of a sentence or a clause."""
    cut = pieces(text)
    line = Line(cut)
    tokens: list[Token] = []
    shown, spoken = "", ""
    for at, piece in enumerate(cut):
        if at and not piece.glued:
            tokens.append(Token(shown, spoken))
            shown, spoken = "", ""
        said = say(line, at)
        if said in _STOPS:
            if spoken:
                spoken = _with_stop(spoken, said)
            elif tokens and said:
                tokens[-1] = Token(tokens[-1].shown, _with_stop(tokens[-1].spoken, said))
        else:
            spoken = f"{spoken} {said}".strip()
        shown += _shown(cut, at)
    if cut:
        tokens.append(Token(shown, spoken))
    return Wording(tuple(tokens))


_STOPS = frozenset({"", ",", ".", "!", "?"})
_STRONG = ".!?"


def _with_stop(spoken: str, stop: str) -> str:
    """One stop at the end, the stronger of two."""
    if not spoken or not stop:
        return spoken
    if spoken[-1] in _STRONG:
        return spoken
    return spoken.rstrip(",") + stop


def _shown(cut: Sequence[Piece], at: int) -> str:
    """A piece as shown: "1.0 mg" is shown as 1 mg, ".5 mg" as 0.5 mg; a lab value stays."""
    piece = cut[at]
    if piece.kind is not Kind.NUMBER:
        return " ".join(piece.text.split())
    following = cut[at + 1] if at + 1 < len(cut) else None
    text = piece.text
    if text.startswith("."):
        text = f"0{text}"
    if following and following.kind is Kind.UNIT and compound(following.text).dose:
        text = re.sub(r"(\.(?!000$)\d*?)0+$", r"\1", text).removesuffix(".")
    return " ".join(text.split())
