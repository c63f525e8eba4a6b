"""Rules on dose escalation: what decides the next dose, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import quantity
from protocolkit.findings import Severity
from protocolkit.quantities import in_unit
from protocolkit.rules.dosing import per_day
from protocolkit.rules.model import Found, NotApplicable, Rule, below, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.times import anchor_kind, anchor_of, in_days, later, length
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_ALWAYS = ("levels", "start", "start_rationale", "rule", "cohort_size", "dlt", "sentinel_interval",
           "wait_between_cohorts", "skipping", "decided_by", "stop_when")  # fmt: skip
_THREE = Pattern(r"^\W*3 ?\+ ?3")
_OF_THREE = {"cohort_size": (3, 3), "max_per_level": (6, 1000)}  # least and most
_TOXICITY_RULES = ("BOIN", "CRM")


@rule(
    "DOSE20", Severity.ERROR,
    reads=("/design/dose_escalation", "/interventions/*/regimen/steps", *below("/objectives/*", "endpoints", "level"),
           "/schedule/anchors"),
    tags=("dose-escalation",),
)  # fmt: skip
def escalation(trial: Trial) -> Iterator[Found]:
    """A dose escalation states levels, rule, toxicity window, cohorts, spacing, who decides and when it ends.

    Why: the next dose is given on the strength of what the last cohort showed; what is left open here is decided later
    by those who hope that the dose can rise. Nobody gets the next level before the window of the last cohort is over.

    Applies: design.dose_escalation is stated. Designs that steer towards a target (BOIN, CRM) state the target; the
    rule of three and three goes with its numbers. A primary endpoint of dose-limiting toxicity has the time of its
    window.

    Basis:
        SPIRIT-DEFINE 2023, 8a.1, 8a.4 to 8a.6, 8a.9, 8a.10, 21a, 21b, 22 (H)
        EMA first-in-human guideline EMEA/CHMP/SWP/28367/07 Rev. 1 (2017), escalation, stopping rules, sentinels (M)
        ICH M11 Step 4, 4.1 and 4.3 (M)

    Fails::

        design: {dose_escalation: {rule: 3+3, levels: [{id: L1, dose: 10 mg}]}}

    Passes::

        design: {dose_escalation: {rule: 3+3, levels: [{id: L1, dose: 10 mg/d}, {id: L2, dose: 20 mg/d}], start: L1,
          start_rationale: one tenth of the dose without effect in two species, cohort_size: 3,
          dlt: {definition: see 4.1, window: 28 d}, sentinel_interval: 7 d, wait_between_cohorts: 28 d,
          skipping: levels are not skipped, decided_by: dose escalation committee,
          stop_when: two participants with dose-limiting toxicity at a level}}
    """
    stated = trial.at("/design/dose_escalation")
    if not stated:
        raise NotApplicable("no dose escalation is stated")
    missing = [key for key in _ALWAYS if not stated[key]]
    if any(name in stated["rule"].text for name in _TOXICITY_RULES) and not stated["target_toxicity"]:
        missing.append("target_toxicity")
    if missing:
        message = f"dose escalation states no {listed(missing, 'and no')}"
        yield Found(stated, message, "state them under design.dose_escalation")
    yield from _early(stated)
    yield from _other_window(trial, stated["dlt"]["window"])
    yield from _by_three(stated)
    yield from _falling(stated)
    yield from _other_doses(trial, stated)


def _early(stated: Node) -> Iterator[Found]:
    window, wait = stated["dlt"]["window"], stated["wait_between_cohorts"]
    long, short = length(window), length(wait)
    if long is not None and short is not None and short < long:
        message = (
            f"the next cohort may start {wait.text} after the last participant of a cohort, before the window for "
            f"dose-limiting toxicity of {window.text} is over"
        )
        yield Found(wait, message, f"wait at least {window.text}", ((window, "the window"),))


def _other_window(trial: Trial, window: Node) -> Iterator[Found]:
    """Find a primary endpoint of harm over another time, from the first dose on, than the window of toxicity."""
    lasts = length(window)
    for endpoint in trial.primary:
        interval = endpoint["interval"]
        first = anchor_kind(trial, anchor_of(interval["from"])) == "first_dose" and not interval["from"]["offset"]
        end = later(trial, interval["to"], interval["from"]) if first and interval["to"] else None
        toxic = endpoint["outcome"].text.casefold().startswith("dlt") or "toxic" in _outcome_name(trial, endpoint)
        if lasts is not None and end is not None and toxic and abs(end - lasts) > 1:
            message = f"{endpoint['id'].text} counts over {in_days(end)}, and the window for dose-limiting toxicity is"
            hint = "let both be as long"
            yield Found(window, f"{message} {window.text}", hint, ((interval, "the time of the endpoint"),))


def _outcome_name(trial: Trial, endpoint: Node) -> str:
    return trial.root["outcomes"].find(endpoint["outcome"].text)["name"].text.casefold()


def _by_three(stated: Node) -> Iterator[Found]:
    """Find cohorts of other than three, or levels of fewer than six, under the rule of three and three."""
    if not _THREE.search(stated["rule"].text):
        return
    for key, (least, most) in _OF_THREE.items():
        value = stated[key].value
        if isinstance(value, int) and not isinstance(value, bool) and not least <= value <= most:
            message = f"{key} is {value}, and the rule {stated['rule'].text} treats three, and up to six at a level"
            yield Found(stated[key], message, "correct the number or the rule")


def _falling(stated: Node) -> Iterator[Found]:
    before: Node | None = None
    for level in stated["levels"]:
        if before is not None and not _above(before["dose"], level["dose"]):
            low, high = (f"{each['id'].text} ({each['dose'].text})" for each in (before, level))
            message = f"level {high} is not above {low}"
            yield Found(level["dose"], message, "list the levels in rising order")
        before = level


def _other_doses(trial: Trial, stated: Node) -> Iterator[Found]:
    """Find steps whose dose is not that of the level they belong to."""
    for level in stated["levels"]:
        for step in trial.each("/interventions/*/regimen/steps/*"):
            if step["level"].text == level["id"].text and _unequal(level["dose"], step):
                name, dose = level["id"].text, level["dose"].text
                message = f"step {step['id'].text} gives {step['dose'].text}, but level {name} is {dose}"
                yield Found(step["dose"], message, "make level and step agree", ((level["dose"], "the level"),))


def _unequal(level: Node, step: Node) -> bool:
    whole, one = quantity(level), quantity(step["dose"])
    if whole is None or one is None:
        return False
    if whole.unit.code == one.unit.code:
        return whole.value != one.value
    times = per_day(step)
    daily = whole.unit.code == f"{one.unit.code}/d" and times and step["when"].value == "course"
    return bool(daily and times and whole.value != one.value * times and step["frequency"].text in _DAILY)


_DAILY = frozenset({"QD", "BID", "TID", "QID", "QAM", "QPM", "QHS", "QN"})


def _above(first: Node, second: Node) -> bool:
    """Say whether the second dose is above the first; also where the two do not compare."""
    low, high = quantity(first), quantity(second)
    if low is None or high is None:
        return True
    raised = in_unit(high.value, high.unit.code, low.unit.code)
    return raised is None or raised > low.value


RULES: tuple[Rule, ...] = (escalation,)
