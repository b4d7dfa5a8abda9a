"""The page's client is generated from a description that the server still fits."""

from __future__ import annotations

import json
from pathlib import Path

from voice_server.app import create_app

DESCRIPTION = Path(__file__).parents[2] / "web" / "openapi.json"


def test_the_pages_description_of_the_api_is_the_servers() -> None:
    kept = json.loads(DESCRIPTION.read_text())
    assert kept == create_app().openapi(), "run: cd web && npm run api"
