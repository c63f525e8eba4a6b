"""Codes of ISO 3166-1 for the names of countries as registries write them."""

from __future__ import annotations

import json
from functools import cache

from protocolkit.resources import read_beside


def code(name: str) -> str:
    """Return the two-letter code of a country's name, an empty text for a name that is not known."""
    return _codes().get(name.strip(), "")


@cache
def _codes() -> dict[str, str]:
    loaded: dict[str, dict[str, str]] = json.loads(read_beside(__file__, "countries.json"))
    return loaded["names"]
