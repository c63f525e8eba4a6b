"""Which activities of the schedule belong into which section on assessments."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from protocolkit.render.early_visits import early_sentences
from protocolkit.render.view import View
from protocolkit.render.words import beside, glued, joined, run

if TYPE_CHECKING:
    from collections.abc import Callable

    from protocolkit.render.blocks import Inlines

_BY_NAME = {
    "8.4.1": re.compile(r"physical examination", re.IGNORECASE),
    "8.4.2": re.compile(
        r"vital signs|blood pressure|pulse|heart rate|oxygen saturation|\btemperature\b", re.IGNORECASE
    ),
    "8.4.3": re.compile(r"electrocardiogra|\becg\b", re.IGNORECASE),
    "8.4.5": re.compile(r"pregnancy test|\bhCG\b", re.IGNORECASE),
    "8.4.6": re.compile(r"suicid|c-ssrs", re.IGNORECASE),
    "8.5": re.compile(r"pharmacokinetic|plasma (sample|concentration)|drug concentration", re.IGNORECASE),
    "8.6.1": re.compile(  # of participants or their tumours, not of what infects them
        r"^(?!.*(?:resistan|vir(?:al|us)|pathogen|isolate|parasit|bacteri)).*(?:genotyp|genetic|genomic)", re.IGNORECASE
    ),
    "8.6.2": re.compile(r"pharmacodynamic", re.IGNORECASE),
    "8.7": re.compile(r"anti-drug antibod|immunogenic", re.IGNORECASE),
    "8.8": re.compile(r"resource use|health economic", re.IGNORECASE),
}
# A questionnaire on health belongs to economics where an objective is about them; else it is an outcome like others.
_WITH_HEALTH = re.compile(r"resource use|health economic|eq-5d", re.IGNORECASE)
_ECONOMIC = re.compile(
    r"\bcosts?\b|econom|\bqalys?\b|quality-adjusted|resource us|\butility (?:scores?|index|values?)", re.IGNORECASE
)
_SECTION_OF = {"8.3": "outcomes", "8.4": "events"}
_LABORATORY, _PREGNANCY, _SUICIDALITY, _KINETICS, _DYNAMICS = "8.4.4", "8.4.5", "8.4.6", "8.5", "8.6.2"
_MARKERS = "8.6.3"
# The domain of outcomes that a sample or a test of a section is done for. What cells of the immune system answer to an
# intervention is an effect of it; antibodies may be of immunogenicity.
_OF_DOMAIN = {
    _KINETICS: (re.compile(r"pharmacokinetic", re.IGNORECASE), None),
    _DYNAMICS: (re.compile(r"immunolog", re.IGNORECASE), re.compile(r"\bT[- ]cells?\b|ELISpot", re.IGNORECASE)),
    _MARKERS: (re.compile(r"biomarker", re.IGNORECASE), None),
}
_TESTED = frozenset({"sample", "laboratory"})
# What a sample that serves an intervention says of its amount in the body, and what is measured of it instead.
_AMOUNT = re.compile(r"\b(plasma|serum|trough|concentrations?|levels?|pk)\b", re.IGNORECASE)
_RESPONSE = re.compile(r"antibod|neutrali|resistan|immun", re.IGNORECASE)
_ALONE = re.compile(r"^(?!.*(?:[,;+]|\b(?:and|with|plus|including)\b))", re.IGNORECASE)  # one thing is done
_OF_PREGNANCY = re.compile(r"\b(?:pregnancy|hCG)\b", re.IGNORECASE)
# A look at tissue or a culture has no panel of values; what else is done beside it may have one.
_NO_PANEL = re.compile(
    r"^(?!.*\band\b).*\b(?:(?:histo(?:patho)?log|cytolog|biops|cultur)\w*|central patholog\w*|pathology of)\b",
    re.IGNORECASE,
)
_SUBSTANCE = re.compile(r"[^\W\d_]{6,}")
# Words of substances that many have in common: salts, and what the substance is.
_COMMON = frozenset({
    "sodium", "chloride", "hydrochloride", "phosphate", "potassium", "calcium", "sulfate", "insulin", "placebo",
    "glucose", "vaccine",
})  # fmt: skip
# What an activity is done for tells its section as well: outcomes by their names, events only where they are one kind.
_CHECKS = re.compile(r"eligibility\b", re.IGNORECASE)
_OF_SAFETY = frozenset({"8.4.1", "8.4.2"})
_BY_OUTCOME = frozenset({"8.4.3", "8.5", "8.6.2", "8.7", "8.8"})


def activities_for(view: View, number: str) -> list[View]:
    """Return the activities that a section describes: those that name it, else those that are plainly its own."""
    return [item for item in view.each("/schedule/activities") if belongs(item, number)]


def belongs(item: View, number: str) -> bool:
    """Say whether an activity belongs into a section."""
    stated = item.at("section").text
    if number in _BESIDE_STATED and _BESIDE_STATED[number](item):
        return True
    if stated:
        item.values.mark(item.at("section"))
        return stated == number
    serves = [node.value for node in item.at("serves")]
    if number == _PREGNANCY:
        return "contraception" in serves or _is_pregnancy_test(item)
    if number == _LABORATORY:
        return item.at("kind").value == "laboratory" and not any(
            belongs(item, other) for other in (_PREGNANCY, "8.5", "8.6.1")
        )
    if (number == _KINETICS and _measures_substance(item)) or _is_of_domain(item, number):
        return True
    return _sounds_so(item, number)


def _is_pregnancy_test(item: View) -> bool:
    """Say whether an activity is a pregnancy test, and no row of the schedule that holds other tests as well."""
    name = item.at("name").text
    return bool(_BY_NAME[_PREGNANCY].search(name) and _ALONE.match(name))


def _is_of_domain(item: View, number: str) -> bool:
    """Say whether a sample or a test is done for an outcome of the domain that a section is about."""
    if number not in _OF_DOMAIN or item.at("kind").text not in _TESTED:
        return False
    domain, named = _OF_DOMAIN[number]
    return any(
        domain.search(outcome.at("domain").text) and (named is None or named.search(outcome.at("name").text))
        for outcome in _served(item, "outcomes")
    )


def _sounds_so(item: View, number: str) -> bool:
    """Say whether the name of an activity, or of the outcomes that it serves, is plainly of a section."""
    shape = _WITH_HEALTH if number == "8.8" and _is_economic(item) else _BY_NAME.get(number)
    if number in _OF_SAFETY and (_is_for_benefit(item) or _CHECKS.match(item.at("name").text)):
        return False
    return bool(shape and (shape.search(item.at("name").text) or (number in _BY_OUTCOME and _measures(item, shape))))


def _is_economic(item: View) -> bool:
    """Say whether the objectives that an activity is done for are about costs, resources or the utility of health.

    An activity that serves no endpoint counts for every objective.
    """
    served = {node.text for node in item.at("serves")}
    every = item.each("/objectives")
    own = [each for each in every if served & {part.at("outcome").text for part in each.each("endpoints")}]
    return any(_ECONOMIC.search(text) for each in own or every for text in _about(each))


def _about(objective: View) -> tuple[str, ...]:
    """Return what an objective and the outcomes of its endpoints are called."""
    return (objective.at("text").text, *(part.owner("outcome").at("name").text for part in objective.each("endpoints")))


def _is_for_benefit(item: View) -> bool:
    """Say whether an activity serves outcomes of benefit and neither safety nor events."""
    return _serves(item, "outcomes", harms := _harms(item)) and not _serves(item, "events", harms)


def _served(item: View, *collections: str) -> list[View]:
    """Return what an activity serves of some collections."""
    found = [item.values.names.find(node.text, *collections) for node in item.at("serves")]
    return [View(item.values, owner) for owner in found if owner is not None]


def _measures(item: View, shape: re.Pattern[str]) -> bool:
    """Say whether an activity serves an outcome whose name or instrument is of a kind; a talk about it is none."""
    if item.at("kind").text == "questionnaire" and shape not in (_BY_NAME["8.8"], _WITH_HEALTH):
        return False
    return any(
        shape.search(outcome.at(place).text)
        for outcome in _served(item, "outcomes")
        for place in ("name", "instrument", "instrument/name")
    )


def _measures_substance(item: View) -> bool:
    """Say whether a sample is taken for the amount of a substance that is given, not for what that brings about."""
    served = _served(item, "outcomes", "interventions")
    names = " ".join((item.at("name").text, *(other.at("name").text for other in served))).casefold()
    if item.at("kind").text != "sample" or _RESPONSE.search(names):
        return False
    outcomes = _served(item, "outcomes")
    given = bool(served) and not outcomes and len(served) == item.many("serves")
    own = " ".join((item.at("name").text, *(other.at("name").text for other in outcomes))).casefold()
    return any(word in own for word in _substances(item)) or (
        given and _AMOUNT.search(item.at("name").text) is not None
    )


def _substances(view: View) -> set[str]:
    """Return the words that substances which the trial gives are called by, in lower case."""
    names = [
        node.text
        for item in view.each("/interventions")
        for node in (
            item.at("substance"),
            item.at("names/nonproprietary"),
            *(part["name"] for part in item.at("pharmacology/active_moieties")),
            *(part["substance"] for part in item.at("product/components")),
        )
    ]
    return {word for name in names for word in _SUBSTANCE.findall(name.casefold())} - _COMMON


def _watches_for_suicidality(item: View) -> bool:
    """Say whether thoughts of suicide are among what an activity looks for, whichever section tells the rest of it."""
    shape = _BY_NAME[_SUICIDALITY]
    words = [
        served.at(place).text
        for served in _served(item, "outcomes", "events")
        for place in ("id", "name", "definition", "instrument", "instrument/name")
    ]
    words += [alert.at(key).text for alert in alerts_of(item) for key in ("item", "action")]
    return any(shape.search(text) for text in (item.at("name").text, *words))


def _measures_dynamics(item: View) -> bool:
    """Say whether an activity serves an outcome of that domain; one blood count may be for safety as well."""
    return any(_BY_NAME[_DYNAMICS].search(outcome.at("domain").text) for outcome in _served(item, "outcomes"))


def alerts_of(item: View) -> list[View]:
    """Return the alerts of an activity and of the outcomes that it serves."""
    return [alert for owner in (item, *_served(item, "outcomes")) for alert in owner.each("alerts")]


# Sections that an activity belongs to beside the one that it names.
_BESIDE_STATED: dict[str, Callable[[View], bool]] = {
    _SUICIDALITY: _watches_for_suicidality,
    _DYNAMICS: _measures_dynamics,
}
_TOLD_APART = ("8.4.1", "8.4.2", "8.4.3", "8.4.4", "8.4.5", "8.4.6", "8.5", "8.6.1", "8.6.2", "8.6.3", "8.7", "8.8")


def told_in(item: View) -> str:
    """Return the section on one kind of assessment that tells the visits of an activity; empty where none does."""
    return next((number for number in _TOLD_APART if belongs(item, number)), "")


def has_panels(view: View) -> bool:
    """Say whether the schedule has laboratory tests with a panel of values, not of pregnancy, tissue or cultures."""
    names = [item.at("name").text for item in view.where("/schedule/activities", "kind", "laboratory")]
    return not all(_OF_PREGNANCY.search(name) or _NO_PANEL.search(name) for name in names)


def told_elsewhere(view: View, number: str) -> Inlines:
    """Refer to the section on safety that tells an activity which is plainly of this one too.

    An examination with vital signs has one row in the schedule and is told once.
    """
    shape = _BY_NAME[number]
    named = [item for item in view.each("/schedule/activities") if shape.search(item.at("name").text)]
    found = [(item, told_in(item)) for item in named]
    return beside(
        [glued(item.f("name", "cap"), f": see Section {told}.") for item, told in found if told.startswith("8.4.")]
    )


def serving(view: View, collection: str) -> list[View]:
    """Return the activities that serve something of a collection: `outcomes` of benefit, or `events` and safety.

    What serves outcomes of harm alone belongs to safety, but not the giving of doses, which tells of exposure; and an
    activity that names one of the two sections belongs there.
    """
    harms = _harms(view)
    return [item for item in view.each("/schedule/activities") if _is_of(item, collection, harms)]


def _is_of(item: View, collection: str, harms: set[str]) -> bool:
    stated = _SECTION_OF.get(item.at("section").text)
    if stated:
        item.values.mark(item.at("section"))
        return stated == collection
    return _serves(item, collection, set() if item.equals("kind", "dose") else harms)


def _serves(item: View, collection: str, harms: set[str]) -> bool:
    words = [node.text for node in item.at("serves")]
    if collection == "outcomes":
        return any(word not in harms and item.values.names.find(word, "outcomes") is not None for word in words)
    found = any(item.values.names.find(word, collection) is not None for word in words)
    return found or "safety" in words or bool(harms & set(words))


def _harms(view: View) -> set[str]:
    """Return the outcomes that are measured for objectives on harm and for no others."""
    found: dict[bool, set[str]] = {True: set(), False: set()}
    for objective in view.at("/objectives"):
        harm = objective["kind"].text == "harm"
        found[harm] |= {endpoint["outcome"].text for endpoint in objective["endpoints"]}
    return found[True] - found[False]


def harms_sentence(view: View) -> Inlines:
    """Name the outcomes that activities of safety take, which another section lists."""
    harms = _harms(view)
    told = {node.text for item in serving(view, "outcomes") for node in item.at("serves")}
    taken = {node.text for item in serving(view, "events") for node in item.at("serves")} & harms - told
    names = [run(view.values.name(node)) for node in view.at("/outcomes") if node["id"].text in taken]
    return glued("Section 8.4 lists the activities that take these outcomes: ", joined(names), ".") if names else ()


ASSESSMENTS: dict[str, Callable[..., object]] = {
    "activities_for": activities_for,
    "activities_serving": serving,
    "has_panels": has_panels,
    "early_sentences": early_sentences,
    "harms_sentence": harms_sentence,
    "told_elsewhere": told_elsewhere,
}
OF_AN_ACTIVITY: dict[str, Callable[[View], object]] = {"alerts_of": alerts_of}
