"""Rule on the levels of looks: what earlier tests spend is missing at the last one, p and z of a bound are one."""

from __future__ import annotations

from math import e, log, sqrt
from typing import TYPE_CHECKING

from protocolkit.findings import Severity
from protocolkit.rules.model import Found, NotApplicable, Rule, rule
from protocolkit.rules.patterns import Pattern
from protocolkit.rules.statistics_interim import WHOLE, look_of, reached_at, share, tested_by, tests_of
from protocolkit.rules.statistics_spending import KINDS, P, Z, levels_of
from protocolkit.values import NamedTuple
from protocolkit.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocolkit.document import Node
    from protocolkit.rules.trial import Trial

_LAN_DEMETS = Pattern(r"\blan\b|demets|spending|[- ]type\b")
_UNADJUSTED = Pattern(r"haybittle|peto\b")  # by custom the last test keeps the whole level
_TWO = Pattern(r"two[- ]sided|2-sided|two[- ]tailed")
_ONE = Pattern(r"one[- ]sided|1-sided|one[- ]tailed")
_SIDE_BY_SIDE = 25  # characters
_ANOTHER = Pattern(r";|\bfinal|\bthen\b|\bat\b|\blook|\bIA|\bfutil|\binterim")
_BETA = Pattern(r"\bbeta\b")
_FUTILITY = Pattern(r"futil|safety")
_EFFICACY = Pattern(r"efficac|superior|final|overwhelm")
_CLAUSE = Pattern(r";|\.(?= |$)|, (?:and|but|or) ", exact=True)
_FOR_EFFICACY = Pattern(r"\befficac|\bsuperior|\bsuccess|\breject")
_OTHERWISE = Pattern(r"futil|\bharm|safety|\bfinal|\blast\b|promising|increas|re-?estimat|\bconditional")
_OF_Z = Pattern(r"\bz\b")
_DECIMAL = Pattern(r"[0-9]\.[0-9]+", exact=True)
_RATIO = Pattern(r"\b(?:hazard|rate|risk|odds) ratio (?:is )?(above|below) ([0-9]+(?:\.[0-9]+)?)")
_FAR = 2.0  # times; the rest is rounding, and one side or two
_LEAST = 1e-4
_SLACK = 1e-9


class _Test(NamedTuple):
    """A test of one endpoint at a look: its level, the share of the information in percent, and whether it is last."""

    at: Node
    look: str
    alpha: float
    share: float | None
    words: str
    is_last: bool


@rule(
    "STAT34", Severity.WARNING,
    reads=("/statistics/interim", "/statistics/sample_size", "/statistics/testing_graph", "/design/event_driven",
           "/objectives/*/endpoints", "/design/adaptive/decision_rules", "/design/adaptive/rules",
           "/oversight/committees/dmc/boundary"),
    tags_off=("pilot",),
)  # fmt: skip
def levels(trial: Trial) -> Iterator[Found]:
    """What earlier looks spend of a level is missing at the last test, and p and z of one bound are the same.

    Why: a last test at the whole level, after looks that could have stopped the trial, gives more error than claimed.

    Applies: tests of looks state their levels, and the endpoint is sized at one level; or a bound is stated as p and as
    z. A level is held against the one-sided and the two-sided reading. Of a spending function after Lan and DeMets the
    first look is compared, and what is within a factor of two of it passes. Where the bounds are those of Haybittle and
    Peto, the last test may keep the whole level. A z for efficacy in the rules of decision is one of the bounds,
    and so is a ratio at which the monitoring committee is to stop.

    Basis:
        ICH M11 Step 4, 10.9 (H)
        ICH E9, 4.5 (M)
        Lan and DeMets 1983 (Biometrika 70:659), spending functions (M)

    Fails::

        statistics:
          sample_size: [{objective: O1, alpha: 0.025, sided: 1}]
          interim:
            - {id: IA1, tests: [{endpoint: E1, information: 50 %, alpha: 0.0015}]}
            - {id: FA, tests: [{endpoint: E1, final: true, information: 100 %, alpha: 0.025}]}

    Passes::

        statistics:
          sample_size: [{objective: O1, alpha: 0.025, sided: 1}]
          interim:
            - {id: IA1, tests: [{endpoint: E1, information: 50 %, alpha: 0.0015}]}
            - {id: FA, tests: [{endpoint: E1, final: true, information: 100 %, alpha: 0.0245}]}
    """
    rows = [(name, _tests(trial, name), levels_of(trial, name)) for name in _names(trial)]
    stated = [(name, tests, known[0]) for name, tests, known in rows if len(known) == 1 and any(t.alpha for t in tests)]
    doubled = [(look, node) for look in trial.at("/statistics/interim") for node in _bounds(look) if _both(node)]
    retold, of_committee = [*_retold(trial)], [*_of_committee(trial)]
    if not stated and not doubled and not retold and not of_committee:
        raise NotApplicable("no test of a look states a level, and no bound is told twice")
    for name, tests, level in stated:
        yield from _above(name, tests, level)
        yield from _whole(name, tests, level)
        yield from _unlike_function(name, tests, level)
    for look, node in doubled:
        yield from _two_bounds(look, node)
    yield from of_committee
    for node, told in retold:
        yield from _no_bound(trial, node, told)


