"""Rules on who watches over harm: the data monitoring committee, and rules that stop treatment."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.statistics_arms import number, numbered_arms
from protocolkit.rules.trial import named
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_DMC = "/oversight/committees/dmc"
_MANY = 200
_PARTS = {
    "role": ("role",),
    "reporting": ("reports", "meets"),
    "independence (independent_of)": ("independent_of",),
    "declared conflicts": ("conflicts",),
}
_REVIEWED = Pattern(r"committee|board|monitor|review|independent|oversee")
_BY_HAND = frozenset({"procedure", "surgery", "behaviour"})  # where judgement is part of the skill
# A decision of those who take part, or speak for them, is an event on record.
_OF_FAMILY = Pattern(r"\b(?:parents?|famil(?:y|ies)|guardians?|participant|patient|next of kin)\b")
_VAGUE = Pattern(
    r"^(to be (decided|determined|defined|confirmed)|tb[acd]|unsafe|if (unsafe|needed|necessary)|"
    r"as (needed|appropriate)|(clinically )?(significant|relevant|unacceptable|intolerable)|"
    r"unacceptable (toxicity|risk)|-+|\?+|n/?a)\.?$|"
    r"(discretion|judge?ment|judged?|opinion|decision) (of|by) the|"
    r"investigator'?s? (discretion|judge?ment|opinion|decision)"
)
_DEADLY = Pattern(r"life-threatening|fatal|\bdeath|anaphyla|cardiac arrest|torsade|respiratory (arrest|depression)")


@rule("AE11", Severity.ERROR, reads=("/oversight/committees",))
def committee(trial: Trial) -> Iterator[Found]:
    """A data monitoring committee has a role, reports, independence, declared conflicts and a charter.

    Why: who may see unblinded harm, and to whom that person answers, decides whether a trial is stopped in time.
    (The schema asks for members or the reason for none under this code; what is missing beside members is a warning.)

    Applies: a data monitoring committee is planned.

    Basis:
        SPIRIT 2025, 28a (H)
        ICH M11 Step 4, 11.4 (H)

    Fails::

        oversight: {committees: {dmc: {members: 3, role: reviews safety}}}

    Passes::

        oversight:
          committees:
            dmc: {members: 3, role: reviews safety, reports: [every 6 months], independent_of: [sponsor, funder],
              conflicts: declared yearly, charter: {version: '1.0', location: trial master file}}
    """
    dmc = trial.at(_DMC)
    if not dmc["members"]:
        raise NotApplicable("no data monitoring committee is planned")
    missing = [words for words, keys in _PARTS.items() if not any(dmc[key] for key in keys)]
    charter = dmc["charter"]
    if not charter["location"] and not charter["version"] and not charter.text:
        missing.append("charter")
    if missing:
        message = f"the data monitoring committee is planned without {listed(missing, 'or')}"
        yield Found(dmc, message, f"state {listed(missing)}", severity=Severity.WARNING)


@rule("AE12", Severity.ERROR, reads=("/interventions/*/stopping_rules", "/interventions/*/modifications"))
def measurable(trial: Trial) -> Iterator[Found]:
    """A rule that stops treatment of a participant has a threshold that two people read alike.

    Why: "stop if unsafe" stops at different points in each site and arm. (The schema asks for trigger, threshold and
    action under this code.)

    Applies: a stopping rule, or a modification that withdraws, is stated.

    Basis:
        SPIRIT 2025, 15b (H)
        ICH M11 Step 4, 7.1.1 (H)

    Fails::

        interventions:
          - id: KET
            stopping_rules: [{trigger: safety concern, threshold: judgement of the investigator, action: stop}]

    Passes::

        interventions:
          - id: KET
            stopping_rules: [{trigger: oxygen saturation, threshold: '< 90 % for 2 min', action: stop and withdraw}]
    """
    rules = [(each, row) for each in trial.root["interventions"] for row in each["stopping_rules"]]
    changes = [
        (each, row)
        for each in trial.root["interventions"]
        for row in each["modifications"]
        if row["action"].text == "withdraw"
    ]
    if not rules and not changes:
        raise NotApplicable("no rule stops treatment of a participant")
    for intervention, row in (*rules, *changes):
        if (threshold := row["threshold"]) and _VAGUE.search(threshold.text) and not _OF_FAMILY.search(threshold.text):
            message = f'{named(intervention)}: the threshold "{threshold.text}" cannot be measured'
            weight = Severity.INFO if intervention["kind"].text in _BY_HAND else None
            hint = "state a value, a grade or an event that two people would read alike"
            yield Found(threshold, message, hint, severity=weight)


@rule(
    "AE15", Severity.INFO,
    reads=(_DMC, "/trial/phase", "/arms", "/interventions/*/regimen/steps", "/adverse_events/of_special_interest"),
)  # fmt: skip
def needed(trial: Trial) -> Iterator[Found]:
    """Where no data monitoring committee is planned, the reason speaks to what would call for one.

    Why: no number of participants demands a committee; a confirmatory trial, sedation under supervision, a
    life-threatening event or changes of design during the trial make reviewers ask.

    Applies: no committee is planned, the reason is stated, and the trial has one of these features: phase 3, 200
    participants or more, a supervised infusion that impairs consciousness, a life-threatening event of special
    interest, an adaptive design.

    Basis:
        EMA guideline on data monitoring committees EMEA/CHMP/EWP/5872/03 (2005), features of trials; no number (M)

    Fails::

        trial: {phase: Phase 3}
        oversight: {committees: {dmc: {none_reason: not needed}}}

    Passes::

        trial: {phase: Phase 3}
        oversight: {committees: {dmc: {none_reason: the steering committee reviews events monthly; licensed drug}}}
    """
    reason = trial.at(_DMC)["none_reason"]
    features = [*_features(trial)] if reason else []
    if not features:
        raise NotApplicable("a committee is planned, no reason for none is stated, or nothing calls for one")
    if _REVIEWED.search(reason.text) or any(re.search(words, reason.text, re.IGNORECASE) for _, words in features):
        return
    told = listed([feature for feature, _ in features])
    message = f"no data monitoring committee is planned, and the reason does not speak to: {told}"
    yield Found(reason, message, "say who reviews harm in its place, or why these features do not call for one")


def _features(trial: Trial) -> Iterator[tuple[str, str]]:
    """Yield what may call for a committee, with the words by which a reason speaks to it."""
    if "3" in (phase := trial.at("/trial/phase").text):
        yield phase.lower(), r"phase|confirmatory"
    if (planned := _planned(trial)) >= _MANY:
        yield f"{planned} participants", r"participants|people|number|size"
    if any(_sedates(each) for each in trial.tested):
        yield "a supervised dose that impairs consciousness", r"sedat|supervis|infusion|consciousness|single"
    for event in trial.at("/adverse_events/of_special_interest"):
        if _DEADLY.search(f"{event['name'].text} {event['definition'].text}"):
            yield f"{event['name'].text or event['id'].text} as event of special interest", r"life-threat|fatal|serious"
            break
    if trial.at("/design/adaptive/kind"):
        yield "an adaptive design", r"adaptive|interim|escalation"


def _planned(trial: Trial) -> int:
    arms = sum(each for _, each in numbered_arms(trial))
    return max(arms, number(trial.at("/population/participants/enrolled")) or 0)


def _sedates(intervention: Node) -> bool:
    impairs = " ".join(node.text for node in intervention["pharmacology"]["impairs"])
    supervised = any(step["supervised"].value is True for step in intervention["regimen"]["steps"])
    return supervised and "conscious" in impairs


RULES: tuple[Rule, ...] = (committee, measurable, needed)
