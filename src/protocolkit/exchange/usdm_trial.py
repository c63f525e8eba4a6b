"""USDM: titles, identifiers, dates, organisations, roles, sites and abbreviations of a trial."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from protocolkit.exchange import countries
from protocolkit.exchange.usdm_model import coded, label, says_more, told
from protocolkit.exchange.usdm_words import entry

if TYPE_CHECKING:
    from protocolkit.document import Path
    from protocolkit.exchange.source import Cursor
    from protocolkit.exchange.usdm_model import Study

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TITLES = {
    "official study title": "full_title", "brief study title": "short_title", "study acronym": "acronym",
    "public study title": "public_title",
}  # fmt: skip
_SPONSOR = ("C70793", "sponsor")
_REGISTRIES = {"C93453": "registered", "C188863": ""}
_MONITORS = {"contract research organization", "contract research organisation"}
_ISSUER = "belongs to an organisation that the file names only because it gives out an identifier"
_CODES3 = {"USA": "US", "GBR": "GB", "DNK": "DK", "FRA": "FR", "DEU": "DE", "ESP": "ES", "ITA": "IT", "NLD": "NL",
           "BEL": "BE", "SWE": "SE", "NOR": "NO", "FIN": "FI", "CHE": "CH", "AUT": "AT", "IRL": "IE", "PRT": "PT",
           "POL": "PL", "CZE": "CZ", "HUN": "HU", "ROU": "RO", "BGR": "BG", "GRC": "GR", "CAN": "CA", "MEX": "MX",
           "BRA": "BR", "ARG": "AR", "CHL": "CL", "JPN": "JP", "CHN": "CN", "KOR": "KR", "IND": "IN", "AUS": "AU",
           "NZL": "NZ", "ZAF": "ZA", "ISR": "IL", "TUR": "TR", "TWN": "TW", "SGP": "SG"}  # fmt: skip


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
        own = scope is not None and _is_sponsor(s, scope)
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
    if scope is not None and _REGISTRIES.get(coded(scope["type"])["code"].text):
        s.t.name((*at, "status"), "registered")
        told(scope["type"]).take((*at, "status"))


def _is_sponsor(s: Study, scope: Cursor) -> bool:
    found = _sponsor(s)
    return found is not None and scope.path == found.path


def _sponsor(s: Study) -> Cursor | None:
    """Return the organisation that has the role of the sponsor, else the only one that is of this type."""
    for role in s.version["roles"].rows:
        if _is(role["code"], _SPONSOR):
            for reference in role["organizationIds"].rows:
                return s.index.get(reference.text)
    rows = [row for row in s.version["organizations"].rows if told(row["type"]).text.lower().endswith("sponsor")]
    return rows[0] if len(rows) == 1 else None


def _is(cursor: Cursor, term: tuple[str, str]) -> bool:
    return coded(cursor)["code"].text == term[0] or told(cursor).text.lower() == term[1]


def organisations(s: Study) -> None:
    """Name the sponsor, the sites, and what other organisations and persons do."""
    sponsor = _sponsor(s)
    if sponsor is not None:
        to: Path = ("trial", "sponsor")
        s.t.put((*to, "name"), label(sponsor))
        told(sponsor["type"]).take((*to, "name"))
        _address(s, (*to, "legal_address"), sponsor["legalAddress"])
        parts = [sponsor["identifierScheme"], sponsor["identifier"]]
        if sponsor["identifier"].text:
            s.put((*to, "regulatory_id"), parts, " ".join(part.text for part in parts if part.text))
    _sites(s)
    for role in s.version["roles"].rows:
        _role(s, role)
    for row in s.version["organizations"].rows:
        if coded(row["type"])["code"].text in _REGISTRIES:
            _set_aside(s, row, _ISSUER)


def _set_aside(s: Study, row: Cursor, reason: str) -> None:
    parts = [row["identifierScheme"], row["identifier"], told(row["type"])]
    address = row["legalAddress"]
    parts += [address[key] for key in ("text", "city", "district", "state", "postalCode")]
    parts += [*address["lines"].rows, told(address["country"])]
    for part in parts:
        if part and part.path not in s.t.source.taken:
            part.aside(reason)


def _address(s: Study, to: Path, address: Cursor, before: str = "") -> bool:
    """Write an address; its parts are those of the whole text where there is one."""
    parts = [*address["lines"].rows, *(address[key] for key in ("city", "district", "state", "postalCode"))]
    parts.append(told(address["country"]))
    whole = ", ".join(part.text for part in parts if part.text)
    text = re.sub(r"(?:,\s*)+", ", ", address["text"].text).strip(", ") or whole
    return bool(text) and s.put(to, [address["text"], *parts], before + text)


def _sites(s: Study) -> None:
    """List the sites with their organisation, and count them by country."""
    lines, leaves, found = [], [], dict[str, "list[Cursor]"]()
    for owner in s.version["organizations"].rows:
        for site in owner["managedSites"].rows:
            country = told(site["country"])
            parts = [label(site), site["description"], label(owner), country]
            lines.append(", ".join(s.words(part) for part in parts if part.text))
            leaves += parts
            leaves += [owner["identifierScheme"], owner["identifier"]] if not _is_sponsor(s, owner) else []
            if not _is_sponsor(s, owner) and _address_of(owner):
                lines[-1] += f" ({_address_of(owner)})"
                leaves += _address_leaves(owner)
            if code := _country(site["country"]):
                found.setdefault(code, []).append(country)
    if lines:
        s.put(("trial", "site_list"), leaves, "; ".join(lines))
    for code, cursors in found.items():
        at = ("trial", "regions", s.t.count(("trial", "regions")))
        s.put((*at, "country"), cursors, code)
        s.t.name((*at, "sites"), len(cursors))


def _address_leaves(owner: Cursor) -> list[Cursor]:
    address = owner["legalAddress"]
    parts = [*address["lines"].rows, *(address[key] for key in ("text", "city", "district", "state", "postalCode"))]
    return [*parts, told(address["country"])]


def _address_of(owner: Cursor) -> str:
    return re.sub(r"(?:,\s*)+", ", ", owner["legalAddress"]["text"].text).strip(", ")


def _country(country: Cursor) -> str:
    code = coded(country)["code"].text
    return _CODES3.get(code) or (code if re.fullmatch("[A-Z]{2}", code) else "") or countries.code(told(country).text)


def _role(s: Study, role: Cursor) -> None:
    words = told(role["code"])
    for reference in role["organizationIds"].rows:
        owner = s.find(reference, "Organization")
        if owner is not None:
            _organisation(s, role, reference, owner)
    for person in role["assignedPersons"].rows:
        _person(s, role, person)
    _masking(s, role)
    for reference in role["appliesToIds"].rows:
        if s.index.get(reference.text) is not None:
            reference.aside("says that the role is for this version or design")
    if words.path in s.t.source.taken and not says_more(role["description"].text, words.text, "role the of a"):
        role["description"].aside("says no more than the role")


def _organisation(s: Study, role: Cursor, reference: Cursor, owner: Cursor) -> None:
    words = told(role["code"])
    if _is(role["code"], _SPONSOR):
        to: Path = ("trial", "sponsor", "name")
    elif words.text.lower() in ("co-sponsor", "local sponsor"):
        key = "co_sponsors" if words.text.lower() == "co-sponsor" else "local_sponsors"
        to = ("trial", key, s.t.count(("trial", key)), "name")
        s.t.put(to, label(owner))
        _address(s, (*to[:-1], "legal_address"), owner["legalAddress"])
    elif words.text.lower() in _MONITORS:
        to = ("trial", "service_providers", s.t.count(("trial", "service_providers")), "name")
        s.t.put(to, label(owner))
    else:
        at = ("trial", "contributors", s.t.count(("trial", "contributors")))
        to = (*at, "role")
        s.t.put((*at, "name"), label(owner))
        s.put(to, [words, role["description"]], ": ".join(part.text for part in (words, role["description"])
                                                         if part.text))  # fmt: skip
    reference.take(to)
    words.take(to)
    if told(owner["type"]).text:
        told(owner["type"]).take(to)


def _person(s: Study, role: Cursor, person: Cursor) -> None:
    at = ("trial", "contacts", s.t.count(("trial", "contacts")))
    name = person["personName"]
    pieces = [*name["prefixes"].rows, *name["givenNames"].rows, name["familyName"], *name["suffixes"].rows]
    pieces = [piece for piece in pieces if piece.text]
    shown = " ".join(piece.text for piece in pieces) or name["text"].text.strip(", ") or label(person).text
    parts = [*pieces, name["text"], label(person)]
    if not shown or not s.put((*at, "name"), parts, shown):
        return
    words, job = told(role["code"]), person["jobTitle"]
    title = f"{words.text} ({job.text})" if words.text and job.text else words.text or job.text
    s.put((*at, "role"), [words, job], title or "not stated in the source")
    where = s.find(person["organizationId"], "Organization")
    if where is not None:
        s.put((*at, "where"), [label(where), person["organizationId"]], label(where).text)


def _masking(s: Study, role: Cursor) -> None:
    """Say who is blinded, and who is not."""
    masking, words = role["masking"], told(role["code"])
    blind, text = masking["isMasked"], masking["text"]
    if blind.value is True:
        to: Path = ("design", "blinding", "roles", s.t.count(("design", "blinding", "roles")))
        found = entry("blinded_role", coded(role["code"])["code"].text, words.text)
        if found and found in (s.t.get(to[:-1]) or ()):
            blind.take(to[:-1])
        elif found:
            s.put(to, [blind, words], found)
        else:
            to = ("design", "blinding", "method")
            s.add(to, [blind, words], f"Blinded: {words.text or label(role).text}.")
        if not says_more(text.text, "masked blinded"):
            text.aside("says no more than that the role is blinded")
        else:
            s.add(("design", "blinding", "method"), [text], f"{words.text}: {text.text}" if words.text else text.text)
    elif blind.value is False:
        at = ("design", "blinding", "unblinded_roles", s.t.count(("design", "blinding", "unblinded_roles")))
        s.put((*at, "role"), [words or label(role), blind], words.text or label(role).text)
        if says_more(text.text, "not masked unmasked unblinded"):
            s.t.put((*at, "why"), text)


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
    for row in rows:
        _date(s, row)


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
        state = {True: "kept", False: "not kept"}.get(kept.value if isinstance(kept.value, bool) else None, "")
        dna = {True: "with DNA", False: "without DNA"}.get(genes.value if isinstance(genes.value, bool) else None, "")
        text = ", ".join(part for part in (words, state, dna) if part)
        s.add(to, [label(row), row["description"], kept, genes], f"{text}.")
