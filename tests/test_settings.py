"""Settings: what is understood, what is refused, and the table that tells."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.faults import Invalid
from voice_server.settings import load_settings, settings_table

README = Path(__file__).parent.parent / "README.md"


def test_an_unknown_setting_refuses_the_start_and_names_the_nearest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("VOICE_DATABASE__URI", "x")
    with pytest.raises(Invalid) as raised:
        load_settings()
    assert raised.value.field == "VOICE_DATABASE__URI"
    assert "VOICE_DATABASE__URL" in raised.value.remedy


def test_a_value_that_cannot_be_used_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICE_HTTP__PORT", "many")
    with pytest.raises(Invalid) as raised:
        load_settings()
    assert raised.value.field == "VOICE_HTTP__PORT"


@pytest.mark.parametrize("secret", ["", "a-sample-secret-of-more-than-32-characters"])
def test_production_insists_on_a_secret_of_ones_own(
    monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    monkeypatch.setenv("VOICE_ENVIRONMENT", "production")
    monkeypatch.setenv("VOICE_ACCOUNTS__SECRET", secret)
    with pytest.raises(Invalid) as raised:
        load_settings()
    assert raised.value.field == "VOICE_ACCOUNTS__SECRET"


def test_the_readme_lists_every_setting_as_it_is() -> None:
    text = README.read_text()
    for name, default, meaning in settings_table():
        row = f"| `{name}` | {f'`{default}`' if default else ''} | {meaning} |"
        assert row in text, f"run `voice-server settings` and put its table into the README: {name}"
