"""Regimens: the steps of one intervention, each with its dose, for whom it is, and when it is given."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from protocolkit.dosing.alternatives import anchor_of
from protocolkit.render.kinds import has_dose, is_one_thing
from protocolkit.render.names import anchor_name
from protocolkit.render.phrases_titration import accepted, at_first
from protocolkit.render.regimen_times import when_words
from protocolkit.render.repeats import repeats_words
from protocolkit.render.tables import Column, lines, listing, missing
from protocolkit.render.times import between, length
from protocolkit.render.view import View
from protocolkit.render.words import beside, flat, glued, joined, quantity, run, unique, upper_first
from protocolkit.schedule import days
from protocolkit.schedule.anchors import anchors_of

if TYPE_CHECKING:
    from protocolkit.document import Node
    from protocolkit.render.blocks import Blocks, Inlines, Paragraph

_PUNCTUATED = re.compile(r"[,:]")
_USUAL_ANCHORS = ("first_dose", "randomisation")


def steps(item: View) -> Blocks:
    """Return the steps of the regimen of one intervention."""
    made = steps_table(item, "regimen/steps", "Regimen of ")
    return made or (missing(item, "regimen/steps", "steps of the regimen: dose, schedule and duration"),)


def steps_table(item: View, place: str, caption: str) -> Blocks:
    """Return a table of steps; nothing where there are none."""
    over = "Used each time for" if item.equals("kind", "device") else "Given over"
    columns = (
        Column("Step", lambda s: glued(s.at("id").text, s.say(": {level}")), 2, required=True),
        Column("For", _for, 4),
        Column("Dose", _dose, 4, required=has_dose(item)),
        Column(over, lambda s: joined([p for p in (s.say("{duration}"), s.say("at {rate}")) if p]), 2),
        Column("When", lambda s: glued(upper_first(when_words(s)), _from_where(item, s)), 4, required=True),
        Column("Limits", _limits, 3),
        Column("Rounding", _rounding, 3),
        Column("Supervised", lambda s: upper_first(s.say("{supervised}")), 2),
        Column("Observed for", "{observation}", 2),
    )
    return listing(item.each(place), columns, glued(caption, item.f("", "name")))


def doses_for_whom(item: View, arm: str) -> Inlines:
    """Print the doses of a regimen in an arm, each with the participants or the level that it is for."""
    if not item.has("regimen/steps"):
        return item.say("{regimen}")
    parts = [_with(dose_words(step), joined([_level(step), _cohorts(step)])) for step in _steps_of(item, arm)]
    return joined(unique(parts))


def dose_words(step: View) -> Inlines:
    """Print the dose of a step, or whose judgement decides it where the protocol does not; what is done has none."""
    if step.has("at_discretion"):
        return glued(step.say("{dose}; "), step.f("at_discretion"))
    if is_one_thing(_owner(step)):
        step.values.mark(step.at("dose"))
        return ()
    sites = step.say(" at each of {sites/number} sites ({sites/which})")
    if not step.has("dose", "dose_range"):
        owner = _owner(step)
        if not has_dose(owner) or owner.has("regimen/titration/mimics"):
            return owner.say("follows the titration of {regimen/titration/mimics}")
        if step.has("volume"):
            return glued(step.f("volume"), sites)
    dose = () if step.has("dose_range") and not step.has("dose") else step.f("dose")
    return glued(dose, accepted(step), at_first(step), sites)


def _owner(step: View) -> View:
    """Return the intervention that a step belongs to."""
    return View(step.values, step.values.root.at(f"/{step.node.path[0]}/{step.node.path[1]}"))


def _steps_of(item: View, arm: str) -> list[View]:
    """Return the steps of a regimen that an arm has: those for that arm, and those for all."""
    steps_ = item.each("regimen/steps")
    return [step for step in steps_ if not step.has("arms") or arm in [node.text for node in step.at("arms")]]


def times_for_whom(item: View, arm: str) -> Inlines:
    """Print when a regimen is given in an arm, by those whom it is for where their times differ, and how it repeats."""
    groups: dict[str, list[View]] = {}
    for step in _steps_of(item, arm):
        groups.setdefault(flat(_cohorts(step)), []).append(step)
    told = {whom: _times(steps_, dosed=len(groups) == 1) for whom, steps_ in groups.items()}
    alike = len({tuple(flat(part) for part in parts) for parts in told.values()}) == 1
    parts = unique([part if alike else _with(part, run(whom)) for whom, group in told.items() for part in group])
    turns = repeats_words(item)
    listed = _in_a_row(parts) if any(_PUNCTUATED.search(flat(part)) for part in parts) else joined(parts)
    return glued(upper_first(listed), counted_from(item, arm), "; " if parts and turns else "", turns)


def _times(steps_: list[View], *, dosed: bool) -> list[Inlines]:
    """Print when each step is given, on demand with its dose where doses follow each other at times of their own."""
    doses = [dose_words(step) if dosed else () for step in steps_]
    times = [when_words(step) for step in steps_]
    if min(len(unique(doses)), len(unique(times))) < 2 or not all(doses):  # noqa: PLR2004 - one dose, or one time
        return unique(times)
    return [glued(dose, ": ", time) for dose, time in zip(doses, times, strict=True)]


def _in_a_row(parts: list[Inlines]) -> Inlines:
    """Join parts that hold commas of their own."""
    return glued(*(piece for at, part in enumerate(parts) for piece in (("; ", part) if at else (part,))))


def _with(words: Inlines, whom: Inlines) -> Inlines:
    return glued(words, " (", whom, ")") if whom else words


def _level(step: View) -> Inlines:
    """Call a level by its id beside a dose, which its name would repeat."""
    owner = step.owner("level")
    step.values.mark(step.at("level"))
    return run(f"level {owner.at('id').text}") if owner.node else step.say("{level}")


def counted_from(item: View, arm: str) -> Inlines:
    """Say what the days of a regimen count from in an arm, where a reader would not take them so."""
    basis = _basis(item, arm)
    return run(f" (days counted from {basis})" if basis else "")


def _basis(item: View, arm: str) -> str:
    """Return what the days of a regimen count from in an arm; an empty text where a reader takes them so.

    That is the first dose or randomisation, unless one of these is planned for another day than the first of the study.
    """
    anchor = anchor_of(item.at("regimen"), arm)
    owner = item.values.names.find(anchor.value, "anchors", "visits")
    usual = owner is not None and "anchors" in owner.path and owner["kind"].text in _USUAL_ANCHORS
    usual = usual and not any(anchors_of(item.values.root).offsets(anchor.value)[:1])
    if owner is None or usual or not any(_has_days(step) for step in item.each("regimen/steps")):
        return ""
    item.values.mark(anchor)
    return anchor_name(owner)


def _from_where(item: View, step: View) -> Inlines:
    """Say what the days of a step count from; of one for several arms that count from different days, in which arms."""
    if not _has_days(step):
        return ()
    named = {node.text for node in step.at("arms")}
    own = [each for each in item.each("regimen/arm_anchors") if _is_for(each, named)]
    if named and len(own) == 1 and named <= {node.text for node in own[0].at("arms")}:
        return counted_from(item, min(named))
    basis = _basis(item, "")
    others = [glued("in ", each.f("arms"), " counted from ", each.f("anchor")) for each in own]
    told = beside((run(f"days counted from {basis}" if basis else ""), *others), "; ")
    return glued(" (", told, ")") if told else ()


def _is_for(anchored: View, arms: set[str]) -> bool:
    """Say whether an anchor of some arms counts for a step: for one of its arms, or for any where it names none."""
    return not arms or any(node.text in arms for node in anchored.at("arms"))


def _has_days(step: View) -> bool:
    return step.has("days") or any(days(step.at(key).value) is not None for key in ("from", "to"))


def for_whom(step: View) -> Inlines:
    """Say which arms, cohorts, ages and body weights a step is for."""
    return joined([joined([part.f() for part in step.each("arms")]), _cohorts(step)])


def _cohorts(step: View) -> Inlines:
    return joined([joined([part.f() for part in step.each("cohorts")]), _age(step), _band(step)])


def _for(step: View) -> tuple[Paragraph, ...]:
    """Say whom a step is for, and when age and weight are judged."""
    return lines(
        upper_first(for_whom(step)),
        step.say("Age is judged at {age/visit}."),
        step.say("Age is judged again: {age/judged_again}."),
        step.say("Weight is measured at {band/visit}."),
        step.say("Weight is measured again: {band/reweigh}."),
    )


def _age(step: View) -> Inlines:
    node = step.at("age")
    if not (node["min"] or node["max"]):
        return ()
    for key in ("min", "max"):
        step.values.mark(node[key])
    return run(f"age {'' if node['min'] and node['max'] else 'of '}{between(node)}")


def _band(step: View) -> Inlines:
    node = step.at("band")
    limits = [quantity(node[key].text) for key in ("min", "max")]
    if not any(limits):
        return step.say("{band}")
    for key in ("min", "max", "min_inclusive", "max_inclusive"):
        step.values.mark(node[key])
    surface = any(limit is not None and limit.unit.code == "m2" for limit in limits)
    return run(f"body {'surface' if surface else 'weight'} {_limits_of(node)}")


def _limits_of(node: Node) -> str:
    """Write the ends of a band; an end that is not included is above or below."""
    low, high = node["min"].text, node["max"].text
    least = "above" if node["min_inclusive"].value is False else "of at least"
    most = "below" if node["max_inclusive"].value is False else "of at most"
    first = f"{least} {length(low)}" if low else ""
    last = f"{most.removeprefix('of ') if first.startswith('of') else most} {length(high)}" if high else ""
    return " and ".join(part for part in (first, last) if part)


def _is_told_by_band(step: View) -> bool:
    """Say whether the band of a step tells already when its weight is measured again."""
    stated = step.at("scaling/reweigh")
    alike = bool(stated) and stated.value == step.at("band/reweigh").value
    if alike:
        step.values.mark(stated)
    return alike


def _dose(step: View) -> tuple[Paragraph, ...]:
    weight = step.say("By {scaling/weight} body weight") or step.say("By body surface ({scaling/formula})")
    where = glued(weight, step.say(" at {scaling/visit}"))
    return lines(
        upper_first(dose_words(step)),
        step.say("Route: {route}."),
        step.say("Volume: {volume}.") if step.has("dose", "dose_range") else (),
        glued(where, "." if where else ""),
        () if _is_told_by_band(step) else step.say("Weighed again: {scaling/reweigh}."),
        step.say("Recalculated at a change of {scaling/recalculate_at}."),
        _size_cap(step),
        _range(step),
        step.say("Outside these: {scaling/outside}."),
        step.say("Formula: {scaling/formula}.") if step.has("scaling/weight") else (),
        *_clearance(step),
    )


def _size_cap(step: View) -> Inlines:
    """Say where a dose stops to rise: at a body weight, a body surface or an amount."""
    cap = quantity(step.at("scaling/cap").text)
    size = {"kg": "Weight cap", "m2": "Cap of the body surface"}.get(cap.unit.code if cap else "", "Cap")
    return step.say(f"{size}: {{scaling/cap}}.")


def _range(step: View) -> Inlines:
    """Say within which body weights or surfaces a dose is meant."""
    ends = [quantity(step.at(f"scaling/range/{end}").text) for end in ("min", "max")]
    what = "Body surfaces" if any(end and end.unit.code == "m2" for end in ends) else "Weights"
    return step.say(f"{what}{' from' if all(ends) else ':'} {{scaling/range}}.")


def _clearance(step: View) -> tuple[Inlines, ...]:
    """Say how the amount follows from a target area under the curve, and from which clearance."""
    return (
        (
            step.say("Amount: {clearance/formula}."),
            glued(step.say("Clearance: {clearance/method}"), step.say(", at {clearance/visit}"), "."),
            step.say("Clearance is taken as {clearance/cap} at most."),
            step.say("Clearance is measured again: {clearance/again}."),
        )
        if step.has("clearance")
        else ()
    )


def _limits(step: View) -> tuple[Paragraph, ...]:
    return lines(
        step.say("At most {max_rate}."),
        step.say("At most {max_per_administration} per administration."),
        step.say("No cap: {no_cap_reason}."),
    )


def _rounding(step: View) -> Inlines:
    if step.has("rounding/none_reason"):
        return step.must("Not rounded: {rounding/none_reason}")
    return upper_first(
        glued(step.say("{rounding/quantity}"), step.say(" to {rounding/to}"), step.say(", {rounding/method}"))
    )
