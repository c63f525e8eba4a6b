"""Rule on the tags of the profile, which agree with the design."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.profiles import ALIASES, resolved
from protocolkit.rules.trial import DRUG_KINDS
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.rules.trial import Trial

_MODELS = {
    "parallel": ("parallel", "factorial", "sequential", "other"),
    "crossover": ("crossover", "sequential", "other"),
    "single-arm": ("single_group", "sequential", "other"),
}
_NEEDS = {"cluster": "/design/cluster", "dose-escalation": "/design/dose_escalation",
          "enriched-withdrawal": "/design/enrichment"}  # fmt: skip
_FRAMEWORKS = {"non-inferiority": {"non_inferiority", "equivalence"}, "equivalence": {"equivalence"}}
_GIVEN = {"drug": DRUG_KINDS, "biosimilar": frozenset({"biologic"})}


@rule(
    "ID05",
    Severity.WARNING,
    reads=(
        "/profiles",
        "/design/model",
        "/design/framework/kind",
        "/objectives/*/framework/kind",
        "/arms/*/id",
        "/interventions/*/kind",
    ),
)
def tags(trial: Trial) -> Iterator[Found]:
    """The tags of the profile agree with the design, since they switch rules on and off.

    Why: a crossover that is tagged parallel is spared the rules on washout and periods.

    Applies: the file states profiles.

    Basis:
        internal consistency of the protocol, profiles and design (H)

    Fails::

        profiles: [drug, crossover]
        design: {model: parallel}

    Passes::

        profiles: [drug, parallel]
        design: {model: parallel}
    """
    stated = [(node, tag) for node in trial.root["profiles"] for tag in ALIASES.get(node.text, (node.text,))]
    if not stated:
        raise NotApplicable("the file states no profiles")
    for node, tag in stated:
        if says := _disagreeing(trial, tag):
            yield Found(node, f"the tag {tag} is set, but {says}", "bring profiles and design together")
    held = resolved(tag for _, tag in stated)
    for tag, says in _wanted(trial):
        if tag not in held:
            fitting = _fitting(trial) if tag == "drug" else tag
            yield Found(
                trial.root["profiles"], f"{says}, but the tag {fitting} is not set", f"add {fitting} to profiles"
            )
    if {"pilot", "confirmatory"} <= held:
        yield Found(trial.root["profiles"], "a trial is a pilot or confirmatory, not both", "keep one of them")


def _fitting(trial: Trial) -> str:
    """Return the tag for what is tested: that of vaccines or biologics where all of it is."""
    kinds = {each["kind"].text for each in trial.drugs if each["role"].text == "experimental"}
    return "vaccine" if kinds == {"vaccine"} else "biologic" if kinds <= {"biologic", "genetic"} else "drug"


def _disagreeing(trial: Trial, tag: str) -> str:
    """Return in words what in the data does not fit a tag; an empty text where all does or nothing is stated."""
    design = trial.at("/design")
    model, kind = design["model"].text, design["framework"]["kind"].text
    if tag in _MODELS and model and model not in _MODELS[tag]:
        escalating = tag == "single-arm" and len([*trial.root["arms"]]) == 1
        return "" if escalating else f"design.model is {model}"
    if tag in _NEEDS and design and not trial.at(_NEEDS[tag]):
        return f"{_NEEDS[tag][1:].replace('/', '.')} is not stated"
    kinds = {kind, *(node.text for node in trial.each("/objectives/*/framework/kind"))}
    if tag in _FRAMEWORKS and kind and not kinds & _FRAMEWORKS[tag]:
        return f"design.framework.kind is {kind}"
    given = {each["kind"].text for each in trial.root["interventions"]}
    if tag in _GIVEN and given and not given & _GIVEN[tag]:
        return f"no intervention is a {listed(sorted(_GIVEN[tag]), 'or')}"
    return ""


def _wanted(trial: Trial) -> Iterator[tuple[str, str]]:
    design = trial.at("/design")
    if design["model"].text == "crossover":
        yield "crossover", "design.model is crossover"
    if design["cluster"]:
        yield "cluster", "design.cluster is stated"
    if design["framework"]["kind"].text == "non_inferiority":
        yield "non-inferiority", "design.framework.kind is non_inferiority"
    if design["dose_escalation"]:
        yield "dose-escalation", "design.dose_escalation is stated"
    if any(each["role"].text == "experimental" and each["kind"].text in DRUG_KINDS for each in trial.drugs):
        yield "drug", "a medicine is tested"


RULES: tuple[Rule, ...] = (tags,)
