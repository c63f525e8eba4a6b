"""Titres that are read in an arm before it has had the vaccine that they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.followup_compared import arms_at, arms_of
from protocolkit.rules.matching import stems
from protocolkit.rules.model import Found
from protocolkit.rules.statistics_analyses import EQUAL, framework_of
from protocolkit.rules.times import dose_days
from protocolkit.rules.trial import INERT_ROLES, named
from protocolkit.schedule import interventions_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial
    from protocolkit.schedule import Stop


def before_vaccine(trial: Trial) -> Iterator[Found]:
    """Find an endpoint on one antigen at a visit after the vaccine in some arms, and before it that day in another.

    Which vaccine an outcome is about follows from a word of its antigens that no other product of the trial has. Where
    one arm is to be better than the other, or nothing is said of a secondary objective, those who wait for the vaccine
    may be the comparison.
    """
    products = _products(trial)
    own_ones = [each for each in trial.root["objectives"] if each["framework"] or each["level"].text == "primary"]
    alike = [each for each in own_ones if framework_of(each)["kind"].text in EQUAL]
    for endpoint in (each for objective in alike for each in objective["endpoints"]):
        stop = trial.timetable.stop(endpoint["visit"].text) if endpoint["visit"] else None
        own = products.get(_product_of(trial.root["outcomes"].find(endpoint["outcome"].text), products), [])
        if stop is None or len(stop.moments) != 1 or not own:
            continue
        first = _first_doses(trial, endpoint, stop, own)
        day = stop.moments[0].offset
        late = [arm for arm, dose in first.items() if dose == day]
        if late and any(dose < day for dose in first.values()) and _drawn_first(stop, endpoint):
            message = (
                f"{endpoint['id'].text} is measured at {named(stop.visit)}, where arm {late[0]} has the vaccine that "
                "it is about, and blood is drawn before the dose"
            )
            hint = "name under arm_visits the visit of that arm after its vaccine"
            yield Found(endpoint["visit"], message, hint, ((stop.visit, "the visit"),), severity=Severity.WARNING)


def _products(trial: Trial) -> dict[str, list[Node]]:
    """Return the vaccines of each product, by the id of the one that tells of it."""
    found: dict[str, list[Node]] = {}
    for each in trial.root["interventions"]:
        if each["kind"].text == "vaccine" and each["role"].text not in INERT_ROLES:
            found.setdefault(each["same_product_as"].text or each["id"].text, []).append(each)
    return found


def _product_of(outcome: Node, products: Mapping[str, list[Node]]) -> str:
    """Return the product whose antigens an outcome alone names; an empty text where none, or several are named."""
    words = {name: _antigens(rows) for name, rows in products.items()}
    named_in = [
        name
        for name, own in words.items()
        if (own - frozenset().union(*(other for each, other in words.items() if each != name)))
        & stems(outcome["name"].text)
    ]
    return named_in[0] if len(named_in) == 1 and len(products) > 1 and outcome["mode"].text == "laboratory" else ""


def _antigens(vaccines: list[Node]) -> frozenset[str]:
    return stems(" ; ".join(node.text for each in vaccines for node in each["vaccine"]["antigens"]))


def _first_doses(trial: Trial, endpoint: Node, stop: Stop, own: list[Node]) -> dict[str, Decimal]:
    """Return the day of the first dose in each arm in which an endpoint is read at a visit; of those that have one."""
    elsewhere = {node.text for each in endpoint["arm_visits"] for node in each["arms"]}
    here, paths = arms_at(stop, endpoint["outcome"].text), {each.path for each in own}
    found: dict[str, Decimal] = {}
    for name in arms_of(trial, endpoint):
        given = [each for each in interventions_of(trial.root["arms"].find(name)) if each.path in paths]
        days = [dose_days(trial, each) for each in given]
        if name not in elsewhere and (not here or name in here) and days and all(days):
            found[name] = min(min(each) for each in days)
    return found


def _drawn_first(stop: Stop, endpoint: Node) -> bool:
    """Say whether what measures an endpoint at a visit is done before the dose of that visit."""
    outcome = endpoint["outcome"].text
    serving = [each.activity for each in stop.planned if outcome in {node.text for node in each.activity["serves"]}]
    return bool(serving) and all(each["required_before"].text == "dose" for each in serving)
