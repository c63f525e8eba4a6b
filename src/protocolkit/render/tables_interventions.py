"""Interventions: what each arm gets, the steps of a regimen, and dose modifications."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from protocolkit.render.blocks import Landscape, Row, Table
from protocolkit.render.choices import named as of_arm
from protocolkit.render.kinds import has_dose, is_medicine
from protocolkit.render.modified import action
from protocolkit.render.sections import registry
from protocolkit.render.tables import Column, filled, headings, lines, listing, missing
from protocolkit.render.tables_regimen import doses_for_whom, times_for_whom
from protocolkit.render.view import View
from protocolkit.render.words import flat, glued, joined, quantity, run, unique, upper_first

if TYPE_CHECKING:
    from protocolkit.render.blocks import Blocks, Inlines, Paragraph

# Wide enough for the longest word of each heading of the standard.
_WIDTHS = (16, 18, 20, 20, 23, 20, 20, 23, 29, 21, 12, 18)
# What a portrait page holds at the same size of type: its width is five eighths of that of a landscape page.
_PORTRAIT = sum(_WIDTHS) * 5 // 8
_NAME = 2
_LONGEST = 20


def arms(view: View) -> Blocks:
    """Return the table of arms and interventions: of the twelve columns of the standard those that hold something.

    It lies on a landscape page where these need the width.
    """
    rows = [*_run_in(view), *_alike([_rows(arm) for arm in view.each("/arms")])]
    if not rows:
        return (missing(view, "/arms", "arms, each with the interventions that it is given"),)
    labels = next(section.labels for section in registry() if section.number == "6")
    kept = [place for place in range(len(labels)) if any(row[place] for row in rows)]
    body = [Row(tuple(filled(row[place]) for place in kept)) for row in rows]
    widths = tuple(_width(place, [row[place] for row in rows]) for place in kept)
    table = Table(
        (headings(labels[place] for place in kept), *body), widths, run("Arms and interventions"), "tab:arms",
        "One row for each intervention of each arm.", small=True,
    )  # fmt: skip
    return (table,) if sum(widths) <= _PORTRAIT else (Landscape((table,)),)


def _run_in(view: View) -> list[tuple[Inlines, ...]]:
    """Return a row for each product that everybody is given in the run-in and that is no arm's own."""
    own = {item.node.path for arm in view.each("/arms") for item in given(arm)}
    owners = [part.owner("") for part in view.each("/design/run_in/interventions")]
    return [_overview(run("All, in the run-in"), (), item, "") for item in owners if item.node.path not in own]


