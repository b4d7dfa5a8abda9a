"""Markdown (CommonMark with tables), its metadata in YAML front matter."""

from __future__ import annotations

import re
from collections.abc import Mapping

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from rag.formats import html
from rag.formats.plain import decode
from rag.text import Outline, Text, tidy, visible
from storage.faults import Invalid

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)


def load(content: bytes, name: str) -> Text:
    """The blocks of a Markdown file and what its front matter says.

    Front matter: `title`, `source` or `sources` (text, or a list of `{name, year}`), `edition`,
    `year`, `sample`, `readers`, and `notice`, a warning that is no part of the text.
    Raises Invalid when it is not YAML.
    """
    text = decode(content, name)
    about: Mapping[str, object] = {}
    if match := _FRONT_MATTER.match(text):
        about = _front_matter(match[1], name)
        text = text[match.end() :]
    outline = Outline()
    title = tidy(str(about.get("title") or ""))
    title = _walk(MarkdownIt("commonmark").enable("table").parse(text), outline, title)
    notice = tidy(str(about.get("notice") or ""))
    readers = about.get("readers") or ["everyone"]
    return Text(
        title=title,
        blocks=tuple(b for b in outline.blocks if not (notice and b.text.startswith(notice))),
        source=_source(about.get("source") or about.get("sources") or ""),
        edition=tidy(str(about.get("edition") or "")),
        year=_year(about.get("year")),
        sample=about.get("sample") is True,
        readers=tuple(str(r) for r in (readers if isinstance(readers, list) else [readers])),
    )


def _front_matter(text: str, name: str) -> Mapping[str, object]:
    try:
        aliased = any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text))
        about = None if aliased else yaml.safe_load(text)  # aliases can grow without bound
    except (yaml.YAMLError, ValueError):
        about = None
    if not isinstance(about, Mapping):
        raise Invalid(
            "library.front_matter",
            f"The lines between the --- marks at the top of {name} are not valid YAML.",
            field="file",
            remedy="Correct or remove them, and add the file again.",
        )
    return about


def _source(value: object) -> str:
    entries = value if isinstance(value, list) else [value]
    named = []
    for entry in entries:
        if isinstance(entry, Mapping):
            year = _year(entry.get("year"))
            named.append(f"{entry.get('name', '')}{f' ({year})' if year else ''}")
        else:
            named.append(str(entry))
    return tidy("; ".join(named))


def _year(value: object) -> int | None:
    found = re.search(r"\b(19|20)\d\d\b", str(value))
    return int(found[0]) if found else None


def _walk(tokens: list[Token], outline: Outline, title: str) -> str:
    """Put every block into `outline`; returns the title, else the first heading of level 1."""
    heading = items = 0
    rows: list[list[str]] | None = None
    for token in tokens:
        match token.type:
            case "heading_open":
                heading = int(token.tag[1])
            case "heading_close":
                heading = 0
            case "list_item_open":
                items += 1
            case "list_item_close":
                items -= 1
            case "table_open":
                rows = []
            case "tr_open" if rows is not None:
                rows.append([])
            case "table_close" if rows is not None:
                outline.table(rows)
                rows = None
            case "fence" | "code_block":
                outline.add("paragraph", token.content)
            case "html_block":
                for block in html.load(token.content.encode(), "").blocks:
                    outline.add(block.kind, block.text)
            case "inline":
                text = _plain(token)
                if rows:
                    rows[-1].append(text)
                elif heading:
                    title = title or (tidy(text) if heading == 1 else "")
                    if tidy(text) != title:
                        outline.heading(heading, text)
                else:
                    outline.add("item" if items else "paragraph", text)
    return title


def _plain(token: Token) -> str:
    """The text of an inline token, mark-up left out; an image is its description."""
    parts = []
    for child in token.children or []:
        if child.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif child.type in ("text", "code_inline", "image"):
            parts.append(child.content)
    return visible("".join(parts))
