"""The report for people at a terminal: one finding per paragraph, with its line of source and a caret."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.report.kinds import why
from protocolkit.rules.runner import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from protocolkit.report.model import Placed, Report

_UNPRINTABLE = "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
WIDTH = 80  # columns of what is read at a terminal
_WIDEST = 110
_LEAD = 40
_NAMED = 8  # rules that are named where many could not be checked
_COLOURS = {Severity.ERROR: "31;1", Severity.WARNING: "33;1", Severity.INFO: "36;1"}


def _plain(text: str, _: str) -> str:
    return text


def _coloured(text: str, code: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m"


def as_text(report: Report, *, color: bool = False, quiet: bool = False) -> str:
    """Write a report as text; `quiet` leaves out source lines, hints and reasons, one line a finding."""
    paint = _coloured if color else _plain
    shown = [placed for placed in report.findings if placed.suppression is None]
    told = [line for placed in shown for line in _finding(placed, paint, quiet=quiet)]
    return "\n".join([*told, *_unchecked(report), _summary(report, paint)]) + "\n"


def _unchecked(report: Report) -> Iterator[str]:
    """Say which rules could not be checked because the shape is at fault; other reasons are findings of their own."""
    for file in report.files:
        held = [ran for ran in file.rules if ran.outcome is Outcome.NOT_CHECKED and not ran.findings]
        if held:
            first, *others = dict.fromkeys(ran.reason for ran in held)
            why = f"{first} and {len(others)} more place{'s' if len(others) > 1 else ''}" if others else first
            codes = ", ".join(ran.code for ran in held[:_NAMED])
            more = f" and {len(held) - _NAMED} more rules" if len(held) > _NAMED else ""
            yield f"{clean(file.path)}: not checked, since {clean(why)}: {codes}{more}"


def _finding(placed: Placed, paint: Callable[[str, str], str], *, quiet: bool) -> Iterator[str]:
    finding, start = placed.finding, placed.span.start
    head = paint(f"{finding.severity.value} {finding.code}", _COLOURS[finding.severity])
    yield f"{clean(placed.file)}:{start.line}:{start.column}: {head} {clean(finding.message)}"
    if quiet:
        return
    yield from _source(placed, paint)
    if finding.pointer:
        yield f"    at {clean(placed.locator)}"
    if finding.hint:
        yield f"    hint: {clean(finding.hint)}"
    yield f"    why: {why(finding)}"
    for span, _, message in placed.related:
        yield f"    see line {span.start.line}: {clean(message)}"
    yield ""


def _source(placed: Placed, paint: Callable[[str, str], str]) -> Iterator[str]:
    line, column = placed.source, placed.span.start.column - 1
    if not line.strip():
        return
    width = placed.span.end.column - placed.span.start.column
    if placed.span.end.line != placed.span.start.line:
        width = len(line) - column
    first = max(0, column - _LEAD) if len(line) > _WIDEST else 0
    shown = clean(line[first : first + _WIDEST]).replace("\t", " ")
    caret = "^" * max(1, min(width, first + _WIDEST - column))
    yield f"    {shown}"
    yield f"    {' ' * (column - first)}{paint(caret, '32')}"


def _summary(report: Report, paint: Callable[[str, str], str]) -> str:
    files = len(report.files)
    counts = [_count(report.counts[severity], severity) for severity in Severity if report.counts[severity]]
    unread = sum(not file.readable for file in report.files)
    told = ", ".join(counts) or "no findings"
    unreadable = f"; {unread} could not be read whole" if unread else ""
    waived = sum(placed.suppression is not None for placed in report.findings)
    accepted = f"; {waived} waived" if waived else ""
    hidden = sum(file.left_out for file in report.files)
    left = f"; {hidden} more of codes that were not asked for" if hidden else ""
    line = f"{files} {'file' if files == 1 else 'files'} checked: {told}{accepted}{left}{unreadable}"
    return paint(f"{line}\n{_checked(report)}", "1")


def _checked(report: Report) -> str:
    """Say what the checks covered, so that nobody takes the absence of findings for more than it is."""
    ended = report.outcomes
    named = {"passed": "passed", "found": "found something", "not_applicable": "did not apply",
             "not_checked": "could not be checked", "crashed": "crashed"}  # fmt: skip
    counts = [f"{ended[outcome]} {named[outcome.value]}" for outcome in Outcome if ended[outcome]]
    return f"shape, quantities and references; rules: {', '.join(counts) or 'none ran'}"


def _count(number: int, severity: Severity) -> str:
    noun = {"error": "error", "warning": "warning", "info": "note"}[severity.value]
    return f"{number} {noun}{'' if number == 1 else 's'}"


def wrapped(text: str, first: str = "", later: str | None = None, width: int = WIDTH) -> list[str]:
    """Break a text between words; faster than `textwrap`, which weighs in an audit of four hundred rows."""
    rest = " ".join(text.split())
    if not rest:
        return [first] if first.strip() else []
    lead, after = (f"{each} " if each.strip() else each for each in (first, first if later is None else later))
    lines: list[str] = []
    while len(lead) + len(rest) > width:
        cut = rest.rfind(" ", 0, max(width - len(lead) + 1, 0))
        if cut < 0 and lead.strip() and not lines:  # no word fits beside what leads
            lines.append(lead[:-1])
            lead = after
            continue
        cut = cut if cut >= 0 else rest.find(" ")  # a word wider than the line has one to itself
        if cut < 0:
            break
        lines.append(lead + rest[:cut])
        lead, rest = after, rest[cut + 1 :]
    return [*lines, lead + rest]


def clean(text: str) -> str:
    """Replace what a terminal would obey and not print."""
    return text if text.isprintable() else re.sub(_UNPRINTABLE, "\N{REPLACEMENT CHARACTER}", text)
