"""What trials do to people before serious events are collected: a washout after consent, or an invasive procedure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.times import anchor_kind, anchor_of, day_of, leeway, length
from protocolkit.rules.trial import named

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_INVASIVE = Pattern(
    r"\bbiops(?:y|ies)\b|\blumbar puncture|\b(?:[a-z]+o)?(?:endo|colono|broncho|gastro|cysto)scop(?:y|ies)\b"
    r"|\bcatheteri[sz]ation\b|\b(?:bone marrow|needle) aspirat|\b(?:leuk)?apheresis\b|\bsedation\b"
)
_DONE_EARLIER = Pattern(r"\barchiv|\bstored\b|\bearlier\b|\bprevious|\bhistor|\bresults?\b|\breports?\b|if available")
_AFTER_CONSENT = Pattern(r"\bafter (?:the )?(?:informed )?consent\b")


def uncollected(trial: Trial, window: Node) -> Iterator[Found]:
    """Find what participants undergo for the trial before the window of serious events opens; a note may cover it."""
    opens = None if window["note"] or window["by_arm"] else day_of(trial, window["start"])
    if opens is None or anchor_kind(trial, anchor_of(window["start"])) == "consent":
        return
    for at, what in (*_washouts(trial), *_procedures(trial, opens)):
        message = f"window of SAE: serious events of {what}, before the window opens, are not covered"
        hint = "start it at consent, or say in note how events caused by trial procedures are reported"
        yield Found(window["start"], message, hint, ((at, "what comes before"),), severity=Severity.INFO)
        return


def _washouts(trial: Trial) -> Iterator[tuple[Node, str]]:
    for each in trial.at("/population/washouts"):
        if _AFTER_CONSENT.search(each["start"].text) and (length(each["duration"]) or 0) > 0:
            yield each["start"], f"the washout of {each['drug'].text or each['class'].text}, which starts after consent"


def _procedures(trial: Trial, opens: Decimal) -> Iterator[tuple[Node, str]]:
    """Yield invasive activities that usual care does not do anyhow, at visits a day or more before the window."""
    for stop in trial.timetable.of_participants:
        before = stop.scheduled and stop.moments and stop.moments[0].offset + leeway(stop.visit, "after") <= opens - 1
        for planned in stop.planned if before else ():
            activity = planned.activity
            words = f"{activity['name'].text} {planned.entry['condition'].text} {activity['condition'].text}"
            if _INVASIVE.search(words) and not _DONE_EARLIER.search(words) and not activity["routine_care"].value:
                yield stop.visit, f"{named(activity)} at {named(stop.visit)}"
