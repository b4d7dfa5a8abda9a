"""`voice-server rehearse` as it is used: from the command line, with its reports."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from xml.etree import ElementTree

import pytest

from signaling.caller import open_caller, sign_in
from tests.browser.accounts import Account, Accounts
from tests.fixtures_server import Server

SUITE = Path(__file__).parents[1] / "rehearsals"

LONGEST_S = 400
"""On a slow machine, beside other tests."""

LATE_AND_WRONG = """
engines:
  word_ms: 60
  answer: The loading dose of vancomycin does not depend on renal function [1].
calls:
  - name: All is well
    steps: [{say: what is the loading dose of vancomycin in renal failure}]
    expect: {answers: [{source: Vancomycin, heard: whole}]}
  - name: Too much is expected <here>
    covers: fault 30
    steps: [{say: what is the loading dose of vancomycin in renal failure}]
    expect:
      answers: [{transcript: {equals: something else}, interrupted: true, first_audio_ms: 1}]
      notices: [hearing.nothing]
      answer_within_s: 4
"""


@pytest.fixture
def blocking_allowed() -> bool:
    """The command line is run as a process."""
    return True


def rehearse(*arguments: str, password: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "voice_server.cli", "rehearse", *arguments],
        env=os.environ
        | {"COLUMNS": "250", "CALL_PASSWORD": password, "VOICE_EMBEDDER__URL": "none://"},
        capture_output=True,
        text=True,
        timeout=LONGEST_S,
    )


def cases(report: Path) -> dict[str, ElementTree.Element]:
    """The JUnit report's test cases by name."""
    return {str(one.get("name")): one for one in ElementTree.parse(report).iter("testcase")}  # noqa: S314


@pytest.mark.timeout(LONGEST_S)
def test_every_call_of_the_suite_goes_as_its_script_expects(tmp_path: Path) -> None:
    done = rehearse(str(SUITE), "--at-once", "6", "--junit", str(tmp_path / "calls.xml"))
    assert done.returncode == 0, done.stdout + done.stderr
    played = cases(tmp_path / "calls.xml")
    assert len(played) >= 40
    assert not [name for name, case in played.items() if case.find("failure") is not None]


def test_a_call_that_fails_on_a_machine_that_is_late_is_played_again_by_itself(
    tmp_path: Path,
) -> None:
    script, xml = tmp_path / "calls.yaml", tmp_path / "calls.xml"
    script.write_text(LATE_AND_WRONG)
    process = subprocess.Popen(
        [sys.executable, "-m", "voice_server.cli", "rehearse", str(script), "--junit", str(xml)],
        env=os.environ | {"COLUMNS": "250", "VOICE_EMBEDDER__URL": "none://"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    told = process.stdout
    assert told is not None
    while "Starting" not in told.readline():
        assert process.poll() is None
    while process.poll() is None:  # the caller's process loses the processor now and then
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.4)
        process.send_signal(signal.SIGSTOP)
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.15)
        process.send_signal(signal.SIGCONT)
    wrong = cases(xml)["Too much is expected <here>"]
    assert wrong.findtext("system-out") == "failed, played again by itself"
    assert "failed, played again by itself" in told.read()
    told.close()


