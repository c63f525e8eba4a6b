"""The published label of a term, for the tables in which the standard asks for it."""

from __future__ import annotations

from protocolkit.library import terms
from protocolkit.render.lexicon import spelt


def label(name: str, value: str) -> str:
    """Return how a list publishes a term, `Double Blind`; a value that the list does not hold is spelt as prose.

    A term of our own that stands under a published one is printed as that one, with its own words: `Placebo (active
    placebo)`.
    """
    listed = terms.get(name)
    if value not in listed:
        return spelt(value)
    term = listed.term(value)
    shown = (
        term.label
        if not term.under
        else f"{listed.label(term.under) if term.under in listed else term.under} ({term.label})"
    )
    return shown[:1].upper() + shown[1:]
