"""What non-inferiority rests on: that the comparator works here as it did before, and that the trial could tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found
from protocolkit.rules.statistics_analyses import framework_of
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial


def inferiorities(trial: Trial, primary: Iterable[Node]) -> list[Node]:
    """Return the objectives that are to show non-inferiority, and the design where a primary one follows it.

    A design without a primary objective counts as well.
    """
    design = trial.root["design"]
    followed = [framework_of(each).path == design["framework"].path for each in primary]
    owners = [design] if any(followed) or not followed else []
    owners += trial.root["objectives"]
    return [each for each in owners if each["framework"]["kind"].text == "non_inferiority"]


def unreasoned(owners: list[Node]) -> Iterator[Found]:
    """Find non-inferiority without constancy or assay sensitivity: told once for all that lack the same."""
    lacking: dict[tuple[str, bool], list[Node]] = {}
    for owner in owners:
        missing = [key for key in ("constancy", "assay_sensitivity") if not owner["framework"][key]]
        if missing:
            main = owner["level"].text in ("", "primary")
            lacking.setdefault((listed(missing), main), []).append(owner)
    for (lacked, main), rows in lacking.items():
        names = listed([each["id"].text or "the trial" for each in rows])
        related = tuple((each["framework"], "nor this one") for each in rows[1:])
        weight = None if main else Severity.WARNING
        message = f"non-inferiority of {names} is planned without {lacked.replace('_', ' ')}"
        yield Found(rows[0]["framework"], message, f"state {lacked}", related, severity=weight)