def _names(trial: Trial) -> list[str]:
    """Return the ids of the endpoints that tests of looks name, but those of a graph, which has its own rule."""
    graph = {each["endpoint"].text for each in trial.at("/statistics/testing_graph/hypotheses")}
    named = dict.fromkeys(name for test in trial.each("/statistics/interim/*/tests/*") for name in tested_by(test))
    return [name for name in named if name not in graph]


def _tests(trial: Trial, endpoint: str) -> list[_Test]:
    found = []
    for look in trial.at("/statistics/interim"):
        if _FUTILITY.search(look["purpose"].text) and not _EFFICACY.search(look["purpose"].text):
            continue
        for test in tests_of(look):
            if endpoint in tested_by(test):
                alpha = test["alpha"].value
                level = float(alpha) if isinstance(alpha, int | float) and not isinstance(alpha, bool) else 0.0
                reached = reached_at(trial, test)
                words = f"{test['spending'].text} {look['spending'].text}"
                whole = share(test) if reached is None else reached
                last = test["final"].value is True
                found.append(_Test(test["alpha"], look_of(trial, test)["id"].text, level, whole, words, last))
    return found


def _above(name: str, tests: list[_Test], level: tuple[float, int]) -> Iterator[Found]:
    """Find a test at more than the level, whichever sides are meant."""
    alpha, sided = level
    most = alpha * (2 if sided == 1 else 1)
    for test in tests:
        if test.alpha > most + _SLACK:
            message = f"{test.look} tests {name} at {test.alpha:g}, and it is sized at {alpha:g}, {_sides(sided)}"
            yield Found(test.at, message, "test at no more than the level")


def _whole(name: str, tests: list[_Test], level: tuple[float, int]) -> Iterator[Found]:
    """Find a last test at the whole level, though tests before it spend some."""
    alpha, sided = level
    last = next((test for test in tests if test.is_last), None)
    spending = [(test, test.alpha or _given(test, level)) for test in tests if not test.is_last]
    before = [(test, spent) for test, spent in spending if spent >= _LEAST - _SLACK]
    wholes = {alpha, alpha * 2} if sided == 1 else {alpha}
    if last is None or not before or any(_UNADJUSTED.search(test.words) for test in tests):
        return
    if any(abs(last.alpha - whole) <= _SLACK for whole in wholes):
        first, spent = before[0]
        message = f"{last.look} tests {name} at {last.alpha:g}, the whole level, and {first.look} spends {spent:.2g}"
        hint = "test at what the spending leaves, or state that the bounds are those of Haybittle and Peto"
        yield Found(last.at, message, hint, ((first.at, "spent here"),) if first.at else ())


def _unlike_function(name: str, tests: list[_Test], level: tuple[float, int]) -> Iterator[Found]:
    """Find a first look at a level that its spending function does not give."""
    first, sided = tests[0], level[1]
    one = _given(first, level)
    if one and first.alpha > _LEAST and not one / _FAR <= first.alpha <= 2 * one * _FAR:
        shown = f"{one:.2g} one-sided" if sided == 1 else f"{2 * one:.2g} two-sided"
        message = f"{first.look} tests {name} at {first.alpha:g}, and its spending function gives {shown}"
        yield Found(first.at, f"{message} at {first.share:g} % of the information", "state what the function gives")


def _given(test: _Test, level: tuple[float, int]) -> float:
    """Return what a spending function after Lan and DeMets gives a first look, one-sided; 0 where none is named."""
    alpha, sided = level
    kind = next((kind for kind, words in KINDS if words.search(test.words)), "")
    part = (test.share or 0) / WHOLE
    if not kind or not _LAN_DEMETS.search(test.words) or _BETA.search(test.words) or not 0 < part < 1:
        return 0.0
    return _spent(kind, alpha if sided == 1 else alpha / 2, part)


