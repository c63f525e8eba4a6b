"""Rule on recruitment: sites times rate gives the participants in the time that is planned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.statistics_arms import number, numbered_arms
from protocolkit.rules.times import in_months

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_ROUGHLY = 0.25  # of the time of recruitment


@rule(
    "STAT17", Severity.INFO,
    reads=("/population/recruitment", "/population/participants", "/arms/*/participants", "/statistics/sample_size"),
)  # fmt: skip
def accrual(trial: Trial) -> Iterator[Found]:
    """The participants, the sites and the rate of recruitment fit the time that is planned for it.

    Why: a plan in which the sites need twice the time that is planned ends with half of the participants.

    Applies: sites, rate and time of recruitment are stated, and a number of participants: of those enrolled, or where
    the rate counts the randomised, of the arms. A quarter more or less fits.

    Basis:
        SPIRIT 2025, 20 (M)

    Fails::

        population: {recruitment: {sites: 10, rate_per_site_month: 1, accrual: 52 wk}}
        arms: [{id: A, participants: 100}, {id: B, participants: 100}]

    Passes::

        population: {recruitment: {sites: 10, rate_per_site_month: 1, accrual: 87 wk}}
        arms: [{id: A, participants: 100}, {id: B, participants: 100}]
    """
    planned = trial.at("/population/recruitment")
    months, wanted = in_months(planned["accrual"]), _participants(trial)
    pace = _product(planned["sites"], planned["rate_per_site_month"])
    if months is None or wanted is None or pace is None:
        raise NotApplicable("sites, rate, time of recruitment or the number of participants are not stated")
    needed = wanted / pace
    if abs(needed - months) > _ROUGHLY * months:
        rate, sites = planned["rate_per_site_month"].text, planned["sites"].text
        message = f"{wanted} participants at {rate} per site and month in {sites} sites take {needed:.1f} months"
        hint = "bring sites, rate and time of recruitment together"
        yield Found(planned["accrual"], f"{message}; planned are {months:.1f}", hint)


def _product(sites: Node, rate: Node) -> float | None:
    values = [node.value for node in (sites, rate)]
    if not all(isinstance(each, int | float) and not isinstance(each, bool) and 0 < each < 10**9 for each in values):
        return None
    return float(values[0]) * float(values[1])


def _participants(trial: Trial) -> int | None:
    randomised = trial.at("/population/recruitment/rate_counts").text == "randomised"
    enrolled = None if randomised else number(trial.at("/population/participants/enrolled"))
    arms = sum(planned for _, planned in numbered_arms(trial))
    totals = [number(each["randomised_total"]) or 0 for each in trial.at("/statistics/sample_size")]
    if trial.at("/design/model").text == "crossover":
        arms = 0
    return enrolled or arms or max(totals, default=0) or None


RULES: tuple[Rule, ...] = (accrual,)
