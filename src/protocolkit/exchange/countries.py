"""Codes of ISO 3166-1 for the names of countries as registries write them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path


def code(name: str) -> str:
    """Return the two-letter code of a country's name, an empty text for a name that is not known."""
    return _codes().get(name.strip(), "")


@cache
def _codes() -> dict[str, str]:
    loaded: dict[str, dict[str, str]] = json.loads(Path(__file__).with_name("countries.json").read_text("utf-8"))
    return loaded["names"]
