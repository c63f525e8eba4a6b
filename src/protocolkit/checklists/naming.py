"""Whether a text names a thing: a word of one of its names stands in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from protocolkit.checklists.wording import speaks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node

_WORD = re.compile(r"[^\W_]{4,}|[A-Z][A-Z0-9]{1,2}\b")
_NAMES = ("name", "substance", "names")
_ENDING = 4  # letters at the end of a word that its other forms may change: hypertension, hypertensive
_STEM = 5
# Words that many interventions and conditions share, so that they tell none of them from another.
_COMMON = frozenset({
    "acute", "adult", "adults", "advanced", "active", "against", "assigned", "capsule", "capsules", "care", "cell",
    "cells", "chronic", "control", "controlled", "daily", "device", "disease", "diseases", "disorder", "dose",
    "doses", "dosing", "drug", "every", "group", "high", "infection", "infusion", "injection", "inhaled",
    "intravenous", "local", "matching", "medical", "medicine", "moderate", "months", "once", "oral", "participants",
    "patients", "people", "placebo", "plus", "policy", "primary", "product", "programme", "regimen", "release",
    "secondary", "severe", "sham", "short", "single", "solution", "standard", "strategy", "study", "subcutaneous",
    "suspension", "syndrome", "system", "tablet", "tablets", "targeted", "test", "therapy", "topical", "treatment",
    "treatments", "trial", "twice", "type", "usual", "vaccine", "weekly", "weeks", "with", "without", "years",
})  # fmt: skip


def named_by(text: str, thing: Node) -> Node | None:
    """Return the name of a thing of which a text holds a word, in any form that begins alike; None where there is none.

    An intervention is named by an arm that gives it and nothing of another role. A thing without a word that tells it
    from others counts as not named.
    """
    return next((label for label in _labels(thing) if speaks(text, _telling(label.text))), None)


def _labels(thing: Node) -> Iterator[Node]:
    if thing.text:
        yield thing
        return
    if thing.path[:1] == ("interventions",):
        yield from (arm["name"] for arm in thing.document.root["arms"] if _gives(arm, thing) and arm["name"].text)
    for key in _NAMES:
        named = thing[key]
        yield from (named,) if named.text else (part for key in named.keys() for part in _texts(named[key]))  # noqa: SIM118 - a node is no mapping


def _gives(arm: Node, thing: Node) -> bool:
    given = {node.text for node in arm["interventions"]}
    roles = {item["role"].text for item in thing.document.root["interventions"] if item["id"].text in given}
    return thing["id"].text in given and roles == {thing["role"].text}


def _texts(node: Node) -> Iterator[Node]:
    yield from (node,) if node.text else node


def _telling(label: str) -> list[str]:
    """Return the beginnings of the words that tell a thing from others."""
    words = [word for word in _WORD.findall(label) if word.casefold() not in _COMMON]
    return [f"{word[: max(_STEM, len(word) - _ENDING)]}*" for word in words]
