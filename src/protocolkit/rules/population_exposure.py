"""Rule on what changes exposure to a medicine: it is measured, or the protocol deals with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.matching import Told
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.population_safety import excluded_or_explained
from protocolkit.rules.trial import named
from protocolkit.words import folded, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

# Enzymes whose activity is inherited, so that it has to be measured and no criterion in words will do.
_INHERITED = Pattern(r"CYP2D6|CYP2C19|CYP2C9|UGT1A1|TPMT|NUDT15|DPYD|DPD|G6PD|NAT2|HLA|genotyp|phenotyp")
_GENETIC = Pattern(r"genotyp|pharmacogen")
# The mass of a tumour that takes up a medicine, and pictures of the whole of it.
_LOAD = Pattern(r"(?:tumou?r|lesion|metasta\w+|disease) (?:load|burden|volume)|(?:load|burden) of (?:tumou?r|metasta)")
_PICTURES = Pattern(r"\b(?:PET|CT|MRI|SPECT|MR)\b|tomogra|scintigra|\bscan|resonance")
# What clears a medicine, not what it does.
_ORGAN = Pattern(
    r"GFR|creatinin|filtration|clearance|renal|kidney|hepat|liver|bilirubin|transferase|transaminase|weight"
)
_WITH_FOOD = Pattern(
    r"\b(?:with|without|before|after) (?:an? |the )?(?:food|meals?|breakfast)|\bfasting\b|empty stomach"
)
_FOR_ALL = frozenset({"background_treatment", "additional_required_treatment"})
_SPLIT_BY = ("/design/randomisations/*/strata/*/factor", "/statistics/analyses/*/covariates/*")
_HELD_STABLE = ("if_taken", "stable_for", "changes")  # what permitted therapy says that deals with it


@rule(
    "POP07", Severity.WARNING,
    reads=(
        "/interventions/*/pharmacology/exposure_factors", "/schedule/activities", "/schedule/assessments/genetics",
        "/population", "/concomitant",
        "/appendices/laboratory_tests", "/interventions/*/modifications", "/interventions/*/regimen/titration",
        "/design/randomisations/*/strata", "/statistics/analyses/*/covariates",
    ),
    tags=("drug",),
)  # fmt: skip
def exposure_factors(trial: Trial) -> Iterator[Found]:
    """What changes exposure is measured, or a criterion or a change of dose takes it into account.

    Why: where a slow metaboliser gets four times the exposure, a trial that does not know who is one cannot explain its
    adverse events. An inherited enzyme has to be measured, or the section on genetics says why it is not; other factors
    may be dealt with by criteria, prohibited or background therapy, permitted therapy that stays the same, strata,
    covariates, or changes of dose. Images of a tumour measure its load.

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
    yield from _unmeasured(unknown.values())


def _unmeasured(unknown: Iterable[list[tuple[Node, Node]]]) -> Iterator[Found]:
    """Tell of each factor once, whatever it changes, and of all inherited ones of the same medicines together."""
    of_genes: dict[str, list[tuple[Node, Node]]] = {}
    for rows in unknown:
        (_, node), *others = rows
        whose = listed([named(each) for each, _ in rows])
        if _INHERITED.search(node.text):
            of_genes.setdefault(whose, []).extend(rows)
            continue
        message = f"{whose}: {node.text} changes exposure, and is not measured or dealt with by a criterion, prohibited"
        hint = "add an activity at baseline that measures it, and say what follows"
        related = tuple((other, "here as well") for _, other in others)
        yield Found(node, f"{message} or background therapy, a stratum, a covariate or a change of dose", hint, related)
    for whose, rows in of_genes.items():
        (_, node), *others = rows
        factors = [*dict.fromkeys(each.text for _, each in rows)]
        several = len(factors) > 1
        does, is_ = ("change", "are") if several else ("changes", "is")
        message = f"{whose}: {listed(factors)} {does} exposure, and {is_} not measured"
        hint = (
            "add an activity at baseline that measures it and say what follows, or name it under "
            "schedule.assessments.genetics with the reason why it is not measured"
        )
        yield Found(node, message, hint, tuple((other, "here as well") for _, other in others))


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


def _measured(trial: Trial) -> str:
    activities = [*trial.root["schedule"]["activities"]]
    texts = [f"{each['id'].text} {each['name'].text}" for each in activities]
    served = {node.text for each in activities for node in each["serves"]}
    texts += [each["name"].text for each in trial.root["outcomes"] if each["id"].text in served]
    texts += [node.text for test in trial.at("/appendices/laboratory_tests") for node in test["analytes"]]
    return " ; ".join(texts)


def _handled(trial: Trial) -> str:
    texts = [excluded_or_explained(trial)]
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
    texts += [name.text for row in trial.at("/concomitant/background") for name in (row["class"], *row["members"])]
    texts += [node.text for place in _SPLIT_BY for node in trial.each(place)]
    return " ; ".join(texts)


RULES: tuple[Rule, ...] = (exposure_factors,)
