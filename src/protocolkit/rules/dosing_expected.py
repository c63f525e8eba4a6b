"""The day on which the last dose is expected, held against the days that the regimens give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found
from protocolkit.rules.times import in_days
from protocolkit.schedule import Placed, cohort_exposures, shortened
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.rules.trial import Trial


def unlike_last_dose(trial: Trial) -> Iterator[Found]:
    """Find an expected day of the last dose that is the day of nobody, where all of them follow.

    A later day may be that of a dose without one; of several arms one alone need have it. A day more or less is a
    matter of how days are counted.
    """
    if trial.at("/design/sequences"):
        return
    lasts = [each.last for each in cohort_exposures(trial.root)]
    lasts += [without.last for _, without in shortened(trial.root)]
    days = sorted({last.days for last in lasts if isinstance(last, Placed)})
    if not days or not all(isinstance(last, Placed) for last in lasts):
        return
    for anchor in trial.at("/schedule/anchors"):
        if anchor["kind"].text != "last_dose" or not anchor["expected"]:
            continue
        for expected in trial.anchors.offsets(anchor["id"].text):
            if expected < days[-1] and all(abs(expected - day) > 1 for day in days):
                told = f"the last dose is expected at {in_days(expected)}, and the steps give it at"
                message = f"{told} {listed([in_days(day) for day in days], 'or')}"
                hint = "correct the expected day or the steps"
                yield Found(anchor["expected"], message, hint, severity=Severity.WARNING)
