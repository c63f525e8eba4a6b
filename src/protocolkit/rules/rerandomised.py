"""Arms that participants enter first, and those that they enter later from other arms of the trial."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.rules.patterns import Pattern

if TYPE_CHECKING:
    from protocolkit.document import Node

_CHANGES = frozenset({"stop_arm", "add_arm", "change_allocation", "change_dose"})
_OF_ARMS = Pattern(r"\bselect|\bdrop|\barms?\b|\bdos(?:e|es|ing)\b|\ballocation\b|\bseamless|\bplatform\b")


def first_arms(root: Node) -> list[Node]:
    """Return the arms that participants enter first: without those entered later, from other arms of the trial."""
    arms = [*root["arms"]]
    later = _later(root)
    return [arm for arm in arms if arm["id"].text not in later] or arms


def assigned_arms(root: Node) -> list[Node]:
    """Return the arms that participants enter first by chance, where every randomisation names its arms; else all.

    Those of an arm outside, such as sentinels who are treated in the open, are counted beside those randomised.
    """
    arms, randomisations = first_arms(root), [*root["design"]["randomisations"]]
    named = {node.text for each in randomisations for node in each["arms"]}
    chosen = [arm for arm in arms if arm["id"].text in named]
    return chosen if all(each["arms"] for each in randomisations) and chosen else arms


def randomises_again(randomisation: Node) -> bool:
    """Say whether a randomisation assigns to arms that participants enter from other arms of the trial."""
    arms = [randomisation.document.root["arms"].find(node.text) for node in randomisation["arms"]]
    return bool(arms) and (all(map(_re_randomised, arms)) or any(map(_from_others, arms)))


def _later(root: Node) -> frozenset[str]:
    """Return the ids of the arms that are said to be entered from others, or that only a second randomisation names."""
    stated = {arm["id"].text for arm in root["arms"] if _from_others(arm) or _begins_again(arm)}
    randomisations = [*root["design"]["randomisations"]]
    again = [each for each in randomisations if randomises_again(each)]
    first = {node.text for each in randomisations if each not in again for node in each["arms"]} - stated
    if again and first:
        stated |= {arm["id"].text for arm in root["arms"]} - first
    return frozenset(stated)


def _from_others(arm: Node) -> bool:
    return any(node.text != arm["id"].text for node in arm["enters_from"])


def _begins_again(arm: Node) -> bool:
    """Say whether the first epoch of an arm begins with another randomisation."""
    return any(epoch["re_randomised"].value is True for epoch in [*arm["epochs"]][:1])


def _re_randomised(arm: Node) -> bool:
    """Say whether those in an arm were randomised before."""
    return any(epoch["re_randomised"].value is True for epoch in arm["epochs"])


def arms_change(root: Node) -> bool:
    """Say whether how many an arm holds does not follow from one randomisation of all of them.

    Arms open late, are stopped or chosen on the way, or take part in several randomisations beside others.
    """
    adaptive = root["design"]["adaptive"]
    if any(arm["opens"] for arm in root["arms"]) or _OF_ARMS.search(adaptive["kind"].text):
        return True
    if any(rule["action"].text in _CHANGES for rule in adaptive["rules"]):
        return True
    groups = [frozenset(node.text for node in each["arms"]) for each in root["design"]["randomisations"]]
    return any(one & other and one != other for one in groups for other in groups)
