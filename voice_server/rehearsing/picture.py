"""Draws a call's timeline as inline SVG. Every kind differs in pattern or height, not in colour
alone, so that it can be read in print."""

from __future__ import annotations

from html import escape
from math import ceil

from voice_server.rehearsing.timeline import Lane, Span, Timeline

LEFT = 132
WIDTH = 1000
LANE = 30
TOP = 22
LETTER = 5.6
"""Width of a letter at the picture's size, roughly, in its units."""

PATTERNS = (
    '<svg width="0" height="0" aria-hidden="true"><defs>'
    '<pattern id="dots" width="5" height="5" patternUnits="userSpaceOnUse">'
    '<rect width="5" height="5" class="paper"/><circle cx="2" cy="2" r="1.3" class="ink"/>'
    "</pattern>"
    '<pattern id="lines" width="6" height="6" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect width="6" height="6" class="paper"/>'
    '<rect width="2" height="6" class="ink"/></pattern>'
    "</defs></svg>"
)


def picture(timeline: Timeline, title: str) -> str:
    """One SVG element with a title and a description for those who do not see it."""
    scale = (WIDTH - LEFT - 12) / timeline.length_s
    lanes = [lane for lane in timeline.lanes if lane.spans or lane.marks]
    height = TOP + LANE * len(lanes) + 6
    parts = [
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" class="timeline">'
        f"<title>{escape(title)}</title><desc>{escape(in_words(timeline))}</desc>"
    ]
    parts += _seconds(timeline.length_s, scale, height)
    for index, lane in enumerate(lanes):
        parts += _lane(lane, TOP + LANE * index, scale)
    return "".join(parts) + "</svg>"


def in_words(timeline: Timeline) -> str:
    """The picture for those who do not see it."""
    sentences = [f"{timeline.length_s:.1f} seconds."]
    for lane in timeline.lanes:
        told = [
            f"{span.label or span.kind} from {span.from_s:.1f} to {span.to_s:.1f} s"
            for span in lane.spans
        ]
        told += [f"{mark.label} at {mark.at_s:.1f} s" for mark in lane.marks if mark.shown]
        if told:
            sentences.append(f"{lane.name}: {'; '.join(told)}.")
    return " ".join(sentences)


def _seconds(length_s: float, scale: float, height: int) -> list[str]:
    every = next((s for s in (1, 2, 5, 10, 30, 60, 300) if length_s / s <= 16), 600)
    parts = []
    for second in range(0, ceil(length_s) + 1, every):
        x = LEFT + second * scale
        if x <= WIDTH - 12:
            parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="16" y2="{height}" class="grid"/>')
            parts.append(f'<text x="{x:.1f}" y="11" class="tick">{second} s</text>')
    return parts


def _lane(lane: Lane, y: int, scale: float) -> list[str]:
    middle = y + LANE / 2
    parts = [f'<text x="{LEFT - 10}" y="{middle + 4:.1f}" class="lane">{escape(lane.name)}</text>']
    parts.append(
        f'<line x1="{LEFT}" x2="{WIDTH - 12}" y1="{middle:.1f}" y2="{middle:.1f}" class="base"/>'
    )
    for span in lane.spans:
        parts.append(_span(span, y, scale))
    free_at = 0.0
    for mark in sorted(lane.marks, key=lambda one: one.at_s):
        x = LEFT + max(mark.at_s, 0.0) * scale
        parts.append(
            f'<g><line x1="{x:.1f}" x2="{x:.1f}" y1="{y + 5}" y2="{y + LANE - 5}" class="mark"/>'
            f"<title>{escape(mark.label)} · {mark.at_s:.2f} s</title></g>"
        )
        if mark.shown and x + 4 >= free_at:
            text = _fitted(mark.label, WIDTH - 8 - x)
            if text:
                parts.append(
                    f'<text x="{x + 4:.1f}" y="{y + 13}" class="note">{escape(text)}</text>'
                )
                free_at = x + 8 + LETTER * len(text)
    return parts


def _span(span: Span, y: int, scale: float) -> str:
    x, width = LEFT + span.from_s * scale, max((span.to_s - span.from_s) * scale, 1.5)
    tall = {"speech": 18, "noise": 18, "work": 12, "voice": 18, "soft": 8, "silence": 6}[span.kind]
    top = y + (LANE - tall) / 2
    text = _fitted(span.label, width - 6) if tall >= 12 and span.kind != "noise" else ""
    written = (
        f'<text x="{x + 4:.1f}" y="{y + LANE / 2 + 3.5:.1f}" class="on {span.kind}">'
        f"{escape(text)}</text>"
        if text
        else ""
    )
    told = f"{span.label or span.kind} · {span.from_s:.2f}–{span.to_s:.2f} s"
    return (
        f'<g><rect x="{x:.1f}" y="{top:.1f}" width="{width:.1f}" height="{tall}" rx="2" '
        f'class="{span.kind}"/>{written}<title>{escape(told)}</title></g>'
    )


def _fitted(text: str, width: float) -> str:
    most = int(width / LETTER)
    if len(text) <= most:
        return text
    return f"{text[: most - 1]}…" if most >= 6 else ""
