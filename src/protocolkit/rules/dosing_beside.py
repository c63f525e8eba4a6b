"""Rules on what is given beside the trial intervention: rescue, premedication, what is prohibited."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.dosing_given import Given, apart_in_time, given_in, holds_for_a_time, is_permitted_throughout
from protocolkit.rules.matching import members
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.rerandomised import first_arms
from protocolkit.rules.times import DOSING_DAYS
from protocolkit.schedule.exposure import interventions_of
from protocolkit.words import folded, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node, Path
    from protocolkit.rules.trial import Trial

_RESCUE = ("dose", "max_per_day", "before_assessment", "intercurrent_event")
_OF_ARMS = Pattern(r"\b(?:arms?|groups?)\b")
_PARENTHESIS = re.compile(r"\s*[()]\s*")
_EXCEPTED = Pattern(
    r"\b(?:other than|except|apart from|unless|beside|beyond|additional|further|outside(?: of)? (?:the|this)"
    r"|(?:outside|off|non|not)[ -](?:the )?(?:trial|study|protocol)|open[ -]label)\b"
)
_BY_ROUTE = re.compile(
    r"^\s*(?:buccal|rectal|oral|intravenous|intramuscular|subcutaneous|nasal|intranasal|inhaled|nebulised|topical"
    r"|transdermal|sublingual)\s+",
    re.IGNORECASE,
)
_EVENTS = "/objectives/*/estimands/*/intercurrent_events/*"


@rule("DOSE15", Severity.WARNING, reads=("/concomitant/rescue", "/objectives/*/estimands"), tags=("chronic-pain",))
def rescue(trial: Trial) -> Iterator[Found]:
    """Rescue states substance, dose, highest daily dose, time before assessments, and its intercurrent event.

    Why: rescue lowers the very pain that is measured; where its dose, its hours before an assessment and its place in
    the estimand are open, the outcome is open too.

    Applies: rescue is declared.

    Basis:
        IMMPACT recommendations, rescue as outcome (M)
        ICH E9(R1), intercurrent events (H)

    Fails::

        concomitant: {rescue: [{class: analgesics, trigger: as needed}]}

    Passes::

        concomitant:
          rescue:
            - {substance: paracetamol, dose: 1 g, max_per_day: 3 g, before_assessment: 'no restriction, use recorded',
               intercurrent_event: rescue}
        objectives:
          - level: primary
            estimands: [{id: S1, intercurrent_events: [{event: rescue, strategy: treatment_policy}]}]
    """
    given = [*trial.at("/concomitant/rescue")]
    if not given:
        raise NotApplicable("no rescue is declared")
    events = {event["event"].text for event in trial.each(_EVENTS)}
    for medicine in given:
        name = medicine["substance"].text or medicine["class"].text
        missing = [key for key in ("substance", *_RESCUE) if not medicine[key]]
        if missing:
            hint = "withheld for 24 h, or no restriction, use recorded, are answers to before_assessment"
            yield Found(medicine, f"rescue with {name} states no {listed(missing, 'and no')}", hint)
        event = medicine["intercurrent_event"]
        if event and event.text not in events:
            message = f"rescue with {name} counts as the intercurrent event {event.text}, which no estimand has"
            yield Found(event, message, "add it with its strategy under objectives[].estimands[].intercurrent_events")


@rule("DOSE17", Severity.WARNING, reads=("/concomitant/premedication", "/arms"), tags=("drug",))
def premedication(trial: Trial) -> Iterator[Found]:
    """Premedication is the same in every arm, or the arm or section 6.9.3 says why not.

    Why: a sedative or antiemetic in one arm only is part of what is compared, and can tell the arm. Where participants
    know what they get, the finding is information.

    Applies: there are several arms that are entered first, and premedication names its arms; where it belongs to
    interventions that not every arm gets, that is why, unless participants are blinded.

    Basis:
        SPIRIT 2025, 15d (H)

    Fails::

        design: {blinding: {schema: double_blind}}
        arms: [{id: KET}, {id: MID}]
        concomitant: {premedication: [{substance: clonidine, arms: [KET]}]}

    Passes::

        design: {blinding: {schema: double_blind}}
        arms: [{id: KET}, {id: MID}]
        concomitant: {premedication: [{substance: clonidine, arms: [KET, MID]}]}
    """
    arms = {arm["id"].text: arm for arm in first_arms(trial.root)}
    blinded = trial.blinds_participants
    keys = ("arms", "interventions") if blinded else ("arms",)
    given = [each for each in trial.at("/concomitant/premedication") if blinded or not each["interventions"]]
    tied = [(each, at) for each in given for at in [next((each[key] for key in keys if each[key]), None)] if at]
    if len(arms) <= 1 or not tied:  # one arm cannot differ from another
        raise NotApplicable("no premedication is tied to an arm")
    for medicine, at in tied:
        with_it = {node.text for node in medicine["arms"]} or _getting(trial, medicine["interventions"])
        without = [arm for arm in arms if arm not in with_it]
        if without and not _explained(trial, medicine["substance"].text, arms):
            message = f"{medicine['substance'].text} is given in {listed(sorted(with_it))} and not in {listed(without)}"
            hint = "give it in all arms, or say why in the description of an arm or under narrative 6.9.3"
            yield Found(at, message, hint, severity=None if blinded else Severity.INFO)


def _getting(trial: Trial, interventions: Node) -> set[str]:
    """Return the ids of the arms that get one of some interventions."""
    names = {node.text for node in interventions}
    return {arm["id"].text for arm in trial.root["arms"] if names & {each["id"].text for each in interventions_of(arm)}}


def _explained(trial: Trial, name: str, arms: dict[str, Node]) -> bool:
    told = (trial.root["narrative"]["6.9.3"], *(arm["description"] for arm in arms.values()))
    return any(name.casefold() in node.text.casefold() for node in told)


@rule(
    "DOSE19", Severity.ERROR,
    reads=("/concomitant", "/interventions/*/substance", "/interventions/*/names", "/outcomes/*/construct",
           "/objectives/*/estimands", "/schedule/anchors", *DOSING_DAYS),
)  # fmt: skip
def prohibited(trial: Trial) -> Iterator[Found]:
    """What is prohibited is not also given, permitted or measured.

    Why: a participant who follows one part of the protocol breaks another.

    Applies: therapy is prohibited. What has a limit is not wholly prohibited; an outcome may count the use of what is
    prohibited where that use is an intercurrent event. Names are compared, not classes: that ibuprofen is an NSAID is
    known where the entry lists it as a member; members of a class that excepts something, as what is given outside the
    trial, are not compared. What is prohibited in some arms is compared with what these get; what is
    prohibited for a time is a warning, and nothing where that time is over before an intervention is given, or begins
    after its last dose. Where a condition says in words for how long, or that all arms are meant, only what is
    permitted without such a time is told.

    Basis:
        SPIRIT 2025, 15d (H)
        ICH M11 Step 4, 6.9.2 and 6.10.1 (H)

    Fails::

        concomitant: {rescue: [{substance: ibuprofen}], prohibited: [{class: NSAID, members: [ibuprofen]}]}

    Passes::

        concomitant: {rescue: [{substance: paracetamol}], prohibited: [{class: NSAID, members: [ibuprofen]}]}
    """
    without_limit = [each for each in trial.at("/concomitant/prohibited") if not each["limit"]]
    entries = [each for each in without_limit if not each["condition"]]
    for_a_time = [each for each in without_limit if holds_for_a_time(each)]
    if not entries and not for_a_time:
        raise NotApplicable("nothing is wholly prohibited")
    given = list(given_in(trial))
    for entry in entries:
        yield from _contradicting(trial, entry, given)
        yield from _counted(trial, entry)
    for entry in for_a_time:
        yield from _contradicting(trial, entry, [each for each in given if is_permitted_throughout(each)])


def _contradicting(trial: Trial, entry: Node, given: list[Given]) -> Iterator[Found]:
    """Find what is prohibited and given all the same; one substance as several products of the trial is told once."""
    members_too = () if _EXCEPTED.search(entry["class"].text) else entry["members"]
    names = [name for name in (entry["class"], *members_too) if name]
    told: set[tuple[Path, ...]] = set()
    for each in given:
        same = [name for name in names if folded(name.text) in _listed(each.name.text)]
        key = tuple(name.path for name in same)
        if not same or key in told or not _meets(entry, each.arms) or apart_in_time(trial, entry, each.regimen):
            continue
        told |= {key} if each.regimen else set()
        verb = "is" if len(same) == 1 else "are"
        when = f' "{entry["condition"].text}"' if entry["condition"] else ""
        message = f"{listed([name.text for name in same])} {verb} prohibited{when} and {each.how}"
        hint = "remove one of the two, or state a limit, the arms or the time for which it is prohibited"
        weight = Severity.WARNING if any(entry[key] for key in ("from", "until", "condition")) else None
        yield Found(same[0], message, hint, ((each.name, each.how),), severity=weight)


def _listed(text: str) -> set[str]:
    """Return a name, and those that it lists: `apixaban or edoxaban`, `benzodiazepines (buccal midazolam)`."""
    outside, *inside = _PARENTHESIS.split(text)
    listed_in = [text, outside, *members(text), *(name for part in inside for name in (part, *members(part)))]
    return {folded(name) for name in (*listed_in, *(_BY_ROUTE.sub("", name) for name in listed_in)) if name.strip()}


def _meets(entry: Node, arms: frozenset[str]) -> bool:
    """Say whether a prohibition holds in one of some arms, or for all; words about an arm leave it open."""
    own = {node.text for node in entry["arms"]}
    if own and arms:
        return bool(own & arms)
    return not arms or not _OF_ARMS.search(entry["class"].text)


def _counted(trial: Trial, entry: Node) -> Iterator[Found]:
    name = folded(entry["class"].text)
    if any(_speaks_of(event, name) for event in trial.each(_EVENTS)):
        return
    for outcome in trial.root["outcomes"]:
        if folded(outcome["construct"].text) == f"{name} use":
            message = f"{entry['class'].text} is prohibited, and outcome {outcome['id'].text} measures its use"
            hint = "make its use an intercurrent event of an estimand, permit it within a limit, or drop the outcome"
            yield Found(entry["class"], message, hint, ((outcome, "measured here"),))


def _speaks_of(event: Node, name: str) -> bool:
    return event["event"].text.startswith("prohibited") or name in folded(event["definition"].text)


@rule("DOSE28", Severity.WARNING, reads=("/concomitant", "/interventions/*/modifications"))
def companions(trial: Trial) -> Iterator[Found]:
    """A medicine beside which a dose is changed is listed with the other therapy.

    Why: a site looks up what a participant may take in one list; a rule on a medicine that the list does not know is
    not found, or the list calls it by another name.

    Applies: a modification names other medicines in with. Names are compared with the classes, members and substances
    of all that stands under concomitant.

    Basis:
        ICH M11 Step 4, 6.4 and 6.10 (H)

    Fails::

        concomitant: {permitted: [{class: calcium antagonists, members: [amlodipine]}]}
        interventions:
          - id: COL
            modifications: [{measure: eGFR, below: 50 mL/min, with: [verapamil], action: interrupt}]

    Passes::

        concomitant: {permitted: [{class: calcium antagonists, members: [amlodipine, verapamil]}]}
        interventions:
          - id: COL
            modifications: [{measure: eGFR, below: 50 mL/min, with: [verapamil], action: interrupt}]
    """
    named_in = [name for each in trial.each("/interventions/*/modifications/*") for name in each["with"]]
    if not named_in:
        raise NotApplicable("no change of dose hangs on another medicine")
    known = set[str]()
    for key in ("background", "rescue", "premedication", "permitted", "prohibited"):
        for entry in trial.root["concomitant"][key]:
            for name in (entry["class"], entry["substance"], *entry["members"]):
                known |= _listed(name.text)
    told: set[str] = set()
    for name in named_in:
        if name.text and folded(name.text) not in known | told:
            told.add(folded(name.text))
            hint = (
                "list it under concomitant.permitted or prohibited, as a class or a member, or use the name given there"
            )
            yield Found(name, f"the dose is changed beside {name.text}, which concomitant therapy does not list", hint)


RULES: tuple[Rule, ...] = (rescue, premedication, prohibited, companions)
