"""A protocol held against checklists: each item with its status, evidence, what a person decided and what is waived."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import TYPE_CHECKING

from protocolkit.checklists.answers import Missing, Protocol
from protocolkit.checklists.by_rules import SCANS, rules_of
from protocolkit.checklists.conditions import Situation
from protocolkit.checklists.content import Content, shown
from protocolkit.checklists.evaluate import judge
from protocolkit.checklists.model import Item, Status
from protocolkit.findings import Severity
from protocolkit.rules import SHAPE_RULES, Outcome, Ran, run, tags_of
from protocolkit.rules.plugged import every_rule
from protocolkit.rules.waivers import waived
from protocolkit.schema import check
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from protocolkit.checklists.evaluate import Judged
    from protocolkit.checklists.model import Checklist
    from protocolkit.document import Document, Node, Path
    from protocolkit.findings import Finding, Span

_DECLARED = "not_applicable"

_AS_JSON = json.JSONEncoder(ensure_ascii=False).encode  # made once: each item has a mark


class Subject(NamedTuple):
    """What is audited: the file, and what the protocol calls itself."""

    file: str
    protocol_id: str
    version: str
    date: str


class Evidence(NamedTuple):
    """A place of the protocol that speaks to an item, its words, and whether they satisfy what is asked."""

    pointer: str
    locator: str
    value: str
    satisfies: bool
    span: Span


class Lacking(NamedTuple):
    """What an item lacks, and where it would stand."""

    pointer: str
    what: str
    span: Span


class Instance(NamedTuple):
    """How an item stands for one of several things, such as an intervention."""

    locator: str
    status: Status
    missing: tuple[Lacking, ...]


class Review(NamedTuple):
    """What a person decided about an item; stale where the evidence is no longer what was seen."""

    decision: str
    by: str
    date: str
    comment: str
    stale: bool


class Waived(NamedTuple):
    """Why an item does not count for the gate, who answers for it, until when."""

    reason: str
    by: str
    until: str


class Audited(NamedTuple):
    """One item as it stands; `seen` is the mark of the evidence, which a review keeps to know when it has changed."""

    item: Item
    status: Status
    evidence: tuple[Evidence, ...]
    missing: tuple[Lacking, ...]
    reason: str
    instances: tuple[Instance, ...]
    seen: str
    review: Review | None
    waived: Waived | None


class Audit(NamedTuple):
    """One document against one checklist; it holds no document, so that it travels lightly between processes.

    `crashed` are rules that crashed and so judged nothing; `notes` say what is wrong with waivers and reviews.
    """

    subject: Subject
    checklist: Checklist
    items: tuple[Audited, ...]
    crashed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def counts(self) -> Counter[Status]:
        """How many items there are of each status; no percentage follows from them."""
        return Counter(item.status for item in self.items)


def audit(
    document: Document, checklists: Sequence[Checklist], *, today: str | None = None,
    profiles: tuple[str, ...] = (), plugins: tuple[str, ...] = (),
) -> tuple[Audit, ...]:  # fmt: skip
    """Hold a document against checklists. Only a document whose keys and values could be read can be audited.

    `profiles` add to those of the document, `plugins` are packages with rules that a checklist may rest on.
    """
    root = document.root  # held, so that its nodes are made once
    protocol, told = _protocol(document, checklists, profiles, plugins, today), Told(document)
    trial = root["trial"]
    subject = Subject(document.name, trial["protocol_id"].text, trial["version"].text, trial["date"].text)
    audits = tuple(
        Audit(
            subject, checklist, tuple(_audited(item, checklist, protocol, told, today) for item in checklist.items),
            _crashed(checklist, protocol), tuple(_notes(root, checklist, today)),
        )
        for checklist in checklists
    )  # fmt: skip
    document.known.clear()  # as after the rules: it holds nodes, and these the document
    return audits


def _crashed(checklist: Checklist, protocol: Protocol) -> tuple[str, ...]:
    rests_on = rules_of(need for item in checklist.items for need in item.needs)
    return tuple(code for code in sorted(rests_on) if protocol.ran[code].outcome is Outcome.CRASHED)


def _notes(root: Node, checklist: Checklist, today: str | None) -> Iterator[str]:
    """Say which waivers and reviews name no row, and which waivers no longer hold."""
    for node in (*root["waivers"], *root["reviews"]):
        name, _, identifier = node["item"].text.partition("/")
        until = node["until"].text
        if name == checklist.name and checklist.item(identifier) is None:
            yield f"{node.pointer}: {node['item'].text} is no row of this checklist"
        elif name == checklist.name and _is_over(until, today):
            yield f"{node.pointer}: the waiver of {node['item'].text} expired on {until}"


class Told:
    """What there is to tell of the places of a document; a place that many items rest on is worked out once."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._evidence: dict[Path, Evidence] = {}

    def evidence(self, node: Node) -> Evidence:
        """Return a place with its words, satisfying."""
        if node.path not in self._evidence:
            span = self._document.span_of(node.path)
            self._evidence[node.path] = Evidence(node.pointer, node.locator, _words(node), satisfies=True, span=span)
        return self._evidence[node.path]

    def lacking(self, rows: Iterable[Missing]) -> tuple[Lacking, ...]:
        """Return what is missing with its places, each once."""
        return tuple(Lacking(*row, self._document.span(row.pointer)) for row in dict.fromkeys(rows))


