"""Rules on the numbers of participants: recomputed, inflated for missing data, the same wherever they are told."""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING

from protocolkit.dosing.amounts import quantity
from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, NotChecked, Rule, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.rerandomised import arms_change, assigned_arms
from protocolkit.rules.statistics_arms import BEYOND, number, told_elsewhere
from protocolkit.rules.statistics_counts import needed_otherwise
from protocolkit.rules.statistics_recompute import Needed, Unusable, of_one_group, power_of, recomputed
from protocolkit.rules.statistics_sizes import SIZED_FOR, of_outside, sized_by
from protocolkit.rules.trial import variables_of
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_OTHER = "the sample size by another method is not recomputed"
_SLACK = 1e-9
_POWER_DIGITS = 0.005
_ROUNDED_UP = 0.02  # to a whole number of blocks or sites
_ALLOWS = Pattern(r"\b(?:allow|inflat|increas|rais|further|extra|additional|buffer|reserve|margin of safety)")
_SAWTOOTH = frozenset({"one_prop_exact", "one_rate_poisson"})


@rule(
    "STAT15", Severity.ERROR,
    reads=("/statistics/sample_size", "/arms/*/participants", "/design/randomisations", "/design/sequences",
           "/design/model", "/design/adaptive", "/design/substudies", "/arms/*/opens", "/population/participants",
           "/population/cohorts", "/design/external_comparators", *SIZED_FOR),
    tags_off=("pilot", "dose-escalation"),
)  # fmt: skip
def enough(trial: Trial) -> Iterator[Found]:
    """The numbers of participants follow from the stated method, its inputs and the missing data, and agree everywhere.

    Why: a number that does not follow from its own inputs leaves the power unknown; a reader who computes it again must
    find the same one. What another method found (by simulation, say) is not recomputed; its rationale is what there is.

    Applies: a sample size is stated, or participants of the arms are. A number that is far above what the inputs give,
    or what is left of them without those missing, is a warning, unless its rationale or approximation says what else it
    rests on; so is one that the rationale calls needed and tells a little otherwise. An arm that is set against a fixed
    value is held against the number that must be evaluable in it. A computation for some cohorts, or for an endpoint of
    some, is held against these; the participants of a comparator outside the arms are none to be enrolled. Where arms
    open late, are stopped or chosen on the way, or take part in several randomisations, they must only be enough; arms
    that no randomisation names, where each of them names its arms, are beside the number.

    Basis:
        ICH M11 Step 4, 10.11 (H)
        SPIRIT 2025, 19 (H)

    Fails::

        statistics:
          sample_size:
            - {objective: O1, method: two_means_z, delta: '1 {score}', sd: '2 {score}', alpha: 0.05, sided: 2,
               power: 0.9, ratio: '1:1', missing: 10 %, evaluable_per_arm: 70, randomised_per_arm: 78}

    Passes::

        statistics:
          sample_size:
            - {objective: O1, method: two_means_z, delta: '1 {score}', sd: '2 {score}', alpha: 0.05, sided: 2,
               power: 0.9, ratio: '1:1', missing: 10 %, evaluable_per_arm: 85, randomised_per_arm: 95}
    """
    entries = [*trial.at("/statistics/sample_size")]
    open_ones: list[tuple[Node, str]] = []
    found = [each for entry in entries for each in (*_inflated(entry), *_small_arm(trial, entry))]
    for entry in entries:
        found += _again(trial, entry, open_ones)
    # A number that does not follow from its inputs is told once, not again against the arms.
    wrong = {each.at.path for each in found}
    stated = {other.path for each in found for other in _beside(each.at)}
    found += [each for each in told_elsewhere(trial, entries) if each.at.path not in wrong | stated]
    found = found or [each for entry in entries for each in _beyond_missing(entry)]
    found = found or [each for entry in entries for each in needed_otherwise(entry)]
    yield from found
    asked = [(at, reason) for at, reason in open_ones if reason != _OTHER]
    told = asked or open_ones
    reasons = listed([*dict.fromkeys(reason for _, reason in told)])
    if open_ones and not found:
        raise NotChecked(reasons, told[0][0], counted=not asked)
    if asked:
        yield Found(asked[0][0], reasons, severity=Severity.INFO)
    if not entries and not any(arm["participants"] for arm in trial.root["arms"]):
        raise NotApplicable("no numbers of participants are stated")


def _beside(at: Node) -> list[Node]:
    """Return the number randomised that goes with one that does not follow from its inputs, where it is no other."""
    entry = at.document.root.at(at.pointer.rpartition("/")[0])
    if at.path[-1] not in ("evaluable_per_arm", "evaluable_total"):
        return [entry[key] for key in ("randomised_per_arm", "randomised_total", "enrolled_max")]
    return []


