"""The participants that have to be seen at a look, in words or in its bounds, beside its share of the information."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import quantity
from protocolkit.findings import Severity
from protocolkit.rules.model import Found
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.statistics_arms import number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_COUNT = Pattern(
    r"\b([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{2,6}) (?:\w+ )?(?:participants|patients|people|children|infants|women|men)\b"
)
_OF_SOME = Pattern(r"\b(?:arms?|groups?|each|every|cohorts?|strat\w+|stages?|per)\b")
_AMONG = Pattern(
    r"\b[0-9]{1,3} (?:or (?:fewer|less|more) )?(?:(?:participants|patients|responders|responses) )?of "
    r"([0-9]{2,4})\b(?![.,]?[0-9]| ?%)"
)
_CLUSTERED = Pattern(r"\b([0-9]{1,4}) ((?:\w+ )?\w+)")
_UNIT = Pattern(r"[:;,(]| of | in | with ")  # what a unit of clusters is called ends there
_NEAR_OF_CLUSTERS = 5  # percentage points: clusters differ in size
_NEAR = 2  # percentage points: 450 of 864 that can be evaluated
_TOTALS = {"randomised_total": 1, "evaluable_total": 1, "randomised_per_arm": 2, "evaluable_per_arm": 2}


def other_count(trial: Trial, look: Node) -> Iterator[Found]:
    """Find a look whose number of participants is not its share of those that the only sample size plans."""
    entries, share, told = [*trial.at("/statistics/sample_size")], quantity(look["information"]), look["when"]
    counts = _COUNT.findall(told.text)
    if len(entries) != 1 or len(counts) != 1 or share is None or share.unit.code != "%" or look["events"]:
        return
    if (
        entries[0]["events"]
        or _OF_SOME.search(told.text)
        or len([*trial.root["arms"]]) != _TOTALS["randomised_per_arm"]
    ):
        return
    count = int(counts[0].replace(",", ""))
    plans = {stated * arms for key, arms in _TOTALS.items() if (stated := number(entries[0][key]))}
    if plans and all(abs(100 * count / plan - float(share.value)) > _NEAR for plan in plans):
        message = f"{look['id'].text} is at {count} participants and at {share.value:f} % of the information, and"
        told_plan = f"{message} {max(plans)} are planned, of which that is {100 * count / max(plans):.0f} %"
        related = ((look["information"], "the share"),)
        yield Found(told, told_plan, "tell one of both", related, severity=Severity.WARNING)


def other_clusters(trial: Trial, look: Node) -> Iterator[Found]:
    """Find a look whose number of clusters is not its share of those of the design."""
    share, told, stated = quantity(look["information"]), look["when"], trial.at("/design/cluster/clusters")
    planned, counts = number(stated), [*_clusters_told(trial, told.text)]
    if share is None or share.unit.code != "%" or not planned or len(counts) != 1 or look["events"]:
        return
    reached = 100 * counts[0] / planned
    if not _OF_SOME.search(told.text) and abs(reached - float(share.value)) > _NEAR_OF_CLUSTERS:
        message = f"{look['id'].text} is at {counts[0]} clusters and at {share.value:f} % of the information, and"
        told_plan = f"{message} {planned} are planned, of which that is {reached:.0f} %"
        related = ((look["information"], "the share"), (stated, "the clusters"))
        yield Found(told, told_plan, "tell one of both", related, severity=Severity.WARNING)


def _clusters_told(trial: Trial, text: str) -> Iterator[int]:
    """Yield the numbers of clusters in a text: by that word, or by what the design calls one."""
    called = _UNIT.sub("\n", trial.at("/design/cluster/unit").text.casefold()).partition("\n")[0].split()
    stems = ("cluster", *(word[:-1] for word in called[-1:] if len(word) > 3))  # noqa: PLR2004 - a word, and its plural
    for match in _CLUSTERED.finditer(text):
        if any(word.startswith(stems) for word in match[2].casefold().split()):
            yield int(match[1])


def other_whole(trial: Trial, look: Node) -> Iterator[Found]:
    """Find a bound, such as 2 of 20, that counts among a number that is the stated share of no number planned."""
    share, plans = quantity(look["information"]), _plans(trial)
    if share is None or share.unit.code != "%" or look["events"] or look["tests"] or not plans:
        return
    for bound in look["bounds"]:
        for among in map(int, _AMONG.findall(bound.text)):
            if all(abs(100 * among / plan - float(share.value)) > _NEAR for plan in plans):
                message = f"{look['id'].text} is at {share.value:f} % of the information, a bound counts among {among}"
                wanted = f"{message}, which is not that share of any number planned"
                related = ((look["information"], "the share"),)
                yield Found(bound, wanted, "tell one of both", related, severity=Severity.WARNING)


def _plans(trial: Trial) -> set[int]:
    """Return the numbers planned, of arms, of several arms together and of the trial; none where events are planned."""
    arms = [*trial.root["arms"]]
    entries = [*trial.at("/statistics/sample_size")]
    known = [size for entry in entries for key in _TOTALS if (size := number(entry[key]))]
    known += [size for arm in arms if (size := number(arm["participants"]))]
    known += [size for each in trial.at("/population/cohorts") if (size := number(each["participants"]))]
    if any(entry["events"] for entry in entries):
        return set()
    return {size * count for size in known for count in range(1, len(arms) + 1)}
