"""HTML: what a reader of the page would see, without navigation."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PreformattedString

from rag.formats.plain import decode
from rag.text import Outline, Text, tidy

_UNSEEN = (
    "script",
    "style",
    "template",
    "noscript",
    "nav",
    "svg",
    "iframe",
    "object",
    "head",
    "button",
    "select",
)
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$)"
    r"|font-size\s*:\s*0|text-indent\s*:\s*-\d{3,}|(?:left|top)\s*:\s*-\d{3,}",
    re.IGNORECASE,
)
_BLOCKS = frozenset(
    """address article aside blockquote body caption dd div dl dt figcaption figure footer form
    h1 h2 h3 h4 h5 h6 header hr html li main ol p pre section table ul details summary""".split()
)
_DEEPEST = 200


def load(content: bytes, name: str) -> Text:
    """The blocks of an HTML page, its title, and the year and publisher its meta tags name."""
    declared = re.search(rb"<meta[^>]+charset=[\"']?([\w-]+)", content[:4096], re.IGNORECASE)
    try:
        page = content.decode(declared[1].decode()) if declared else decode(content, name)
    except (LookupError, UnicodeDecodeError):
        page = decode(content, name)
    soup = BeautifulSoup(page, "lxml")
    title = tidy(soup.title.get_text()) if soup.title else ""
    publisher = _meta(soup, "publisher", "dcterms.publisher", "og:site_name", "author")
    date = _meta(soup, "dcterms.issued", "dcterms.modified", "article:published_time", "date")
    for unseen in _hidden_by_sheets(soup):
        unseen.decompose()
    for unseen in soup(_UNSEEN):
        unseen.decompose()
    outline = Outline()
    body = soup.body or soup
    first = next((tidy(h.get_text()) for h in soup("h1")), "")
    _walk(body, outline, title or first, 0)
    year = re.search(r"\b(19|20)\d\d\b", date)
    return Text(
        title=title or first,
        blocks=tuple(outline.blocks),
        source=publisher,
        year=int(year[0]) if year else None,
    )


def _meta(soup: BeautifulSoup, *names: str) -> str:
    for name in names:
        for key in ("name", "property"):
            tag = soup.find("meta", {key: re.compile(f"^{re.escape(name)}$", re.IGNORECASE)})
            if isinstance(tag, Tag) and tag.get("content"):
                return tidy(str(tag["content"]))
    return ""


def _hidden(tag: Tag) -> bool:
    style = str(tag.get("style", ""))
    if tag.has_attr("hidden") or _HIDING.search(style):
        return True
    paint = {
        name: value.strip().lower()
        for name, value in re.findall(
            r"(?<![-\w])(color|background(?:-color)?)\s*:\s*([^;]+)", style
        )
    }
    own = paint.pop("color", "")
    return bool(own) and own in paint.values()


def _hidden_by_sheets(soup: BeautifulSoup) -> list[Tag]:
    """What the page's own style sheets hide by a plain class or id, whatever the screen."""
    found: list[Tag] = []
    for sheet in soup("style"):
        for selectors, rules in _RULE.findall(_MEDIA.sub("", sheet.get_text())):
            for selector in selectors.split(",") if _HIDING.search(rules) else ():
                if _PLAIN_SELECTOR.fullmatch(selector.strip()):
                    found += soup.select(selector.strip())
    return found


_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_MEDIA = re.compile(r"@\w[^{;]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}|/\*.*?\*/", re.DOTALL)
_PLAIN_SELECTOR = re.compile(r"[a-z0-9]*(?:[.#][A-Za-z_][\w-]*)+")


def _walk(parent: Tag, outline: Outline, title: str, depth: int) -> None:
    """Blocks in reading order; text between block elements is a paragraph of its own."""
    loose: list[str] = []
    kind = "item" if parent.name in ("li", "dd") else "paragraph"

    def flush() -> None:
        outline.add("item" if kind == "item" else "paragraph", "".join(loose))
        loose.clear()

    for child in parent.children:
        if isinstance(child, PreformattedString):
            continue
        if isinstance(child, NavigableString):
            loose.append(str(child))
        elif isinstance(child, Tag) and not _hidden(child):
            if child.name == "br":
                loose.append("\n")
            elif child.name not in _BLOCKS and not child.find(list(_BLOCKS)):
                loose.append(_visible_text(child))
            else:
                flush()
                _block(child, outline, title, depth)
    flush()


def _block(tag: Tag, outline: Outline, title: str, depth: int) -> None:
    if re.fullmatch(r"h[1-6]", tag.name):
        text = tidy(_visible_text(tag))
        if not (tag.name == "h1" and text == title):
            outline.heading(int(tag.name[1]), text)
    elif tag.name == "table":
        outline.table(_rows(tag))
    elif depth < _DEEPEST:
        _walk(tag, outline, title, depth + 1)
    else:
        outline.add("paragraph", _visible_text(tag))


def _rows(table: Tag) -> list[list[str]]:
    """Cells of the table's own rows; a cell that spans columns or rows stands in each."""
    rows: list[list[str]] = []
    carried: dict[int, tuple[int, str]] = {}
    for tr in table("tr"):
        if tr.find_parent("table") is not table or _hidden(tr):
            continue
        row: list[str] = []
        for cell in tr(["td", "th"], recursive=False):
            _carry(row, carried)
            text = _visible_text(cell)
            for _ in range(_span(cell, "colspan")):
                if (down := _span(cell, "rowspan")) > 1:
                    carried[len(row)] = (down - 1, text)
                row.append(text)
        _carry(row, carried)
        rows.append(row)
    return rows


def _carry(row: list[str], carried: dict[int, tuple[int, str]]) -> None:
    while len(row) in carried:
        left, text = carried.pop(len(row))
        if left > 1:
            carried[len(row)] = (left - 1, text)
        row.append(text)


def _span(cell: Tag, name: str) -> int:
    value = str(cell.get(name, "1"))
    return min(int(value), 50) if value.isdigit() and int(value) > 0 else 1


def _visible_text(tag: Tag) -> str:
    if _hidden(tag):
        return ""
    parts = []
    for piece in tag.descendants:
        if isinstance(piece, PreformattedString):
            continue
        if isinstance(piece, NavigableString):
            above = next((p for p in piece.parents if isinstance(p, Tag) and _hidden(p)), None)
            if above is None:
                parts.append(str(piece))
        elif isinstance(piece, Tag) and (piece.name == "br" or piece.name in _BLOCKS):
            parts.append(" ")
    return "".join(parts)