def _again(trial: Trial, entry: Node, open_ones: list[tuple[Node, str]]) -> Iterator[Found]:
    """Find numbers below those that the method asks for; what cannot be recomputed is added to `open_ones`."""
    from protocolkit.sample_size import NotComputable  # noqa: PLC0415 - where a sample size is stated

    if not entry["method"]:
        return
    if entry["method"].text == "other":
        open_ones.append((entry["method"], _OTHER))
        return
    try:
        needed = recomputed(entry)
        if needed is not None:
            yield from _short(trial, entry, needed)
    except Unusable as fault:
        yield Found(fault.at, f"the sample size cannot be recomputed: {fault.reason}", "state what the method needs")
    except NotComputable as missing:
        open_ones.append((entry["method"], f"the sample size by {entry['method'].text} is {missing}"))


def _short(trial: Trial, entry: Node, needed: Needed) -> Iterator[Found]:
    if needed.events is not None:
        stated = number(entry["events"])
        if stated is not None and stated < needed.events:
            message = f"events: stated {stated}, recomputed {needed.events} ({needed.method}, {needed.library})"
            yield Found(entry["events"], message, f"state at least {needed.events} events")
        elif stated is not None:
            yield from _beyond(entry, entry["events"], (stated, needed.events), "events", needed)
    if needed.per_arm is None and needed.total is None:
        if needed.events is None:
            yield from _overstated(entry)
    else:
        yield from _too_few(trial, entry, needed)


def _too_few(trial: Trial, entry: Node, needed: Needed) -> Iterator[Found]:
    at, stated, wanted, shown, total = _compared(trial, entry, needed)
    if stated is None or wanted is None:
        return
    if stated >= wanted:
        if at.path[-1] in ("evaluable_per_arm", "evaluable_total"):
            yield from _beyond(entry, at, (stated, wanted), shown, needed)
        if needed.method in _SAWTOOTH and at.path[-1] == "evaluable_total":
            yield from _between(entry, stated, needed)
        return
    reached = power_of(needed, total) if total else None
    told = f"; the stated number gives a power of {reached:.3f}" if reached is not None else ""
    message = f"{shown}: stated {stated}, recomputed {wanted} ({needed.method}, {needed.library}){told}"
    yield Found(at, message, f"state at least {wanted}, or the inputs from which {stated} follows")


def _between(entry: Node, stated: int, needed: Needed) -> Iterator[Found]:
    """Find a number above the least one at which the power of an exact test, which rises in a sawtooth, falls short."""
    wanted, reached = entry["power"].value, power_of(needed, stated)
    if reached is not None and isinstance(wanted, int | float) and reached < wanted - _POWER_DIGITS:
        message = (
            f"evaluable in all: {stated} give a power of {reached:.3f} ({needed.method}), though {needed.total} have"
        )
        hint = f"state {needed.total}, or a larger number that has it: the power of an exact test rises in a sawtooth"
        yield Found(entry["evaluable_total"], f"{message} {wanted:g}", hint, severity=Severity.WARNING)


def _beyond(entry: Node, at: Node, numbers: tuple[int, int], shown: str, needed: Needed) -> Iterator[Found]:
    """Find a number far above the one that the inputs give, where nothing says what else it rests on."""
    stated, wanted = numbers
    if stated > wanted * BEYOND and not entry["rationale"] and not entry["approximation"]:
        message = f"{shown}: stated {stated}, and the inputs give {wanted} ({needed.method}, {needed.library})"
        hint = "correct the inputs, or say under rationale what else the number rests on"
        yield Found(at, message, hint, severity=Severity.WARNING)


def _overstated(entry: Node) -> Iterator[Found]:
    """Find a stated power above the one that a method for given numbers computes."""
    from protocolkit.rules.statistics_recompute import inputs  # noqa: PLC0415 - beside the method
    from protocolkit.sample_size import again, methods  # noqa: PLC0415 - as above

    name, stated = entry["method"].text, entry["power"].value
    if not name.endswith("_power") or not isinstance(stated, int | float):
        return
    result = again.required(name, **inputs(entry, methods()[name].parameters))
    reached = float(result["power"])  # type: ignore[arg-type]  # a number by its name
    if stated > reached + _POWER_DIGITS:
        message = f"power: stated {entry['power'].text}, recomputed {reached:.3f} ({name}, {result.library})"
        yield Found(entry["power"], message, "state the power that the numbers give, or more participants")


def _compared(trial: Trial, entry: Node, needed: Needed) -> tuple[Node, int | None, int | None, str, int | None]:
    """Choose what to compare: evaluable numbers where they are stated, else what is left of those randomised."""
    word = "randomised" if needed.raised else "evaluable"
    if needed.per_arm is not None:
        at, stated = _stated(entry, f"{word}_per_arm", "randomised_per_arm", needed)
        if stated is not None:
            return at, stated, needed.per_arm, f"{word} per arm", stated * 2
    entered = "randomised_total" if entry["randomised_total"] else "enrolled_max"
    at, stated = _stated(entry, f"{word}_total", entered, needed)
    arms = _groups(trial, entry)
    if stated is None or needed.total is None:
        return at, None, None, "", None
    if arms > 2 and needed.per_arm is not None and "crossover" not in needed.method:  # noqa: PLR2004 - more than two arms share the total
        return at, stated, needed.per_arm * arms, f"{word} in all", stated * 2 // arms
    return at, stated, needed.total, f"{word} in all", stated


