"""Rule on background treatment: what everybody gets beside the comparison, every arm gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.rerandomised import first_arms
from protocolkit.rules.substances import same_substance
from protocolkit.rules.trial import named
from protocolkit.schedule import interventions_of
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial


@rule(
    "DOSE27",
    Severity.WARNING,
    reads=("/arms", "/interventions/*/role", "/interventions/*/substance", "/population/cohorts"),
)
def backbone(trial: Trial) -> Iterator[Found]:
    """A background treatment that arms name is given in every arm, and in the same epochs.

    Why: where the new medicine comes with chemotherapy and placebo without, the trial compares both at once, and no
    analysis can tell them apart.

    Applies: an intervention with the role of background treatment is named by an arm that participants enter first,
    and there are several. Arms of different cohorts are not compared, and nothing is said of them; nor of an epoch that
    one of two arms alone has, or where one gets the same substance as what is tested.

    Basis:
        ICH E9(R1), A.3.3 treatment attribute, with background treatment (H)
        SPIRIT 2025, 15a and 15d (M)

    Fails::

        arms: [{id: ACT, interventions: [NEW, CHEMO]}, {id: PBO, interventions: [DUMMY]}]
        interventions:
          - {id: NEW, role: experimental}
          - {id: DUMMY, role: placebo}
          - {id: CHEMO, role: background_treatment}

    Passes::

        arms: [{id: ACT, interventions: [NEW, CHEMO]}, {id: PBO, interventions: [DUMMY, CHEMO]}]
        interventions:
          - {id: NEW, role: experimental}
          - {id: DUMMY, role: placebo}
          - {id: CHEMO, role: background_treatment}
    """
    arms = first_arms(trial.root)
    beside = [each for each in trial.root["interventions"] if each["role"].text == "background_treatment"]
    given = [each for each in beside if any(_gets(arm, each) for arm in arms)]
    if len(arms) <= 1 or not given or any(cohort["arms"] for cohort in trial.at("/population/cohorts")):
        raise NotApplicable("no background treatment is named by one of several arms that are compared")
    for intervention in given:
        lacking = [arm for arm in arms if not _gets(arm, intervention)]
        if lacking:
            others = listed([named(arm) for arm in arms if _gets(arm, intervention)])
            message = f"{named(intervention)} is background treatment in {others}, and not in"
            hint = "name it in every arm, or give it the role that it has in the comparison"
            related = ((intervention["role"], "the role"),)
            yield Found(lacking[0], f"{message} {listed([named(arm) for arm in lacking])}", hint, related)
        else:
            yield from _other_epochs(arms, intervention)


def _gets(arm: Node, intervention: Node) -> bool:
    return any(_is_same(each, intervention) for each in interventions_of(arm))


def _is_same(one: Node, other: Node) -> bool:
    """Say whether two interventions are one medicine, told apart as each arm has its own regimen of it."""
    return one.path == other.path or same_substance(one, other)


def _is_backbone(one: Node, other: Node) -> bool:
    """Say whether an intervention is the background treatment or a form of it: not what arms differ in on purpose."""
    return _is_same(one, other) and one["role"].text == other["role"].text


def _other_epochs(arms: list[Node], intervention: Node) -> Iterator[Found]:
    """Find an epoch that several arms have, in which some of them name a background treatment and others do not."""
    known: dict[str, list[tuple[Node, bool]]] = {}
    for arm in arms:
        same = {each["id"].text for each in interventions_of(arm) if _is_backbone(each, intervention)}
        everywhere = bool(same & {node.text for node in arm["interventions"]})
        for entry in arm["epochs"]:
            own = everywhere or bool(same & {node.text for node in entry["interventions"]})
            known.setdefault(entry["epoch"].text, []).append((entry, own))
    for epoch, entries in known.items():
        lacking = [entry for entry, own in entries if not own]
        if lacking and len(lacking) < len(entries):
            message = f"{named(intervention)} is background treatment, and in {epoch} one arm names it and another not"
            yield Found(lacking[0], message, "name it in every arm", ((intervention["role"], "the role"),))


RULES: tuple[Rule, ...] = (backbone,)
