"""Rule on what a protocol tells twice: sites, clusters, missing data, ages, limits of entry, lengths of time."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import quantity
from protocolkit.findings import Severity
from protocolkit.rules.identity_answers import control, genes
from protocolkit.rules.identity_events import events, randomised
from protocolkit.rules.identity_lengths import lengths
from protocolkit.rules.identity_washouts import washouts
from protocolkit.rules.matching import stems
from protocolkit.rules.model import Found, NotApplicable, Rule, below, rule
from protocolkit.rules.pairs import Pair
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.statistics_arms import number
from protocolkit.rules.times import years
from protocolkit.words import folded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_A_DAY = stems("per, day, daily, average, mean, number")
_AGES = Pattern(r"\s*(?:from )?([0-9]{1,2})\b")
_PREGNANT = Pattern(
    r"(?:an? |any |confirmed |known )?(?:pregnancy|becoming pregnant|positive pregnancy test)(?: test)?"
)
_GOES_ON = Pattern(
    r"\b(?:stays?|remains?|continues?|keeps?|goes? on)\b[^.;]{0,40}"
    r"\b(?:products?|treatment|drug|medicines?|medication|intervention|dos(?:e|es|ing)|infusions?|injections?|tablets?)\b"
)
_ENDS = Pattern(r"\b(?:stop|discontinu|withdraw|ends?\b|without|off\b|no more|not (?:given|continue|receive))")
_AT_AGE = Pattern(r"at ([0-9]{1,2})(?: years?)?\.?")
_UP_TO = Pattern(
    r"\b(?:up to|at most|no more than|maximum of) ([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{3,6})\b(?! ?(?:%|events))"
)
_ROUGHLY = 0.05
_ASSENT = 13  # years; from when on children are asked differs by country, and none asks for it later


@rule(
    "ID13", Severity.ERROR,
    reads=("/trial/regions", "/trial/timeline", "/population", "/discontinuation", "/statistics/sample_size",
           "/design/run_in", "/design/enrichment", "/design/periods", "/design/epochs",
           "/design/washout", "/design/cluster", "/design/event_driven", "/design/adaptive", "/design/control",
           "/design/sequences", "/arms", "/interventions/*/role", "/schedule/assessments/genetics",
           "/oversight/samples", *below("/objectives/*", "endpoints", "id", "level"),
           *below("/outcomes/*", "id", "instrument", "name"),
           "/oversight/consent/assent", "/adverse_events/reporting",
           "/adverse_events/exempt_from_immediate_reporting",
           *below("/concomitant/prohibited/*", "class", "from")),
)  # fmt: skip
def told_twice(trial: Trial) -> Iterator[Found]:
    """What is told in two places is the same in both: sites, clusters, missing data, ages, limits of entry, lengths.

    Why: each of the two is approved by somebody, and sites follow the one that they happen to read.

    Applies: one of them is told twice: the sites; the clusters, and how many take part in them; missing data of the
    primary endpoint and the ages of assent and of cohorts (a warning each); the age of own consent, which somebody
    reaches in the trial (information, since samples may be kept for longer); the severity at entry and the criterion on
    the same outcome (a warning where its words alone tell the outcome); events of an event-driven trial, whose endpoint
    counts some (a few more than were sized for are a number rounded up, more need a rationale that speaks of them); an
    event that is reported at once and exempt from that; lengths of run-in, periods and washout and of their epochs
    (where the epoch is longer than a run-in, or than a washout between two treatments, a warning); recruitment and
    follow-up in the plan, in the sample size and in the length of the trial (a warning); whether a pregnancy ends the
    intervention (a warning); the number planned and the one to which an adaptive trial can grow; a washout, and how
    long before the first dose the same is prohibited (a warning where the washout is shorter); a control by placebo,
    and arms of which the active comparator gets none (a warning); genes that are analysed in samples, and no genetics
    among the assessments (information).

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
        *_sites(trial), *_clusters(trial), *_missing(trial), *_ages(trial), *_re_consent(trial), *_severity(trial),
        *lengths(trial), *events(trial), *_pregnancy(trial), *_largest(trial), *_reported(trial), *washouts(trial),
        *control(trial), *genes(trial),
    ]  # fmt: skip
    if not pairs:
        raise NotApplicable("nothing of the kind is told twice")
    for pair in pairs:
        if not pair.alike:
            yield Found(
                pair.at, f"{pair.what}: stated {pair.at.text}, {pair.other}", "tell one of both", severity=pair.weight
            )


def _sites(trial: Trial) -> Iterator[Pair]:
    whole = trial.at("/population/recruitment/sites")
    total, shares = number(whole), [number(region["sites"]) for region in trial.at("/trial/regions")]
    known = [each for each in shares if each is not None]
    if total is not None and known and len(known) == len(shares):
        told = f"the sites of the countries add up to {sum(known)}"
        yield Pair(whole, "sites", told, sum(known) == total)