def _groups(trial: Trial, entry: Node) -> int:
    """Count what shares the total: the arms, or the levels of a factor, whose comparison takes in everybody."""
    if trial.at("/design/model").text != "factorial":
        return 2 if arms_change(trial.root) else len(assigned_arms(trial.root))
    objective = trial.root["objectives"].find(entry["objective"].text)
    named = {estimand["treatment"]["factor"].text for estimand in objective["estimands"]} - {""}
    factors = [each for each in trial.at("/design/factorial/factors") if each["id"].text in named]
    return max((len([*each["levels"]]) for each in factors), default=2)


def _stated(entry: Node, key: str, randomised: str, needed: Needed) -> tuple[Node, int | None]:
    if (stated := number(entry[key])) is not None:
        return entry[key], stated
    given = number(entry[randomised])
    if given is None or needed.raised:
        return entry[randomised], given
    outside = 0 if randomised.endswith("_per_arm") else of_outside(entry)
    return entry[randomised], floor(given * (1 - _share(entry["missing"])) + _SLACK) + outside


def _inflated(entry: Node) -> Iterator[Found]:
    """Find randomised numbers below evaluable / (1 - missing)."""
    share, outside = _share(entry["missing"]), of_outside(entry)
    steps = (
        ("evaluable_per_arm", "inflated_per_arm"), ("evaluable_per_arm", "randomised_per_arm"),
        ("evaluable_total", "randomised_total"), ("evaluable_total", "enrolled_max"),
    )  # fmt: skip
    for before, after in steps:
        low, high = number(entry[before]), number(entry[after])
        if low is None or high is None:
            continue
        low -= outside if before == "evaluable_total" else 0
        wanted = ceil(low / (1 - share) - _SLACK)
        if high < wanted:
            told = f"({low + outside} - {outside})" if outside else f"{low}"
            told = f"{told} / (1 - {share:g})" if share else f"{before} {told}"
            message = f"{after}: stated {high}, {told} is {wanted}"
            yield Found(entry[after], message, f"state at least {wanted}", ((entry[before], "stated here"),))
            return


def _beyond_missing(entry: Node) -> Iterator[Found]:
    """Find a number far above evaluable / (1 - missing), where nothing says what else it allows for."""
    share, low, high = _share(entry["missing"]), number(entry["evaluable_per_arm"]), number(entry["inflated_per_arm"])
    wanted = ceil((low or 0) / (1 - share) - _SLACK)
    if low is not None and high is not None and high > wanted * (1 + _ROUNDED_UP) and not _explained(entry, high):
        message = f"inflated_per_arm: stated {high}, and {low} / (1 - {share:g}) is {wanted}"
        hint = "correct it, or say under rationale what else it allows for"
        related = ((entry["evaluable_per_arm"], "stated here"),)
        yield Found(entry["inflated_per_arm"], message, hint, related, severity=Severity.WARNING)


def _explained(entry: Node, stated: int) -> bool:
    """Say whether the words beside a sample size name a number, or speak of what else is allowed for."""
    told = f"{entry['rationale'].text} {entry['approximation'].text}"
    return str(stated) in told.replace(",", "") or bool(_ALLOWS.search(told))


def _small_arm(trial: Trial, entry: Node) -> Iterator[Found]:
    """Find an arm that is set against a fixed value and has fewer participants than evaluable / (1 - missing)."""
    evaluable = number(entry["evaluable_total"])
    if evaluable is None or not of_one_group(entry["method"].text) or any(_inflated(entry)):
        return
    ends = {each["id"].text for each in sized_by(entry)}
    estimands = trial.root["objectives"].find(entry["objective"].text)["estimands"]
    groups = {tuple(node.text for node in each["treatment"]["arms"]) for each in estimands if variables_of(each) & ends}
    arms = next(iter(groups), ())
    if not len(groups) == len(arms) == 1:
        return
    most = number(entry["randomised_per_arm"]) or number(trial.root["arms"].find(arms[0])["participants"])
    wanted = ceil(evaluable / (1 - _share(entry["missing"])) - _SLACK)
    if most is not None and most < wanted:
        at = entry["randomised_per_arm"] or entry["evaluable_total"]
        message = f"{evaluable} / (1 - {_share(entry['missing']):g}) is {wanted}, and arm {arms[0]} has {most}"
        yield Found(at, message, f"plan at least {wanted}, or state how many are evaluable")


def _share(node: Node) -> float:
    found = quantity(node)
    share = float(found.value) / 100 if found is not None and found.unit.code == "%" else 0.0
    return share if 0 <= share < 1 else 0.0


RULES: tuple[Rule, ...] = (enough,)
