"""Facts that follow from the file and are printed in several places: participants, kinds of epochs, scope."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from protocolkit.quantities import plain
from protocolkit.render.blocks import Gap
from protocolkit.render.words import flat, joined, quantity, run
from protocolkit.rules import rerandomised

if TYPE_CHECKING:
    from protocolkit.document import Node
    from protocolkit.render.blocks import Inlines
    from protocolkit.render.view import View

_BEHIND_A_NOUN = re.compile(r"\s*[(,;:]")
_TREATED = ("treatment", "extension")
_BEFORE = ("screening", "run_in")
_TOTALS = ("randomised_total", "enrolled_max")
_GUESSES = (
    ("screen", "screening"),
    ("run", "run_in"),
    ("wash", "washout"),
    ("wo", "washout"),
    ("follow", "follow_up"),
    ("exten", "extension"),
)


def epoch_kind(epoch: Node) -> str:
    """Return the type of an epoch; where it is not stated, what its id says."""
    if epoch["type"].text:
        return epoch["type"].text
    name = epoch["id"].text.lower()
    return next((kind for start, kind in _GUESSES if name.startswith(start)), "treatment")


def is_treated(epoch: Node) -> bool:
    """Say whether trial intervention is given in an epoch."""
    return epoch_kind(epoch) in _TREATED


def is_before(epoch: Node) -> bool:
    """Say whether an epoch comes before allocation."""
    return epoch_kind(epoch) in _BEFORE


def repeated_noun(epoch: Node) -> str:
    """Return what an epoch that comes back consists of, as the file calls it: courses where something is given."""
    return epoch["repeats"]["name"].text or ("course" if is_treated(epoch) else "interval")


def cohorts_of(view: View, epoch: Node) -> frozenset[str]:
    """Return the cohorts that an epoch is for: where all its visits name some; none where it is for everybody."""
    name = epoch["id"].text
    visits = [
        visit
        for visit in view.at("/schedule/visits")
        if name in (visit["epoch"].text, *(node.text for node in visit["epochs"]))
    ]
    every = {node["id"].text for node in view.at("/population/cohorts")}
    wanted = frozenset(node.text for visit in visits for node in visit["cohorts"])
    return wanted if wanted < every and all(visit["cohorts"] for visit in visits) else frozenset()


def of_cohorts(view: View, epoch: Node) -> str:
    """Name the cohorts that an epoch is for; empty where it is for everybody."""
    wanted = cohorts_of(view, epoch)
    named = [node for node in view.at("/population/cohorts") if node["id"].text in wanted]
    return flat(joined([run(view.values.name(node)) for node in named]))


def participants(view: View) -> Inlines:
    """Print how many participants the trial plans for, a gap where that is not stated."""
    return stated_participants(view) or (Gap("number of participants in each arm", view.at("/arms").locator),)


def stated_participants(view: View) -> Inlines:
    """Print the number of participants: of the arms, of the sequences, else of the sample size; nothing without one.

    Where several randomisations share the participants, the arms together count each of them more than once; those in
    arms that are entered from other arms have been counted there.
    """
    shared = _share_participants(view) and not _add_up(view)
    for place, key in (("/arms", "participants"), ("/design/sequences", "n")):
        items = first_arms(view) if place == "/arms" else view.each(place)
        numbers = [] if shared else [item.at(key) for item in items]
        if numbers and all(type(node.value) is int for node in numbers):
            for node in numbers:
                view.values.mark(node)
            return run(str(sum(node.value for node in numbers)))
    every = {node["id"].text for node in view.at("/population/cohorts")}
    sizes = [item for item in view.each("/statistics/sample_size") if _of_everybody(item, every)]
    totals = [item.f(key) for item in sizes for key in _TOTALS if item.has(key)]
    return next(iter(totals), ())


def outside_randomisation(view: View) -> int:
    """Return how many participants are in arms that no randomisation assigns to; 0 where one assigns to all arms."""
    randomisations = view.each("/design/randomisations")
    assigned = {node.text for item in randomisations for node in item.at("arms")}
    if not randomisations or not all(item.has("arms") for item in randomisations):
        return 0
    numbers = [arm.at("participants").value for arm in first_arms(view) if arm.at("id").text not in assigned]
    return sum(numbers) if all(type(each) is int for each in numbers) else 0


def _add_up(view: View) -> bool:
    """Say whether the arms that are entered first have as many participants as enrol: each is in one of them."""
    enrolled = view.at("/population/participants/enrolled").value
    numbers = [arm.at("participants").value for arm in first_arms(view)]
    return type(enrolled) is int and all(type(each) is int for each in numbers) and sum(numbers) == enrolled


def _share_participants(view: View) -> bool:
    """Say whether participants are randomised several times; each cohort may have a randomisation of its own."""
    groups = [
        {node.text for node in item.at("arms")}
        for item in view.each("/design/randomisations")
        if item.has("arms") and not rerandomised.randomises_again(item.node)
    ]
    cohorts = [{node.text for node in cohort["arms"]} for cohort in view.at("/population/cohorts")]
    owners = [[place for place, arms in enumerate(cohorts) if group & arms] for group in groups]
    apart = all(len(found) == 1 for found in owners) and len({found[0] for found in owners}) == len(groups)
    return len(groups) > 1 and not apart


def _of_everybody(size: View, every: set[str]) -> bool:
    """Say whether a sample size counts the participants of all cohorts."""
    counted = {node.text for node in size.at("cohorts")}
    return not counted or counted >= every


def target_or_maximum(view: View) -> Inlines:
    """Say whether the number of participants is a target or a maximum, as the arms state it."""
    for arm in view.each("/arms"):
        arm.values.mark(arm.at("target_or_maximum"))
    said = {arm.at("target_or_maximum").text for arm in first_arms(view)}
    for word in ("maximum", "target"):
        if word in said:
            return run(word)
    return (Gap("target or maximum", view.at("/arms").locator),)


def cluster_unit(view: View) -> str:
    """Return what is randomised in a trial that randomises groups, `ward`; empty where participants are.

    What a text says of the unit behind a bracket or a comma is told once, in Section 4.1, and is no part of the noun.
    """
    return _BEHIND_A_NOUN.split(view.at("/design/cluster/unit").text, maxsplit=1)[0].strip()


def units_cross(view: View) -> bool:
    """Say whether groups pass from one intervention to the other, and no participant does."""
    crossing = view.has("/design/cluster/stepped_wedge", "/design/sequences")
    return bool(cluster_unit(view)) and (crossing or view.at("/design/model").text == "crossover")


def visit_level(view: View, visit: Node) -> str:
    """Say that a visit is to a cluster; to a participant only where that is said and others are to clusters."""
    view.values.mark(visit["level"])
    unit = cluster_unit(view) or "cluster"
    levels = {item["level"].text for item in view.at("/schedule/visits")}
    if len(levels) <= 1:  # where all are alike, nothing is told
        return ""
    return {"cluster": f"to the {unit}", "participant": "to the participant"}.get(visit["level"].text, "")


def is_randomised(view: View) -> bool:
    """Say whether the trial is randomised."""
    return view.has("/design/randomisations")


def first_arms(view: View) -> list[View]:
    """Return the arms that participants enter first: without those entered later, from other arms of the trial."""
    first = {arm.path for arm in rerandomised.first_arms(view.values.root)}
    return [arm for arm in view.each("/arms") if arm.node.path in first]


def later_arms(view: View) -> list[View]:
    """Return the arms that participants enter from other arms of the trial."""
    first = {arm.node.path for arm in first_arms(view)}
    return [arm for arm in view.each("/arms") if arm.node.path not in first]


def is_allocated(view: View) -> bool:
    """Say whether it is known how participants come to their arm: stated, or there is one arm only."""
    alone = view.equals("/design/model", "single_group") or view.many("/arms") == 1
    return is_randomised(view) or view.has("/design/assignment") or alone


def is_blinded(view: View) -> bool:
    """Say whether anybody is blinded."""
    return view.has("/design/blinding/schema") and not view.equals("/design/blinding/schema", "open_label")


def site_distribution(view: View) -> Inlines:
    """Print whether one or several centres take part: as stated, else from the numbers of sites."""
    if view.has("/design/sites/distribution"):
        return view.f("/design/sites/distribution", "term:site_distribution")
    sites = [node["sites"].value for node in view.at("/trial/regions")]
    numbers = [value for value in sites if type(value) is int]
    if not numbers or len(numbers) < len(sites):
        return (Gap("whether one or several centres take part", view.at("/design/sites").locator),)
    return run("Multicentre" if sum(numbers) > 1 else "Single-Centre")


def geographic_scope(view: View) -> Inlines:
    """Print whether one or several countries take part: as stated, else from the regions."""
    if view.has("/design/sites/geographic_scope"):
        return view.f("/design/sites/geographic_scope", "term:geographic_scope")
    countries = {node["country"].text for node in view.at("/trial/regions")}
    if not countries:
        return (Gap("countries that take part", view.at("/trial/regions").locator),)
    return run("Multiple Countries" if len(countries) > 1 else "Single Country")


def age(view: View, key: str) -> Inlines:
    """Print the lower or the upper limit of age."""
    if view.has(f"/population/age/{key}"):
        return view.f(f"/population/age/{key}")
    return run("No limit") if key == "max" and view.has("/population/age/min") else view.f(f"/population/age/{key}")


def percent(text: str) -> str:
    """Write a percentage as prose."""
    found = quantity(text)
    return plain(found) if found else text


def nothing_sampled(view: View) -> bool:
    """Say whether no medicine is tested, and the file says why no sample is taken or kept and plans none."""
    tested = view.where("/interventions", "role", "experimental", "active_comparator", "active_placebo")
    medicine = any(item.equals("kind", "drug", "biologic", "vaccine", "genetic") for item in tested)
    sampled = view.where("/schedule/activities", "kind", "sample")
    return view.has("/oversight/samples/none_reason") and not medicine and not sampled


def is_alone(view: View) -> bool:
    """Say whether everybody is in one arm, so that there is no allocation that anybody could be blinded to."""
    return not is_randomised(view) and view.many("/arms") == 1


def blinding_words(item: View) -> str:
    """Say whether those who assess are blinded; where there is one arm, there is no allocation to be blinded to."""
    apart = item.many("/arms") > 1
    if item.yes("blinded"):
        return "blinded to allocation" if apart else "blinded"
    return "not blinded" if item.no("blinded") and apart else ""
