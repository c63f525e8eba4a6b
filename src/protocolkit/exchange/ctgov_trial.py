"""ClinicalTrials.gov: titles, numbers, dates, sponsor, people and places of a trial."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from protocolkit.exchange import countries
from protocolkit.exchange.ctgov_terms import DATE_TYPES, OFFICIALS, PHASES, REGISTRIES

if TYPE_CHECKING:
    from protocolkit.document import Path
    from protocolkit.exchange.source import Cursor
    from protocolkit.exchange.transfer import Transfer

REGISTRY = "ClinicalTrials.gov"
RECORD: Path = ("trial", "identifiers", 0, "record")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATES = (("startDateStruct", "start", "first_enrolment"), ("primaryCompletionDateStruct", "primary completion", ""),
          ("completionDateStruct", "completion", "completion"))  # fmt: skip


def titles(t: Transfer, section: Cursor) -> None:
    """Carry titles, phase and the sponsor's number."""
    module = section["identificationModule"]
    t.put(("trial", "protocol_id"), module["orgStudyIdInfo"]["id"])
    t.put(("trial", "full_title"), module["officialTitle"])
    t.put(("trial", "acronym"), module["acronym"])
    t.put(("trial", "public_title"), module["briefTitle"])
    _phase(t, section["designModule"]["phases"])


def _phase(t: Transfer, phases: Cursor) -> None:
    rows = phases.rows
    names = tuple(row.text for row in rows)
    if names == ("NA",):
        rows[0].aside("says that the trial has no phase; the key is then left out")
    elif term := PHASES.get(names):
        for row in rows:
            t.put(("trial", "phase"), row, term)
    elif rows:
        t.lose("LOSS03", phases, "the format has no phase for " + ", ".join(map(repr, names)), ("trial", "phase"))


def numbers(t: Transfer, section: Cursor) -> None:
    """Carry numbers in registries, with what the record says on enrolment and dates."""
    module, status = section["identificationModule"], section["statusModule"]
    _number(t, REGISTRY, module["nctId"], registered=True)
    if t.count(("trial", "identifiers")):
        t.put(("trial", "identifiers", 0, "date"), status["studyFirstSubmitDate"])
    for alias in module["nctIdAliases"].rows:
        _number(t, REGISTRY, alias, registered=True)
    own = module["orgStudyIdInfo"]
    if own["type"]:
        _secondary(t, own)
    for row in module["secondaryIdInfos"].rows:
        _secondary(t, row)


def _number(t: Transfer, registry: str, number: Cursor, *, registered: bool) -> Path:
    at = ("trial", "identifiers", t.count(("trial", "identifiers")))
    if t.put((*at, "id"), number):
        t.name((*at, "registry"), registry)
        if registered:
            t.name((*at, "status"), "registered")
        return at
    return ()


def _secondary(t: Transfer, row: Cursor) -> None:
    kind, domain = row["type"], row["domain"]
    registry = REGISTRIES.get(kind.text) or domain.text or kind.text.replace("_", " ").lower()
    registered = kind.text in ("EUDRACT_NUMBER", "CTIS", "REGISTRY")
    at = _number(t, registry or "not stated in the record", row["id"], registered=registered)
    if at:
        for told in (kind, domain):
            if told.text in REGISTRIES or told.text == registry or (told is kind and domain):
                told.take((*at, "registry"))
        if kind and not domain:
            kind.take((*at, "registry"))
        t.put((*at, "url"), row["link"])


def dates(t: Transfer, section: Cursor) -> None:
    """Put planned days of start and completion into the timeline, and every date as the record gives it."""
    status = section["statusModule"]
    for name, words, key in _DATES:
        date, kind = status[name]["date"], status[name]["type"]
        told = DATE_TYPES.get(kind.text, "")
        if key and told == "estimated" and _DAY.fullmatch(date.text):
            t.put(("trial", "timeline", key), date)
        if date and t.get(RECORD[:-1]) and isinstance(date.value, str):
            at = (*RECORD, "dates", t.count((*RECORD, "dates")))
            if t.put(at, date, f"{words} {date.text}" + (f" ({told})" if told else "")) and told:
                kind.take(at)
    if t.get(RECORD[:-1]):
        t.put((*RECORD, "enrolment"), section["designModule"]["enrollmentInfo"]["count"])


