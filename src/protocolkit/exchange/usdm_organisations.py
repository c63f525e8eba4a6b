"""USDM: sponsor, sites, what other organisations and persons do, and who is blinded."""

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

_SPONSOR = ("C70793", "sponsor")
_REGISTRIES = ("C93453", "C188863")
_MONITORS = {"contract research organization", "contract research organisation"}
_ISSUER = "belongs to an organisation that the file names only because it gives out an identifier"
_CODES3 = {"USA": "US", "GBR": "GB", "DNK": "DK", "FRA": "FR", "DEU": "DE", "ESP": "ES", "ITA": "IT", "NLD": "NL",
           "BEL": "BE", "SWE": "SE", "NOR": "NO", "FIN": "FI", "CHE": "CH", "AUT": "AT", "IRL": "IE", "PRT": "PT",
           "POL": "PL", "CZE": "CZ", "HUN": "HU", "ROU": "RO", "BGR": "BG", "GRC": "GR", "CAN": "CA", "MEX": "MX",
           "BRA": "BR", "ARG": "AR", "CHL": "CL", "JPN": "JP", "CHN": "CN", "KOR": "KR", "IND": "IN", "AUS": "AU",
           "NZL": "NZ", "ZAF": "ZA", "ISR": "IL", "TUR": "TR", "TWN": "TW", "SGP": "SG"}  # fmt: skip


def is_sponsor(s: Study, scope: Cursor) -> bool:
    """Say whether an organisation is the sponsor."""
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
            leaves += [owner["identifierScheme"], owner["identifier"]] if not is_sponsor(s, owner) else []
            if not is_sponsor(s, owner) and _address_of(owner):
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
        if says_more(role["description"].text, words.text, "role"):
            s.put((*to[:-1], "tasks"), [role["description"]], s.words(role["description"]))
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
    parts, more = [words, job], role["description"]
    if says_more(more.text, title, "the role of a"):
        parts, title = [*parts, more], f"{title}: {s.words(more)}" if title else s.words(more)
    s.put((*at, "role"), parts, title or "not stated in the source")
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
