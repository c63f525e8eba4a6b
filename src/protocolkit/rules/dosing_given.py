"""What is given in a trial, as an intervention or beside it, with the arms that get it and its time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.rules.patterns import Pattern
from protocolkit.rules.times import day_of
from protocolkit.schedule import Placed
from protocolkit.schedule.exposure import interventions_of
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_PLACES = {
    "rescue": "given as rescue",
    "background": "given as background therapy",
    "premedication": "given as premedication",
    "permitted": "permitted",
}

_OF_TIME = Pattern(
    r"\b(?:both|all) (?:arms|groups)\b|\bthroughout\b|\bat any time\b"
    r"|\b(?:to|until|till|before|within|from|after|since|through) (?:the )?"
    r"(?:(?:end|first|last|start) |day|week|month|visit)"
)
_OF_SOME = Pattern(
    r"\b(?:while|when|if|where|for|in (?:those|participants|people|patients)|except|other than|beside)\b"
)
_LIMITED = Pattern(r"\b(?:while|when|if|where|only|once|after|before|until|except|unless)\b")


class Given(NamedTuple):
    """What is given: its name, how, in which arms (none for all), by which regimen, if as an intervention, and when."""

    name: Node
    how: str
    arms: frozenset[str]
    regimen: Node
    condition: str = ""


def given_in(trial: Trial) -> Iterator[Given]:
    """Yield what is given beside the trial intervention, and each intervention with the arms that get it."""
    concomitant = trial.root["concomitant"]
    for key, how in _PLACES.items():
        for medicine in concomitant[key]:
            for name in (medicine["substance"], medicine["class"], *medicine["members"]):
                if name and not medicine["limit"]:
                    arms = frozenset(node.text for node in medicine["arms"])
                    yield Given(name, how, arms, medicine["nothing"], medicine["condition"].text)
    taken = {arm["id"].text: {each["id"].text for each in interventions_of(arm)} for arm in trial.root["arms"]}
    for intervention in trial.root["interventions"]:
        names = intervention["names"]
        for name in (intervention["substance"], names["nonproprietary"], *names["proprietary"]):
            if name:
                identifier = intervention["id"].text
                arms = frozenset(arm for arm, given in taken.items() if identifier in given)
                yield Given(name, f"given as intervention {identifier}", arms, intervention["regimen"])
                break


def holds_for_a_time(entry: Node) -> bool:
    """Say whether the condition of a prohibition is one of time or of all arms, and of nobody's state or treatment."""
    condition = entry["condition"].text
    return bool(_OF_TIME.search(condition)) and not _OF_SOME.search(condition)


def is_permitted_throughout(each: Given) -> bool:
    """Say whether something is permitted, and its condition, if it has one, leaves out no time."""
    return each.how == _PLACES["permitted"] and not (_OF_TIME.search(each.condition) or _LIMITED.search(each.condition))


def apart_in_time(trial: Trial, entry: Node, regimen: Node) -> bool:
    """Say whether a prohibition is over before an intervention is given, or begins after its last dose."""
    if not regimen:
        return False
    first, last = trial.anchors.span(regimen)
    begin, end = day_of(trial, entry["from"]), day_of(trial, entry["until"])
    before = end is not None and isinstance(first, Placed) and end < first.days
    return before or (begin is not None and isinstance(last, Placed) and last.days < begin)