def sponsor(t: Transfer, section: Cursor) -> None:
    """Name the sponsor, and those who help."""
    module = section["sponsorCollaboratorsModule"]
    t.put(("trial", "sponsor", "name"), module["leadSponsor"]["name"])
    organisation = section["identificationModule"]["organization"]["fullName"]
    if organisation.text and organisation.text == module["leadSponsor"]["name"].text:
        organisation.take(("trial", "sponsor", "name"))
    for row in module["collaborators"].rows:
        at = ("trial", "contributors", t.count(("trial", "contributors")))
        if t.put((*at, "name"), row["name"]):
            t.name((*at, "role"), "collaborator in the registry record; what it contributes is not stated there")


def people(t: Transfer, section: Cursor) -> None:
    """Name who answers for the trial, and who can be asked."""
    party = section["sponsorCollaboratorsModule"]["responsibleParty"]
    title = party["investigatorTitle"]
    role = "responsible party" + (f" ({title.text})" if title.text else "")
    at = _person(t, role, party["investigatorFullName"], party["investigatorAffiliation"])
    if at and title.text:
        title.take((*at, "role"))
    _person(t, "responsible party", party["oldNameTitle"], party["oldOrganization"])
    module = section["contactsLocationsModule"]
    for row in module["overallOfficials"].rows:
        known = OFFICIALS.get(row["role"].text)
        at = _person(t, known or "official of the trial", row["name"], row["affiliation"])
        if at and known:
            row["role"].take((*at, "role"))
    for row in module["centralContacts"].rows:
        _contact(t, row)


def _person(t: Transfer, role: str, name: Cursor, where: Cursor) -> Path:
    at = ("trial", "contacts", t.count(("trial", "contacts")))
    if not t.put((*at, "name"), name):
        return ()
    t.name((*at, "role"), role)
    t.put((*at, "where"), where)
    return at


def _contact(t: Transfer, row: Cursor) -> None:
    at = ("trial", "contacts", t.count(("trial", "contacts")))
    if not t.put((*at, "name"), row["name"]):
        return
    t.name((*at, "role"), "central contact")
    extension = row["phoneExt"]
    if row["phone"].text and extension.text:
        to = (*at, "telephone")
        t.put(to, row["phone"], f"{row['phone'].text}, extension {extension.text}")
        extension.take(to)
    else:
        t.put((*at, "telephone"), row["phone"])
    t.put((*at, "mail"), row["email"])


def places(t: Transfer, section: Cursor) -> None:
    """Carry countries with their number of sites, and the list of sites."""
    rows = section["contactsLocationsModule"]["locations"].rows
    found: dict[str, list[Cursor]] = {}
    for row in rows:
        country = row["country"]
        if code := countries.code(country.text):
            found.setdefault(code, []).append(country)
        elif country:
            t.lose(
                "LOSS03",
                country,
                f'no ISO 3166 code is known for the country "{country.text[:60]}"',
                ("trial", "regions"),
            )
    for index, (code, cursors) in enumerate(found.items()):
        at = ("trial", "regions", index)
        for cursor in cursors:
            if t.get((*at, "country")):
                cursor.take((*at, "country"))
            else:
                t.put((*at, "country"), cursor, code)
        t.name((*at, "sites"), len(cursors))
    _site_list(t, rows)
    if len(rows) > 1:
        t.name(("design", "sites", "distribution"), "multicentre")
    if len(found) > 1:
        t.name(("design", "sites", "geographic_scope"), "multiple_countries")


def _site_list(t: Transfer, rows: tuple[Cursor, ...]) -> None:
    to = ("trial", "site_list")
    lines = []
    for row in rows:
        parts = [row[name] for name in ("facility", "city", "state", "zip", "country")]
        told = [part for part in parts if part.text]
        for part in told:
            part.take(to)
        if told:
            lines.append(", ".join(str(t.own(part)) for part in told))
    if lines:
        listed = rows[0]
        t.put(to, type(listed)(listed.source, listed.path[:-1], [row.value for row in rows]), "; ".join(lines))


def regulators(t: Transfer, section: Cursor) -> None:
    """Name the authority of the United States where the record says that it regulates the trial there."""
    module = section["oversightModule"]
    regions = t.get(("trial", "regions")) or []
    home = next((index for index, region in enumerate(regions) if region.get("country") == "US"), None)
    for name in ("isFdaRegulatedDrug", "isFdaRegulatedDevice"):
        if module[name].value is True and home is not None:
            t.put(("trial", "regions", home, "regulator"), module[name], "FDA")
