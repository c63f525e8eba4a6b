"""Washouts of own medicines, which are prohibited before the first dose as well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.matching import stems
from protocolkit.rules.pairs import Pair
from protocolkit.rules.times import anchor_kind, anchor_of, in_mean_days

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.rules.trial import Trial


def washouts(trial: Trial) -> Iterator[Pair]:
    """Yield each washout of a class that is prohibited from a day before the first dose on: it is no shorter."""
    for washout in trial.at("/population/washouts"):
        stated, drug = in_mean_days(washout["duration"]), stems(washout["drug"].text)
        for row in trial.at("/concomitant/prohibited"):
            begin, named = in_mean_days(row["from"]["offset"]), stems(row["class"].text)
            same = bool(named) and named <= drug and anchor_kind(trial, anchor_of(row["from"])) == "first_dose"
            if same and stated is not None and begin is not None and begin < 0:
                told = f"it is prohibited from {row['from']['offset'].text} on"
                what = f"washout of {washout['drug'].text}"
                yield Pair(washout["duration"], what, told, stated >= -begin, Severity.WARNING)