def test_a_failed_expectation_fails_the_run_and_stands_in_both_reports(tmp_path: Path) -> None:
    script, xml, page = tmp_path / "calls.yaml", tmp_path / "calls.xml", tmp_path / "calls.html"
    script.write_text(LATE_AND_WRONG)
    done = rehearse(str(script), "--junit", str(xml), "--html", str(page))
    assert done.returncode == 1
    assert "1 of 2 calls passed" in done.stdout
    suite = ElementTree.parse(xml).getroot()[0]  # noqa: S314
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    played = cases(xml)
    assert played["All is well"].find("failure") is None
    told = played["Too much is expected <here>"].findtext("failure") or ""
    assert "transcript: wanted is “something else”; came “what is the loading dose" in told
    assert "ends: wanted interrupted; came not interrupted" in told
    assert "first sound: wanted within 1 ms" in told
    assert "notices: wanted hearing.nothing; came none" in told
    html = page.read_text()
    assert html.count("<svg viewBox") == 2
    assert "Too much is expected &lt;here&gt;" in html
    assert "http" not in html.lower()
    pictures = html.split("<svg viewBox")[1:]
    for lane in ("caller", "words", "turn", "preparing", "answer at the ear"):
        assert all(f'class="lane">{lane}<' in picture for picture in pictures), lane
    for drawn in ('class="speech"', 'class="silence"', 'class="work"', 'class="voice"'):
        assert all(drawn in picture for picture in pictures), drawn


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("stepz: []", ["“One”", "calls[1].stepz", "Did you mean steps?"]),
        ("steps: [{say: hello, at: later}]", ["“One”", "steps[1].at", "answer sounds + 1.0 s"]),
        ("steps: [{noise: coff}]", ["“One”", "did you mean cough?"]),
        ("steps: [{say: a, type: b}]", ["“One”", "exactly one of"]),
        (
            "steps: [{say: a}]\n    expect: {answers: [{intercepted: true}]}",
            ["“One”", "expect.answers[1].intercepted", "Did you mean interrupted?"],
        ),
        ("steps: [{play: nothing.wav}]", ["“One”", "steps[1].play", "nothing.wav"]),
        ("steps: [{say: no}]", ["“One”", "steps[1].say", "not a text", "quotes"]),
        ("steps: {say: a}", ["“One”", "calls[1].steps", "not a list", "dash"]),
        ("engines: {word: 9}", ["“One”", "calls[1].engines.word:", "Did you mean word_ms?"]),
        ("steps: [*ask]", ["line 3", "not YAML", "undefined alias"]),
        ("steps: [", ["line 4", "not YAML"]),
    ],
)
def test_a_script_that_cannot_be_played_is_refused_by_name(
    wrong: str, told: list[str], tmp_path: Path
) -> None:
    script = tmp_path / "broken.yaml"
    script.write_text(f"calls:\n  - name: One\n    {wrong}\n")
    done = rehearse(str(script))
    assert done.returncode == 1
    for part in told:
        assert part in done.stderr, done.stderr
    assert "Traceback" not in done.stderr


async def test_a_kept_call_is_drawn_for_its_owner_alone(
    server: Server, accounts: Accounts, tmp_path: Path
) -> None:
    owner, other = accounts.add("Olga Owner", "clinician"), accounts.add("Otto Other", "clinician")
    token = await sign_in(server.url, owner.email, owner.password)
    async with open_caller(server.url, token) as line:
        _, known = await line.events.wait_for("call")
        line.message("send-text", {"content": "What is the lorazepam dose in status epilepticus?"})
        await line.events.wait_for("bot-started-speaking")
        line.message("disconnect-bot")
        await line.events.wait_for("answer")

    def ask(who: Account) -> subprocess.CompletedProcess[str]:
        return rehearse(
            "--call", known["data"]["call_id"], "--url", server.url, "--email", who.email,
            "--html", str(tmp_path / f"{who.id}.html"), password=who.password,
        )  # fmt: skip

    drawn = ask(owner)
    assert drawn.returncode == 0, drawn.stderr
    assert "passages found" in drawn.stdout
    html = (tmp_path / f"{owner.id}.html").read_text()
    assert "What is the lorazepam dose in status epilepticus?" in html
    assert 'class="voice"' in html
    assert "first sound sent" in html
    refused = ask(other)
    assert refused.returncode == 1
    assert not (tmp_path / f"{other.id}.html").exists()


def test_a_running_server_is_rehearsed_with_the_engines_it_has(
    server: Server, accounts: Accounts, tmp_path: Path
) -> None:
    script, xml = tmp_path / "calls.yaml", tmp_path / "calls.xml"
    script.write_text(
        "calls:\n"
        "  - name: Its own engines\n"
        "    engines: installed\n"
        "    steps:\n"
        '      - {type: "What is the lorazepam dose in status epilepticus?"}\n'
        "      - {at: word 3, say: stop, voice: rms}\n"
        "    expect:\n"
        "      answers: [{text: 0.1 mg/kg, source: Status epilepticus, interrupted: true}]\n"
        "  - name: Simulated engines\n"
        "    steps: [{say: hello}]\n"
    )
    caller = accounts.add("Rhea Rehearser", "clinician")
    done = rehearse(
        str(script), "--url", server.url, "--email", caller.email, "--junit", str(xml),
        password=caller.password,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    played = cases(xml)
    assert played["Its own engines"].find("failure") is None
    assert played["Simulated engines"].find("skipped") is not None
