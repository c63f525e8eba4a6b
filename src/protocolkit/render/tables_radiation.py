"""Radiotherapy: the volumes with their doses, the organs that are spared, and what is said of planning and delivery."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.render.tables import Column, listing
from protocolkit.render.words import glued, joined, upper_first

if TYPE_CHECKING:
    from protocolkit.render.blocks import Blocks, Inlines
    from protocolkit.render.view import View


def volumes(item: View) -> Blocks:
    """Return the target volumes of one intervention."""
    columns = (
        Column("Volume", "{name}", 3, required=True),
        Column("For", _for, 3),
        Column("What belongs to it", "{definition}", 5),
        Column("Dose", "{dose}", 2, required=True),
        Column("Fractions", "{fractions}", 2, required=True),
        Column("Dose per fraction", "{dose_per_fraction}", 2),
    )
    return listing(item.each("radiation/volumes"), columns, glued("Target volumes of ", item.f("", "name")))


def organs(item: View) -> Blocks:
    """Return the organs that are spared, each with its limit."""
    columns = (
        Column("Organ at risk", "{organ}", 3, required=True),
        Column("For", _for, 3),
        Column("Limit", lambda organ: upper_first(organ.f("constraint")), 6, required=True),
    )
    return listing(item.each("radiation/organs_at_risk"), columns, glued("Organs at risk in ", item.f("", "name")))


def _for(item: View) -> Inlines:
    """Name the lesions and the arms for which something holds; nothing where it holds for all."""
    whom = [arm.f() for arm in item.each("arms")]
    return upper_first(joined([item.f("for"), *whom] if item.has("for") else whom))
