"""What an author accepts with a reason: waivers in the file, and ignore comments on a line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from protocolkit.findings import FaultKind, Finding, Severity, Span, Target
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from protocolkit.document import Document, Node

FAULTS = {
    "WAIV01": FaultKind(
        "An ignore comment without a reason, or of another form",
        "A finding that is set aside without a reason teaches the next reader nothing; a comment of another form sets "
        "nothing aside.",
        "write `# protocolkit: ignore CODE -- reason`",
    ),
    "WAIV02": FaultKind(
        "A waiver that nothing needs",
        "It would hide the next fault of that kind.",
        "remove it",
    ),
    "WAIV03": FaultKind(
        "A waiver that has expired",
        "What was accepted for a time is due again.",
        "mend what it waives, or renew it with a new date",
    ),
    "WAIV04": FaultKind(
        "A code that cannot be waived",
        "What cannot be read, has no shape or names nothing cannot be accepted as it is.",
        "mend what the finding says",
    ),
    "WAIV05": FaultKind(
        "A waiver of a safety rule without a name and a role",
        "Somebody must answer for it.",
        "state by: {name, role}",
    ),
    "WAIV06": FaultKind(
        "A waiver of a rule that does not exist",
        "It waives nothing, whatever it was meant for.",
        "correct the code; `protocolkit rules` lists them",
    ),
}
SAFETY = frozenset({"AE05", "AE06", "AE11", "AE12", "CONS01", "CONS02", "ETH03", "POP11"})
NEVER = frozenset({"FILE", "FORM", "REF", "RULE", "WAIV"})
_MARK = r"(?i)#(?<!\S#)\s*protocolkit\s*:\s*ignore\b"
_COMMENT = rf"{_MARK}(?P<says>.*)"
_SAYS = r"\s+(?P<codes>[A-Z0-9, ]*[A-Z0-9])[,\s]*(?:--\s*(?P<reason>.*))?"


class Suppression(NamedTuple):
    """Why a finding does not count: a waiver or a comment, its reason, who answers for it, until when."""

    kind: str
    reason: str
    name: str = ""
    role: str = ""
    until: str = ""

    @property
    def by(self) -> str:
        """Who answers for it, in one line."""
        return ", ".join(part for part in (self.name, self.role) if part)


class _Waiver(NamedTuple):
    """One permission: which code, where (a predicate over findings), and what it says about itself."""

    code: str
    place: Node | int | None
    says: Suppression
    at: Finding


class Sorted(NamedTuple):
    """Findings with what suppresses each, and the findings about the waivers themselves."""

    findings: list[tuple[Finding, Suppression | None]]
    about_waivers: list[Finding]


def waived(
    document: Document, findings: Iterable[Finding], known: Callable[[], Iterable[str]], today: str | None
) -> Sorted:
    """Sort findings by whether a waiver or comment of the document accepts them.

    `known` gives the codes that exist, asked for only where there is a waiver; `today` (ISO date) decides what has
    expired, None means nothing has.
    """
    told: list[Finding] = []
    usable: list[_Waiver] = []
    stated = (*_in_file(document), *_in_comments(document))
    codes = frozenset(known()) if stated else frozenset()
    for waiver in stated:
        faults = list(_faults(waiver, codes, today))
        told += faults
        if not faults and _answered_for(waiver):
            usable.append(waiver)
    used: set[int] = set()
    result = [(finding, _accepted(document, finding, usable, used)) for finding in findings]
    told += [
        _told("WAIV02", w, f"nothing needs this waiver of {w.code}") for i, w in enumerate(usable) if i not in used
    ]
    return Sorted(result, told)


def named(document: Document) -> frozenset[str]:
    """Return the codes that waivers and ignore comments of a document name."""
    return frozenset(waiver.code for waiver in (*_in_file(document), *_in_comments(document)))


def _in_file(document: Document) -> Iterator[_Waiver]:
    for node in document.root["waivers"]:
        if not node["rule"]:
            continue
        by = node["by"]
        says = Suppression("waiver", node["reason"].text, by["name"].text, by["role"].text, node["until"].text)
        place = document.root.at(node["at"].text) if node["at"] else None
        yield _Waiver(node["rule"].text, place, says, Finding("", Severity.WARNING, "", node.pointer))


def _in_comments(document: Document) -> Iterator[_Waiver]:
    """Yield what ignore comments permit; one of another form has no code, which is a fault of its own."""
    if not re.search(_MARK, document.text):
        return
    for number, line in enumerate(document.text.splitlines(), 1):
        if match := re.search(_COMMENT, line):
            start = document.span("").start._replace(line=number, column=match.start() + 1)
            at = Finding("", Severity.WARNING, "", span=Span(start, start._replace(column=len(line) + 1)))
            says = re.fullmatch(_SAYS, match["says"])
            reason = (says["reason"] or "").strip() if says else ""
            for code in says["codes"].replace(",", " ").split() if says else ("",):
                yield _Waiver(code, number, Suppression("comment", reason), at)


def _faults(waiver: _Waiver, known: frozenset[str], today: str | None) -> Iterator[Finding]:
    code, says = waiver.code, waiver.says
    if not code:
        yield _told(
            "WAIV01", waiver, "this comment has another form than that of an ignore comment, and ignores nothing"
        )
    elif code.rstrip("0123456789") in NEVER:
        yield _told("WAIV04", waiver, f"{code} cannot be waived", Severity.ERROR)
    elif code not in known:
        yield _told("WAIV06", waiver, f"there is no rule {code}", Severity.ERROR)
    elif says.kind == "comment" and not says.reason:
        yield _told("WAIV01", waiver, f"this comment ignores {code} without a reason")
    elif code in SAFETY and says.kind == "comment":
        message = f"{code} is a safety rule; waive it under waivers, where a name and a role can stand"
        yield _told("WAIV05", waiver, message, Severity.ERROR)
    elif says.until and today and says.until < today:
        yield _told("WAIV03", waiver, f"this waiver of {code} expired on {says.until}")


def _answered_for(waiver: _Waiver) -> bool:
    """Say whether a waiver of a safety rule has a name and a role; where they are missing the shape tells it."""
    return waiver.code not in SAFETY or bool(waiver.says.name and waiver.says.role)


def _accepted(document: Document, finding: Finding, waivers: list[_Waiver], used: set[int]) -> Suppression | None:
    for index, waiver in enumerate(waivers):
        if waiver.code == finding.code and _covers(document, waiver, finding):
            used.add(index)
            return waiver.says
    return None


def _covers(document: Document, waiver: _Waiver, finding: Finding) -> bool:
    if waiver.place is None:
        return True
    if isinstance(waiver.place, int):
        span = finding.span or document.span(finding.pointer, finding.target)
        return span.start.line == waiver.place
    own, place = finding.about or finding.pointer, waiver.place.pointer
    return f"{own}/".startswith(f"{place}/") or f"{finding.pointer}/".startswith(f"{place}/")


def _told(code: str, waiver: _Waiver, message: str, severity: Severity = Severity.WARNING) -> Finding:
    return Finding(
        code, severity, message, waiver.at.pointer, FAULTS[code].hint, target=Target.VALUE, span=waiver.at.span
    )
