"""Rules on changing and stopping a dose: actions for events of special interest, tapers."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from protocolkit.dosing.alternatives import is_taper, steps_of, whom
from protocolkit.dosing.amounts import NotComputable
from protocolkit.dosing.times import cycles
from protocolkit.findings import Severity
from protocolkit.rules.dosing import in_a_day, per_day
from protocolkit.rules.matching import groups, stems
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.substances import require_known, row_of, substance
from protocolkit.rules.times import ends_after_last_dose, in_days, length, several_doses
from protocolkit.rules.trial import named, told_elsewhere
from protocolkit.words import plain

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
    reason is an action, and so is a change or a stop whose trigger speaks of the event, as "ALT above 5 x ULN" does of
    liver injury, or a criterion of discontinuation that names it. A complication of a procedure that is given or done,
    such as a biopsy, needs none, nor does what is looked for half a year and longer after the last dose, such as a
    second malignancy: it comes when nothing is given. A relapse or progression of the disease under study is none of
    the dose either, and a death or a second malignancy leaves nothing to change.

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
        if event["id"].text not in answered and not any(_means(event, text) for text in triggers):
            hint = "list it under interventions[].modifications; action no_change with a reason is accepted"
            yield Found(event, f"no action on dosing is stated for {named(event)}", hint)
    for intervention, change in listed:
        if change["event"] and change["action"].text in _RESTARTED and not change["restart"]:
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
    wanted = stems(name)
    return bool(groups(f"{name} {event['id'].text}") & groups(trigger)) or (bool(wanted) and wanted <= stems(trigger))


@rule(
    "DOSE14", Severity.ERROR,
    reads=("/interventions/*/pharmacology", "/interventions/*/regimen"),
    tags=("drug",),
)  # fmt: skip
def tapers(trial: Trial) -> Iterator[Found]:
    """What can do harm when stopped at once is tapered, or the reason for an abrupt stop is stated.

    Why: withdrawal can harm participants, and a withdrawal effect in the weeks after the last dose is mistaken for an
    effect of treatment. A taper that overlaps the full dose, leaves a gap or rises is not what anybody meant.

    Applies: pharmacology.withdrawal_risk is true, or the library tells of harm on stopping, and more than one dose is
    given.

    Basis:
        amantadine product label, warnings on abrupt stop (M)
        ICH M11 Step 4, 7.1 (M)

    Fails::

        interventions:
          - id: AMA
            kind: drug
            role: experimental
            pharmacology: {withdrawal_risk: true}
            regimen: {steps: [{id: S, when: course, from: 0 d, to: 83 d, frequency: BID, dose: 100 mg}]}

    Passes::

        interventions:
          - id: AMA
            kind: drug
            role: experimental
            pharmacology: {withdrawal_risk: true}
            regimen:
              steps: [{id: S, when: course, from: 0 d, to: 83 d, frequency: BID, dose: 100 mg}]
              taper: {steps: [{id: T, when: course, from: 84 d, to: 90 d, frequency: QD, dose: 100 mg}]}
    """
    repeated = [each for each in trial.tested if several_doses(each)]
    if not repeated:
        raise NotApplicable("nothing is given more than once")
    found = [finding for each in repeated for finding in (*_abrupt(each), *_misplaced(each), *_rising(each))]
    yield from found
    if not found:
        silent = [
            each for each in repeated if not each["pharmacology"]["withdrawal_risk"] and each["kind"].text == "drug"
        ]
        silent = [each for each in silent if not each["regimen"]["taper"] and not told_elsewhere(each)]
        require_known(silent, "state pharmacology.withdrawal_risk")


def _abrupt(intervention: Node) -> Iterator[Found]:
    if intervention["regimen"]["taper"]:
        return
    name, stated = intervention["id"].text, intervention["pharmacology"]["withdrawal_risk"]
    hint = "state regimen.taper with steps, or taper.none_reason"
    if stated.value is True:
        message = f"intervention {name}: stopping at once can do harm, as stated, but there is no taper and no reason"
        yield Found(intervention["regimen"], message, hint, ((stated, "the risk is stated here"),))
        return
    row = row_of(intervention)
    if row is not None and (told := row.data.get("withdrawal")):
        message = (
            f"intervention {name}: the library tells of harm when {substance(intervention)} is stopped at once "
            f"({told['source']}, confidence {told['confidence']}), but there is no taper and no reason"
        )
        yield Found(intervention["regimen"], message, hint, confidence=told["confidence"])


def _misplaced(intervention: Node) -> Iterator[Found]:
    """Find a taper that overlaps a daily course, or begins later than the day after it."""
    regimen = intervention["regimen"]
    daily = [step for step in regimen["steps"] if per_day(step) and step["when"].value == "course"]
    lasts = [day + _before_the_last_cycle(regimen) for step in daily if (day := length(step["to"])) is not None]
    starts = [(day, step) for step in regimen["taper"]["steps"] if (day := length(step["from"])) is not None]
    if not lasts or not starts or len(lasts) < len([*regimen["steps"]]):
        return
    first, step = min(starts, key=lambda pair: pair[0])
    if (gap := first - max(lasts)) != Decimal(1):
        how = "overlaps the last full dose" if gap < 1 else "leaves days without a dose after the last full dose"
        message = (
            f"intervention {intervention['id'].text}: the taper starts at {in_days(first)} and {how}, "
            f"which is at {in_days(max(lasts))}"
        )
        yield Found(step["from"], message, f"start the taper at {in_days(max(lasts) + 1)}", severity=Severity.WARNING)


def _before_the_last_cycle(regimen: Node) -> Decimal:
    """Return the days of the cycles before the last one; none where they do not follow, or nothing repeats."""
    try:
        turns = cycles(regimen)
    except NotComputable:
        return Decimal(0)
    return turns.every * (turns.number - 1) if turns and turns.number else Decimal(0)


def _rising(intervention: Node) -> Iterator[Found]:
    """Find a step of a taper with which the amount of a day rises above that of the steps before it."""
    for unit, days in _by_first_day(intervention["regimen"]).items():
        for before, after in pairwise(sorted(days)):
            (least, earlier), (most, step) = days[before], days[after]
            if is_taper(step) and most > least:
                message = (
                    f"intervention {intervention['id'].text}: step {step['id'].text} of the taper gives "
                    f"{plain(most)} {unit[0]} a day, and {plain(least)} {unit[0]} a day came before it"
                )
                hint = "let the doses of a taper fall from step to step"
                related = ((earlier["dose"], "the step before"),)
                yield Found(step["dose"], message, hint, related, severity=Severity.WARNING)


def _by_first_day(regimen: Node) -> dict[tuple[str, ...], dict[Decimal, tuple[Decimal, Node]]]:
    """Return what is given in a day from each first day of a step on, for each unit and all whom steps are for."""
    found: defaultdict[tuple[str, ...], dict[Decimal, tuple[Decimal, Node]]] = defaultdict(dict)
    for step in steps_of(regimen):
        given, day = in_a_day(step), length(step["from"])
        if given is not None and day is not None:
            amount, unit = given
            own = found[(unit, *whom(step))]
            own[day] = (own[day][0] + amount if day in own else amount, step)
    return found


RULES: tuple[Rule, ...] = (actions, tapers)
