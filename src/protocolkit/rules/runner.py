"""Run the rules over a document: each passes, finds, does not apply, cannot be checked, or crashes; none is silent."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from protocolkit.findings import Finding, Related, Severity, Target
from protocolkit.rules.docs import basis
from protocolkit.rules.model import NotApplicable, NotChecked
from protocolkit.rules.trial import Trial
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from protocolkit.document import Document
    from protocolkit.rules.model import Found, Rule

_ENDINGS = 2048  # a few of each rule: passed, and the usual reasons why it does not apply


class Outcome(StrEnum):
    """How a rule ended."""

    PASSED = "passed"
    FOUND = "found"
    NOT_APPLICABLE = "not_applicable"
    NOT_CHECKED = "not_checked"
    CRASHED = "crashed"


class Ran(NamedTuple):
    """One rule over one document: how it ended, why where that needs a reason, and what it found."""

    code: str
    outcome: Outcome
    reason: str = ""
    findings: tuple[Finding, ...] = ()
    trace: str = ""


def run(rules: Iterable[Rule], document: Document, shape: Sequence[Finding], tags: frozenset[str]) -> tuple[Ran, ...]:
    """Run rules over a document in their order.

    `shape` are the findings about its shape and references: what a rule reads there is not to be relied on. `tags` are
    the tags of its profiles, aliases resolved.
    """
    trial = Trial(document, tags)
    faults = [
        _steps(finding.about or finding.pointer)
        for finding in shape
        if finding.severity is Severity.ERROR and not _is_cut_off(finding, document)
    ]
    ran = tuple(_ran(rule, trial, faults) for rule in rules)
    document.known.clear()  # it holds nodes, and these the document: many files would stay in memory for a while
    return ran


def _ran(rule: Rule, trial: Trial, faults: Sequence[Sequence[str]]) -> Ran:
    if reason := rule.applies_to(trial.tags):
        return _without_findings(rule.code, Outcome.NOT_APPLICABLE, reason)
    if (blocked := _blocked(rule, faults)) is not None:
        return Ran(rule.code, Outcome.NOT_CHECKED, f"the shape is at fault at {blocked or 'the top of the file'}")
    found: list[Found] = []
    try:
        for each in rule.check(trial):
            found.append(each)  # noqa: PERF402 - what was found stays, where the rest cannot be checked
    except NotApplicable as reason:
        return _without_findings(rule.code, Outcome.NOT_APPLICABLE, str(reason))
    except NotChecked as reason:
        told = () if reason.counted else (_unchecked(rule, reason),)
        findings = tuple(_finding(rule, trial, each) for each in found)
        return Ran(rule.code, Outcome.FOUND if found else Outcome.NOT_CHECKED, str(reason), (*findings, *told))
    except Exception as error:  # noqa: BLE001 - a rule that crashes is an outcome of its own, never a pass
        return _crashed(rule, error)
    findings = tuple(_finding(rule, trial, each) for each in found)
    return Ran(rule.code, Outcome.FOUND, "", findings) if findings else _without_findings(rule.code, Outcome.PASSED)


@lru_cache(_ENDINGS)
def _without_findings(code: str, outcome: Outcome, reason: str = "") -> Ran:
    """Return one value for all files in which a rule ends alike: most rules do, and reports of many files keep them."""
    return Ran(code, outcome, reason)


def _is_cut_off(finding: Finding, document: Document) -> bool:
    """Say whether a fault is an unknown key without a value: what a comma cut off a text, and no rule reads."""
    return finding.code == "FORM02" and document.path(finding.pointer) is None


def _blocked(rule: Rule, faults: Sequence[Sequence[str]]) -> str | None:
    """Return the pointer of the first fault of the shape at a place that a rule reads; empty for the whole file."""
    places = [_steps(place) for place in rule.reads] if faults else []
    return next(("/".join(("", *fault)) for fault in faults if any(_touches(place, fault) for place in places)), None)


def _finding(rule: Rule, trial: Trial, found: Found) -> Finding:
    related = tuple(Related(node.pointer, message) for node, message in found.related)
    return Finding(
        rule.code, rule.weight(found, trial.tags), found.message, found.at.pointer, found.hint, basis(rule), related,
        found.target,
    )  # fmt: skip


def _unchecked(rule: Rule, reason: NotChecked) -> Finding:
    place = reason.at.pointer if reason.at is not None else ""
    return Finding("RULE02", Severity.INFO, f"{rule.code} was not checked: {reason}", place, target=Target.KEY)


def _crashed(rule: Rule, error: Exception) -> Ran:
    import traceback  # noqa: PLC0415 - after a crash only

    told = f"{type(error).__name__}: {error}".splitlines()[0][:200]
    finding = Finding("RULE01", Severity.ERROR, f"the rule {rule.code} crashed: {told}", target=Target.KEY)
    trace = "".join(traceback.format_exception(error))
    return Ran(rule.code, Outcome.CRASHED, told, (finding,), trace)


def _steps(pointer: str) -> list[str]:
    return pointer.split("/")[1:]


def _touches(place: Sequence[str], fault: Sequence[str]) -> bool:
    """Say whether a fault lies at, above or below a place that a rule reads."""
    return all(own in ("*", other) for own, other in zip(place, fault, strict=False))
