"""Profiles: tags of field, design and stage that switch rules; four names stand for usual combinations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from protocolkit.document import Document

TAGS = (
    "drug", "biologic", "biosimilar", "vaccine", "device", "procedure", "behaviour", "radiation",
    "chronic-pain", "oncology", "cardiovascular", "respiratory", "infection", "critical-care", "ophthalmology",
    "neurology", "mental-health", "emergency", "endocrine", "renal", "maternal", "paediatric",
    "parallel", "crossover", "factorial", "cluster", "stepped-wedge", "single-arm", "dose-escalation",
    "enriched-withdrawal", "non-inferiority", "equivalence", "platform", "adaptive", "event-driven",
    "pilot", "confirmatory",
)  # fmt: skip
ALIASES = {
    "chronic-pain-rct": ("drug", "chronic-pain", "parallel", "confirmatory"),
    "chronic-pain-crossover": ("drug", "chronic-pain", "crossover"),
    "chronic-pain-pilot": ("drug", "chronic-pain", "parallel", "pilot"),
    "generic-drug-rct": ("drug", "parallel", "confirmatory"),
}


# What is dosed as a medicine is, and what is randomised in clusters too, whether or not the author says it twice.
IMPLIED = {
    "biologic": ("drug",), "biosimilar": ("biologic", "drug"), "vaccine": ("drug",), "stepped-wedge": ("cluster",),
}  # fmt: skip


def tags_of(document: Document, more: Iterable[str] = ()) -> frozenset[str]:
    """Return the tags of a document's profiles and of those added on the command line, aliases resolved."""
    stated = [tag.text for tag in document.root["profiles"]]
    return resolved([*stated, *more])


def resolved(names: Iterable[str]) -> frozenset[str]:
    """Return the tags that some profile names stand for; unknown names stand for nothing."""
    stated = [tag for name in names for tag in ALIASES.get(name, (name,)) if tag in TAGS]
    return frozenset(tag for name in stated for tag in (name, *IMPLIED.get(name, ())))


def require_known(names: Iterable[str]) -> None:
    """Raise UsageError for a profile that does not exist."""
    for name in names:
        if name not in TAGS and name not in ALIASES:
            raise UsageError(f"there is no profile {name!r}; there are {', '.join((*TAGS, *ALIASES))}")
