"""The sponsor's duties to report: those of the law, which follow from what is tested and where, and those stated."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from protocolkit.render.blocks import List, ListItem, Paragraph
from protocolkit.render.endpoints import is_plural
from protocolkit.render.kinds import (
    carries_medicine,
    compares_with_investigated,
    gives_medicine,
    tests_devices_alone,
    without_investigated_medicine,
    without_medicine,
)
from protocolkit.render.lexicon import country, with_article
from protocolkit.render.tables_timing import event_type
from protocolkit.render.words import ended, flat, glued, joined, run
from protocolkit.schedule import days

if TYPE_CHECKING:
    from protocolkit.render.blocks import Blocks, Inlines
    from protocolkit.render.view import View

_SEVERAL = re.compile(r"[a-z]s (or|and) ")
_EU = frozenset((
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT",
    "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
))  # fmt: skip
_CLOCKS = {
    "EU": (
        "the sponsor reports suspected unexpected serious adverse reactions through EudraVigilance: fatal or "
        "life-threatening ones within 7 days of first knowledge, with a follow-up report within a further 8 days, all "
        "others within 15 days (Regulation (EU) No 536/2014, Article 42)"
    ),
    "UK": (
        "the sponsor reports suspected unexpected serious adverse reactions to the licensing authority: fatal or "
        "life-threatening ones within 7 days, with a follow-up report within a further 8 days, all others within 15 "
        "days (Medicines for Human Use (Clinical Trials) Regulations 2004, as amended)"
    ),
    "US": (
        "the sponsor reports serious and unexpected suspected adverse reactions to the FDA and to all participating "
        "investigators within 15 calendar days, and unexpected fatal or life-threatening ones to the FDA within 7 "
        "calendar days (21 CFR 312.32)"
    ),
}

_OF_DEVICES = {
    "EU": (
        "the sponsor reports serious adverse events for which a causal relationship with the device, the comparator or "
        "the procedure is established or reasonably possible, and deficiencies that might have led to one: within 2 "
        "days of awareness where there is an imminent risk of death, serious injury or serious illness that needs "
        "prompt action, all others within 7 days (Regulation (EU) 2017/745, Article 80; MDCG 2020-10/1). Where a "
        "CE-marked device is followed up within its intended use (Article 74(1)), this holds of serious adverse events "
        "caused by a procedure of the investigation, and the rules on vigilance (Articles 87 to 90) of the others; "
        "national law decides on investigations under Article 82"
    ),
    "UK": (
        "the sponsor reports serious adverse events to the licensing authority within the times of its guidance on "
        "clinical investigations of devices (Medical Devices Regulations 2002, as amended)"
    ),
    "US": (
        "the sponsor reports the evaluation of each unanticipated adverse device effect to the FDA, to all reviewing "
        "institutional review boards and to participating investigators within 10 working days of first notice (21 CFR "
        "812.150)"
    ),
}
# The shortest time of the law, in days, for the reports that it knows by another, longer one as well.
_SHORTEST = {False: {"EU": 7, "UK": 7, "US": 7}, True: {"EU": 2}}
_TO_AUTHORITIES = re.compile(r"susar|u?s?ade\b|serious|unexpected|unanticipated", re.IGNORECASE)
_SHORTER_HOLDS = (
    "Where Section 9.2.3 gives a longer time for the same report, the shorter time of the law holds, as for events "
    "that are fatal, life-threatening or an imminent risk."
)
_LAW = "as the law of the country requires"
_ELSEWHERE_BY_LAW = {
    False: f"the sponsor reports suspected unexpected serious adverse reactions {_LAW}",
    True: f"the sponsor reports serious adverse events and device deficiencies {_LAW}",
}


def _rules(item: View) -> str:
    stated = item.at("reporting_rules").text
    item.values.mark(item.at("reporting_rules"))
    code = item.at("country").text
    return stated or ("EU" if code in _EU else {"GB": "UK", "US": "US"}.get(code, "OTHER"))


def statutory_clocks(view: View) -> Blocks:
    """Return the sponsor's statutory duties to report, which follow from the countries of the trial."""
    device = tests_devices_alone(view)
    if without_investigated_medicine(view) and not device:
        return (Paragraph(run(_no_medicine(view))), *_of_no_medicine(view))
    groups: dict[str, list[str]] = {}
    for item in view.each("/trial/regions"):
        groups.setdefault(_rules(item), []).append(country(item.at("country").text))
    if not groups:
        return ()
    kinds = [True, False] if device and compares_with_investigated(view) else [device]
    items = [ListItem(run(_clock(rules, names, device=each))) for rules, names in groups.items() for each in kinds]
    lead = Paragraph(
        run("The sponsor's statutory duties to report follow from the countries in which the trial is done.")
    )
    shorter = any(_is_shorter(view, rules, device=each) for rules in groups for each in kinds)
    return (
        lead,
        List(tuple(items)),
        *((Paragraph(run(_SHORTER_HOLDS)),) if shorter else ()),
        *(_of_no_medicine(view) if without_medicine(view) else ()),
    )


