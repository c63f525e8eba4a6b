"""An endpoint in words: what is measured, how it is expressed and summarised, and when."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from protocolkit.render.lexicon import spelt
from protocolkit.render.thresholds import beside_outcome, changed, is_any, limited, of_a_limit, of_a_test
from protocolkit.render.times import length, shifted, stated
from protocolkit.render.words import flat, run

if TYPE_CHECKING:
    from protocolkit.document import Node
    from protocolkit.render.blocks import Inlines
    from protocolkit.render.values import Values

METRICS = {
    "final_value": "final value of {outcome}",
    "change_from_baseline": "change from baseline in {outcome}",
    "percent_change": "percentage change from baseline in {outcome}",
    "time_to_event": "time to {outcome}",
    "time_to_change": "time to change in {outcome}",
    "responder": "response in {outcome}",
    "event": "occurrence of {outcome}",
    "count": "number of {outcome}",
    "slope": "slope over time of {outcome}",
    "area_under_curve": "area under the curve of {outcome}",
    "ordinal": "category of {outcome}",
    "hierarchical": "hierarchical comparison of {outcome}",
    "mean_over_time": "mean over time of {outcome}",
    "ratio_to_baseline": "ratio to baseline of {outcome}",
    "best_overall_response": "best overall response in {outcome}",
    "sensitivity": "sensitivity of {outcome}",
    "specificity": "specificity of {outcome}",
    "positive_predictive_value": "positive predictive value of {outcome}",
    "negative_predictive_value": "negative predictive value of {outcome}",
    "detection_rate": "detection rate of {outcome}",
    "area_under_roc_curve": "area under the receiver operating characteristic curve of {outcome}",
    "agreement": "agreement on {outcome}",
}


# Names of outcomes that say by themselves what the metric says of them.
_OWN = {
    "time_to_event": re.compile(r"^(time|days?|length|duration|freedom)\b|\bsurvival\b", re.IGNORECASE),
    "responder": re.compile(
        r"\b(respon(se|ders?)|remission|cure|clearance|success|limb salvage|patency)\b"
        r"|^(?:(?:complete|full|sustained) )?(?:freedom|absence|resolution|healing|closure|abstinence|eradication)\b",
        re.IGNORECASE,
    ),
    "event": re.compile(r"^(any|at least|occurrence|incidence|proportion|outcomes?)\b", re.IGNORECASE),
    "count": re.compile(r"^days?\b|\b(number|count|total|frequency|rate)\b", re.IGNORECASE),
    "change_from_baseline": re.compile(r"^change\b", re.IGNORECASE),
    "percent_change": re.compile(r"^percent(age)? change\b", re.IGNORECASE),
    "slope": re.compile(r"^slope\b", re.IGNORECASE),
    "area_under_curve": re.compile(r"^area under\b", re.IGNORECASE),
    "ratio_to_baseline": re.compile(r"^ratio\b", re.IGNORECASE),
    "final_value": re.compile(
        r"^(highest|lowest|peak|maxim|minim|best|worst|trough|final|last|ratio)|\b(time|duration)$", re.IGNORECASE
    ),
    "mean_over_time": re.compile(r"^(mean|average|(percentage|proportion|share) of (the )?time)\b", re.IGNORECASE),
    "hierarchical": re.compile(r"^hierarchical\b", re.IGNORECASE),
    "best_overall_response": re.compile(r"^best (overall )?response\b", re.IGNORECASE),
    "sensitivity": re.compile(r"\bsensitivity\b", re.IGNORECASE),
    "specificity": re.compile(r"\bspecificity\b", re.IGNORECASE),
    "positive_predictive_value": re.compile(r"\b(predictive value|PPV)\b", re.IGNORECASE),
    "negative_predictive_value": re.compile(r"\b(predictive value|NPV)\b", re.IGNORECASE),
    "detection_rate": re.compile(r"\bdetection rate\b", re.IGNORECASE),
    "area_under_roc_curve": re.compile(r"\b(area under|AUC|ROC)\b", re.IGNORECASE),
    "agreement": re.compile(r"\b(agreement|concordance|kappa|reliability)\b", re.IGNORECASE),
}
# Names that the short words of a metric go before: best metabolic response, mean time in range.
_SHORT = {
    "best_overall_response": re.compile(r"^(?:\w+ ){0,2}response\b", re.IGNORECASE),
    "mean_over_time": re.compile(r"^(?:time|coefficient|number|level|concentration)s?\b", re.IGNORECASE),
}
SHORTENED = {"best_overall_response": "best overall", "mean_over_time": "mean"}
_OWN["time_to_change"] = _OWN["time_to_event"]
# How an outcome is called where the threshold is a limit of its value.
_OF_A_LIMIT = {
    "responder": "{outcome}",
    "event": "occurrence of {outcome}",
    "time_to_event": "time to {outcome}",
    "time_to_change": "time to {outcome}",
}
_WITHOUT = re.compile(
    r"(?:no|free (?:of|from)|freedom from|absence of|without)(?: [\w-]+){0,3} (?P<what>[\w-]{5,})", re.IGNORECASE
)
# What a composite is met by that speaks of its parts: `free of all three`, `none of these`.
_WITHOUT_ANY = re.compile(
    r"(?:free (?:of|from)|none of|freedom from) (?:(?:all|any|both) )?(?:the |of )*"
    r"(?:all|any|both|them|these|two|three|four|five|six|parts|components|events)(?: of (?:them|these))?",
    re.IGNORECASE,
)
_LASTS = re.compile(r"\b(?:within|over|during) \w+ \w+$")  # a time of its own, beside that of the visit
_DURATION = re.compile(r"\b(?:time|duration|length)\b|^days?\b", re.IGNORECASE)
_HORIZON = re.compile(
    r"\b\d+ (?:hour|day|week|month|year)s?\b|\bend of (?:the )?(?:follow-up|study|trial|surveillance)\b", re.IGNORECASE
)
_NO_NOUNS = {"first", "after", "start", "beginning", "randomisation", "documented", "until", "during", "before"}
_WITHIN = {"dose_start": "the start of dosing", "dose_end": "the end of dosing", "visit": "the start of the visit"}
# What compares with the baseline: a time that follows is that of the measurements, not that of the change.
_FROM_BASELINE = frozenset({"change_from_baseline", "percent_change", "ratio_to_baseline"})
_BEGINS_A_TIME = re.compile(r"(?:at|from|within|during|until|up to|over|after|before|between|throughout|by) ")
_PREPOSITION = re.compile(r"[,(]| (?:of|in|with|by|from|for|at|to|after|before|during|due|that|which|per|on|within) ")
_PLURAL = re.compile(
    r"(?<!diabet)(?<!ascit)(?<!herp)(?<!measl)(?<!rabi)[^siu]s$|^(children|people|women|men)$", re.IGNORECASE
)


def endpoint_words(endpoint: Node, values: Values) -> Inlines:
    """Return an endpoint as a phrase: `change from baseline in average pain in the last 24 h at Week 12`."""
    outcome = values.names.find(endpoint["outcome"].value, "outcomes")
    named = values.name(outcome) if outcome is not None else stated(endpoint["outcome"])
    if not named:
        return run(endpoint["id"].text)
    metric, threshold = endpoint["metric"].text, endpoint["threshold"].text
    if metric == "time_to_event" and _lasts(endpoint, named):
        lasting = named if _DURATION.search(named) else f"duration of {named}"
        return run(lasting + beside_outcome(threshold) + _when(endpoint, named, values))
    if metric == "time_to_event" and outcome is not None and outcome["range"]:
        metric = "time_to_change"  # a value on a scale is no event
    return run(_judged(metric, named, threshold) + _when(endpoint, named, values))


def of_measured(summary: str, measured: Inlines) -> Inlines:
    """Go on from a summary to what it is of: a proportion is that of people with an event, not of its occurrence."""
    words = flat(measured)
    if "proportion" in summary.casefold() and words.startswith("occurrence of "):
        return run(f" with {words.removeprefix('occurrence of ')}")
    return (*run(" against " if summary.endswith("efficacy") else " of "), *measured)


def _lasts(endpoint: Node, outcome: str) -> bool:
    """Say whether time is counted from what an outcome begins with to what ends it, so that it is how long that lasts.

    A start in words alone does not say so: `from the end of the campaign to the first episode` is the time to that.
    """
    start, end = (endpoint["interval"][key]["event"].text for key in ("from", "to"))
    named = _nouns(outcome)
    if not (start and endpoint["interval"]["to"]) or named & _nouns(end) or _HORIZON.search(end):
        return False
    return bool(named & _nouns(start) or _nouns(start) & _nouns(end))


def _nouns(text: str) -> set[str]:
    """Return the words of a text that say what it is about, of one or of several alike."""
    return {word.removesuffix("s") for word in re.findall(r"[a-z]{5,}", text.casefold())} - _NO_NOUNS


def _judged(metric: str, named: str, threshold: str) -> str:
    """Say what is made of an outcome and what makes it count: a value within limits, an occurrence, a response."""
    limit = limited(threshold)
    if limit and metric in _OF_A_LIMIT and not _says_itself(metric, named):
        return _OF_A_LIMIT[metric].replace("{outcome}", f"{named} {limit}")
    if metric == "event" and (beyond := of_a_limit(threshold)) and not _says_itself(metric, named):
        return f"occurrence of {named} {beyond}"
    if metric == "event" and (change := changed(threshold, named)):
        return f"occurrence of {change}"
    if metric == "responder" and (result := of_a_test(threshold, named)):
        return f"{named} {result}"
    if metric == "responder" and is_any(threshold):
        metric = "event"
    if metric == "responder" and _is_without(named, threshold):
        return f"freedom from {named}{beside_outcome(threshold)}"
    said = re.sub(r"^any ", "", threshold.strip(), flags=re.IGNORECASE).casefold() == named.casefold()
    return _measured(metric, named) + ("" if said else beside_outcome(threshold))


def _is_without(named: str, threshold: str) -> bool:
    """Say whether a participant counts who has nothing of what an outcome is about: `no adjudicated complication`."""
    if _WITHOUT_ANY.fullmatch(threshold.strip()):
        return True
    match = _WITHOUT.fullmatch(threshold.strip())
    return match is not None and match["what"].casefold() in named.casefold()


def _measured(metric: str, named: str) -> str:
    """Say what is made of an outcome, unless its name says so: `time to relapse` is not the time to that."""
    if not metric or _says_itself(metric, named):
        return named
    if metric in _SHORT and _SHORT[metric].search(named):
        return f"{SHORTENED[metric]} {named}"
    shape = METRICS.get(metric) or f"{spelt(metric)} of {{outcome}}"
    if metric == "count" and not is_plural(named):
        shape = "number of occurrences of {outcome}"
    return shape.replace("{outcome}", named)


def _says_itself(metric: str, named: str) -> bool:
    own = _OWN.get(metric)
    return own is not None and own.search(named) is not None


def is_plural(named: str) -> bool:
    """Say whether a name is that of things which can be counted: falls, exacerbations of asthma, modules completed."""
    head = [word for word in _PREPOSITION.split(named, maxsplit=1)[0].split() if not word.endswith("ed")]
    return bool(head) and _PLURAL.search(head[-1]) is not None


def _when(endpoint: Node, named: str, values: Values) -> str:
    if endpoint["visit"].text:
        comma = "," if _LASTS.search(named) and not endpoint["timepoint"] else ""
        at = f"{_within(endpoint['timepoint'])}{comma} at {values.reference(endpoint['visit'])}"
        return f"{at}{_elsewhere(endpoint, values)}"
    start, end = endpoint["interval"]["from"], endpoint["interval"]["to"]
    if _names_end(named, start, end) or _names_event(named, end["event"].text):
        end = endpoint["interval"]["nowhere"]
    told = values.span(start, end)
    if told and endpoint["metric"].text in _FROM_BASELINE:
        return f", measured over the time {told}"
    return f" {told}" if told else _frame(endpoint)


def _frame(endpoint: Node) -> str:
    """Say when an endpoint is read that is placed on no visit and no interval, in the author's words."""
    words = stated(endpoint["time_frame"])
    if not words:
        return ""
    return f" {words}" if _BEGINS_A_TIME.match(words) and "," not in words else f" (time frame: {words})"


