"""Rules on the error of the first kind: ways to succeed, and the levels that are spent on them."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, below, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.rerandomised import first_arms
from protocolkit.rules.statistics_analyses import objective_of
from protocolkit.rules.statistics_bonferroni import above_its_part
from protocolkit.rules.statistics_interim import spends
from protocolkit.rules.statistics_sizes import sized_by
from protocolkit.rules.statistics_told import factors_apart, told_otherwise
from protocolkit.words import listed

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_EARLY = frozenset({"Early Phase 1", "Phase 1"})
_BENEFIT = frozenset({"", "benefit"})
_APART = frozenset({"independent", "by_authority"})  # tested alone, each for a question or a reader of its own
_TWO_ARMS = 2
_RECYCLED = Pattern(
    r"hierarch|fixed[- ]sequence|sequential|in (?:this |the |fixed |a fixed )?order|gate|closed|holm|hochberg|hommel"
    r"|graphic|step-?down|step-?up|co-?primary|both must|all must|dunnett"
)
# A level that is parted may pass on what a success leaves, but the parts are those of one whole.
_PARTED = Pattern(r"graphic|\bsplit\b|\bparted\b|is given to|are given to|shared? (?:of|between|among)|weights?\b")
_ONE = Pattern(
    r"\b(?:one|single|only) (?:primary |confirmatory |main )?(?:endpoint|outcome|comparison|hypothesis|test)\b"
)
_TWO_ONE_SIDED = Pattern(r"^(?:tost|equiv)_", exact=True)
_LEVELS = Pattern(r"\b(0\.0[0-9]{1,5})\b", exact=True)
_PERCENT = Pattern(r"\b([0-9](?:\.[0-9]{1,3})?) ?%", exact=True)
_GENERAL = Pattern(
    r"\b(?P<sides>one|two)[- ]sided\b(?:(?! (?:one|two)[- ]sided)[^.;]){0,30}? "
    r"(?P<level>[0-9]+(?:\.[0-9]+)?) ?(?P<percent>%)?"
)
_LEVEL = 0.05
_CONFIDENCE = 0.5  # a share above it is how sure an interval is, no level of a test
_SLACK = 1e-9


@rule(
    "STAT06", Severity.WARNING,
    reads=(*below("/objectives/*", "endpoints", "kind", "level"), "/arms/*/id", "/statistics/interim",
           "/statistics/multiplicity", "/statistics/testing_order",
           "/statistics/testing_graph", "/design/framework",
           "/design/model", "/design/randomisations"),
    tags_off=("pilot",), severity_by_tag={"dose-escalation": Severity.INFO},
)  # fmt: skip
def multiplicity(trial: Trial) -> Iterator[Found]:
    """Where a trial can succeed in more than one way, it says how the error rate is kept.

    Why: with three chances at 5 % each, a treatment without effect succeeds in one trial of seven. Co-primary endpoints
    that must all succeed are one way and need no split.

    Applies: primary endpoints that can each succeed, more than two randomised arms, or an interim look that can stop
    for efficacy; or tests in an order, though no method is said to be needed. In phase 1, and where every objective is
    exploratory, it is information.

    Basis:
        ICH M11 Step 4, 10.10 (H)
        ICH E9, 2.2.5 and 5.6 (L)
        EMA/CHMP/44762/2017 (draft), control of the type I error over several comparisons (M)

    Fails::

        design: {model: parallel, framework: {kind: superiority}, randomisations: [{id: R1}]}
        arms: [{id: HI, type: experimental}, {id: LO, type: experimental}, {id: PBO, type: placebo_comparator}]
        objectives: [{id: O1, level: primary, endpoints: [{id: E1}]}]

    Passes::

        design: {model: parallel, framework: {kind: superiority}, randomisations: [{id: R1}]}
        arms: [{id: HI, type: experimental}, {id: LO, type: experimental}, {id: PBO, type: placebo_comparator}]
        objectives: [{id: O1, level: primary, endpoints: [{id: E1}]}]
        statistics: {multiplicity: 'hierarchical: HI against PBO, then LO against PBO, each at 0.05'}
    """
    ways, order = [*_ways(trial)], [*trial.at("/statistics/testing_order")]
    none = trial.at("/statistics/multiplicity/none_reason")
    if none and (len(order) > 1 or (ways and _ONE.search(none.text))):
        told = f"there is more than one way to succeed ({listed(ways)})" if ways else "testing_order has several tests"
        message = f"multiplicity needs no method ({none.text[:80]}), and {told}"
        yield Found(none, message, "state the method, or correct the reason", severity=_weight(trial))
        return
    if not ways or trial.at("/design/framework/kind").text == "exploratory":
        raise NotApplicable("there is one way to succeed")
    if any(trial.at(f"/statistics/{key}") for key in ("multiplicity", "testing_order", "testing_graph")):
        return
    message = f"there is more than one way to succeed ({listed(ways)}), and no method for multiplicity"
    hint = "state statistics.multiplicity: the method, or why none is needed"
    yield Found(trial.at("/statistics/multiplicity"), message, hint, severity=_weight(trial))


def _weight(trial: Trial) -> Severity | None:
    levels = {each["level"].text for each in trial.root["objectives"]}
    early = trial.at("/trial/phase").text in _EARLY or levels <= {"exploratory"}
    return Severity.INFO if early else None


def _ways(trial: Trial) -> Iterator[str]:
    """Yield in words what gives a trial more than one way to succeed."""
    benefit = [each for each in trial.primary if objective_of(each)["kind"].text in _BENEFIT]
    ends = [each for each in benefit if each["co_primary"].text not in _APART]
    alone = [each["id"].text for each in ends if each["co_primary"].text != "co_primary"]
    joint = 1 if len(alone) < len(ends) else 0
    if len(alone) + joint > 1:
        yield f"primary endpoints {listed(alone[:6])}"
    arms = _most_arms(trial)
    randomised = bool(trial.at("/design/randomisations"))
    if ends and randomised and len(arms) > _TWO_ARMS:
        yield f"{len(arms)} arms"
    for look in trial.at("/statistics/interim"):
        if _stops_for_efficacy(look):
            yield f"a stop for efficacy at {look['id'].text}"


def _most_arms(trial: Trial) -> list[Node]:
    """Return the arms that are entered first or those that are entered later, whichever are more."""
    typed = [arm for arm in trial.root["arms"] if arm["type"].text]
    first = {arm["id"].text for arm in first_arms(trial.root)}
    groups = [[arm for arm in typed if (arm["id"].text in first) is at_first] for at_first in (True, False)]
    return max(groups, key=len)


def _stops_for_efficacy(look: Node) -> bool:
    stop = look["efficacy_stop"]
    if stop.value is False or stop.text.casefold().startswith("no"):
        return False
    return bool(stop) and not spends(look)


@rule(
    "STAT20", Severity.WARNING,
    reads=("/statistics/sample_size", "/statistics/multiplicity", "/statistics/testing_order",
           "/statistics/testing_graph", "/statistics/general",
           *below("/objectives/*", "level", "kind", "endpoints")),
    tags_off=("pilot", "dose-escalation"),
)  # fmt: skip
def levels(trial: Trial) -> Iterator[Found]:
    """The levels of tests that can each succeed add up to no more than the level of the trial.

    Why: two primary objectives tested at 5 % each give a trial almost a tenth; a one-sided level of 5 % is a two-sided
    one of 10 %. The level is taken as 5 % two-sided or 2.5 % one-sided, half of it in each direction.

    Applies: primary objectives of benefit are sized with a level. A graph of tests has a rule of its own. Methods that
    pass a level on (hierarchical, Holm, gatekeeping), and co-primary endpoints and equivalence, where all tests must
    succeed, are left out, unless the plan parts the level among hypotheses first, and so are objectives of cohorts that
    share no participants, and the factors of a factorial trial that are said to be independent. An endpoint that is
    sized at another level than the words give it by its id is told. A single test above the
    level is told in confirmatory trials, and so is one of several at a level that the plan for multiplicity does not
    name, or a single one at another level than the general statement on tests, unless that is the whole of which it is
    a part. Where the words count the comparisons among which Bonferroni parts the level, one is sized at its part.

    Basis:
        ICH M11 Step 4, 10.10 (H)
        ICH E9, 5.5 (L)

    Fails::

        objectives: [{id: O1, level: primary}, {id: O2, level: primary}]
        statistics:
          sample_size:
            - {objective: O1, method: two_means_t, alpha: 0.05, sided: 2}
            - {objective: O2, method: two_means_t, alpha: 0.05, sided: 2}

    Passes::

        objectives: [{id: O1, level: primary}, {id: O2, level: primary}]
        statistics:
          sample_size:
            - {objective: O1, method: two_means_t, alpha: 0.04, sided: 2}
            - {objective: O2, method: two_means_t, alpha: 0.01, sided: 2}
    """
    spent = _spent(trial)
    if not spent:
        raise NotApplicable("no primary objective of benefit is sized with a level")
    if named := [*told_otherwise(trial)]:
        yield from named
        return
    total = sum(level for _, level in spent.values())
    plan = trial.at("/statistics/multiplicity").text
    ordered = bool(trial.at("/statistics/testing_order") or _RECYCLED.search(plan)) and not _PARTED.search(plan)
    free = ordered or bool(trial.at("/statistics/testing_graph")) or _all_must_succeed(trial, spent) or _apart(trial)
    if len(spent) > 1 and total > _LEVEL + _SLACK and not free:
        told = listed([f"{node.text} for {name}" for name, (node, _) in spent.items()])
        message = f"the levels ({told}) add up to {total:g} two-sided, above {_LEVEL:g}"
        last = [*spent.values()][-1][0]
        yield Found(last, message, "share the level, or state how it is passed on under statistics.multiplicity")
    elif unnamed := [*_otherwise_in_words(trial, spent)]:
        yield from unnamed
    elif "confirmatory" in trial.tags:
        for name, (node, level) in spent.items():
            if level > _LEVEL + _SLACK:
                message = f"{name} is tested at {node.text}, which is {level:g} two-sided"
                yield Found(node, message, "test at 0.05 two-sided or 0.025 one-sided, or justify the level")


def _apart(trial: Trial) -> bool:
    """Say whether objectives are questions of their own, of factors or of cohorts that share nobody: several trials.

    For the factors of a factorial trial this has to be stated, at the endpoints or in words.
    """
    objectives = [each for each in trial.root["objectives"] if each["level"].text == "primary"]
    kinds = {end["co_primary"].text for each in objectives for end in each["endpoints"]}
    if factors_apart(trial) or (trial.at("/design/model").text == "factorial" and kinds and kinds <= _APART):
        return True
    primary = {each["id"].text for each in objectives}
    whose = [
        frozenset(node.text for each in (entry, *sized_by(entry)) for node in each["cohorts"])
        for entry in trial.at("/statistics/sample_size")
        if entry["objective"].text in primary
    ]
    return all(whose) and all(not one & other for one, other in combinations(whose, 2))


def _otherwise_in_words(trial: Trial, spent: dict[str, tuple[Node, float]]) -> Iterator[Found]:
    """Find a level that the words do not name: of several, those of the plan; of one, those on tests in general."""
    general = trial.at("/statistics/general")
    if len(spent) > 1:
        yield from _unnamed(trial.at("/statistics/multiplicity"), spent)
        return
    if above := [*above_its_part([trial.at("/statistics/multiplicity"), general], *next(iter(spent.values())))]:
        yield from above
        return
    found = [(match[0], _two_sided(match)) for match in _GENERAL.finditer(general.text)]
    said = [(words, level) for words, level in found if level < _CONFIDENCE]
    node, level = next(iter(spent.values()))
    if any(abs(each - whole) <= _SLACK for _, each in said for whole in _wholes(trial)):
        return
    if said and 0 < level <= _LEVEL + _SLACK and not any(abs(each - level) <= _SLACK for _, each in said):
        message = f'"{said[0][0]}" is said of tests in general, and the trial is sized at {level:g} two-sided'
        yield Found(general, message, "tell one level", ((node, "the sample size"),))


def _wholes(trial: Trial) -> Iterator[float]:
    """Yield the two-sided levels of which those of hypotheses are parts: of the graph of tests, of all sizes added."""
    stated = trial.at("/statistics/testing_graph")
    parts = [_level(stated)] if stated["alpha"] else []
    sizes = {each["objective"].text: _level(each) for each in trial.at("/statistics/sample_size") if each["alpha"]}
    if len(sizes) > 1:
        parts.append(sum(sizes.values()))
    yield from parts


def _level(node: Node) -> float:
    alpha = node["alpha"].value
    if isinstance(alpha, bool) or not isinstance(alpha, int | float):
        return 0.0
    return float(alpha) * (2 if node["sided"].value == 1 else 1)


def _two_sided(match: re.Match[str]) -> float:
    return float(match["level"]) / (100 if match["percent"] else 1) * (2 if match["sides"].casefold() == "one" else 1)


def _unnamed(plan: Node, spent: dict[str, tuple[Node, float]]) -> Iterator[Found]:
    """Find a level that is none of those that the plan names: one-sided or two-sided, as a number or in percent."""
    said = {float(number) for number in _LEVELS.findall(plan.text)}
    said |= {float(number) / 100 for number in _PERCENT.findall(plan.text)}
    for name, (node, level) in spent.items():
        if len(said) > 1 and not any(abs(each - one) < _SLACK for each in said for one in (level, level / 2)):
            shown = listed([f"{each:g}" for each in sorted(said)])
            message = f"{name} is sized at {node.text}, and the plan for multiplicity names {shown}"
            yield Found(node, message, "tell one level", ((plan, "the plan"),))


def _all_must_succeed(trial: Trial, objectives: Iterable[str]) -> bool:
    """Say whether a trial succeeds only where all of some objectives do, so that each may have the whole level."""
    ends = [each for name in objectives for each in trial.root["objectives"].find(name)["endpoints"]]
    return bool(ends) and all(each["co_primary"].text == "co_primary" for each in ends)


def _spent(trial: Trial) -> dict[str, tuple[Node, float]]:
    """Return for each primary objective of benefit that is sized its highest level, as that of a two-sided test."""
    found: dict[str, tuple[Node, float]] = {}
    for entry in trial.at("/statistics/sample_size"):
        name, alpha, sided = entry["objective"].text, entry["alpha"].value, entry["sided"].value
        objective = trial.root["objectives"].find(name)
        if objective["level"].text != "primary" or objective["kind"].text not in _BENEFIT:
            continue
        if not isinstance(alpha, int | float) or isinstance(alpha, bool) or _TWO_ONE_SIDED.match(entry["method"].text):
            continue
        level = alpha * 2 if sided == 1 else float(alpha)
        if name not in found or level > found[name][1]:
            found[name] = entry["alpha"], level
    return found


RULES: tuple[Rule, ...] = (multiplicity, levels)
