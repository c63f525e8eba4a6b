"""Sentences about what is given beside the trial intervention: medicines by plan, therapy permitted or prohibited."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from protocolkit.render.kinds import noninvestigational, nothing_dosed, tests_undosed
from protocolkit.render.modified import reduced_to
from protocolkit.render.times import is_zero
from protocolkit.render.words import beside, ended, flat, glued, run, upper_first

if TYPE_CHECKING:
    from collections.abc import Callable

    from protocolkit.render.blocks import Inlines
    from protocolkit.render.view import View

# What begins with a label of its own, `given when: ...`, stands behind a semicolon: two colons do not read.
_LABEL = re.compile(r"[a-z ]+: ")
# A washout whose own words say up to when it lasts, `after consent and before randomisation`.
_UP_TO = re.compile(r"\b(?:before|until|prior to)\b", re.IGNORECASE)
_PERFORMED = frozenset({"device", "procedure", "surgery"})
_CHANGES = {
    "interrupt": "interruption of ",
    "reduce": "reduction of ",
    "withdraw": "permanent stop of ",
    "no_change": "no change of ",
    "extra_dose": "an extra dose of ",
    "reload": "loading again with ",
}


def medicine(item: View) -> Inlines:
    """Describe a background or rescue medicine."""
    name = upper_first(
        item.say("{substance}") or item.say("{class}") or item.say("{intervention}") or item.f("substance")
    )
    both = item.say(" ({class})") if item.has("substance") else ()
    parts = [
        beside([item.say("dose {dose}"), item.say("{route}"), _rhythm(item)], ", "),
        item.say("loading dose {loading_dose}"),
        item.say("at most {max_per_administration} at once"),
        item.say("at most {max_per_day} a day"),
        beside([_taken(item), _for_whom(item)], ", "),
        item.say("{trigger}" if item.at("trigger").text.startswith("given ") else "given when: {trigger}"),
        item.say("before an assessment: {before_assessment}"),
        item.say("intercurrent event: {intercurrent_event}"),
        _prescribed(item),
    ]
    return ended(_told(glued(name, both), parts))


def _prescribed(item: View) -> Inlines:
    """Refer to the intervention that prescribes product and doses of a medicine."""
    if not item.has("intervention"):
        return ()
    named = item.say("given as {intervention}, with ") if item.has("substance") or item.has("class") else run("with ")
    item.values.mark(item.at("intervention"))
    apart = {other.node.path for other in noninvestigational(item)}
    owner = item.owner("intervention")
    return glued(named, "the doses below" if owner.node.path in apart else "the doses of Section 6.3")


def therapy(item: View) -> Inlines:
    """Describe a permitted or prohibited therapy."""
    parts = [
        item.say("at most {limit}"),
        item.say("{condition}"),
        item.say("by the table {table}"),
        _meanwhile(item),
        item.say("unchanged for {stable_for}"),
        item.say("changes: {changes}"),
        item.say("reason: {reason}"),
        _while_taken(item),
    ]
    return ended(_told(glued(upper_first(item.f("class")), item.say(" (such as {members})")), parts))


def prohibited(item: View) -> Inlines:
    """Describe a prohibited therapy: what is said of changes is when, or how far, it is prohibited."""
    limits = [item.say("allowed: at most {limit}"), item.say("{condition}"), item.say("by the table {table}")]
    parts = [*limits, _meanwhile(item), item.say("{changes}")]
    named = glued(upper_first(item.f("class")), item.say(" (such as {members})"))
    more = [item.say("unchanged for {stable_for}"), item.say("reason: {reason}"), _while_taken(item)]
    return ended(_told(named, [*parts, *more]))


def _while_taken(item: View) -> Inlines:
    """Say what happens to the trial intervention while the other medicine is taken, and when it is as before."""
    if not item.has("if_taken"):
        return ()
    base = "if_taken"
    course = item.say(f"in a course of at most {{{base}/longest}}, ") or run("while it is taken, ")
    parts = [
        item.say(f"until {{{base}/restart_after}} after its last dose"),
        item.say(f"restart: {{{base}/restart}}"),
        item.say(f"reason: {{{base}/reason}}"),
        item.say(f"where it is needed for longer: {{{base}/longer}}"),
    ]
    begins = item.say(f" from {{{base}/from:after}} its first dose")
    begins = run(" from its first dose") if begins and is_zero(item.at(f"{base}/from").text) else begins
    said = glued(course, _changed(item), begins)
    until, *rest = parts
    return glued(said, " " if until else "", until, *(piece for part in rest if part for piece in ("; ", part)))


def _changed(item: View) -> Inlines:
    """Say what is done with which intervention, `interruption of Examplinib`."""
    base = "if_taken"
    action = item.at(f"{base}/action")
    done = _CHANGES.get(action.text)
    if done is None:
        return item.f(f"{base}/action")
    item.values.mark(action)
    what = item.say(f"{{{base}/interventions}}") or "trial intervention"
    return glued(done, what, reduced_to(item, f"{base}/to"), item.say(f": {{{base}/extra}}"))


def acts_beside(view: View, action: str) -> bool:
    """Say whether some therapy, where it is taken, has an action on the trial intervention."""
    listed = [*view.each("/concomitant/permitted"), *view.each("/concomitant/prohibited")]
    return any(not action or item.at("if_taken/action").value == action for item in listed if item.has("if_taken"))


def _meanwhile(item: View) -> Inlines:
    """Say in which arms, from when and until when something holds of a therapy, where it is not the whole trial."""
    arms = item.say("in the arms {arms}" if item.many("arms") > 1 else "in the arm {arms}")
    return beside([arms, item.say("from {from:moment}"), item.say("until {until:moment}")])


def premedication(item: View) -> Inlines:
    """Describe a premedication: before what it is given and when, or how it is taken day by day; and for whom."""
    parts = [
        glued(item.say("{dose}"), item.say(" (at most {max_per_administration})")),
        item.say("{route}"),
        _rhythm(item),
        beside([_before_dose(item), _of_what(item)]),
        _taken(item),
        _for_whom(item),
    ]
    return ended(beside([upper_first(item.f("substance")), *parts], ", "))


def _before_dose(item: View) -> Inlines:
    """Say when before a dose something is given; what is implanted or done has no dose, but a procedure."""
    if _is_before_procedure(item):
        item.values.mark(item.at("time/relative_to"))
        return beside([item.say("{time/offset:after}"), run("the procedure")])
    return beside([item.say("{time/offset:after}"), item.say("{time/relative_to}")])


def _is_before_procedure(item: View) -> bool:
    kinds = {part.owner("").at("kind").text for part in item.each("interventions")}
    return item.equals("time/relative_to", "dose_start") and bool(kinds) and kinds <= _PERFORMED


def _of_what(item: View) -> Inlines:
    """Say of which interventions the doses are before which something is given: `of Examplitaxel, doses 1 and 2`."""
    of = (
        item.say("for {interventions:or}" if _is_before_procedure(item) else "of {interventions:or}")
        if item.has("time")
        else item.say("for participants who get {interventions:or}")
    )
    numbers = item.say("doses {doses}" if item.many("doses") > 1 else "dose {doses}")
    return glued(of, ", " if of and numbers else "", numbers)


def _rhythm(item: View) -> Inlines:
    """Say how often a medicine is taken."""
    return beside([item.say("{frequency}"), item.say("every {every:each}")], ", ")


def _taken(item: View) -> Inlines:
    """Say from when, how long and until when a medicine is taken."""
    return beside([item.say("from {from:moment}"), item.say("for {duration:size}"), item.say("until {until:moment}")])


def _for_whom(item: View) -> Inlines:
    """Say in which arms, in which cohorts and on which condition a medicine is given, where it is not to all."""
    arms = item.say("in the arms {arms}" if item.many("arms") > 1 else "in the arm {arms}")
    cohorts = item.say("in the cohorts {cohorts}" if item.many("cohorts") > 1 else "in the cohort {cohorts}")
    return beside([arms, cohorts, item.say("{condition}")], ", ")


def _told(name: Inlines, parts: list[Inlines]) -> Inlines:
    kept = [part for part in parts if part]
    labelled = bool(kept) and _LABEL.match(flat(kept[0])) is not None
    return glued(
        name,
        "; " if labelled else ": " if kept else "",
        *(piece for index, part in enumerate(kept) for piece in (("; " if index else ""), part)),
    )


def own_medicine(item: View) -> Inlines:
    """Say how long a medicine of the participant's own is stopped, when, and before what where that is not told so."""
    undosed = nothing_dosed(item.values.root) or tests_undosed(item.values.root)
    before = f" before {'treatment' if undosed else 'the first dose'}"
    told = _UP_TO.search(item.at("start").text)
    stopped = item.must(f"{{drug:cap}}: stopped for {{duration}}{'' if told else before}.")
    return glued(stopped, item.say(" When: {start}."))


OF_A_THERAPY: dict[str, Callable[[View], Any]] = {
    "medicine": medicine,
    "own_medicine": own_medicine,
    "therapy": therapy,
    "prohibited": prohibited,
    "premedication": premedication,
}
