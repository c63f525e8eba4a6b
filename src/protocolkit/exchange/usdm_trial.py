"""USDM: titles, identifiers, dates, samples and abbreviations of a trial."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from protocolkit.exchange.usdm_model import coded, label, says_more, told
from protocolkit.exchange.usdm_organisations import is_sponsor

if TYPE_CHECKING:
    from protocolkit.document import Path
    from protocolkit.exchange.source import Cursor
    from protocolkit.exchange.usdm_model import Study

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TITLES = {
    "official study title": "full_title", "brief study title": "short_title", "study acronym": "acronym",
    "public study title": "public_title",
}  # fmt: skip
_REGISTERED = "C93453"


def titles(s: Study) -> None:
    """Carry titles, phase and version."""
    for row in s.version["titles"].rows:
        key = _TITLES.get(told(row["type"]).text.lower(), "")
        if key and s.t.get(("trial", key)) is None and s.put(("trial", key), [row["text"], told(row["type"])],
                                                            s.words(row["text"])):  # fmt: skip
            continue
        if row["text"].text and s.words(row["text"]) in (s.t.get(("trial",)) or {}).values():
            row["text"].aside("says the same as another title")
            told(row["type"]).aside("says the same as another title")
    s.term(("trial", "phase"), s.design["studyPhase"], "phase")
    s.t.put(("trial", "version"), s.version["versionIdentifier"])
    for document in s.record["study"]["documentedBy"].rows:
        for row in document["versions"].rows:
            if row["version"].text == s.version["versionIdentifier"].text:
                row["version"].take(("trial", "version"))


def identifiers(s: Study) -> None:
    """Carry the sponsor's number and the others, each with the organisation that gave it out."""
    for row in s.version["studyIdentifiers"].rows:
        scope = s.find(row["scopeId"], "Organization")
        own = scope is not None and is_sponsor(s, scope)
        to: Path = ("trial", "protocol_id")
        if own and s.t.get(to) is None and s.t.put(to, row["text"]):
            row["scopeId"].take(to)
            continue
        _identifier(s, row, scope, "")
    for row in s.version["referenceIdentifiers"].rows:
        _identifier(s, row, s.find(row["scopeId"], "Organization"), told(row["type"]).text)


def _identifier(s: Study, row: Cursor, scope: Cursor | None, kind: str) -> None:
    at = ("trial", "identifiers", s.t.count(("trial", "identifiers")))
    if not s.t.put((*at, "id"), row["text"]):
        return
    giver = label(scope) if scope is not None else row["scopeId"]
    name = f"{kind} ({giver.text})" if kind and giver.text else kind or giver.text or "not stated in the source"
    s.put((*at, "registry"), [giver, row["scopeId"], told(row["type"])], name)
    if scope is not None and coded(scope["type"])["code"].text == _REGISTERED:
        s.t.name((*at, "status"), "registered")
        told(scope["type"]).take((*at, "status"))


def dates(s: Study) -> None:
    """Carry the date of the version, the sponsor's approval and every other date with what it is."""
    versions = [row for one in s.record["study"]["documentedBy"].rows for row in one["versions"].rows]
    rows = [*s.version["dateValues"].rows, *(date for row in versions for date in row["dateValues"].rows)]
    kinds: dict[str, list[Cursor]] = {}
    for row in rows:
        kinds.setdefault(told(row["type"]).text.lower(), []).append(row["dateValue"])
    for kind, to in (("sponsor approval date", ("trial", "approval", "date")),
                     ("protocol effective date", ("trial", "date"))):  # fmt: skip
        found = kinds.get(kind, [])
        if found and len({date.text for date in found}) == 1:
            s.put(to, found, found[0].text)
            _narrow(s, rows, kind, to)
    for row in rows:
        _date(s, row)


def _narrow(s: Study, rows: list[Cursor], kind: str, to: Path) -> None:
    """Say where a date of the whole version is stated for a part of the world only."""
    here = [row for row in rows if told(row["type"]).text.lower() == kind]
    where = [_scope(scope) for row in here for scope in row["geographicScopes"].rows]
    if where and all(told(scope["type"]).text.lower() != "global" for row in here
                     for scope in row["geographicScopes"].rows):  # fmt: skip
        places = ", ".join(dict.fromkeys(where))
        s.t.lose("LOSS02", here[0]["dateValue"], f"the date is stated for {places[:60]} only", to)


def _date(s: Study, row: Cursor) -> None:
    scopes = row["geographicScopes"].rows
    where = ", ".join(dict.fromkeys(_scope(scope) for scope in scopes))
    parts = [label(row), told(row["type"])]
    event = ": ".join(dict.fromkeys(part.text for part in parts if part.text))
    if says_more(row["description"].text, event):
        event, parts = f"{event} ({s.words(row['description'])})", [*parts, row["description"]]
    known = s.t.get(("trial", "dates")) or []
    same = next((i for i, one in enumerate(known) if (one["event"], one.get("date"), one.get("scope", "")) ==
                 (event, row["dateValue"].text, where)), None)  # fmt: skip
    at: Path = ("trial", "dates", len(known) if same is None else same)
    leaves = [leaf for scope in scopes for leaf in (told(scope["type"]), told(scope["code"])) if leaf]
    if same is not None:
        for part in (*parts, row["dateValue"], *leaves):
            part.take(at)
    elif event and _DAY.fullmatch(row["dateValue"].text):
        s.put((*at, "event"), parts, event)
        s.t.put((*at, "date"), row["dateValue"])
        s.put((*at, "scope"), leaves, where)
    elif row["dateValue"]:
        s.t.lose("LOSS04", row["dateValue"], f'"{str(row["dateValue"].value)[:40]}" is no date', ("trial", "dates"))
    if not says_more(row["description"].text, event, "date"):
        row["description"].aside("says no more than the kind of date")


def _scope(scope: Cursor) -> str:
    return told(scope["code"]).text or told(scope["type"]).text


def abbreviations(s: Study) -> None:
    """Carry abbreviations."""
    for row in s.version["abbreviations"].rows:
        at = ("abbreviations", s.t.count(("abbreviations",)))
        if row["abbreviatedText"].text and s.t.put((*at, "short"), row["abbreviatedText"]):
            s.put((*at, "long"), [row["expandedText"]], s.words(row["expandedText"]))


def samples(s: Study) -> None:
    """Say which samples are kept."""
    to: Path = ("oversight", "samples", "storage")
    for row in s.design["biospecimenRetentions"].rows:
        kept, genes = row["isRetained"], row["includesDNA"]
        words = s.words(label(row))
        if says_more(row["description"].text, words):
            words = f"{words}: {s.words(row['description'])}"
        state = _either(kept, "kept", "not kept")
        dna = _either(genes, "with DNA", "without DNA")
        text = ", ".join(part for part in (words, state, dna) if part)
        s.add(to, [label(row), row["description"], kept, genes], f"{text}.")


def _either(cursor: Cursor, yes: str, no: str) -> str:
    if not isinstance(cursor.value, bool):
        return ""
    return yes if cursor.value else no
