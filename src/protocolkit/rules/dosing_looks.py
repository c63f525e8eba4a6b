"""Whether a medicine and what is made like it look alike as they are given: route and form, and what hides the form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found
from protocolkit.rules.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_ROUTE, _FORM = ("/route", "route"), ("/product/form", "form")
_UNLIKE = "observer_blind"  # those who give it know what it is, as the products look different
_HIDES = r"(?:opaque|opacif|mask(?!ing)|cover(?!age)|conceal|shroud|overwrap|sleeve|wrapped|hidden)"
_HELD = r"(?:syringe|barrel|bag|line|tubing|bottle|vial|container|cup)"
_HIDDEN = Pattern(rf"\b{_HIDES}\w*(?: [^\W_]+){{0,3}} {_HELD}|\b{_HELD}s?(?: [^\W_]+){{0,3}} {_HIDES}")
_LIQUIDS = ("SOLUTION", "SUSPENSION", "EMULSION", "INJECTION")


def unlike_looks(trial: Trial, intervention: Node, partner: Node, pair: str, hint: str) -> Iterator[Found]:
    """Find another route, and another form where nothing keeps it from view."""
    both = (intervention, partner)
    noted = any(each["matching"]["note"] for each in both)
    if noted or trial.at("/design/blinding/schema").text == _UNLIKE:
        return
    diluted = any(each["product"][key] for each in both for key in ("diluent", "final_concentration"))
    covered = diluted or (_are_liquids(*both) and _is_hidden(trial, *both))  # a bag does not show the form
    for key, words in (_ROUTE,) if covered else (_ROUTE, _FORM):
        own, other = intervention.at(key), partner.at(key)
        if own and other and own.text != other.text:
            apart = words == "form" and _are_liquids(*both) and _are_drawn_up_apart(*both)
            severity = Severity.INFO if apart else None
            yield Found(
                own, f"{pair} in {words}: {own.text} and {other.text}", hint, ((other, words),), severity=severity
            )


def _are_liquids(*both: Node) -> bool:
    return all(any(word in each["product"]["form"].text for word in _LIQUIDS) for each in both)


def _is_hidden(trial: Trial, *both: Node) -> bool:
    """Say whether the protocol tells that syringes, bags or lines do not show what is in them."""
    blinding = trial.at("/design/blinding")
    said = [
        blinding["method"],
        blinding["maintenance"],
        *(each["kept_apart_by"] for each in blinding["unblinded_roles"]),
    ]
    said += [node for each in both for node in each["matching"]["in"]]
    return any(_HIDDEN.search(node.text) for node in said)


def _are_drawn_up_apart(*both: Node) -> bool:
    """Say whether people who know the assignment draw up both: what is in the syringe may still be seen."""
    return all(each["preparation"]["unblinded"].value is True for each in both)
