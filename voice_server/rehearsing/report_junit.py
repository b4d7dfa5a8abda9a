"""The report as JUnit XML, as CI systems read it: a test case per call."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree

from voice_server.rehearsing.judging import Verdict
from voice_server.rehearsing.script import Call

_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(verdicts: Sequence[Verdict], skipped: Sequence[Call]) -> bytes:
    """The document. Times are the calls' lengths in seconds."""
    suite = ElementTree.Element(
        "testsuite",
        name="voice-server rehearse",
        tests=str(len(verdicts) + len(skipped)),
        failures=str(sum(not verdict.passed for verdict in verdicts)),
        errors="0",
        skipped=str(len(skipped)),
        time=f"{sum(verdict.performance.length_s for verdict in verdicts):.2f}",
    )
    for verdict in verdicts:
        case = _case(suite, verdict.performance.call, verdict.performance.length_s)
        if verdict.performance.again:
            ElementTree.SubElement(case, "system-out").text = verdict.result
        if verdict.failures:
            told = [f"{one.what}: wanted {one.wanted}; came {one.came}" for one in verdict.failures]
            failure = ElementTree.SubElement(case, "failure", message=_clean(told[0]))
            failure.text = _clean("\n".join(told))
    for call in skipped:
        ElementTree.SubElement(
            _case(suite, call, 0.0), "skipped", message="needs a server of the rehearsal's own"
        )
    suites = ElementTree.Element("testsuites")
    suites.append(suite)
    written: bytes = ElementTree.tostring(suites, encoding="utf-8", xml_declaration=True)
    return written


def _case(suite: ElementTree.Element, call: Call, length_s: float) -> ElementTree.Element:
    return ElementTree.SubElement(
        suite, "testcase", classname="rehearsal", name=_clean(call.name), time=f"{length_s:.2f}"
    )


def _clean(text: str) -> str:
    return _NOT_XML.sub("�", text)