def placed(endpoint: Node) -> bool:
    """Say whether a visit or an interval says when an endpoint is read, so that its time frame stands beside that."""
    return bool(endpoint["visit"].text or endpoint["interval"])


def _within(point: Node) -> str:
    """Say at which time of a visit an endpoint is read: ` from 15 minutes before to 60 minutes after the dose`."""
    whence = _WITHIN.get(point["relative_to"].text, "")
    if not whence or not point["offset"]:
        return ""
    read = shifted(point["offset"].text, whence)
    if point["baseline"]:
        return f" from {shifted(point['baseline'].text, whence)} to {read},"
    return f" at {read}," if read == whence else f" {read},"


def _elsewhere(endpoint: Node, values: Values) -> str:
    """Say in which arms an endpoint is measured at another visit: `, in Examplinib at Day 61`."""
    parts = [
        f", in {flat(values.content(each['arms']))} at {values.reference(each['visit'])}"
        for each in endpoint["arm_visits"]
    ]
    return "".join(parts)


def _names_event(named: str, event: str) -> bool:
    """Say whether the name of an outcome is the event that ends it, or the time to it: `time to progression`."""
    shape = rf"(?:time (?:to|until) )?{re.escape(event)}(?: (?:from|of|due to) .+)?"
    return bool(event) and re.fullmatch(shape, named, re.IGNORECASE) is not None


def _names_end(named: str, start: Node, end: Node) -> bool:
    """Say whether the name of an outcome ends with the end of the interval: `to day 28`, `within 90 days`."""
    size = length(end["offset"].text.removeprefix("-"))
    number, _, unit = size.partition(" ")
    if not unit:
        return False
    noun = unit.removesuffix("s")
    if noun == "day" and number.isdigit() and start["anchor"].text == end["anchor"].text and not start["offset"]:
        number = f"(?:{number}|(?<=within ){int(number) + 1})"  # the first day counts among the days within which it is
    return re.search(rf"\b(?:{noun} {number}|{number} {noun}s?)$", named, re.IGNORECASE) is not None
