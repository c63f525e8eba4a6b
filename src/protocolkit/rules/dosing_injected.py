"""Into which limb vaccines are injected: like what they are made like, and apart from others on one day."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.times import dose_days, in_days
from protocolkit.rules.trial import named
from protocolkit.schedule import interventions_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_SIDE = Pattern(r"\b(?:left|right)\b")
_LIMBS = (
    (Pattern(r"thigh|vastus"), "thigh"),
    (Pattern(r"\barm\b|deltoid"), "arm"),
    (Pattern(r"glute|buttock"), "buttock"),
)
_APART = Pattern(r"\bcm\b|\bapart\b|\binch|\bopposite\b|\bother\b|\bnot used\b|separate|different")
_SITE = Pattern(r"\b(?:sites?|side|limb|thigh|arm)\b")


def unlike_sites(one: Node, other: Node) -> Iterator[Found]:
    """Find two products that are said to be alike in their site, and are injected into different limbs."""
    if any(each["matching"]["dummy"] for each in (one, other)):
        return
    said = any(_SITE.search(node.text) for each in (one, other) for node in each["matching"]["in"])
    first, second = (each["vaccine"]["injection_site"] for each in (one, other))
    if said and (limb := _limb(first)) and (beside := _limb(second)) and limb != beside:
        message = (
            f"{one['id'].text} differs from {other['id'].text}, which it is made like, in the site of injection: "
            f"{first.text} and {second.text}"
        )
        yield Found(first, message, "inject both at one site", ((second, "the other site"),))


def at_one_site(trial: Trial) -> Iterator[Found]:
    """Find two vaccines that an arm gets in one limb on one day, without a word on how far apart (information)."""
    told: set[tuple[str, str]] = set()
    for arm in trial.root["arms"]:
        given = [each for each in interventions_of(arm) if _limb(each["vaccine"]["injection_site"])]
        for one, other in combinations(given, 2):
            sites = [each["vaccine"]["injection_site"] for each in (one, other)]
            pair = (one["id"].text, other["id"].text)
            days = dose_days(trial, one) & dose_days(trial, other)
            if pair in told or _limb(sites[0]) != _limb(sites[1]) or not days:
                continue
            told.add(pair)
            when = in_days(min(days))
            message = f"{named(one)} and {named(other)} are both injected at the {sites[1].text} at {when}"
            hint = "name another limb, or say how far apart, so that reactions at a site can be told apart"
            yield Found(sites[0], message, hint, ((sites[1], "the other site"),), severity=Severity.INFO)


def _limb(site: Node) -> tuple[str, str] | None:
    """Return the side and the limb of a site; None where one of them is not said, or words tell it from another."""
    side = {match[0].casefold() for match in _SIDE.finditer(site.text)}
    limbs = {name for pattern, name in _LIMBS if pattern.search(site.text)}
    if len(side) != 1 or len(limbs) != 1 or _APART.search(site.text):
        return None
    return side.pop(), limbs.pop()
