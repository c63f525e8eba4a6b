"""What arms are required to take beside what is tested, and for longer: it is no part of the duration of that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.dosing import NotComputable
from protocolkit.dosing.times import span
from protocolkit.render.facts import first_arms
from protocolkit.render.tables_interventions import given
from protocolkit.render.words import glued, joined, unique

if TYPE_CHECKING:
    from decimal import Decimal

    from protocolkit.render.blocks import Inlines
    from protocolkit.render.view import View


def not_counted(view: View, days: Decimal) -> Inlines:
    """Say what is given beside the trial intervention for more days than that lasts."""
    longer = [item for arm in first_arms(view) for item in given(arm) if _lasts(item, arm) > days]
    named = unique([item.f("", "name") for item in longer])
    verb = " are" if len(named) > 1 else " is"
    return glued(", not counting ", joined(named), ", which", verb, " given for longer") if named else ()


def goes_on(item: View, arm: View, last: Decimal) -> bool:
    """Say whether an arm is given a required treatment, such as another vaccine, after the last dose that is tested."""
    days = _days(item, arm)
    return days is not None and days[1] > last


def _lasts(item: View, arm: View) -> Decimal | int:
    """Return over how many days an arm is given a required treatment; nought where that is not known."""
    days = _days(item, arm)
    return days[1] - days[0] + 1 if days else 0


def _days(item: View, arm: View) -> tuple[Decimal, Decimal] | None:
    if not item.equals("role", "additional_required_treatment") or not item.has("regimen/steps"):
        return None
    try:
        return span(item.node["regimen"], arm.at("id").text)
    except NotComputable:
        return None
