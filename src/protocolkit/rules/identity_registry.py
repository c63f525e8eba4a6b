"""Rules on what stands outside the protocol: registry records, forms of identifiers, lay summaries, people's data."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from protocolkit.document import Node
from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, below, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.statistics_arms import number, numbered_arms
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.rules.trial import Trial

# What the numbers of registries look like, by the name of the registry in lower case, without spaces and marks.
_FORMS = {
    "clinicaltrialsgov": ("NCT and 8 digits", r"NCT[0-9]{8}"),
    "isrctn": ("ISRCTN and 8 digits", r"ISRCTN[0-9]{8}"),
    "eudract": ("2026-000000-00", r"(?:EudraCT )?(?:19|20)[0-9]{2}-[0-9]{6}-[0-9]{2}"),
    "euct": ("2026-500000-00-00", r"20[0-9]{2}-5[0-9]{5}-[0-9]{2}-[0-9]{2}"),
    "ctis": ("2026-500000-00-00", r"20[0-9]{2}-5[0-9]{5}-[0-9]{2}-[0-9]{2}"),
    "whoutn": ("U1111-0000-0000", r"U1[0-9]{3}-[0-9]{4}-[0-9]{4}"),
    "utn": ("U1111-0000-0000", r"U1[0-9]{3}-[0-9]{4}-[0-9]{4}"),
    "jrct": ("jRCT and 10 digits, or jRCTs and 9", r"jRCT(?:[0-9]{10}|[sc]?[0-9]{9})"),
    "drks": ("DRKS and 8 digits", r"DRKS[0-9]{8}"),
    "anzctr": ("ACTRN and 14 digits", r"ACTRN[0-9]{14}p?"),
    "ide": ("G and 6 digits", r"(?:IDE )?G[0-9]{6}"),
    "ind": ("5 or 6 digits", r"(?:IND )?[0-9]{5,6}"),
}
_NAME = Pattern(r"[^a-z]", exact=True)
_NCT = Pattern(r"NCT[0-9]{8}", exact=True)
_NOBODY = "0000-0000-0000-0000"
_ORCID = Pattern(r"[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X]", exact=True)
_DATED = Pattern(r"\b(start|first|begin|complet|end)\w*[^0-9;,]{0,30}([0-9]{4}-[0-9]{2}(?:-[0-9]{2})?)")
_WORD = Pattern(r"[^\W_]{3,}")
_BEGINS = frozenset({"start", "first", "begin"})
_MAIL = Pattern(r"\b([A-Za-z]+)\.([A-Za-z]+)@[A-Za-z0-9-]+\.[A-Za-z]{2,}", exact=True)
_PUBLIC_PLACES = frozenset({"contacts", "contributors"})
_LANGUAGES = {
    "AT": "de", "BE": "nl fr de", "BG": "bg", "CY": "el", "CZ": "cs", "DE": "de", "DK": "da", "EE": "et", "ES": "es",
    "FI": "fi sv", "FR": "fr", "GR": "el", "HR": "hr", "HU": "hu", "IE": "en ga", "IS": "is", "IT": "it", "LI": "de",
    "LT": "lt", "LU": "fr de lb", "LV": "lv", "MT": "mt en", "NL": "nl", "NO": "no nb nn", "PL": "pl", "PT": "pt",
    "RO": "ro", "SE": "sv", "SI": "sl", "SK": "sk",
}  # fmt: skip
_OFFICE = Pattern(r"\b(?:desk|mailbox|office|department|hotline|unit|team|service|centre|center|group)\b")


@rule(
    "ID02", Severity.WARNING,
    reads=("/trial/identifiers", "/trial/timeline", "/arms/*/participants", "/population/participants",
           *below("/outcomes/*", "id", "instrument", "name")),
)  # fmt: skip
def registry_record(trial: Trial) -> Iterator[Found]:
    """The number of participants, the dates and the outcomes of the protocol are those of its registry record.

    Why: a registry record shows what was planned; where it and the protocol differ, one of them was changed without the
    other.

    Applies: `trial.identifiers[].record` says what the registry has. An outcome of the registry that shares no word
    with one of the protocol is information.

    Basis:
        WHO Trial Registration Data Set 1.3.1, items on sample size and dates (M)
        SPIRIT 2025, 4 (M)

    Fails::

        trial: {identifiers: [{registry: ClinicalTrials.gov, id: NCT99999901, record: {enrolment: 100}}]}
        arms: [{id: A, participants: 74}, {id: B, participants: 74}]

    Passes::

        trial: {identifiers: [{registry: ClinicalTrials.gov, id: NCT99999901, record: {enrolment: 148}}]}
        arms: [{id: A, participants: 74}, {id: B, participants: 74}]
    """
    records = [each for each in trial.at("/trial/identifiers") if each["record"]]
    if not records:
        raise NotApplicable("no registry record is linked")
    planned = number(trial.at("/population/participants/enrolled")) or sum(each for _, each in numbered_arms(trial))
    totals = [number(each["randomised_total"]) or 0 for each in trial.at("/statistics/sample_size")]
    if trial.at("/design/model").text == "crossover" and not trial.at("/population/participants/enrolled"):
        planned = max(totals, default=0)
    for each in records:
        held = each["record"]["enrolment"]
        if number(held) and planned and held.value != planned:
            message = f"participants: {each['registry'].text} has {held.text}, the protocol {planned}"
            yield Found(held, message, "bring registry and protocol together")
        yield from _other_outcomes(trial, each)
        for told in each["record"]["dates"]:
            yield from _other_dates(trial, each["registry"].text, told)


def _other_outcomes(trial: Trial, identifier: Node) -> Iterator[Found]:
    """Find outcomes of a registry that share no word with any outcome of the protocol."""
    own = {
        word
        for outcome in trial.root["outcomes"]
        for word in _stems(f"{outcome['id'].text} {outcome['name'].text} {outcome['instrument']['name'].text}")
    }
    for told in identifier["record"]["outcomes"]:
        # What stands in brackets is the time frame; a single word, often an abbreviation, tells too little.
        words = _stems(told.text.partition("[")[0].rpartition(": ")[2])
        if own and len(words) > 1 and not words & own:
            message = f"{identifier['registry'].text} has the outcome {told.text[:80]}, which is none of the protocol's"
            yield Found(told, message, "bring registry and protocol together", severity=Severity.INFO)


def _stems(text: str) -> set[str]:
    return {word[:5].casefold() for word in _WORD.findall(text)}


def _other_dates(trial: Trial, registry: str, told: Node) -> Iterator[Found]:
    for match in _DATED.finditer(told.text):
        if told.text[: match.start()].casefold().endswith("primary "):
            continue
        key = "first_enrolment" if match[1].casefold() in _BEGINS else "completion"
        own = trial.at(f"/trial/timeline/{key}")
        if own and not own.text.startswith(match[2]) and not match[2].startswith(own.text):
            message = f"{key}: {registry} has {match[2]}, the protocol {own.text}"
            yield Found(told, message, "bring registry and protocol together", ((own, "the protocol"),))


@rule("ID07", Severity.WARNING, reads=("/trial/identifiers", "/trial/contributors", "/fictional"))
def forms(trial: Trial) -> Iterator[Found]:
    """A number of a registry has the form of that registry, and an ORCID the right check digit.

    Why: a number with a digit too few or in the wrong place leads to another trial, or nowhere.

    Applies: numbers of ClinicalTrials.gov, ISRCTN, EudraCT, EU CT, WHO UTN, jRCT, DRKS, ANZCTR, IND or IDE are stated,
    or an ORCID. Only the form is checked; a check digit only for ORCID, whose algorithm is published. In a
    fictional file zeros stand for the ORCID of nobody.

    Basis:
        ORCID, structure of the identifier (ISO 7064 MOD 11-2) (M)
        ICH M11 Step 4, title page (H)

    Fails::

        trial: {identifiers: [{registry: ClinicalTrials.gov, id: NCT9999901, status: registered}]}
        outcomes: []

    Passes::

        trial: {identifiers: [{registry: ClinicalTrials.gov, id: NCT99999901, status: registered}]}
        outcomes: []
    """
    listed_ones = [each for each in trial.at("/trial/identifiers") if each["id"]]
    people = [each["orcid"] for each in trial.at("/trial/contributors") if _ORCID.fullmatch(each["orcid"].text)]
    if not listed_ones and not people:
        raise NotApplicable("no identifiers are stated")
    for each in listed_ones:
        words, form = _FORMS.get(_NAME.sub("", each["registry"].text.casefold()), ("", ""))
        if form and not re.fullmatch(form, each["id"].text):
            message = f"{each['id'].text} is no number of {each['registry'].text} ({words})"
            yield Found(each["id"], message, f"write it as {words}")
        other = _NCT.search(each["url"].text)
        if other and _NCT.fullmatch(each["id"].text) and other[0] != each["id"].text:
            message = f"the address is that of {other[0]}, the number {each['id'].text}"
            yield Found(each["url"], message, "name one trial")
    for orcid in people:
        if orcid.text == _NOBODY and trial.root["fictional"].value is True:
            continue
        if (digit := _check_digit(orcid.text)) != orcid.text[-1]:
            message = f"{orcid.text} is no ORCID: its last digit would be {digit}"
            yield Found(orcid, message, "copy it from orcid.org")


def _check_digit(orcid: str) -> str:
    """Return the check digit of an ORCID: ISO 7064 MOD 11-2 over its first fifteen digits."""
    total = 0
    for digit in orcid.replace("-", "")[:-1]:
        total = (total + int(digit)) * 2
    rest = (12 - total % 11) % 11
    return "X" if rest == 10 else str(rest)  # noqa: PLR2004 - ten is written X


@rule("ID03", Severity.WARNING, reads=("/trial/regions", "/trial/lay_summaries", "/interventions/*/kind"))
def lay_summaries(trial: Trial) -> Iterator[Found]:
    """In the EU and EEA there is a lay synopsis in a language of each country.

    Why: the synopsis of a trial of a medicine is asked in a form that lay people understand, in the language of the
    country; without it the application is not complete.

    Applies: a medicine is tested, and a country of the trial is in the EU or EEA.

    Basis:
        Regulation (EU) 536/2014, Annex I part D 24 (H)

    Fails::

        trial: {regions: [{country: DE}]}
        interventions: [{id: KET, kind: drug, role: experimental}]

    Passes::

        trial: {regions: [{country: DE}], lay_summaries: [{language: de, document: lay summary 1.0}]}
        interventions: [{id: KET, kind: drug, role: experimental}]
    """
    regions = [each for each in trial.at("/trial/regions") if each["country"].text in _LANGUAGES]
    if not regions or not trial.tested:
        raise NotApplicable("no medicine is tested in a country of the EU or EEA")
    held = {each["language"].text for each in trial.at("/trial/lay_summaries")}
    missing = []
    for each in regions:
        wanted = {node.text for node in each["languages"]} or {*_LANGUAGES[each["country"].text].split()}
        if not wanted & held:
            missing.append(f"{each['country'].text} ({listed(sorted(wanted), 'or')})")
    if missing:
        message = f"no lay synopsis for {listed(missing)}"
        yield Found(trial.at("/trial/lay_summaries"), message, "state lay_summaries: language and document")


@rule("ID04", Severity.WARNING, reads=("/trial/contacts",))
def people(trial: Trial) -> Iterator[Found]:
    """Data of persons stand in fields that say whether they are public, and nowhere else.

    Why: protocols are published; a name with a telephone number, or an address in the prose, is published with them.

    Applies: a contact has a name, telephone or mail (information where nothing says whether they are public, and silent
    where a registry shows them), or a text has the mail address of a person.

    Basis:
        Regulation (EU) 536/2014, Art 81(4) (M)
        EMA/212507/2021, personal data in documents for publication (H)

    Fails::

        trial: {contacts: [{role: medical monitor, name: A. Example, telephone: +00 000 000}]}
        outcomes: []

    Passes::

        trial: {contacts: [{role: medical monitor, where: contact list of the investigator site file}]}
        outcomes: []
    """
    silent = [each for each in trial.at("/trial/contacts") if each["public"].value is None and _personal(each)]
    imported = any(each["at"].text.startswith("/trial/contacts") for each in trial.root["provenance"])
    if silent and not imported:
        message = (
            f"contacts whose data may not be public: {listed([each['role'].text or 'contact' for each in silent])}"
        )
        at = silent[0] if len(silent) == 1 else trial.at("/trial/contacts")
        hint = "state public: true or false, or in where who keeps the contacts"
        yield Found(at, message, hint, severity=Severity.INFO)
    for path, text in trial.texts if trial.mentions("@") else ():
        if "@" not in text or (len(path) > 1 and path[1] in _PUBLIC_PLACES) or path[0] == "provenance":
            continue
        if match := _MAIL.search(text):
            message = f"the mail address of a person ({match[0]}) stands in the text"
            yield Found(Node(trial.document, path, text), message, "name a role, and keep addresses in contacts")


def _personal(contact: Node) -> bool:
    """Say whether a contact has data of a person; an office, a desk or a mailbox is none."""
    told = any(contact[key] for key in ("name", "telephone", "mail"))
    return told and not _OFFICE.search(f"{contact['role'].text} {contact['name'].text}")


RULES: tuple[Rule, ...] = (registry_record, lay_summaries, people, forms)
