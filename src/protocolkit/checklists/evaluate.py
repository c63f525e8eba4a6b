"""How an item stands: each need is looked for, and what was found and what is missing make the status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from protocolkit.checklists.answers import AWAY, Answer, Missing, Protocol
from protocolkit.checklists.by_rules import absent, rule
from protocolkit.checklists.conditions import Situation, holds, wanted
from protocolkit.checklists.content import is_none
from protocolkit.checklists.model import Item, Need, Status
from protocolkit.checklists.naming import named_by
from protocolkit.checklists.pointers import at_fault, places
from protocolkit.checklists.wording import doubts, sentences, speaks, tells
from protocolkit.document import pointer as written
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from protocolkit.document import Node

_SOMETHING = frozenset({Status.MET, Status.PARTIAL, Status.NEEDS_PERSON})
_BY_RULES = frozenset({"rule", "absent"})
_WORST = (Status.UNMET, Status.PARTIAL, Status.NEEDS_PERSON, Status.MET, Status.NOT_APPLICABLE)


class Judged(NamedTuple):
    """How an item, or one instance of it, stands: what met it, what is missing, and why where a reason is needed."""

    status: Status
    evidence: tuple[tuple[Node, bool], ...] = ()
    missing: tuple[Missing, ...] = ()
    reason: str = ""
    instances: tuple[tuple[Node, Judged], ...] = ()


def judge(item: Item, protocol: Protocol) -> Judged:
    """Judge an item over a protocol."""
    if not holds(item.when, protocol.situation):
        return Judged(Status.NOT_APPLICABLE, reason=item.otherwise)
    if not item.per:
        return _judge(item, protocol, protocol.situation)
    found = {node.path: node for pointer in item.per for node in protocol.situation.at(pointer)}.values()
    if not found:
        place = item.per[0].partition("/*")[0]
        return Judged(Status.UNMET, missing=(Missing(place, f"what this is asked of: {item.topic.lower()}"),))
    return _together([(node, _judge(item, protocol, protocol.situation.of(node))) for node in found])


def _together(instances: list[tuple[Node, Judged]]) -> Judged:
    found = {judged.status for _, judged in instances}
    status = min(found, key=_WORST.index)
    if status is Status.UNMET and found & _SOMETHING:
        status = Status.PARTIAL
    evidence = dict.fromkeys(row for _, judged in instances for row in judged.evidence)
    missing = dict.fromkeys(row for _, judged in instances for row in judged.missing)
    telling = [
        judged for _, judged in instances if judged.status is not Status.NOT_APPLICABLE or status is judged.status
    ]
    reason = "; ".join(dict.fromkeys(judged.reason for judged in telling if judged.reason))
    return Judged(status, tuple(evidence), tuple(missing), reason, tuple(instances))


def _judge(item: Item, protocol: Protocol, situation: Situation) -> Judged:
    answers = [(need, _VERBS[need.verb](need, protocol, situation)) for need in _asked(item.needs, situation)]
    counted = [answer for need, answer in answers if not need.optional and answer.reason != AWAY]
    counted = counted or [answer for need, answer in answers if need.optional and answer.held]
    missing = tuple(row for answer in counted for row in answer.missing)
    reasons = dict.fromkeys(answer.reason for answer in counted if answer.satisfied is None and answer.reason)
    ruled = (answer for need, answer in answers if need.verb in _BY_RULES and not need.optional)
    faults = [row.pointer for answer in ruled for row in answer.missing]
    held = ((node, answer.satisfied is not False) for _, answer in answers for node in answer.held)
    evidence = tuple((node, good and not any(at_fault(node, fault) for fault in faults)) for node, good in held)
    return Judged(_status(counted), evidence, missing, "; ".join(reasons) if counted else _NOTHING)


def _asked(needs: Iterable[Need], situation: Situation) -> Iterator[Need]:
    return (need for need in needs if holds(need.when, situation))


def _status(answers: list[Answer]) -> Status:
    if not answers:
        return Status.NOT_APPLICABLE
    if not any(answer.satisfied is False for answer in answers):
        return Status.NEEDS_PERSON if any(answer.satisfied is None for answer in answers) else Status.MET
    some = any(answer.held for answer in answers)  # a rule that finds nothing shows nothing
    return Status.PARTIAL if some else Status.UNMET


_NOTHING = "the protocol states nothing of it, and nothing in it calls for it"


def _present(need: Need, protocol: Protocol, situation: Situation) -> Answer:
    held, lacking = _answering(need, protocol, situation)
    if lacking and (bare := _without_reason(lacking)):
        return _unreasoned(need, (*held, *bare), [node for node in lacking if node not in bare], bare)
    return Answer(not lacking, tuple(held), tuple(_lacking(need, lacking)))


def _lacking(need: Need, places: list[Node]) -> Iterator[Missing]:
    """Yield what is missing at some places; of several, each with the name of the thing that lacks it."""
    for node in places:
        whose = _owner(node) if len(places) > 1 else ""
        yield Missing(node.pointer, f"{need.what} ({whose})" if whose else need.what)


def _owner(node: Node) -> str:
    """Return what the entry of a list is called that a place is part of."""
    path = node.path
    while path and not isinstance(path[-1], int):
        path = path[:-1]
    entry = node.document.root.at(written(path))
    return entry["name"].text or entry["id"].text


def _some(need: Need, protocol: Protocol, situation: Situation) -> Answer:
    held, lacking = _answering(need, protocol, situation)
    if held:
        return Answer(satisfied=True, held=tuple(held))
    if bare := _without_reason(lacking):
        return _unreasoned(need, tuple(bare), [], bare)
    return Answer(satisfied=False, missing=tuple(Missing(node.pointer, need.what) for node in lacking[:1]))


def _without_reason(lacking: list[Node]) -> list[Node]:
    """Return the places that declare a none and give no reason: `none_reason: none`."""
    return [node for node in lacking if node.path[-1:] == ("none_reason",) and is_none(node.text)]


def _unreasoned(need: Need, held: tuple[Node, ...], lacking: list[Node], bare: list[Node]) -> Answer:
    missing = [Missing(node.pointer, need.what) for node in lacking]
    missing += [Missing(node.pointer, f"why there is none: {need.what}") for node in bare]
    return Answer(satisfied=False, held=held, missing=tuple(missing))


def _answering(need: Need, protocol: Protocol, situation: Situation) -> tuple[list[Node], list[Node]]:
    """Return the places that hold an answer and those that lack it; a plain none is one where the need says so."""
    held, lacking = _looked(need.argument, protocol, situation)
    answers = [node for node in lacking if need.none_counts and is_none(node.text)]
    return [*held, *answers], [node for node in lacking if node not in answers]


def _looked(pointers: Any, protocol: Protocol, situation: Situation) -> tuple[list[Node], list[Node]]:
    held: list[Node] = []
    lacking: list[Node] = []
    for pointer in wanted(pointers):
        found = places(pointer, situation.root, situation.instance)
        lacking += found.lacking
        for node in found.held:
            (held if protocol.content.holds(node) else lacking).append(node)
    return held, lacking


def _equals(need: Need, protocol: Protocol, situation: Situation) -> Answer:
    held: list[Node] = []
    lacking: list[Node] = []
    for pointer, values in need.argument.items():
        found, empty = _looked(pointer, protocol, situation)
        lacking += empty
        for node in found:
            (held if node.value in wanted(values) else lacking).append(node)
    return Answer(not lacking, tuple(held), tuple(Missing(node.pointer, need.what) for node in lacking))


def _says(need: Need, protocol: Protocol, situation: Situation) -> Answer:
    held, lacking = _looked(need.argument["at"], protocol, situation)
    if telling := _telling(held, need.argument, situation):
        return Answer(satisfied=True, held=tuple(telling))
    doubtful = _unanswered(held, need.argument)
    if doubtful and need.unsure:
        told = doubts([(node.locator, node.text) for node in doubtful], need.argument.get("free_of", ()))
        return Answer(None, tuple(doubtful), reason=f"read whether it says {need.what}{told}")
    return Answer(
        satisfied=False, missing=tuple(Missing(node.pointer, need.what) for node in (*doubtful, *lacking)[:1])
    )


def _telling(held: list[Node], argument: Mapping[str, Any], situation: Situation) -> list[Node]:
    """Return the texts that say what they are asked for; all of them, where none has a word that it should not have."""
    if "free_of" in argument:
        return [] if _unanswered(held, argument) else held
    if "names" in argument:
        return _naming(held, [node for pointer in wanted(argument["names"]) for node in situation.at(pointer)])
    words = [*argument.get("words", ()), *_terms(argument, situation)]
    said = speaks if argument.get("denied") else tells
    beside = argument.get("beside")
    return [node for node in held if any(said(part, words) for part in _parts(node.text, beside))]


def _parts(text: str, beside: Iterable[str] | None) -> list[str]:
    """Return a text; where other words must stand beside those that are looked for, its sentences that have one."""
    return [text] if beside is None else [part for part in sentences(text) if speaks(part, beside)]


def _terms(argument: Mapping[str, Any], situation: Situation) -> Iterator[str]:
    """Yield the words that stand in the protocol itself, such as the domain of an outcome."""
    for pointer in wanted(argument.get("terms", [])):
        yield from (node.text for node in situation.at(pointer) if node.text)


def _naming(texts: list[Node], things: list[Node]) -> list[Node]:
    """Return the texts with the names that stand in them; nothing where a thing is not named."""
    found = [[(node, name) for node in texts if (name := named_by(node.text, thing))] for thing in things]
    if not all(found):
        return []
    pairs = [pair for each in found for pair in each]
    return list(dict.fromkeys([node for node, _ in pairs] + [name for _, name in pairs]))


def _unanswered(held: list[Node], argument: Mapping[str, Any]) -> list[Node]:
    """Return the texts that leave a need unanswered: those with a word that they should be free of, or else all."""
    unwanted = argument.get("free_of")
    return held if unwanted is None else [node for node in held if speaks(node.text, unwanted)]


def _person(need: Need, protocol: Protocol, situation: Situation) -> Answer:
    held, lacking = _looked(need.argument, protocol, situation)
    if lacking:
        return Answer(satisfied=False, held=tuple(held), missing=tuple(Missing(n.pointer, need.what) for n in lacking))
    return Answer(None, tuple(held), reason=f"a person must judge {need.what}")


_VERBS: dict[str, Callable[[Need, Protocol, Situation], Answer]] = {
    "present": _present,
    "some": _some,
    "equals": _equals,
    "says": _says,
    "absent": absent,
    "rule": rule,
    "person": _person,
}
