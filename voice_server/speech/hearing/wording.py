"""What the recogniser's words look like as text: spelled letters join into abbreviations."""

from __future__ import annotations


def as_text(words: str) -> str:
    """`words` as they are shown: 'treat d. k. a. now' becomes 'treat DKA now'."""
    text: list[str] = []
    letters = ""
    for word in words.split():
        if len(word) == 2 and word[1] == "." and word[0].isalpha():
            letters += word[0].upper()
            continue
        if letters:
            text.append(letters)
            letters = ""
        text.append(word)
    if letters:
        text.append(letters)
    return " ".join(text)
