"""Rules on who must not take part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.matching import Told
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.population_values import let_in_by_value, valued
from protocolkit.rules.substances import require_known, row_of, silent_on, substance
from protocolkit.rules.trial import named
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_BY_SAFETY = Pattern(
    r"allerg|hypersensitiv|contra-?indicat|interact|toleran|tolerab|suitab|safety|organ function|renal|hepatic|comorbid"
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
    told = Told(excluded_or_explained(trial))
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


def excluded_or_explained(trial: Trial) -> str:
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


RULES: tuple[Rule, ...] = (contraindications, contraception)
