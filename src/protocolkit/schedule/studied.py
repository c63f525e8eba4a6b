"""Which interventions a trial studies, and which go along with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from protocolkit.document import Node

# What goes along with the treatment that is studied: its last dose ends no treatment.
_BESIDE = frozenset({"rescue_medicine", "background_treatment", "additional_required_treatment", "diagnostic"})


_ALONG = "additional_required_treatment"


def studied(interventions: Iterable[Node]) -> list[Node]:
    """Return the interventions with a regimen that the trial studies; all with one where none of them is studied.

    What everybody is given later, such as a vaccine that one arm waits for, is studied where the product is.
    """
    dosed = [each for each in interventions if each["regimen"]["steps"]]
    return [each for each in dosed if each["role"].text not in _BESIDE or _is_given_later(each)] or dosed


def _is_given_later(intervention: Node) -> bool:
    """Say whether a required treatment is the same product as one that is studied."""
    other = intervention.document.root["interventions"].find(intervention["same_product_as"].text)
    return intervention["role"].text == _ALONG and bool(other) and other["role"].text not in _BESIDE
