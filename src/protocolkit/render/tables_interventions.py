"""Interventions: what each arm gets, the steps of a regimen, and dose modifications."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.render.blocks import Landscape, Row, Table
from protocolkit.render.sections import registry
from protocolkit.render.tables import Column, filled, headings, lines, listing, missing
from protocolkit.render.times import day_list
from protocolkit.render.words import glued, joined, run, unique, upper_first
from protocolkit.schedule import days, study_day

if TYPE_CHECKING:
    from protocolkit.document import Node
    from protocolkit.render.blocks import Blocks, Inlines, Paragraph
    from protocolkit.render.view import View

# Wide enough for the longest word of each heading of the standard.
_WIDTHS = (16, 18, 20, 20, 23, 20, 20, 23, 29, 21, 12, 18)


def arms(view: View) -> Blocks:
    """Return the table of arms and interventions with the twelve columns of the standard, on landscape pages."""
    pairs = [(arm, item) for arm in view.each("/arms") for item in given(arm)]
    if not pairs:
        return (missing(view, "/arms", "arms, each with the interventions that it is given"),)
    labels = next(section.labels for section in registry() if section.number == "6")
    rows = [Row(tuple(filled(shown) for shown in _overview(arm, item))) for arm, item in pairs]
    table = Table(
        (headings(labels), *rows), _WIDTHS, run("Arms and interventions"), "tab:arms",
        "One row for each intervention of each arm.", small=True,
    )  # fmt: skip
    return (Landscape((table,)),)


def _overview(arm: View, item: View) -> tuple[Inlines, ...]:
    return (
        arm.f("name"),
        arm.f("type", "term:arm_type"),
        item.f("", "name"),
        item.f("kind", "term:kind"),
        upper_first(item.say("{product/form}")),
        item.say("{product/strength}") or item.say("{product/strengths}"),
        joined(unique([step.f("dose") for step in item.each("regimen/steps")]))
        if item.has("regimen/steps")
        else item.say("{regimen}"),
        upper_first(item.say("{route}")),
        joined(unique([_when(step) for step in item.each("regimen/steps")])),
        item.f("role", "term:role"),
        item.f("imp_status", "term:imp_status"),
        item.say("{sourcing:term:sourcing}"),
    )


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
        Column("Arm", lambda item: item.values.field(_arm(item)), 3, required=True),
        Column("Epoch", "{epoch}", 3, required=True),
        Column("Interventions", "{interventions}", 5, required=True),
        Column("Duration", "{duration}", 2),
        Column("Randomised again", "{re_randomised}", 2),
    )
    return listing(items, columns, "Interventions by arm and epoch")


def _arm(item: View) -> Node:
    return item.values.root["arms"][item.node.path[1]]["name"]


def steps(item: View) -> Blocks:
    """Return the steps of the regimen of one intervention."""
    made = steps_table(item, "regimen/steps", "Regimen of ")
    return made or (missing(item, "regimen/steps", "steps of the regimen: dose, schedule and duration"),)


def steps_table(item: View, place: str, caption: str) -> Blocks:
    """Return a table of steps; nothing where there are none."""
    columns = (
        Column("Step", lambda s: glued(s.at("id").text, s.say(": {level}")), 2, required=True),
        Column("Dose", _dose, 4, required=True),
        Column("Given over", lambda s: joined([p for p in (s.say("{duration}"), s.say("at {rate}")) if p]), 2),
        Column("When", _when, 4, required=True),
        Column("Limits", _limits, 3),
        Column("Rounding", _rounding, 3),
        Column("Supervised", lambda s: upper_first(s.say("{supervised}")), 2),
    )
    return listing(item.each(place), columns, glued(caption, item.f("", "name")))


def _dose(step: View) -> tuple[Paragraph, ...]:
    weight = step.say("By {scaling/weight} body weight") or step.say("By body surface ({scaling/formula})")
    where = glued(weight, step.say(" at {scaling/visit}"))
    return lines(
        step.f("dose"),
        glued(where, "." if where else ""),
        step.say("Weighed again: {scaling/reweigh}."),
        step.say("Recalculated at a change of {scaling/recalculate_at}."),
        step.say("Weight cap: {scaling/cap}."),
        step.say("Weights from {scaling/range}."),
        step.say("Outside these: {scaling/outside}."),
        step.say("Formula: {scaling/formula}.") if step.has("scaling/weight") else (),
    )


def _limits(step: View) -> tuple[Paragraph, ...]:
    return lines(
        step.say("At most {max_rate}."),
        step.say("At most {max_per_administration} per administration."),
        step.say("No cap: {no_cap_reason}."),
    )


def _rounding(step: View) -> Inlines:
    return upper_first(
        glued(step.say("{rounding/quantity}"), step.say(" to {rounding/to}"), step.say(", {rounding/method}"))
    )


def _when(step: View) -> Inlines:
    parts = (
        step.say("{frequency}"),
        step.say("at {times}"),
        _days(step),
        run("once") if step.equals("when", "once") and not step.has("frequency") else (),
    )
    return upper_first(_commas(parts))


def _commas(parts: tuple[Inlines, ...]) -> Inlines:
    kept = [part for part in parts if part]
    return glued(*(piece for index, part in enumerate(kept) for piece in ((", ", part) if index else (part,))))


def _days(step: View) -> Inlines:
    if step.has("days"):
        return run(_written(step, "days"))
    if step.has("from") and step.has("to"):
        return _span(step)
    start = step.say("from {from:moment}")
    return glued(start, step.say(" until {until:moment}") if start else step.say("until {until:moment}"))


def _span(step: View) -> Inlines:
    first, last = step.at("from"), step.at("to")
    if days(first.value) is None or days(last.value) is None:
        return step.must("from {from:moment} to {to:moment}")
    step.values.mark(first)
    step.values.mark(last)
    rule = step.values.rule
    start, end = (study_day(days(node.value) or Decimal(0), rule) for node in (first, last))
    return run(f"Days {start} to {end}" if start != end else f"Day {start}")


def _written(step: View, place: str) -> str:
    node = step.at(place)
    step.values.mark(node)
    found = [days(item.value) for item in node]
    return day_list([study_day(day, step.values.rule) for day in found if day is not None])


def modifications(item: View) -> Blocks:
    """Return the dose modifications of one intervention."""
    columns = (
        Column("Event or measure", lambda m: upper_first(m.say("{event}") or m.say("{measure}")), 3, required=True),
        Column("Trigger", _trigger, 4, required=True),
        Column("Action", lambda m: glued(upper_first(m.f("action")), m.say(" to {to}")), 3, required=True),
        Column("Restart", lambda m: upper_first(m.say("{restart}")), 4),
        Column("Reason", lambda m: upper_first(m.say("{reason}")), 3),
    )
    return listing(item.each("modifications"), columns, glued("Dose modifications of ", item.f("", "name")))


def _trigger(item: View) -> tuple[Paragraph, ...]:
    return lines(
        upper_first(
            glued(item.say("{trigger}"), item.say(": {threshold}") if item.has("trigger") else item.say("{threshold}"))
        ),
        upper_first(item.say("{measure} above {above}.")) if item.has("event") else item.say("Above {above}."),
        upper_first(item.say("{measure} below {below}.")) if item.has("event") else item.say("Below {below}."),
        () if item.has("trigger", "threshold", "above", "below") else item.f("trigger"),
    )


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
