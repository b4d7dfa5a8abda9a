"""The report as one HTML file that needs nothing else: what passed, and a picture of each call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any

from voice_server.rehearsing.judging import Verdict
from voice_server.rehearsing.picture import PATTERNS, picture
from voice_server.rehearsing.script import Call
from voice_server.rehearsing.timeline import Delay, Timeline, timeline_of, timeline_of_kept


def report(verdicts: Sequence[Verdict], skipped: Sequence[Call], *, where: str) -> str:
    """The report on a rehearsal; failed calls first. `where` says which server was rehearsed."""
    passed = sum(verdict.passed for verdict in verdicts)
    failed = len(verdicts) - passed
    counts = f"{passed} of {len(verdicts)} calls passed"
    if skipped:
        counts += f", {len(skipped)} skipped"
    ordered = sorted(verdicts, key=lambda verdict: verdict.passed)
    rows = "".join(_row(index, verdict) for index, verdict in enumerate(ordered))
    rows += "".join(
        f"<tr><td>{escape(call.name)}</td><td>skipped</td><td></td>"
        "<td>needs a server of the rehearsal's own</td></tr>"
        for call in skipped
    )
    body = (
        f'<p class="{"bad" if failed else "good"} sum">{"✗" if failed else "✓"} {counts}</p>'
        f"<p>{escape(where)} · {datetime.now().astimezone():%Y-%m-%d %H:%M %Z}</p>"
        "<table><thead><tr><th>call</th><th>result</th><th>first sound</th>"
        f"<th>guards against</th></tr></thead><tbody>{rows}</tbody></table>{_LEGEND}"
    )
    body += "".join(_call(index, verdict) for index, verdict in enumerate(ordered))
    return _page("Rehearsal", body)


def report_on_kept(call: Mapping[str, Any]) -> str:
    """The same report on a call that was kept."""
    timeline = timeline_of_kept(call)
    began = datetime.fromisoformat(call["started_at"])
    engines = ", ".join(f"{seam}: {name}" for seam, name in call.get("engines", {}).items())
    body = (
        f"<p>{escape(call['person']['name'])} · {began:%Y-%m-%d %H:%M:%S %Z} · "
        f"{escape(call['ending'] or 'not over')}</p><p>{escape(engines)}</p>{_LEGEND}<section>"
        f"{picture(timeline, 'The call')}{_delays(timeline)}</section>"
    )
    return _page("A call", body)


def _row(index: int, verdict: Verdict) -> str:
    call = verdict.performance.call
    result = f"{'✓' if verdict.passed else '✗'} {verdict.result}"
    first = ", ".join(f"{ms:.0f}" for ms in verdict.first_audio_ms())
    return (
        f'<tr><td><a href="#call-{index}">{escape(call.name)}</a></td>'
        f'<td class="{"good" if verdict.passed else "bad"}">{result}</td>'
        f"<td>{f'{first} ms' if first else ''}</td><td>{escape(call.guards)}</td></tr>"
    )


def _call(index: int, verdict: Verdict) -> str:
    performance = verdict.performance
    mark, word = ("✓", "good") if verdict.passed else ("✗", "bad")
    head = (
        f'<section id="call-{index}"><h2><span class="{word}">{mark}</span> '
        f"{escape(performance.call.name)}</h2><p>{escape(performance.call.guards)}</p>"
    )
    timeline = timeline_of(verdict)
    checks = "".join(
        f'<li class="{"good" if one.held else "bad"}">{"✓" if one.held else "✗"} '
        f"{escape(one.what)}: {escape(one.wanted)}<span>came: {escape(one.came)}</span></li>"
        for one in sorted(verdict.checks, key=lambda one: one.held)
    )
    seen = picture(timeline, performance.call.name) if verdict.ear else ""
    shown = "" if verdict.passed else " open"
    return (
        f"{head}{seen}<details{shown}><summary>{len(verdict.checks)} expectations</summary>"
        f'<ul class="checks">{checks}</ul></details>{_delays(timeline)}</section>'
    )


def _delays(timeline: Timeline) -> str:
    told = "".join(_delay(one) for one in timeline.delays)
    if not told:
        return ""
    return f"<details><summary>From the end of speech to the answer</summary>{told}</details>"


def _delay(delay: Delay) -> str:
    before = None
    rows = []
    for name, at_ms in delay.steps:
        added = "" if before is None else f"+{round(at_ms) - before}"
        rows.append(f"<tr><td>{escape(name)}</td><td>{round(at_ms)} ms</td><td>{added}</td></tr>")
        before = round(at_ms)
    cut = " (cut off)" if delay.interrupted else ""
    return (
        f"<h3>{escape(delay.question) or '—'}</h3><p>{escape(delay.answer) or '—'}{cut}</p>"
        f'<table class="steps"><tbody>{"".join(rows)}</tbody></table>'
    )


_LEGEND = (
    '<ul class="legend"><li><i class="speech"></i>speech</li><li><i class="noise"></i>noise</li>'
    '<li><i class="silence"></i>silence before the end of the turn</li>'
    '<li><i class="work"></i>search, model, voice at work</li>'
    '<li><i class="voice"></i>answer</li><li><i class="soft"></i>answer, softer</li>'
    '<li><i class="tick"></i>a moment; point at it for its words</li></ul>'
)

_STYLE = """
:root{--ink:#1d2733;--quiet:#5b6774;--line:#d5dbe1;--paper:#fff;--ours:#1f5f8b;--theirs:#8a5a00;
--bad:#a11b1b;--good:#1c6b3a}
@media (prefers-color-scheme:dark){:root{--ink:#e6ebf0;--quiet:#a3afbb;--line:#36414d;
--paper:#14191f;--ours:#7db8e0;--theirs:#e0b25a;--bad:#ff8f8f;--good:#7fd39b}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1080px;padding:2rem 1.25rem 4rem;background:var(--paper);
color:var(--ink);font:15px/1.5 system-ui,sans-serif}
h1{font-size:1.5rem;margin:0 0 .5rem}h2{font-size:1.05rem;margin:0}h3{font-size:.95rem;
margin:.9rem 0 0}p{margin:.15rem 0;color:var(--quiet)}
.sum{font-size:1.1rem;font-weight:600}.good{color:var(--good)}.bad{color:var(--bad)}
table{border-collapse:collapse;width:100%;margin:1rem 0}th,td{text-align:left;padding:.3rem .6rem
.3rem 0;border-bottom:1px solid var(--line);vertical-align:top}th{font-weight:600}
td:nth-child(2),td:nth-child(3){white-space:nowrap}
table.steps{width:auto;margin:.3rem 0}table.steps td{padding-right:1.5rem}
table.steps td+td{text-align:right;font-variant-numeric:tabular-nums}
a{color:inherit}section{border-top:1px solid var(--line);padding:1.1rem 0;break-inside:avoid}
summary{cursor:pointer;color:var(--quiet)}.checks{list-style:none;padding:0;margin:.4rem 0}
.checks li{padding-left:1.1rem;text-indent:-1.1rem}
.checks span{color:var(--quiet);margin-left:.8rem;overflow-wrap:anywhere}
.timeline{width:100%;height:auto;display:block;margin:.6rem 0}
.timeline text{font:10px system-ui,sans-serif;fill:var(--ink)}
.timeline .tick,.timeline .lane{fill:var(--quiet)}.timeline .tick{text-anchor:middle}
.timeline .lane{text-anchor:end;font-size:11px}.grid,.base{stroke:var(--line)}
.base{stroke-dasharray:1 3}.timeline .on.speech,.timeline .on.voice{fill:var(--paper)}
.timeline .on.work{font-size:9px;paint-order:stroke;stroke:var(--paper);stroke-width:3px}
.mark{stroke:var(--ink);stroke-width:1.5}
rect.speech{fill:var(--theirs)}rect.voice{fill:var(--ours)}rect.soft{fill:var(--ours)}
rect.noise{fill:url(#dots);stroke:var(--ink)}rect.work{fill:url(#lines);stroke:var(--quiet)}
rect.silence{fill:none;stroke:var(--theirs)}.paper{fill:var(--paper)}.ink{fill:var(--line)}
#dots .ink{fill:var(--ink)}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;padding:0;margin:1rem 0;
color:var(--quiet);font-size:.85rem}.legend i{display:inline-block;width:22px;height:12px;
margin-right:.4rem;vertical-align:-1px;border:1px solid transparent}
i.speech{background:var(--theirs)}i.voice{background:var(--ours)}
i.soft{background:var(--ours);height:6px!important;vertical-align:2px!important}
i.noise{border-color:var(--ink)!important;background:radial-gradient(var(--ink) 1.2px,transparent
1.4px) 0 0/5px 5px}i.work{border-color:var(--quiet)!important;background:repeating-linear-gradient(
45deg,var(--line) 0 2px,transparent 2px 6px)}i.silence{border-color:var(--theirs)!important;
height:6px!important;vertical-align:2px!important}
i.tick{width:2px!important;background:var(--ink);height:14px!important}
@media (max-width:600px){body{padding:1rem .75rem}td:nth-child(3){white-space:normal!important}
td,th{overflow-wrap:anywhere;padding-right:.4rem}}
@media print{:root{--ink:#000;--quiet:#333;--line:#bbb;--paper:#fff;--ours:#1f5f8b;--theirs:#8a5a00;
--bad:#a11b1b;--good:#1c6b3a}
body{max-width:none;padding:0;font-size:11px}*{print-color-adjust:exact}}
"""


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE}</style></head><body>{PATTERNS}"
        f"<h1>{title}</h1>{body}</body></html>\n"
    )
