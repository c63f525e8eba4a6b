"""Sentences on who is assigned to what, by whom, and from whom the assignment is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from protocolkit.render.blocks import List, ListItem, Paragraph
from protocolkit.render.facts import first_arms, is_alone, is_blinded
from protocolkit.render.tables import bold, gap
from protocolkit.render.words import beside, ended, flat, glued, joined, plural, run, upper_first

if TYPE_CHECKING:
    from collections.abc import Callable

    from protocolkit.render.blocks import Blocks, Inlines
    from protocolkit.render.view import View

# A unit with one of these is a phrase that no plural can be made of.
_SMALL = frozenset({"the", "a", "an", "of", "in", "or", "and", "with", "for"})
_STANDS_IN = frozenset({"placebo", "active_placebo", "sham"})
_FEW = 4  # arms that a sentence can name
# What may be said of a likeness beside what is alike.
_MORE = ("matching/dummy", "matching/given_when", "matching/note")
_KEPT = ("roles", "unblinded_roles", "method", "maintenance", "by_part", "efficacy_raters", "acute_effects_raters")
# Who may meet an emergency without knowing the assignment.
_AT_SITE = frozenset({"participant", "parent_or_proxy", "care_provider", "investigator"})


def randomisation_lead(item: View) -> Inlines:
    """Begin the paragraph of one of several randomisations with its domain or its arms, else with its number.

    The number stands before them too where another one has the same domain or arms, so that they are told apart.
    """
    if item.many("/design/randomisations") <= 1:
        return ()
    number, named = f"Randomisation {item.index + 1}", _domain(item) or _arms(item)
    shared = [_domain(each) or _arms(each) for each in item.each("/design/randomisations")].count(named) > 1
    return bold(f"{number}, {named}: " if named and shared else f"{named or number}: ")


def _arms(item: View) -> str:
    return flat(joined([run(item.values.name(part.owner("").node)) for part in item.each("arms")]))


def _domain(item: View) -> str:
    """Return the name of the domain of a platform that a randomisation names, else of that whose arms it assigns."""
    if (named := item.owner("domain")).has("name"):
        item.values.mark(item.at("domain"))
        return flat(upper_first(run(named.at("name").text)))
    mine = {part.text for part in item.at("arms")}
    for domain in item.each("/design/master_protocol/domains"):
        if mine and mine == {part.text for part in domain.at("arms")}:
            return flat(upper_first(run(domain.at("name").text)))
    return ""


def assignment_sentence(item: View) -> Inlines:
    """Say when and to what a unit is randomised."""
    arms = joined([part.f() for part in item.each("arms")], "or") or _all_arms(item)
    to = glued(" to ", arms) if arms else (run(" to arms") if _is_of_clusters(item) else item.say(" to {to}"))
    if arms or _is_of_clusters(item):
        item.values.mark(item.at("to"))
    unit = ended(glued("The unit of randomisation is the ", item.f("unit")))
    return glued(unit, ended(glued(f" {_units(item).capitalize()} are assigned", to, item.say(" at {at}"))))


def _all_arms(item: View) -> Inlines:
    """Name all arms where the one randomisation of a trial assigns to them and they are few."""
    arms = first_arms(item)
    alone = item.many("/design/randomisations") == 1 and (item.at("to").text == "arms" or _is_of_clusters(item))
    return joined([arm.f("name") for arm in arms], "or") if alone and 1 < len(arms) <= _FEW else ()


def _is_of_clusters(item: View) -> bool:
    """Say whether clusters are what is randomised: that it is to clusters says no more of what they are assigned to."""
    return item.at("to").text == "clusters" and _units(item) != "participants"


def _units(item: View) -> str:
    """Name what is randomised, in the plural: participants, wards, practices."""
    unit = item.at("unit").text
    named = unit.islower() and all(word.isalpha() and word not in _SMALL for word in unit.split())
    return plural(unit) if named else "participants"


def enrolment_sentence(item: View) -> Inlines:
    """Say who enrols and who assigns what is randomised.

    Where that is wards or practices, those who enrol their participants may be meant: nothing is said of whom.
    """
    noun = _units(item)
    if noun != "participants":
        return _of_units(item)
    enrolled = item.say(f"{noun.capitalize()} are enrolled by {{enrolled_by:the}}.")
    assigned = item.say(f"{'They' if enrolled else noun.capitalize()} are assigned by {{assigned_by:the}}.")
    return beside((enrolled, assigned, _access(item, f" {noun}")))


def _of_units(item: View) -> Inlines:
    enrolled = item.say("Enrolment is done by {enrolled_by:the}.")
    return beside((enrolled, item.say("Assignment is done by {assigned_by:the}."), _access(item, "")))


def _access(item: View, whom: str) -> Inlines:
    access = {"yes": "have access", "no": "have no access"}.get(item.at("enrollers_have_access").text)
    item.values.mark(item.at("enrollers_have_access"))
    return run(f"Those who enrol{whom} {access} to the allocation sequence.") if access else ()


def partly_blinded(view: View) -> bool:
    """Say whether an open-label trial keeps the assignment from some people, or some knowledge from all."""
    kept = view.has(*(f"/design/blinding/{key}" for key in _KEPT if key != "roles"))
    return not is_blinded(view) and (kept or blinded_roles(view))


def hidden_at_site(view: View) -> bool:
    """Say whether a participant or somebody who treats may not know the assignment, so that an emergency breaks it.

    That may be so in a part of the trial alone.
    """
    if any(not part.equals("schema", "open_label") for part in view.each("/design/blinding/by_part")):
        return True
    roles = {node.text for node in view.node["design"]["blinding"]["roles"]}
    single = view.equals("/design/blinding/schema", "single_blind")
    return is_blinded(view) and not (single and roles and roles.isdisjoint(_AT_SITE))


def blinded_roles(view: View, place: str = "/design/blinding/roles") -> bool:
    """Say whether somebody is named who is not made aware of the allocation; `not applicable` is nobody."""
    if view.equals(f"{place}/0", "not_applicable"):
        return False
    return view.has(place)


def blinding_by_part(view: View) -> Blocks:
    """Say where blinding is another one than in the main comparison, or kept by others: in which epochs or arms."""
    items = view.each("/design/blinding/by_part")
    another = "In parts of the trial, blinding is different."
    lead = Paragraph(run(another if differs_by_part(view) else "Blinding in parts of the trial:"))
    return (lead, List(tuple(ListItem(_part(item)) for item in items))) if items else ()


def _part(item: View) -> Inlines:
    arms = item.say("{arms}")
    told = item.at("of").text.casefold() in flat(arms).casefold()
    if told:
        item.values.mark(item.at("of"))
    where = beside([item.say("{epochs}"), arms, () if told else item.say("{of}")], ", ")
    what = "judge without what could sway them" if is_alone(item) else "are not made aware of the allocation"
    following = f" The following {what}: {{roles}}."
    roles = item.say(following) if blinded_roles(item, "roles") else ()
    note = ended(glued(" ", upper_first(item.say("{note}")))) if item.has("note") else ()
    return glued(upper_first(where), item.must(": {schema}."), roles, note)


def differs_by_part(view: View) -> bool:
    """Say whether a part of the trial has another schema of blinding than the main comparison, or does not say."""
    own = view.at("/design/blinding/schema").text
    return any(item.at("schema").text != own for item in view.each("/design/blinding/by_part"))


def partly_open(view: View) -> bool:
    """Say whether a part of a blinded trial is open label."""
    return any(item.equals("schema", "open_label") for item in view.each("/design/blinding/by_part"))


def matching(view: View) -> Blocks:
    """Say how interventions are made alike."""
    given = view.each("/interventions")
    if not any(item.has("matching") for item in given):
        return ()
    matched = {item.at("matching/to").text for item in given}
    asked = [item for item in given if is_blinded(view) and _needs_likeness(item, matched)]
    twice = [item for item in given if _told_by_other(item, given)]
    for item in twice:
        item.values.mark(item.at("matching"))
    items = [ListItem(_alike(item)) for item in given if item not in twice and (item.has("matching") or item in asked)]
    lead = "Interventions are matched as follows." if is_blinded(view) else "On the matching of interventions:"
    return (Paragraph(run(lead)), List(tuple(items)))


def _told_by_other(item: View, given: list[View]) -> bool:
    """Say whether the intervention that this one matches is told to match it in the same things, earlier or in full."""
    other = next((each for each in given if each.at("id").text == item.at("matching/to").text), None)
    if other is None or other.at("matching/to").text != item.at("id").text:
        return False
    one, same = ([node.text for node in each.at("matching/in")] for each in (item, other))
    if one != same or item.has(*_MORE):
        return False
    return other.has(*_MORE) or given.index(other) < given.index(item)


def _needs_likeness(item: View, matched: set[str]) -> bool:
    """Say whether an intervention stands in for another, and no other one is told to be made like it."""
    return item.at("role").text in _STANDS_IN and item.at("id").text not in matched


def _alike(item: View) -> Inlines:
    name = upper_first(item.f("", "name"))
    alike = glued(
        item.say(": made to match {matching/to}") or (": alike" if item.has("matching/in") else ()),
        item.say(" in {matching/in}"),
        item.say(". It is given in its place {matching/given_when}"), item.say(". Dummy: {matching/dummy}"),
    )  # fmt: skip
    note = item.say("{matching/note}")
    if not (alike or note):
        return ended(glued(name, ": ", gap("in what it is made like another intervention")))
    if not alike:
        return ended(glued(name, ": ", note))
    return ended(glued(name, alike, ". " if note else "", upper_first(note)))


OF_A_RANDOMISATION: dict[str, Callable[[View], Any]] = {
    "randomisation_lead": randomisation_lead,
    "assignment_sentence": assignment_sentence,
    "enrolment_sentence": enrolment_sentence,
}
ALLOCATION: dict[str, Callable[..., Any]] = {
    "partly_blinded": partly_blinded,
    "hidden_at_site": hidden_at_site,
    "blinded_roles": blinded_roles,
    "blinding_by_part": blinding_by_part,
    "partly_open": partly_open,
    "matching": matching,
}
