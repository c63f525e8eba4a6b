"""Rules on registration and law: registry, committee, controlled substances, what expectedness is judged by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.substances import row_of, substance
from protocolkit.rules.trial import told_elsewhere
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_DRUGS = frozenset({"drug", "biologic", "vaccine", "genetic"})
_KEPT = (("storage", "storage"), ("destruction", "destruction"))
_COUNTED = Pattern(r"\bcount|\blog\b|\breconcil|\brecord|\binventory|\bsignature|\bledger")
_BROCHURE = Pattern(r"brochure|\bIB\b")
_DIGIT = Pattern(r"[0-9]", exact=True)


@rule(
    "REG01", Severity.WARNING,
    reads=("/trial/identifiers", "/trial/phase", "/trial/regions", "/oversight/consent", "/oversight/ethics"),
)  # fmt: skip
def registered(trial: Trial) -> Iterator[Found]:
    """Registry with number or the registry intended, ethics committee or plan, and the phase of a medicine are stated.

    Why: a trial that nobody can find in a registry can be left unpublished; where it is registered and who has approved
    it belongs to its identity. (That there is a sponsor, the shape of the file tells.)

    Basis:
        SPIRIT 2025, 3b, 4 and 30 (H)
        ICH M11 Step 4, title page (H)

    Fails::

        trial: {full_title: A trial}
        oversight: {ethics: {committee: Fictional Ethics Committee}}

    Passes::

        trial: {full_title: A trial, identifiers: [{registry: ClinicalTrials.gov, status: intended}]}
        oversight: {ethics: {committee: Fictional Ethics Committee}}
    """
    own = trial.at("/trial")
    if not own["identifiers"]:
        hint = "state trial.identifiers: the registry with its number, or with status intended"
        yield Found(own["identifiers"], "no registry is stated, and none that is intended", hint)
    if not trial.at("/oversight/ethics/committee") and not any(region["ethics_body"] for region in own["regions"]):
        hint = "state oversight.ethics: the committee, or the plan to apply"
        yield Found(trial.at("/oversight/ethics"), "no ethics committee is stated", hint)
    if not own["phase"] and any(each["kind"].text in _DRUGS for each in trial.tested):
        yield Found(own["phase"], "the trial tests a medicine, and its phase is not stated", "state trial.phase")


@rule(
    "REG02", Severity.WARNING,
    reads=("/interventions/*/controlled", "/interventions/*/accountability", "/trial/regions"), tags=("drug",),
)  # fmt: skip
def controlled(trial: Trial) -> Iterator[Found]:
    """For a controlled substance, how it is kept, counted and destroyed is stated beside its schedule.

    Why: a substance that is controlled is diverted unless someone counts it, and a site needs a licence that takes
    months.

    Applies: an intervention states that it is controlled, or the library knows that it is in a country of the trial.

    Basis:
        national schedules of each country of the trial, such as UK Schedule 2 and US CIII for ketamine (M)
        ICH M11 Step 4, 6.6.3 (H)

    Fails::

        interventions: [{id: KET, kind: drug, controlled: [{country: GB, schedule: Schedule 2}]}]
        outcomes: []

    Passes::

        interventions:
          - id: KET
            kind: drug
            controlled: [{country: GB, schedule: Schedule 2}]
            accountability: {storage: locked cabinet, log: two signatures, destruction: witnessed}
        outcomes: []
    """
    known = [*_known(trial)]
    listed_ones = [each for each in trial.root["interventions"] if each["controlled"]]
    if not listed_ones and not known:
        raise NotApplicable("no intervention is stated or known to be controlled in a country of the trial")
    for each, told in known:
        source = f"{told['source']}, confidence {told['confidence']}"
        message = f"{substance(each)} is {told['schedule']} in {told['country']} ({source}), and this is not stated"
        hint = "state controlled {country, schedule} and how it is kept, counted and destroyed"
        yield Found(each["controlled"], message, hint, confidence=told["confidence"])
    for each in listed_ones:
        kept = each["accountability"]
        missing = [words for key, words in _KEPT if not kept[key]]
        counted = kept["log"] or kept["return"] or _COUNTED.search(kept["storage"].text)
        if not counted and not _COUNTED.search(kept["destruction"].text):
            missing.append("count of what is left")
        if missing:
            row = each["controlled"][0]
            message = (
                f"{each['id'].text} is {row['schedule'].text} in {row['country'].text}; {listed(missing)} not stated"
            )
            yield Found(kept, message, "state accountability {storage, log, destruction}")


def _known(trial: Trial) -> Iterator[tuple[Node, dict[str, str]]]:
    """Yield what the library knows to be controlled in a country of the trial, and the protocol does not state."""
    countries = {region["country"].text for region in trial.at("/trial/regions")}
    for each in trial.drugs:
        row, told = row_of(each), {other["country"].text for other in each["controlled"]}
        for known in row.data.get("controlled", ()) if row else ():
            if known["country"] in countries - told:
                yield each, known


@rule("REG03", Severity.WARNING, reads=("/trial/version", "/interventions"))
def expectedness(trial: Trial) -> Iterator[Found]:
    """The version is a number, and the reference safety information of each tested medicine is a section of a document.

    Why: whether a serious reaction is unexpected, and so reported within days, is judged against one section of one
    document; "the brochure" has several that differ.

    Applies: the version is stated, or a medicine is tested. The version of the document stands in the document.

    Basis:
        SPIRIT 2025, 2 (H)
        Regulation (EU) 536/2014, Annex III 2.2 (H)
        Regulation (EU) 536/2014, Annex I part E 30 (M)

    Fails::

        trial: {version: draft}
        interventions: [{id: KET, kind: drug, role: experimental}]

    Passes::

        trial: {version: '1.0'}
        interventions:
          - id: KET
            kind: drug
            role: experimental
            pharmacology: {reference_safety_information: {document: Investigator's Brochure, section: '6.7'}}
    """
    version = trial.at("/trial/version")
    medicines = [each for each in trial.tested if each["role"].text == "experimental" and not told_elsewhere(each)]
    if not version and not medicines:
        raise NotApplicable("no version is stated, and no medicine is tested")
    if version and not _DIGIT.search(version.text):
        yield Found(
            version, f"the version is {version.text}, which names no one text", "number the version, such as 0.3"
        )
    for each in medicines:
        told = each["pharmacology"]["reference_safety_information"]
        if not told:
            message = f"{each['id'].text}: by which document a reaction is unexpected is not stated"
            yield Found(told, message, "state reference_safety_information {document, section}")
        elif _BROCHURE.search(told["document"].text) and not told["section"]:
            message = f"{each['id'].text}: {told['document'].text} has no section for expectedness"
            yield Found(told["section"], message, "name the section of the brochure")


RULES: tuple[Rule, ...] = (registered, controlled, expectedness)
