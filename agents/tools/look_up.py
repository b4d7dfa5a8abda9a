"""Drug look-up: what the library's own pages say about one drug, by kind of question."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any

from agents.facts import facts
from agents.formulary import drug_classes, mentions
from agents.gate import Source, is_instruction
from agents.tools.tool import Tool, ToolResult
from rag.evidence import Evidence, Found
from rag.sentences import sentences

Search = Callable[[str], Awaitable[Evidence]]

MOST_LINES = 12
_ABOUT: dict[str, str] = {
    "dose": "",  # told by its amount
    "renal adjustment": r"renal|kidney|crcl|creatinine|e?gfr|dialysis|nephro\w*",
    "interactions": r"interact\w*|together|combin\w+|co-?prescri\w+|concurrent\w*|"
    r"inhibit\w*|induc\w+",
    "contraindications": r"contra-?indicat\w*|avoid\w*|not|never|allerg\w+|hypersensitiv\w+",
    "pregnancy": r"pregnan\w*|trimester|breast-?feed\w*|lactat\w*",
    "monitoring": r"monitor\w*|levels?|measur\w+|check\w*|trough|peak|repeat\w*",
}
ABOUT = tuple(_ABOUT)


def look_up_drug(question: str, search: Search) -> Tool:
    """The tool of one turn: only a drug that the caller named is looked up."""

    def named(given: Mapping[str, Any]) -> set[str]:
        return {one.name for one in mentions(str(given.get("drug", "")))}

    def allowed(given: Mapping[str, Any]) -> bool:
        drugs = named(given)
        return (
            bool(drugs)
            and drugs <= {one.name for one in mentions(question)}
            and given.get("about") in ABOUT
        )

    async def look_up(given: Mapping[str, Any]) -> ToolResult:
        about, drugs = str(given["about"]), named(given)
        evidence = await search(f"{' '.join(sorted(drugs))} {about}")
        lines = [] if evidence.weak else list(_lines(drugs, about, evidence))[:MOST_LINES]
        if not lines:
            return ToolResult("The library says nothing about that.")
        return ToolResult(
            "\n".join(f"{found.title}: {text}" for found, text in lines),
            tuple(Source(_headings(found), text) for found, text in lines),
        )

    return Tool(
        name="look_up_drug",
        description="What the library's own pages say about one drug.",
        schema={
            "type": "object",
            "properties": {
                "drug": {"type": "string", "description": "its generic name"},
                "about": {"type": "string", "enum": list(ABOUT)},
            },
            "required": ["drug", "about"],
            "additionalProperties": False,
        },
        pure=True,
        run=look_up,
        allowed=allowed,
    )


def is_about(sentence: str, about: str, headings: str = "") -> bool:
    """Whether a sentence says something of this kind: a dose has an amount, an interaction names
    two drugs or says so. Its headings may say so too."""
    if about == "dose":
        return bool(facts(sentence).amounts)
    pattern = _ABOUT[about]
    if about == "interactions" and _drugs(sentence) >= 2:
        return True
    return re.search(rf"\b(?:{pattern})\b", f"{headings} {sentence}", re.IGNORECASE) is not None


def _lines(drugs: set[str], about: str, evidence: Evidence) -> Iterator[tuple[Found, str]]:
    for found in evidence.found:
        headings = _headings(found)
        own = {one.name for one in mentions(headings)}
        for sentence in sentences(found.passage.text):
            if not drugs & (own | {one.name for one in mentions(sentence)}):
                continue
            if is_about(sentence, about, headings) and not is_instruction(sentence):
                yield found, sentence


def _headings(found: Found) -> str:
    return " ".join((found.title, *found.passage.section))


def _drugs(sentence: str) -> int:
    classes = drug_classes()
    return len({one.name for one in mentions(sentence) if one.name not in classes})
