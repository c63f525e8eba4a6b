"""An endpoint in words: what is measured, how it is expressed and summarised, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.render.lexicon import spelt
from protocolkit.render.times import stated
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
    "responder": "response in {outcome}",
    "event": "occurrence of {outcome}",
    "count": "number of {outcome}",
    "slope": "slope over time of {outcome}",
    "area_under_curve": "area under the curve of {outcome}",
    "ordinal": "category of {outcome}",
    "best_overall_response": "best overall response in {outcome}",
}


def endpoint_words(endpoint: Node, values: Values) -> Inlines:
    """Return an endpoint as a phrase: `change from baseline in average pain in the last 24 h at Week 12`."""
    outcome = values.names.find(endpoint["outcome"].value, "outcomes")
    named = values.name(outcome) if outcome is not None else stated(endpoint["outcome"])
    if not named:
        return run(endpoint["id"].text)
    shape = METRICS.get(endpoint["metric"].text) or f"{spelt(endpoint['metric'].text)} of {{outcome}}"
    words = shape.replace("{outcome}", named) if endpoint["metric"].text else named
    return run(words + _threshold(endpoint) + _when(endpoint, values))


def _threshold(endpoint: Node) -> str:
    threshold = endpoint["threshold"]
    return f" (threshold: {stated(threshold)})" if threshold.text else ""


def _when(endpoint: Node, values: Values) -> str:
    if endpoint["visit"].text:
        return f" at {values.reference(endpoint['visit'])}"
    start, end = (flat(values.time(endpoint["interval"][key])) for key in ("from", "to"))
    first = f" from {start}" if start else ""
    return first + (f" to {end}" if end else "")
