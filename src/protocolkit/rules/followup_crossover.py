"""Rules on periods: washout, length of a period, carry-over, enriched withdrawal."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.exposure import Need, needs, require_half_lives
from protocolkit.rules.model import Found, NotApplicable, Rule, below, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.times import DOSING_DAYS, in_days, length
from protocolkit.schedule import Placed, period_washouts
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_FIRST_PERIOD = Pattern(r"\b(?:first|1st) period\b|\bperiod (?:1|one|I)\b")
_CONDITION = Pattern(r"\b(?:if|when|where|should|unless|in case|depending)\b")
_TWO_STAGE = Pattern(r"\btwo-stage (?:procedure|approach|analysis|test)\b|\bGrizzle\b")
_ENRICHMENT = ("run_in", "response", "withdrawal_period", "loss_of_response", "withdrawal_symptoms")


@rule(
    "FU10", Severity.WARNING,
    reads=("/design", "/arms", "/interventions/*/pharmacology", *DOSING_DAYS, "/interventions/*/product"),
    tags=("crossover",),
)  # fmt: skip
def washout(trial: Trial) -> Iterator[Found]:
    """The washout covers five half-lives of every active moiety and the duration of effect, or is justified.

    Why: what is left of the first treatment is counted as an effect of the second, and no analysis can part the two
    afterwards. Shorter than what the protocol states and without a justification it is an error.

    Applies: the design is a crossover.

    Basis:
        PLoS One 2015, 10:e0133023, Fig. 1: washout long enough to remove the effect of the first treatment (H)
        CONSORT extension for crossover trials 2019, washout and carry-over (L)
        SPIRIT 2025, 18 (M)

    Fails::

        design: {model: crossover, washout: {duration: 7 d}}
        interventions:
          - id: MEM
            kind: drug
            role: experimental
            pharmacology: {active_moieties: [{name: memantine, half_life: 80 h, source: label}]}

    Passes::

        design: {model: crossover, washout: {duration: 21 d, justification: five half-lives of 80 h are 16.7 d}}
        interventions:
          - id: MEM
            kind: drug
            role: experimental
            pharmacology: {active_moieties: [{name: memantine, half_life: 80 h, source: label}], effect_duration: 7 d}
    """
    design = trial.root["design"]
    if design["model"].value != "crossover":
        raise NotApplicable("the design is no crossover")
    stated = design["washout"]
    if stated["none_reason"]:
        return
    between = _between(design)
    if between is None:
        hint = "state design.washout {duration, justification}, or none_reason"
        yield Found(stated or design, "no washout between periods is stated", hint)
        return
    yield from _unplanned(trial, stated)
    short = [need for need in needs(trial) if need.days > between]
    if short:
        yield _too_short(design, between, max(short, key=lambda need: (not need.confidence, need.days)))
    else:
        require_half_lives(trial)


def _between(design: Node) -> Decimal | None:
    """Return the shortest time between periods, from the washout or from the epochs of that type."""
    if design["washout"]["duration"]:
        return length(design["washout"]["duration"])
    found = [length(epoch["duration"]) for epoch in design["epochs"] if epoch["type"].value == "washout"]
    return min((each for each in found if each is not None), default=None)


def _unplanned(trial: Trial, stated: Node) -> Iterator[Found]:
    """Find periods that leave fewer days without a dose than the washout that is stated."""
    less = [
        (each, each.free.days)
        for each in period_washouts(trial.root)
        if isinstance(each.free, Placed) and each.stated is not None and each.free.days < each.stated
    ]
    for each, days in less[:1]:
        message = (
            f"the washout is {stated['duration'].text}, but between {each.after} and {each.before} of sequence "
            f"{each.sequence} only {in_days(days)} are without a dose"
        )
        yield Found(stated["duration"], message, "make washout, epochs and regimens agree")


def _too_short(design: Node, between: Decimal, need: Need) -> Found:
    stated = design["washout"]
    justified = bool(stated["justification"])
    message = f"the washout of {in_days(between)} is shorter than {need.words}"
    hint = f"make it {need.whole_days} or longer" + ("" if justified else ", or justify it in design.washout")
    weight = Severity.WARNING if justified or need.confidence else Severity.ERROR
    at = stated["duration"] or design["epochs"]
    return Found(at, message, hint, ((need.at, need.what),), confidence=need.confidence, severity=weight)


@rule(
    "FU11", Severity.WARNING,
    reads=("/design/periods", "/design/epochs", *DOSING_DAYS, *below("/outcomes/*", "diary", "id")),
    tags=("crossover",),
)  # fmt: skip
def period_length(trial: Trial) -> Iterator[Found]:
    """A period is long enough for titration and for the days over which the primary endpoint is averaged.

    Why: otherwise the endpoint is measured while the dose still rises, and the trial compares titrations.

    Applies: the design is a crossover and its periods have lengths.

    Basis:
        CONSORT extension for crossover trials 2019, number and length of periods (L)

    Fails::

        design: {model: crossover, periods: [{id: P1, duration: 2 wk}]}
        interventions: [{id: MEM, kind: drug, role: experimental, regimen: {titration: {duration: 3 wk}}}]

    Passes::

        design: {model: crossover, periods: [{id: P1, duration: 6 wk}]}
        interventions: [{id: DXM, kind: drug, role: experimental, regimen: {titration: {duration: 1 wk}}}]
    """
    design = trial.root["design"]
    periods = [*design["periods"]] or [each for each in design["epochs"] if each["type"].value == "treatment"]
    timed = [(each, days) for each in periods if (days := length(each["duration"])) is not None]
    if design["model"].value != "crossover" or not timed:
        raise NotApplicable("the design is no crossover, or its periods have no length")
    rising = max((_titrated(each) for each in trial.drugs), default=Decimal(0))
    averaged = max((_averaged(trial, each["outcome"].text) for each in trial.primary), default=Decimal(0))
    for period, days in timed:
        if days < rising + averaged:
            message = (
                f"period {period['id'].text} of {in_days(days)} is shorter than titration ({in_days(rising)}) and the "
                f"days over which the primary endpoint is averaged ({in_days(averaged)})"
            )
            yield Found(period["duration"], message, f"make it {in_days(rising + averaged)} or longer")


def _titrated(intervention: Node) -> Decimal:
    return length(intervention["regimen"]["titration"]["duration"]) or Decimal(0)


def _averaged(trial: Trial, outcome: str) -> Decimal:
    days = trial.root["outcomes"].find(outcome)["diary"]["days"].value
    return Decimal(days) if isinstance(days, int) else Decimal(0)


@rule("FU13", Severity.WARNING, reads=("/design/enrichment",), tags=("enriched-withdrawal",))
def enriched_withdrawal(trial: Trial) -> Iterator[Found]:
    """An enriched withdrawal states run-in, response, withdrawal period, loss of response, and withdrawal symptoms.

    Why: symptoms of withdrawal look like a return of the disease; unless the two are told apart, stopping a medicine
    that does nothing can look like losing its benefit.

    Applies: design.enrichment is stated.

    Basis:
        ICH E10, randomised withdrawal (M)
        FDA guidance on enrichment strategies 2019, randomised withdrawal (M)
        FDA guidance on the assessment of abuse potential of drugs 2017, scales for withdrawal symptoms (H)

    Fails::

        design: {enrichment: {run_in: 8 wk}}

    Passes::

        design: {enrichment: {run_in: 8 wk, response: at least 30 % lower than baseline, withdrawal_period: 12 wk,
          loss_of_response: two weekly means above threshold, withdrawal_symptoms: scored for 2 wk and not counted}}
    """
    stated = trial.at("/design/enrichment")
    if not stated:
        raise NotApplicable("no enrichment is stated")
    missing = [key for key in _ENRICHMENT if not stated[key]]
    if missing:
        yield Found(
            stated, f"enriched withdrawal states no {listed(missing, 'and no')}", "state them under design.enrichment"
        )


@rule("FU14", Severity.WARNING, reads=("/design/model", "/statistics"), tags=("crossover",))
def carry_over(trial: Trial) -> Iterator[Found]:
    """No test for carry-over decides which data are analysed.

    Why: the test has little power where it matters, and using the first period only where it is significant gives
    biased estimates and a wrong type 1 error. The washout is relied on, and the estimate is that from all periods.

    Applies: the design is a crossover and analyses are stated.

    Basis:
        Freeman 1989 (Stat Med 8:1421), two-stage procedure (H)

    Fails::

        design: {model: crossover}
        statistics: {analyses: [{endpoint: E1, carryover: 'test period by treatment; use period 1 if p < 0.10'}]}

    Passes::

        design: {model: crossover}
        statistics: {analyses: [{endpoint: E1, model: 'period, sequence and treatment',
          carryover: no test decides the analysis}]}
    """
    told = [node for key in ("carryover", "model", "data_used") for node in trial.each(f"/statistics/analyses/*/{key}")]
    if trial.root["design"]["model"].value != "crossover" or not told:
        raise NotApplicable("the design is no crossover, or no analysis is stated")
    for node in told:
        conditional = _FIRST_PERIOD.search(node.text) and _CONDITION.search(node.text)
        if _TWO_STAGE.search(node.text) or conditional:
            message = f'a test for carry-over decides which data are analysed: "{node.text}"'
            yield Found(node, message, "rely on the washout and report the estimate from all periods")


RULES: tuple[Rule, ...] = (washout, period_length, enriched_withdrawal, carry_over)
