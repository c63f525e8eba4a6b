"""Titration in words: steps, targets of the dose and of a measure, the table of rules; and thresholds to give."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from protocolkit.render.blocks import Mark, Paragraph, Text
from protocolkit.render.kinds import has_dose
from protocolkit.render.tables import Column, listing
from protocolkit.render.words import beside, ended, flat, glued, joined, run, unique, upper_first

if TYPE_CHECKING:
    from protocolkit.render.blocks import Blocks, Inlines
    from protocolkit.render.view import View

_BASE = "regimen/titration"
_THRESHOLD = "give_when"
_BOLD = frozenset({Mark.BOLD})
# Words on when a rule holds that go on from a limit without `and`.
_GOES_ON = re.compile(r"(?:and|at|but|during|from|if|in|on|only|until|when|while|within) ", re.IGNORECASE)


def titration(item: View) -> Blocks:
    """Say how a dose is stepped up and down, by which targets and rules."""
    if not item.has(_BASE):
        return ()
    what = _what(item)
    told = beside(
        (
            _in_arms(item),
            item.say(f"{what} is raised under this condition: {{{_BASE}/condition}}."),
            item.say(f"{what} is raised in steps of {{{_BASE}/step}}."),
            item.say(f"{what} is {_moved(item)} through {{{_BASE}/doses}}."),
            item.say(f"At least {{{_BASE}/min_interval}} lie between two steps."),
            item.say(f"The target is {{{_BASE}/target}}."),
            _measured_target(item),
            _by_cohort(item, f"{_BASE}/per_cohort"),
            item.say(f"Titration lasts {{{_BASE}/duration}}."),
            item.say(f"Stepping down: {{{_BASE}/down}}."),
            item.say(f"When the target is not reached: {{{_BASE}/if_target_not_reached}}."),
            item.say(f"The titration mimics that of {{{_BASE}/mimics}}."),
        )
    )
    return (*((Paragraph(told),) if told else ()), *_rules(item))


def _in_arms(item: View) -> Inlines:
    """Say in which arms the dose is titrated, where the steps of others are given as they stand."""
    steps = item.each("regimen/steps")
    raised = [step for step in steps if step.yes("titrated")]
    names = unique([arm.f() for step in raised for arm in step.each("arms")])
    others = [arm.f() for step in steps if not step.yes("titrated") for arm in step.each("arms")]
    if not names or not all(step.has("arms") for step in raised) or not {*map(flat, others)} - {*map(flat, names)}:
        return ()
    return glued("Only in the ", "arm " if len(names) == 1 else "arms ", joined(names), " is the dose titrated.")


def _what(item: View) -> str:
    """Call what is stepped up: a dose, and of a device whatever it is that its steps are measured in."""
    return "The dose" if has_dose(item) else "It"


def _moved(item: View) -> str:
    """Say which way a dose goes through its list: both, where it starts above the lowest one."""
    doses = [node.text for node in item.at(f"{_BASE}/doses")]
    starts = {step.at("dose").text for step in item.each("regimen/steps") if step.yes("titrated")}
    return "raised or lowered" if starts & {*doses[1:]} and not starts & {*doses[:1]} else "raised"


def _measured_target(item: View) -> Inlines:
    """Say which value the dose is fitted to, and which readings of it count."""
    place = f"{_BASE}/target_measure"
    return glued(
        item.say(f"{_what(item)} is fitted to this target: {{{place}/measure}}, {{{place}/value}}."),
        item.say(f" What is read: {{{place}/reading}}."),
    )


def _by_cohort(item: View, place: str) -> Inlines:
    """Say the step and the target of each cohort, where they differ."""
    parts = [
        glued(part.f("cohort"), part.say(" in steps of {step}"), part.say(" up to {target}"))
        for part in item.each(place)
    ]
    return ended(glued("By cohort: ", joined(parts))) if parts else ()


def _rules(item: View) -> Blocks:
    """Return the rules of a titration, a row for each: what is read and what becomes of the dose."""
    target = item.say(f"{{{_BASE}/target_measure/measure}}")
    columns = (
        Column("What is read", lambda rule: upper_first(_read(rule, target)), 5, required=True),
        Column("Dose" if has_dose(item) else "Change", lambda rule: upper_first(_change(rule)), 4, required=True),
    )
    return listing(item.each(f"{_BASE}/rules"), columns, glued("Titration of ", item.f("", "name")))


def _read(rule: View, target: Inlines) -> Inlines:
    value = rule.say("{value}")
    measure = (rule.say("{measure}") or target) if value else rule.say("{measure}")
    limits = glued(measure, ": " if measure and value else "", value)
    if limits and _GOES_ON.match(rule.at("when").text):
        return glued(limits, rule.say(" {when}"))
    return joined([part for part in (limits, rule.say("{when}")) if part])


def _change(rule: View) -> Inlines:
    return glued(rule.f("action", "term-low:titration_action"), rule.say(" by {by}"), rule.say(" to {to}"))


def threshold(step: View) -> Inlines:
    """Say at which value a step is given, `where haemoglobin is below 80 g/L`."""
    sides = [_side(step, key) for key in ("above", "below")]
    return glued("where ", step.f(f"{_THRESHOLD}/measure"), " is ", joined(sides)) if any(sides) else ()


def _side(step: View, key: str) -> Inlines:
    words = {"above": "at least", "below": "at most"}[key] if step.yes(f"{_THRESHOLD}/inclusive") else key
    return step.say(f"{words} {{{_THRESHOLD}/{key}}}")


def thresholds(item: View) -> Blocks:
    """Say for each step with a threshold what counts beside it, and what suspends it."""
    return tuple(block for step in item.each("regimen/steps") if step.has(_THRESHOLD) for block in _beside(step))


def _beside(step: View) -> Blocks:
    told = beside(
        (
            step.say(f"It is also given, whatever the value, in case of: {{{_THRESHOLD}/or_when}}."),
            step.say(f"The threshold is suspended as follows: {{{_THRESHOLD}/not_when}}."),
        )
    )
    lead = f"Threshold of step {step.at('id').text}: "
    return (Paragraph((Text(lead, _BOLD), *told)),) if told else ()


def accepted(step: View) -> Inlines:
    """Print the range of a dose, behind the dose that is aimed at or in its place."""
    return step.say(" ({dose_range} accepted)") if step.has("dose") else step.say("{dose_range}")


def at_first(step: View) -> Inlines:
    """Say that a dose is the one to start with."""
    return run(" to start with") if step.yes("titrated") else ()
