"""Numbers of participants that are told in several places: arms, ratio, sequences, cohorts, sample size, the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.followup_compared import arms_of
from protocolkit.rules.model import Found
from protocolkit.rules.rerandomised import arms_change, assigned_arms, first_arms
from protocolkit.rules.statistics_sizes import cohorts_of, of_outside, sized_by
from protocolkit.rules.trial import named
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

BEYOND = 1.1  # times a number that is computed, above which a stated one rests on something else
_NEARLY_ALL = 0.7  # of the participants: cohorts of fewer are some parts of the trial, such as substudies


def told_elsewhere(trial: Trial, entries: Sequence[Node]) -> Iterator[Found]:
    """Find numbers that contradict each other."""
    of_all = [entry for entry in _primary(trial, entries) if not cohorts_of(trial, entry)]
    yield from [*_arms_and_size(trial, of_all)] or unlike_ratio(trial)
    yield from _cohorts_and_size(trial, entries)
    yield from _substudies(trial, entries)
    yield from _at_most(trial, entries)
    yield from _from_others(trial)
    yield from _sequences(trial, entries)
    yield from _whole_trial(trial)


def _primary(trial: Trial, entries: Sequence[Node]) -> list[Node]:
    """Return the computations for primary objectives; all where none is known to be for one."""
    objectives = trial.root["objectives"]
    chosen = [each for each in entries if objectives.find(each["objective"].text)["level"].text == "primary"]
    return chosen or [*entries]


def number(node: Node) -> int | None:
    """Return the number of participants at a node; None for anything else."""
    value = node.value
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**12 else None


def numbered_arms(trial: Trial) -> list[tuple[Node, int]]:
    """Return the arms with their participants; none where an arm states no number.

    Arms that are entered from others hold people who are counted already, and are left out.
    """
    return _numbered(first_arms(trial.root))


def _numbered(arms: list[Node]) -> list[tuple[Node, int]]:
    known = [(arm, planned) for arm in arms if (planned := number(arm["participants"])) is not None]
    return known if len(known) == len(arms) else []


def _cohorts_and_size(trial: Trial, entries: Sequence[Node]) -> Iterator[Found]:
    """Find a computation for some cohorts that needs more participants than these have."""
    for entry in entries:
        own = cohorts_of(trial, entry)
        planned = [number(cohort["participants"]) for cohort in own]
        stated, each = number(entry["randomised_total"]), number(entry["randomised_per_arm"])
        arms = {node.text for cohort in own for node in cohort["arms"]}
        wanted = stated or (each and each * (len(arms) or len(assigned_arms(trial.root))))
        known = [one for one in planned if one is not None]
        if wanted and known and len(known) == len(planned) and wanted > sum(known):
            at = entry["randomised_total"] if stated else entry["randomised_per_arm"]
            message = f"randomised: {wanted} are needed, and {listed([named(one) for one in own])} "
            message += f"{'has' if len(own) == 1 else 'have'} {sum(known)}"
            yield Found(at, message, "tell one number", ((own[0]["participants"], "planned here"),))


def _substudies(trial: Trial, entries: Sequence[Node]) -> Iterator[Found]:
    """Find a substudy with fewer participants than the sample size of its endpoints needs."""
    for substudy in trial.at("/design/substudies"):
        own, planned = {node.text for node in substudy["endpoints"]}, number(substudy["participants"])
        for entry in entries:
            ends = {each["id"].text for each in sized_by(entry)}
            needed = number(entry["randomised_total"]) or number(entry["evaluable_total"])
            if planned is not None and needed is not None and ends and ends <= own and planned < needed:
                message = (
                    f"{named(substudy)} has {planned} participants, the sample size of {listed(sorted(ends))} {needed}"
                )
                related = ((entry["randomised_total"] or entry["evaluable_total"], "the sample size"),)
                yield Found(substudy["participants"], message, "tell one number", related)


def _at_most(trial: Trial, entries: Sequence[Node]) -> Iterator[Found]:
    """Find a highest number enrolled that is below the participants of its cohorts, or of all arms."""
    for entry in entries:
        most = None if _of_some(entry) else number(entry["enrolled_max"])
        own = cohorts_of(trial, entry) or [arm for arm, _ in numbered_arms(trial)]
        planned = [number(each["participants"]) for each in own]
        held = sum(each or 0 for each in planned)
        if most is not None and None not in planned and held > most:
            message = f"at most {most} are to be enrolled, and {listed([named(each) for each in own])} "
            message += f"{'has' if len(own) == 1 else 'have'} {held} participants"
            yield Found(entry["enrolled_max"], message, "tell one number", ((own[0]["participants"], "planned here"),))


def _of_some(entry: Node) -> bool:
    """Say whether a computation is for a part of the participants that is no cohort: against others, or a subset."""
    return bool(of_outside(entry)) or any(each["subset"] for each in sized_by(entry))


def _arms_and_size(trial: Trial, entries: Sequence[Node]) -> Iterator[Found]:
    """The largest computation decides: arms hold its number per arm, or else their sum is its total.

    Where arms change on the way, or are shared by several randomisations, a comparison takes in a part of them: all
    that must hold is that they are enough. Arms that no randomisation assigns are beside the number.
    """
    arms = _numbered(assigned_arms(trial.root))
    if not arms or trial.root["design"]["model"].text == "crossover":
        return
    changing = arms_change(trial.root)
    even = all(_equal(each["ratio"].text) for each in trial.at("/design/randomisations")) and not changing
    if even and len(arms) > 1 and trial.at("/design/model").text != "factorial":  # whose margins hold several arms
        found = [*_per_arm(arms, entries)]
        yield from found
        if found:
            return
    yield from _in_all(trial, arms, entries, changing=changing)


def _in_all(trial: Trial, arms: list[tuple[Node, int]], entries: Sequence[Node], *, changing: bool) -> Iterator[Found]:
    sums = [(entry, each) for entry in entries if (each := number(entry["randomised_total"]))]
    entry, most = max(sums, key=lambda row: row[1], default=(None, 0))
    total, with_others = (sum(planned for _, planned in each) for each in (arms, numbered_arms(trial)))
    if entry is None or most in (total, with_others, _compared(trial, entry, arms)) or (changing and most < total):
        return
    told = " + ".join(str(planned) for _, planned in arms)
    message, hint = f"randomised in all: stated {most}, the arms add up to {total} ({told})", "tell one number"
    if len(arms) < len([*trial.root["arms"]]):
        hint = "tell one number; those who enter an arm from another one count in the arm that they come from"
    yield Found(entry["randomised_total"], message, hint)


def _compared(trial: Trial, entry: Node, arms: list[tuple[Node, int]]) -> int:
    """Return how many there are in the arms that a sample size is to compare."""
    names = {name for endpoint in sized_by(entry) for name in arms_of(trial, endpoint)}
    return sum(planned for arm, planned in arms if arm["id"].text in names)


def _per_arm(arms: list[tuple[Node, int]], entries: Sequence[Node]) -> Iterator[Found]:
    """Tell the number that stands alone: that of the sample size where all arms agree, else that of some arms."""
    sizes = [(entry["randomised_per_arm"], each) for entry in entries if (each := number(entry["randomised_per_arm"]))]
    at, wanted = max(sizes, key=lambda row: row[1], default=(None, 0))
    others = [(arm, planned) for arm, planned in arms if planned != wanted]
    if at is None or not others:
        return
    if len({planned for _, planned in arms}) == 1:
        message = f"randomised per arm: the sample size says {wanted}, the arms have {arms[0][1]} each"
        yield Found(at, message, "tell one number", tuple((arm["participants"], "planned here") for arm, _ in arms))
        return
    (first, _), *more = others
    has = listed([f"{arm['id'].text} has {each}" for arm, each in others])
    message = f"arm {has} participants, the sample size {wanted} per arm"
    related = ((at, "the sample size"), *((arm["participants"], "this arm too") for arm, _ in more))
    yield Found(first["participants"], message, "tell one number", related)


def _equal(ratio: str) -> bool:
    return len({*ratio.split(":")}) <= 1


def unlike_ratio(trial: Trial) -> Iterator[Found]:
    """Find numbers of arms that are not in the ratio of their randomisation, where each has one from start to end."""
    if arms_change(trial.root):
        return
    for randomisation in trial.at("/design/randomisations"):
        parts = [int(part) for part in randomisation["ratio"].text.split(":") if part.isdecimal()]
        chosen = {node.text for node in randomisation["arms"]}
        among = [arm for arm in trial.root["arms"] if arm["id"].text in chosen]
        if _stays(trial, among):
            continue
        arms = _numbered(among) if chosen else numbered_arms(trial)
        if not sum(parts) or len(parts) != len(arms) or randomisation["restriction"].text == "adaptive":
            continue
        if randomisation["to"].text not in ("", "arms"):
            continue
        whole = sum(planned for _, planned in arms)
        wanted = [whole * part / sum(parts) for part in parts]
        if any(abs(planned - share) >= 1 for (_, planned), share in zip(arms, wanted, strict=True)):
            told = listed([f"{planned} in {arm['id'].text}" for arm, planned in arms])
            message = f"the ratio {randomisation['ratio'].text} does not fit {told}"
            related = tuple((arm["participants"], "planned here") for arm, _ in arms)
            yield Found(randomisation["ratio"], message, "tell numbers in the ratio, arms in its order", related)


def _stays(trial: Trial, arms: list[Node]) -> bool:
    """Say whether a randomisation lets some stay in their arm, whose number tells nothing of how many they are."""
    first = {arm["id"].text for arm in first_arms(trial.root)}
    return len({arm["id"].text in first for arm in arms}) > 1


def _from_others(trial: Trial) -> Iterator[Found]:
    """Find an arm that more participants enter than there are in the arms they come from."""
    arms = trial.root["arms"]
    for arm in arms:
        sources = [arms.find(node.text) for node in arm["enters_from"]]
        held = [number(source["participants"]) for source in sources]
        planned, known = number(arm["participants"]), [each for each in held if each is not None]
        if planned is None or not known or len(known) != len(held) or planned <= sum(known):
            continue
        told = listed([f"{each} in {source['id'].text}" for each, source in zip(known, sources, strict=True)])
        message = f"{planned} participants enter {arm['id'].text} from other arms, which have {told}"
        hint = "count those who go on to another arm in the arm that they come from as well"
        yield Found(arm["participants"], message, hint, tuple((source["participants"], "here") for source in sources))


def _sequences(trial: Trial, entries: Sequence[Node]) -> Iterator[Found]:
    sequences = [(each, number(each["n"])) for each in trial.at("/design/sequences")]
    known = [(each, n) for each, n in sequences if n is not None]
    if not known or len(known) != len(sequences):
        return
    total = sum(n for _, n in known)
    for entry in entries:
        per_sequence, stated = number(entry["per_sequence"]), number(entry["randomised_total"])
        for each, n in known if per_sequence else ():
            if n != per_sequence:
                message = (
                    f"sequence {each['id'].text} has {n} participants, the sample size {per_sequence} per sequence"
                )
                yield Found(each["n"], message, "tell one number", ((entry["per_sequence"], "stated here"),))
        if stated is not None and stated != total and all(n == per_sequence for _, n in known):
            message = f"randomised in all: stated {stated}, the sequences add up to {total}"
            yield Found(entry["randomised_total"], message, "tell one number")


def _whole_trial(trial: Trial) -> Iterator[Found]:
    """Those enrolled are at least those in the arms and those who complete; cohorts that are all told add up.

    Those who belong to other participants, such as infants of mothers, are counted beside the arms.
    """
    planned = trial.at("/population/participants")
    enrolled, completed = number(planned["enrolled"]), number(planned["completed"])
    total = sum(each for _, each in numbered_arms(trial))
    if trial.root["design"]["model"].text == "crossover":
        total = 0
    if enrolled is not None and enrolled < total:
        message = f"{enrolled} participants are to be enrolled, and the arms add up to {total}"
        yield Found(planned["enrolled"], message, "tell one number, or how those enrolled are more than the arms hold")
    most = enrolled or total
    if completed is not None and most and completed > most:
        message = f"{completed} participants are to complete the trial, more than the {most} that enter"
        yield Found(planned["completed"], message, "tell how many complete")
    yield from _cohorts(trial, total, enrolled)


def _cohorts(trial: Trial, total: int, enrolled: int | None) -> Iterator[Found]:
    """Find cohorts that add up to more than the arms, or to a little less; some may be small parts of the trial."""
    cohorts = [number(each["participants"]) for each in trial.assigned_cohorts]
    held = [each for each in cohorts if each is not None]
    summed = sum(held)
    if len(held) < 2 or len(held) < len(cohorts) or not total or summed == enrolled:  # noqa: PLR2004 - two are several
        return
    less = _NEARLY_ALL * total <= summed < total
    if less or (summed > total and not enrolled):
        message = f"the cohorts add up to {summed} participants, the arms to {total}"
        weight = Severity.WARNING if less else None
        yield Found(trial.at("/population/cohorts"), message, "tell numbers that agree", severity=weight)
