"""USDM: amendments with their reasons, impacts, changes and dates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.exchange.usdm_model import chain, coded, label, number, says_more, told, whole
from protocolkit.exchange.usdm_words import entry

if TYPE_CHECKING:
    from protocolkit.document import Path
    from protocolkit.exchange.source import Cursor
    from protocolkit.exchange.usdm_model import Study

_IMPACTS = {
    "study subject safety": "safety_rights", "study subject rights": "safety_rights",
    "study participant safety": "safety_rights", "study participant rights": "safety_rights",
    "study data reliability": "reliability", "study data robustness": "reliability",
}  # fmt: skip


def amendments(s: Study) -> None:
    """Carry the amendments, the earliest first; the last of the chain is the current one."""
    rows = s.version["amendments"].rows
    ordered = list(chain(rows, "previousId"))[::-1]
    for row in ordered:
        _amendment(s, row, ("amendments", s.t.count(("amendments",))))
    linked = sum(1 for row in rows if row["previousId"].text)
    if ordered and linked == len(rows) - 1 and s.t.count(("amendments",)) == len(rows):
        s.t.name(("amendments", len(rows) - 1, "current"), True)
    if rows and rows[0]["number"]:
        s.t.put(("trial", "original_protocol"), rows[0]["number"], False)


def _amendment(s: Study, row: Cursor, at: Path) -> None:
    if not s.t.put((*at, "id"), row["number"]):
        return
    s.put((*at, "summary"), [row["summary"]], s.read(row["summary"]).text)
    name, more = label(row), row["description"]
    if says_more(name.text, row["number"].text, "amendment", row["name"].text):
        s.add((*at, "summary"), [name], s.words(name))
    if says_more(more.text, row["number"].text, row["summary"].text, name.text, "the first amendment"):
        s.add((*at, "summary"), [more], s.read(more).text)
    elif more:
        more.aside("says no more than the number of the amendment")
    _reasons(s, row, at)
    _scope(s, row, at)
    _enrolled(s, row, at)
    for impact in row["impacts"].rows:
        _impact(s, impact, at)
    for change in row["changes"].rows:
        _change(s, change, (*at, "changes", s.t.count((*at, "changes"))))
    _date(s, row["dateValues"].rows, at)


def _date(s: Study, dates: tuple[Cursor, ...], at: Path) -> None:
    """Write the date of an amendment where it has one alone."""
    if len(dates) == 1 and s.t.put((*at, "date"), dates[0]["dateValue"]):
        told(dates[0]["type"]).take((*at, "date"))
        for part in (dates[0]["label"], dates[0]["description"]):
            if part:
                part.aside("says which date of the amendment it is; the format has one")
        _scope_aside(dates[0])


def _scope_aside(date: Cursor) -> None:
    for scope in date["geographicScopes"].rows:
        if told(scope["type"]).text.lower() == "global" and not scope["code"]:
            told(scope["type"]).aside("says that the date holds everywhere")


def _reasons(s: Study, row: Cursor, at: Path) -> None:
    first = row["primaryReason"]
    s.term((*at, "primary_reason"), first["code"], "amendment_reason")
    s.put((*at, "primary_reason_other"), [first["otherReason"]], s.words(first["otherReason"]))
    for reason in row["secondaryReasons"].rows:
        to = (*at, "secondary_reasons")
        term = entry("amendment_reason", coded(reason["code"])["code"].text, told(reason["code"]).text)
        if term and term in (s.t.get(to) or ()):
            told(reason["code"]).take(to)
        else:
            s.term((*to, s.t.count(to)), reason["code"], "amendment_reason")
        if reason["otherReason"].text:
            s.add((*at, "secondary_reason_other"), [reason["otherReason"]], s.words(reason["otherReason"]))


def _scope(s: Study, row: Cursor, at: Path) -> None:
    scopes = row["geographicScopes"].rows
    kinds = {told(scope["type"]).text.lower() for scope in scopes}
    if kinds == {"global"}:
        s.put((*at, "scope"), [told(scope["type"]) for scope in scopes], "globally")
    elif kinds and kinds <= {"country", "region"}:
        s.put((*at, "scope"), [told(scope["type"]) for scope in scopes], "locally")
        for scope in scopes:
            if told(scope["code"]).text:
                s.t.put((*at, "regions", s.t.count((*at, "regions"))), told(scope["code"]))


def _enrolled(s: Study, row: Cursor, at: Path) -> None:
    """Write how many were enrolled where one number speaks of the whole trial; others are losses."""
    for one in row["enrollments"].rows:
        scope, amount = one["forGeographicScope"], one["quantity"]
        part = one["forStudyCohortId"] or one["forStudySiteId"]
        everywhere = not scope or told(scope["type"]).text.lower() == "global"
        if part or not everywhere or s.t.get((*at, "enrolled")) is not None:
            s.t.lose("LOSS01", one, f"{s.shown(amount)[:40]} enrolled in a part of the trial has no home; the format "
                     "states the number enrolled in the whole trial", (*at, "enrolled"))  # fmt: skip
            continue
        unit, count = told(amount["unit"]), whole(amount["value"].value)
        if unit.text.lower() in ("percentage", "percent", "%"):
            s.put((*at, "enrolled"), [amount["value"], unit], f"{number(amount['value'].value)} %")
        elif not amount["unit"] and count is not None:
            s.t.put((*at, "enrolled"), amount["value"], count)
        told(scope["type"]).take((*at, "enrolled"))


def _impact(s: Study, impact: Cursor, at: Path) -> None:
    kind, likely = told(impact["type"]), impact["isSubstantial"]
    key = _IMPACTS.get(kind.text.lower(), "")
    to = (*at, "substantial_impact", key)
    if not key or not isinstance(likely.value, bool) or s.t.get((*to, "likely")) is not None:
        why = "the format has no such impact" if not key else "the impact is stated already, or not said to be likely"
        s.t.lose("LOSS03", impact, f'"{kind.text[:60]}": {why}', (*at, "substantial_impact"))
        return
    s.t.put((*to, "likely"), likely)
    kind.take((*to, "likely"))
    s.put((*to, "explanation"), [impact["text"]], s.read(impact["text"]).text)


def _change(s: Study, change: Cursor, at: Path) -> None:
    sections = change["changedSections"].rows
    parts = [part for row in sections for part in (row["sectionNumber"], row["sectionTitle"]) if part.text]
    shown = "; ".join(" ".join(part.text for part in (row["sectionNumber"], row["sectionTitle"])) for row in sections)
    s.put((*at, "section"), parts, shown.strip())
    text = "\n\n".join(s.read(part).text for part in (change["summary"], change["description"]) if part.text)
    s.put((*at, "description"), [change["summary"], change["description"]], text)
    s.put((*at, "rationale"), [change["rationale"]], s.read(change["rationale"]).text)
    for row in sections:
        if s.index.get(row["appliesToId"].text) is not None and parts:
            row["appliesToId"].aside("says in which document the section stands")