def _width(place: int, parts: list[Inlines]) -> int:
    """Return the width of a column: that of its heading, or of the longest word in it."""
    longest = max(len(word) for part in parts for word in (re.split(r"[\s/-]+", flat(part)) or [""]))
    return max(_WIDTHS[place], min(longest, _LONGEST) * 3 // 2)


def _rows(arm: View) -> list[tuple[Inlines, ...]]:
    """Return a row for each intervention of an arm; for an arm without any, one with what it gets in words."""
    whose = (arm.f("name"), arm.f("type", "term:arm_type"))
    return [_overview(*whose, item, arm.at("id").text) for item in given(arm)] or [_described(arm)]


def _alike(arms: list[list[tuple[Inlines, ...]]]) -> list[tuple[Inlines, ...]]:
    """Draw together the rows of arms that differ in nothing but their names, such as lots of one vaccine."""
    groups: dict[tuple[str, ...], list[list[tuple[Inlines, ...]]]] = {}
    for rows in arms:
        groups.setdefault(tuple(flat(part) for row in rows for part in row[1:]), []).append(rows)
    return [
        (joined([rows[place][0] for rows in group]), *row[1:])
        for group in groups.values()
        for place, row in enumerate(group[0])
    ]


def _described(arm: View) -> tuple[Inlines, ...]:
    told = arm.equals("type", "no_intervention") or arm.has("description")
    what = upper_first(arm.f("description" if told else "interventions"))
    return (arm.f("name"), arm.f("type", "term:arm_type"), what, *((),) * (len(_WIDTHS) - _NAME - 1))


def _overview(arm: Inlines, kind: Inlines, item: View, identifier: str) -> tuple[Inlines, ...]:
    """Return the row of an intervention: whose it is, what kind of arm that is, and what is given."""
    status = item.f("imp_status", "term:imp_status") if is_medicine(item) or item.has("imp_status") else ()
    return (
        arm,
        kind,
        item.f("", "name-cap"),
        item.f("kind", "term:kind"),
        upper_first(item.say("{product/form}")),
        _strength(item),
        doses_for_whom(item, identifier),
        _routes(item),
        times_for_whom(item, identifier),
        _use(item),
        status,
        item.say("{sourcing:term:sourcing}"),
    )


def _routes(item: View) -> Inlines:
    """Print the routes of an intervention: its own, those by which it may be given instead, and those of steps."""
    instead = joined([item.say("{route}"), *(part.f() for part in item.each("routes"))], "or")
    return upper_first(joined(unique([instead, *(step.say("{route}") for step in item.each("regimen/steps"))])))


def _use(item: View) -> Inlines:
    """Print the use of an intervention; the sham of what is no medicine is no placebo."""
    if item.at("role").text == "sham" and not is_medicine(item):
        item.values.mark(item.at("role"))
        return run("Sham intervention")
    return item.f("role", "term:role")


def _strength(item: View) -> Inlines:
    parts = [component_words(part) for part in item.each("product/components")]
    return joined(parts) or item.say("{product/strength}") or item.say("{product/strengths}")


def component_words(item: View) -> Inlines:
    """Name an active substance of a fixed combination with its strength and what that is stated as."""
    return glued(item.f("substance"), item.say(" {strength}"), item.say(" (as {basis})"))


def given(arm: View) -> list[View]:
    """Return the interventions of an arm, in all its epochs, each once."""
    found: dict[tuple[str | int, ...], View] = {}
    parts = [
        *arm.each("interventions"),
        *(item for epoch in arm.each("epochs") for item in epoch.each("interventions")),
    ]
    for part in parts:
        owner = part.owner("")
        if owner.node:
            part.values.mark(part.node)
            found.setdefault(owner.node.path, owner)
    return list(found.values())


def by_epoch(view: View) -> Blocks:
    """Return what each arm is given in each epoch, for arms whose epochs differ."""
    items = [epoch for arm in view.each("/arms") for epoch in arm.each("epochs")]
    columns = (
        Column("Arm", lambda item: _arm(item).f("name"), 3, required=True),
        Column("Epoch", "{epoch}", 3, required=True),
        Column("What is given", _given_in_epoch, 5, required=True),
        Column("Duration", "{duration}", 2),
        Column("Randomised again", "{re_randomised}", 2),
    )
    return listing(items, columns, "Interventions by arm and epoch")


def _given_in_epoch(item: View) -> tuple[Paragraph, ...]:
    named = upper_first(of_arm(_arm(item), item.each("interventions")))
    told = upper_first(item.say("{description}"))
    return lines(named, told) if named or told else lines(item.f("interventions"))


def _arm(item: View) -> View:
    return View(item.values, item.values.root["arms"][item.node.path[1]])


def modifications(item: View) -> Blocks:
    """Return the dose modifications of one intervention."""
    columns = (
        Column("Event or measure", _what, 3, required=True),
        Column("Trigger", _trigger, 4, required=True),
        Column("Action", lambda m: action(m, dosed=has_dose(item)), 3, required=True),
        Column("Restart", lambda m: upper_first(m.say("{restart}")), 4),
        Column("Management", lambda m: upper_first(m.say("{management}")), 4),
        Column("Reason", lambda m: upper_first(m.say("{reason}")), 3),
    )
    return listing(item.each("modifications"), columns, glued(_changes(item), item.f("", "name")))


def reductions(item: View) -> Blocks:
    """Return the levels to which the dose of one intervention is reduced."""
    columns = (
        Column("Dose level", lambda level: upper_first(level.f("name")), 3, required=True),
        Column("Dose", "{dose}", 3, required=True),
        Column("Frequency", lambda level: upper_first(level.say("{frequency}")), 4),
        Column("Arms", "{arms}", 4),
    )
    return listing(item.each("reductions/levels"), columns, glued("Dose levels of reductions of ", item.f("", "name")))


def _changes(item: View) -> str:
    """Begin the caption of modifications: what has no dose, such as a device, is changed otherwise."""
    return "Dose modifications of " if has_dose(item) else "Modifications of "


def _what(item: View) -> Inlines:
    """Name the event that a rule is about, and what is measured where neither the trigger nor a limit names it."""
    if not item.has("event"):
        return upper_first(glued(item.say("{measure}"), _episode(item)))
    told = _told_by_author(item) if item.has("measure") else True
    if told:
        item.values.mark(item.at("measure"))
    named = told or item.has("above", "below")
    return upper_first(glued(item.say("{event}"), () if named else item.say(" ({measure})"), _episode(item)))


def _episode(item: View) -> Inlines:
    """Say for which episode of an event a rule holds, or for which time that a limit is passed."""
    return (
        item.say(", episode {episode}") if item.has("event") or item.has("measure") else item.say("Episode {episode}")
    )


def _told_by_author(item: View) -> bool:
    """Say whether the author's words name what is measured."""
    return item.at("measure").text.casefold() in _words(item)


def _words(item: View) -> str:
    return f"{item.at('trigger').text} {item.at('threshold').text}".casefold()


def _trigger(item: View) -> tuple[Paragraph, ...]:
    told = item.say(": {threshold}") if item.has("trigger") else item.say("{threshold}")
    limits = [limit for key in ("above", "below") for limit in (_limit(item, key),) if limit]
    limits += [change for side in ("rise", "fall") for change in (_change(item, side),) if change]
    limits += [taken for taken in (item.say("While taking {with:or}."),) if taken]
    words = upper_first(glued(item.say("{trigger}"), told))
    if words or limits:
        return lines(words, *limits)
    return () if item.has("event") else lines(item.f("trigger"))


def _change(item: View, side: str) -> Inlines:
    """Print a limit that is a change from an earlier value."""
    place = f"change/{side}"
    if not item.has(place):
        return ()
    least = item.yes("inclusive")
    size = item.must(f"{{{place}}} or more") if least else item.must(f"more than {{{place}}}")
    return glued(f"{side.capitalize()} by ", size, item.say(" from {change/from:term-low:change_from}"), ".")


def _limit(item: View, key: str) -> Inlines:
    """Print a limit, unless the author's words beside it tell its number and what is measured."""
    words = _words(item)
    found = quantity(item.at(key).text)
    number = rf"(?<![0-9.]){re.escape(found.digits)}(?![0-9]|\.[0-9])" if found else ""
    if number and re.search(number, words) and _told_by_author(item):
        item.values.mark(item.at(key))
        item.values.mark(item.at("measure"))
        return ()
    named = item.has("event") and item.has("measure")
    side = {"above": "at least", "below": "at most"}[key] if item.yes("inclusive") else key
    return upper_first(item.say(f"{{measure}} {side} {{{key}}}." if named else f"{side.capitalize()} {{{key}}}."))


def stopping(item: View) -> Blocks:
    """Return the rules by which one participant stops an intervention."""
    return listing(item.each("stopping_rules"), _RULES, glued("Stopping rules for ", item.f("", "name")))


def trial_stopping(view: View) -> Blocks:
    """Return the rules by which the trial, a site or a cohort stops."""
    level = Column("Applies to", lambda r: upper_first(r.say("{level}")), 2)
    return listing(view.each("/design/stopping_rules"), (level, *_RULES), "Stopping rules of the trial", "tab:stopping")


_RULES = (
    Column("Trigger", "{trigger}", 4, required=True),
    Column("Threshold", "{threshold}", 3),
    Column("Action", "{action}", 5, required=True),
)


def levels(view: View) -> Blocks:
    """Return the dose levels of an escalation and the decisions after each cohort."""
    base = "/design/dose_escalation"
    doses_ = (
        Column("Level", lambda i: run(i.at("id").text), 2, required=True),
        Column("Dose", "{dose}", 3, required=True),
    )
    decisions = (Column("Seen", "{seen}", 4, required=True), Column("Then", "{then}", 6, required=True))
    return (
        *listing(view.each(f"{base}/levels"), doses_, "Dose levels", "tab:levels"),
        *listing(view.each(f"{base}/decisions"), decisions, "Decisions after a cohort", "tab:decisions"),
    )
