"""Rule on sentences that tell a time or a value which the data tell otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import quantity
from protocolkit.findings import Severity
from protocolkit.rules.identity_components import components, other_lengths
from protocolkit.rules.identity_end import end_told, other_end
from protocolkit.rules.identity_observation import observed, other_observation
from protocolkit.rules.matching import stems
from protocolkit.rules.model import Found, NotApplicable, Rule, below, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.statistics_analyses import BESIDE
from protocolkit.rules.times import in_mean_days
from protocolkit.rules.told_times import Told, beginnings, least_lengths, read_times, times_of, times_of_visit
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

# The hours of `at 10:00 and 16:00` are no range.
_SPAN = Pattern(r"(?<![0-9]:)\b([0-9]+(?:\.[0-9]+)?) ?(?:to|-|\N{EN DASH}|and) ?([0-9]+(?:\.[0-9]+)?)\b(?!:[0-9])")
# A percentage that is a limit, as in `at least 15 %`; that of an interval or of a power is none.
_SHARE = Pattern(
    r"(?:\bat (?:least|most)|\b(?:more|less|greater|lower) than|\bbelow|\babove|[<>\u2264\u2265]=?) ?"
    r"([0-9]+(?:\.[0-9]+)?) ?%"
    r"|(?<![\w.])([0-9]+(?:\.[0-9]+)?) ?% or (?:more|less|lower|higher|above|below)\b"
)
_SHOWN = 5


@rule(
    "ID15", Severity.WARNING,
    reads=(*below("/objectives/*", "endpoints", "estimands", "text"), "/statistics/analyses", "/schedule",
           "/population", "/design/end_of_trial", "/interventions/*/vaccine/observation",
           "/interventions/*/discharge/observation", "/interventions/*/regimen/steps/*/observation",
           *below("/outcomes/*", "components", "instrument", "measurement", "name")),
)  # fmt: skip
def in_words(trial: Trial) -> Iterator[Found]:
    """The times and values that a sentence names are those of the data.

    Why: the objective is what an ethics committee and a registry read; where it says week 8 and the endpoint is read at
    week 12, one of both is reported.

    Applies: an objective, an estimand, or the model or effect of a main analysis, names a time (`at week 12`, `12 weeks
    after the first dose`), its endpoints are read at one time, and that is known: one of the times named must be it, or
    be that of a randomisation; six months are 24 to 26 weeks. Where an objective has events counted from a time on
    (`from 14 days after vaccination`), an interval begins then. One percentage that is a limit in an objective is
    the threshold of its only endpoint. The range of the outcome at entry, and the least
    duration of the condition, are compared with the description of the population and with criteria that speak of them
    in words. An end of the trial that is a last visit at a time is not before other visits. A component of an outcome
    lasts as long as the outcome that it names. An activity that watches people after a dose, and tells one time, tells
    one that an intervention states.

    Basis:
        internal consistency of the protocol, words and data (H)
        SPIRIT 2025, 16 (M)

    Fails::

        objectives:
          - id: O1
            text: To compare pain 8 weeks after the first dose.
            endpoints: [{id: E1, outcome: NRS, visit: V12}]
        schedule:
          anchors: [{id: first_dose, kind: first_dose}]
          visits: [{id: V12, name: Week 12, anchor: first_dose, offset: 12 wk}]

    Passes::

        objectives:
          - id: O1
            text: To compare pain 12 weeks after the first dose.
            endpoints: [{id: E1, outcome: NRS, visit: V12}]
        schedule:
          anchors: [{id: first_dose, kind: first_dose}]
          visits: [{id: V12, name: Week 12, anchor: first_dose, offset: 12 wk}]
    """
    told = [(node, endpoints) for node, endpoints in _sentences(trial) if endpoints and read_times(node.text)]
    population = [*_population(trial)]
    others = end_told(trial) is not None or observed(trial) or any(components(trial))
    shares = [*_other_shares(trial)]
    if not told and not population and not others and not shares:
        raise NotApplicable("no sentence names a time of an endpoint or a value at entry")
    yield from _other_times(trial, told)
    yield from _other_beginnings(trial)
    yield from shares
    yield from other_end(trial)
    yield from other_lengths(trial)
    yield from other_observation(trial)
    for each in population:
        yield from _other_range(trial, each)
        yield from _other_duration(trial, each)


def _sentences(trial: Trial) -> Iterator[tuple[Node, list[Node]]]:
    """Yield the sentences that can name the time of endpoints, each with the endpoints it is about."""
    by_id: dict[str, Node] = {}
    for objective in trial.root["objectives"]:
        own = [*objective["endpoints"]]
        by_id |= {endpoint["id"].text: endpoint for endpoint in own}
        if len({_placed(endpoint) for endpoint in own}) == 1:
            yield objective["text"], own
        for estimand in objective["estimands"]:
            variable = [each for each in own if each["id"].text == estimand["variable"].text]
            yield estimand["main_estimator"], variable
            for event in estimand["intercurrent_events"]:
                yield event["value_if_composite"], variable
    for analysis in trial.at("/statistics/analyses"):
        if analysis["role"].text in BESIDE:
            continue  # an analysis beside the main one may be of another time
        own = [by_id[name] for name in (analysis["endpoint"].text,) if name in by_id]
        yield analysis["model"], own
        yield analysis["effect"], own


def _placed(endpoint: Node) -> str:
    return repr([endpoint[key].value for key in ("visit", "arm_visits", "interval")])


def _other_times(trial: Trial, told: list[tuple[Node, list[Node]]]) -> Iterator[Found]:
    """Find sentences that name other times than their endpoints have, told once for endpoints and a time."""
    assigned = {day for each in trial.at("/design/randomisations") for day in times_of_visit(trial, each["at"].text)}
    apart: dict[tuple[str, float], list[tuple[Node, Told]]] = {}
    first: dict[str, list[Node]] = {}
    for node, endpoints in told:
        known, said = [times_of(trial, endpoint) for endpoint in endpoints], read_times(node.text)
        if all(known) and not any(each.is_one_of(assigned.union(*known)) for each in said):
            names = listed([_when(endpoint) for endpoint in endpoints])
            first.setdefault(names, endpoints)
            apart.setdefault((names, said[0].days), []).append((node, said[0]))
    for (names, _), rows in apart.items():
        node, said_first = rows[0]
        at = first[names][0]["visit"] or first[names][0]["interval"] or first[names][0]
        message = f'"{said_first.words}" is said, and what is read is {names}'
        related = ((at, "the time of the endpoint"), *((other, "said here too") for other, _ in rows[1:_SHOWN]))
        yield Found(node, message, "tell one time", related)


def _other_beginnings(trial: Trial) -> Iterator[Found]:
    """Find an objective that has events counted from another time on than each of its endpoints."""
    for objective in trial.root["objectives"]:
        froms = [endpoint["interval"]["from"]["offset"] for endpoint in objective["endpoints"]]
        known = {day for node in froms if (day := in_mean_days(node)) is not None}
        for said in beginnings(objective["text"].text) if froms and all(froms) else ():
            if known and not said.is_one_of(known):
                message = f'"{said.words}" is said, and events are counted from {froms[0].text} on'
                yield Found(objective["text"], message, "tell one time", ((froms[0], "the beginning"),))


def _other_shares(trial: Trial) -> Iterator[Found]:
    """Find an objective that names one percentage where the threshold of its only endpoint is another."""
    for objective in trial.root["objectives"]:
        own = [*objective["endpoints"]]
        limit = quantity(own[0]["threshold"]) if len(own) == 1 else None
        said = {float(match[1] or match[2]): match[0] for match in _SHARE.finditer(objective["text"].text)}
        if limit is None or limit.unit.code != "%" or len(said) != 1:
            continue
        if abs(float(limit.value)) not in said:
            at, (words,) = own[0]["threshold"], said.values()
            message = f'"{words}" is said, and the threshold is {at.text}'
            yield Found(objective["text"], message, "tell one threshold", ((at, "the threshold"),))


def _when(endpoint: Node) -> str:
    at = endpoint["visit"].text
    return f"{endpoint['id'].text} at {at}" if at else f"{endpoint['id'].text} over its interval"


def _population(trial: Trial) -> Iterator[Node]:
    """Yield the texts that can tell the range at entry or the duration: of the whole, and of criteria without a key."""
    population = trial.at("/population")
    if population["severity_at_entry"] or population["condition"]["duration_min"]:
        texts = [each["text"] for each in population["inclusion"] if not each["measure"]]
        yield from (node for node in (population["description"], *texts) if node)


def _other_range(trial: Trial, node: Node) -> Iterator[Found]:
    entries = trial.at("/population/severity_at_entry")
    for entry in entries if isinstance(entries.value, list) else (entries,):
        limits = entry["range"]["min"], entry["range"]["max"]
        values = [quantity(limit) for limit in limits]
        if not all(values) or not (part := _speaking_of(trial, entry["outcome"].text, node.text)):
            continue
        spans = [sorted(map(float, match.groups())) for match in _SPAN.finditer(part)]
        wanted = sorted(float(value.value) for value in values if value is not None)
        if len(spans) == 1 and spans[0] != wanted:
            told = f"{spans[0][0]:g} to {spans[0][1]:g}"
            message = f"{told} is said, and {entry['outcome'].text} at entry is {limits[0].text} to {limits[1].text}"
            yield Found(node, message, "tell one range", ((limits[0], "the range at entry"),))


def _speaking_of(trial: Trial, outcome: str, text: str) -> str:
    """Return what a text says from the first word on that names an outcome; an empty text where it names it not."""
    found = trial.root["outcomes"].find(outcome)
    short = found["instrument"]["name"].text.split(" ")[0]
    if len(short) > 1 and short in text:
        return text[text.index(short) :].partition(".")[0]
    wanted, own = stems(found["name"].text), stems(text)
    if len(wanted & own) < min(2, len(wanted)) or not wanted:
        return ""
    words = text.split(" ")
    first = next((place for place, word in enumerate(words) if stems(word) & wanted), 0)
    return " ".join(words[first:])


def _other_duration(trial: Trial, node: Node) -> Iterator[Found]:
    condition = trial.at("/population/condition")
    least, said = in_mean_days(condition["duration_min"]), least_lengths(node.text)
    about = stems(condition["name"].text)
    speaks = len(about & stems(node.text)) >= min(2, len(about))
    if least is None or len(said) != 1 or not about or not speaks or said[0].is_one_of({least}):
        return
    message = f'"{said[0].words}" is said, and the least duration is {condition["duration_min"].text}'
    yield Found(node, message, "tell one duration", ((condition["duration_min"], "the duration"),))


RULES: tuple[Rule, ...] = (in_words,)
