"""How long people are watched after a dose, in the words of an activity, held against the keys of what is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.dosing.alternatives import steps_of
from protocolkit.dosing.amounts import quantity
from protocolkit.quantities import in_unit
from protocolkit.rules.model import Found
from protocolkit.rules.patterns import Pattern
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_WATCHED = Pattern(r"\bobserv(?:ed|ation)\b[^.;,0-9]{0,40}\b([0-9]{1,3}) ?(min|minutes?|h|hours?)\b")
_TIME = Pattern(r"[0-9]+ ?(?:min|h)")
_TEXTS = ("name", "description", "condition")
_MINUTES = {"m": 1, "h": 60}


def observed(trial: Trial) -> list[Node]:
    """Return how long participants are to be watched after a dose of each intervention that states it."""
    given = [*trial.root["interventions"]]
    keyed = [each[key]["observation"] for each in given for key in ("vaccine", "discharge")]
    keyed += [step["observation"] for each in given for step in steps_of(each["regimen"])]
    return [node for node in keyed if node]


def other_observation(trial: Trial) -> Iterator[Found]:
    """Find an activity that watches people for a time that no intervention states."""
    stated = observed(trial)
    known = [_minutes(node) for node in stated]
    if not known or None in known:
        return
    for activity in trial.at("/schedule/activities"):
        for node in (activity[key] for key in _TEXTS):
            said = _WATCHED.search(node.text)
            if said is None or len(_TIME.findall(node.text)) > 1:
                continue  # several times are of several doses or people
            if int(said[1]) * _MINUTES[said[2][0].casefold()] not in known:
                told = listed(list(dict.fromkeys(each.text for each in stated)), "or")
                message = f'"{said[0]}" is said, and the observation after a dose is {told}'
                yield Found(node, message, "tell one time", ((stated[0], "the observation"),))


def _minutes(node: Node) -> Decimal | None:
    found = quantity(node)
    return in_unit(found.value, found.unit.code, "min") if found is not None else None