def _clusters(trial: Trial) -> Iterator[Pair]:
    """The clusters of the sample size are those of the design, and their participants those who are enrolled."""
    cluster, enrolled = trial.at("/design/cluster"), trial.at("/population/participants/enrolled")
    count, size, people = number(cluster["clusters"]), _size(trial), number(enrolled)
    shares = [number(each["clusters"]) for each in trial.at("/design/sequences")]
    if count is not None and shares and None not in shares:
        together = sum(each for each in shares if each is not None)
        yield Pair(cluster["clusters"], "clusters", f"the sequences add up to {together}", together == count)
    for entry in trial.at("/statistics/sample_size"):
        total = number(entry["clusters_total"])
        if count is not None and total is not None:
            yield Pair(entry["clusters_total"], "clusters", f"the design has {count}", total == count)
    counted_once = not cluster["stepped_wedge"]
    if counted_once and count is not None and size is not None and people is not None:
        told = f"{count} clusters of {size} make {count * size}"
        alike = abs(people - count * size) <= max(count / 2, _ROUGHLY * people)  # the size is a rounded mean
        yield Pair(enrolled, "participants to enrol", told, alike, Severity.WARNING)


def _size(trial: Trial) -> int | None:
    """Return how many participants a cluster has over the whole trial; None where that is not stated."""
    cluster, periods = trial.at("/design/cluster"), [*trial.at("/design/periods")]
    in_period = number(cluster["period_size"])
    return in_period * len(periods) if in_period is not None and periods else number(cluster["size"])


def _ages(trial: Trial) -> Iterator[Pair]:
    """Assent, and the cohorts together, begin no later than the lowest age that may enter."""
    lowest = trial.at("/population/age/min")
    least = years(lowest)
    if least is None:
        return
    ages = trial.at("/oversight/consent/assent/ages")
    if match := _AGES.match(ages.text):
        told = f"participants may be {lowest.text}"
        yield Pair(ages, "ages of assent", told, float(match[1]) <= max(least, _ASSENT), Severity.WARNING)
    cohorts = [(each["age"]["min"], years(each["age"]["min"])) for each in trial.assigned_cohorts]
    known = [(node, own) for node, own in cohorts if own is not None]
    if known and len(known) == len(cohorts):
        node, youngest = min(known, key=lambda row: row[1])
        told = f"those from {lowest.text} on may enter, and no cohort takes them"
        yield Pair(node, "lowest age of a cohort", told, youngest <= least, Severity.WARNING)
        yield from _between_cohorts(trial)


def _re_consent(trial: Trial) -> Iterator[Pair]:
    """The age from which participants consent for themselves is one that somebody reaches in the trial."""
    highest, stated = trial.at("/population/age/max"), trial.at("/oversight/consent/assent/re_consent")
    oldest, stays = years(highest), years(trial.at("/trial/timeline/participant_duration"))
    match = _AT_AGE.fullmatch(stated.text)
    if match and oldest is not None and stays is not None:
        told = f"participants may be {highest.text} at entry and stay for {stays:.1f} years"
        # An age goes to the day before the next birthday.
        yield Pair(stated, "age of own consent", told, int(match[1]) <= oldest + 1 + stays, Severity.INFO)


def _between_cohorts(trial: Trial) -> Iterator[Pair]:
    """Cohorts that age alone tells apart leave no age between them; DOSE21 tells it where they have own doses."""
    if any(trial.each("/interventions/*/regimen/steps/*/cohorts")):
        return
    cohorts = trial.assigned_cohorts
    if any(each["definition"] or each["arms"] for each in cohorts):
        return
    ends = [
        (low, high, each)
        for each in cohorts
        if (low := years(each["age"]["min"])) is not None and (high := years(each["age"]["max"])) is not None
    ]
    ends.sort(key=lambda row: row[:2])
    for (_, high, _), (low, _, upper) in pairwise(ends if len(ends) == len(cohorts) else ()):
        if low > high + 1:
            told = f"no cohort takes those of {high + 1:g} to {low - 1:g} years"
            yield Pair(upper["age"]["min"], "lowest age of a cohort", told, alike=False, weight=Severity.WARNING)


def _severity(trial: Trial) -> Iterator[Pair]:
    """The range of an outcome at entry is that of the criteria that have the outcome as their measure."""
    entries = trial.at("/population/severity_at_entry")
    for entry in entries if isinstance(entries.value, list) else (entries,):
        outcome = trial.root["outcomes"].find(entry["outcome"].text)
        names = {folded(outcome[key].text) for key in ("id", "name")} | {folded(outcome["instrument"]["name"].text)}
        for criterion in trial.at("/population/inclusion") if outcome else ():
            named = folded(criterion["measure"].text) in names - {""}
            if named or _in_words(criterion, outcome):
                for end, key in (("min", "above"), ("max", "below")):
                    yield from _same_limit(entry["range"][end], criterion, key, None if named else Severity.WARNING)
        for criterion in trial.at("/population/exclusion") if outcome else ():
            if folded(criterion["measure"].text) in names - {""}:
                yield from _kept_out(entry, criterion)


