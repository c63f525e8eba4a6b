"""Sentences about interventions: what they are, how a regimen runs, and what else is given beside them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from protocolkit.render.blocks import Heading, Paragraph
from protocolkit.render.choices import choice_words
from protocolkit.render.intervals import interval_rules
from protocolkit.render.kinds import has_dose, noninvestigational
from protocolkit.render.lexicon import with_article
from protocolkit.render.phrases_leaving import early_visit, leaving_visit
from protocolkit.render.phrases_therapy import OF_A_THERAPY, acts_beside
from protocolkit.render.phrases_titration import thresholds, titration
from protocolkit.render.repeats import repeats_sentence
from protocolkit.render.sharing import together
from protocolkit.render.tables_interventions import component_words
from protocolkit.render.tables_regimen import steps_table
from protocolkit.render.words import beside, ended, flat, glued, joined, run, upper_first

if TYPE_CHECKING:
    from collections.abc import Callable

    from protocolkit.render.blocks import Block, Blocks, Inlines
    from protocolkit.render.sharing import Together
    from protocolkit.render.view import View

_DONE_WITH = frozenset({"radiation", "procedure", "surgery"})
_ARTICLE = {
    "experimental": "the experimental intervention",
    "placebo": "placebo",
    "active_placebo": "the active placebo",
    "active_comparator": "the active comparator",
    "sham": "the sham intervention",
    "rescue_medicine": "the rescue treatment",
    "background_treatment": "background treatment",
    "challenge_agent": "the challenge agent",
    "diagnostic": "for diagnosis or measurement",
    "additional_required_treatment": "an additional treatment that the trial requires",
}
_GUARDED = " given under supervision."
_LENGTH = re.compile(
    r"(?:(?:at least|about) )?(?:[0-9]|(?:an?|one|two|three|four|five|six|eight|twelve)\b)", re.IGNORECASE
)
_TIME = re.compile(r"(?:until|till|for|within|before|during|while|when|as long as|on the)\b", re.IGNORECASE)
# How what is no medicine comes to the participant; a medicine is administered.
_GIVEN = {
    "device": "used",
    "diagnostic": "used",
    "surgery": "performed",
    "procedure": "performed",
    "behaviour": "delivered",
}


def heading_of(item: View) -> Block:
    """Return an unnumbered heading with the name of an item."""
    return Heading(0, upper_first(item.f("", "name")), in_contents=False)


def intervention_sentence(item: View) -> Inlines:
    """Say what an intervention is and which part it plays."""
    role = item.at("role").text
    named = _ARTICLE.get(role)
    item.values.mark(item.at("role"))
    part = run(named) if named else item.f("role")
    kind = item.say(" ({kind}, {imp_status})") or item.say(" ({kind})")
    named_too = () if _is_substance(item) else item.say(" Its nonproprietary name is {names/nonproprietary}.")
    same = item.say(" It is the same product as {same_product_as}.")
    return glued("This is ", part, kind, ".", same, _substance(item), named_too)


def _is_substance(item: View) -> bool:
    """Say whether the nonproprietary name is that of the substance, which is named already."""
    name = item.at("names/nonproprietary")
    if same := bool(name) and name.text.casefold() == item.at("substance").text.casefold():
        item.values.mark(name)
    return same


def given_by(item: View) -> Inlines:
    """Say by whom an intervention is given, in the word that fits its kind."""
    verb = _GIVEN.get(item.at("kind").text, "administered")
    return item.say(f"It is {verb} by {{administered_by:the}}.")


def given_once(item: View) -> bool:
    """Say whether an intervention is given once, so that there is nothing to stop."""
    steps = item.each("regimen/steps")
    return bool(steps) and all(step.equals("when", "once") for step in steps)


def _substance(item: View) -> Inlines:
    """Name the substance and what its dose is stated as; once, where the basis says the substance as well."""
    if not item.has("substance"):
        return ()
    substance = item.at("substance").text
    if substance.casefold() == item.at("name").text.casefold() and not item.has("stereochemistry", "basis"):
        item.values.mark(item.at("substance"))
        return ()
    told = item.at("basis").text.casefold().startswith(substance.casefold())
    if told:
        item.values.mark(item.at("substance"))
    named = item.must(" The substance is {basis}") if told else item.must(" The substance is {substance}")
    return glued(named, item.say(", {stereochemistry}"), () if told else item.say(", as {basis}"), ".")


def described(view: View, number: str) -> list[View]:
    """Return the interventions that a section describes: the others than those under investigation in 6.9, by role."""
    apart = noninvestigational(view)
    if not number.startswith("6.9"):
        paths = {item.node.path for item in apart}
        return [item for item in view.each("/interventions") if item.node.path not in paths]
    return [item for item in apart if _SECTIONS.get(item.at("role").text, "6.9.3") == number]


def alike(view: View, number: str, *keys: str) -> list[View]:
    """Return the interventions that a section describes, those drawn together that state the same below some keys."""
    return together(described(view, number), *keys)


def elsewhere(view: View, number: str) -> list[View]:
    """Return the interventions whose role belongs to a section and that 6.1 describes, as they are investigated."""
    named = {
        item.at("intervention").text for key in ("background", "rescue") for item in view.each(f"/concomitant/{key}")
    }
    own = [item for item in described(view, "6.1") if _SECTIONS.get(item.at("role").text) == number]
    return [item for item in own if item.at("id").text not in named]


def given_beside(view: View) -> bool:
    """Say whether background, rescue or premedication is given, and not only the reason why none is."""
    places = [f"/concomitant/{key}" for key in ("background", "rescue", "premedication")]
    return any(view.has(place) and not view.has(f"{place}/none_reason") for place in places)


_SECTIONS = {"background_treatment": "6.9.1", "rescue_medicine": "6.9.2"}


def storage_sentence(item: Together) -> Inlines:
    """Say at which temperature a product is stored."""
    place = "storage/conditions"
    shape = f"stored at {{{place}}}."
    if not item.has(f"{place}/min"):
        shape = f"stored at {{{place}/max}} or below." if item.has(f"{place}/max") else shape
    elif not item.has(f"{place}/max"):
        shape = f"stored at {{{place}/min}} or above."
    return item.being(shape)


def route_sentence(item: View) -> Inlines:
    """Say by which route an intervention is given; that there is none says nothing where more is told of it."""
    told = item.has("regimen", "administered_by", "place", "materials")
    if told and re.fullmatch("not[ _-]?applicable", item.at("route").text, re.IGNORECASE):
        item.values.mark(item.at("route"))
        return ()
    return glued(
        item.say("The route of administration is {route}."),
        item.say(" It may also be given by another route: {routes:or}."),
    )


def components_sentence(item: View) -> Inlines:
    """Name the active substances of a fixed combination, each with its strength."""
    parts = [component_words(part) for part in item.each("product/components")]
    return glued("It is a fixed combination of ", joined(parts), ".") if parts else ()


def regimen_anchor(item: View) -> Inlines:
    """Say what the days of a regimen are counted from, where it is not the first dose, and in which arms otherwise."""
    usual = item.say("The days of the regimen are counted from {regimen/anchor}.")
    own = [each.must("In the arm {arms} they are counted from {anchor}.") for each in item.each("regimen/arm_anchors")]
    return beside((usual or run("The days of the regimen are counted from the first dose.") if own else usual, *own))


def taper_sentence(item: View) -> Blocks:
    """Say how the dose is tapered off, or why it is not."""
    if item.has("regimen/taper/none_reason"):
        return (Paragraph(item.must("The dose is not tapered off: {regimen/taper/none_reason}.")),)
    said = beside(
        (
            item.say("The taper is for {regimen/taper/who}."),
            item.say("Where treatment stops early: {regimen/taper/early_stop}."),
        )
    )
    return (*steps_table(item, "regimen/taper/steps", "Taper of "), *((Paragraph(said),) if said else ()))


def controlled_sentence(item: View) -> Inlines:
    """Say in which countries a substance is controlled."""
    parts = [glued(_country(part), " (", part.f("schedule"), ")") for part in item.each("controlled")]
    return ended(glued("It is a controlled substance in ", joined(parts))) if parts else ()


def _country(item: View) -> Inlines:
    article = "the " if with_article(flat(item.f("country"))).startswith("the ") else ""
    return glued(article, item.f("country"))


def rationales(view: View) -> bool:
    """Say whether a rationale of a dose or a device under investigation is stated."""
    return any(item.has("regimen/rationale", "device/rationale") for item in described(view, "6.1"))


def modified(view: View) -> bool:
    """Say whether dose modifications of what is under investigation, or a reason for none, are stated."""
    return any(item.has("modifications") for item in described(view, "6.1"))


def stated(view: View, key: str) -> bool:
    """Say whether some intervention under investigation states something."""
    return any(item.has(key) for item in described(view, "6.1"))


def supplied_with_device(view: View) -> bool:
    """Say whether something under investigation has a device of its own, and not the equipment of a procedure."""
    return any(item.has("device") and item.at("kind").text not in _DONE_WITH for item in described(view, "6.1"))


def _acts(view: View, action: str, number: str) -> bool:
    items = noninvestigational(view) if number == "6.9" else described(view, number)
    rules = [rule for item in items for rule in item.each("modifications")]
    return any(rule.at("action").value == action for rule in rules)


def withdrawals(view: View, number: str = "6.4") -> bool:
    """Say whether some dose modification that a section tells withdraws what is given."""
    return _acts(view, "withdraw", number)


def interruptions(view: View, number: str = "6.4") -> bool:
    """Say whether some dose modification that a section tells interrupts what is given."""
    return _acts(view, "interrupt", number)


def supervision(item: View) -> Inlines:
    """Say what of a regimen is given under supervision: every dose, or those of some steps; nothing where none is."""
    steps = item.each("regimen/steps")
    watched = [step for step in steps if step.at("supervised").value is True]
    if not watched:
        return ()
    if len(watched) == len(steps):
        return run("Every dose is given under supervision." if has_dose(item) else "It is done under supervision.")
    named = joined([run(step.at("id").text) for step in watched])
    few = len(watched) == 1
    return glued(
        "The dose of the step " if few else "The doses of the steps ", named, " is" if few else " are", _GUARDED
    )


def observation_sentence(item: View) -> Inlines:
    """Say how long participants are observed after a dose; the table of steps has the times that are another."""
    apart = any(step.has("observation") for step in item.each("regimen/steps"))
    but = ", unless the table of the regimen has another time" if apart else ""
    after = "after the dose" if has_dose(item) else "afterwards"
    return item.say(f"Participants are observed for {{discharge/observation}} {after}{but}.")


def driving_sentence(item: View, who: str = "They") -> Inlines:
    """Say for how long, or until when, the participant may not drive; what is no such time stands as it is."""
    place = "discharge/no_driving"
    words = item.at(place).text
    if _LENGTH.match(words):
        return item.say(f"{who} must not drive for {{{place}}}.")
    if _TIME.match(words):
        return item.say(f"{who} must not drive {{{place}}}.")
    return item.say(f"Driving: {{{place}}}.")


def adherent(view: View) -> bool:
    """Say whether anything is stated on adherence to what is under investigation."""
    return any(item.has("adherence") or supervision(item) for item in described(view, "6.1"))


OF_AN_ITEM: dict[str, Callable[..., Any]] = {
    "given_once": given_once, "choice_words": choice_words,
    "heading_of": heading_of, "intervention_sentence": intervention_sentence, "route_sentence": route_sentence,
    "regimen_anchor": regimen_anchor, "titration": titration, "thresholds": thresholds,
    "interval_rules": interval_rules,
    "taper_sentence": taper_sentence, "components_sentence": components_sentence,
    "controlled_sentence": controlled_sentence, "supervision": supervision, "storage_sentence": storage_sentence,
    "driving_sentence": driving_sentence, "observation_sentence": observation_sentence,
    "given_by": given_by, "repeats_sentence": repeats_sentence, **OF_A_THERAPY,
}  # fmt: skip
OF_THE_TRIAL: dict[str, Callable[..., Any]] = {
    "rationales": rationales, "modified": modified, "stated": stated, "withdrawals": withdrawals,
    "supplied_with_device": supplied_with_device,
    "interruptions": interruptions, "adherent": adherent, "described": described, "alike": alike,
    "elsewhere": elsewhere, "given_beside": given_beside, "early_visit": early_visit,
    "leaving_visit": leaving_visit,
    "acts_beside": acts_beside,
}  # fmt: skip
