"""Criteria of eligibility as the document lists them: with limits and ids, and apart where they are not for all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from protocolkit.render.blocks import List, ListItem, Mark, Paragraph, Text
from protocolkit.render.words import ended, flat, glued, joined, run, unended

if TYPE_CHECKING:
    from protocolkit.render.blocks import Blocks, Inlines
    from protocolkit.render.view import View

_BOLD = frozenset({Mark.BOLD})


def criterion(item: View) -> Inlines:
    """Print a criterion, with what is measured and the limits that its own words do not give, and when it is judged."""
    words = item.f("text")
    told = flat(words)
    words_of = {"above": "at least", "below": "at most"} if item.yes("inclusive") else {}
    limits = [
        f"{words_of.get(side, side)} {{{side}}}" for side in ("above", "below") if not _gives(told, item.at(side).text)
    ]
    shown = joined([part for part in (item.say(limit) for limit in limits) if part])
    named = "" if item.at("measure").text.casefold() in told.casefold() and not shown else "{measure}"
    for key in ("measure", "above", "below"):
        item.values.mark(item.at(key))
    measured = glued(item.say(named) if named else (), " " if item.has("measure") and shown else "", shown)
    visit = item.say("at {visit}")
    if visit and flat(visit).casefold() in flat(words).casefold():
        item.values.mark(item.at("visit"))
        visit = ()
    extra = glued(measured, ", " if measured and visit else "", visit)
    return ended(glued(unended(words), " (", extra, ")")) if extra else ended(words)


def _gives(words: str, limit: str) -> bool:
    """Say whether a text gives the number of a limit."""
    number = limit.partition(" ")[0]
    return bool(number) and re.search(rf"(?<![\w.]){re.escape(number)}(?![\w]|\.\d)", words) is not None


def criteria(view: View, place: str) -> Blocks:
    """List criteria with their ids; those of a domain or a cohort apart, since not everybody need meet them."""
    items = view.each(place)
    if not items:
        return ()
    groups: dict[tuple[str, str], list[View]] = {}
    for item in items:
        of = next((key for key in ("domains", "cohorts") if item.has(key)), "")
        groups.setdefault((of, flat(joined([part.f() for part in item.each(of)])) if of else ""), []).append(item)
    everybody = groups.pop(("", ""), [])
    made = [List(tuple(map(_identified, everybody)), ordered=True)] if everybody else []
    which = "exclusion" if place.endswith("exclusion") else "inclusion"
    told = (
        block
        for (of, named), group in groups.items()
        for block in (
            Paragraph(run(_OF_SOME[of, which].format(f"{of if ' and ' in named else of.removesuffix('s')} {named}"))),
            List(tuple(map(_identified, group)), ordered=True),
        )
    )
    return (*made, *told)


def criteria_of(arm: View) -> Blocks:
    """List the criteria that a participant must meet to enter an arm from another."""
    return criteria(arm, "entry_criteria")


_OF_SOME = {
    ("domains", "inclusion"): (
        "To enter the {} of the platform, an individual must meet the following criteria as well:"
    ),
    ("domains", "exclusion"): (
        "An individual who meets any of the following criteria is excluded from the {} of the platform alone:"
    ),
    ("cohorts", "inclusion"): "To enter the {}, an individual must meet the following criteria as well:",
    ("cohorts", "exclusion"): (
        "An individual who meets any of the following criteria is excluded from the {} alone:"
    ),
}  # fmt: skip


def _identified(item: View) -> ListItem:
    """Print a criterion behind its id, which other documents refer to."""
    named = (Text(f"{item.at('id').text}: ", _BOLD),) if item.has("id") else ()
    return ListItem(glued(named, criterion(item)))