def _protocol(
    document: Document, checklists: Sequence[Checklist], profiles: tuple[str, ...], plugins: tuple[str, ...],
    today: str | None,
) -> Protocol:  # fmt: skip
    shape = check(document)
    faults = {finding.pointer for finding in shape if finding.severity is Severity.ERROR}
    tags = tags_of(document, profiles)
    needed = rules_of(need for checklist in checklists for item in checklist.items for need in item.needs)
    chosen = [rule for rule in every_rule(plugins) if rule.code in needed]
    ran = {each.code: each for each in run([rule for rule in chosen if rule.code not in SCANS], document, shape, tags)}
    ran |= {each.code: each for each in run([rule for rule in chosen if rule.code in SCANS], document, (), tags)}
    settled = _settled(_with_shape(ran, shape, needed), document, plugins, today)
    return Protocol(Situation(document.root, tags), Content(document.root, faults), settled)


def _with_shape(ran: dict[str, Ran], shape: Iterable[Finding], needed: frozenset[str]) -> dict[str, Ran]:
    """Add what the schema decides under the codes of rules."""
    for code in needed:
        found = tuple(finding for finding in shape if finding.code == code)
        if found:
            ran[code] = Ran(code, Outcome.FOUND, findings=(*found, *(ran[code].findings if code in ran else ())))
        elif code not in ran:
            ran[code] = Ran(code, Outcome.PASSED)
    return ran


def _settled(ran: Mapping[str, Ran], document: Document, plugins: tuple[str, ...], today: str | None) -> dict[str, Ran]:
    """Leave out what the author accepts with a reason, as `validate` does."""
    codes = [rule.code for rule in (*every_rule(plugins), *SHAPE_RULES)]
    settled: dict[str, Ran] = {}
    for code, each in ran.items():
        sorted_out = waived(document, each.findings, lambda: codes, today).findings if each.findings else []
        left = tuple(finding for finding, accepted in sorted_out if not accepted)
        outcome = Outcome.PASSED if each.findings and not left else each.outcome
        settled[code] = each._replace(outcome=outcome, findings=left)
    return settled


def _audited(item: Item, checklist: Checklist, protocol: Protocol, told: Told, today: str | None) -> Audited:
    judged = judge(item, protocol)
    evidence = _evidence(judged, told)
    seen = _seen(evidence)
    name, root = f"{checklist.name}/{item.id}", protocol.situation.root
    review = _review(root, name, seen)
    status, reason = judged.status, judged.reason
    if review and review.decision == _DECLARED and review.comment and not review.stale:
        status, reason = Status.NOT_APPLICABLE, f"declared by {review.by}: {review.comment}"
    instances = tuple(
        Instance(node.locator, each.status, told.lacking(each.missing)) for node, each in judged.instances
    )
    missing = told.lacking(judged.missing) if status is not Status.NOT_APPLICABLE else ()
    return Audited(item, status, evidence, missing, reason, instances, seen, review, _waived(root, name, today))


def _evidence(judged: Judged, told: Told) -> tuple[Evidence, ...]:
    found: dict[Path, Evidence] = {}
    for node, satisfies in judged.evidence:
        if node.path not in found or satisfies:
            found[node.path] = told.evidence(node) if satisfies else told.evidence(node)._replace(satisfies=False)
    return tuple(found.values())


def _words(node: Node) -> str:
    declared = "none: " if node.path[-1:] == ("none_reason",) else ""
    return declared + (node.text if declared else shown(node.value))


def _seen(evidence: Iterable[Evidence]) -> str:
    """Return the mark of what was found: places by id, and words; an inserted arm does not change it."""
    told = _AS_JSON(sorted((row.locator, row.value) for row in evidence))
    return f"sha256:{hashlib.sha256(told.encode('utf-8', 'replace')).hexdigest()[:16]}"


def _review(root: Node, name: str, seen: str) -> Review | None:
    """Return the last decision on an item; one that says nothing of what was seen counts as fresh."""
    found = None
    for node in root["reviews"]:
        if node["item"].text == name:
            stated = node["evidence"].text
            found = Review(
                node["decision"].text, _person(node["by"]), node["date"].text, node["comment"].text,
                bool(stated) and not seen.startswith(stated),
            )  # fmt: skip
    return found


def _waived(root: Node, name: str, today: str | None) -> Waived | None:
    for node in root["waivers"]:
        until = node["until"].text
        if node["item"].text == name and node["reason"] and not _is_over(until, today):
            return Waived(node["reason"].text, _person(node["by"]), until)
    return None


def _is_over(until: str, today: str | None) -> bool:
    """Say whether the last day of a waiver is past; one without a last day is never over."""
    return bool(until) and today is not None and until < today


def _person(node: Node) -> str:
    return ", ".join(part for part in (node["name"].text, node["role"].text) if part)