def _spent(kind: str, alpha: float, part: float) -> float:
    """Return what the function of Lan and DeMets has spent of a one-sided level at a share of the information."""
    if kind == "pocock":
        return alpha * log(1 + (e - 1) * part)
    from statistics import NormalDist  # noqa: PLC0415 - where a function is named

    return 2 * NormalDist().cdf(-NormalDist().inv_cdf(1 - alpha / 2) / sqrt(part))


def _bounds(look: Node) -> Iterator[Node]:
    yield from look["bounds"]
    for test in look["tests"]:
        yield from test["bounds"]


def _both(node: Node) -> bool:
    """Say whether a bound is told once as p and once as z, side by side."""
    places = sorted([*P.finditer(node.text), *Z.finditer(node.text)], key=lambda match: match.start())
    if len(places) != 2 or len(P.findall(node.text)) != 1:  # noqa: PLR2004 - one of each
        return False
    between = node.text[places[0].end() : places[1].start()]
    return len(between) <= _SIDE_BY_SIDE and not _ANOTHER.search(between)


def _two_bounds(look: Node, node: Node) -> Iterator[Found]:
    """Find a bound whose p is not that of its z, one-sided or two-sided."""
    from statistics import NormalDist  # noqa: PLC0415 - where a bound is told twice

    p, z = P.findall(node.text)[0], Z.findall(node.text)[0]
    sides = {1, 2} - ({1} if _TWO.search(node.text) else set()) - ({2} if _ONE.search(node.text) else set())
    half_p, half_z = (0.5 * 10 ** -len(number.partition(".")[2]) + 1e-12 for number in (p, z))
    for side in sides or {1, 2}:
        low, high = (side * NormalDist().cdf(-(float(z) + shift)) for shift in (half_z, -half_z))
        if low - half_p <= float(p) <= high + half_p:
            return
    told = " or ".join(f"{side * NormalDist().cdf(-float(z)):.2g} {_sides(side)}" for side in sorted(sides or {1, 2}))
    message = f"{look['id'].text}: p {p} and z {z} are told of one bound, and that z is p {told}"
    yield Found(node, message, "tell one bound")


def _retold(trial: Trial) -> Iterator[tuple[Node, str]]:
    """Yield the z for efficacy at a look that words tell, where bounds of looks are told as z."""
    looks = [*trial.at("/statistics/interim")]
    if not any(Z.search(bound.text) for look in looks for bound in _bounds(look)):
        return
    for node in (trial.at("/design/adaptive/decision_rules"), *(look["rule"] for look in looks)):
        for clause in _CLAUSE.split(node.text):
            if _FOR_EFFICACY.search(clause) and not _OTHERWISE.search(clause):
                yield from ((node, told) for told in Z.findall(clause))
    for row in trial.at("/design/adaptive/rules"):
        if row["action"].text == "stop_for_efficacy" and _OF_Z.search(row["measure"].text):
            yield from ((row["threshold"], told) for told in _DECIMAL.findall(row["threshold"].text))


def _of_committee(trial: Trial) -> Iterator[Found]:
    """Find a ratio at which the committee is to stop that is none of the bounds of looks on the same side."""
    boundary = trial.at("/oversight/committees/dmc/boundary")
    bounds = [bound for look in trial.at("/statistics/interim") for bound in _bounds(look)]
    for side in ("above", "below"):
        own = [match[2] for match in _RATIO.finditer(boundary.text) if match[1].casefold() == side]
        held = [(match[2], each) for each in bounds for match in _RATIO.finditer(each.text) if match[1] == side]
        if own and held and not any(_alike(one, known) for one in own for known, _ in held):
            message = f"the committee is to stop at a ratio {side} {listed(own)}, the bound of the look is {held[0][0]}"
            yield Found(boundary, message, "tell one bound", ((held[0][1], "the bound"),))


def _no_bound(trial: Trial, node: Node, told: str) -> Iterator[Found]:
    """Find a z in words that is none of the bounds, to the digits that both state."""
    bounds = [bound for look in trial.at("/statistics/interim") for bound in _bounds(look) if Z.search(bound.text)]
    known = [number for bound in bounds for number in Z.findall(bound.text)]
    if not any(_alike(told, number) for number in known):
        message = f"{node.path[-1]} says z {told}, and the bounds of the looks are {listed(list(dict.fromkeys(known)))}"
        yield Found(node, message, "tell one bound", ((bounds[0], "the bound"),))


def _alike(one: str, other: str) -> bool:
    digits = min(len(number.partition(".")[2]) for number in (one, other))
    return abs(float(one) - float(other)) <= 0.5 / float(10**digits) + _SLACK


def _sides(sided: int) -> str:
    return "one-sided" if sided == 1 else "two-sided"


RULES: tuple[Rule, ...] = (levels,)
