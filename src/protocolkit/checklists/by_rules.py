"""Needs that rest on how a rule ended: what it found lowers the item."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from protocolkit.checklists.answers import AWAY, Answer, Missing
from protocolkit.checklists.conditions import wanted
from protocolkit.findings import Severity
from protocolkit.rules import RULES, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from protocolkit.checklists.answers import Protocol
    from protocolkit.checklists.conditions import Situation
    from protocolkit.checklists.model import Need
    from protocolkit.findings import Finding
    from protocolkit.rules import Ran


def absent(need: Need, protocol: Protocol, situation: Situation) -> Answer:
    """Answer a need for what must not be there, by the rule that reads prose for it."""
    return _ruled([_SCANS[need.argument]], need, protocol, situation)


_SCANS = {"block-sizes": "STAT16"}
SCANS = frozenset(_SCANS.values())  # what reads prose is not held up by a fault of shape elsewhere


def rule(need: Need, protocol: Protocol, situation: Situation) -> Answer:
    """Answer a need that rules decide: met where they found nothing within the instance, away where none applied."""
    return _ruled(wanted(need.argument), need, protocol, situation)


def _ruled(codes: list[str], need: Need, protocol: Protocol, situation: Situation) -> Answer:
    ran = [protocol.ran[code] for code in codes]
    told = [finding for each in ran if each.outcome is Outcome.FOUND for finding in _counted(each, need)]
    inside = tuple(_inside(need, situation))
    found = [finding for finding in told if f"{finding.pointer}/".startswith(inside)]
    if crashed := [each for each in ran if each.outcome is Outcome.CRASHED]:
        return Answer(None, reason=f"{need.what}: {crashed[0].code} crashed, {crashed[0].reason}")
    partly = [] if found else [each for each in ran if each.outcome is Outcome.FOUND and each.reason]
    unchecked = [*(each for each in ran if each.outcome is Outcome.NOT_CHECKED), *partly]
    if unchecked and not need.if_checked:
        return Answer(None, reason=f"{need.what}: {unchecked[0].code} was not checked, {unchecked[0].reason}")
    if found:
        return Answer(satisfied=False, missing=tuple(Missing(row.pointer, row.message) for row in found))
    applied = any(each.outcome not in (Outcome.NOT_APPLICABLE, Outcome.NOT_CHECKED) for each in ran)
    waivers = (node["reason"] for node in situation.root["waivers"] if node["rule"].text in codes and node["reason"])
    return Answer(satisfied=True, held=tuple(waivers)) if applied else Answer(satisfied=True, reason=AWAY)


def _inside(need: Need, situation: Situation) -> Iterator[str]:
    """Yield the beginnings of the pointers of the findings that count."""
    if not need.within:
        yield f"{situation.instance.pointer}/" if situation.instance is not None else ""
    for pointer in need.within:
        yield from (f"{node.pointer}/" for node in situation.at(pointer))


def _counted(ran: Ran, need: Need) -> Iterable[Finding]:
    """Return what lowers a row: of a rule that also finds errors or warnings, what is mere information does not."""
    if need.information:
        return ran.findings
    weighty = [finding for finding in ran.findings if finding.severity is not Severity.INFO]
    return weighty if weighty or ran.code not in _usually_weighty() else ()


@cache
def _usually_weighty() -> frozenset[str]:
    return frozenset(rule.code for rule in RULES if rule.severity is not Severity.INFO)


def rules_of(needs: Iterable[Need]) -> frozenset[str]:
    """Return the codes of the rules that some needs rest on."""
    codes = ([_SCANS[need.argument]] if need.verb == "absent" else wanted(need.argument) for need in needs
             if need.verb in ("absent", "rule"))  # fmt: skip
    return frozenset(code for listed in codes for code in listed)
