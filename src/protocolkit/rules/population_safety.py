"""Rules on who must not take part, and on what changes exposure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.matching import Told
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.population_values import let_in_by_value, valued
from protocolkit.rules.substances import require_known, row_of, silent_on, substance
from protocolkit.rules.trial import named
from protocolkit.words import folded, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

# Enzymes whose activity is inherited, so that it has to be measured and no criterion in words will do.
_BY_SAFETY = Pattern(
    r"allerg|hypersensitiv|contra-?indicat|interact|toleran|tolerab|suitab|safety|organ function|renal|hepatic|comorbid"
)
_INHERITED = Pattern(r"CYP2D6|CYP2C19|CYP2C9|UGT1A1|TPMT|NUDT15|DPYD|DPD|G6PD|NAT2|HLA|genotyp|phenotyp")
_GENETIC = Pattern(r"genotyp|pharmacogen")
# The mass of a tumour that takes up a medicine, and pictures of the whole of it.
_LOAD = Pattern(r"(?:tumou?r|lesion|metasta\w+|disease) (?:load|burden|volume)|(?:load|burden) of (?:tumou?r|metasta)")
_PICTURES = Pattern(r"\b(?:PET|CT|MRI|SPECT|MR)\b|tomogra|scintigra|\bscan|resonance")
# What clears a medicine, not what it does.
_ORGAN = Pattern(
    r"GFR|creatinin|filtration|clearance|renal|kidney|hepat|liver|bilirubin|transferase|transaminase|weight"
)
_NONE = Pattern(r"none(?: known| stated| established)?|no known (?:ones?|contraindications?)|not known|unknown")


@rule(
    "POP06", Severity.WARNING,
    reads=(
        "/interventions/*/pharmacology/contraindications", "/interventions/*/substance", "/population/exclusion",
        "/population/inclusion", "/concomitant/prohibited", "/arms/*/choices",
    ),
    tags=("drug",),
)  # fmt: skip
def contraindications(trial: Trial) -> Iterator[Found]:
    """Each contraindication is an exclusion criterion, or its omission has a reason.

    Why: a contraindication that the protocol itself names and no criterion excludes lets in those who must not take
    part. Criteria are recognised by their words, so that it is a warning; a reason belongs in the rationale of the
    population, in the words of the contraindication.

    Applies: contraindications are stated, or the library knows some from a source that was read. Of several medicines
    that are chosen by what speaks against each, such as an allergy, another is given where one is contraindicated. One
    that is a value of a measurement, of whatever the trial gives, is compared with the limit of a criterion on it.

    Basis:
        product labels and consensus guidelines, contraindications (M)
        SPIRIT 2025, 14a (M)

    Fails::

        interventions:
          - {id: KET, kind: drug, role: experimental, pharmacology: {contraindications: [active psychosis]}}
        population: {exclusion: [{id: X1, text: pregnancy}]}

    Passes::

        interventions:
          - {id: KET, kind: drug, role: experimental, pharmacology: {contraindications: [active psychosis]}}
        population: {exclusion: [{id: X1, text: history of psychosis}]}
    """
    chosen = _chosen(trial)
    tested = [each for each in trial.tested if each["id"].text not in chosen]
    medicines = [each for each in tested if each["pharmacology"]["contraindications"] or substance(each)]
    if not (medicines or any(valued(trial))) or not trial.at("/population/exclusion"):
        raise NotApplicable("no contraindication is stated and no substance is named, or no exclusion criterion")
    told = Told(_excluded(trial))
    silent = silent_on(medicines, "contraindications")
    found = [finding for each in medicines for finding in _let_in(trial, each, told)]
    found += [finding for each in silent for finding in _known_ones(each, told)]
    found += let_in_by_value(trial)
    yield from found
    if not found:
        require_known(silent, "state pharmacology.contraindications")


def _chosen(trial: Trial) -> set[str]:
    """Return the ids of the medicines that are one of several, chosen by what speaks against each."""
    found: set[str] = set()
    for choice in trial.each("/arms/*/choices/*"):
        options = [[node.text for node in option["interventions"]] for option in choice["options"]]
        options += [[node.text] for node in choice["interventions"]]
        if len(options) > 1 and _BY_SAFETY.search(choice["chosen_by"].text):
            found.update(name for option in options for name in option)
    return found


def _let_in(trial: Trial, intervention: Node, told: Told) -> Iterator[Found]:
    for node in intervention["pharmacology"]["contraindications"]:
        if node.text and not _NONE.fullmatch(node.text.strip(" .")) and not told.tells_of_disease(node.text):
            message = f"{named(intervention)}: {node.text} is a contraindication, and neither excluded nor explained"
            related = ((trial.at("/population/exclusion"), "the exclusion criteria"),)
            yield Found(node, message, "add an exclusion criterion, or say in population.rationale why not", related)


def _excluded(trial: Trial) -> str:
    """Return the words of all that keeps people out or says why it does not."""
    population = trial.root["population"]
    texts = [population["rationale"].text, population["exclusion"]["none_reason"].text]
    texts += [
        f"{node['text'].text} {node['measure'].text}" for key in ("exclusion", "inclusion") for node in population[key]
    ]
    for row in trial.at("/concomitant/prohibited"):
        texts += [row["class"].text, *(member.text for member in row["members"])]
    if population["childbearing_potential"].text == "not_eligible":
        texts.append("pregnancy")
    return " ; ".join(texts)


def _known_ones(intervention: Node, told: Told) -> Iterator[Found]:
    row = row_of(intervention)
    known = [each for each in (row.data.get("contraindications", ()) if row else ()) if each["confidence"] != "L"]
    missing = [each for each in known if not told.tells_of_disease(each["name"])]
    if missing:
        sources = listed([*dict.fromkeys(each["source"] for each in missing)])
        message = f"{substance(intervention)}: the library lists {listed([each['name'] for each in missing])}, which no"
        hint = "exclude them, or state pharmacology.contraindications with those that matter in this trial"
        sure = max((each["confidence"] for each in missing), key="HML".index)
        at = intervention["substance"] or intervention
        yield Found(at, f"{message} criterion excludes ({sources}, confidence {sure})", hint, confidence=sure)


@rule(
    "POP07", Severity.WARNING,
    reads=(
        "/interventions/*/pharmacology/exposure_factors", "/schedule/activities", "/schedule/assessments/genetics",
        "/population", "/concomitant",
        "/appendices/laboratory_tests", "/interventions/*/modifications", "/interventions/*/regimen/titration",
    ),
    tags=("drug",),
)  # fmt: skip
def exposure_factors(trial: Trial) -> Iterator[Found]:
    """What changes exposure is measured, or a criterion or a change of dose takes it into account.

    Why: where a slow metaboliser gets four times the exposure, a trial that does not know who is one cannot explain its
    adverse events. An inherited enzyme has to be measured, or the section on genetics says why it is not; other factors
    may be dealt with by criteria, prohibited therapy, permitted therapy that stays the same, or changes of dose. Images
    of a tumour measure its load.

    Applies: pharmacology.exposure_factors is stated. Of a comparator whose dose is changed by a measured effect, an
    inherited enzyme is not asked for.

    Basis:
        product labels, special populations (M)

    Fails::

        interventions: [{id: DXM, kind: drug, role: experimental, pharmacology: {exposure_factors: [CYP2D6]}}]
        schedule: {activities: [{id: NRS, name: pain diary}]}

    Passes::

        interventions: [{id: DXM, kind: drug, role: experimental, pharmacology: {exposure_factors: [CYP2D6]}}]
        schedule: {activities: [{id: CYP, name: CYP2D6 genotype}]}
    """
    stated = [(each, node) for each in trial.tested for node in each["pharmacology"]["exposure_factors"] if node.text]
    if not stated:
        raise NotApplicable("no factor that changes exposure is stated")
    measured, handled = Told(_measured(trial)), Told(_handled(trial))
    unknown: dict[str, list[tuple[Node, Node]]] = {}
    for intervention, node in stated:
        inherited = _INHERITED.search(node.text)
        of_genes = inherited and (_by_effect(intervention) or _of_genes(trial, node.text))
        otherwise = not inherited and (handled.speaks_of(node.text) or _imaged(trial, node.text))
        if not (measured.speaks_of(node.text) or of_genes or otherwise):
            unknown.setdefault(folded(node.text), []).append((intervention, node))
    for rows in unknown.values():
        (_, node), *others = rows
        message = f"{listed([named(each) for each, _ in rows])}: {node.text} changes exposure, and is not measured"
        if not _INHERITED.search(node.text):
            message += " or dealt with by a criterion, prohibited therapy or a change of dose"
        related = tuple((other, "here as well") for _, other in others)
        yield Found(node, message, "add an activity at baseline that measures it, and say what follows", related)


def _of_genes(trial: Trial, factor: str) -> bool:
    """Say whether the section on genetics speaks of an inherited factor: that it is found out, or why it is not."""
    stated = trial.at("/schedule/assessments/genetics")
    reason = stated["none_reason"].text
    return bool(_GENETIC.search(reason)) or Told(f"{stated.text} {reason}").speaks_of(factor)


def _imaged(trial: Trial, factor: str) -> bool:
    """Say whether a factor is the load of a tumour, which images show whatever their name says."""
    pictures = [each for each in trial.root["schedule"]["activities"] if each["kind"].text == "imaging"]
    return bool(_LOAD.search(factor)) and any(_PICTURES.search(each["name"].text) for each in pictures)


def _by_effect(intervention: Node) -> bool:
    """Say whether the dose of a comparator is fitted to what it does: practice adjusts it so, without a genotype."""
    limits = ("above", "below", "change")
    measured = [row for row in intervention["modifications"] if any(row[key] for key in limits) and row["measure"]]
    modified = any(not _ORGAN.search(row["measure"].text) for row in measured)
    titrated = bool(intervention["regimen"]["titration"]["target_measure"])
    return intervention["role"].text == "active_comparator" and (modified or titrated)


_WITH_FOOD = Pattern(
    r"\b(?:with|without|before|after) (?:an? |the )?(?:food|meals?|breakfast)|\bfasting\b|empty stomach"
)
_FOR_ALL = frozenset({"background_treatment", "additional_required_treatment"})
_HELD_STABLE = ("if_taken", "stable_for", "changes")  # what permitted therapy says that deals with it


def _measured(trial: Trial) -> str:
    activities = [*trial.root["schedule"]["activities"]]
    texts = [f"{each['id'].text} {each['name'].text}" for each in activities]
    served = {node.text for each in activities for node in each["serves"]}
    texts += [each["name"].text for each in trial.root["outcomes"] if each["id"].text in served]
    texts += [node.text for test in trial.at("/appendices/laboratory_tests") for node in test["analytes"]]
    return " ; ".join(texts)


def _handled(trial: Trial) -> str:
    texts = [_excluded(trial)]
    population = trial.root["population"]
    texts += ["age of participants" if population["age"]["min"] else "", population["lifestyle"]["meals"].text]
    for row in trial.each("/interventions/*/modifications/*"):
        texts += [row["measure"].text, row["trigger"].text, *(name.text for name in row["with"])]
    for row in trial.at("/concomitant/permitted"):
        texts += [name.text for name in (row["class"], *row["members"]) if any(row[key] for key in _HELD_STABLE)]
    for row in trial.each("/interventions/*/regimen/steps/*"):
        texts.append("body weight" if row["scaling"] else "")
    given = [text for path, text in trial.texts if path[0] == "interventions" and path[2:3] != ("pharmacology",)]
    texts.append("food" if any(_WITH_FOOD.search(text) for text in given) else "")
    for each in trial.root["interventions"]:  # what everybody is given, such as cooling, is planned
        texts.append(each["name"].text if each["role"].text in _FOR_ALL else "")
    return " ; ".join(texts)


@rule("POP11", Severity.ERROR, reads=("/population/contraception", "/population/childbearing_potential"))
def contraception(trial: Trial) -> Iterator[Found]:
    """Where people of childbearing potential may enter: who they are, methods of contraception, pregnancy tests.

    Why: harm to an unborn child is avoided by three plain statements; a reason why none is needed is one too. (The
    schema asks for the section under this code.)

    Applies: childbearing potential is eligible, whatever is tested. The methods of men and their partners, where nobody
    who takes part can become pregnant, need no test.

    Basis:
        ICH M11 Step 4, 5.4.1 and 5.4.2 (Required) (H)

    Fails::

        population: {childbearing_potential: eligible, contraception: {methods: highly effective}}

    Passes::

        population:
          childbearing_potential: eligible
          contraception:
            definition: after menarche and before menopause, unless permanently sterile
            methods: highly effective
            tests: [SCR, BL, V12]
    """
    stated = trial.at("/population/contraception")
    if trial.at("/population/childbearing_potential").text != "eligible" or not stated["methods"]:
        raise NotApplicable("childbearing potential is not eligible, or no contraception is asked")
    wanted = {"definition": "who counts as able to become pregnant", "tests": "at which visits pregnancy is tested"}
    for key, words in wanted.items():
        if not stated[key]:
            yield Found(stated, f"contraception is required, and nothing says {words}", f"state {key}")


RULES: tuple[Rule, ...] = (contraindications, exposure_factors, contraception)
