"""Rule on changing a dose: actions for events of special interest."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.matching import groups, stems
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.times import ends_after_last_dose, several_doses
from protocolkit.rules.trial import named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_PROCEDURES = frozenset({"procedure", "surgery", "sample", "imaging", "other", ""})  # kinds of what may be one
_COMPLICATION = Pattern(
    r"\bcomplicat|\b(?:peri|post)?-?procedural\b"
    r"|\b(?:after|following|due to|caused by) (?:\w+ ){0,2}"
    r"(?:biops|surger|operat|\w*apheres|\w*punct|\w*scop|procedure)"
)
_OF_DISEASE = Pattern(r"\brelaps|\b(?:recurren|exacerbat|flare|progress)")
_DEATH = Pattern(r"\b(?:deaths?|mortality)\b")
_SECOND_CANCER = Pattern(
    r"\b(?:second(?:ary)?|new|subsequent|treatment-related) (?:primary |haematological )?"
    r"(?:malignan|cancer|neoplas|tumou?r|leuk)|\bmyelodysplas"
)
_BESIDE_OTHERS = Pattern(r"\b(?:or|and)\b|[,/]|\bcell death|threatening|disabling")
_UNSURE = stems("possible, probable, suspected, potential, case, cases, event, events")
_MEASURED = stems("serum, plasma, blood, level, value, concentration, count")
_ANY_EVENT = stems("adverse event, toxicity, serious reaction, intolerance")
_LATE = 182  # days after the last dose: half a year
_RESTARTED = frozenset({"interrupt", "reduce"})


@rule(
    "DOSE13", Severity.WARNING,
    reads=("/adverse_events/of_special_interest", "/interventions/*/modifications", "/interventions/*/stopping_rules",
           "/interventions/*/regimen", "/population/condition", "/discontinuation/treatment"),
    tags=("drug",),
)  # fmt: skip
def actions(trial: Trial) -> Iterator[Found]:
    """Each event of special interest has an action on dosing, and a restart rule unless the dose is withdrawn.

    Why: an event that matters enough to be looked for actively matters enough to say what happens to the dose; left to
    each site, exposure after the event differs from site to site.

    Applies: events of special interest are listed and more than one dose of what is new is given. No change with a
    reason is an action, and so is a change or a stop whose trigger speaks of the event, as "ALT above 5 x ULN" does
    of liver injury, or is keyed by the measure and the limit of its definition; or a criterion of discontinuation
    that names it. A complication of a procedure that is given or done, such as a biopsy, needs none, nor does what
    is looked for half a year and longer after the last dose, such as a second malignancy: it comes when nothing is
    given. A relapse or progression of the disease under study is none of the dose either, and a death or a second
    malignancy leaves nothing to change.

    Basis:
        SPIRIT 2025, 15b (H)
        CDISC C66767, action taken with the trial intervention (H)
        ICH M11 Step 4, 6.4 (H)

    Fails::

        adverse_events: {of_special_interest: [{id: dili, name: drug-induced liver injury}]}
        interventions:
          - id: KET
            kind: drug
            role: experimental
            regimen: {steps: [{id: S, when: days, days: [0 d, 1 d], dose: 10 mg}]}
            modifications: []

    Passes::

        adverse_events: {of_special_interest: [{id: dili, name: drug-induced liver injury}]}
        interventions:
          - id: KET
            kind: drug
            role: experimental
            regimen: {steps: [{id: S, when: days, days: [0 d, 1 d], dose: 10 mg}]}
            modifications: [{event: dili, trigger: as defined in the safety section, action: withdraw}]
    """
    events = [*trial.at("/adverse_events/of_special_interest")]
    repeated = [each for each in trial.tested if several_doses(each)]
    if all(each["role"].text != "experimental" for each in repeated):
        repeated = []
    if not events or not repeated:
        raise NotApplicable("no event of special interest, or no medicine that is given more than once")
    if all(each["modifications"]["none_reason"] for each in repeated):
        return
    listed = [(each, change) for each in repeated for change in each["modifications"]]
    answered = {change["event"].text for _, change in listed}
    triggers = [text for each in repeated for text in _triggers(each)]
    procedures = [*_procedures(trial)]
    for event in events:
        if (
            _of_a_procedure(event["name"].text, procedures)
            or _of_the_disease(trial, event)
            or _comes_late(trial, event)
            or _ends_treatment(trial, event)
            or _ends_all(event["name"].text)
        ):
            continue
        keyed = any(_at_its_limit(event, change) for _, change in listed)
        if event["id"].text not in answered and not keyed and not any(_means(event, text) for text in triggers):
            hint = "list it under interventions[].modifications; action no_change with a reason is accepted"
            yield Found(event, f"no action on dosing is stated for {named(event)}", hint)
    for intervention, change in listed:
        told = change["restart"] or intervention["reductions"]["rising"]  # how doses rise again, for all changes
        if change["event"] and change["action"].text in _RESTARTED and not told:
            name, action = intervention["id"].text, f"{change['action'].text} for {change['event'].text}"
            message = f"intervention {name}: {action} does not say when and at which dose it is taken up again"
            yield Found(change, message, "state restart; none is an answer")


def _procedures(trial: Trial) -> Iterator[frozenset[str]]:
    """Yield the words of the name of each procedure that is given or done, by their stems."""
    for node in (*trial.root["interventions"], *trial.at("/schedule/activities")):
        if node["kind"].text in _PROCEDURES:
            yield stems(node["name"].text)


def _of_a_procedure(event: str, procedures: list[frozenset[str]]) -> bool:
    """Say whether an event is what a procedure does, such as a complication of a biopsy: no dose can answer it."""
    return bool(_COMPLICATION.search(event)) and any(stems(event) & words for words in procedures)


def _of_the_disease(trial: Trial, event: Node) -> bool:
    """Say whether an event is the disease that comes back or goes on: what is given is for it, not its cause."""
    name, condition = event["name"].text, trial.at("/population/condition/name").text
    return bool(_OF_DISEASE.search(name)) and ("relaps" in name.casefold() or bool(stems(name) & stems(condition)))


def _comes_late(trial: Trial, event: Node) -> bool:
    """Say whether an event is collected for so long after the last dose that most of it comes when nothing is given."""
    after = ends_after_last_dose(trial, event["window"]["end"]) if event["window"]["end"] else None
    return after is not None and after >= _LATE


def _ends_treatment(trial: Trial, event: Node) -> bool:
    """Say whether a criterion of discontinuation names an event, in no words but those of its name or definition."""
    told = stems(f"{event['name'].text} {event['definition'].text}")
    ends = (stems(node.text) for node in trial.at("/discontinuation/treatment/criteria"))
    return any(words - _ANY_EVENT and (words <= told or stems(event["name"].text) <= words) for words in ends)


def _ends_all(event: str) -> bool:
    """Say whether an event is an end, and not one of several: no dose is changed after it."""
    return bool(_SECOND_CANCER.search(event) or (_DEATH.search(event) and not _BESIDE_OTHERS.search(event)))


def _triggers(intervention: Node) -> Iterator[str]:
    """Yield what makes a dose be changed or stopped, in the words of each change and each rule that name no event."""
    for change in (*intervention["modifications"], *intervention["stopping_rules"]):
        if not change["event"]:
            yield " ".join(change[key].text for key in ("trigger", "measure", "threshold"))


def _means(event: Node, trigger: str) -> bool:
    """Say whether a trigger speaks of an event: of its organ or measurement, or in all words of its name."""
    name = event["name"].text
    wanted = stems(name) - _UNSURE
    return bool(groups(f"{name} {event['id'].text}") & groups(trigger)) or (bool(wanted) and wanted <= stems(trigger))


def _at_its_limit(event: Node, change: Node) -> bool:
    """Say whether a change is keyed by the measure and the limit by which an event is defined."""
    told = f"{event['name'].text} {event['definition'].text}"
    limits = [change[side].text for side in ("above", "below") if change[side]]
    stated = any(re.search(rf"(?<![\d.]){re.escape(limit)}(?![\w/])", told) for limit in limits)
    return stated and bool((stems(change["measure"].text) - _MEASURED) & stems(told))


RULES: tuple[Rule, ...] = (actions,)
