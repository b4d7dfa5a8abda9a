"""Ways in which one sentence may be said with the same meaning: a clause at the other end, a
table row cell by cell, an independent clause by itself. Nothing is recombined across clauses."""

from __future__ import annotations

import re
from functools import lru_cache

from agents.formulary import mentions


@lru_cache(maxsize=8192)
def moved(sentence: str) -> tuple[str, ...]:
    """The sentence with a clause or a cell in another place; without the sentence as it stands."""
    plain = sentence.strip()
    found = _rows(plain) if _is_row(plain) else _moved(plain)
    return tuple(one for one in dict.fromkeys(found) if one != plain)


@lru_cache(maxsize=8192)
def parts(sentence: str) -> tuple[str, ...]:
    """Its independent clauses, where there are several."""
    found = [] if _is_row(sentence) else _independent(sentence.strip())
    return tuple(found) if len(found) > 1 else ()


def _is_row(sentence: str) -> bool:
    return bool(re.match(r"[^:;.]{1,60}: ?\S", sentence)) and not _VERB.search(
        sentence.split(":", 1)[0]
    )


def _rows(row: str) -> list[str]:
    """ "A: 1; B: 2" as "B: 2; A: 1", and "A per day: 1" as "A: 1 per day"."""
    cells = [cell.strip() for cell in row.rstrip(".").split(";") if cell.strip()]
    orders = [cells]
    if len(cells) == 1 and ": " in cells[0]:
        orders = [list(reversed(cells[0].split(": ", 1)))]
    elif len(cells) <= 3:
        orders += [cells[at:] + cells[:at] for at in range(1, len(cells))]
    found = ["; ".join(order) for order in orders]
    return found + [_HEADED.sub(r"\2: \4 \3", one) for one in found if _HEADED.search(one)]


_HEADED = re.compile(r"(^|(?<=; ))([^:;]+?) (per \w+|daily|a day)(?=:): ?([^:;]+)")
_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|do|does|should|must|may|can|will|needs?|give|stop|halve|"
    r"start|repeat|use|avoid|add|take|check|continue|reduce|increase|protects?|works?)\b",
    re.IGNORECASE,
)
_JOINT = re.compile(
    r";\s+|,\s+(?=(?:and|whereas|while)\s)|\s+(?=and (?:do not|never|avoid)\b)", re.IGNORECASE
)
_TURNS = re.compile(
    r"\b(?:not|never|no|avoid\w*|without|unless|except|contraindicated|stop\w*|only|omit\w*|"
    r"withh[eo]ld)\b|n't\b",
    re.IGNORECASE,
)
_LEAD = re.compile(r"^(?:and|whereas|while)\s+", re.IGNORECASE)


def _independent(sentence: str) -> list[str]:
    """The clauses that could each stand alone, a nameless one with the drug of the first.

    A part with neither a verb of its own nor, behind a plain statement, a figure of its own
    hangs on what is before it: then nothing is taken out.
    """
    parts = [""]
    at = 0
    for joint in (*_JOINT.finditer(sentence), None):
        end = joint.start() if joint else len(sentence)
        part = sentence[at:end]
        if (
            parts[-1]
            and not _VERB.search(" ".join(_LEAD.sub("", part).split()[:7]))
            and (_TURNS.search(sentence[:at]) or not re.search(r"\d", part))
        ):
            return []
        parts.append(part)
        at = joint.end() if joint else end
    found = []
    drug = ""
    for part in parts[1:]:
        plain = _LEAD.sub("", part).strip().rstrip(".")
        named = list(dict.fromkeys(m.name for m in mentions(plain)))
        found.append(f"{drug} {plain}" if drug and not named else plain)
        drug = named[0] if len(named) == 1 else drug if not named else ""
    return found


_IF = r"if|when|once(?! (?:daily|weekly|monthly|a|an|every|per)\b)|unless"
_OPENING = re.compile(
    rf"^((?:{_IF}|because|after|before|until|in|for|with|without|at|during|from|"
    r"even when|even if|provided)\b[^,;]*),\s+(.+)$",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    rf"^(.*?\S),?\s+((?:{_IF}|because|even when|even if|provided)\b.*)$",
    re.IGNORECASE,
)
_WITHIN = re.compile(
    rf"^(.*?\S),?\s+((?:{_IF}|because|provided)\b[^,;]*)(,.*)$",
    re.IGNORECASE,
)
_CIRCUMSTANCE = re.compile(
    r"(?<=[\w)%]) ((?:in|for|with|without|before|after|during)\b[^,;]*?)"
    rf"(?=(?:,|;|$| (?:{_IF}|until|because|for|in|with|without|over|and|at|by)\b))",
    re.IGNORECASE,
)
_ALL_OF_THEM = re.compile(r"(?<=[\w)%]) ((?:in|for) [^,;]*?)(?=[,;]|$)", re.IGNORECASE)
_HANGS = re.compile(r"\b(?:than|of|not|never|and|or|nor|but|only|even)$", re.IGNORECASE)


def _moved(sentence: str) -> list[str]:
    """The sentence with its first clause at the end, its last one or a circumstance in front."""
    plain = sentence.rstrip(".")
    found = []
    if match := _OPENING.match(plain):
        found.append(f"{match[2]} {match[1]}")
    if match := _CLOSING.match(plain):
        found.append(f"{match[2]}, {match[1]}")
    if match := _WITHIN.match(plain):
        found.append(f"{match[2]}, {match[1]}{match[3]}")
    for match in [*list(_CIRCUMSTANCE.finditer(plain))[:3], *_ALL_OF_THEM.finditer(plain)]:
        if re.search(r"\d(?! (?:years|months))", match[1]) and re.search(
            r"\d", plain[match.end() :]
        ):
            continue  # what it holds would change its place among the figures
        if _HANGS.search(plain[: match.start()]):
            continue
        found.append(f"{match[1]}, {plain[: match.start()]}{plain[match.end() :]}")
    return found
