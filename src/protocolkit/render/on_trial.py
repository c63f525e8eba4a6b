"""What a trial is about: what is tested, what an arm gives up that others go on with, else what arms are given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.render.choices import is_choice
from protocolkit.render.facts import first_arms
from protocolkit.render.kinds import is_medicine, is_product, noninvestigational
from protocolkit.render.phrases_interventions import described
from protocolkit.render.words import flat, glued, joined, unique

if TYPE_CHECKING:
    from collections.abc import Sequence

    from protocolkit.render.blocks import Inlines
    from protocolkit.render.view import View

_INERT = ("placebo", "active_placebo", "sham")


def products(view: View) -> list[View]:
    """Return the products on trial; where what is tested is no product, also those that the file calls so."""
    tested = view.where("/interventions", "role", "experimental")
    supplied = _once([item for item in tested if is_product(item)])
    given_up = withheld(view)
    if supplied:
        return [*supplied, *given_up]
    called = [item for item in view.where("/interventions", "imp_status", "IMP") if _is_active_medicine(item)]
    return [*tested, *(called or given_up)]


def _once(items: list[View]) -> list[View]:
    """Leave out what is the same product as another of the items, given in another way: it has no name of its own."""
    names = {item.at("id").text for item in items}
    return [item for item in items if item.at("same_product_as").text not in names - {item.at("id").text}] or items


def _is_active_medicine(item: View) -> bool:
    return is_medicine(item) and not item.equals("role", *_INERT)


def withheld(view: View) -> list[View]:
    """Return the products that no experimental arm is given, where its others are given to the other arms as well.

    Such a trial is of doing without them, as where one of two medicines is stopped.
    """
    arms = first_arms(view)
    own = [_given(arm) for arm in arms if arm.equals("type", "experimental")]
    others = [_given(arm) for arm in arms if not arm.equals("type", "experimental")]
    kept = set[str]().union(*own)
    if not kept or not others or not all(kept < names for names in others):
        return []
    apart = {item.node.path for item in noninvestigational(view)}
    more = set[str]().union(*others) - kept
    items = [item for item in view.each("/interventions") if item.at("id").text in more and is_product(item)]
    return [item for item in items if item.node.path not in apart and not item.equals("role", *_INERT)]


def _given(arm: View) -> set[str]:
    lists = [arm, *arm.each("epochs")]
    return {node.text for each in lists for node in each.at("interventions")}


def in_short(view: View) -> Inlines:
    """Name what the trial is about, and what is given up in it: `clopidogrel, with or without aspirin`."""
    shown = _compared(view)
    given_up = [item for item in withheld(view) if item.node.path not in {each.node.path for each in shown}]
    without = joined(unique([_substance(item) for item in given_up]))
    return glued(_named(view, shown), ", with or without " if without else "", without)


def _named(view: View, shown: Sequence[View]) -> Inlines:
    named = [_substance(item) for item in shown]
    codes = [item.say(" ({names/sponsor_code})") for item in shown]
    coded = {flat(name) for name, code in zip(named, codes, strict=True) if code}
    parts = [glued(name, code) for name, code in zip(named, codes, strict=True) if code or flat(name) not in coded]
    return joined(unique(parts), "or" if is_choice(view, shown) else "and") or view.f("/interventions")


def _substance(item: View) -> Inlines:
    return item.say("{names/nonproprietary}") or item.say("{substance}") or item.f("name")


def _compared(view: View) -> list[View]:
    """Return what is on trial; where nothing is, as where stopping is, what arms are given.

    Comparators stand for what is given before a placebo does, and anything before nothing.
    """
    items = view.each("/interventions")
    groups = (
        [item for item in items if item.equals("role", "experimental")],
        [item for item in items if not item.has("role")],
        [item for item in items if item.equals("role", "active_comparator")],
        [item for item in described(view, "6.1") if item.at("role").text not in _INERT],
    )
    return _once(next((group for group in groups if group), items))
