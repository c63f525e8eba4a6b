"""Rule on what a protocol tells twice: sites, missing data, the length of the run-in and of periods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import quantity
from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.statistics_arms import number
from protocolkit.rules.times import length
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial


@rule(
    "ID13", Severity.ERROR,
    reads=("/trial/regions", "/population/recruitment", "/discontinuation/retention", "/statistics/sample_size",
           "/design/run_in", "/design/periods", "/design/epochs", "/design/event_driven", "/objectives"),
)  # fmt: skip
def told_twice(trial: Trial) -> Iterator[Found]:
    """What is told in two places is the same in both: sites, missing data, events, the length of run-in and periods.

    Why: each of the two is approved by somebody, and sites follow the one that they happen to read. Missing data of the
    primary endpoint are a warning, since a sample size may allow for more than is expected.

    Applies: one of them is told twice.

    Basis:
        internal consistency of the protocol, numbers and lengths (H)

    Fails::

        trial: {regions: [{country: DE, sites: 10}, {country: FR, sites: 12}]}
        population: {recruitment: {sites: 20}}

    Passes::

        trial: {regions: [{country: DE, sites: 10}, {country: FR, sites: 10}]}
        population: {recruitment: {sites: 20}}
    """
    pairs = [*_sites(trial), *_missing(trial), *_lengths(trial), *_events(trial)]
    if not pairs:
        raise NotApplicable("nothing of the kind is told twice")
    for pair in pairs:
        if not pair.alike:
            yield Found(
                pair.at, f"{pair.what}: stated {pair.at.text}, {pair.other}", "tell one of both", severity=pair.weight
            )


class _Pair(NamedTuple):
    """A thing that is told twice: where, what it is, what the other place says, and whether both say the same."""

    at: Node
    what: str
    other: str
    alike: bool
    weight: Severity | None = None


def _sites(trial: Trial) -> Iterator[_Pair]:
    whole = trial.at("/population/recruitment/sites")
    total, shares = number(whole), [number(region["sites"]) for region in trial.at("/trial/regions")]
    known = [each for each in shares if each is not None]
    if total is not None and known and len(known) == len(shares):
        told = f"the sites of the countries add up to {sum(known)}"
        yield _Pair(whole, "sites", told, sum(known) == total)


def _missing(trial: Trial) -> Iterator[_Pair]:
    planned = trial.at("/discontinuation/retention/planned_missing_primary")
    share = quantity(planned)
    primary = {each["id"].text for each in trial.root["objectives"] if each["level"].text == "primary"}
    for entry in trial.at("/statistics/sample_size"):
        allowed = quantity(entry["missing"])
        if share is not None and allowed is not None and entry["objective"].text in primary:
            told = f"the retention plan expects {planned.text} of the primary data to be missing"
            yield _Pair(entry["missing"], "missing data", told, share.value <= allowed.value, Severity.WARNING)


def _events(trial: Trial) -> Iterator[_Pair]:
    """The events at which an event-driven trial ends are those of the sample size of its objective."""
    plan = trial.at("/design/event_driven")
    target = number(plan["target"])
    objectives = trial.root["objectives"]
    own = {o["id"].text for o in objectives if plan["endpoint"].text in {e["id"].text for e in o["endpoints"]}}
    for entry in trial.at("/statistics/sample_size"):
        events = number(entry["events"])
        if target is not None and events is not None and entry["objective"].text in own:
            told = f"the sample size of {entry['objective'].text} needs {events}"
            yield _Pair(plan["target"], "events", told, events <= target)


def _lengths(trial: Trial) -> Iterator[_Pair]:
    epochs = [*trial.at("/design/epochs")]
    run_ins = [each for each in epochs if each["type"].text == "run_in"]
    stated = trial.at("/design/run_in/duration")
    if len(run_ins) == 1:
        yield from _length(stated, run_ins[0], "the run-in")
    for period in trial.at("/design/periods"):
        own = next((each for each in epochs if each["id"].text == period["id"].text), None)
        if own is not None:
            yield from _length(period["duration"], own, f"period {period['id'].text}")


def _length(stated: Node, epoch: Node, what: str) -> Iterator[_Pair]:
    one, other = length(stated), length(epoch["duration"])
    if one is not None and other is not None:
        told = f"its epoch {epoch['id'].text} is {epoch['duration'].text}"
        yield _Pair(stated, f"length of {what}", told, one == other)


RULES: tuple[Rule, ...] = (told_twice,)
