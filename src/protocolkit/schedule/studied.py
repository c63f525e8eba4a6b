"""Which interventions a trial studies, and which go along with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from protocolkit.document import Node

# What goes along with the treatment that is studied: its last dose ends no treatment.
_BESIDE = frozenset({"rescue_medicine", "background_treatment", "additional_required_treatment", "diagnostic"})


_ALONG = "additional_required_treatment"
_VACCINE = "vaccine"


def studied(interventions: Iterable[Node]) -> list[Node]:
    """Return the interventions with a regimen that the trial studies; all with one where none of them is studied.

    What everybody is given later, such as a vaccine that one arm waits for, is studied where the product is; and so is
    a vaccine that arms get beside, before or after the one that is studied.
    """
    dosed = [each for each in interventions if each["regimen"]["steps"]]
    return [each for each in dosed if each["role"].text not in _BESIDE or _is_given_too(each)] or dosed


def _is_given_too(intervention: Node) -> bool:
    """Say whether a required treatment is a product that is studied, or a vaccine beside one that is."""
    if intervention["role"].text != _ALONG:
        return False
    others = intervention.document.root["interventions"]
    same = others.find(intervention["same_product_as"].text)
    beside = intervention["kind"].text == _VACCINE and any(_is_studied_vaccine(each) for each in others)
    return beside or (bool(same) and same["role"].text not in _BESIDE)


def _is_studied_vaccine(intervention: Node) -> bool:
    return intervention["kind"].text == _VACCINE and intervention["role"].text not in _BESIDE