def _in_words(criterion: Node, outcome: Node) -> bool:
    """Say whether a criterion is on an outcome by its words: all of its name, and no other word in what is measured."""
    measured, name = stems(criterion["measure"].text) - _A_DAY, stems(outcome["name"].text) - _A_DAY
    return len(name) > 1 and bool(measured) and measured <= name <= measured | stems(criterion["text"].text)


def _kept_out(entry: Node, criterion: Node) -> Iterator[Pair]:
    """An exclusion on the same outcome keeps out nobody whom the range at entry lets in."""
    for end, key, sign in (("min", "below", 1), ("max", "above", -1)):
        one, other = quantity(entry["range"][end]), quantity(criterion[key])
        if one is not None and other is not None and one.unit.code == other.unit.code:
            told = f"criterion {criterion['id'].text} keeps out what is {key} {criterion[key].text}"
            yield Pair(entry["range"][end], "severity at entry", told, (other.value - one.value) * sign <= 0)


def _same_limit(stated: Node, criterion: Node, key: str, weight: Severity | None) -> Iterator[Pair]:
    one, other = quantity(stated), quantity(criterion[key])
    if one is not None and other is not None and one.unit.code == other.unit.code:
        told = f"criterion {criterion['id'].text} says {key} {criterion[key].text}"
        near = criterion["inclusive"].value is not True and abs(one.value - other.value) <= 1  # above 15 is from 16 on
        yield Pair(stated, "severity at entry", told, near or one.value == other.value, weight)


def _missing(trial: Trial) -> Iterator[Pair]:
    """The missing data that are expected are allowed for by the sample size; of several primary objectives by one."""
    planned = trial.at("/discontinuation/retention/planned_missing_primary")
    share = quantity(planned)
    primary = {each["id"].text for each in trial.root["objectives"] if each["level"].text == "primary"}
    entries = [each for each in trial.at("/statistics/sample_size") if each["objective"].text in primary]
    # A method with a hazard of loss allows for it by itself; events, where no participants are evaluable besides, are
    # counted among those who are followed.
    own = [each for each in entries if not each["dropout_hazard"] and (_evaluable(each) or not each["events"])]
    allowed = [(found.value, each) for each in own if (found := quantity(each["missing"])) is not None]
    if share is not None and allowed:
        most, entry = max(allowed, key=lambda row: row[0])
        told = f"the retention plan expects {planned.text} of the primary data to be missing"
        yield Pair(entry["missing"], "missing data", told, share.value <= most, Severity.WARNING)


def _evaluable(entry: Node) -> bool:
    return bool(entry["evaluable_per_arm"] or entry["evaluable_total"])


def _reported(trial: Trial) -> Iterator[Pair]:
    """What need not be reported at once is not reported at once."""
    exempt = {folded(each["event"].text): each for each in trial.at("/adverse_events/exempt_from_immediate_reporting")}
    for row in trial.at("/adverse_events/reporting"):
        other = exempt.get(folded(row["event"].text)) if row["event"] and row["clock"] else None
        if other is not None:
            told = f"it is also reported within {row['clock'].text}"
            yield Pair(other["event"], "exempt from immediate reporting", told, alike=False)


def _largest(trial: Trial) -> Iterator[Pair]:
    """The number to which an adaptive trial can grow is not below the one that it plans, and is told alike."""
    adaptive, planned = trial.at("/design/adaptive"), randomised(trial)
    most = adaptive["max_participants"]
    largest = number(most)
    if largest is None or not planned:
        return
    yield Pair(most, "the most participants", f"the plan is for {planned}", largest >= planned)
    for text in (adaptive["decision_rules"], *(row["note"] for row in adaptive["rules"])):
        said = {int(match.replace(",", "")) for match in _UP_TO.findall(text.text)}
        grown = [each for each in said if each > planned]  # below, it may be a number of one stage or arm
        if grown and largest not in said:
            yield Pair(most, "the most participants", f'"up to {max(grown)}" is said', alike=False)
            return


def _pregnancy(trial: Trial) -> Iterator[Pair]:
    """A pregnancy ends the intervention, or it does not."""
    stated = trial.at("/discontinuation/pregnancy")
    for criterion in trial.at("/discontinuation/treatment/criteria"):
        if _PREGNANT.fullmatch(criterion.text) and stated.text:
            goes_on = bool(_GOES_ON.search(stated.text)) and not _ENDS.search(stated.text)
            told = f"where a pregnancy is dealt with it says: {stated.text[:100]}"
            yield Pair(criterion, "what ends the intervention", told, not goes_on, Severity.WARNING)


RULES: tuple[Rule, ...] = (told_twice,)
