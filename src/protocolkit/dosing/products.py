"""The product that an intervention is given as."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from protocolkit.document import Node


def product_of(intervention: Node) -> Node:
    """Return the product of an intervention: its own, or where it has none that of the one that it is the same as."""
    own = intervention["product"]
    other = intervention.document.root["interventions"].find(intervention["same_product_as"].text)
    return own if own or not other["product"] else other["product"]