def _is_shorter(view: View, rules: str, *, device: bool) -> bool:
    """Say whether the law has a shorter time for some reports than every one that the file states for the sponsor."""
    shortest = _SHORTEST[device].get(rules)
    rows = [
        row
        for row in view.each("/adverse_events/reporting")
        if "sponsor" in row.at("from").text.casefold() and _TO_AUTHORITIES.search(row.at("event").text)
    ]
    stated = [days(row.at("clock").value) for row in rows]
    return shortest is not None and bool(stated) and all(each is not None and each > shortest for each in stated)


def _clock(rules: str, names: list[str], *, device: bool) -> str:
    where = flat(joined([run(with_article(name)) for name in names]))
    told = (_OF_DEVICES if device else _CLOCKS).get(rules, _ELSEWHERE_BY_LAW[device])
    return f"In {where}, {told}."


def _no_medicine(view: View) -> str:
    what = "under investigation" if gives_medicine(view) or carries_medicine(view) else "given"
    return (
        f"No medicinal product is {what} in this trial: the rules on reports of suspected unexpected serious adverse "
        "reactions to medicines do not apply."
    )


def _of_no_medicine(view: View) -> Blocks:
    """Say which law the file names for each country, and which reports the sponsor makes by this protocol."""
    for item in view.each("/trial/regions"):
        item.values.mark(item.at("reporting_rules"))
    laws = [item.must("{country}: {law}.") for item in view.each("/trial/regions") if item.has("law")]
    rows = [item for item in view.each("/adverse_events/reporting") if "sponsor" in item.at("from").text.casefold()]
    return (
        *_list("The following law is stated for the countries of the trial.", laws),
        *_list("By this protocol, the sponsor reports as follows.", [report(row) for row in rows]),
        *((Paragraph(run(_ELSEWHERE)),) if view.has("/adverse_events/reporting") and not rows else ()),
    )


_ELSEWHERE = "Section 9.2.3 gives the reports that this protocol lays down."


def _list(lead: str, items: list[Inlines]) -> Blocks:
    return (Paragraph(run(lead)), List(tuple(ListItem(item) for item in items))) if items else ()


PLURALS = {
    "AE": "Adverse events",
    "SAE": "Serious adverse events",
    "AESI": "Adverse events of special interest",
    "medically_attended": "Medically attended events",
    "device_related": "Events related to the device or its procedure",
    "device_deficiency": "Device deficiencies",
    "pregnancy": "Pregnancies",
    "overdose": "Overdoses",
    "misuse": "Cases of misuse",
}


def reporting_sentences(view: View) -> Blocks:
    """Say who reports what to whom within how long."""
    items = [ListItem(report(row)) for row in view.each("/adverse_events/reporting")]
    return (
        (List(tuple(items)),)
        if items
        else (Paragraph(view.must("Events are reported as follows: {/adverse_events/reporting}.")),)
    )


def report(row: View) -> Inlines:
    """Say in one sentence who reports an event to whom within how long."""
    event = row.at("event").text
    known = row.values.names.find(event, "events", "outcomes")
    named = cases_of(event_type(row, event)) if known is not None else _plural(event_type(row, event))
    kind = PLURALS.get(event) or named
    row.values.mark(row.at("event"))
    route = glued(row.say(" by {from:the}"), row.say(" to {to:the}"))
    by = "" if row.at("method").text.casefold().startswith(("by ", "via ", "through ")) else "by "
    more = glued(row.say(f", {by}{{method}}"), row.say(" (backup: {backup})"))
    period = glued(row.say(", from {period/start:time}"), row.say(", until {period/end:time}"))
    return ended(glued(kind, row.say(" ({scope})"), " are reported", route, " within ", row.f("clock"), more, period))


def cases_of(name: str) -> str:
    """Speak of the events that a trial calls by a name of its own: `Falls`, `Cases of hypersensitivity`."""
    if is_plural(name) or _SEVERAL.search(name):
        return name[:1].upper() + name[1:]
    return f"Cases of {_begun_small(name)}"


def _begun_small(name: str) -> str:
    """Write a name within a sentence; that of a person or an abbreviation keeps its capital."""
    first = name.partition(" ")[0]
    return name[:1].lower() + name[1:] if first[1:].islower() and not first.endswith("'s") else name


def _plural(kind: str) -> str:
    """Name events of a kind, abbreviations in it as they are; what names several things already stays."""
    named = " ".join(word if word.isupper() else word.lower() for word in kind.split(" "))
    named = named[:1].upper() + named[1:]
    if named.endswith("s") or _SEVERAL.search(named):
        return named
    return f"{named[:-1]}ies" if named.endswith("y") else f"{named}s"
