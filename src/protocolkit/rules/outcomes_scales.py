"""Rules on rating scales: the difference that matters, and the licence to use them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.instruments import row_of
from protocolkit.rules.model import Found, NotApplicable, Rule, below, rule
from protocolkit.rules.trial import named
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial


@rule(
    "OUT07",
    Severity.WARNING,
    reads=(
        *below("/objectives/*", "endpoints", "kind", "level"),
        *below("/outcomes/*", "id", "important_difference", "name", "range", "unit"),
    ),
    tags_off=("pilot", "dose-escalation"),
)
def important_difference(trial: Trial) -> Iterator[Found]:
    """A rating scale as primary outcome comes with the difference that matters, its source, and to whom.

    Why: a difference that is large enough to be detected need not matter to anybody; and what matters to a person is
    not what matters between groups. "None known" is an answer.

    Applies: the outcome of a primary endpoint of benefit is a scale with a range, or in a unit of score. Responders by
    a stated threshold have their difference in that.

    Basis:
        DELTA2 2018, recommendations 1, 3 and 4: importance needs its own justification (H)
        SPIRIT-Outcomes 2022, 12.2 (H)

    Fails::

        objectives: [{id: O1, level: primary, endpoints: [{id: E1, outcome: NRS}]}]
        outcomes: [{id: NRS, instrument: {name: pain 0-10}, range: {min: '0 {score}', max: '10 {score}'}}]

    Passes::

        objectives: [{id: O1, level: primary, endpoints: [{id: E1, outcome: NRS}]}]
        outcomes:
          - id: NRS
            instrument: {name: pain 0-10}
            range: {min: '0 {score}', max: '10 {score}'}
            important_difference: {individual: '2 {score}', source: Farrar 2001, between_groups: none known}
    """
    scales = {outcome.path: outcome for outcome in _primary_scales(trial)}
    if not scales:
        raise NotApplicable("no primary endpoint of benefit is a rating scale")
    for outcome in scales.values():
        stated = outcome["important_difference"]
        missing = (
            []
            if stated["individual"] or stated["between_groups"]
            else ["important difference (for a person or between groups)"]
        )
        missing += [] if stated["source"] else ["source of that difference"]
        if missing:
            message = f"{named(outcome)} is primary and states no {listed(missing, 'and no')}"
            hint = "state important_difference with individual or between_groups (or none known) and source"
            yield Found(stated or outcome, message, hint)


def _primary_scales(trial: Trial) -> Iterator[Node]:
    for objective in trial.root["objectives"]:
        if objective["level"].text != "primary" or objective["kind"].text not in ("", "benefit"):
            continue
        for endpoint in objective["endpoints"]:
            outcome = trial.root["outcomes"].find(endpoint["outcome"].text)
            by_threshold = endpoint["metric"].text in ("responder", "event", "time_to_event")
            if outcome and not by_threshold and _is_scale(outcome):
                yield outcome


def _is_scale(outcome: Node) -> bool:
    ends = (outcome["range"]["min"].text, outcome["range"]["max"].text)
    scored = any(end.endswith("{score}") for end in ends) or outcome["unit"].text == "{score}"
    return scored or bool(outcome["range"] and outcome["instrument"])


@rule("OUT08", Severity.WARNING, reads=(*below("/outcomes/*", "id", "instrument", "licence", "name"),))
def licence(trial: Trial) -> Iterator[Found]:
    """An instrument that needs a licence or permission says who holds it and whether it is granted.

    Why: a questionnaire used without a licence has had to be left out of an analysis, and translations are given out
    with the licence.

    Applies: the library lists the instrument as one that needs a licence or permission. Of other instruments it says
    nothing.

    Basis:
        terms of the holder of the instrument, per instrument (M)

    Fails::

        outcomes: [{id: SF36, name: health, instrument: {name: SF-36v2}}]

    Passes::

        outcomes:
          - {id: SF36, name: health, instrument: {name: SF-36v2}, licence: {holder: QualityMetric, status: applied for}}
    """
    used = [outcome for outcome in trial.root["outcomes"] if outcome["instrument"]["name"] and not outcome["licence"]]
    listed_ones = [(outcome, row) for outcome in used if (row := row_of(outcome)) and _needed(row.data) != "nothing"]
    if not used and not any(outcome["licence"] for outcome in trial.root["outcomes"]):
        raise NotApplicable("no outcome names an instrument")
    for outcome, row in listed_ones:
        known = row.data["licence"]
        holder = f" from {known['holder']}" if "holder" in known else ""
        message = (
            f"{named(outcome)}: {row.names[0]} needs {known['needs']}{holder} ({known['source']}, confidence "
            f"{known['confidence']}), and no licence is stated"
        )
        yield Found(outcome["instrument"], message, "state licence with holder and status", (), known["confidence"])


def _needed(data: dict[str, dict[str, str]]) -> str:
    return data.get("licence", {}).get("needs", "nothing")


RULES: tuple[Rule, ...] = (important_difference, licence)
