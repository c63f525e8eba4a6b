"""Which arms an endpoint compares, and how long its outcome is looked for in each of them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found
from protocolkit.rules.outcomes_early import in_early_epochs
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.rerandomised import first_arms
from protocolkit.rules.times import day_of, in_days, leeway, start_of
from protocolkit.rules.trial import named, variables_of
from protocolkit.schedule.exposure import interventions_of
from protocolkit.words import folded, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial
    from protocolkit.schedule import Stop

    Dates = list[tuple[Decimal, Stop]]

_IN_ARM = Pattern(r"(?:the )?(?P<what>[\w -]{1,60}?) (?:arm|group)(?: only)?|arm (?P<id>[\w-]{1,60})")
_OF_ARM = Pattern(
    r"(?:all )?(?:\w{1,40} )?(?:participants|patients|people|women|men|children|adults|infants) "
    r"(?:of|in|(?:randomi[sz]ed|allocated|assigned) to) (?:the )?(?P<what>[\w -]{1,60}?) (?:arm|group)\b"
    r"(?!s|,| (?:and|or)\b)"
)
_LEFT_OUT = Pattern(r"\b(?:not|no|without|except|exclud\w+|other than)\b")
_SHORTEST = 3  # letters: what is shorter tells no arm in a sentence
_OF_ANY = frozenset({"treatment", "trial", "study"})  # words that tell no arm from another
_LATE = 28  # days: what ends less before another arm is a matter of windows
_SHORT, _LONG = 4, 10  # a quarter of a short interval, a tenth of a long one
_RECORDED = frozenset({"record_review", "registry"})


def compared(trial: Trial, endpoint: Node, arms: list[str]) -> list[str]:
    """Return the arms that an endpoint is analysed in: those that its analysis set or its subset names, else all."""
    chosen = trial.at("/statistics/analysis_sets").find(endpoint["analysis_set"].text)
    match = _IN_ARM.fullmatch(chosen["analysed_in"].text.strip()) or _OF_ARM.match(chosen["definition"].text)
    if match:
        said = {*folded(match["what"] or match["id"]).split()} - _OF_ANY
        if own := [arm for arm in arms if said and said <= _words(trial.root["arms"].find(arm))]:
            return own
    told = f"{endpoint['subset'].text} ; {chosen['definition'].text}"
    return [arm for arm in arms if _names(told, arm) and not _LEFT_OUT.search(told)] or arms


def _names(told: str, arm: str) -> bool:
    """Say whether words name an arm by its id, written as it is; a single letter names none."""
    return len(arm) > 1 and re.search(rf"(?<![\w-]){re.escape(arm)}(?![\w-])", told) is not None


def arms_of(trial: Trial, endpoint: Node) -> list[str]:
    """Return the arms in which an endpoint is read: those of its estimand, else of its analysis set, else all.

    Arms that participants enter from others are none of them unless an estimand names them.
    """
    return _of_estimand(endpoint) or compared(trial, endpoint, [arm["id"].text for arm in first_arms(trial.root)])


def of_some_arms(trial: Trial, endpoint: Node) -> bool:
    """Say whether an endpoint is read in a part of the participants that is one of some arms."""
    told = {*folded(endpoint["subset"].text).split()}
    if not told & {"arm", "arms", "group", "groups"}:
        arms = [*first_arms(trial.root)]
        names = (arm[key].text for arm in arms for key in ("id", "name"))
        return any(name and {*folded(name).split()} <= told for name in names) or any(_own(arms, told))
    return True


def _own(arms: list[Node], told: set[str]) -> Iterator[str]:
    """Yield the words by which one arm alone may be called, such as what is given in it."""
    words = [_words(arm) for arm in arms]
    for number, own in enumerate(words):
        others = set[str]().union(*words[:number], *words[number + 1 :])
        yield from (word for word in own - others if word in told and len(word) > _SHORTEST)


def _words(arm: Node) -> set[str]:
    """Return the words by which an arm may be called: its own and those of what is given in it."""
    called = [arm[key].text for key in ("id", "name", "type")]
    called += [each[key].text for each in interventions_of(arm) for key in ("id", "name", "kind", "role")]
    return {word for text in called for word in folded(text.replace("_", " ")).split()}


def unlike_spans(trial: Trial, endpoint: Node, *, primary: bool) -> Iterator[Found]:
    """Find arms where an outcome is no longer looked for, long before an interval ends, and in others it still is.

    Where a day does not follow from the file, only an arm is told in which it is looked for at no visit after the
    start. A secondary outcome, and one that is found in records, may be looked for at visits of some arms alone.
    """
    if not endpoint["interval"]:
        return
    begin, end = (day_of(trial, endpoint["interval"][key]) for key in ("from", "to"))
    stops = [stop for stop in trial.measured.get(endpoint["outcome"].text, ()) if stop.scheduled]
    arms = arms_of(trial, endpoint)
    everywhere = primary and trial.root["outcomes"].find(endpoint["outcome"].text)["mode"].text not in _RECORDED
    if begin is None or end is None or any(not stop.moments or not trial.anchors.ends(stop.visit) for stop in stops):
        lacking = [*_never_again(trial, endpoint, stops, arms, everywhere=everywhere)]
        yield from lacking or (_at_other_times(trial, endpoint, stops, arms) if primary else ())
        return
    dates = {arm: _dates(trial, stops, endpoint["outcome"].text, arm) for arm in arms}
    longest = min(max((_last(found, begin) for found in dates.values()), default=begin), end)
    tolerated = max(min(Decimal(_LATE), (end - begin) / _SHORT), (end - begin) / _LONG)
    early = [arm for arm, found in dates.items() if (found or everywhere) and _last(found, begin) < longest - tolerated]
    for arm in early:
        yield _stopped(endpoint, arm, dates, end)
    if everywhere and not early:
        yield from _looked_for_less(endpoint, dates, begin, end)


def _never_again(
    trial: Trial, endpoint: Node, stops: list[Stop], arms: list[str], *, everywhere: bool
) -> Iterator[Found]:
    """Find arms in which an outcome is looked for at no visit after the start, and in others it is."""
    outcome = endpoint["outcome"].text
    own = {arm: [stop for stop in stops if _of_arm(stop, outcome, arm)] for arm in arms}
    later = {arm: [stop for stop in found if _follows(trial, stop)] for arm, found in own.items()}
    lacking = [arm for arm, found in later.items() if not found and (own[arm] or everywhere)]
    seen = {stop.visit.path: stop for found in later.values() for stop in found}
    if lacking and seen:
        where = listed([named(stop.visit) for stop in seen.values()])
        message = (
            f"the interval of {endpoint['id'].text} is compared, and {endpoint['outcome'].text} is looked for at "
            f"{where}, which {lacks(lacking)} not have, and at no visit after the start there"
        )
        first = next(iter(seen.values())).visit
        hint = "look for it in every arm until the interval ends"
        yield Found(endpoint["interval"], message, hint, ((first["arms"] or first, "the arms of the visit"),))


def _at_other_times(trial: Trial, endpoint: Node, stops: list[Stop], arms: list[str]) -> Iterator[Found]:
    """Find visits with images of an event that come back in one arm, and that another lacks at those times."""
    outcome = trial.root["outcomes"].find(endpoint["outcome"].text)
    if outcome["mode"].text != "imaging" or endpoint["metric"].text != "time_to_event":
        return
    name = outcome["id"].text
    later = [stop for stop in _imaged(stops, name) if _follows(trial, stop)]
    for stop in later:
        own = [other for other in later if _times(trial, other) == _times(trial, stop)]
        lacking = [arm for arm in arms if not any(_of_arm(other, name, arm) for other in own)]
        if len(_times(trial, stop)) > 1 and 0 < len(lacking) < len(arms):
            message = (
                f"{endpoint['id'].text} is a time to an event that images show, and they are taken at "
                f"{named(stop.visit)}, which {lacks(lacking)} not have at that time"
            )
            hint = "take images at the same times in every arm: progression is found when it is looked for"
            at = endpoint["interval"]
            related = ((stop.visit["arms"] or stop.visit, "the arms of the visit"),)
            yield Found(at, message, hint, related, severity=Severity.WARNING)
            return


def _imaged(stops: list[Stop], outcome: str) -> list[Stop]:
    """Return the visits with images of an outcome, with these alone; with whatever serves it where no activity images.

    What else counts towards the event, such as another medicine that is taken, is recorded when it comes.
    """
    serving = [
        stop._replace(planned=tuple(each for each in stop.planned if _serves(each.activity, outcome))) for stop in stops
    ]
    images = [
        stop._replace(planned=tuple(each for each in stop.planned if each.activity["kind"].text == "imaging"))
        for stop in serving
    ]
    return [stop for stop in images if stop.planned] or serving


def _serves(activity: Node, outcome: str) -> bool:
    return outcome in {node.text for node in activity["serves"]}


def _times(trial: Trial, stop: Stop) -> tuple[object, ...]:
    """Return the days of a visit and of its first repeats, enough to tell one rhythm from another.

    Where no day follows from the file, they are the anchor with each offset and what comes back.
    """
    if stop.moments:
        return trial.anchors.recurring(stop.visit)[:3]
    visit = stop.visit
    stated = [node.value for node in visit["offsets"]] or [visit["offset"].value]
    every = visit["repeats"]["every"].value
    return (*((visit["anchor"].text, offset) for offset in stated), *([every] if every else []))


def _follows(trial: Trial, stop: Stop) -> bool:
    """Say whether a visit, or its last repeat, comes after the start; one without a day may."""
    start = start_of(trial)
    if not stop.moments or start is None:
        return not in_early_epochs(trial, stop)
    return trial.anchors.recurring(stop.visit)[-1] > start[1]


def lacks(names: list[str], what: str = "arm") -> str:
    """Write that arms, or cohorts, lack something: `arm A does`, to be followed by `not have`."""
    several = len(names) > 1
    return f"{what}{'s' if several else ''} {listed(names)} {'do' if several else 'does'}"


def _looked_for_less(endpoint: Node, dates: dict[str, Dates], begin: Decimal, end: Decimal) -> Iterator[Found]:
    """Find an arm where an outcome is looked for at half as many visits as in another, so that less of it is found.

    One visit more finds little more, and is passed over.
    """
    times = {arm: len([day for day, _ in found if begin < day <= end]) for arm, found in dates.items()}
    most, least = max(times, key=lambda arm: times[arm], default=""), min(times, key=lambda arm: times[arm], default="")
    if most and times[most] >= 2 * times[least] and times[most] - times[least] > 1:
        message = (
            f"over the interval of {endpoint['id'].text}, {endpoint['outcome'].text} is looked for at "
            f"{times[most]} visits in arm {most} and at {times[least]} in arm {least}"
        )
        hint = "look for it as often in every arm, or find it in a way that does not depend on visits"
        yield Found(endpoint["interval"], message, hint, severity=Severity.WARNING)


def _last(dates: Dates, otherwise: Decimal) -> Decimal:
    """Return the day on which the last visit may still be; another day where there is none."""
    return max((day + leeway(stop.visit, "after") for day, stop in dates), default=otherwise)


def _of_estimand(endpoint: Node) -> list[str]:
    """Return the arms that the first estimand of an endpoint compares; none where none is stated."""
    objective = endpoint.document.root.at(endpoint.pointer.rpartition("/endpoints/")[0])
    named_in = (each for each in objective["estimands"] if endpoint["id"].text in variables_of(each))
    return next(([node.text for node in each["treatment"]["arms"]] for each in named_in), [])


def _dates(trial: Trial, stops: Sequence[Stop], outcome: str, arm: str) -> Dates:
    return [(day, stop) for stop in stops if _of_arm(stop, outcome, arm) for day in trial.anchors.recurring(stop.visit)]


def _of_arm(stop: Stop, outcome: str, arm: str) -> bool:
    own = arms_at(stop, outcome)
    return not own or arm in own


def arms_at(stop: Stop, outcome: str) -> frozenset[str]:
    """Return the arms in which an outcome is measured at a visit; none where it is measured in all.

    They are those of the visit, and of these the ones that its entries of the activities name.
    """
    own = _arms_of(stop.visit)
    serving = [each.entry for each in stop.planned if outcome in [node.text for node in each.activity["serves"]]]
    named_in = [_arms_of(entry) for entry in serving]
    measured = frozenset[str]().union(*named_in) if all(named_in) else frozenset[str]()
    return (own & measured) or measured or own


def _arms_of(node: Node) -> frozenset[str]:
    """Return the arms that a visit or an entry names, else those of its cohorts; none where it is for all."""
    if node["arms"]:
        return frozenset(each.text for each in node["arms"])
    known = node.document.root["population"]["cohorts"]
    cohorts = [known.find(each.text) for each in node["cohorts"]]
    if not all(cohort["arms"] for cohort in cohorts):
        return frozenset()
    return frozenset(node.text for cohort in cohorts for node in cohort["arms"])


def _stopped(endpoint: Node, arm: str, dates: dict[str, Dates], end: Decimal) -> Found:
    other, (_, still) = max(
        ((each, max(found, key=_day)) for each, found in dates.items() if found), key=lambda row: _day(row[1])
    )
    mine = max(dates[arm], key=_day, default=None)
    outcome = endpoint["outcome"].text
    last = f"last looked for at {named(mine[1].visit)}, {in_days(end - mine[0])} before" if mine else ""
    message = (
        f"the interval of {endpoint['id'].text} is compared, and in arm {arm} {outcome} is "
        f"{f'{last} its end' if last else 'looked for at no visit'}; in arm {other} it is until {named(still.visit)}"
    )
    hint = "look for it in every arm until the interval ends"
    return Found(endpoint["interval"]["to"], message, hint, ((still.visit["arms"] or still.visit, "the later visit"),))


def _day(date: tuple[Decimal, Stop]) -> Decimal:
    return date[0]
