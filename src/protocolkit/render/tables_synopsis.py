"""The synopsis: the overall design in the labels and the layout of the standard."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from protocolkit.render import facts
from protocolkit.render.blocks import Cell, Gap, Paragraph, Row, Table
from protocolkit.render.on_trial import in_short
from protocolkit.render.phrases_allocation import differs_by_part
from protocolkit.render.phrases_design import most_participants, participants_sentence
from protocolkit.render.tables import TEXT, bold, lines
from protocolkit.render.tables_interventions import given as everything_given
from protocolkit.render.treatment_time import treatment_duration
from protocolkit.render.words import beside, ended, flat, glued, joined, keys_of, run, unended, unique, upper_first

if TYPE_CHECKING:
    from collections.abc import Callable

    from protocolkit.render.blocks import Blocks, Inlines
    from protocolkit.render.view import View

# Words about some participants, `Controls who cross over ...`, so that they say nothing of the others.
_OF_SOME = re.compile(r"(?:for |in )?(?:[\w-]+ ){1,5}(?:who|whose)\b", re.IGNORECASE)
_CONTROLS = ("active_comparator", "active_placebo")
_FEW = 3  # medicines that fit into brackets behind the name of an arm; Section 6 lists more
_COMPARED = ("active_comparator", "control", "no_intervention", "placebo_comparator", "sham_comparator")
_COMMITTEES = {
    "dmc": "Independent Data Monitoring Committee",
    "dose_escalation": "Dose Escalation Committee",
    "adjudication": "Endpoint Adjudication Committee",
}
_LAYOUT = (
    ("Intervention", "Population Type"),
    ("Intervention Model", "Population Diagnosis or Condition"),
    ("Control Type", "Population Age"),
    ("Control Description", "Site Distribution and Geographic Scope"),
    ("Intervention Assignment Method", "Master Protocol"),
    ("Stratification", ""),
    ("Drug/Device Combination Product Indicator", "Adaptive Trial Design"),
)
_LIST = ("Number of Arms", "Trial Blind Schema", "Blinded Roles", "Number of Participants", "Duration", "Committees")
_BLINDED = "The following roles indicated will not be made aware of the treatment group assignment during the trial:"

_ALONE = "Not Applicable, as all are in one arm. These judge without what could sway them (Section 6.7.3):"


def synopsis(view: View) -> Blocks:
    """Return the key aspects of the design in two columns, and the further aspects below them."""
    rows = [Row(tuple(_aspect(view, label) for label in row)) for row in _LAYOUT]
    table = Table(
        tuple(rows), (1, 1), run("Overall design"), "tab:synopsis", "Key aspects of the design, each with its label."
    )
    return (table, *(block for label in _LIST for block in _further(view, label)))


def _aspect(view: View, label: str) -> Cell:
    if not label:
        return Cell((Paragraph((), TEXT),))
    value = _ASPECTS[label](view)
    if isinstance(value, tuple) and value and isinstance(value[0], Paragraph):
        return Cell((Paragraph(bold(f"{label}:"), TEXT), *value))
    return Cell((Paragraph((*bold(f"{label}: "), *value), TEXT),))


def _further(view: View, label: str) -> Blocks:
    return _FURTHER[label](view)


def _control(view: View) -> Inlines:
    """Describe the control: what the control arms are given, and the standard of care where it is stated."""
    if view.equals("/design/control/type", "none"):
        return run("Not applicable")
    arms = [item for item in facts.first_arms(view) if item.at("type").text in _COMPARED]
    named = unique([_given(item) for item in arms]) or unique(
        [_substance(item) for item in view.each("/interventions") if item.equals("role", *_CONTROLS)]
    )
    kept = [part for part in (joined(named), *_outside(view), _later_control(view)) if part]
    beside_it = bool(kept) and not view.equals("/design/control/type", "standard_of_care", "usual_care")
    care = view.say(f"{'standard of care: ' if beside_it else ''}{{/design/control/standard_of_care}}")
    kept += [care] if care else []
    told = glued(*(piece for at, part in enumerate(kept) for piece in (("; " if at else ""), part)))
    return upper_first(told) or view.f("/design/control/type", "cap")


def _outside(view: View) -> list[Inlines]:
    """Name what the arms are compared with that is no arm: external comparators and the benchmark."""
    goal = unended(view.say("{/design/framework/benchmark}"))
    names = [item.f("name") for item in view.each("/design/external_comparators")]
    return [joined([name for name in names if flat(name).casefold() not in flat(goal).casefold()]), goal]


def _later_control(view: View) -> Inlines:
    """Name the control arms that participants enter from other arms."""
    arms = [item.f("name") for item in facts.later_arms(view) if item.at("type").text in _COMPARED]
    return glued("later in the trial: ", joined(arms)) if arms else ()


def _given(arm: View) -> Inlines:
    """Name what a control arm gets: the substance where it is one comparator alone, else the arm."""
    given = [item for item in arm.each("interventions") if item.owner("").equals("role", *_CONTROLS)]
    alone = len(given) == arm.many("interventions") == 1
    return (_substance(given[0].owner("")) if alone else ()) or glued(arm.f("name"), _background(arm))


def _background(arm: View) -> Inlines:
    """Name in brackets the background treatment that a control arm is given, unless its name says so.

    What every arm is given beside its own is no part of the control.
    """
    every = [{item.at("id").text for item in everything_given(each)} for each in facts.first_arms(arm)]
    given = everything_given(arm)
    items = [item for item in given if item.equals("role", "background_treatment")]
    if len(items) < len(given):
        items = [item for item in items if not all(item.at("id").text in own for own in every)]
    named = joined([run(item.values.name(item.node)) for item in items])
    told = flat(named).casefold() in flat(arm.f("name")).casefold()
    return () if told or len(items) > _FEW else glued(" (", named, ")")


def _substance(item: View) -> Inlines:
    """Name what is given by its substance; a vaccine by its name, as its substance says what it is made of."""
    vaccine = item.say("{name}") if item.equals("kind", "vaccine") else ()
    return item.say("{names/nonproprietary}") or vaccine or item.say("{substance}")


def _age(view: View) -> tuple[Paragraph, ...]:
    return lines(glued("Minimum: ", facts.age(view, "min")), glued("Maximum: ", facts.age(view, "max")))


def _sites(view: View) -> Inlines:
    return glued(facts.site_distribution(view), "; ", facts.geographic_scope(view))


def _method(view: View) -> Inlines:
    if not facts.is_allocated(view):
        return (Gap("how participants are allocated", view.at("/design/randomisations").locator),)
    if not facts.is_randomised(view):
        return run("No Intervention Assignment Method")
    items = view.each("/design/randomisations")
    kinds = joined(unique([item.f("restriction") for item in items if item.has("restriction")]))
    return glued("Randomisation", " (" if kinds else "", kinds, ")" if kinds else "")


def _yes(found: bool) -> Inlines:
    return run("Yes" if found else "No")


def _stratified(view: View) -> Inlines:
    return _yes(any(item.has("strata") for item in view.each("/design/randomisations")))


def _master(view: View) -> Inlines:
    found = view.has("/design/master_protocol") and not view.equals("/design/master_protocol/type", "none")
    return glued(_yes(found), view.say(" ({/design/master_protocol/type})") if found else "")


def _combination(view: View) -> Inlines:
    """Say whether a product is drug and device in one; of a device that carries a drug this has to be stated."""
    items = view.each("/interventions")
    found = any(item.yes("combination_product") for item in items)
    unsaid = [item for item in items if item.has("device/drug") and not item.has("combination_product")]
    return unsaid[0].f("combination_product") if unsaid and not found else _yes(found)


_ASPECTS: dict[str, Callable[[View], Inlines | tuple[Paragraph, ...]]] = {
    "Intervention": in_short,
    "Population Type": lambda v: v.f("/population/type", "term:population_type"),
    "Intervention Model": lambda v: v.f("/design/model", "term:model"),
    "Population Diagnosis or Condition": lambda v: v.f("/population/condition/name", "cap"),
    "Control Type": lambda v: v.f("/design/control/type", "term:control_type"),
    "Population Age": _age,
    "Control Description": _control,
    "Site Distribution and Geographic Scope": _sites,
    "Intervention Assignment Method": _method,
    "Master Protocol": _master,
    "Stratification": _stratified,
    "Drug/Device Combination Product Indicator": _combination,
    "Adaptive Trial Design": lambda v: _yes(v.has("/design/adaptive")),
}


def _paragraph(label: str, *parts: Inlines | str) -> Blocks:
    return (Paragraph(glued(bold(f"{label}: "), *parts)),)


def _arms(view: View) -> Blocks:
    number, later = len(facts.first_arms(view)), len(facts.later_arms(view))
    more = f", and {later} that participants enter from these" if later else ""
    return _paragraph("Number of Arms", f"{number}{more}" if number else view.f("/arms"))


def _schema(view: View) -> Blocks:
    more = "; another one in parts of the trial (Section 6.7.3)" if differs_by_part(view) else ""
    return _paragraph("Trial Blind Schema", view.f("/design/blinding/schema", "term:blinding_schema"), more)


def _roles(view: View) -> Blocks:
    if not facts.is_blinded(view) and view.equals("/design/blinding/roles/0", "not_applicable"):
        return _paragraph("Blinded Roles", "Not Applicable.")
    named = joined([item.f("", "term:blinded_role") for item in view.each("/design/blinding/roles")])
    stated = view.has("/design/blinding/schema") and not facts.is_blinded(view)
    roles = run("Not Applicable") if stated else view.f("/design/blinding/roles")
    alone = f"{_ALONE} " if named and facts.is_alone(view) else ""
    return _paragraph("Blinded Roles", f"{_BLINDED} {alone}", named or roles, ".")


def _number(view: View) -> Blocks:
    later = [_entering(arm) for arm in facts.later_arms(view) if arm.has("participants")]
    rolled = ended(view.say("Roll-in participants, who are not randomised: {/design/roll_in/participants}"))
    most = most_participants(view)
    return _paragraph("Number of Participants", beside([participants_sentence(view), most, *later, rolled]))


def _entering(arm: View) -> Inlines:
    """Say how many go on into an arm that is entered from others; they are counted there already."""
    words = {"maximum": "at most ", "target": "a target of "}
    most = words.get(arm.at("target_or_maximum").text, "")
    return arm.must(f"The arm {{name}} is entered later by {most}{{participants}} of them.")


def _duration(view: View) -> Blocks:
    return (
        Paragraph(bold("Duration:")),
        Paragraph(
            glued(
                "Total planned duration of trial intervention for each participant: ",
                treatment_duration(view),
                ".",
            )
        ),
        Paragraph(
            glued("Total planned duration of trial participation for each participant: ", _taking_part(view), ".")
        ),
    )


def _taking_part(view: View) -> Inlines:
    """Print the length of participation: the author's words, behind the stated length where they are about some."""
    length, words = (f"/trial/timeline/participant_duration{end}" for end in ("", "_text"))
    if view.has(length) and _OF_SOME.match(view.at(words).text):
        return view.say(f"{{{length}}}. {{{words}}}")
    return view.say(f"{{{words}}}") or view.f(length)


def _committees(view: View) -> Blocks:
    base = "/oversight/committees"
    found = [
        name
        for key, name in _COMMITTEES.items()
        if view.has(f"{base}/{key}") and not view.has(f"{base}/{key}/none_reason")
    ]
    kinds = [key for key in keys_of(view.at(base)) if key not in (*_COMMITTEES, "other")]
    others = [run(f"{key.replace('_', ' ')} committee") for key in kinds if not view.has(f"{base}/{key}/none_reason")]
    others += [item.f("name") for item in view.each(f"{base}/other")]
    stated = run("; ".join(found)) if found else run("None") if view.has(base) else view.f(base)
    more = (Paragraph(glued("Other Committees: ", joined(others), ".")),)
    return (
        Paragraph(bold("Committees:")),
        Paragraph(glued("Independent Committees: ", stated, ".")),
        *(more if others else ()),
    )


_FURTHER: dict[str, Callable[[View], Blocks]] = {
    "Number of Arms": _arms,
    "Trial Blind Schema": _schema,
    "Blinded Roles": _roles,
    "Number of Participants": _number,
    "Duration": _duration,
    "Committees": _committees,
}
