"""Rule on what a protocol tells twice: sites, clusters, missing data, ages, limits of entry, lengths of time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import quantity
from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.rerandomised import first_arms
from protocolkit.rules.statistics_arms import BEYOND, number
from protocolkit.rules.times import length, years
from protocolkit.rules.words import folded, listed
from protocolkit.schedule import Placed, period_washouts
from protocolkit.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_AGES = Pattern(r"\s*(?:from )?([0-9]{1,2})\b")
_PREGNANT = Pattern(
    r"(?:an? |any |confirmed |known )?(?:pregnancy|becoming pregnant|positive pregnancy test)(?: test)?"
)
_GOES_ON = Pattern(
    r"\b(?:stays?|remains?|continues?|keeps?|goes? on)\b[^.;]{0,40}"
    r"\b(?:products?|treatment|drug|medicines?|medication|intervention|dos(?:e|es|ing)|infusions?|injections?|tablets?)\b"
)
_ENDS = Pattern(r"\b(?:stop|discontinu|withdraw|ends?\b|without|off\b|no more|not (?:given|continue|receive))")
_ROUGHLY = 0.05
_ASSENT = 7  # years; below, children are seldom asked for assent


@rule(
    "ID13", Severity.ERROR,
    reads=("/trial/regions", "/population", "/discontinuation", "/statistics/sample_size", "/design/run_in",
           "/design/periods", "/design/epochs", "/design/washout", "/design/cluster", "/design/event_driven",
           "/design/adaptive/max_participants", "/arms/*/participants", "/objectives", "/outcomes",
           "/oversight/consent/assent"),
)  # fmt: skip
def told_twice(trial: Trial) -> Iterator[Found]:
    """What is told in two places is the same in both: sites, clusters, missing data, ages, limits of entry, lengths.

    Why: each of the two is approved by somebody, and sites follow the one that they happen to read.

    Applies: one of them is told twice: the sites; the clusters, and how many take part in them; missing data of the
    primary endpoint and the ages of assent and of cohorts (a warning each); the severity at entry and the criterion on
    the same outcome; events of an event-driven trial; lengths of run-in, periods and washout and of their epochs (where
    the epoch is longer than a run-in, or than a washout between two treatments, a warning); whether a pregnancy ends
    the intervention (a warning); the number planned and the one to which an adaptive trial can grow.

    Basis:
        internal consistency of the protocol, numbers and lengths (H)

    Fails::

        trial: {regions: [{country: DE, sites: 10}, {country: FR, sites: 12}]}
        population: {recruitment: {sites: 20}}

    Passes::

        trial: {regions: [{country: DE, sites: 10}, {country: FR, sites: 10}]}
        population: {recruitment: {sites: 20}}
    """
    pairs = [
        *_sites(trial), *_clusters(trial), *_missing(trial), *_ages(trial), *_severity(trial), *_lengths(trial),
        *_events(trial), *_pregnancy(trial), *_largest(trial),
    ]  # fmt: skip
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


def _clusters(trial: Trial) -> Iterator[_Pair]:
    """The clusters of the sample size are those of the design, and their participants those who are enrolled."""
    cluster, enrolled = trial.at("/design/cluster"), trial.at("/population/participants/enrolled")
    count, size, people = number(cluster["clusters"]), _size(trial), number(enrolled)
    shares = [number(each["clusters"]) for each in trial.at("/design/sequences")]
    if count is not None and shares and None not in shares:
        together = sum(each for each in shares if each is not None)
        yield _Pair(cluster["clusters"], "clusters", f"the sequences add up to {together}", together == count)
    for entry in trial.at("/statistics/sample_size"):
        total = number(entry["clusters_total"])
        if count is not None and total is not None:
            yield _Pair(entry["clusters_total"], "clusters", f"the design has {count}", total == count)
    counted_once = not cluster["stepped_wedge"]
    if counted_once and count is not None and size is not None and people is not None:
        told = f"{count} clusters of {size} make {count * size}"
        alike = abs(people - count * size) <= max(count / 2, _ROUGHLY * people)  # the size is a rounded mean
        yield _Pair(enrolled, "participants to enrol", told, alike, Severity.WARNING)


def _size(trial: Trial) -> int | None:
    """Return how many participants a cluster has over the whole trial; None where that is not stated."""
    cluster, periods = trial.at("/design/cluster"), [*trial.at("/design/periods")]
    in_period = number(cluster["period_size"])
    return in_period * len(periods) if in_period is not None and periods else number(cluster["size"])


def _ages(trial: Trial) -> Iterator[_Pair]:
    """Assent, and the cohorts together, begin no later than the lowest age that may enter."""
    lowest = trial.at("/population/age/min")
    least = years(lowest)
    if least is None:
        return
    ages = trial.at("/oversight/consent/assent/ages")
    if match := _AGES.match(ages.text):
        told = f"participants may be {lowest.text}"
        yield _Pair(ages, "ages of assent", told, float(match[1]) <= max(least, _ASSENT), Severity.WARNING)
    cohorts = [(each["age"]["min"], years(each["age"]["min"])) for each in trial.assigned_cohorts]
    known = [(node, own) for node, own in cohorts if own is not None]
    if known and len(known) == len(cohorts):
        node, youngest = min(known, key=lambda row: row[1])
        told = f"those from {lowest.text} on may enter, and no cohort takes them"
        yield _Pair(node, "lowest age of a cohort", told, youngest <= least, Severity.WARNING)


def _severity(trial: Trial) -> Iterator[_Pair]:
    """The range of an outcome at entry is that of the criteria that have the outcome as their measure."""
    entries = trial.at("/population/severity_at_entry")
    for entry in entries if isinstance(entries.value, list) else (entries,):
        outcome = trial.root["outcomes"].find(entry["outcome"].text)
        names = {folded(outcome[key].text) for key in ("id", "name")} | {folded(outcome["instrument"]["name"].text)}
        for criterion in trial.at("/population/inclusion") if outcome else ():
            if folded(criterion["measure"].text) in names - {""}:
                for end, key in (("min", "above"), ("max", "below")):
                    yield from _same_limit(entry["range"][end], criterion, key)
        for criterion in trial.at("/population/exclusion") if outcome else ():
            if folded(criterion["measure"].text) in names - {""}:
                yield from _kept_out(entry, criterion)


def _kept_out(entry: Node, criterion: Node) -> Iterator[_Pair]:
    """An exclusion on the same outcome keeps out nobody whom the range at entry lets in."""
    for end, key, sign in (("min", "below", 1), ("max", "above", -1)):
        one, other = quantity(entry["range"][end]), quantity(criterion[key])
        if one is not None and other is not None and one.unit.code == other.unit.code:
            told = f"criterion {criterion['id'].text} keeps out what is {key} {criterion[key].text}"
            yield _Pair(entry["range"][end], "severity at entry", told, (other.value - one.value) * sign <= 0)


def _same_limit(stated: Node, criterion: Node, key: str) -> Iterator[_Pair]:
    one, other = quantity(stated), quantity(criterion[key])
    if one is not None and other is not None and one.unit.code == other.unit.code:
        told = f"criterion {criterion['id'].text} says {key} {criterion[key].text}"
        near = criterion["inclusive"].value is not True and abs(one.value - other.value) <= 1  # above 15 is from 16 on
        yield _Pair(stated, "severity at entry", told, near or one.value == other.value)


def _missing(trial: Trial) -> Iterator[_Pair]:
    """The missing data that are expected are allowed for by the sample size; of several primary objectives by one."""
    planned = trial.at("/discontinuation/retention/planned_missing_primary")
    share = quantity(planned)
    primary = {each["id"].text for each in trial.root["objectives"] if each["level"].text == "primary"}
    entries = [each for each in trial.at("/statistics/sample_size") if each["objective"].text in primary]
    own = [each for each in entries if not each["dropout_hazard"]]  # the method allows for loss by itself there
    allowed = [(found.value, each) for each in own if (found := quantity(each["missing"])) is not None]
    if share is not None and allowed:
        most, entry = max(allowed, key=lambda row: row[0])
        told = f"the retention plan expects {planned.text} of the primary data to be missing"
        yield _Pair(entry["missing"], "missing data", told, share.value <= most, Severity.WARNING)


def _events(trial: Trial) -> Iterator[_Pair]:
    """The events at which an event-driven trial ends are those of the sample size of its objective."""
    for plan in (trial.at("/design/event_driven"), *trial.at("/design/event_driven/also")):
        yield from _target(trial, plan)


def _largest(trial: Trial) -> Iterator[_Pair]:
    """The number to which an adaptive trial can grow is not below the one that it plans."""
    most = trial.at("/design/adaptive/max_participants")
    arms = [each for each in (number(arm["participants"]) for arm in first_arms(trial.root)) if each is not None]
    sized = [each for entry in trial.at("/statistics/sample_size") if (each := number(entry["randomised_total"]))]
    planned = max((sum(arms), *sized), default=0)
    largest = number(most)
    if largest is not None and planned:
        yield _Pair(most, "the most participants", f"the plan is for {planned}", largest >= planned)


def _target(trial: Trial, plan: Node) -> Iterator[_Pair]:
    target = number(plan["target"])
    objectives = trial.root["objectives"]
    own = {o["id"].text for o in objectives if plan["endpoint"].text in {e["id"].text for e in o["endpoints"]}}
    for entry in trial.at("/statistics/sample_size"):
        events = number(entry["events"])
        if target is not None and events is not None and entry["objective"].text in own:
            told = f"the sample size of {entry['objective'].text} needs {events}"
            reached = events <= target and (target <= events * BEYOND or bool(entry["rationale"]))
            yield _Pair(plan["target"], "events", told, reached)


def _pregnancy(trial: Trial) -> Iterator[_Pair]:
    """A pregnancy ends the intervention, or it does not."""
    stated = trial.at("/discontinuation/pregnancy")
    for criterion in trial.at("/discontinuation/treatment/criteria"):
        if _PREGNANT.fullmatch(criterion.text) and stated.text:
            goes_on = bool(_GOES_ON.search(stated.text)) and not _ENDS.search(stated.text)
            told = f"where a pregnancy is dealt with it says: {stated.text[:100]}"
            yield _Pair(criterion, "what ends the intervention", told, not goes_on, Severity.WARNING)


def _lengths(trial: Trial) -> Iterator[_Pair]:
    epochs = [*trial.at("/design/epochs")]
    run_ins = [each for each in epochs if each["type"].text == "run_in"]
    stated = trial.at("/design/run_in/duration")
    if len(run_ins) == 1:
        for pair in _length(stated, run_ins[0], "the run-in"):
            within = (length(stated) or 0) <= (length(run_ins[0]["duration"]) or 0)
            yield pair._replace(weight=Severity.WARNING if within else None)
    yield from _washouts(trial, epochs)
    for period in trial.at("/design/periods"):
        own = next((each for each in epochs if each["id"].text == period["id"].text), None)
        if own is not None:
            yield from _length(period["duration"], own, f"period {period['id'].text}")


def _washouts(trial: Trial, epochs: list[Node]) -> Iterator[_Pair]:
    """A washout is as long as its epoch; one between two treatments lasts no longer either, which is a warning."""
    washout, most = trial.at("/design/washout/duration"), length(trial.at("/design/washout/at_most"))
    free = [each.free for each in period_washouts(trial.root)]
    compared = bool(free) and all(isinstance(each, Placed) for each in free)  # with the doses: FU10 tells it
    treated = [place for place, epoch in enumerate(epochs) if epoch["type"].text == "treatment"]
    longer = []
    for place, epoch in enumerate(epochs):
        needed, lasts = length(washout), length(epoch["duration"])
        if epoch["type"].text != "washout" or needed is None or lasts is None:
            continue
        if treated and treated[0] < place < treated[-1] and lasts > max(needed, most or needed):
            longer.append(_lasting(epoch))
        else:
            yield _Pair(washout, "length of the washout", _lasting(epoch), lasts >= needed or compared)
    if longer:
        yield _Pair(washout, "length of the washout", listed(longer), alike=False, weight=Severity.WARNING)


def _lasting(epoch: Node) -> str:
    return f"its epoch {epoch['id'].text} is {epoch['duration'].text}"


def _length(stated: Node, epoch: Node, what: str) -> Iterator[_Pair]:
    one, other = length(stated), length(epoch["duration"])
    told = _lasting(epoch)
    if one is not None and other is not None:
        yield _Pair(stated, f"length of {what}", told, one == other)
        return
    first, second = quantity(stated), quantity(epoch["duration"])  # months, which have no fixed number of days
    if first is not None and second is not None and first.unit.code == second.unit.code:
        yield _Pair(stated, f"length of {what}", told, first.value == second.value)


RULES: tuple[Rule, ...] = (told_twice,)
